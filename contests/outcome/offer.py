"""A new portfolio may begin with winners: the page of the last results, where a winner becomes a project."""
from django.urls import reverse

from portfolios.beginnings import offers_projects
from projectoffice.accounts.access import may

from ..models import Result
from ..services.outcome import SEES


@offers_projects
def winners(user):
    """The last results whose winners this person may take on."""
    if not may(user, "contests.run_contests"):
        return
    last = Result.objects.visible_to(user).select_related("contest").order_by("-published_at", "-pk").first()
    if last and may(user, SEES, last.contest):
        yield "Взять победителей конкурса", reverse("contests:results", args=[last.contest_id])
