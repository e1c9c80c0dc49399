"""Import of people and institutions: nothing stored before the button, each row judged by itself, twice is once."""
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from projectoffice.accounts.duties import forget_checked_tables
from projectoffice.accounts.models import ImportCheck, Institution, User
from projectoffice.accounts.services.importing import apply_import, check_import
from projectoffice.common.models import Event
from projectoffice.common.sheets import read_xlsx
from tests.factories import InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db
HEAD = ["Фамилия", "Имя", "Отчество", "Почта", "Телефон", "Должность", "Учреждение"]


def table(*rows, name="люди.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue())


def checked(cast, *rows, kind="people"):
    return check_import(kind, by=cast.secretary, file_name="люди.xlsx", rows=read_xlsx(table(*rows)))


def actions(check):
    return [row["action"] for row in check.rows]


def test_checking_stores_no_person_and_applying_stores_all(cast):
    InstitutionFactory(number=512)
    before = User.objects.count()
    check = checked(cast, HEAD, ["Новикова", "Анна", "Ивановна", "n@example.test", "11-22", "директор", "школа № 512"])
    assert User.objects.count() == before
    apply_import(check, by=cast.secretary)
    person = User.objects.get(surname="Новикова")
    assert (person.given_name, person.phone, person.username) == ("Анна", "11-22", None)
    assert str(person.posts.get()) == "директор, МБОУ школа №\xa0512"
    assert Event.objects.about(person).get().sentence == "Внесён из таблицы Excel"


def test_the_same_file_again_changes_nothing(cast):
    InstitutionFactory(number=512)
    rows = [HEAD, ["Новикова", "Анна", "Ивановна", "n@example.test", "11-22", "директор", "школа 512"],
            ["Белых", "Пётр", "Ильич", "", "", "методист", "МБОУ школа № 512"], ["Одинокий", "Яков", "", "", "", "", ""]]
    apply_import(checked(cast, *rows), by=cast.secretary)
    people, events = User.objects.count(), Event.objects.count()
    again = checked(cast, *rows)
    assert actions(again) == ["same", "same", "same"]
    apply_import(again, by=cast.secretary)
    assert (User.objects.count(), Event.objects.count()) == (people, events)


def test_applied_twice_is_done_once(cast):
    check = checked(cast, HEAD, ["Новикова", "Анна", "", "", "", "", ""])
    apply_import(check, by=cast.secretary)
    apply_import(check, by=cast.secretary)
    assert User.objects.filter(surname="Новикова").count() == 1


def test_two_checked_copies_of_one_file_make_nobody_twice(cast):
    rows = [HEAD, ["Новикова", "Анна", "", "", "", "", ""]]
    first, second = checked(cast, *rows), checked(cast, *rows)
    apply_import(first, by=cast.secretary)
    assert apply_import(second, by=cast.secretary).report["same"] == [2]
    assert User.objects.filter(surname="Новикова").count() == 1


def test_a_known_person_is_completed_and_an_empty_cell_wipes_nothing(cast):
    UserFactory(username=None, surname="Новикова", given_name="Анна", email="n@example.test", phone="старый")
    check = checked(cast, HEAD, ["Новикова", "Анна", "Ивановна", "N@example.test", "", "", ""])
    assert actions(check) == ["update"]
    apply_import(check, by=cast.secretary)
    person = User.objects.get(surname="Новикова")
    assert (person.patronymic, person.phone) == ("Ивановна", "старый")


def test_an_import_never_moves_the_mailbox_of_somebody_who_logs_in(cast):
    school = InstitutionFactory(number=513)
    person = UserFactory(surname="Входящая", email="own@example.test")
    person.posts.create(title="директор", institution=school)
    check = checked(cast, HEAD, ["Входящая", "Анна", "Игоревна", "thief@example.test", "", "директор", "школа 513"])
    apply_import(check, by=cast.secretary)
    assert User.objects.get(pk=person.pk).email == "own@example.test"


def test_each_row_says_what_is_wrong_with_it_and_the_good_ones_go_in(cast):
    check = checked(
        cast, ["Список сотрудников"], HEAD,
        ["", "Анна", "", "", "", "", ""], ["Почтова", "Анна", "", "не адрес", "", "", ""],
        ["Школьник", "Анна", "", "", "", "учитель", "Школа 9999"], ["Хороший", "Иван", "", "", "", "", ""],
        ["Хороший", "Иван", "", "", "", "", ""],
    )
    problems = {row["row"]: " ".join(row["problems"]) for row in check.rows}
    assert "Впишите фамилию" in problems[3]
    assert "Почта" in problems[4]
    assert "в списке нет" in problems[5]
    assert problems[6] == ""
    assert "Повторяет строку 6" in problems[7]
    assert apply_import(check, by=cast.secretary).report == {"create": [6], "update": [], "same": [], "wrong": [3, 4, 5, 7]}


def test_columns_come_in_any_order_and_a_full_name_in_one_cell_is_understood(cast):
    check = checked(cast, ["Телефон", "Ф.И.О."], ["12", "Орлова-Белая Анна Петровна"])
    apply_import(check, by=cast.secretary)
    person = User.objects.get(surname="Орлова-Белая")
    assert (person.given_name, person.patronymic, person.phone) == ("Анна", "Петровна", "12")


def test_a_table_without_the_needed_column_says_what_was_looked_for(cast):
    with pytest.raises(ValidationError, match=r"Не нашли графу «Фамилия».*«Почта»"):
        checked(cast, ["Что", "Где"], ["а", "б"])


def test_institutions_come_in_and_are_recognised_again(cast):
    rows = [["Форма", "Вид", "№", "Собственное имя", "Телефон"], ["МБОУ", "Школа", 701.0, "", "=1+1"],
            ["МАОУ ДО", "Центр", "", "«Вертикаль»", ""], ["МБОУ", "Школа", "", "", ""]]
    check = checked(cast, *rows, kind="institutions")
    assert actions(check) == ["create", "create", "wrong"]
    apply_import(check, by=cast.secretary)
    assert {str(i) for i in Institution.objects.all()} >= {"МБОУ школа №\xa0701", "МАОУ ДО центр «Вертикаль»"}
    assert actions(checked(cast, *rows, kind="institutions")) == ["same", "same", "wrong"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, b"a;b\n1;2"])
def test_what_is_no_table_gets_a_sentence(client, cast, content):
    client.force_login(cast.secretary)
    answer = client.post("/people/import/", {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 200
    assert answer.context["form"].errors["file" if not content else "__all__"]
    assert not ImportCheck.objects.exists()


def test_more_than_five_thousand_rows_are_refused_by_name(cast):
    with pytest.raises(ValidationError, match="больше 5000 строк"):
        read_xlsx(table(HEAD, *[[f"Человек{n}"] for n in range(5_100)]))


def test_the_whole_way_through_the_pages(client, cast):
    client.force_login(cast.secretary)
    template = client.get("/people/import/template/")
    book = load_workbook(BytesIO(template.content))
    assert [cell.value for cell in book.active[1]][:3] == ["Фамилия", "Имя", "Отчество"]
    answer = client.post("/people/import/", {"file": table(HEAD, ["Новикова", "=HYPERLINK(1)", "", "", "", "", ""])})
    preview = answer["Location"]
    assert "Импортировать: 1 строка" in client.get(preview).text
    assert client.post(f"{preview}apply/")["Location"] == preview
    assert User.objects.filter(surname="Новикова").exists()


def test_only_those_who_keep_people_import(cast):
    check = checked(cast, HEAD, ["Новикова", "", "", "", "", "", ""])
    with pytest.raises(PermissionDenied):
        apply_import(check, by=cast.stranger)
    assert not User.objects.filter(surname="Новикова").exists()


def test_somebody_alike_is_pointed_at_and_bars_nothing(cast):
    UserFactory(username=None, surname="Ольхина", given_name="Марина", patronymic="Юрьевна", email="")
    check = checked(cast, HEAD, ["Ольхина", "М.", "", "o@example.test", "", "", ""])
    assert actions(check) == ["create"]
    assert "Ольхина Марина Юрьевна" in check.rows[0]["remark"]


def test_a_table_nobody_imported_is_forgotten_after_a_day(cast):
    old, fresh = (checked(cast, HEAD, ["Новикова", "", "", "", "", "", ""]) for _ in range(2))
    ImportCheck.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    forget_checked_tables()
    assert list(ImportCheck.objects.all()) == [fresh]
