import io
import json
import os
from pathlib import Path

import pdfplumber
import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command, load_command_class
from django.db import connection
from django.utils import timezone

from meetings.models import MeetingPlan
from meetings.services.plan import create_plan
from meetings.services.rows import add_row
from projectoffice.accounts.models import Body
from projectoffice.common.invariants import violations
from projectoffice.common.models import Event
from projectoffice.documents.commands import one_sentence
from projectoffice.documents.models import Stamp
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.factories import BodyFactory
from tests.meetings.word_plans import ROWS, saved, table, title, word

pytestmark = pytest.mark.django_db
REAL_PLAN = Path(os.environ["SHARED_DOCUMENTS"]) / "plan-zasedaniy-2020.docx"


@pytest.fixture
def office(cast):
    return BodyFactory(name="Проектный офис", genitive="Проектного офиса", is_main=True)


@pytest.fixture
def file(tmp_path):
    return word_file(tmp_path / "plan.docx")


def word_file(path, rows=ROWS):
    document = word()
    title(document)
    table(document, rows)
    path.write_bytes(saved(document).getvalue())
    return path


def run(*args):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*map(str, args), stdout=out, stderr=err)
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def refused(*args):
    """The one sentence of a refusal."""
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and err.strip().endswith(".")
    return err


def test_a_word_plan_becomes_a_plan_of_the_main_body(office, file):
    code, out, err = run("import_plan", file)
    plan = MeetingPlan.objects.get()
    assert (code, err) == (0, "")
    assert "Загружено строк: 2" in out
    assert (plan.body, plan.year, plan.title.splitlines()[-1]) == (office, 2027, "на 2027 год")
    assert [item.term for item in plan.items.order_by("position")] == ["февраль", "апрель"]
    assert not Event.objects.filter(actor__isnull=False).exists()


def test_json_has_the_agreed_shape(office, file):
    code, out, err = run("import_plan", file, "--json", "--dry-run")
    read = json.loads(out)
    assert set(read) == {"title", "year", "stamps", "items", "remarks"}
    assert read["year"] == 2027
    assert read["items"][0] == {
        "label": "1.", "topics": [{"text": "Итоги сетевых проектов", "level": 0, "marker": "paragraph"}],
        "term": "февраль", "term_start": "2027-02-01", "term_end": "2027-02-28", "responsible": ["Орлова Н.П."],
    }
    assert not MeetingPlan.objects.exists()


def test_another_year_and_another_body_can_be_named(office, file):
    BodyFactory(name="Рабочая группа", genitive="рабочей группы")
    assert run("import_plan", file, "--year", 2030, "--body", "рабочая группа")[0] == 0
    assert (MeetingPlan.objects.get().year, MeetingPlan.objects.get().body.name) == (2030, "Рабочая группа")
    assert "нет" in refused("import_plan", file, "--body", "Кружок")


def test_a_draft_is_replaced_only_when_asked_and_rows_keep_their_uid(office, file, tmp_path):
    run("import_plan", file)
    uids = list(MeetingPlan.objects.get().items.values_list("uid", flat=True))
    assert "--replace" in refused("import_plan", file)
    changed = [ROWS[0], [ROWS[1][0], ROWS[1][1], "май", ROWS[1][3]], ["3.", "Новая тема", "июнь", "Белов С.И."]]
    assert run("import_plan", word_file(tmp_path / "next.docx", changed), "--replace")[0] == 0
    rows = MeetingPlan.objects.get().items.present().order_by("position")
    assert [row.term for row in rows] == ["февраль", "май", "июнь"]
    assert [row.uid for row in rows][:2] == uids


def test_a_plan_on_its_way_or_in_force_is_never_replaced(office, file, cast):
    run("import_plan", file)
    plan = MeetingPlan.objects.get()
    Stamp.objects.create(document=plan.document, kind="approve", name="О.П. Котова", method="ink")
    document = send(plan.document, by=cast.secretary)
    assert "на подписи" in refused("import_plan", file, "--replace")
    record_ink(document.stamps.get(), by=cast.secretary, signed_on=timezone.localdate())
    assert "утверждён" in refused("import_plan", file, "--replace")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 ...", b"<html></html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"PK\x03\x04"])
def test_a_file_that_is_no_word_plan_gets_one_sentence(office, tmp_path, content):
    path = tmp_path / "plan.docx"
    path.write_bytes(content)
    refused("import_plan", path)
    assert not MeetingPlan.objects.exists()


@pytest.mark.parametrize("year", [0, 99999, -5])
def test_a_year_that_is_no_year_gets_one_sentence(office, file, year):
    assert "год" in refused("import_plan", file, f"--year={year}")


def test_a_missing_file_and_a_missing_year_get_one_sentence(office, tmp_path):
    assert "не найден" in refused("import_plan", tmp_path / "nothing.docx")
    document = word()
    title(document, ["План", "заседаний"])
    table(document)
    path = tmp_path / "plan.docx"
    path.write_bytes(saved(document).getvalue())
    assert "--year" in refused("import_plan", path)


def test_a_portal_that_was_just_set_up_gets_its_main_body(db, file):
    assert run("import_plan", file)[0] == 0
    assert Body.objects.main().genitive == "Проектного офиса"


def test_print_plan_writes_what_is_asked_for_or_says_why_not(office, file, cast, tmp_path):
    run("import_plan", file)
    plan, out = MeetingPlan.objects.get(), tmp_path / "plan.pdf"
    assert "ещё не утверждён" in refused("print_plan", 2027, "--out", out)
    assert "не на подписи" in refused("print_plan", 2027, "--ink", "--out", out)
    assert "нет" in refused("print_plan", 2031, "--out", out)
    assert run("print_plan", 2027, "--draft", "--out", out)[0] == 0
    assert out.read_bytes().startswith(b"%PDF")
    plan.document.stamps.all().delete()
    stamp = Stamp.objects.create(document=plan.document, kind="approve", name="О.П. Котова", method="ink")
    send(plan.document, by=cast.secretary)
    assert run("print_plan", 2027, "--ink", "--out", out)[0] == 0
    ink = out.read_bytes()
    record_ink(stamp, by=cast.secretary, signed_on=timezone.localdate())
    assert run("print_plan", 2027, "--out", out)[0] == 0
    assert out.read_bytes() == ink


def test_export_plan_writes_word_that_imports_to_the_same_rows(office, file, tmp_path):
    run("import_plan", file)
    out = tmp_path / "copy.docx"
    assert run("export_plan", 2027, "--out", out)[0] == 0
    again = json.loads(run("import_plan", out, "--dry-run", "--json")[1])
    first = json.loads(run("import_plan", file, "--dry-run", "--json")[1])
    assert again["items"] == first["items"]


def test_out_that_cannot_be_written_is_told(office, file, tmp_path):
    run("import_plan", file)
    assert f"Папки {tmp_path / 'no'} нет" in refused("export_plan", 2027, "--out", tmp_path / "no" / "copy.docx")
    assert "допишите имя файла" in refused("export_plan", 2027, "--out", tmp_path)


def test_the_invariants_hold_and_see_what_is_broken(office, file):
    run("import_plan", file)
    assert run("check_invariants")[0] == 0
    MeetingPlan.objects.get().items.filter(position=2).update(position=7)
    with pytest.raises(CommandError):
        run("check_invariants")
    assert "места от 1 до 7" in " ".join(sentence for _, sentence in violations())


@pytest.mark.skipif(not REAL_PLAN.exists(), reason=f"the real plan is not at {REAL_PLAN}")
def test_the_offices_own_plan_comes_in_whole_and_its_print_says_row_for_row_what_the_file_says(office, tmp_path):
    code, out, _ = run("import_plan", REAL_PLAN, "--json")
    read = json.loads(out)
    assert len(read["items"]) == 6
    assert [(stamp["kind"], stamp["side"]) for stamp in read["stamps"]] == [("agree", "left"), ("approve", "right")]
    assert [line["marker"] for line in read["items"][3]["topics"]].count("dash") == 3
    pdf = tmp_path / "plan.pdf"
    run("print_plan", 2020, "--draft", "--out", pdf)
    with pdfplumber.open(pdf) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table
                if not (row[0] or '').startswith("№")]
        topics, terms, people = (squeezed("".join(row[column] or "" for row in rows)) for column in (1, 2, 3))
    for item in read["items"]:
        for line in item["topics"]:
            assert squeezed(line["text"]) in topics, line["text"]
        assert squeezed(item["term"]) in terms
        assert all(squeezed(name) in people for name in item["responsible"])


def squeezed(text):
    return "".join(char for char in text if not char.isspace() and char not in "-\u00ad–")


def test_a_print_with_swapped_stamps_nested_bullets_and_repeated_numbers(office, cast, tmp_path):
    plan = create_plan(office, by=cast.secretary, year=2023)
    for label in ("1.", "2.", "2.", "3.", "4."):
        add_row(plan, by=cast.secretary, values={"label": label, "topics": f"• Вопрос {label}\n  • внутри вопроса", "term": "май"})
    for kind, side, name in (("approve", "left", "А.А. Левая"), ("agree", "right", "П.П. Правая")):
        Stamp.objects.create(document=plan.document, kind=kind, side=side, name=name, post="Руководитель")
    out = tmp_path / "plan.pdf"
    run("print_plan", 2023, "--draft", "--out", out)
    with pdfplumber.open(out) as document:
        page = document.pages[0]
        words = {word["text"]: word["x0"] for word in page.extract_words()}
        labels = [row[0] for row in page.extract_tables()[-1]]
    assert words["Левая"] < page.width / 2 < words["Правая"]
    assert labels[-5:] == ["1.", "2.", "2.", "3.", "4."]


@pytest.mark.parametrize("command", ["print_plan", "export_plan"])
@pytest.mark.parametrize("year", ["0", "99999999999999999999", "-5"])
def test_a_year_no_plan_can_have_is_told_before_the_database_is_asked(office, tmp_path, command, year):
    assert "от 2000 до 2100" in refused(command, "--out", tmp_path / "x", "--", year)


@pytest.mark.parametrize(("args", "words"), [
    (["import_plan"], "не хватает: file"),
    (["import_plan", "a.docx", "--year", "abc"], "--year 2027"),
    (["import_plan", "a.docx", "--year"], "После --year не хватает"),
    (["import_plan", "a.docx", "b.docx"], "лишнее: b.docx"),
    (["print_plan", "abc", "--out", "x"], "Год укажите числом"),
    (["print_plan", "2027", "--out", "x", "--ink", "--draft"], "что-то одно"),
    (["export_plan", "2027"], "не хватает: --out"),
])
def test_a_command_written_wrong_gets_one_russian_sentence(capsys, args, words):
    with pytest.raises(SystemExit) as end:
        load_command_class("meetings", args[0]).run_from_argv(["manage.py", *args])
    err = capsys.readouterr().err
    assert (end.value.code, err.count("\n")) == (2, 1)
    assert words in err
    assert "usage" not in err
    assert "error" not in err


@pytest.mark.parametrize("args", [["print_plan", "2027", "--out", "x"], ["export_plan", "2027", "--out", "x"]])
def test_a_database_without_tables_gets_one_sentence(office, args):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE meetings_meetingplan RENAME TO kept")
    assert refused(*args) == "База ещё не подготовлена: выполните make setup.\n"


def test_several_sentences_become_one():
    assert one_sentence("Файл пустой: в нём 0 байт. Сохраните его (.docx). PDF не подойдёт.") == (
        "Файл пустой: в нём 0 байт; сохраните его (.docx). PDF не подойдёт.")
    assert one_sentence("План О.А. Орловой уже есть. Откройте его.") == "План О.А. Орловой уже есть; откройте его."


def test_no_command_repeats_a_warning_about_fonts(settings, tmp_path):
    settings.STATICFILES_DIRS = [("fonts", tmp_path / "nothing")]
    assert [warning for warning in run_checks() if not warning.is_silenced()] == []
