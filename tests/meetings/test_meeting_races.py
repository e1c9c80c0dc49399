"""Two people at the same agenda at the same moment, on real connections; each race is also run without the lock."""
import threading

import pytest
from django.db import connection, transaction

from meetings.models import AgendaItem, Meeting
from meetings.services import agenda, door
from meetings.services import meeting as verbs
from projectoffice.common.idempotency import new_key, once
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.meetings.test_meeting_services import plan_in_force, ready, rows_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


def together(*acts):
    """Run the acts at once, each on its own connection; returns what each raised, or None."""
    found = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place, act):
        try:
            start.wait(5)
            act()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    return found


@pytest.fixture
def meet(monkeypatch):
    """Hold each verb after it has read the order, until the other is there too (or is kept out by the lock)."""
    barrier = threading.Barrier(2)
    in_places = agenda.in_places

    def held(items):
        try:
            barrier.wait(0.7)
        except threading.BrokenBarrierError:
            barrier.reset()
        in_places(items)

    monkeypatch.setattr(agenda, "in_places", held)


def without_lock(monkeypatch):
    monkeypatch.setattr(door, "locked", lambda obj: type(obj)._base_manager.get(pk=obj.pk))


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


def test_without_the_lock_the_order_breaks(cast, meet, monkeypatch):
    without_lock(monkeypatch)
    meeting, (first, _, third) = three(cast)
    together(lambda: agenda.move_item(first, by=cast.secretary, position=3),
             lambda: agenda.move_item(third, by=cast.office_head, position=1))
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
