"""Two people at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import uuid

import pytest
from django.db import connection

from portfolios.models import ActivityMark, Project, ProjectInstitution
from portfolios.services import activities, door, institutions
from portfolios.services import passport as passports
from portfolios.services import project as verbs
from portfolios.services.implementation_plan import create_plan
from projectoffice.common.history import history_of
from projectoffice.documents.services.route import send
from projectoffice.documents.table.rows import add_row
from tests.factories import InstitutionFactory, UserFactory
from tests.races import MeetingPlace, together

from .things import PortfolioFactory, ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has read the project and was let in."""
    return MeetingPlace(monkeypatch).after(door, "demand")


def moves(cast):
    project = ProjectFactory()
    refused = together(lambda: verbs.move(project, "suspend", by=cast.secretary, reason="Ремонт"),
                       lambda: verbs.move(project, "finish", by=cast.office_head, result="Готово"))
    return project, refused


class TestTwoMoves:
    def test_the_second_sees_what_the_first_made_of_it(self, cast, meet):
        project, refused = moves(cast)
        told = [event.verb for event in history_of(project)]
        # Suspended first, it may still be finished; finished first, it is not suspended any more.
        assert told in (["finish", "suspend"], ["finish"]) and Project.objects.get(pk=project.pk).status == "finished"
        assert len([each for each in refused if each]) == 2 - len(told)

    def test_without_the_lock_both_begin_from_the_same_state(self, cast, meet):
        meet.without_lock(door, verbs)
        project, refused = moves(cast)
        assert refused == [None, None] and Project.objects.get(pk=project.pk).version == 2


class TestTwoHeads:
    @pytest.fixture
    def meet(self, monkeypatch):
        """Each has read the team and put a new head into it; the project itself, where one waits for the other, is not written yet."""
        return MeetingPlace(monkeypatch).before(verbs, "step")

    def heads(self, cast):
        project, first, second = ProjectFactory(), UserFactory(), UserFactory()
        refused = together(lambda: verbs.change_head(project, first, by=cast.secretary, version=1),
                           lambda: verbs.change_head(project, second, by=cast.office_head, version=1))
        return project, refused

    def test_one_wins_and_the_other_is_told(self, cast, meet):
        project, refused = self.heads(cast)
        assert [type(each).__name__ for each in refused if each] == ["StaleVersion"] and project.team.count() == 1

    def test_without_the_lock_there_would_be_two(self, cast, meet):
        meet.without_lock(door)
        project, refused = self.heads(cast)
        assert refused == [None, None] and project.team.count() == 2


class TestTwoMarksOnAnActivity:
    @pytest.fixture
    def marked(self, cast):
        """A plan in force whose one activity is marked as under way."""
        plan = create_plan(by=cast.secretary, year=2026, name="Наставник рядом")
        row = add_row(plan, by=cast.secretary, values={"activity": "Мастерская", "term": "октябрь", "responsible": "Орлова А.И."})
        send(plan.document, by=cast.secretary)
        return activities.mark_activity(plan, row.uid, by=cast.secretary, version=0, state="running")

    @pytest.fixture
    def meet(self, monkeypatch):
        """Each has read the mark and is about to sign it."""
        return MeetingPlace(monkeypatch).before(activities, "person_of")

    def marks(self, cast, mark):
        words = {"version": 1, "state": "running"}
        return together(
            lambda: activities.mark_activity(mark.plan, mark.row_uid, by=cast.secretary, note="Прошла", **words),
            lambda: activities.mark_activity(mark.plan, mark.row_uid, by=cast.office_head, note="Прошла дважды", **words))

    def test_one_is_kept_and_the_other_is_told(self, cast, marked, meet):
        refused = self.marks(cast, marked)
        assert [type(each).__name__ for each in refused if each] == ["StaleVersion"]
        assert ActivityMark.objects.get().version == 2

    def test_without_the_lock_one_would_be_lost(self, cast, marked, meet):
        meet.without_lock(activities)
        assert self.marks(cast, marked) == [None, None]
        assert ActivityMark.objects.get().version == 2


def test_the_same_partner_added_twice_at_once_is_one(cast, meet):
    project, school = ProjectFactory(), InstitutionFactory()
    refused = together(*[lambda: institutions.add_institution(project, school, by=cast.secretary)] * 2)
    assert ProjectInstitution.objects.filter(project=project).count() == 1
    assert [type(each).__name__ for each in refused if each] == ["ValidationError"]


def test_a_passport_begun_twice_at_once_is_one(cast, meet):
    project = ProjectFactory(head=cast.member_of_school_a)
    assert together(*[lambda: passports.start_passport(project, by=cast.member_of_school_a)] * 2) == [None, None]
    assert connection.connection is not None and Project.objects.get(pk=project.pk).passport.pk


def test_the_same_text_typed_by_two_at_once_is_one_and_a_collision(cast):
    passport = passports.start_passport(ProjectFactory(head=cast.member_of_school_a), by=cast.secretary)
    refused = together(lambda: passports.save_step(passport, {"goal": "Моя"}, {}, by=cast.secretary),
                       lambda: passports.save_step(passport, {"goal": "Другая"}, {}, by=cast.member_of_school_a))
    assert [type(each).__name__ for each in refused if each] == ["Collision"]


def test_rows_added_by_two_at_once_stand_one_after_the_other(cast):
    passport = passports.start_passport(ProjectFactory(head=cast.member_of_school_a), by=cast.secretary)
    assert together(*[lambda: passports.add_row(passport, "stage", by=cast.secretary, uid=uuid.uuid4())] * 2) == [None, None]
    assert sorted(passport.project.stages.values_list("position", flat=True)) == [1, 2]


def test_a_portfolio_closed_while_a_project_is_begun_keeps_one_of_both(cast):
    from portfolios.services.portfolio import close_portfolio

    portfolio = PortfolioFactory()
    refused = together(lambda: close_portfolio(portfolio, by=cast.secretary, closed_on="2020-01-01"),
                       lambda: verbs.create_project(by=cast.office_head, portfolio=portfolio, title="Дело"))
    portfolio.refresh_from_db()
    assert len([each for each in refused if each]) == 1 and bool(portfolio.closed_on) != portfolio.projects.exists()
