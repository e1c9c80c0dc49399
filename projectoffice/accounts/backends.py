from django.contrib.auth.backends import BaseBackend

from .models import User


def name_that_locks(request, credentials=None):
    """The typed name under which failures are counted: «Ivanov » and «ivanov» are one."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return " ".join(typed.replace("\0", "").casefold().split())[:255]


class LoginOrEmailBackend(BaseBackend):
    """Login name or e-mail with a password.

    One mailbox may serve several people, so an address is tried against each of them; when the same
    password fits two, nobody is let in, because nobody knows who it is.
    """

    MOST = 5  # a hash costs a quarter of a second

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or password is None:
            return None
        people = self.candidates(username.strip())
        if not people:
            User().set_password(password)  # the same time for an unknown name
        fitting = [person for person in people if person.check_password(password) and person.is_active]
        return fitting[0] if len(fitting) == 1 else None

    def candidates(self, name):
        with_login = User.objects.filter(username__isnull=False)
        return list(with_login.filter(username__iexact=name)) or list(
            with_login.filter(email__iexact=name).exclude(email="")[: self.MOST]
        )

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()
