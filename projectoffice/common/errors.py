"""The facts a verb may refuse with, beside Django's PermissionDenied and ValidationError."""


class TransitionNotAllowed(Exception):
    """The wrong moment: the object is in a state in which this cannot be done. The text is for the user."""


class StaleVersion(Exception):
    """Somebody saved the same thing in between.

    ``current`` is the object as it is now, so that the page can lay both texts side by side.
    """

    def __init__(self, current, message="Это только что изменили. Сравните и выберите."):
        super().__init__(message)
        self.current = current
