"""Two at the same moment with one report, on real connections. Each race is also run without the lock, to see it happen."""
from datetime import timedelta

import pytest
from django.utils import timezone

from portfolios.models import ProgressReport, ReportSubmission
from portfolios.services import period as periods
from portfolios.services import project as projects
from portfolios.services import report as verbs
from portfolios.services import report_door
from portfolios.services.reminding import remind
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from tests.factories import UserFactory
from tests.races import MeetingPlace, together

from .things import PeriodFactory, PortfolioFactory, ProjectFactory, led_by, report_of, sent, shown, written

pytestmark = pytest.mark.django_db(transaction=True)
WEEK = timedelta(days=7)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def head(cast):
    return cast.member_of_school_a


@pytest.fixture
def report(head):
    return report_of(led_by(head.current_post.institution, head=head))


@pytest.fixture
def meet(monkeypatch):
    """Each has read the report at the door, the second time where a verb reads it twice, and was let in."""
    return MeetingPlace(monkeypatch).after(report_door, "demand")


def kinds(refused):
    return sorted(type(each).__name__ for each in refused if each)


class TestSentTwiceAtOnce:
    @pytest.fixture
    def meet(self, monkeypatch):
        """Each has found a draft, counted what was sent before, and is about to send."""
        return MeetingPlace(monkeypatch).before(verbs, "person_of")

    def send(self, report, head):
        page = shown(written(report))
        return together(*[lambda: verbs.submit_report(report, by=head, shown=page)] * 2)

    def test_it_is_sent_once(self, report, head, meet):
        assert self.send(report, head) == [None, None]
        assert ReportSubmission.objects.count() == 1 and history_of(report).count() == 1

    def test_without_the_lock_only_the_database_keeps_the_second_out(self, report, head, meet):
        meet.without_lock(report_door)
        assert (kinds(self.send(report, head)), ReportSubmission.objects.count()) == (["IntegrityError"], 1)


class TestReturnedWhileItIsWithdrawnAndSentAgain:
    def race(self, cast, report, head):
        sent(report, by=head)
        return together(lambda: verbs.withdraw_report(report, by=head),
                        lambda: verbs.return_report(report, by=cast.secretary, number=1, remark="Дополните", due_at=timezone.now() + WEEK))

    def test_one_of_both_is_done(self, cast, report, head, meet):
        refused = self.race(cast, report, head)
        found = ProgressReport.objects.get(pk=report.pk)
        done = history_of(report).filter(verb__in=("withdraw_report", "return_report"))
        # Withdrawn first it is no more to be checked; returned first it is to be written anyhow.
        assert (found.state, kinds(refused)) in [("draft", ["TransitionNotAllowed"]), ("returned", [])] and done.count() == 1

    def test_without_the_lock_both_begin_from_the_same_state(self, cast, report, head, meet):
        meet.without_lock(report_door)
        assert self.race(cast, report, head) == [None, None] and ProgressReport.objects.get(pk=report.pk).version == 3


def test_accepted_and_returned_at_once_is_one_after_the_other(cast, report, head, meet):
    sent(report, by=head)
    refused = together(lambda: verbs.accept_report(report, by=cast.secretary, number=1),
                       lambda: verbs.return_report(report, by=cast.office_head, number=1, remark="Дополните", due_at=timezone.now() + WEEK))
    state = ProgressReport.objects.get(pk=report.pk).state
    assert (state, kinds(refused)) == ("returned", []) or (state, kinds(refused)) == ("returned", ["TransitionNotAllowed"])
    assert report.project.__class__.objects.get(pk=report.project_id).course == ""


def test_saved_while_it_is_sent_nothing_is_lost_or_sent_unread(report, head, meet):
    page = shown(written(report))
    refused = together(lambda: verbs.submit_report(report, by=head, shown=page),
                       lambda: verbs.save_draft(report, {"problems": "Новое"}, {}, by=head))
    found = ProgressReport.objects.get(pk=report.pk)
    assert (found.state, found.problems, kinds(refused)) in [
        ("submitted", "", ["TransitionNotAllowed"]), ("draft", "Новое", ["StaleVersion"])]


def test_a_project_begun_while_a_period_is_opened_is_asked_once(cast):
    portfolio = PortfolioFactory()
    project = ProjectFactory(portfolio=portfolio, status="preparing")
    refused = together(
        lambda: projects.move(project, "start", by=cast.secretary),
        lambda: periods.open_period(by=cast.office_head, portfolio=portfolio, title="за полугодие", start=project.start, end=project.end,
                                    due_at=timezone.now() + WEEK))
    assert refused == [None, None] and ProgressReport.objects.filter(project=project).count() == 1


class TestTwoDecideAtOnce:
    def decided(self, cast, report, head):
        report = sent(report, by=head)
        refused = together(lambda: verbs.accept_report(report, by=cast.secretary, number=1),
                           lambda: verbs.accept_report(report, by=cast.office_head, number=1))
        return refused, [event.verb for event in history_of(report)].count("accept_report")

    def test_it_is_accepted_once(self, cast, report, head, meet):
        assert self.decided(cast, report, head) == ([None, None], 1)

    def test_without_the_lock_it_would_be_told_twice(self, cast, report, head, meet):
        meet.without_lock(report_door)
        assert self.decided(cast, report, head)[1] == 2


def test_two_who_remind_at_once_write_once(cast):
    report = report_of(ProjectFactory(head=UserFactory(email="a@example.org")))
    refused = together(lambda: remind(report.period, by=cast.secretary), lambda: remind(report.period, by=cast.office_head))
    assert refused == [None, None] and OutgoingMail.objects.filter(key__startswith="report_reminder").count() == 1
    assert [event.verb for event in history_of(report.period)].count("remind_reports") == 1


class TestBegunWhileThePeriodIsTakenAway:
    @pytest.fixture
    def meet(self, monkeypatch):
        """One is about to begin a report; the other has locked the period, seen none begun, and is about to take it away."""
        return MeetingPlace(monkeypatch).before(verbs, "begin").before(periods, "record")

    def race(self, cast, head):
        project = led_by(head.current_post.institution, head=head)
        period = PeriodFactory(portfolio=project.portfolio)
        return together(lambda: verbs.start_report(project, period, by=head),
                        lambda: periods.remove_period(period, by=cast.secretary))

    def test_it_is_taken_away_after_all_or_refused_in_words(self, cast, head, meet):
        assert kinds(self.race(cast, head)) in [[], ["ValidationError"]]

    def test_without_the_lock_the_database_would_refuse_one_at_the_end(self, cast, head, meet, monkeypatch):
        # The row of the period stays locked by who removes it: the report is checked against it after that, at its commit.
        meet.without_lock()
        monkeypatch.setattr(verbs, "lock_period", lambda period: period)
        assert kinds(self.race(cast, head)) == ["IntegrityError"]
