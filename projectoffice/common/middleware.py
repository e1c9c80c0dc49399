"""What stands between a view and its reader whatever the app."""
from .views.errors import database_trouble


class DatabaseTroubleMiddleware:
    """A wait for a lock that took too long, or a database that is away, is no fault of the page: 503 and when to come again.

    What fails before the view, in a middleware, comes the same way through ``handler500``.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        return database_trouble(request, error)
