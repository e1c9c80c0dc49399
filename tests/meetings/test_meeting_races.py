"""Two people at the same agenda at the same moment, on real connections; each race is also run without the lock."""
import pytest
from django.db import transaction

from meetings.models import AgendaItem, Meeting
from meetings.services import agenda, door
from meetings.services import meeting as verbs
from projectoffice.common.idempotency import new_key, once
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.meetings.test_meeting_services import plan_in_force, ready, rows_of
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has read the order and is about to write another."""
    return MeetingPlace(monkeypatch).before(agenda, "in_places")


def three(cast):
    meeting = MeetingFactory(state="draft")
    return meeting, [AgendaItemFactory(meeting=meeting, position=n, title=title) for n, title in ((1, "А"), (2, "Б"), (3, "В"))]


def order(meeting):
    return list(meeting.items.order_by("position", "title").values_list("title", "position"))


def test_two_who_reorder_at_once_leave_one_whole_order(cast, meet):
    meeting, (first, _, third) = three(cast)
    assert together(lambda: agenda.move_item(first, by=cast.secretary, position=3),
                    lambda: agenda.move_item(third, by=cast.office_head, position=1)) == [None, None]
    assert order(meeting) == [("В", 1), ("Б", 2), ("А", 3)]


def test_without_the_lock_the_order_breaks(cast, meet):
    meet.without_lock(door)
    meeting, (first, _, third) = three(cast)
    # The first to write holds the rows, and the second writes its whole order over them when the first is through.
    assert together(lambda: agenda.move_item(first, by=cast.secretary, position=3),
                    lambda: agenda.move_item(third, by=cast.office_head, position=1)) == [None, None]
    assert order(meeting) != [("В", 1), ("Б", 2), ("А", 3)]


def test_two_clicks_at_once_make_one_meeting(cast):
    plan = plan_in_force(cast)
    row, key = rows_of(plan)[0], new_key()

    def click():
        once(cast.secretary, "meeting_from_plan", key, lambda: verbs.meeting_from_plan([row], by=cast.secretary).get_absolute_url())

    assert together(click, click) == [None, None]
    assert Meeting.objects.count() == 1
    assert AgendaItem.objects.filter(parent=None).count() == 2


def test_two_who_announce_at_once_announce_once(cast):
    from projectoffice.common.models import OutgoingMail

    with transaction.atomic():
        meeting = ready(cast)
    found = together(*[lambda: verbs.announce_meeting(meeting, by=cast.secretary)] * 2)
    assert [type(error).__name__ for error in found if error] == ["TransitionNotAllowed"]
    assert OutgoingMail.objects.filter(key__startswith="meeting:").count() == 1
