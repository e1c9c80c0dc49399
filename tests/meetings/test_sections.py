"""Headings across the table of a plan: from Word through editor, print and copy, and back."""
import io
import json

import pdfplumber
import pytest
from django.core.management import call_command

from meetings.kinds.plan import plan_content, restore_plan
from meetings.models import MeetingPlan
from meetings.services.plan import copy_plan
from meetings.services.rows import add_row as add_plan_row
from meetings.services.rows import duplicate_row, move_row, renumber, save_row
from projectoffice.documents.compare import head_changes
from projectoffice.documents.snapshot import take_snapshot
from tests.factories import BodyFactory
from tests.meetings.word_plans import add_row, saved, section, table, title, word

pytestmark = pytest.mark.django_db
FIRST, SECOND = "I. Организационная работа", "II. Методическая работа"
SHAPE = [(FIRST, ["1.", "2."]), (SECOND, ["1.", "2."])]


@pytest.fixture
def file(cast, tmp_path):
    BodyFactory(name="Проектный офис", genitive="Проектного офиса", is_main=True)
    document = word()
    title(document)
    made = table(document, rows=[])
    for name in (FIRST, SECOND):
        section(made, name)
        for number, term in ((1, "февраль"), (2, "март")):
            add_row(made, f"{number}.", f"Тема {number}: {name.lower()}", term, "Орлова Н.П.")
    path = tmp_path / "plan.docx"
    path.write_bytes(saved(document).getvalue())
    return path


@pytest.fixture
def plan(file):
    run("import_plan", file)
    return MeetingPlan.objects.get()


def run(*args):
    out = io.StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def shape(plan):
    return [(part["title"], [row["cells"]["label"] for row in part["rows"]]) for part in plan_content(plan.document)["sections"]]


def rows(plan):
    return list(plan.items.present().order_by("position"))


def test_headings_come_in_go_to_print_and_word_and_come_back(file, plan, tmp_path):
    assert shape(plan) == SHAPE
    pdf, copy = tmp_path / "plan.pdf", tmp_path / "copy.docx"
    run("print_plan", 2027, "--draft", "--out", pdf)
    with pdfplumber.open(pdf) as document:
        text = document.pages[0].extract_text()
    assert [line for line in text.split("\n") if line in (FIRST, SECOND)] == [FIRST, SECOND]
    run("export_plan", 2027, "--out", copy)
    first, again = (json.loads(run("import_plan", one, "--json", "--dry-run")) for one in (file, copy))
    assert again["items"] == first["items"]
    versions = [row.version for row in rows(plan)]
    run("import_plan", copy, "--replace")
    assert shape(plan) == SHAPE
    assert [row.version for row in rows(plan)] == versions


def test_importing_again_renews_a_heading_and_keeps_the_rows(file, plan):
    uids = [row.uid for row in rows(plan)]
    plan.items.update(section="Старый подзаголовок")
    run("import_plan", file, "--replace")
    assert shape(plan) == SHAPE
    assert [row.uid for row in rows(plan)] == uids


def test_new_copied_and_moved_rows_stand_under_the_heading_of_their_place(cast, plan):
    second = rows(plan)[1]
    add_plan_row(plan, by=cast.secretary, after=second)
    duplicate_row(second, by=cast.secretary)
    assert [len(labels) for _, labels in shape(plan)] == [4, 2]
    move_row(second, by=cast.secretary, position=6)
    assert [len(labels) for _, labels in shape(plan)] == [3, 3]
    move_row(second, by=cast.secretary, position=1)
    assert [len(labels) for _, labels in shape(plan)] == [4, 2]


def test_numbers_begin_anew_under_each_heading_only_when_they_did(cast, plan):
    rows(plan)[1].responsibles.all().delete()
    plan.items.filter(position=2).update(label="7.")
    renumber(plan, by=cast.secretary)
    assert shape(plan) == SHAPE
    plan.items.filter(position=3).update(label="3.")
    renumber(plan, by=cast.secretary)
    assert [labels for _, labels in shape(plan)] == [["1.", "2."], ["3.", "4."]]


def test_a_heading_is_changed_on_the_page_of_its_row_for_all_rows_below_it(client, cast, plan):
    third = rows(plan)[2]
    client.force_login(cast.secretary)
    url = f"{plan.get_absolute_url()}rows/{third.uid}/"
    page = client.get(url).content.decode()
    assert SECOND in page
    answer = client.post(url, {"label": "1.", "topics": "Тема", "term": "май", "responsible": "", "version": third.version,
                               "section": "Новый раздел"})
    assert answer.status_code == 302
    assert shape(plan) == [(FIRST, ["1.", "2."]), ("Новый раздел", ["1.", "2."])]
    editor = client.get(plan.get_absolute_url()).content.decode()
    assert editor.count("opens-section") == 2
    assert "Новый раздел" in editor


def test_a_heading_that_is_too_long_is_told_beside_the_field(client, cast, plan):
    row = rows(plan)[0]
    client.force_login(cast.secretary)
    answer = client.post(f"{plan.get_absolute_url()}rows/{row.uid}/", {"label": "1.", "topics": "Тема", "version": row.version,
                                                                      "section": "я" * 301})
    assert answer.status_code == 422
    assert shape(plan) == SHAPE


def test_headings_are_copied_compared_and_restored(cast, plan):
    before = take_snapshot(plan.document)
    assert shape(copy_plan(plan, by=cast.secretary, year=2028)) == SHAPE
    row = rows(plan)[0]
    save_row(row, {"section": "Другой"}, version=row.version, by=cast.secretary)
    changed = head_changes(before, take_snapshot(plan.document))
    assert [(one.old, one.new) for one in changed] == [(f"{FIRST}\n{SECOND}", f"Другой\n{SECOND}")]
    restore_plan(plan.document, before)
    assert shape(plan) == SHAPE
