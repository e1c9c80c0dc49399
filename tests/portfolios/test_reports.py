"""Progress reports: asked for, written, submitted in time and late, withdrawn, returned, accepted; by whom and when."""
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.models import IndicatorValue, ProgressReport, ReportFile, ReportSubmission, TeamMember
from portfolios.report import workflow
from portfolios.report.measured import indicators_of, known_values
from portfolios.report.missing import lacks_of
from portfolios.report.submission import compare
from portfolios.services import institutions, report_parts, typed
from portfolios.services import period as periods
from portfolios.services import project as projects
from portfolios.services import report as verbs
from projectoffice.accounts.models import Substitution
from projectoffice.common.db import now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail, StoredFile
from tests.factories import InstitutionFactory, PostFactory, UserFactory

from .things import (
    PeriodFactory,
    PortfolioFactory,
    ProjectFactory,
    accepted,
    filled_passport,
    fresh,
    in_force,
    led_by,
    report_of,
    sent,
    shown,
    with_editor,
    written,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
WEEK = timedelta(days=7)


@pytest.fixture
def head(cast):
    return cast.member_of_school_a


@pytest.fixture
def checker():
    return UserFactory(surname="Портнова", email="portnova@example.org")


@pytest.fixture
def project(head, checker):
    return led_by(head.current_post.institution, head=head, portfolio=PortfolioFactory(head=checker))


@pytest.fixture
def report(project):
    return report_of(project)


def half(project, weeks):
    """A period of so many weeks from the beginning of the project."""
    return PeriodFactory(portfolio=project.portfolio, start=project.start, end=project.start + weeks * WEEK)


def stored(name="Фото.pdf", digest="0" * 64):
    return StoredFile.objects.create(name=name, size=10, sha256=digest, content_type="application/pdf", data=f"x/{name}")


def opened(project, by, **fields):
    facts = {"portfolio": project.portfolio, "title": "за полугодие", "start": project.start, "end": project.end,
             "due_at": timezone.now() + WEEK}
    return periods.open_period(by=by, **facts | fields)


# ── who may do what, when ─────────────────────────────────────────────────────────────────────────────────

VERBS = ("write", "submit", "withdraw", "accept", "return", "extend")
BY_STATE = {"draft": "110001", "submitted": "001110", "returned": "110001", "accepted": "000010"}
WRITES, CHECKS, ALL, NOTHING = "111000", "000111", "111111", "000000"
BY_PERSON = {
    "secretary": ALL, "office_head": ALL, "department_head": NOTHING, "administrator": NOTHING, "stranger": NOTHING,
    "member_of_school_b": NOTHING, "head of the project": WRITES, "editor": WRITES, "member": NOTHING,
    "acting for the head": WRITES, "head of the portfolio": CHECKS, "acting for the portfolio's head": CHECKS,
    "head of another portfolio": NOTHING, "former editor": NOTHING,
}


@pytest.fixture
def people(cast, project, checker):
    today, day = timezone.localdate(), timedelta(days=1)
    found = cast.everybody() | {"head of the project": project.head, "head of the portfolio": checker,
                                "head of another portfolio": (other := UserFactory())}
    PortfolioFactory(head=other)
    for name, facts in {"editor": {"role": "editor"}, "member": {"role": "member"},
                        "former editor": {"role": "editor", "until": today - day}}.items():
        found[name] = UserFactory()
        TeamMember.objects.create(project=project, person=found[name], name=name, **facts)
    for name, absent in [("acting for the head", project.head), ("acting for the portfolio's head", checker)]:
        found[name] = UserFactory()
        Substitution.objects.create(absent=absent, acting=found[name], since=today, until=today + day, post="И.о.", basis="приказ")
    return found


@pytest.mark.parametrize("name", BY_PERSON)
@pytest.mark.parametrize("state", BY_STATE)
def test_everybody_may_what_the_tables_say_and_no_more(project, report, people, name, state):
    moment = timezone.now()
    ProgressReport.objects.filter(pk=report.pk).update(
        state=state, remark="Дополните", submitted_at=moment, decided_at=moment)
    found = ProgressReport.objects.get(pk=report.pk)
    expected = "".join("1" if one == other == "1" else "0" for one, other in zip(BY_STATE[state], BY_PERSON[name], strict=True))
    may = "".join("1" if workflow.can(found, verb, people[name]) else "0" for verb in VERBS)
    assert dict(zip(VERBS, may, strict=True)) == dict(zip(VERBS, expected, strict=True))
    assert {verb for verb in workflow.available(found, people[name]) if verb in VERBS} == {
        verb for verb, held in zip(VERBS, expected, strict=True) if held == "1"}
    for verb, held in zip(VERBS, expected, strict=True):
        if held == "1":
            workflow.demand(found, verb, people[name])
        else:
            with pytest.raises((PermissionDenied, TransitionNotAllowed)):
                workflow.demand(found, verb, people[name])


def test_nobody_checks_the_report_of_a_project_one_heads(cast, head):
    project = led_by(head.current_post.institution, head=head, portfolio=PortfolioFactory(head=head))
    report = sent(report_of(project), by=head)
    with pytest.raises(PermissionDenied):
        verbs.accept_report(report, by=head, number=1)
    assert verbs.accept_report(report, by=cast.secretary, number=1).state == "accepted"


def test_a_report_of_a_project_in_the_archive_is_closed(cast, report):
    type(report.project).objects.filter(pk=report.project_id).update(archived_at=timezone.now())
    with pytest.raises(TransitionNotAllowed, match="архиве"):
        verbs.save_draft(report, {"done": "Готово"}, {}, by=cast.secretary)
    assert not ProgressReport.objects.expected().exists()


def test_a_project_that_is_over_still_sends_its_last_report(head, report):
    type(report.project).objects.filter(pk=report.project_id).update(status="finished", result="Готово")
    assert not ProgressReport.objects.expected().exists() and sent(report, by=head).state == "submitted"


# ── a period ──────────────────────────────────────────────────────────────────────────────────────────────

class TestPeriods:
    def test_ask_each_project_that_is_carried_out_in_these_days(self, cast, project):
        same = {"portfolio": project.portfolio}
        others = [ProjectFactory(**same, status="preparing"), ProjectFactory(**same, archived_at=timezone.now(), status="finished"),
                  ProjectFactory(**same, start=project.end + WEEK, end=project.end + 2 * WEEK), ProjectFactory()]
        open_end = ProjectFactory(**same, end=None)
        period = opened(project, cast.secretary)
        assert set(period.reports.values_list("project", flat=True)) == {project.pk, open_end.pk} and others
        assert {report.due_at for report in period.reports.all()} == {period.due_at}

    def test_write_one_letter_to_each_who_keeps_projects(self, cast, project, head):
        second = led_by(head.current_post.institution, head=head, portfolio=project.portfolio)
        editor = with_editor(project, UserFactory(email="editor@example.org")).person
        opened(project, cast.secretary)
        letters = {letter.person: letter.body for letter in OutgoingMail.objects.all()}
        assert set(letters) == {head, editor}
        assert second.title in letters[head] and project.title in letters[head] and second.title not in letters[editor]
        assert "После срока отчёты не принимаем" not in letters[head] and " · " not in letters[head] and "Срок: до" in letters[head]

    def test_say_in_the_letter_when_nothing_is_taken_late(self, cast, project, head):
        opened(project, cast.secretary, accepts_late=False)
        assert "После срока отчёты не принимаем." in OutgoingMail.objects.get(person=head).body

    def test_cost_the_same_for_few_projects_and_many(self, cast, project):
        def queries(count):
            portfolio = PortfolioFactory()
            school = InstitutionFactory()
            for _ in range(count):
                led_by(school, portfolio=portfolio, kind="network").institutions.create(institution=InstitutionFactory(email=""))
            with CaptureQueriesContext(connection) as asked:
                opened(project, cast.secretary, portfolio=portfolio)
            return len(asked)

        queries(1)  # kinds of things are asked for once in a process
        assert queries(1) == queries(12)

    def test_are_opened_by_the_office_and_the_portfolios_head_alone(self, head, checker, project):
        assert opened(project, checker).opened_by == checker
        for person in (head, UserFactory()):
            with pytest.raises(PermissionDenied):
                opened(project, person)

    def test_are_not_opened_with_a_day_that_is_over_nor_twice(self, cast, project):
        with pytest.raises(ValidationError, match="уже прошёл"):
            opened(project, cast.secretary, due_at=timezone.now() - SECOND)
        opened(project, cast.secretary)
        with pytest.raises(ValidationError, match="уже собирают"):
            opened(project, cast.secretary)

    def test_move_the_day_of_drafts_but_not_of_those_with_more_time(self, cast, project):
        other = ProjectFactory(portfolio=project.portfolio)
        period = opened(project, cast.secretary)
        more, plain = period.reports.get(project=other), period.reports.get(project=project)
        verbs.extend_report(more, by=cast.secretary, due_at=period.due_at + 5 * WEEK, reason="Карантин")
        OutgoingMail.objects.all().delete()
        later = period.due_at + WEEK
        periods.save_period(period, by=cast.secretary, version=period.version, due_at=later)
        assert fresh(plain).due_at == later and fresh(more).due_at == period.due_at + 5 * WEEK
        assert [letter.person for letter in OutgoingMail.objects.all()] == [project.head]

    def test_two_editors_do_not_overwrite_each_other(self, cast, project):
        period = opened(project, cast.secretary)
        periods.save_period(period, by=cast.secretary, version=1, title="за первое полугодие")
        with pytest.raises(StaleVersion):
            periods.save_period(period, by=cast.office_head, version=1, title="за осень")

    def test_are_taken_away_while_nobody_has_submitted(self, cast, project, head):
        period = opened(project, cast.secretary)
        report = period.reports.get()
        sent(report, by=head)
        with pytest.raises(ValidationError, match="уже отправляли"):
            periods.remove_period(period, by=cast.secretary)
        empty = opened(project, cast.secretary, start=project.start + WEEK)
        periods.remove_period(empty, by=cast.secretary)
        periods.remove_period(empty, by=cast.secretary)
        assert list(ProgressReport.objects.all()) == [report]

    def test_wait_for_a_project_that_begins_later_while_they_are_open(self, cast, project):
        late = ProjectFactory(portfolio=project.portfolio, status="preparing", head=UserFactory(email="late@example.org"))
        period = opened(project, cast.secretary)
        over = PeriodFactory(portfolio=project.portfolio, due_at=timezone.now() - WEEK)
        projects.move(late, "start", by=cast.secretary)
        assert list(late.reports.values_list("period", flat=True)) == [period.pk] and over.pk
        projects.move(late, "suspend", by=cast.secretary, reason="Ремонт")
        assert not ProgressReport.objects.expected().filter(project=late).exists()
        projects.move(late, "resume", by=cast.secretary)
        assert ProgressReport.objects.expected().filter(project=late).count() == 1

    def test_wait_for_a_project_that_is_brought_back_or_given_other_days(self, cast, project):
        archived = ProjectFactory(portfolio=project.portfolio, archived_at=timezone.now())
        ended = ProjectFactory(portfolio=project.portfolio, start=project.start - 60 * WEEK, end=project.start - WEEK)
        period = opened(project, cast.secretary)
        assert [report.project for report in period.reports.all()] == [project]
        projects.unarchive(archived, by=cast.secretary)
        projects.save_project(ended, by=cast.secretary, version=ended.version, end=project.end)
        assert {report.project for report in period.reports.all()} == {project, archived, ended}

    def test_one_project_is_added_by_hand_once(self, cast, project):
        period = opened(project, cast.secretary)
        other = ProjectFactory(portfolio=project.portfolio, status="preparing")
        assert verbs.add_project(period, other, by=cast.secretary) == verbs.add_project(period, other, by=cast.secretary)
        with pytest.raises(ValidationError, match="другого портфеля"):
            verbs.add_project(period, ProjectFactory(), by=cast.secretary)

    def test_a_team_begins_a_report_nobody_asked_for_once(self, cast, head, project):
        period = PeriodFactory(portfolio=project.portfolio)
        first = verbs.start_report(project, period, by=head)
        assert verbs.start_report(project, period, by=head) == first and first.due_at == period.due_at
        with pytest.raises(PermissionDenied):
            verbs.start_report(project, PeriodFactory(portfolio=project.portfolio), by=cast.member_of_school_b)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────

class TestWriting:
    def save(self, report, by, began=None, **texts):
        return verbs.save_draft(report, texts, began or {}, by=by)

    def test_one_goes_on_with_the_marks_of_the_answer(self, head, report):
        marks = self.save(report, head, done="Прошли").shown
        marks = self.save(report, head, marks, done="Прошли встречи").shown
        self.save(report, head, marks, done="")
        assert fresh(report).done == ""

    def test_two_write_different_texts_and_both_are_kept(self, cast, head, report):
        self.save(report, head, done="Прошли встречи")
        self.save(report, cast.secretary, plans="Показ")
        assert (fresh(report).done, fresh(report).plans) == ("Прошли встречи", "Показ")

    def test_the_same_text_of_two_is_a_collision_with_both(self, cast, head, report):
        self.save(report, head, done="Прошли встречи")
        with pytest.raises(typed.Collision) as refusal:
            self.save(report, cast.secretary, done="Всё сделано", plans="Показ")
        assert refusal.value.values["done"] == "Прошли встречи" and fresh(report).plans == ""

    def test_the_same_save_twice_writes_once(self, head, report):
        self.save(report, head, done="Прошли")
        version = fresh(report).version
        self.save(report, head, done="Прошли")
        assert fresh(report).version == version

    def test_a_value_keeps_what_was_typed_and_its_number(self, head, report):
        row = report.project.indicators.create(position=1, name="Доля", unit="%", target=75)
        for text, value in [("12,5 %", Decimal("12.5")), ("около 10", None), ("1 200", Decimal(1200)), ("", None)]:
            marks = typed.read_marks(typed.shown_marks(verbs.stored_texts(fresh(report), indicators_of(report.project))))
            self.save(report, head, marks, **{f"value-{row.uid}-text": text})
            found = IndicatorValue.objects.get(report=report)
            assert (found.text, found.value) == (text, value)

    def test_an_indicator_of_another_project_is_nobodys(self, head, report):
        other = ProjectFactory().indicators.create(position=1, name="Чужой", target=1)
        assert self.save(report, head, **{f"value-{other.uid}-text": "10", "state": "accepted", "project_id": "1"}).written == []
        assert not IndicatorValue.objects.exists() and fresh(report).state == "draft"

    def test_a_sent_report_is_closed_in_the_database_too(self, head, report):
        sent(report, by=head)
        with pytest.raises(TransitionNotAllowed, match="ждёт проверки"):
            self.save(report, head, done="Иначе")
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgressReport.objects.filter(pk=report.pk).update(done="Иначе")

    def test_indicators_are_those_of_the_passport_in_force(self, cast, project, head):
        passport = in_force(filled_passport(project, by=head), cast.secretary)
        assert [(each.name, each.is_cumulative) for each in indicators_of(passport.project)] == [("Участники", True)]


# ── sending ───────────────────────────────────────────────────────────────────────────────────────────────

class TestSending:
    def test_says_what_is_missing_in_order(self, head, report):
        report.project.indicators.create(position=1, name="Доля", unit="человек", target=75)
        with pytest.raises(ValidationError) as refusal:
            verbs.submit_report(report, by=head, shown=shown(report))
        words = refusal.value.messages
        assert "что сделано" in words[0] and "как идёт" in words[1] and "«Доля»" in words[2] and len(words) == 3
        assert fresh(report).state == "draft"

    @pytest.mark.parametrize("text, words", [("около 10", "одно число"), ("12,5 %", "единица другая"), ("", "впишите значение")])
    def test_a_value_that_is_no_number_stops_the_sending_not_the_draft(self, head, report, text, words):
        row = report.project.indicators.create(position=1, name="Учителя", unit="человек", target=75)
        written(report)
        IndicatorValue.objects.update_or_create(report=report, indicator=row, defaults={"text": text, "value": None, "evidence": ""})
        with pytest.raises(ValidationError, match=words):
            verbs.submit_report(report, by=head, shown=shown(report))
        assert report.values.get().text == text

    def test_a_missing_value_is_explained_instead(self, head, report):
        row = report.project.indicators.create(position=1, name="Учителя", target=75)
        written(report)
        IndicatorValue.objects.filter(indicator=row).update(text="", value=None, evidence="Замер в мае")
        assert sent(fresh(report), by=head) and lacks_of(fresh(report)) == []

    def test_trouble_asks_what_is_in_the_way(self, head, report):
        written(report, course="lagging")
        assert [each.name for each in lacks_of(report)] == ["problems"]

    @pytest.mark.parametrize("ahead, is_late", [(SECOND * 5, False), (-SECOND, True)])
    def test_the_second_counts_by_the_databases_clock(self, head, report, ahead, is_late):
        ProgressReport.objects.filter(pk=report.pk).update(due_at=now() + ahead)
        assert sent(fresh(report), by=head).is_late is is_late and ReportSubmission.objects.get().is_late is is_late

    def test_where_no_late_ones_are_taken_the_draft_stays(self, head, report):
        type(report.period).objects.update(accepts_late=False)
        ProgressReport.objects.filter(pk=report.pk).update(due_at=now() - SECOND)
        with pytest.raises(TransitionNotAllowed, match="Приём закончился"):
            sent(fresh(report), by=head)
        assert fresh(report).done == "Прошли все встречи." and fresh(report).state == "draft"
        ProgressReport.objects.filter(pk=report.pk).update(due_at=now() + SECOND * 5)
        assert sent(fresh(report), by=head).state == "submitted"

    def test_more_time_for_one_report_makes_it_timely(self, cast, head, report):
        ProgressReport.objects.filter(pk=report.pk).update(due_at=now() - SECOND)
        verbs.extend_report(report, by=cast.secretary, due_at=now() + WEEK, reason="Карантин")
        assert not sent(fresh(report), by=head).is_late
        assert "Карантин" in OutgoingMail.objects.get(person=head).body

    def test_twice_in_two_tabs_is_once(self, head, report):
        page = shown(written(report))
        first, second = (verbs.submit_report(fresh(report), by=head, shown=page) for _ in range(2))
        assert first == second and ReportSubmission.objects.count() == 1 and history_of(report).count() == 1

    def test_a_tab_with_other_words_is_told_and_nothing_is_lost(self, head, report):
        page = shown(written(report))
        verbs.save_draft(fresh(report), {"plans": "Два показа"}, {"plans": typed.mark("Открытый показ.")}, by=head)
        with pytest.raises(StaleVersion):
            verbs.submit_report(fresh(report), by=head, shown=page)
        sent(fresh(report), by=head, plans="Два показа")
        with pytest.raises(TransitionNotAllowed, match="уже отправлен"):
            verbs.submit_report(fresh(report), by=head, shown=page)

    def test_what_was_submitted_never_changes(self, head, report):
        report.project.indicators.create(position=1, name="Учителя", target=75)
        sent(report, by=head)
        row = ReportSubmission.objects.get()
        assert row.snapshot["indicators"][0]["name"] == "Учителя" and row.snapshot["texts"]["done"] == "Прошли все встречи."
        for act in (lambda: ReportSubmission.objects.update(is_late=True), lambda: ReportSubmission.objects.all().delete()):
            with pytest.raises(IntegrityError), transaction.atomic():
                act()

    def test_the_office_enters_with_its_source_and_the_team_without(self, cast, head, report):
        written(report)
        with pytest.raises(ValidationError, match="откуда это известно"):
            verbs.submit_report(report, by=cast.secretary, shown=shown(report))
        row = verbs.submit_report(report, by=cast.secretary, shown=shown(report), source="письмо", source_date=timezone.localdate())
        assert (row.recorded_by, row.by, row.source) == (cast.secretary, None, "письмо")
        verbs.withdraw_report(report, by=head)
        row = verbs.submit_report(report, by=head, shown=shown(report), source="письмо", source_date=timezone.localdate())
        assert (row.recorded_by, row.by, row.source, row.number) == (None, head, "", 2)

    def test_a_letter_of_tomorrow_is_no_source(self, cast, report):
        written(report)
        with pytest.raises(ValidationError, match="не наступил"):
            verbs.submit_report(report, by=cast.secretary, shown=shown(report), source="письмо",
                                source_date=timezone.localdate() + timedelta(days=1))

    def test_it_is_withdrawn_while_nobody_has_decided(self, cast, head, report):
        sent(report, by=head)
        verbs.withdraw_report(report, by=head)
        assert verbs.withdraw_report(report, by=head).state == "draft"
        accepted(fresh(report), head, cast.secretary)
        with pytest.raises(TransitionNotAllowed, match="ещё не проверили"):
            verbs.withdraw_report(report, by=head)


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────

class TestChecking:
    def test_accepted_it_tells_the_project_and_the_team(self, head, checker, report):
        accepted(report, head, checker)
        project = fresh(report.project)
        assert (project.course, project.last_report_on) == ("on_track", timezone.localdate())
        assert [letter.subject[:13] for letter in OutgoingMail.objects.filter(person=head)] == ["Отчёт принят:"]
        version = fresh(report).version
        assert verbs.accept_report(report, by=checker, number=1).version == version

    def test_returned_it_says_why_and_until_when(self, head, checker, report):
        sent(report, by=head)
        due = timezone.now() + 2 * WEEK
        for words, day, found in [("", due, "remark"), ("Дополните", timezone.now() - SECOND, "due_at"), ("Дополните", None, "due_at")]:
            with pytest.raises(ValidationError) as refusal:
                verbs.return_report(report, by=checker, number=1, remark=words, due_at=day)
            assert found in refusal.value.message_dict
        verbs.return_report(report, by=checker, number=1, remark="Укажите исходное значение", due_at=due)
        found = fresh(report)
        assert (found.state, found.remark, found.due_at, found.decided_by) == ("returned", "Укажите исходное значение", due, checker)
        assert "исходное значение" in OutgoingMail.objects.get(person=head).body
        assert sent(found, by=head, done="Дополнено").submissions.count() == 2
        assert verbs.withdraw_report(found, by=head).state == "returned"

    def test_a_page_with_an_older_submission_decides_nothing(self, head, checker, report):
        sent(report, by=head)
        verbs.withdraw_report(report, by=head)
        sent(fresh(report), by=head, done="Иначе")
        for act in (lambda: verbs.accept_report(report, by=checker, number=1),
                    lambda: verbs.return_report(report, by=checker, number=1, remark="Нет", due_at=timezone.now() + WEEK)):
            with pytest.raises(StaleVersion):
                act()

    def test_returned_after_acceptance_the_project_is_as_it_was_before(self, head, checker, project):
        first = report_of(project, period=half(project, 8))
        second = report_of(project, period=half(project, 20))
        accepted(first, head, checker)
        written(second, course="in_trouble", problems="Нет людей")
        sent(second, by=head, course="in_trouble", problems="Нет людей")
        verbs.accept_report(second, by=checker, number=1)
        assert fresh(project).course == "in_trouble"
        verbs.return_report(second, by=checker, number=1, remark="Ошибка", due_at=timezone.now() + WEEK)
        assert fresh(project).course == "on_track"
        verbs.return_report(first, by=checker, number=1, remark="Ошибка", due_at=timezone.now() + WEEK)
        assert (fresh(project).course, fresh(project).last_report_on) == ("", None)

    def test_an_older_period_accepted_later_does_not_speak_for_today(self, head, checker, project):
        older = report_of(project, period=half(project, 8))
        newer = report_of(project, period=half(project, 20))
        accepted(newer, head, checker)
        sent(older, by=head, course="in_trouble", problems="Нет людей")
        verbs.accept_report(older, by=checker, number=1)
        assert fresh(project).course == "on_track"

    def test_values_add_up_or_follow_one_another(self, head, checker, project):
        adding = project.indicators.create(position=1, name="Занятия", baseline=5, target=30, is_cumulative=True)
        latest = project.indicators.create(position=2, name="Доля", unit="%", baseline=50, target=75)
        for weeks, (one, other) in [(8, (10, 60)), (20, (4, 70))]:
            report = report_of(project, period=half(project, weeks))
            for row, value in ((adding, one), (latest, other)):
                IndicatorValue.objects.create(report=report, indicator=row, text=str(value), value=value)
            accepted(report, head, checker)
        report_of(project).values.create(indicator=adding, text="100", value=100)  # a draft counts for nothing
        known = known_values(project)
        assert known[str(adding.uid)].actual(adding.baseline, True) == 19 and known[str(latest.uid)].actual(latest.baseline, False) == 70

    def test_two_submissions_are_compared_field_by_field(self, head, checker, report):
        sent(report, by=head)
        verbs.return_report(report, by=checker, number=1, remark="Подробнее", due_at=timezone.now() + WEEK)
        sent(fresh(report), by=head, done="Прошли три встречи.", course="lagging", problems="Болеют")
        new, old = ReportSubmission.objects.all()
        assert [pair.title for pair in compare(old.snapshot, new.snapshot).fields] == ["Ход проекта", "Что сделано", "Что мешает"]
        assert compare(new.snapshot, new.snapshot).is_empty


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────

class TestFiles:
    def test_the_same_file_twice_is_one(self, head, report):
        assert verbs.add_file(report, stored(), by=head) == verbs.add_file(report, stored(), by=head)

    def test_a_file_taken_out_stays_in_what_was_submitted_and_comes_back(self, head, report):
        row = verbs.add_file(report, stored(), by=head)
        sent(report, by=head)
        with pytest.raises(TransitionNotAllowed):
            verbs.remove_file(row, by=head)
        verbs.withdraw_report(report, by=head)
        verbs.remove_file(row, by=head)
        verbs.remove_file(row, by=head)
        assert fresh(row).removed and ReportSubmission.objects.get().snapshot["files"][0]["name"] == "Фото.pdf"
        assert not verbs.remove_file(row, by=head, back=True).removed

    def test_there_is_an_end_of_files(self, head, report, monkeypatch):
        monkeypatch.setattr(verbs, "MOST_FILES", 1)
        verbs.add_file(report, stored(), by=head)
        with pytest.raises(ValidationError, match="не больше 1"):
            verbs.add_file(report, stored("Другой.pdf", "1" * 64), by=head)
        assert ReportFile.objects.count() == 1

    def test_there_is_the_same_end_on_the_way_back(self, head, report, monkeypatch):
        monkeypatch.setattr(verbs, "MOST_FILES", 1)
        row = verbs.add_file(report, stored(), by=head)
        verbs.remove_file(row, by=head)
        verbs.add_file(report, stored("Другой.pdf", "1" * 64), by=head)
        with pytest.raises(ValidationError, match="не больше 1"):
            verbs.remove_file(row, by=head, back=True)
        assert fresh(row).removed


# ── parts of partners ─────────────────────────────────────────────────────────────────────────────────────

@pytest.fixture
def network(cast, head, checker):
    project = led_by(head.current_post.institution, head=head, kind="network", portfolio=PortfolioFactory(head=checker))
    project.institutions.create(institution=cast.member_of_school_b.current_post.institution)
    return project


class TestParts:
    def test_are_asked_of_open_partners_of_network_projects_alone(self, cast, network, project):
        closed = network.institutions.create(institution=InstitutionFactory(closed_on=timezone.localdate()))
        project.institutions.create(institution=InstitutionFactory())
        period = opened(network, cast.secretary)
        assert [part.place for part in period.reports.get().parts.all()] == [cast.member_of_school_b.current_post.institution]
        assert closed.pk and not report_of(project).parts.exists()
        assert OutgoingMail.objects.filter(person=cast.member_of_school_b, subject__startswith="Нужна часть").count() == 1

    def test_are_written_by_people_of_the_institution_and_the_office_alone(self, cast, head, network):
        part = report_of(network).parts.get()
        colleague = PostFactory(person=UserFactory(), institution=part.place).person
        report_parts.save_part(part, "Три встречи", {}, by=cast.member_of_school_b)
        with pytest.raises(typed.Collision):
            report_parts.save_part(part, "Две встречи", {}, by=colleague)
        for person in (head, cast.stranger, cast.department_head):
            with pytest.raises(PermissionDenied):
                report_parts.save_part(part, "Иначе", {}, by=person)
            with pytest.raises(PermissionDenied):
                report_parts.send_part(part, by=person)

    def test_are_sent_once_and_the_coordinator_learns_when_all_are_in(self, cast, head, network):
        network.institutions.create(institution=InstitutionFactory())
        first, second = report_of(network).parts.order_by("pk")
        with pytest.raises(ValidationError, match="что сделано"):
            report_parts.send_part(first, by=cast.member_of_school_b)
        report_parts.save_part(first, "Три встречи", {}, by=cast.member_of_school_b)
        for _ in range(2):
            report_parts.send_part(first, by=cast.member_of_school_b)
        assert not OutgoingMail.objects.exists() and fresh(first).sent_by == cast.member_of_school_b
        report_parts.save_part(second, "Показ", {}, by=cast.secretary)
        report_parts.send_part(second, by=cast.secretary, source="звонок", source_date=timezone.localdate())
        assert OutgoingMail.objects.get().person == head

    def test_sent_by_the_office_say_from_where_and_return_to_the_institution(self, cast, head, network):
        part = report_of(network).parts.get()
        report_parts.save_part(part, "Три встречи", {}, by=cast.secretary)
        with pytest.raises(ValidationError, match="откуда это известно"):
            report_parts.send_part(part, by=cast.secretary)
        report_parts.send_part(part, by=cast.secretary, source="звонок", source_date=timezone.localdate(), source_file=stored())
        found = fresh(part)
        assert (found.sent_by, found.recorded_by, found.source, found.source_file.name) == (None, cast.secretary, "звонок", "Фото.pdf")
        assert "Внесена офисом часть (звонок" in history_of(part.report)[0].sentence
        OutgoingMail.objects.all().delete()
        report_parts.return_part(part, by=head, remark="Сколько человек?")
        assert [letter.person for letter in OutgoingMail.objects.all()] == [cast.member_of_school_b]
        report_parts.send_part(part, by=cast.member_of_school_b)
        found = fresh(part)
        assert (found.sent_by, found.recorded_by, found.source, found.source_file) == (cast.member_of_school_b, None, "", None)

    def test_of_a_sender_who_left_return_to_the_institution(self, cast, head, network):
        part = report_of(network).parts.get()
        gone = PostFactory(person=UserFactory(), institution=part.place).person
        report_parts.save_part(part, "Три встречи", {}, by=gone)
        report_parts.send_part(part, by=gone)
        gone.posts.update(until=timezone.localdate() - timedelta(days=1))
        type(gone).objects.filter(pk=gone.pk).update(is_active=False)
        OutgoingMail.objects.all().delete()
        report_parts.return_part(fresh(part), by=head, remark="Сколько человек?")
        assert [letter.person for letter in OutgoingMail.objects.all()] == [cast.member_of_school_b]

    def test_are_taken_into_the_report_once(self, cast, head, network):
        part = report_of(network).parts.get()
        with pytest.raises(TransitionNotAllowed, match="не прислали"):
            report_parts.take_part(part, by=head)
        report_parts.save_part(part, "Три встречи", {}, by=cast.member_of_school_b)
        report_parts.send_part(part, by=cast.member_of_school_b)
        for _ in range(2):
            report_parts.take_part(part, by=head)
        assert fresh(part.report).done == f"{part.place}:\nТри встречи"
        with pytest.raises(PermissionDenied):
            report_parts.take_part(part, by=cast.member_of_school_b)

    def test_the_letter_that_all_are_in_waits_for_the_last_though_the_project_is_suspended(self, cast, head, network):
        network.institutions.create(institution=InstitutionFactory())
        parts = report_of(network).parts.order_by("pk")
        type(network).objects.filter(pk=network.pk).update(status="suspended")
        for part, letters in zip(parts, (0, 1), strict=True):
            report_parts.save_part(part, "Показ", {}, by=cast.secretary)
            report_parts.send_part(part, by=cast.secretary, source="звонок", source_date=timezone.localdate())
            assert OutgoingMail.objects.count() == letters

    def test_one_that_does_not_fit_is_not_taken_in(self, cast, head, network):
        part = report_of(network).parts.get()
        report_parts.save_part(part, "Три встречи", {}, by=cast.member_of_school_b)
        report_parts.send_part(part, by=cast.member_of_school_b)
        ProgressReport.objects.update(done="я" * 9_995)
        with pytest.raises(TransitionNotAllowed, match="не помещается"):
            report_parts.take_part(part, by=head)
        assert len(fresh(part.report).done) == 9_995 and fresh(part).taken_at is None

    def test_are_sent_back_with_words(self, cast, head, network):
        part = report_of(network).parts.get()
        report_parts.save_part(part, "Три встречи", {}, by=cast.member_of_school_b)
        report_parts.send_part(part, by=cast.member_of_school_b)
        with pytest.raises(TransitionNotAllowed, match="уже отправлена"):
            report_parts.save_part(part, "Иначе", {"text": typed.mark("Три встречи")}, by=cast.member_of_school_b)
        with pytest.raises(ValidationError):
            report_parts.return_part(part, by=head, remark=" ")
        report_parts.return_part(part, by=head, remark="Сколько человек?")
        found = fresh(part)
        assert (found.sent_at, found.remark, found.remark_by) == (None, "Сколько человек?", head)
        assert "Сколько человек?" in OutgoingMail.objects.get(person=cast.member_of_school_b).body

    def test_of_an_institution_closed_in_mid_year_are_not_waited_for(self, cast, head, network):
        part = report_of(network).parts.get()
        assert part.report.parts.expected().exists()
        report_parts.save_part(part, "Три встречи", {}, by=cast.member_of_school_b)
        type(part.place).objects.filter(pk=part.place.pk).update(closed_on=timezone.localdate())
        part = type(part).objects.get(pk=part.pk)
        assert not part.report.parts.expected().exists()
        with pytest.raises(TransitionNotAllowed, match="закрыто"):
            report_parts.send_part(part, by=cast.secretary)
        assert sent(part.report, by=head).submissions.get().snapshot["parts"][0]["text"] == "Три встречи"

    def test_a_partner_that_comes_later_has_one_and_one_that_leaves_takes_an_empty_one_along(self, head, network):
        report = report_of(network)
        row = institutions.add_institution(network, InstitutionFactory(), by=head)
        assert report.parts.count() == 2
        institutions.remove_institution(row, by=head)
        assert report.parts.count() == 1
        report_parts.save_part(report.parts.get(), "Три встречи", {}, by=UserFactory(roles=["office_staff"]))
        with pytest.raises(ValidationError, match="В отчётах есть часть"):
            institutions.remove_institution(network.institutions.get(role="partner"), by=head)

    def test_a_project_that_becomes_a_network_collects_parts(self, cast, project):
        project.institutions.create(institution=InstitutionFactory())
        report = report_of(project)
        projects.save_project(project, by=cast.secretary, version=project.version, kind="network")
        assert report.parts.count() == 1
