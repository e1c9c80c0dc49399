"""Lists, portfolios, institutions, copies: what the pages say and what they cost."""
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolios import duties, reading
from portfolios.lacking import Lacking, Overview, with_gaps, with_overview
from portfolios.models import Milestone, Passport, Project, TeamMember
from portfolios.services import copying, institutions
from portfolios.services import portfolio as portfolios
from portfolios.services import project as verbs
from projectoffice.accounts.handover import open_work
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.factories import InstitutionFactory, UserFactory

from .things import (
    ModelFactory,
    PortfolioFactory,
    ProjectFactory,
    ReportFactory,
    filled_passport,
    fresh,
    in_force,
    led_by,
    published_product,
    report_of,
)

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def point(project, days, **fields):
    return Milestone.objects.create(project=project, position=1, name="Показ", due=TODAY() - timedelta(days=days), **fields)


class TestTheCourse:
    def course(self, project):
        return reading.course_at(reading.with_standing().get(pk=project.pk).standing)

    @pytest.mark.parametrize("told, days, going", [
        ("on_track", None, "on_track"), ("", None, ""), ("on_track", 1, "lagging"), ("on_track", 30, "lagging"), ("on_track", 31, "in_trouble"),
        ("in_trouble", 1, "in_trouble"), ("lagging", None, "lagging"), ("", 5, "lagging"),
    ])
    def test_is_the_word_of_the_report_made_worse_by_overdue_points(self, told, days, going):
        project = ProjectFactory(course=told)
        if days is not None:
            point(project, days)
        assert self.course(project) == going

    def test_a_point_reached_dropped_removed_or_due_today_makes_nothing_worse(self):
        project = ProjectFactory(course="on_track")
        point(project, 9, reached_on=TODAY())
        point(project, 9, dropped_reason="не нужна")
        point(project, 0)
        Milestone.objects.create(project=project, position=None, name="Убранная", due=TODAY() - timedelta(days=9))
        assert self.course(project) == "on_track"

    @pytest.mark.parametrize("told, days, going", [
        ("on_track", None, "on_check"), ("", None, "on_check"), ("lagging", None, "lagging"), ("on_track", 1, "lagging"), ("", 40, "in_trouble")])
    def test_a_report_that_waits_to_be_checked_outranks_what_is_in_order_alone(self, told, days, going):
        project = ProjectFactory(course=told)
        if days is not None:
            point(project, days)
        ReportFactory(project=project, state="submitted")
        assert self.course(project) == going

    @pytest.mark.parametrize("state", ["draft", "returned", "accepted"])
    def test_no_other_report_waits(self, state):
        assert self.course(ReportFactory(state=state, project__course="on_track").project) == "on_track"

    def test_only_what_is_carried_out_has_one(self):
        assert self.course(ReportFactory(state="submitted", project__status="suspended").project) == ""
        assert self.course(ProjectFactory(course="on_track", status="suspended")) == ""


class TestTheList:
    def titles(self, client, query):
        listing = client.get(f"/projects/{query}").context["listing"]
        return [row.project.title for row in listing.rows]

    @pytest.fixture(autouse=True)
    def office(self, cast, client):
        client.force_login(cast.secretary)
        self.cast = cast

    def test_every_filter_narrows(self, client):
        model = ModelFactory()
        school = InstitutionFactory(number=77)
        wanted = led_by(school, title="Тёплая школа", portfolio=model.portfolio, model=model, kind="network", status="suspended",
                        start=date(2030, 9, 1), end=date(2031, 5, 1), head=self.cast.secretary)
        ProjectFactory(title="Другой", kind="author")
        for query in (f"?portfolio={model.portfolio_id}", f"?model={model.pk}", "?kind=network", "?status=suspended", "?year=2031",
                      "?institution=школа 77", "?mine=on", "?q=тёплая", "?q=сороки тёплая"):
            assert self.titles(client, query) == ["Тёплая школа"], query
        assert len(self.titles(client, "")) == 2 and wanted.pk

    @pytest.mark.parametrize(("typed", "wanted"), [
        ("лицей", ["Дом", "Двор"]), ("лице 912", ["Дом"]), ("912", ["Дом", "Сад"]), ("МБОУ лицей № 912 «Радуга»", ["Дом"]), ("91", []), ("№", [])])
    def test_a_part_of_a_name_narrows_lists_counts_and_files_alike(self, client, typed, wanted):
        portfolio = PortfolioFactory()
        for title, kind, number, name in (("Дом", "лицей", 912, "Радуга"), ("Двор", "лицей", 913, "Радуга"), ("Сад", "детский сад", 912, "")):
            place = InstitutionFactory(legal_form="МБОУ", kind=kind, number=number, own_name=name)
            project = led_by(place, title=title, portfolio=portfolio)
            report_of(project)
            published_product(title=title, institution=place)
        query = {"institution": typed}
        for address in (f"/portfolios/{portfolio.pk}/", "/projects/", "/reports/"):
            page = client.get(address, query)
            listing = page.context["listing"]
            assert (sorted(row.project.title for row in listing.rows), listing.total) == (sorted(wanted), len(wanted)), address
            assert ("Учреждений с такими словами в названии нет" in page.content.decode()) is (not wanted) and f"Учреждение: {typed}" in listing.chosen[0]["label"]
        book = openpyxl.load_workbook(io.BytesIO(client.get("/projects/export/", query).getvalue()))
        assert sorted(row[0] for row in book.active.iter_rows(min_row=2, values_only=True)) == sorted(wanted)
        shown = client.get("/public/products/", query).context["results"]
        assert (sorted(hit.product.title for hit in shown.hits), shown.total) == (sorted(wanted), len(wanted))

    def test_the_course_filters_and_knows_no_data(self, client):
        ProjectFactory(title="Молчит")
        ProjectFactory(title="По плану", course="on_track")
        late = ProjectFactory(title="Опоздал", course="on_track")
        point(late, 3)
        ProjectFactory(title="Готовится", status="preparing")
        assert self.titles(client, "?course=none") == ["Молчит"]
        assert self.titles(client, "?course=on_track") == ["По плану"]
        assert self.titles(client, "?course=lagging") == ["Опоздал"]

    def test_only_mine_on_check_are_those_of_the_own_portfolios_and_for_the_office_those_nobody_heads(self, client):
        head, other = self.cast.member_of_school_b, self.cast.member_of_school_a
        ReportFactory(state="submitted", project__title="Мой", project__portfolio=PortfolioFactory(head=head))
        ReportFactory(state="submitted", project__title="Чужой", project__portfolio=PortfolioFactory(head=other))
        ReportFactory(state="submitted", project__title="Ничей")
        ReportFactory(state="draft", project__title="Черновик")
        assert self.titles(client, "?to_check=on") == ["Ничей"]
        client.force_login(head)
        assert self.titles(client, "?to_check=on") == ["Мой"]

    def test_who_checks_nothing_is_not_offered_to_choose_what_waits(self, client):
        client.force_login(self.cast.department_head)
        ReportFactory(state="submitted")
        assert len(self.titles(client, "?to_check=on")) == 1
        assert "на проверке</label>" not in client.get("/projects/").content.decode()

    def test_who_needs_help_stands_first(self, client):
        ProjectFactory(title="А", course="on_track")
        ProjectFactory(title="Б", status="finished")
        ProjectFactory(title="В", course="in_trouble")
        assert self.titles(client, "") == ["В", "А", "Б"]
        assert self.titles(client, "?sort=-title") == ["В", "Б", "А"]

    @pytest.mark.parametrize("query", [
        "?status=nonsense", "?portfolio=999999", "?portfolio=x", "?year=10000000000000000000000", "?year=-1", "?page=0", "?page=99", "?page=²",
        "?sort=evil", "?q=%00", "?q=" + "я" * 3000, "?course=%F0%9F%98%80", "?institution=%ED%A0%80", "?kind=author&model=1e30", "?mine=on&archive=2"])
    def test_odd_addresses_are_answered_in_words(self, client, query):
        ProjectFactory()
        assert client.get(f"/projects/{query}").status_code == 200

    def test_excel_says_exactly_what_the_list_shows(self, client):
        led_by(InstitutionFactory(number=5), title="=1+1", kind="city", course="on_track", last_report_on=date(2026, 10, 1))
        ProjectFactory(title="Другой", kind="author")
        book = openpyxl.load_workbook(io.BytesIO(client.get("/projects/export/?kind=city").content))
        rows = list(book.active.values)
        assert len(rows) == 2 and rows[1][0] == "=1+1" and book.active["A2"].data_type == "s"
        days = [value.date() if isinstance(value, datetime) else value for value in rows[1][4:]]
        assert days == ["МБОУ школа №\xa05", None, date(2026, 9, 1), date(2027, 5, 31), "Реализуется", "По плану", date(2026, 10, 1), None]

    @pytest.mark.parametrize("address", ["/projects/", "/projects/export/", "portfolio", "attention", "/portfolios/", "/", "public"])
    def test_costs_the_same_for_few_rows_and_many(self, client, address):
        portfolio = PortfolioFactory(head=UserFactory(), is_public=True)
        model = ModelFactory(portfolio=portfolio)
        address = {"portfolio": portfolio.get_absolute_url(), "attention": f"{portfolio.get_absolute_url()}attention/",
                   "public": "/public/portfolios/"}.get(address, address)

        def fill(count):
            for _ in range(count):
                project = led_by(InstitutionFactory(), portfolio=portfolio, model=model, head=self.cast.secretary, is_public=True)
                filled = filled_passport(project)
                point(project, 3)
                assert filled.pk
            return cost()

        def cost():
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            return len(asked)

        few, many = fill(1), fill(3)
        assert few == many <= (20 if address != "/" else 60)


class TestThePortfolio:
    def test_every_part_of_the_bars_leads_to_as_many_rows_as_it_says(self, cast, client):
        portfolio = PortfolioFactory()
        for status, course in [("active", "on_track"), ("active", "in_trouble"), ("active", ""), ("suspended", ""), ("finished", "on_track")]:
            ProjectFactory(portfolio=portfolio, status=status, course=course)
        ProjectFactory(status="active")
        client.force_login(cast.secretary)
        context = client.get(portfolio.get_absolute_url()).context
        for part in [*context["courses"], *context["rest"]]:
            listing = client.get(part.url.split("#")[0]).context["listing"]
            assert listing.total == part.count, part.word
        assert [part.count for part in context["courses"]] == [1, 0, 0, 1, 1, 1] and [part.count for part in context["rest"]] == [0, 1, 0]

    def test_the_parts_fill_the_bar_and_none_is_too_thin_to_hit(self):
        from portfolios import overview
        from portfolios.words import STATUS_LOOKS

        parts = overview.bar({"preparing": 1, "active": 10_000, "stopped": 2}, STATUS_LOOKS, lambda code: code)
        drawn = [part for part in parts if part.count]
        assert min(part.width for part in drawn) >= overview.LEAST
        assert all(first.x + first.width <= second.x for first, second in zip(drawn, drawn[1:], strict=False))
        assert drawn[-1].x + drawn[-1].width <= overview.WHOLE

    def test_hygiene_names_each_gap_and_leads_to_its_field(self, cast, client):
        portfolio = PortfolioFactory()
        bare = ProjectFactory(portfolio=portfolio, title="Голый", start=TODAY() - timedelta(days=400), end=None)
        whole = filled_passport(led_by(InstitutionFactory(), portfolio=portfolio, title="Полный", last_report_on=TODAY()))
        Milestone.objects.update(reached_on=TODAY())
        in_force(whole, cast.secretary)
        point(bare, 12)
        Project.objects.filter(pk=bare.pk).update(course="lagging")
        ended = ProjectFactory(portfolio=portfolio, title="Без итога", status="finished")
        client.force_login(cast.secretary)
        context = client.get(portfolio.get_absolute_url()).context
        rows = {row["project"].pk: [gap.words.split(" «")[0] for gap in row["gaps"]] for row in context["gaps"]}
        assert set(rows) == {bare.pk, ended.pk} and context["gap_count"] == 2
        assert rows[bare.pk] == ["Точка", "Нет отчёта 400 дней".replace("400 ", "400\xa0"), "Есть отставание: так сказано в последнем отчёте", "Не указан руководитель", "Нет команды",
                              "Не указано ведущее учреждение", "Нет утверждённого паспорта"]
        assert rows[ended.pk] == ["Не записан итог"]
        for row in context["gaps"]:
            assert [client.get(gap.url.split("#")[0]).status_code for gap in row["gaps"]] == [200] * len(row["gaps"])

    def test_what_is_missing_is_told_the_worst_first_and_page_by_page(self, cast):
        portfolio = PortfolioFactory()
        names = {title: ProjectFactory(portfolio=portfolio, title=title, last_report_on=TODAY(), **more) for title, more in {
            "Б": {}, "А": {}, "В: без руководителя": {"head": None}, "Г: просрочен": {"head": cast.secretary}}.items()}
        for title in ("А", "Б"):
            verbs.change_head(names[title], cast.secretary, by=cast.secretary, version=names[title].version)
        point(names["Г: просрочен"], 3)
        found = Lacking(with_gaps().filter(portfolio=portfolio))
        rows, total = found.first(10)
        assert [row.pk for row in rows] == [names[title].pk for title in ("Г: просрочен", "В: без руководителя", "А", "Б")]
        assert total == found.count() == 4
        assert found[1:3] == rows[1:3] and found.first(2, 4) == ([], 4)

    def test_of_what_is_urgent_the_first_decides_then_how_much_is_missing_then_the_title(self, cast):
        portfolio, closed = PortfolioFactory(), InstitutionFactory(closed_on=TODAY())

        def project(title, *gaps, at=None, **fields):
            made = led_by(at or InstitutionFactory(), portfolio=portfolio, title=title, head=cast.secretary, **({"last_report_on": TODAY()} | fields))
            if "late" in gaps:
                point(made, 3)
            if "due" in gaps:
                report_of(made, due_at=timezone.now() - timedelta(hours=1))
            return made

        long_ago = TODAY() - timedelta(days=300)
        project("Ж: всё срочное, кроме точки", "due", course="in_trouble", at=closed, last_report_on=long_ago)
        project("З: точка", "late")
        project("Е: просит помощи", course="in_trouble")
        project("Д: закрыто", at=closed)
        project("Г: молчит", last_report_on=long_ago)
        TeamMember.objects.create(project=project("В: команда есть"), name="Ким А.А.", role="editor")
        TeamMember.objects.create(project=project("В: отстаёт", course="lagging"), name="Ким А.А.", role="editor")
        project("Б: без команды")
        project("А: без команды")
        ProjectFactory(portfolio=portfolio, title="0: готовится, без ведущего", status="preparing", head=cast.secretary)
        ProjectFactory(portfolio=portfolio, title="Стоит", status="stopped")
        ProjectFactory(portfolio=portfolio, title="Завершён с итогом", status="finished", result="Есть")
        order = ["З: точка", "Ж: всё срочное, кроме точки", "Е: просит помощи", "Д: закрыто", "Г: молчит",
                 "А: без команды", "Б: без команды", "В: отстаёт", "0: готовится, без ведущего", "В: команда есть"]
        rows, total = Lacking(with_gaps().filter(portfolio=portfolio)).first(50)
        titles = dict(Project.objects.values_list("pk", "title"))
        assert [titles[row.pk] for row in rows] == order and total == len(order)
        assert rows[1].names == {"due", "help", "closed", "report", "team", "passport"}
        assert rows[order.index("В: отстаёт")].names == {"lagging", "passport"}
        read = Overview.of(with_overview().filter(portfolio=portfolio), 50, 3)
        assert read.lacking == rows[:3] and read.lacking_count == total
        assert sum(read.counts.values()) == len(read.first) == len(order) + 2

    def test_who_is_not_told_what_is_missing_sees_the_same_bars_and_rows(self, cast, client):
        portfolio = PortfolioFactory()
        for number, status in enumerate(["active", "preparing", "finished"]):
            ProjectFactory(portfolio=portfolio, status=status, title=f"Проект {number}")

        def seen(person):
            client.force_login(person)
            context = client.get(portfolio.get_absolute_url()).context
            return (context["sees_overview"], context["gap_count"], context["gaps"], context["courses"], context["rest"],
                    [row.project.title for row in context["listing"].rows])

        overseer, reader = seen(cast.secretary), seen(cast.administrator)
        assert overseer[0] and overseer[1] == 3 and len(overseer[2]) == 3
        assert reader[:3] == (False, 0, []) and reader[3:] == overseer[3:]

    def test_reaches_only_who_may_oversee(self, cast, client):
        portfolio = PortfolioFactory(head=cast.member_of_school_b)
        ProjectFactory(portfolio=portfolio)
        for person, status in [(cast.stranger, 403), (cast.member_of_school_b, 200), (cast.department_head, 200)]:
            client.force_login(person)
            assert client.get(f"{portfolio.get_absolute_url()}attention/").status_code == status

    def test_is_not_closed_under_projects_that_go_on(self, cast):
        portfolio = PortfolioFactory()
        project = ProjectFactory(portfolio=portfolio)
        with pytest.raises(ValidationError, match="идут проекты: 1"):
            portfolios.close_portfolio(portfolio, by=cast.secretary, closed_on=TODAY())
        verbs.move(project, "stop", by=cast.secretary, reason="Так решили")
        portfolios.close_portfolio(portfolio, by=cast.secretary, closed_on=TODAY())
        with pytest.raises(ValidationError, match="новые проекты"):
            verbs.create_project(by=cast.secretary, portfolio=portfolio, title="Новый")

    def test_a_model_of_another_portfolio_is_refused(self, cast):
        with pytest.raises(ValidationError, match="относится к портфелю"):
            verbs.create_project(by=cast.secretary, portfolio=PortfolioFactory(), title="Новый", model=ModelFactory())


BAD_DAYS = ["31.02.2027", "32.13.2027", "00.00.0000", "завтра", "1" * 400, "01.09.99999", "−1.1.2027", "01.09.2027\x00", "２７.０１.２０２７x"]


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_day_that_is_none_gets_a_sentence_beside_its_field_and_the_rest_stays(cast, client, day):
    project = filled_passport(by=cast.secretary).project
    client.force_login(cast.secretary)
    pages = {
        "/projects/new/": ({"title": "Новый проект", "kind": "city", "portfolio": project.portfolio_id, "start": day}, "start"),
        f"/projects/{project.pk}/edit/": ({"title": "Новый проект", "kind": "city", "portfolio": project.portfolio_id, "end": day}, "end"),
        f"/projects/{project.pk}/copy/": ({"start": "01.09.2027", "end": day}, "end"),
        f"/projects/{project.pk}/team/new/": ({"name": "Новикова П.А.", "role": "member", "since": day}, "since"),
        f"/projects/points/{project.milestones.get().pk}/reach/": ({"on": day, "evidence": "приказ"}, "on"),
    }
    for url, (typed, field) in pages.items():
        answer = client.post(url, typed)
        assert answer.status_code in (200, 422) and answer.context["form"].errors[field], (url, answer.status_code)
        assert all(str(text) in answer.text for name, text in typed.items() if name in ("title", "name", "evidence"))
    assert Project.objects.count() == 1


class TestInstitutions:
    def test_a_project_is_not_its_own_partner(self, cast):
        school = InstitutionFactory()
        with pytest.raises(ValidationError, match="участником у самого себя"):
            institutions.add_institution(led_by(school), school, by=cast.secretary)

    def test_the_page_says_so_beside_the_field(self, cast, client):
        project = led_by(cast.member_of_school_a.current_post.institution, head=cast.member_of_school_a)
        client.force_login(cast.member_of_school_a)
        answer = client.post(f"/projects/{project.pk}/institutions/new/", {
            "institution": str(cast.member_of_school_a.current_post.institution), "role": "partner"})
        assert "участником у самого себя" in answer.content.decode()

    def test_a_closed_one_is_refused_and_one_closed_in_mid_year_is_told_once(self, cast):
        closed = InstitutionFactory(closed_on=TODAY() - timedelta(days=1))
        project = ProjectFactory(head=UserFactory(), portfolio=PortfolioFactory(head=UserFactory()))
        with pytest.raises(ValidationError, match="закрыто"):
            institutions.add_institution(project, closed, by=cast.secretary)
        project.institutions.create(institution=closed)
        led_by(closed, status="finished", head=UserFactory())
        for _ in range(2):
            duties.tell_of_closed_institutions()
        assert set(OutgoingMail.objects.values_list("person", flat=True)) == {project.head_id, project.portfolio.head_id}

    def test_the_page_shows_it(self, cast, client):
        project = led_by(InstitutionFactory(closed_on=TODAY()))
        client.force_login(cast.secretary)
        assert "а проект идёт" in client.get(project.get_absolute_url()).content.decode()

    def test_another_lead_makes_the_former_a_partner(self, cast):
        project = led_by(InstitutionFactory())
        partner = institutions.add_institution(project, InstitutionFactory(), by=cast.secretary)
        institutions.make_lead(partner, by=cast.secretary)
        assert [each.role for each in project.institutions.order_by("pk")] == ["partner", "lead"]

    def test_the_former_lead_writes_its_part_of_open_reports_and_the_new_one_none(self, cast):
        project = led_by(InstitutionFactory(), kind="network")
        former = project.institutions.get()
        partner = institutions.add_institution(project, InstitutionFactory(), by=cast.secretary)
        report = report_of(project)
        institutions.make_lead(partner, by=cast.secretary)
        assert [part.institution for part in report.parts.all()] == [former]


class TestTheNextYear:
    def test_a_copy_continues_what_is_open_and_leaves_what_was_reached(self, cast):
        passport = filled_passport(led_by(InstitutionFactory(closed_on=TODAY())))
        source = passport.project
        source.institutions.create(institution=(other := InstitutionFactory()))
        Milestone.objects.filter(project=source).update(reached_on=TODAY())
        copy = copying.copy_project(source, by=cast.secretary, start=date(2027, 9, 1), end=date(2028, 5, 31))
        assert (copy.copied_from, copy.status, copy.head) == (source, "preparing", source.head)
        assert [each.institution for each in copy.institutions.all()] == [other]
        point = copy.milestones.get()
        assert (point.due, point.reached_on) == (date(2027, 11, 10), None)
        assert copy.indicators.get().baseline == 120 and copy.indicators.get().target is None
        assert Passport.objects.get(project=copy).tasks == passport.tasks
        assert fresh(source).status == "active"

    def test_the_chain_is_shown_both_ways(self, cast, client):
        first = ProjectFactory(title="Первый год")
        second = copying.copy_project(first, by=cast.secretary, start=date(2027, 9, 1))
        third = copying.copy_project(second, by=cast.secretary, start=date(2028, 9, 1))
        assert reading.ancestry(third, cast.secretary) == [second, first]
        client.force_login(cast.secretary)
        assert client.get(second.get_absolute_url()).context["continued_by"] == [third]

    def test_a_chain_that_bites_its_tail_ends(self, cast):
        first, second = ProjectFactory(), ProjectFactory()
        Project.objects.filter(pk=first.pk).update(copied_from=second)
        Project.objects.filter(pk=second.pk).update(copied_from=first)
        assert reading.ancestry(fresh(first), cast.secretary) == [second]

    def test_the_29th_of_february_becomes_the_28th(self):
        assert copying.moved(date(2028, 2, 29), 1) == date(2029, 2, 28)


class TestWhatWaits:
    def rows(self, person):
        return [(row.what, row.action) for row in waiting_for(person)]

    def test_the_head_is_asked_for_the_passport_and_then_for_the_points(self, cast):
        head = cast.member_of_school_a
        project = led_by(head.current_post.institution, head=head)
        assert self.rows(head) == [("Паспорт проекта", "Заполнить")]
        assert self.rows(cast.member_of_school_b) == []
        passport = filled_passport(project, by=cast.secretary)
        assert self.rows(head) == [("Паспорт проекта", "Продолжить")]
        Milestone.objects.filter(project=project).update(due=TODAY() - timedelta(days=2))
        project.start, project.end = TODAY() - timedelta(days=20), TODAY() + timedelta(days=20)
        project.save()
        project.stages.update(start=project.start, end=project.end)
        in_force(passport, cast.secretary)
        assert self.rows(head) == [("Контрольная точка «Первый показ»", "Отметить")]

    def test_a_leavers_projects_and_portfolios_go_to_the_successor(self, cast):
        leaver, successor = UserFactory(), UserFactory()
        project = verbs.create_project(by=cast.secretary, portfolio=PortfolioFactory(head=leaver), title="Дело", head=leaver)
        other = ProjectFactory()
        TeamMember.objects.create(project=other, person=leaver, name="Л", role="editor")
        ModelFactory(head=leaver)
        assert {label: count for label, count in open_work(leaver) if count} == {
            "проекты, которыми руководит": 1, "портфели": 1, "управленческие модели": 1, "места в командах проектов": 1}
        hand_over(leaver, successor, by=cast.secretary)
        assert fresh(project).head == successor and fresh(project.portfolio).head == successor
        assert [each.person for each in other.team.current()] == [successor]
        assert not any(count for _, count in open_work(leaver))


def test_a_state_that_cannot_follow_is_refused_before_anything_is_typed(client, cast):
    project = ProjectFactory(status="finished")
    client.force_login(cast.secretary)
    told = client.get(f"/projects/{project.pk}/status/suspend/", follow=True)
    assert told.redirect_chain == [(project.get_absolute_url(), 302)]
    assert "Приостановить можно проект, который реализуется." in told.content.decode()
