"""Two people at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import threading

import pytest

from contests.models import AwardLevel, Contest, Nomination
from contests.services import contest as verbs
from contests.services import door
from contests.services import nomination as parts
from projectoffice.common.errors import TransitionNotAllowed
from tests.documents.test_races import together

from .test_set_up import DAY
from .things import EntryFactory, announced, set_up, stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Hold each who came through the door until the other is there too, or is kept out by the lock."""
    barrier = threading.Barrier(2)
    demand = door.demand

    def held(contest, verb, by):
        moment = demand(contest, verb, by)
        try:
            barrier.wait(0.7)
        except threading.BrokenBarrierError:
            barrier.reset()
        return moment

    monkeypatch.setattr(door, "demand", held)


def without_lock(monkeypatch):
    monkeypatch.setattr(door, "locked", lambda obj: type(obj)._base_manager.get(pk=obj.pk))


def ready():
    nomination = set_up()
    AwardLevel.objects.create(contest=nomination.contest, title="Победитель", places="1", position=1)
    stage(nomination.contest, "acceptance", begun=-DAY, left=9 * DAY)
    stage(nomination.contest, "remote", begun=-10 * DAY, left=20 * DAY)
    return nomination


class TestAnnouncedWhileItsOnlyNominationIsRemoved:
    def race(self, cast):
        nomination = ready()
        refused = together(lambda: verbs.announce(nomination.contest, by=cast.secretary),
                           lambda: parts.remove_nomination(nomination, by=cast.office_head))
        contest = Contest.objects.get(pk=nomination.contest_id)
        return contest, Nomination.objects.filter(contest=contest).exists(), refused

    def test_the_second_sees_what_the_first_made_of_it(self, cast, meet):
        contest, has_nomination, refused = self.race(cast)
        assert (contest.state == "announced") == has_nomination and len([each for each in refused if each]) == 1

    def test_without_the_lock_a_contest_is_announced_without_any(self, cast, meet, monkeypatch):
        without_lock(monkeypatch)
        contest, has_nomination, refused = self.race(cast)
        assert refused != [None, None] or (contest.state, has_nomination) == ("announced", False)
        assert not any(isinstance(each, TransitionNotAllowed) for each in refused), "the door kept nobody out"


def test_taken_back_while_an_entry_is_begun_keeps_one_of_both(cast, meet):
    nomination = announced("acceptance")

    def enter():
        from django.db import transaction

        with transaction.atomic():
            contest = door.open_contest(nomination.contest, cast.member_of_school_a, "enter")
            EntryFactory(nomination=nomination, contest=contest)

    refused = together(enter, lambda: verbs.back_to_setup(nomination.contest, by=cast.secretary))
    contest = Contest.objects.get(pk=nomination.contest_id)
    assert (contest.state == "announced") == contest.entries.exists() and len([each for each in refused if each]) == 1
