"""Import of the existing list: each row judged, nothing stored before the person says so, done once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolios.models import Project
from portfolios.services.importing import apply_import, check_import
from projectoffice.accounts.models import Institution
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from projectoffice.common.sheets import write_xlsx
from tests.factories import InstitutionFactory, UserFactory

from .things import ModelFactory, PeriodFactory, led_by

pytestmark = pytest.mark.django_db
HEADINGS = ["Учреждение", "Название", "Вид", "Портфель", "Модель", "Руководитель", "Начало", "Окончание", "Состояние"]
GOOD = ["школа 12", "Читающая школа", "сетевой", "Сильная команда", "Рост", "Петрова Анна Игоревна", "01.09.2026", "31.05.2027", "в работе"]


@pytest.fixture
def town():
    InstitutionFactory(number=12)
    model = ModelFactory(name="Рост", portfolio__name="Сильная команда")
    UserFactory(surname="Петрова")
    return model


def check(cast, *rows, headings=HEADINGS):
    return check_import(by=cast.secretary, file_name="проекты.xlsx", rows=[(1, headings), *enumerate(map(list, rows), start=2)])


def changed(**cells):
    row = dict(zip(HEADINGS, GOOD, strict=True)) | cells
    return [row[name] for name in HEADINGS]


def test_a_good_row_becomes_a_project_with_everything_in_it(cast, town):
    done = apply_import(check(cast, GOOD), by=cast.secretary)
    project = Project.objects.get()
    assert (project.title, project.kind, project.portfolio, project.model, project.status) == (
        "Читающая школа", "network", town.portfolio, town, "active")
    assert (project.head.surname, str(project.start), str(project.end), project.lead.number) == ("Петрова", "2026-09-01", "2027-05-31", 12)
    assert done.report["create"] == [2] and history_of(project)[0].sentence == "Внесён из таблицы Excel"
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("cell, text, word", [
    ("Учреждение", "школа 99", "в списке нет"), ("Учреждение", "", "Не указано учреждение"), ("Название", "", "Нет названия"),
    ("Вид", "космический", "портал не знает"), ("Портфель", "Другой", "нет. Создайте"), ("Модель", "Другая", "в портфеле"),
    ("Руководитель", "Нетова А.А.", "в списке нет"), ("Начало", "осенью", "Введите дату так"), ("Окончание", "01.01.2020", "раньше начала"),
    ("Состояние", "летит", "портал не знает"), ("Название", "Имя\u202eэмИ", "служебный знак"), ("Название", "я" * 600, "500"),
])
def test_a_bad_cell_is_told_by_its_row_and_bars_only_that_row(cast, town, cell, text, word):
    found = check(cast, changed(**{cell: text}), changed(Название="Другой проект"))
    assert [row["action"] for row in found.rows] == ["wrong", "create"] and word in " ".join(found.rows[0]["problems"])
    apply_import(found, by=cast.secretary)
    assert list(Project.objects.values_list("title", flat=True)) == ["Другой проект"]


def test_what_is_carried_out_joins_the_reports_that_are_collected(cast, town):
    period = PeriodFactory(portfolio=town.portfolio)
    apply_import(check(cast, GOOD, changed(Название="Готовится", Состояние="подготовка")), by=cast.secretary)
    assert [report.project.title for report in period.reports.all()] == ["Читающая школа"]


def test_two_namesakes_are_asked_about(cast, town):
    UserFactory(surname="Петрова")
    assert "несколько" in check(cast, GOOD).rows[0]["problems"][0]


def test_a_closed_institution_and_a_closed_portfolio_are_refused(cast, town):
    InstitutionFactory(number=13, closed_on="2020-01-01")
    assert "закрыто" in check(cast, changed(Учреждение="школа 13")).rows[0]["problems"][0]
    town.portfolio.closed_on = "2020-01-01"
    town.portfolio.save()
    assert "закрыт" in " ".join(check(cast, GOOD).rows[0]["problems"])


def test_what_is_there_or_stands_twice_does_not_come_again(cast, town):
    found = check(cast, GOOD, changed(Название="читающая  ШКОЛА"))
    assert [row["action"] for row in found.rows] == ["create", "wrong"]
    for _ in range(2):
        apply_import(found, by=cast.secretary)
    again = check(cast, GOOD)
    assert again.rows[0]["action"] == "same" and apply_import(again, by=cast.secretary).report["create"] == []
    assert Project.objects.count() == 1


@pytest.mark.parametrize("days, action", [
    (("01.09.2028", "31.05.2029"), "create"), (("01.06.2027", ""), "create"), (("", "31.12.2025"), "create"),
    (("01.05.2027", "31.05.2028"), "same"), (("", "31.12.2026"), "same"), (("01.10.2026", ""), "same"), (("", ""), "same"),
])
def test_the_same_project_of_another_year_is_a_new_one(cast, town, days, action):
    led_by(Institution.objects.get(number=12), title="Читающая школа")  # 01.09.2026–31.05.2027
    row = changed(Начало=days[0], Окончание=days[1])
    found = check(cast, row, row)
    assert [one["action"] for one in found.rows] == [action, "wrong"] and found.rows[1]["problems"] == ["Повторяет строку 2."]
    assert len(apply_import(found, by=cast.secretary).report[action]) == 1 and Project.objects.count() == (2 if action == "create" else 1)


def test_what_somebody_entered_meanwhile_is_judged_anew(cast, town):
    found = check(cast, GOOD)
    led_by(Institution.objects.get(number=12), title="Читающая школа")
    assert apply_import(found, by=cast.secretary).report["same"] == [2] and Project.objects.count() == 1


def test_the_columns_are_found_by_other_names_and_in_any_order(cast, town):
    found = check(cast, ["Сильная команда", "МБОУ школа № 12", "Дело"], headings=["Управленческий портфель", "МОУ", "Название проекта"])
    assert found.rows[0]["action"] == "create"


def test_costs_the_same_for_few_rows_and_many(cast, town):
    def cost(count):
        rows = [changed(Название=f"Дело {count} {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            apply_import(check(cast, *rows), by=cast.secretary)
        return len(asked)

    cost(1)
    assert cost(2) == cost(30)


class TestThePages:
    def upload(self, client, content, name="проекты.xlsx"):
        return client.post("/projects/import/", {"file": SimpleUploadedFile(name, content)})

    def test_file_preview_apply(self, cast, client, town):
        client.force_login(cast.secretary)
        answer = self.upload(client, write_xlsx(HEADINGS, [GOOD, changed(Вид="космический")]))
        page = client.get(answer.url).content.decode()
        assert "Читающая школа" in page and "портал не знает" in page and not Project.objects.exists()
        client.post(f"{answer.url}apply/")
        assert Project.objects.count() == 1

    def test_the_sample_speaks_of_this_portal_and_can_be_loaded_back(self, cast, client, town):
        client.force_login(cast.secretary)
        answer = self.upload(client, client.get("/projects/import/sample/").content)
        client.post(f"{answer.url}apply/")
        project = Project.objects.get()
        assert (project.title, project.portfolio, project.model, project.head) == ("Читающая школа", town.portfolio, town, cast.secretary)

    def test_the_sample_of_an_empty_portal_is_told_what_is_missing(self, cast, client):
        client.force_login(cast.secretary)
        answer = self.upload(client, client.get("/projects/import/sample/").content)
        page = client.get(answer.url).content.decode()
        assert "Портфеля «Название портфеля» нет. Создайте его или исправьте название." in page

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"plain text", write_xlsx(["Что-то"], [["и всё"]]), write_xlsx(HEADINGS, [])])
    def test_what_is_no_such_table_is_a_sentence(self, cast, client, content):
        client.force_login(cast.secretary)
        answer = self.upload(client, content)
        assert answer.status_code == 200 and answer.context["form"].errors and not Project.objects.exists()

    def test_anothers_check_is_hidden(self, cast, client, town):
        found = check(cast, GOOD)
        client.force_login(cast.office_head)
        assert client.get(found.get_absolute_url()).status_code == 404
