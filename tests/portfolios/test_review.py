"""Checking reports: the queue of one person, one report beside the last accepted one, accepting, returning, several at once."""
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.models import Indicator, ProgressReport
from portfolios.report.checking import checked_by, waiting_for
from portfolios.services import report as verbs
from projectoffice.accounts.models import Substitution
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for as rows_for
from tests.canary import Canaries
from tests.factories import UserFactory

from .things import (
    PeriodFactory,
    PortfolioFactory,
    ProjectFactory,
    ReportFactory,
    accepted,
    fresh,
    led_by,
    report_of,
    sent,
    stored_file,
    with_editor,
    written,
)

pytestmark = pytest.mark.django_db
REVIEW = "/reports/review/"


@pytest.fixture
def checker():
    return UserFactory(surname="Портнова", username="portnova", email="portnova@example.org")


@pytest.fixture
def portfolio(checker):
    return PortfolioFactory(head=checker)


@pytest.fixture
def project(cast, portfolio):
    head = cast.member_of_school_a
    return led_by(head.current_post.institution, head=head, portfolio=portfolio, title="Команда параллели")


@pytest.fixture
def report(project):
    return sent(report_of(project), by=project.head, done="Провели три встречи.")


@pytest.fixture
def as_checker(client, checker):
    client.force_login(checker)
    return client


def another(portfolio, cast, **texts):
    """One more report on check of the portfolio."""
    head = cast.member_of_school_a
    return sent(report_of(led_by(head.current_post.institution, head=head, portfolio=portfolio)), by=head, **texts)


def page(client, query=""):
    return client.get(f"{REVIEW}{query}")


def returning(report, **typed):
    ahead = timezone.localtime() + timedelta(days=3)
    return {"number": 1, "remark": "Допишите числа.", "due_at": ahead.date().isoformat(), "due_hour": "17:00"} | typed


class TestTheQueue:
    def test_is_of_the_own_portfolios_and_for_the_office_of_all(self, cast, checker, portfolio, report):
        other = ReportFactory(state="submitted", project__portfolio=PortfolioFactory(head=cast.member_of_school_b))
        ReportFactory(state="draft", project__portfolio=portfolio)
        assert list(checked_by(checker)) == [report]
        assert list(checked_by(cast.member_of_school_b)) == [other]
        assert set(checked_by(cast.secretary)) == {report, other}
        assert not checked_by(cast.department_head) and not checked_by(cast.stranger)

    def test_nobody_checks_the_project_one_keeps_oneself_so_the_office_is_asked(self, cast, checker):
        own = ReportFactory(state="submitted", project__head=checker, project__portfolio=PortfolioFactory(head=checker))
        assert not checked_by(checker) and not waiting_for(checker)
        assert list(waiting_for(cast.secretary)) == [own]

    def test_of_a_project_the_head_keeps_the_office_is_asked_and_named(self, client, cast, checker, portfolio, project, report):
        draft = written(report_of(project))
        with_editor(project, checker)
        assert not checked_by(checker) and not waiting_for(checker) and list(waiting_for(cast.secretary)) == [report]
        client.force_login(project.head)
        for address in (report.get_absolute_url(), f"{draft.get_absolute_url()}submit/"):
            words = client.get(address).content.decode()
            assert "Проектный офис" in words and checker.short_name not in words

    def test_waits_for_the_head_and_for_the_office_only_where_no_head_is_at_work(self, cast, checker, report):
        orphan = ReportFactory(state="submitted")
        gone = ReportFactory(state="submitted", project__portfolio=PortfolioFactory(head=UserFactory(is_active=False)))
        assert list(waiting_for(checker)) == [report]
        assert set(waiting_for(cast.secretary)) == {orphan, gone}

    def test_of_an_archived_project_nobody_is_asked(self, checker, report):
        report.project.archived_at = timezone.now()
        report.project.save()
        assert not checked_by(checker)

    def test_who_acts_for_the_head_checks_too(self, checker, report):
        acting = UserFactory()
        today = timezone.localdate()
        Substitution.objects.create(absent=checker, acting=acting, since=today, until=today, post="И.о.", basis="приказ № 1")
        assert list(checked_by(acting)) == [report]

    def test_stands_in_the_list_of_the_start_page_as_one_row_for_a_period(self, cast, checker, portfolio, report):
        sent(report_of(led_by(cast.member_of_school_a.current_post.institution, head=cast.member_of_school_a, portfolio=portfolio),
                       period=report.period), by=cast.member_of_school_a)
        rows = [(row.what, row.url) for row in rows_for(checker)]
        assert rows == [("Проверить отчёты: 2", f"{REVIEW}?period={report.period_id}")]
        assert not [row for row in rows_for(cast.member_of_school_a) if row.what.startswith("Проверить")]


class TestThePage:
    def test_lays_the_report_beside_the_last_accepted_one_of_the_same_project(self, as_checker, checker, project):
        Indicator.objects.create(project=project, position=1, name="Участники", unit="человек", baseline=0, target=120, is_cumulative=True)
        early = PeriodFactory(portfolio=project.portfolio, start=project.start, end=project.start + timedelta(days=30))
        late = PeriodFactory(portfolio=project.portfolio, start=project.start, end=project.start + timedelta(days=60))
        past = accepted(report_of(project, period=early), project.head, checker)
        now = sent(report_of(project, period=late), by=project.head, done="Провели показ.", course="lagging", problems="Нет зала.")
        answer = page(as_checker)
        checked = answer.context["checked"]
        assert answer.context["report"] == now and checked.before.report == past
        assert [(part.title, part.now, part.before) for part in checked.sections][:2] == [
            ("Что сделано", "Провели показ.", "Прошли все встречи."), ("Что мешает", "Нет зала.", "")]
        line = checked.lines[0]
        assert (line.name, line.target, line.before, line.now, line.came_to) == (
            "Участники", "120\xa0человек", "10\xa0человек", "10\xa0человек", "20\xa0человек")
        assert [badge[1] for badge in checked.courses] == ["Есть отставание", "По плану"]

    def test_says_that_a_first_report_has_nothing_to_stand_beside(self, as_checker, report):
        assert "Это первый отчёт проекта." in page(as_checker).content.decode()

    def test_takes_who_waits_longest_first_and_the_one_asked_for(self, as_checker, cast, portfolio, report):
        second = another(portfolio, cast)
        assert page(as_checker).context["report"] == report
        assert page(as_checker, f"?report={second.pk}").context["report"] == second
        assert page(as_checker, f"?period={second.period_id}").context["report"] == second

    def test_proposes_ten_days_at_the_hour_of_the_period(self, as_checker, report):
        form = page(as_checker).context["form"]
        assert form["due_at"].initial == timezone.localdate() + timedelta(days=10)
        assert form["due_hour"].initial == timezone.localtime(report.period.due_at).time().replace(second=0, microsecond=0)

    def test_says_kindly_that_nothing_waits_and_when_the_next_are_due(self, as_checker, portfolio):
        PeriodFactory(portfolio=portfolio, title="за год")
        words = page(as_checker, f"?portfolio={portfolio.pk}").content.decode()
        assert "Все присланные отчёты проверены." in words and "отчёты за год" in words

    @pytest.mark.parametrize("query", ["?report=x", "?period=99999999999", "?portfolio=-1", "?report=%00", "?period=²"])
    def test_nonsense_in_the_address_is_no_error(self, as_checker, report, query):
        assert page(as_checker, query).status_code == 200

    def test_lists_the_files_of_the_submission_with_their_way(self, as_checker, project):
        draft = report_of(project)
        row = verbs.add_file(draft, stored_file("Фото встречи.pdf"), by=project.head)
        sent(fresh(draft), by=project.head)
        assert f'/reports/files/{row.pk}/">Фото встречи.pdf' in page(as_checker).content.decode()

    def test_after_a_return_it_tells_the_remark_and_what_changed(self, as_checker, cast, project, report):
        verbs.return_report(report, by=cast.secretary, number=1, remark="Сколько встреч?", due_at=timezone.now() + timedelta(days=1))
        sent(fresh(report), by=project.head, done="Провели пять встреч.")
        words = page(as_checker).content.decode()
        assert "Сколько встреч?" in words and f"/reports/{report.pk}/compare/" in words

    def test_shows_what_was_sent_and_not_what_is_being_written(self, as_checker, report):
        canaries = Canaries()
        ProgressReport.objects.filter(pk=report.pk).update(state="draft")
        ProgressReport.objects.filter(pk=report.pk).update(done=canaries.plant("a draft"), state="submitted")
        answer = page(as_checker)
        assert answer.context["report"] == report and canaries.scan(answer) == set()

    def test_costs_the_same_for_few_and_many(self, as_checker, cast, portfolio, project):
        def cost():
            page(as_checker)
            with CaptureQueriesContext(connection) as asked:
                assert page(as_checker).status_code == 200
            return len(asked)

        for place in range(3):
            Indicator.objects.create(project=project, position=place + 1, name=f"Показатель {place}", target=5)
        sent(report_of(project), by=project.head)
        few = cost()
        for _ in range(4):
            another(portfolio, cast)
        assert few == cost() <= 20


class TestWhoGetsThere:
    def test_the_school_never_and_another_head_finds_nothing(self, client, cast, report):
        client.force_login(cast.member_of_school_a)
        assert page(client).status_code == 403
        other = UserFactory()
        PortfolioFactory(head=other)
        client.force_login(other)
        assert "Все присланные отчёты проверены." in page(client).content.decode()
        assert page(client, f"?report={report.pk}").status_code == 404
        for verb in ("accept", "return", "extend"):
            assert client.post(f"/reports/{report.pk}/{verb}/", returning(report)).status_code == 404
        assert fresh(report).state == "submitted"

    def test_who_reads_the_report_but_does_not_check_it_is_led_to_it(self, client, cast, checker):
        own = sent(report_of(ProjectFactory(head=checker, portfolio=PortfolioFactory(head=checker))), by=checker)
        client.force_login(checker)
        assert page(client, f"?report={own.pk}").url == own.get_absolute_url()
        assert client.post(f"/reports/{own.pk}/accept/", {"number": 1}).status_code == 403
        client.force_login(cast.secretary)
        assert client.post(f"/reports/{own.pk}/accept/", {"number": 1}).status_code == 302
        assert fresh(own).state == "accepted"


class TestAccepting:
    def test_and_on_leads_to_the_next_that_waits(self, as_checker, cast, portfolio, report):
        second = another(portfolio, cast)
        answer = as_checker.post(f"/reports/{report.pk}/accept/?portfolio={portfolio.pk}", {"number": 1, "next": "1"})
        assert answer.url == f"{REVIEW}?portfolio={portfolio.pk}&report={second.pk}"
        assert (fresh(report).state, fresh(second).state) == ("accepted", "submitted")
        assert fresh(report.project).course == "on_track"

    def test_the_last_one_leads_to_the_empty_queue(self, as_checker, report):
        assert as_checker.post(f"/reports/{report.pk}/accept/", {"number": 1, "next": "1"}).url == REVIEW

    def test_without_going_on_leads_to_the_report(self, as_checker, report):
        assert as_checker.post(f"/reports/{report.pk}/accept/", {"number": 1}).url == report.get_absolute_url()

    def test_of_what_somebody_decided_meanwhile_does_nothing_twice_and_says_who(self, as_checker, cast, report):
        verbs.accept_report(report, by=cast.secretary, number=1)
        letters = OutgoingMail.objects.count()
        answer = as_checker.post(f"/reports/{report.pk}/accept/", {"number": 1}, follow=True)
        assert "Отчёт принят: Сорокина" in answer.content.decode()
        assert fresh(report).decided_by == cast.secretary and OutgoingMail.objects.count() == letters

    def test_of_another_submission_than_was_read_is_refused_in_words(self, as_checker, cast, project, report):
        verbs.return_report(report, by=cast.secretary, number=1, remark="Не то", due_at=timezone.now() + timedelta(days=1))
        again = sent(fresh(report), by=project.head, done="Провели пять встреч.")
        answer = as_checker.post(f"/reports/{report.pk}/accept/", {"number": 1}, follow=True)
        words = answer.content.decode()
        assert "Отчёт тем временем отправили заново" in words and "Провели пять встреч." in words and fresh(again).state == "submitted"

    def test_of_what_was_withdrawn_is_refused_in_words(self, as_checker, project, report):
        verbs.withdraw_report(report, by=project.head)
        answer = as_checker.post(f"/reports/{report.pk}/accept/", {"number": 1}, follow=True)
        assert "Этот отчёт сейчас не на проверке." in answer.content.decode() and fresh(report).state == "draft"

    @pytest.mark.parametrize("number", ["", "x", "1e9", "-1", "²"])
    def test_without_the_number_that_was_read_nothing_is_accepted(self, as_checker, report, number):
        assert as_checker.post(f"/reports/{report.pk}/accept/", {"number": number}).status_code == 302
        assert fresh(report).state == "submitted"


class TestReturning:
    def test_needs_a_remark_and_keeps_what_was_typed(self, as_checker, report):
        answer = as_checker.post(f"/reports/{report.pk}/return/", returning(report, remark=" ", due_hour="18:30"))
        words = answer.content.decode()
        assert answer.status_code == 422 and "без этого автор не поймёт" in words and "18:30" in words
        assert fresh(report).state == "submitted"

    def test_gives_the_team_a_remark_and_a_day_with_its_hour_and_goes_on(self, as_checker, cast, portfolio, report):
        second = another(portfolio, cast)
        ahead = timezone.localdate() + timedelta(days=12)
        answer = as_checker.post(f"/reports/{report.pk}/return/", returning(report, due_at=ahead.isoformat(), due_hour="12:30"))
        done = fresh(report)
        assert answer.url == f"{REVIEW}?report={second.pk}"
        assert (done.state, done.remark) == ("returned", "Допишите числа.")
        assert timezone.localtime(done.due_at) == timezone.localtime().replace(
            year=ahead.year, month=ahead.month, day=ahead.day, hour=12, minute=30, second=0, microsecond=0)
        assert "Допишите числа." in OutgoingMail.objects.filter(subject__startswith="Отчёт возвращён").get().body

    @pytest.mark.parametrize("typed, words", [
        ({"due_at": "2020-01-01"}, "Этот срок уже прошёл"), ({"due_at": "вчера"}, "Введите дату так"), ({"due_hour": "25:00"}, "Введите время так"),
        ({"due_hour": "\x00"}, "Введите время так"), ({"due_at": "9" * 400}, "Введите дату так"), ({"remark": "а\u202eб"}, "Что исправить"),
        ({"due_at": ""}, "Укажите день"), ({"remark": "я" * 5000}, "4000")])
    def test_bad_input_is_a_sentence_beside_the_field(self, as_checker, report, typed, words):
        answer = as_checker.post(f"/reports/{report.pk}/return/", returning(report, **typed))
        assert answer.status_code == 422 and words in answer.content.decode() and fresh(report).state == "submitted"

    def test_a_long_remark_is_kept_whole(self, as_checker, report):
        assert as_checker.post(f"/reports/{report.pk}/return/", returning(report, remark="я" * 4000)).status_code == 302
        assert len(fresh(report).remark) == 4000

    def test_of_what_was_sent_anew_keeps_the_remark_and_shows_the_new_text(self, as_checker, cast, project, report):
        verbs.return_report(report, by=cast.secretary, number=1, remark="Не то", due_at=timezone.now() + timedelta(days=1))
        sent(fresh(report), by=project.head, done="Провели пять встреч.")
        answer = as_checker.post(f"/reports/{report.pk}/return/", returning(report, number=1))
        words = answer.content.decode()
        assert "тем временем отправили заново" in words and "Провели пять встреч." in words and "Допишите числа." in words
        assert 'name="number" value="2"' in words and fresh(report).state == "submitted"

    @pytest.mark.parametrize("before", [False, True])
    def test_of_what_the_team_took_back_keeps_the_remark_and_says_why(self, as_checker, cast, project, report, before):
        if before:
            verbs.return_report(report, by=cast.secretary, number=1, remark="Не то", due_at=timezone.now() + timedelta(days=1))
            report = sent(fresh(report), by=project.head)
        verbs.withdraw_report(report, by=project.head)
        answer = as_checker.post(f"/reports/{report.pk}/return/", returning(report, number=report.submissions.count()))
        words = answer.content.decode()
        assert answer.status_code == 422 and "Допишите числа." in words and "Вернуть можно отчёт, который отправлен" in words
        assert "Команда отозвала этот отчёт" in words and "Отчёт на проверке" not in words and "Вернуть отчёт</button>" not in words

    def test_of_what_a_colleague_returned_keeps_the_remark_and_says_who(self, as_checker, cast, report):
        verbs.return_report(report, by=cast.secretary, number=1, remark="Не то", due_at=timezone.now() + timedelta(days=1))
        words = as_checker.post(f"/reports/{report.pk}/return/", returning(report)).content.decode()
        assert "Допишите числа." in words and "возвращён на доработку: Сорокина" in words and "Команда отозвала" not in words

    def test_after_acceptance_is_still_possible(self, as_checker, cast, report):
        verbs.accept_report(report, by=cast.secretary, number=1)
        answer = as_checker.get(f"/reports/{report.pk}/return/")
        assert "Отчёт принят" in answer.content.decode() and "accept" not in answer.context["checked"].actions
        assert as_checker.post(f"/reports/{report.pk}/return/", returning(report)).status_code == 302
        assert fresh(report).state == "returned"

    def test_another_day_is_given_with_a_reason(self, as_checker, project):
        draft, ahead = report_of(project), timezone.localdate() + timedelta(days=20)
        address, typed = f"/reports/{draft.pk}/extend/", {"due_at": ahead.isoformat(), "due_hour": "17:00"}
        assert "Напишите причину" in as_checker.post(address, typed).content.decode()
        assert as_checker.post(address, {**typed, "reason": "Карантин"}).status_code == 302
        assert timezone.localtime(fresh(draft).due_at).date() == ahead


class TestSeveralAtOnce:
    def three(self, cast, portfolio, report):
        period, head = report.period, cast.member_of_school_a
        good = sent(report_of(led_by(head.current_post.institution, head=head, portfolio=portfolio), period=period), by=head)
        draft = report_of(ProjectFactory(portfolio=portfolio, title="Не отправили"), period=period)
        return period, [report, good, draft]

    def test_first_says_which_will_be_accepted_and_why_others_not(self, as_checker, cast, portfolio, report):
        period, chosen = self.three(cast, portfolio, report)
        query = "&".join(f"report={each.pk}" for each in chosen)
        answer = as_checker.get(f"/reports/periods/{period.pk}/accept/?{query}&report=x&report=99999")
        assert set(answer.context["chosen"].good) == set(chosen[:2])
        assert [(each, why) for each, why in answer.context["chosen"].others] == [(chosen[2], "ещё не отправлен")]
        assert fresh(report).state == "submitted"

    def test_accepts_each_by_the_same_verb_and_tells_what_was_not(self, as_checker, cast, portfolio, report):
        period, chosen = self.three(cast, portfolio, report)
        typed = {"report": [each.pk for each in chosen]} | {f"number-{each.pk}": 1 for each in chosen}
        words = as_checker.post(f"/reports/periods/{period.pk}/accept/", typed, follow=True).content.decode()
        assert "Принято: 2" in words and "Не отправили" in words and "не на проверке" in words
        assert [fresh(each).state for each in chosen] == ["accepted", "accepted", "draft"]

    def test_what_somebody_else_accepted_meanwhile_is_told_and_not_done_twice(self, as_checker, cast, portfolio, report):
        verbs.accept_report(report, by=cast.secretary, number=1)
        words = as_checker.post(f"/reports/periods/{report.period_id}/accept/", {"report": report.pk, f"number-{report.pk}": 1},
                                follow=True).content.decode()
        assert "Отчёт принят: Сорокина" in words and "Принято: 1" not in words and fresh(report).decided_by == cast.secretary

    def test_reports_of_another_period_are_not_reached(self, as_checker, cast, portfolio, report):
        other = another(PortfolioFactory(head=cast.member_of_school_b), cast)
        as_checker.post(f"/reports/periods/{report.period_id}/accept/", {"report": other.pk, f"number-{other.pk}": 1})
        assert fresh(other).state == "submitted"
