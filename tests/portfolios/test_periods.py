"""Collecting reports: the pages of periods, the list of reports with its Excel, reminders."""
import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios.models import ProgressReport, ProjectInstitution, ReportingPeriod
from portfolios.overview import way_gone
from portfolios.report import standing
from portfolios.report.workflow import is_waited_for
from portfolios.services import reminding
from portfolios.services import report as verbs
from projectoffice.common.history import history_of
from projectoffice.common.models import DutyRun, OutgoingMail
from tests.canary import Canaries
from tests.factories import InstitutionFactory, PostFactory, UserFactory

from .things import (
    PeriodFactory,
    PortfolioFactory,
    ProjectFactory,
    ReportFactory,
    accepted,
    filled_passport,
    fresh,
    in_force,
    led_by,
    report_of,
    sent,
    stored_file,
    with_editor,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PERIODS = "/reports/periods/"


@pytest.fixture
def portfolio():
    return PortfolioFactory(head=UserFactory(surname="Портнова", username="portnova"), name="Сильная школа")


@pytest.fixture
def period(portfolio):
    return PeriodFactory(portfolio=portfolio, title="за полугодие")


@pytest.fixture
def office(client, cast):
    client.force_login(cast.secretary)
    return client


def of(period, **fields):
    """A report of the period in some state; project fields come as ``project__…``."""
    return ReportFactory(period=period, due_at=fields.pop("due_at", period.due_at), project__portfolio=period.portfolio, **fields)


def six(period):
    """A report in each standing."""
    ago = timezone.now() - 2 * DAY
    return {
        "overdue": of(period, due_at=ago, project__title="Просрочили"), "returned": of(period, state="returned", project__title="Вернули"),
        "submitted": of(period, state="submitted", project__title="Прислали"), "waited": of(period, project__title="Пишут"),
        "accepted": of(period, state="accepted", is_late=True, project__title="Приняли"),
        "unasked": of(period, project__status="suspended", project__title="Стоят"),
    }


def titles(answer):
    return [row.project.title for row in answer.context["listing"].rows]


class TestThePageOfAPeriod:
    def test_every_part_of_the_bar_leads_to_as_many_rows_as_it_says(self, office, period):
        six(period)
        shown = office.get(period.get_absolute_url()).context["shown"]
        assert [part.count for part in shown.parts] == [1] * 6
        for part, code in zip(shown.parts, standing.LOOKS, strict=True):
            assert office.get(part.url.split("#")[0]).context["listing"].total == part.count, code

    def test_tells_the_late_ones_first_and_what_became_of_each(self, office, period):
        six(period)
        rows = office.get(period.get_absolute_url()).context["listing"].rows
        assert [(row.project.title, row.badges[0][1]) for row in rows] == [
            ("Просрочили", "Просрочен на 2\xa0дня"), ("Вернули", "Возвращён"), ("Прислали", "На проверке"), ("Пишут", "Не отправлен"),
            ("Приняли", "Принят с опозданием"), ("Стоят", "Не ждём")]
        assert [row.is_late for row in rows] == [True, True, False, False, False, False]

    def test_a_returned_one_past_its_new_day_is_told_twice(self, period):
        report = of(period, state="returned", due_at=timezone.now() - DAY)
        found = standing.with_standing(ProgressReport.objects.filter(pk=report.pk)).get()
        assert [word for _, word in standing.badges(found)] == ["Возвращён", "Просрочен на 1\xa0день"]

    def test_filters_by_words_institution_and_lateness(self, office, period):
        six(period)
        school = InstitutionFactory(number=90_077)
        of(period, project=led_by(school, portfolio=period.portfolio, title="Тёплая школа"))
        for query, wanted in [("?q=тёплая", ["Тёплая школа"]), ("?institution=школа 90077", ["Тёплая школа"]), ("?late=on", ["Приняли"]),
                              ("?state=returned", ["Вернули"])]:
            assert titles(office.get(f"{period.get_absolute_url()}{query}")) == wanted, query

    def test_a_late_one_that_was_taken_back_does_not_count_as_sent_late(self, office, cast, period):
        late = of(period, due_at=timezone.now() - DAY, project__head=cast.secretary, project__title="Отозвали")
        verbs.withdraw_report(sent(late, by=cast.secretary), by=cast.secretary)
        assert fresh(late).is_late and titles(office.get(f"{period.get_absolute_url()}?late=on")) == []

    def test_shows_fifty_rows_and_goes_on(self, office, period):
        for _ in range(51):
            of(period)
        first, second = office.get(period.get_absolute_url()), office.get(f"{period.get_absolute_url()}?page=2")
        assert (len(titles(first)), len(titles(second))) == (50, 1) and not set(titles(first)) & set(titles(second))

    def test_ticks_go_on_to_the_next_rows(self, office, period):
        for _ in range(51):
            of(period, state="submitted")
        first = office.get(f"{period.get_absolute_url()}?state=submitted&choose=on").context["listing"]
        answer = office.get(f"{period.get_absolute_url()}{first.next_url}")
        assert answer.context["choosing"] and 'name="report"' in answer.content.decode()

    def test_excel_holds_what_is_shown_in_its_order(self, office, period):
        six(period)
        of(PeriodFactory(portfolio=period.portfolio), project__title="Другой период")
        book = openpyxl.load_workbook(io.BytesIO(office.get(f"/reports/export/?period={period.pk}").content))
        rows = list(book.active.values)[1:]
        assert [row[0] for row in rows] == titles(office.get(period.get_absolute_url())) and rows[0][6] == "Просрочен на 2\xa0дня"

    @pytest.mark.parametrize("address", ["period", "/reports/", "/reports/export/", PERIODS, "remind"])
    def test_costs_the_same_for_few_rows_and_many(self, office, cast, period, address):
        address = {"period": period.get_absolute_url(), "remind": f"{period.get_absolute_url()}remind/"}.get(address, address)

        def cost(count):
            for _ in range(count):
                person = UserFactory(email="a@example.org")
                project = led_by(InstitutionFactory(), portfolio=period.portfolio, head=person)
                with_editor(project, UserFactory(email=""))
                for each in (period, PeriodFactory(portfolio=period.portfolio)):
                    of(each, project=project)
            six(PeriodFactory(portfolio=period.portfolio))
            office.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert office.get(address).status_code == 200
            return len(asked)

        assert cost(1) == cost(6) <= 20

    @pytest.mark.parametrize("query", ["?state=evil", "?page=0", "?page=²", "?q=%00", "?institution=%ED%A0%80", "?late=2&mine=x", "?period=1e30"])
    def test_odd_addresses_are_answered_in_words(self, office, period, query):
        of(period)
        for address in (period.get_absolute_url(), "/reports/", PERIODS):
            assert office.get(f"{address}{query}").status_code == 200


    def test_all_answers_to_who_is_waited_for_agree(self, period):
        made = six(period)
        of(period, state="returned", project__archived_at=timezone.now())
        of(period, due_at=timezone.now() - DAY, project__status="finished")
        waited = {made["overdue"], made["returned"], made["waited"]}
        assert set(ProgressReport.objects.expected()) == waited == {report for report in ProgressReport.objects.all() if is_waited_for(report)}
        told = standing.with_standing(ProgressReport.objects.all())
        assert {report for report in told if report.standing in (standing.OVERDUE, standing.RETURNED, standing.WAITED)} == waited


class TestWhoOversees:
    def test_the_portfolios_head_sees_the_own_periods_alone(self, client, cast, period):
        six(period)
        other = UserFactory()
        PeriodFactory(portfolio=PortfolioFactory(head=other), title="за чужое")
        client.force_login(period.portfolio.head)
        assert [row[0] for row in client.get(PERIODS).context["rows"]] == [period]
        assert titles(client.get(period.get_absolute_url())) and client.get(f"{period.get_absolute_url()}remind/").status_code == 200
        client.force_login(other)
        assert client.get(period.get_absolute_url()).status_code == 403 and period not in [row[0] for row in client.get(PERIODS).context["rows"]]

    def test_the_head_of_the_department_reads_and_changes_nothing(self, client, cast, period):
        of(period, state="submitted")
        client.force_login(cast.department_head)
        words = client.get(period.get_absolute_url()).content.decode()
        assert "Напомнить" not in words and "Проверить" not in words
        for verb in ("edit", "remind", "add", "remove", "accept"):
            assert client.post(f"{period.get_absolute_url()}{verb}/").status_code == 403

    def test_the_school_sees_its_own_reports_in_the_list_and_no_others(self, client, cast, period):
        mine = led_by(cast.member_of_school_a.current_post.institution, portfolio=period.portfolio, title="Наш", head=cast.member_of_school_a)
        of(period, project=mine)
        of(period, project__title="Чужой")
        client.force_login(cast.member_of_school_a)
        assert titles(client.get("/reports/")) == ["Наш"]
        book = openpyxl.load_workbook(io.BytesIO(client.get("/reports/export/").content))
        assert [row[0] for row in list(book.active.values)[1:]] == ["Наш"]
        assert client.get(period.get_absolute_url()).status_code == 403 and client.get(PERIODS).status_code == 403


class TestVisitors:
    def test_learn_nothing_of_reports(self, client, cast, portfolio):
        canaries = Canaries()
        portfolio.is_public = True
        portfolio.save()
        period = PeriodFactory(portfolio=portfolio, title=canaries.plant("the title of a period"))
        project = ProjectFactory(portfolio=portfolio, head=cast.member_of_school_a, is_public=True, course="in_trouble", title="Открытый проект")
        report = sent(report_of(project, period=period), by=project.head, done=canaries.plant("what was done"))
        remark = canaries.plant("a remark")
        verbs.return_report(report, by=cast.secretary, number=1, remark=remark, due_at=timezone.now() + DAY)
        pages = [client.get(address) for address in ("/", "/public/portfolios/", f"/public/projects/{project.pk}/")]
        words = "".join(answer.content.decode() for answer in pages)
        assert [answer.status_code for answer in pages] == [200] * 3 and "Открытый проект" in words
        assert canaries.scan(*pages) == set() and "Возвращён" not in words and "на проверке" not in words
        for address in ("/reports/", PERIODS, period.get_absolute_url(), report.get_absolute_url(), "/reports/export/"):
            assert client.get(address).url.startswith("/login/")
        client.force_login(cast.secretary)
        shown = client.get(f"{period.get_absolute_url()}"), client.get(report.get_absolute_url())
        assert {"the title of a period", "a remark", "what was done"} <= canaries.scan(*shown)


class TestOpening:
    def typed(self, home, **more):
        ahead = timezone.localdate() + 9 * DAY
        return {"portfolio": home.pk, "title": "за год", "start": "2026-09-01", "end": "2027-05-31", "due_at": ahead.isoformat(),
                "due_hour": "17:00", "accepts_late": "on", "version": 1, "key": "6f3b5f0e-8a0e-4f0e-9a2e-0a4f0f3b5f0e"} | more

    def test_asks_each_project_that_goes_on_and_opens_the_page(self, office, portfolio):
        going = ProjectFactory(portfolio=portfolio, head=UserFactory(email="a@example.org"))
        ProjectFactory(portfolio=portfolio, status="finished")
        answer = office.post(f"{PERIODS}new/", self.typed(portfolio))
        period = ReportingPeriod.objects.get()
        assert answer.url == period.get_absolute_url() and [each.project for each in period.reports.all()] == [going]
        assert timezone.localtime(period.due_at).hour == 17 and OutgoingMail.objects.filter(subject="Нужен отчёт за год").count() == 1

    def test_sent_twice_is_done_once(self, office, portfolio):
        for _ in range(2):
            office.post(f"{PERIODS}new/", self.typed(portfolio))
        assert ReportingPeriod.objects.count() == 1

    @pytest.mark.parametrize("more, words", [
        ({"due_at": "2020-01-01"}, "Этот срок уже прошёл"), ({"end": "2026-08-01"}, "раньше его начала"), ({"portfolio": "x"}, "Выберите портфель"),
        ({"title": "\x00"}, "за что"), ({"due_hour": "вечером"}, "Введите время так"), ({"due_hour": ""}, "Укажите час"), ({"start": "1e30"}, "дату так")])
    def test_bad_input_is_a_sentence_beside_the_field(self, office, portfolio, more, words):
        answer = office.post(f"{PERIODS}new/", self.typed(portfolio, **more))
        assert answer.status_code == 200 and words.lower() in answer.content.decode().lower() and not ReportingPeriod.objects.exists()

    def test_a_head_is_offered_the_own_portfolios_alone(self, client, portfolio):
        other = PortfolioFactory(head=UserFactory())
        client.force_login(portfolio.head)
        assert list(client.get(f"{PERIODS}new/").context["form"].fields["portfolio"].queryset) == [portfolio]
        assert client.post(f"{PERIODS}new/", self.typed(other)).status_code == 200 and not ReportingPeriod.objects.exists()

    def test_another_due_moment_moves_the_drafts_and_two_editors_are_told(self, office, period):
        draft = of(period)
        typed = self.typed(period.portfolio, title=period.title, start=period.start.isoformat(), end=period.end.isoformat())
        assert office.post(f"{period.get_absolute_url()}edit/", typed).status_code == 302
        assert fresh(draft).due_at == fresh(period).due_at
        answer = office.post(f"{period.get_absolute_url()}edit/", {**typed, "title": "за другое"})
        assert "изменил кто-то другой" in answer.content.decode() and fresh(period).title == period.title

    def test_is_taken_away_only_while_nobody_has_sent(self, office, cast, period):
        of(period)
        sent_one = sent(report_of(ProjectFactory(portfolio=period.portfolio, head=cast.secretary)), by=cast.secretary).period
        office.post(f"{PERIODS}{sent_one.pk}/remove/")
        office.post(f"{PERIODS}{period.pk}/remove/")
        assert list(ReportingPeriod.objects.all()) == [sent_one]
        assert "Убрать сбор" not in office.get(sent_one.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("what", ["done", "course", "value", "file", "part"])
    def test_stays_once_somebody_has_written_for_it(self, office, cast, period, what):
        project = led_by(InstitutionFactory(), portfolio=period.portfolio, head=cast.secretary, kind="network")
        ProjectInstitution.objects.create(project=project, institution=InstitutionFactory(), role="partner")
        report = report_of(project, period=period)
        assert "Убрать сбор" in office.get(period.get_absolute_url()).content.decode()
        if what == "value":
            row = project.indicators.create(position=1, name="Участники", target=5)
            report.values.create(indicator=row, text="около 10")
        elif what == "file":
            verbs.add_file(report, stored_file(), by=cast.secretary)
        elif what == "part":
            report.parts.update(text="Провели у себя.")
        else:
            ProgressReport.objects.filter(pk=report.pk).update(**{what: "lagging"})
        words = office.post(f"{period.get_absolute_url()}remove/", follow=True).content.decode()
        assert "уже пишут отчёты" in words and ReportingPeriod.objects.filter(pk=period.pk).exists()
        assert "Убрать сбор" not in words

    def test_its_days_stay_once_a_report_was_sent(self, office, cast, period):
        sent(report_of(ProjectFactory(portfolio=period.portfolio, head=cast.secretary), period=period), by=cast.secretary)
        typed = self.typed(period.portfolio, title=period.title, start=period.start.isoformat(), end=(period.end + DAY).isoformat())
        answer = office.post(f"{period.get_absolute_url()}edit/", typed)
        assert "поэтому дни не меняют" in answer.content.decode() and fresh(period).end == period.end
        assert office.post(f"{period.get_absolute_url()}edit/", typed | {"end": period.end.isoformat()}).status_code == 302

    def test_one_more_project_is_asked_by_hand(self, office, period):
        of(period)
        late = ProjectFactory(portfolio=period.portfolio, start=date(2028, 9, 1), end=date(2029, 5, 31))
        ProjectFactory(title="Чужой портфель")
        address = f"{period.get_absolute_url()}add/"
        assert list(office.get(address).context["form"].fields["project"].queryset) == [late]
        assert office.post(address, {"project": late.pk}).status_code == 302 and period.reports.filter(project=late).exists()
        assert "Выберите проект" in office.post(address, {"project": "x"}).content.decode()


class TestReminding:
    def people(self, period, cast):
        """One with an address, one without, one who has sent, and a project nobody keeps."""
        head = UserFactory(surname="Адресов", email="a@example.org")
        silent = UserFactory(surname="Телефонов", email="", phone="22-33-44")
        for person in (head, silent):
            of(period, project=ProjectFactory(portfolio=period.portfolio, head=person, title=f"Проект: {person.surname}"))
        done = UserFactory(surname="Готов", email="done@example.org")
        sent(report_of(ProjectFactory(portfolio=period.portfolio, head=done), period=period), by=done)
        of(period, project__title="Ничей")
        return head, silent

    def test_shows_first_whom_it_writes_to_and_whom_to_call(self, office, cast, period):
        head, silent = self.people(period, cast)
        people = office.get(f"{period.get_absolute_url()}remind/").context["people"]
        assert [each.person for each in people.by_letter] == [head] and [each.person for each in people.by_phone] == [silent]
        assert [report.project.title for report in people.ownerless] == ["Ничей"]
        assert not OutgoingMail.objects.filter(subject__startswith="Напоминание").exists()

    def test_of_who_has_no_number_the_one_of_the_institution_is_called(self, office, cast, period):
        school = InstitutionFactory(phone="33-44-55")
        person = PostFactory(person=UserFactory(email=""), institution=school).person
        of(period, project__head=person)
        assert [each.phone for each in office.get(f"{period.get_absolute_url()}remind/").context["people"].by_phone] == ["33-44-55"]

    def test_writes_to_those_alone_who_have_not_sent_and_once_a_day(self, office, cast, period):
        head, _ = self.people(period, cast)
        for _ in range(2):
            office.post(f"{period.get_absolute_url()}remind/")
        letter = OutgoingMail.objects.get(subject="Напоминание: отчёт за полугодие")
        assert letter.person == head and "Проект: Адресов" in letter.body
        assert [event.sentence for event in history_of(period)] == ["Отправлены напоминания: 1"]
        people = office.get(f"{period.get_absolute_url()}remind/").context["people"]
        assert [each.person for each in people.reminded] == [head] and not people.by_letter

    def test_what_is_late_is_told_as_late(self, cast, period):
        of(period, due_at=timezone.now() - DAY, project__head=UserFactory(email="a@example.org"))
        assert reminding.remind(period, by=cast.secretary) == 1
        assert OutgoingMail.objects.get().subject == "Просрочен отчёт за полугодие"

    def test_of_projects_that_stand_still_nobody_is_reminded(self, cast, period):
        for fields in ({"project__status": "suspended"}, {"project__archived_at": timezone.now()}, {"state": "accepted"}):
            of(period, project__head=UserFactory(email="a@example.org"), **fields)
        assert reminding.remind(period, by=cast.secretary) == 0 and not OutgoingMail.objects.exists()

    @pytest.mark.parametrize("days, told", [(3, True), (-1, True), (2, False), (0, False), (-2, False)])
    def test_the_duty_writes_three_days_before_and_on_the_day_after(self, period, days, told):
        of(period, due_at=timezone.now() + days * DAY, project__head=UserFactory(email="a@example.org"))
        assert reminding.remind_of_reports() == int(told) == OutgoingMail.objects.count()

    def test_of_what_is_taken_no_more_nobody_is_reminded(self, client, cast, portfolio):
        closed = PeriodFactory(portfolio=portfolio, due_at=timezone.now() - DAY, accepts_late=False)
        given_time = UserFactory(email="b@example.org")
        of(closed, project__head=UserFactory(email="a@example.org"))
        assert reminding.remind_of_reports() == reminding.remind(closed, by=cast.secretary) == 0
        client.force_login(cast.secretary)
        for address in (closed.get_absolute_url(), portfolio.get_absolute_url()):
            assert "Напомнить" not in client.get(address).content.decode()
        of(closed, project__head=given_time, due_at=timezone.now() + 3 * DAY)
        assert reminding.remind_of_reports() == 1 and OutgoingMail.objects.get().person == given_time

    def test_the_duty_makes_up_for_days_nobody_was_at_work(self, period):
        of(period, due_at=timezone.now() + 2 * DAY, project__head=UserFactory(email="a@example.org"))
        DutyRun.objects.create(name="portfolios.services.reminding.remind_of_reports", done_at=timezone.now() - 2 * DAY)
        assert reminding.remind_of_reports() == 1

    def test_the_duty_writes_nothing_to_who_was_reminded_by_hand_today(self, cast, period):
        of(period, due_at=timezone.now() + 3 * DAY, project__head=UserFactory(email="a@example.org"))
        assert reminding.remind(period, by=cast.secretary) == 1 and reminding.remind_of_reports() == 0


class TestThePortfolio:
    def actions(self, client, person, portfolio):
        client.force_login(person)
        reports = client.get(portfolio.get_absolute_url()).context["reports"]
        return reports.to_check, reports.to_remind and reports.to_remind["count"], reports.reminding_first

    def test_offers_each_person_what_comes_next(self, client, cast, portfolio, period):
        of(period, state="submitted")
        of(period)
        of(period, state="returned")
        assert self.actions(client, portfolio.head, portfolio) == (1, 2, False)
        assert self.actions(client, cast.secretary, portfolio) == (1, 2, True)
        assert self.actions(client, cast.department_head, portfolio) == (0, None, False)

    def test_the_one_filled_button_is_checking_for_the_head_reminding_for_the_office(self, client, cast, portfolio, period):
        of(period, state="submitted")
        of(period)
        for person, filled in [(portfolio.head, "Проверить отчёты: 1"), (cast.secretary, "Напомнить: 1")]:
            client.force_login(person)
            words = client.get(portfolio.get_absolute_url()).content.decode().split('btn btn-primary"')
            assert len(words) == 2 and filled in words[1][:200]

    def test_attention_tells_the_late_report_the_last_one_and_the_points_reached(self, client, cast, portfolio, period):
        late = of(period, due_at=timezone.now() - 2 * DAY, project__title="Опоздали")
        waiting = of(PeriodFactory(portfolio=portfolio), project=late.project, state="submitted")
        late.project.milestones.create(position=1, name="Показ", due=date(2099, 1, 1), reached_on=date(2026, 10, 1))
        late.project.milestones.create(position=2, name="Итог", due=date(2099, 1, 1))
        late.project.milestones.create(position=3, name="Снята", due=date(2020, 1, 1), dropped_reason="не нужна")
        client.force_login(portfolio.head)
        row = client.get(portfolio.get_absolute_url()).context["gaps"][0]
        day = f"{timezone.localdate():%d.%m.%Y}"
        assert (row["latest"].words, row["latest"].url) == (f"{day}, на проверке", f"/reports/review/?report={waiting.pk}")
        assert row["done"] == "1 из 2" and row["badge"][1] == "Отчёт на проверке"
        first = row["gaps"][0]
        assert (first.words, first.url) == ("Отчёт просрочен на 2\xa0дня", late.get_absolute_url())
        client.force_login(cast.department_head)
        assert client.get(portfolio.get_absolute_url()).context["gaps"][0]["latest"].url == waiting.get_absolute_url()

    def test_a_project_whose_team_asks_for_help_needs_attention(self, client, cast, portfolio):
        ProjectFactory(portfolio=portfolio, course="in_trouble")
        client.force_login(cast.secretary)
        row = client.get(portfolio.get_absolute_url()).context["gaps"][0]
        assert row["gaps"][0].words.startswith("Команда просит помощи") and row["badge"][1] == "Нужна помощь"

    def test_a_model_opens_its_projects_in_place(self, client, cast, portfolio):
        model = portfolio.models.create(name="Пары", position=1)
        ProjectFactory(portfolio=portfolio, model=model, title="В модели")
        ProjectFactory(portfolio=portfolio, title="Вне модели")
        client.force_login(cast.secretary)
        assert client.get(portfolio.get_absolute_url()).context["opened"] is None
        opened = client.get(f"{portfolio.get_absolute_url()}?opened={model.pk}").context["opened"]
        assert [(row.project.title, year) for row, year in opened["rows"]] == [("В модели", None)]
        ProjectFactory(portfolio=portfolio, model=model, title="В модели", status="active", start=date(2027, 9, 1), end=date(2028, 5, 31))
        answer = client.get(f"{portfolio.get_absolute_url()}?opened={model.pk}")
        assert sorted(year for _, year in answer.context["opened"]["rows"]) == [2026, 2027]
        assert {row["project"].title: row["year"] for row in answer.context["gaps"]}["Вне модели"] is None
        assert answer.content.decode().count("В модели, 2027") == 2  # among those that need attention and in the model

    def test_when_all_is_well_it_says_so_and_when_the_next_reports_are_due(self, client, cast, portfolio):
        client.force_login(cast.secretary)
        passport = filled_passport(led_by(InstitutionFactory(), portfolio=portfolio, course="on_track", last_report_on=timezone.localdate()))
        passport.project.milestones.update(reached_on=date(2026, 11, 1))
        in_force(passport, cast.secretary)
        PeriodFactory(portfolio=portfolio, due_at=timezone.make_aware(datetime(2099, 6, 15, 17)))  # noqa: DTZ001
        words = client.get(portfolio.get_absolute_url()).content.decode()
        assert "Все проекты идут по плану. Ближайшие отчёты – до 15\xa0июня 2099" in words

    def test_an_indicator_shows_how_much_of_its_way_is_gone(self):
        def way(*values):
            return way_gone(*[None if value is None else Decimal(value) for value in values])

        assert [way("0", "100", "25"), way("50", "100", "75"), way("10", "0", "5"), way("0", "10", "40"), way("5", "10", "1")] == [
            250, 500, 500, 1000, 0]
        assert way(None, "10", "5") == 500 and way("0", None, "5") is way("0", "10", None) is way("3", "3", "3") is None


def test_an_accepted_report_is_told_in_the_list_of_projects(client, cast, portfolio):
    report = accepted(report_of(ProjectFactory(portfolio=portfolio, head=cast.secretary)), cast.secretary, portfolio.head)
    client.force_login(cast.department_head)
    row = client.get("/projects/").context["listing"].rows[0]
    assert (row.latest.words, row.latest.url) == (f"{timezone.localdate():%d.%m.%Y}", report.get_absolute_url())
