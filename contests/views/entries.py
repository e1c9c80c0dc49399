"""Lists of entries: of a contest for the office, one's own for a team."""
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import deadline
from projectoffice.common.sheets import xlsx_response

from ..contest.workflow import can
from ..entry.listing import HEADINGS, Listing, exported
from ..entry.words import badge
from ..entry.workflow import RUNS, TO_WRITE, deadline_of
from ..models import Contest, Entry
from .checking import to_check
from .entry_common import find_contest

MOST_OWN = 200


@policy(RUNS)
@require_safe
def entries(request, pk):
    """All entries of a contest, found and counted; how many wait for the technical check."""
    contest = find_contest(request, pk)
    return render(request, "contests/entries.html", {
        "contest": contest, "listing": Listing(request.GET, request.user, contest),
        "to_check": to_check(request.user, contest).count(), "may_enter": can(contest, "enter", request.user),
    })


@policy(RUNS)
@require_safe
def entries_export(request, pk):
    """Exactly what is found, with the outcomes, as an Excel file."""
    contest = find_contest(request, pk)
    listing = Listing(request.GET, request.user, contest)
    return xlsx_response(f"Заявки {timezone.localdate():%d.%m.%Y}", HEADINGS, exported(listing.every_row()))


@policy(SIGNED_IN)
@require_safe
def my_entries(request):
    """Entries of one's own institutions and those one began or wrote, newest contests first."""
    mine = Entry.objects.visible_to(request.user).of_team(request.user).select_related("contest", "nomination", "institution")
    mine = mine.prefetch_related("contest__stages").order_by("-contest__year", "-pk")[:MOST_OWN]
    rows = [{"entry": each, "badge": badge(each), "until": deadline(deadline_of(each)) if each.state in TO_WRITE else ""} for each in mine]
    contests = Contest.objects.visible_to(request.user).filter(state=Contest.State.ANNOUNCED).prefetch_related("stages")
    return render(request, "contests/my_entries.html", {
        "rows": rows, "open": [each for each in contests if can(each, "enter", request.user)],
    })
