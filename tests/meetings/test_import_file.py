"""The whole way of a file: checked, read in the child, handed back; the real plan of the office; a large plan."""
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from meetings.imports import FileRefused, read_plan
from meetings.imports.plan import ImportedPlan
from projectoffice.common.house.places import PROJECT
from projectoffice.common.lines import validate

from .word_plans import ROWS, imported, saved, simple_plan, table, title, word


@pytest.fixture
def real():
    folder = Path(os.environ.get("SHARED_DOCUMENTS", Path(__file__).parents[3] / "shared" / "documents"))
    if not folder.is_dir():
        pytest.skip("the real documents are not here")
    return folder


def test_the_plan_of_the_office_comes_through_whole(real):
    plan = read_plan(real / "plan-zasedaniy-2020.docx").as_json()
    assert plan["year"] == 2020
    assert plan["title"].split("\n")[0::2] == ["План", "на 2020 год"]
    assert [(stamp["kind"], stamp["side"], stamp["name"], len(stamp["post"].split("\n"))) for stamp in plan["stamps"]] == [
        ("agree", "left", "Л.М. Лебедева", 2), ("approve", "right", "О.А.Сергеева", 2)]
    assert [item["label"] for item in plan["items"]] == ["1.", "2.", "3.", "4.", "5.", "6."]
    assert [item["term"] for item in plan["items"]] == ["февраль", "апрель", "июнь", "сентябрь", "ноябрь", "декабрь"]
    assert [item["term_start"] for item in plan["items"]] == [f"2020-{month}-01" for month in ("02", "04", "06", "09", "11", "12")]
    assert [len(item["responsible"]) for item in plan["items"]] == [3, 2, 2, 2, 2, 2]
    assert [len(item["topics"]) for item in plan["items"]] == [3, 2, 2, 5, 2, 2]
    assert [line["marker"] for line in plan["items"][3]["topics"]] == ["paragraph", "paragraph", "dash", "dash", "dash"]
    assert plan["items"][3]["topics"][2]["text"].startswith("приказа департамента")
    assert plan["remarks"] == []


def test_every_word_of_the_real_rows_is_there(real):
    import docx
    plan = read_plan(real / "plan-zasedaniy-2020.docx")
    cells = [row.cells[1].text for row in docx.Document(real / "plan-zasedaniy-2020.docx").tables[1].rows[1:]]
    for item, cell in zip(plan.items, cells, strict=True):
        assert [line["text"] for line in item.topics] == [text.removeprefix("- ") for text in cell.split("\n")]


@pytest.mark.parametrize("name", ["orgproekt-vstrechi-2020-09-25.docx", "plan-realizatsii-gorodskogo-proekta-2021-2022.docx", "itogi-raboty-2022.txt"])
def test_other_papers_of_the_office_are_refused_with_a_sentence(real, name):
    with pytest.raises(FileRefused) as refused:
        read_plan(real / name)
    assert refused.value.sentence.endswith(".")


def test_what_the_child_sends_is_what_was_read():
    document = simple_plan()
    plan = imported(document)
    assert read_plan(saved(document)) == plan
    assert ImportedPlan.from_wire(json.loads(json.dumps(plan.to_wire()))) == plan


def test_the_printed_json_has_the_agreed_shape():
    plan = json.loads(json.dumps(read_plan(saved(simple_plan())).as_json()))
    assert set(plan) == {"title", "year", "stamps", "items", "remarks"}
    assert [set(item) for item in plan["items"]] == [{"label", "topics", "term", "term_start", "term_end", "responsible"}] * 2
    assert plan["items"][0]["topics"] == [{"text": "Итоги сетевых проектов", "level": 0, "marker": "paragraph"}]
    assert [set(remark) for remark in plan["remarks"]] == [{"code", "row", "message"}] * len(plan["remarks"])


def large(count):
    document = word()
    title(document)
    rows = [[f"{index}.", f"Обсуждение вопроса {index} о проектах учреждений.\n\n- приказа о конкурсе;\n\n- Положения.", "март 2027 г.",
             "Орлова Н.П.\nРуководители портфелей"] for index in range(1, count + 1)]
    table(document, rows=rows[:1])
    made = document.tables[0]
    from copy import deepcopy
    pattern = made.rows[1]._tr
    for index in range(2, count + 1):
        row = deepcopy(pattern)
        made._tbl.append(row)
        for text in row.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
            text.text = text.text.replace("1.", f"{index}.", 1) if text.text == "1." else text.text.replace(" 1 ", f" {index} ")
    return saved(document)


MEASURE = """
import resource, time, django
django.setup()
from tests.meetings.test_import_file import large, read_plan
file = large(500)
begun = time.perf_counter()
plan = read_plan(file)
print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
assert len(plan.items) == 500
assert (plan.items[-1].label, plan.items[-1].topics[0]["text"]) == ("500.", "Обсуждение вопроса 500 о проектах учреждений.")
"""


def test_a_plan_of_five_hundred_rows_is_read_within_seconds_and_little_memory():
    # In a process of its own: here the browser and everything else that ever ran would be counted as well.
    done = subprocess.run([sys.executable, "-c", MEASURE], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seconds, kilobytes = done.stdout.split()
    assert float(seconds) < 5
    assert int(kilobytes) < 300 * 1024


def test_more_rows_than_a_plan_can_have_are_refused():
    with pytest.raises(FileRefused, match="больше 2000 строк"):
        read_plan(large(2001))


def test_hostile_text_in_a_sound_file_is_only_text():
    nasty = "<script>alert(1)</script> \u202eиндекс\u202c {{ 7*7 }} =HYPERLINK(1)"
    plan = imported(simple_plan(rows=[[nasty, nasty, nasty, nasty]]))
    item = plan.items[0]
    assert validate(item.topics)[0]["text"] == "<script>alert(1)</script> индекс {{ 7*7 }} =HYPERLINK(1)"
    assert len(item.label) <= 20
    assert "\u202e" not in json.dumps(plan.as_json(), ensure_ascii=False)


def test_cells_longer_than_the_plan_can_hold_are_cut_and_told():
    plan = imported(simple_plan(rows=[["1.", "я" * 10_001, "ф" * 400, "Ю" * 400]]))
    assert (len(plan.items[0].term), len(plan.items[0].responsible[0])) == (300, 300)
    assert {"topic_too_long", "cell_too_long", "term_not_understood"} <= {remark["code"] for remark in plan.remarks}


BROKEN = {
    "no document": {"word/document.xml": None}, "no body": {"word/document.xml": b"<a/>"}, "not xml": {"word/document.xml": b"<w:document"},
    "empty part": {"word/document.xml": b""}, "broken styles": {"word/styles.xml": b"<<<"}, "broken numbering": {"word/numbering.xml": b"nothing"},
    "deep": {"word/document.xml": b"<a>" * 100_000 + b"</a>" * 100_000},
    "wide": {"word/document.xml": b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' + b"<w:p/>" * 70_000
             + b"</w:body></w:document>"},
    "odd numbers": {"word/document.xml": ('<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr><w:tc><w:tcPr>'
                    '<w:gridSpan w:val="99999999999"/></w:tcPr><w:p><w:pPr><w:numPr><w:ilvl w:val="-5"/><w:numId w:val="x"/></w:numPr><w:ind w:left="1e99"/></w:pPr>'
                    '<w:r><w:t>Тема</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>').encode()},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_is_a_sentence_and_never_an_error(name):
    import zipfile
    source, out = zipfile.ZipFile(saved(simple_plan(rows=ROWS))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = BROKEN[name].get(part, source.read(part))
            if content is not None:
                archive.writestr(part, content)
    out.seek(0)
    if name.startswith("broken"):
        assert len(read_plan(out).items) == 2
        return
    with pytest.raises(FileRefused) as refused:
        read_plan(out)
    assert refused.value.sentence.endswith(".")
