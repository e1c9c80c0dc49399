"""What stands between a view and its reader whatever the app."""
from django.http import HttpResponse
from django.template.loader import render_to_string

from .frames import with_room
from .views.errors import context_of, database_trouble


def room_for_calls(get_response):
    """The outermost one: all of a page is called from here."""
    return with_room(get_response)


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


class WrongMethodMiddleware:
    """A page instead of the browser's own words when somebody opens an address that only takes a form.

    The bar of the browser stays at such an address after a refusal; Enter in it is a GET.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and request.method == "GET":
            page = HttpResponse(render_to_string("405.html", context_of(request)), status=405)
            page["Allow"] = response["Allow"]
            return page
        return response
