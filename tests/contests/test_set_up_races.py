"""Two people at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import pytest

from contests.models import AwardLevel, Contest, Nomination
from contests.services import contest as verbs
from contests.services import door, parts
from contests.services import nomination as nominations
from tests.races import MeetingPlace, together

from .test_set_up import DAY
from .things import EntryFactory, announced, set_up, stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


def ready():
    nomination = set_up()
    AwardLevel.objects.create(contest=nomination.contest, title="Победитель", places="1", position=1)
    stage(nomination.contest, "acceptance", begun=-DAY, left=9 * DAY)
    stage(nomination.contest, "remote", begun=-10 * DAY, left=20 * DAY)
    return nomination


class TestAnnouncedWhileItsOnlyNominationIsRemoved:
    @pytest.fixture
    def meet(self, monkeypatch):
        """One has found nothing missing; the other has taken the nomination out, and writes the contest, where one waits, next."""
        return MeetingPlace(monkeypatch).after(verbs, "problems_of").before(parts, "step")

    def race(self, cast):
        nomination = ready()
        refused = together(lambda: verbs.announce(nomination.contest, by=cast.secretary),
                           lambda: nominations.remove_nomination(nomination, by=cast.office_head))
        contest = Contest.objects.get(pk=nomination.contest_id)
        return contest, Nomination.objects.filter(contest=contest).exists(), refused

    def test_the_second_sees_what_the_first_made_of_it(self, cast, meet):
        contest, has_nomination, refused = self.race(cast)
        assert (contest.state == "announced") == has_nomination and len([each for each in refused if each]) == 1

    def test_without_the_lock_a_contest_is_announced_without_any(self, cast, meet):
        meet.without_lock(door)
        contest, has_nomination, refused = self.race(cast)
        assert (contest.state, has_nomination, refused) == ("announced", False, [None, None])


def test_taken_back_while_an_entry_is_begun_keeps_one_of_both(cast, monkeypatch):
    nomination = announced("acceptance")
    MeetingPlace(monkeypatch).after(door, "demand")

    def enter():
        from django.db import transaction

        with transaction.atomic():
            contest = door.open_contest(nomination.contest, cast.member_of_school_a, "enter")
            EntryFactory(nomination=nomination, contest=contest)

    refused = together(enter, lambda: verbs.back_to_setup(nomination.contest, by=cast.secretary))
    contest = Contest.objects.get(pk=nomination.contest_id)
    assert (contest.state == "announced") == contest.entries.exists() and len([each for each in refused if each]) == 1
