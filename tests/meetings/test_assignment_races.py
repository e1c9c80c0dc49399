"""Two people at one assignment at the same moment, on real connections. Each race is also run without the lock."""
from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import Assignment, AssignmentReport, AssignmentTick
from meetings.services import assignment_work as work
from meetings.services import assignments as verbs
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from tests.factories import AssignmentFactory, InstitutionFactory
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = timezone.localdate


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has read the assignment with its report, or with its list, and nobody has written anything."""
    return MeetingPlace(monkeypatch).after(work, "refuse_own").after(work, "allowed_ticks")


def given(**facts):
    return AssignmentFactory(due_end=TODAY() + timedelta(days=9), **facts)


def on_check():
    assignment = given(state="reported")
    return assignment, AssignmentReport.objects.create(
        assignment=assignment, by=assignment.executor, text="Сделано.", done_on=TODAY())


def both_judge(assignment, report, cast):
    accept = lambda: work.accept_report(assignment, by=assignment.controller, report=report)  # noqa: E731
    give_back = lambda: work.return_report(assignment, by=cast.secretary, report=report, reason="Мало")  # noqa: E731
    return together(accept, give_back)


def test_accepted_and_returned_at_once_has_one_outcome(cast, meet):
    assignment, report = on_check()
    errors = [error for error in both_judge(assignment, report, cast) if error]
    assert len(errors) == 1 and isinstance(errors[0], TransitionNotAllowed)
    now, report = Assignment.objects.get(), assignment.reports.get()
    assert (now.state, report.verdict) in [("done", "accepted"), ("returned", "returned")]
    assert OutgoingMail.objects.filter(key__startswith="assignment-verdict").count() == 1


def test_without_the_lock_both_verdicts_are_given(cast, meet):
    assignment, report = on_check()
    meet.without_lock(work)
    # The first to write holds the row of the report: the second writes over it when the first is through.
    assert both_judge(assignment, report, cast) == [None, None]


def lists_of_two(cast):
    assignment = given(executor=None)
    places = [InstitutionFactory(), InstitutionFactory()]
    AssignmentTick.objects.bulk_create(AssignmentTick(assignment=assignment, institution=place) for place in places)
    return assignment, places


def both_tick(assignment, places, cast):
    answers = []
    acts = [lambda place=place: answers.append(work.tick_institutions(assignment, [place], by=cast.secretary)) for place in places]
    assert together(*acts) == [None, None]
    return sorted(answers)


def test_of_the_two_last_ticks_at_once_one_is_told_that_the_list_is_whole(cast, meet):
    assignment, places = lists_of_two(cast)
    assert both_tick(assignment, places, cast) == [False, True]
    assert Assignment.objects.get().version == assignment.version + 2


def test_without_the_lock_both_ticks_are_one_step(cast, meet):
    assignment, places = lists_of_two(cast)
    meet.without_lock(work)
    both_tick(assignment, places, cast)
    assert Assignment.objects.get().version == assignment.version + 1  # one step was lost


def test_one_report_sent_twice_at_once_is_one_report(cast):
    assignment = given()
    act = lambda: work.report_done(assignment, by=assignment.executor, text="Сделано.", done_on=TODAY())  # noqa: E731
    errors = together(act, act, act)
    assert sorted(isinstance(error, TransitionNotAllowed) for error in errors) == [False, True, True]
    assert assignment.reports.count() == 1


def test_reporting_and_taking_off_control_at_once_have_an_order(cast):
    for _ in range(5):
        assignment = given()
        told, ended = together(
            lambda one=assignment: work.report_done(one, by=one.executor, text="Сделано.", done_on=TODAY()),
            lambda one=assignment: verbs.cancel_assignment(one, by=cast.secretary, reason="Не нужно", version=one.version),
        )
        refused = [error for error in (told, ended) if error]
        assert len(refused) == 1 and isinstance(refused[0], (TransitionNotAllowed, StaleVersion))
        assert Assignment.objects.get(pk=assignment.pk).state == ("reported" if ended else "cancelled")


def test_two_requests_for_a_later_day_at_once_are_one(cast):
    assignment = given()
    act = lambda: work.ask_extension(  # noqa: E731
        assignment, by=assignment.executor, due_after=assignment.due_end + timedelta(days=3), reason="Отпуск")
    errors = together(act, act)
    assert [type(error) for error in errors if error] == [TransitionNotAllowed]
    assert assignment.extensions.count() == 1
