"""Who may do what with an assignment, when: reports, extensions, ticks, ends."""
import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from meetings.assignment.words import badges, days_late, office_day, today
from meetings.assignment.workflow import RULES, can, is_moment
from meetings.models import Assignment, AssignmentReport, AssignmentTick
from meetings.services.assignment_work import (
    accept_report,
    ask_extension,
    decide_extension,
    report_done,
    return_report,
    tick_institutions,
    untick_institution,
)
from meetings.services.assignments import cancel_assignment, give_assignment
from projectoffice.accounts.models import RoleAssignment, Substitution
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.factories import AssignmentFactory, InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def given(**facts):
    """In work since ten days ago, due in ten days."""
    due = today() + 10 * DAY
    facts = {"due_end": due, "first_due_end": due, "created_at": timezone.now() - 10 * DAY} | facts
    return AssignmentFactory(**facts)


def reported(assignment=None, by=None, **facts):
    assignment = assignment or given()
    report_done(assignment, by=by or assignment.executor, text="Сделано.", done_on=facts.pop("done_on", today()), **facts)
    assignment.refresh_from_db()
    return assignment


def report_of(assignment):
    return assignment.reports.first()


# ── the table ──

WAYS = {
    "active": given,
    "reported": reported,
    "returned": lambda: returned(reported()),
    "done": lambda: accepted(reported()),
    "cancelled": lambda: cancelled(given()),
}


def returned(assignment):
    return return_report(assignment, by=assignment.controller, report=report_of(assignment), reason="Мало")


def accepted(assignment):
    return accept_report(assignment, by=assignment.controller, report=report_of(assignment))


def cancelled(assignment):
    office = UserFactory(roles=["office_staff"])
    return cancel_assignment(assignment, by=office, reason="Не нужно", version=assignment.version)


POSSIBLE = {
    "executor": {"active": "report extend tick", "reported": "", "returned": "report extend tick", "done": "", "cancelled": ""},
    "helper": {"active": "report extend tick", "reported": "", "returned": "report extend tick", "done": "", "cancelled": ""},
    "controller": {"active": "decide_extension", "reported": "accept return decide_extension", "returned": "decide_extension",
                   "done": "", "cancelled": ""},
    "office": {"active": "report extend decide_extension tick cancel", "reported": "accept return decide_extension cancel",
               "returned": "report extend decide_extension tick cancel", "done": "", "cancelled": ""},
    "listed": {"active": "extend tick", "reported": "", "returned": "extend tick", "done": "", "cancelled": ""},
    "head": dict.fromkeys(WAYS, ""),
    "stranger": dict.fromkeys(WAYS, ""),
}


def somebody(role, assignment):
    if role == "helper":
        assignment.co_executors.add(helper := UserFactory())
        return helper
    if role == "listed":
        post = PostFactory(institution=InstitutionFactory())
        AssignmentTick.objects.create(assignment=assignment, institution=post.institution)
        return post.person
    return {"executor": lambda: assignment.executor, "controller": lambda: assignment.controller,
            "office": lambda: UserFactory(roles=["office_staff"]), "head": lambda: UserFactory(roles=["department_head"]),
            "stranger": UserFactory}[role]()


@pytest.mark.parametrize("role", POSSIBLE)
@pytest.mark.parametrize("state", WAYS)
def test_what_each_may_do_in_each_state(state, role):
    assignment = WAYS[state]()
    person = somebody(role, assignment)
    assert assignment.state == state
    assert {verb for verb in RULES if can(assignment, verb, person)} == set(POSSIBLE[role][state].split())


def call(verb, assignment, by):
    """The verb behind a name, with facts that are right."""
    report = report_of(assignment) or AssignmentReport(pk=0)
    extension = assignment.extensions.first()
    return {
        "report": lambda: report_done(assignment, by=by, text="Сделано.", done_on=today(), source="звонок", source_date=today()),
        "accept": lambda: accept_report(assignment, by=by, report=report),
        "return": lambda: return_report(assignment, by=by, report=report, reason="Мало"),
        "extend": lambda: ask_extension(assignment, by=by, due_after=assignment.due_end + DAY, reason="Отпуск"),
        "decide_extension": lambda: decide_extension(assignment, by=by, extension=extension, granted=True),
        "tick": lambda: tick_institutions(assignment, [tick.institution for tick in assignment.ticks.all()], by=by),
        "cancel": lambda: cancel_assignment(assignment, by=by, reason="Не нужно", version=assignment.version),
    }[verb]()


@pytest.mark.parametrize("role", ["executor", "controller", "office", "stranger"])
@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("verb", [verb for verb in RULES if verb not in ("tick", "decide_extension")])
def test_the_service_obeys_the_table(verb, state, role):
    assignment = WAYS[state]()
    person = somebody(role, assignment)
    allowed = can(assignment, verb, person)
    if allowed:
        call(verb, assignment, person)
        return
    with pytest.raises((PermissionDenied, TransitionNotAllowed)) as refusal:
        call(verb, assignment, person)
    if is_moment(assignment, verb):
        assert refusal.type is PermissionDenied


# ── reports ──

def test_the_whole_way_with_one_return():
    assignment = reported()
    assert badges(assignment, today()) == [("wait", "На проверке")]
    assignment = returned(assignment)
    assert badges(assignment, today()) == [("alert", "Возвращено")]
    assignment = accepted(reported(assignment))
    assert (assignment.state, assignment.done_on) == ("done", today())
    assert [report.verdict for report in assignment.reports.all()] == ["accepted", "returned"]
    assert [event.verb for event in history_of(assignment)] == [
        "accept_report", "report_assignment", "return_report", "report_assignment"]


def test_a_permanent_one_takes_report_after_report_and_ends_only_off_control(cast, client):
    assignment = given(due_end=None, first_due_end=None, due="постоянно", is_permanent=True)
    for count in (1, 2):
        assignment = accepted(reported(assignment))
        assert (assignment.state, assignment.done_on, assignment.reports.filter(verdict="accepted").count()) == ("active", None, count)
    assert badges(assignment, today()) == [("neutral", "Постоянно")]
    words = "Отчёт принят, поручение постоянное и остаётся в работе"
    assert history_of(assignment)[0].sentence == words
    assert words in OutgoingMail.objects.filter(key__startswith="assignment-verdict:").last().body
    client.force_login(cast.secretary)
    [line] = client.get("/assignments/discipline/").context["lines"]
    assert {cell.title: cell.count for cell in line.cells if cell.count} == {"Дано": 1, "Постоянные": 1}
    assert cancelled(assignment).state == "cancelled"


@pytest.mark.parametrize("state", ["returned", "done"])
def test_the_executor_and_who_helps_learn_the_verdict(state):
    assignment = given()
    assignment.co_executors.add(helper := UserFactory())
    {"returned": returned, "done": accepted}[state](reported(assignment))
    told = OutgoingMail.objects.filter(key__startswith="assignment-verdict:")
    assert {letter.person for letter in told} == {assignment.executor, helper}


def test_a_report_asks_the_controller_to_check_by_one_letter():
    assignment = reported()
    [letter] = OutgoingMail.objects.filter(key__startswith="assignment-report:")
    assert letter.person == assignment.controller and "Сделано." in letter.body


@pytest.mark.parametrize(("days", "words"), [(1, "ещё не наступил"), (-11, "раньше, чем дано поручение")])
def test_a_day_in_the_future_or_before_the_assignment_is_refused_beside_its_field(days, words):
    assignment = given()
    with pytest.raises(ValidationError) as refusal:
        reported(assignment, done_on=today() + days * DAY)
    assert words in refusal.value.message_dict["done_on"][0]
    reported(assignment, done_on=today() - 10 * DAY)


def test_a_report_one_second_before_midnight_is_in_time_and_one_second_after_is_late():
    with timezone.override("Europe/Samara"):
        due = date(2027, 7, 1)
        before = datetime(2027, 7, 1, 19, 59, 59, tzinfo=UTC)  # Samara is four hours ahead
        after = before + timedelta(seconds=1)
        assert (office_day(before), office_day(after)) == (due, due + DAY)
        done = [Assignment(state="done", due_end=due, done_on=office_day(moment)) for moment in (before, after)]
        assert [days_late(each, due + 9 * DAY) for each in done] == [0, 1]
        assert [badges(each, due)[0][1] for each in done] == ["Исполнено", "Исполнено с опозданием"]
        at_work = Assignment(state="active", due_end=due)
        assert badges(at_work, office_day(before)) == [("wait", "Срок сегодня")]
        assert badges(at_work, office_day(after)) == [("alert", "Просрочено на 1\xa0день")]


def test_the_offices_day_is_the_last_one_whatever_the_servers_zone():
    """In zones a day apart, the same moment is another last day: the office's counts."""
    east, west = "Pacific/Kiritimati", "Etc/GMT+12"
    assignment = given(created_at=timezone.now() - 30 * DAY)
    tomorrow = datetime.now(UTC).astimezone(zoneinfo.ZoneInfo(east)).date()
    with timezone.override(west), pytest.raises(ValidationError):
        reported(assignment, done_on=tomorrow)
    with timezone.override(east):
        assert reported(assignment, done_on=tomorrow).state == "reported"


def test_the_office_enters_a_report_for_the_executor_with_its_source(cast):
    assignment = given()
    with pytest.raises(ValidationError) as refusal:
        report_done(assignment, by=cast.secretary, text="Сделано.", done_on=today())
    assert "source" in refusal.value.message_dict
    report = report_done(assignment, by=cast.secretary, text="Сделано.", done_on=today(), source="письмо", source_date=today())
    assert (report.by, report.recorded_by, report.source) == (assignment.executor, cast.secretary, "письмо")
    event = history_of(assignment)[0]
    assert (event.actor, event.on_behalf_of, event.sentence) == (cast.secretary, assignment.executor, "Отчёт внесён офисом")


def test_who_acts_for_the_executor_reports_in_that_name():
    assignment, acting = given(), UserFactory()
    Substitution.objects.create(absent=assignment.executor, acting=acting, since=today(), until=today(), post="И.о.", basis="приказ")
    report = report_done(assignment, by=acting, text="Сделано.", done_on=today())
    assert report.by == acting and history_of(assignment)[0].on_behalf_of == assignment.executor


# ── nobody judges oneself ──

def test_who_reports_does_not_accept_the_own_report_while_somebody_controls(cast):
    person = cast.secretary
    cases = [given(executor=person), given(executor=person, controller=person), given(executor=UserFactory(), controller=person)]
    for assignment in cases:
        source = {} if assignment.executor == person else {"source": "звонок", "source_date": today()}
        report = report_done(assignment, by=person, text="Сделано.", done_on=today(), **source)
        for judge in (accept_report, lambda a, **k: return_report(a, reason="Мало", **k)):
            with pytest.raises(PermissionDenied):
                judge(assignment, by=person, report=report)
        assert accept_report(assignment, by=cast.office_head, report=report).state == "done"


@pytest.mark.parametrize("role", ["executor", "helper", "helping controller"])
@pytest.mark.parametrize("controller", ["nobody", "who left", "a closed account"])
def test_who_does_it_never_judges_it_though_nobody_controls(cast, client, controller, role):
    facts = {"who left": {"left_on": date(2026, 1, 1)}, "a closed account": {"is_active": False}}.get(controller)
    person, at_work = cast.secretary, UserFactory(**facts) if facts else None
    assignment = given(executor=person if role == "executor" else UserFactory(), controller=person if "controller" in role else at_work)
    assignment.co_executors.add(*([] if role == "executor" else [person]))
    asked = ask_extension(assignment, by=assignment.executor, due_after=assignment.due_end + DAY, reason="Отпуск")
    assignment, report = reported(assignment), report_of(assignment)
    for verb in ("accept", "return", "decide_extension"):
        assert not can(assignment, verb, person) and can(assignment, verb, cast.office_head)
    for judge in (lambda by: accept_report(assignment, by=by, report=report),
                  lambda by: return_report(assignment, by=by, report=report, reason="Мало"),
                  lambda by: decide_extension(assignment, by=by, extension=asked, granted=True)):
        with pytest.raises(PermissionDenied):
            judge(person)
    client.force_login(person)
    page = client.get(assignment.get_absolute_url()).content.decode()
    assert "Принять отчёт" not in page and "его проверяет другой сотрудник Проектного офиса" in page
    assert client.get(f"{assignment.get_absolute_url()}return/").status_code == 403
    RoleAssignment.objects.exclude(person=person).delete()
    assert "такого сотрудника в Проектном офисе пока нет" in client.get(assignment.get_absolute_url()).content.decode()
    assert "Проверить отчёт" not in {row.action for row in waiting_for(person)}


def test_only_the_report_that_was_read_is_judged():
    assignment = reported()
    first = report_of(assignment)
    reported(return_report(assignment, by=assignment.controller, report=first, reason="Мало"))
    with pytest.raises(StaleVersion):
        accept_report(assignment, by=assignment.controller, report=first)
    with pytest.raises(ValidationError):
        return_report(assignment, by=assignment.controller, report=report_of(assignment), reason=" ")


# ── extensions ──

def test_a_granted_extension_moves_the_date_and_is_counted():
    assignment = given()
    first = assignment.due_end
    for times in (1, 2):
        asked = ask_extension(assignment, by=assignment.executor, due_after=first + times * 5 * DAY, reason="Карантин")
        decide_extension(assignment, by=assignment.controller, extension=asked, granted=True)
        assignment.refresh_from_db()
    assert (assignment.due_end, assignment.first_due_end, assignment.extension_count) == (first + 10 * DAY, first, 2)
    from meetings.assignment.words import moved_words

    assert moved_words(assignment) == "срок переносили 2\xa0раза"


def test_the_controller_may_grant_another_day_or_refuse_with_words():
    assignment = given()
    due = assignment.due_end
    asked = ask_extension(assignment, by=assignment.executor, due_after=due + 30 * DAY, reason="Отпуск")
    with pytest.raises(ValidationError):
        decide_extension(assignment, by=assignment.controller, extension=asked, granted=False)
    decide_extension(assignment, by=assignment.controller, extension=asked, granted=False, answer="Рано")
    asked = ask_extension(assignment, by=assignment.executor, due_after=due + 30 * DAY, reason="Отпуск")
    decide_extension(assignment, by=assignment.controller, extension=asked, granted=True, due_after=due + 7 * DAY)
    assignment.refresh_from_db()
    assert (assignment.due_end, assignment.extension_count) == (due + 7 * DAY, 1)


def test_a_later_day_is_asked_with_a_reason_and_once_at_a_time():
    assignment = given()
    for due_after, reason, field in [(assignment.due_end, "Отпуск", "due_after"), (assignment.due_end + DAY, " ", "reason")]:
        with pytest.raises(ValidationError) as refusal:
            ask_extension(assignment, by=assignment.executor, due_after=due_after, reason=reason)
        assert field in refusal.value.message_dict
    ask_extension(assignment, by=assignment.executor, due_after=assignment.due_end + DAY, reason="Отпуск")
    with pytest.raises(TransitionNotAllowed):
        ask_extension(assignment, by=assignment.executor, due_after=assignment.due_end + DAY, reason="Отпуск")


def test_an_overdue_one_is_not_moved_to_a_day_that_has_passed():
    assignment = given(due_end=today() - 5 * DAY)
    with pytest.raises(ValidationError):
        ask_extension(assignment, by=assignment.executor, due_after=today() - DAY, reason="Отпуск")
    assert ask_extension(assignment, by=assignment.executor, due_after=today(), reason="Отпуск")


def test_what_is_permanent_or_has_no_date_has_nothing_to_move():
    for facts in ({"due_end": None}, {"is_permanent": True}):
        with pytest.raises(TransitionNotAllowed):
            assignment = given(**facts)
            ask_extension(assignment, by=assignment.executor, due_after=date(2099, 1, 1), reason="Отпуск")


def test_nobody_grants_the_own_request(cast):
    assignment = given(executor=cast.secretary)
    asked = ask_extension(assignment, by=cast.secretary, due_after=assignment.due_end + DAY, reason="Отпуск")
    with pytest.raises(PermissionDenied):
        decide_extension(assignment, by=cast.secretary, extension=asked, granted=True)
    assert decide_extension(assignment, by=cast.office_head, extension=asked, granted=True).verdict == "granted"


# ── ticks ──

def listed(cast, **facts):
    assignment = given(executor=None, executor_text="всем школам", **facts)
    for person in (cast.member_of_school_a, cast.member_of_school_b):
        AssignmentTick.objects.create(assignment=assignment, institution=person.current_post.institution)
    return assignment


def school(person):
    return person.current_post.institution


def test_an_institution_ticks_its_own_part_and_no_other(cast):
    assignment = listed(cast)
    a, b = cast.member_of_school_a, cast.member_of_school_b
    with pytest.raises(PermissionDenied):
        tick_institutions(assignment, [school(b)], by=a)
    assert tick_institutions(assignment, [school(a)], by=a) is False
    assert tick_institutions(assignment, [school(b)], by=cast.secretary, note="письмо от 10.05") is True
    assert [(tick.by, tick.note) for tick in assignment.ticks.all()] == [(a, ""), (cast.secretary, "письмо от 10.05")]
    untick_institution(assignment, school(b), by=b)
    assert assignment.ticks.get(institution=school(b)).done_on is None


def test_one_school_reports_on_the_whole_list_only_when_all_have_ticked(cast):
    assignment = listed(cast)
    a, b = cast.member_of_school_a, cast.member_of_school_b
    tick_institutions(assignment, [school(a)], by=a)
    with pytest.raises(PermissionDenied):
        report_done(assignment, by=a, text="Все сделали.", done_on=today())
    tick_institutions(assignment, [school(b)], by=b)
    assert report_done(assignment, by=b, text="Все сделали.", done_on=today())
    with pytest.raises(TransitionNotAllowed):
        untick_institution(assignment, school(a), by=a)


def test_who_has_left_the_school_ticks_nothing_for_it(cast):
    assignment, a = listed(cast), cast.member_of_school_a
    place = school(a)
    a.posts.update(since=today() - 9 * DAY, until=today() - DAY)
    with pytest.raises(PermissionDenied):
        tick_institutions(assignment, [place], by=a)


# ── beginnings and ends ──

def test_an_assignment_by_hand_reads_its_due_date_and_tells_everybody(cast):
    executor, helper, controller = UserFactory(), UserFactory(), UserFactory()
    due = today() + 40 * DAY
    assignment = give_assignment(by=cast.secretary, text="Дело", executor=executor, co_executors=[helper, executor],
                                 controller=controller, due=f"до {due:%d.%m.%Y}", ground="устно")
    assert (assignment.due_end, assignment.first_due_end, list(assignment.co_executors.all())) == (due, due, [helper])
    told = OutgoingMail.objects.filter(key__startswith="assignment-given:")
    assert {letter.person for letter in told} == {executor, helper, controller}


@pytest.mark.parametrize(("typed", "permanent", "dated"), [("постоянно", True, False), ("", False, False), ("когда-нибудь", False, False)])
def test_a_term_without_days_is_allowed(cast, typed, permanent, dated):
    assignment = give_assignment(by=cast.secretary, text="Дело", executor=cast.stranger, due=typed)
    assert (assignment.is_permanent, assignment.due_end is not None, assignment.due) == (permanent, dated, typed)


def test_a_day_of_this_year_that_has_passed_is_meant_for_the_next_year_but_a_written_year_is_refused(cast):
    passed = today() - DAY
    if passed.year != today().year:
        pytest.skip("on New Year's Day no day of this year has passed")
    assignment = give_assignment(by=cast.secretary, text="Дело", executor=cast.stranger, due=f"до {passed:%d.%m}")
    assert assignment.due_end == passed.replace(year=passed.year + 1)
    with pytest.raises(ValidationError) as refusal:
        give_assignment(by=cast.secretary, text="Дело", executor=cast.stranger, due=f"до {passed:%d.%m.%Y}")
    assert "due" in refusal.value.message_dict


def test_it_is_taken_off_control_as_it_was_seen_and_with_a_reason(cast):
    assignment = given()
    seen = assignment.version
    reported(assignment)
    with pytest.raises(StaleVersion):
        cancel_assignment(assignment, by=cast.secretary, reason="Не нужно", version=seen)
    with pytest.raises(ValidationError):
        cancel_assignment(assignment, by=cast.secretary, reason=" ", version=seen + 1)
    assert cancel_assignment(assignment, by=cast.secretary, reason="Не нужно", version=seen + 1).state == "cancelled"
