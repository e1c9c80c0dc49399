"""A stamp by an act, and its printed word: from Word to print and back, said once and never changed."""
import io
import json

import pdfplumber
import pytest
from django.core.management import call_command

from meetings.models import MeetingPlan
from projectoffice.documents.services.stamps import restore_stamps, save_stamp, stamp_values
from projectoffice.documents.snapshot import act_line, take_snapshot
from tests.factories import BodyFactory
from tests.meetings.word_plans import saved, table, title, word

pytestmark = pytest.mark.django_db

ACTS = [
    (["УТВЕРЖДЕН", "приказом департамента образования", "от 12.01.2023 № 15"], "УТВЕРЖДЕН", ["12.01.2023", "№ 15"]),
    (["Утверждено", "общим собранием", "протокол № 3 от 12.01.2023"], "«Утверждено»", ["12.01.2023", "№ 3"]),
    (["УТВЕРЖДЕНО", "общим собранием", "Протокол от 27.09.2022 №1"], "УТВЕРЖДЕНО", ["27.09.2022", "№1"]),
    (["«Утвержден»", "приказом директора", "от 12 января 2023 г. № 7-к"], "«Утверждён»", ["12 января 2023", "№ 7-к"]),
    (["ПРИНЯТО", "на педагогическом совете", "протокол от 27.09.2022 № 1"], "ПРИНЯТО", ["27.09.2022", "№ 1"]),
    (["«Одобрено»", "методическим советом", "протокол № 2 от 01.09.2022"], "«Одобрено»", ["01.09.2022", "№ 2"]),
    (["РЕКОМЕНДОВАН", "экспертным советом", "протокол от 01.09.2022 № 2"], "РЕКОМЕНДОВАН", ["01.09.2022", "№ 2"]),
]


@pytest.fixture
def office(cast):
    return BodyFactory(name="Проектный офис", genitive="Проектного офиса", is_main=True)


def run(*args):
    out = io.StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def plan_file(path, lines):
    document = word()
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    for cell, texts in zip(cells, (lines, ["«Утверждаю»", "Директор", "_____ П.П. Петров"]), strict=True):
        cell.paragraphs[0].add_run(texts[0])
        for text in texts[1:]:
            cell.add_paragraph(text)
    title(document)
    table(document)
    path.write_bytes(saved(document).getvalue())
    return path


def bare(text):
    return "".join(text.split())


@pytest.mark.parametrize(("lines", "heading", "once"), ACTS)
def test_an_act_is_printed_once_with_its_own_word_and_comes_back_the_same(office, tmp_path, lines, heading, once):
    file = plan_file(tmp_path / "plan.docx", lines)
    read = json.loads(run("import_plan", file, "--json"))
    assert bare(read["stamps"][0]["post"]) == bare("".join(lines[1:]))
    pdf, copy = tmp_path / "plan.pdf", tmp_path / "copy.docx"
    run("print_plan", 2027, "--draft", "--out", pdf)
    with pdfplumber.open(pdf) as document:
        printed = bare(document.pages[0].extract_text())
    assert bare(heading) in printed
    for part in once:
        assert printed.count(bare(part)) == 1, part
    run("export_plan", 2027, "--out", copy)
    again = json.loads(run("import_plan", copy, "--json", "--dry-run"))
    assert [(one["kind"], one["side"], bare(one["post"]), one["name"]) for one in again["stamps"]] == [
        (one["kind"], one["side"], bare(one["post"]), one["name"]) for one in read["stamps"]]
    before = take_snapshot(MeetingPlan.objects.get().document)["stamps"]
    run("import_plan", copy, "--replace")
    after = take_snapshot(MeetingPlan.objects.get().document)["stamps"]
    assert [(one["heading"], bare(one["basis"])) for one in after] == [(one["heading"], bare(one["basis"])) for one in before]


def test_an_act_whose_words_lack_date_or_number_gets_them():
    from datetime import date

    day = date(2023, 1, 12)
    assert act_line("приказом", "15", day) == "приказом от 12.01.2023 №\xa015"
    assert act_line("приказом от 12.01.2023", "15", day) == "приказом от 12.01.2023 №\xa015"
    assert act_line("протоколом № 1", "15", day) == "протоколом № 1 от 12.01.2023 №\xa015"
    assert act_line("приказом школы № 15/2 от 12.01.2022", "15", day).endswith("от 12.01.2023 №\xa015")


def test_the_word_comes_back_with_an_abandoned_revision(office, cast, tmp_path):
    run("import_plan", plan_file(tmp_path / "plan.docx", ACTS[4][0]))
    document = MeetingPlan.objects.get().document
    stamp = document.stamps.get(kind="accept")
    kept = stamp_values(document)
    save_stamp(stamp, by=cast.secretary, version=stamp.version, word="Одобрено")
    assert document.stamps.get(kind="accept").heading == "ОДОБРЕНО"
    restore_stamps(document, kept)
    assert document.stamps.get(kind="accept").heading == "ПРИНЯТО"


def test_a_word_of_another_kind_is_not_printed(office, cast, tmp_path):
    run("import_plan", plan_file(tmp_path / "plan.docx", ACTS[4][0]))
    stamp = MeetingPlan.objects.get().document.stamps.get(kind="accept")
    assert save_stamp(stamp, by=cast.secretary, version=stamp.version, kind="agree").heading == "СОГЛАСОВАНО"
