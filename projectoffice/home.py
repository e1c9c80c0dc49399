"""The only views that know every app: the start page and the public front page."""
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projectoffice.common.models import Event
from projectoffice.common.policy import PUBLIC, policy
from projectoffice.common.waiting import waiting_for
from projectoffice.documents.models import Document

SHORT = 5


@policy(PUBLIC)
@require_safe
def home(request):
    """«Мои дела» for a person, the public front page for a visitor."""
    return start_page(request) if request.user.is_authenticated else front_page(request)


def start_page(request):
    now = timezone.now()
    rows = waiting_for(request.user)
    overdue = [row for row in rows if row.is_overdue or row.is_closed]
    ahead = [row for row in rows if row not in overdue]
    papers = Document.objects.visible_to(request.user).in_force().select_related("in_force")
    papers = papers.defer("in_force__snapshot").order_by("-changed_at")
    return render(
        request,
        "home/start.html",
        {
            "lists": [("Просрочено", overdue, True), ("Впереди", ahead, False)],
            "first": next((row for row in overdue + ahead if not row.is_closed), None),
            "count": len(rows),
            "papers": papers[:SHORT],
            "events": recent_events(request.user),
            "now": timezone.localtime(now),
        },
    )


def recent_events(user):
    """What happened last, for those who see everything anyway; others find it on each object."""
    if not user.roles:
        return []
    return Event.objects.select_related("actor", "on_behalf_of").prefetch_related("target")[: 2 * SHORT]


def front_page(request):
    papers = Document.objects.published().select_related("in_force").order_by("-year", "title")
    return render(request, "home/front.html", {"papers": papers[: 4 * SHORT]})


@policy(PUBLIC)
def csrf_failure(request, reason=""):
    """A form sent after logging in elsewhere or from an old page: say what to do, not a code."""
    return render(request, "403_csrf.html", status=403)
