"""The only views that know every app: the start page and the public front page."""
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from contests.models import Contest
from projectoffice.accounts.access import is_office
from projectoffice.accounts.services.people import note_start_read
from projectoffice.common import waiting
from projectoffice.common.history import feed_of
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy
from projectoffice.common.russian import term_words
from projectoffice.documents.models import Document
from projectoffice.documents.public import consented_names, shown

SHORT = 5
NAMED = 2


@policy(PUBLIC)
@require_safe
def home(request):
    """«Мои дела» for a person, the public front page for a visitor."""
    return start_page(request) if request.user.is_authenticated else front_page(request)


def start_page(request):
    """One page for all; who works in an institution finds below the list what belongs to it."""
    user = request.user
    board = waiting.board_of(user)
    overdue = [row for row in board.waiting if row.is_overdue or row.is_closed]
    ahead = [row for row in board.waiting if row not in overdue]
    to_do = [row for row in overdue + ahead if not row.is_closed]
    return render(request, "home/start.html", {
        "board": board,
        "heading": heading_of(user, len(to_do)),
        "several": len(user.institutions) > 1,
        "first_visit": bool(user.institutions) and user.start_read_at is None,
        "lists": [("Просрочено", overdue, True), ("Впереди", ahead, False)],
        "first": to_do[0] if to_do else None,
        "nothing": "" if board.waiting else empty_line(user, board.coming),
        "events": recent_events(user),
        "now": timezone.localtime(),
    })


def heading_of(user, count):
    """«Школа № 12: что нужно сделать» to who works there; the number of things to who works in the office."""
    places = [] if user.roles else [each.short_name for each in user.institutions]
    if not places:
        return f"Мои дела: {count}" if count else "Мои дела"
    return f"{' и '.join(places) if len(places) <= NAMED else 'Ваши учреждения'}: что нужно сделать"


def empty_line(user, coming):
    """What comes next when nothing is asked now; where nothing is known, how one will learn of it."""
    if coming:
        return f"Ближайший срок – {term_words(coming.due)}: {coming.what}."
    if user.is_outside:
        return "Когда офис откроет конкурс, мониторинг или сбор отчётов, они появятся здесь и придут письмом."
    return "Когда появится дело для вас, оно встанет в этот список и придёт письмом."


def recent_events(user):
    """What happened last, for the office, which sees every object it may be about; others find it on each object."""
    if not is_office(user):
        return []
    return feed_of(user)[: 2 * SHORT]


@policy(SIGNED_IN)
@require_POST
def start_read(request):
    """«Понятно» under the words of the first visit."""
    note_start_read(request.user)
    return redirect("home")


def front_page(request):
    papers = Document.objects.published().select_related("in_force").order_by("-year", "title")
    contests = list(Contest.objects.public().filter(state=Contest.State.ANNOUNCED)[:SHORT])
    names = consented_names() if contests else ()
    return render(request, "home/front.html", {
        "papers": papers[: 4 * SHORT], "contests": [(contest, shown(contest.title, names)) for contest in contests]})


@policy(PUBLIC)
def csrf_failure(request, reason=""):
    """A form sent after logging in elsewhere or from an old page: say what to do, not a code."""
    return render(request, "403_csrf.html", status=403)
