"""The only views that know every app: the start page and the public front page."""
from django.shortcuts import render

from projectoffice.common.policy import PUBLIC, policy
from projectoffice.common.waiting import waiting_for


@policy(PUBLIC)
def home(request):
    """«Мои дела» for a person, the public front page for a visitor."""
    if not request.user.is_authenticated:
        return render(request, "home/front.html")
    return render(request, "home/start.html", {"rows": waiting_for(request.user)})


@policy(PUBLIC)
def csrf_failure(request, reason=""):
    """A form sent after logging in elsewhere or from an old page: say what to do, not a code."""
    return render(request, "403_csrf.html", status=403)
