"""A section with columns of its own: a table under its own heading, in the PDF, in Word, on the page and in a comparison."""
import io
from copy import deepcopy

import docx
import pdfplumber
from django.template import engines

from projectoffice.documents.compare import compare
from projectoffice.documents.public import public_copy
from projectoffice.documents.sheet import render_docx
from projectoffice.documents.sheet.pdf import draw_pdf
from projectoffice.documents.snapshot import plain_text

FACTS = [{"key": "fact", "title": "Раздел", "width": 30, "caption": True}, {"key": "words", "title": "Содержание", "width": 70}]
STAGES = [{"key": "label", "title": "№ п/п", "width": 10}, {"key": "name", "title": "Этап", "width": 60, "caption": True},
          {"key": "words", "title": "Срок", "width": 30}]


def row(uid, **cells):
    return {"uid": uid, "cells": cells}


def paper(stages=2, goal="Учить друг друга"):
    return {
        "head": {"title": ["Паспорт"]}, "stamps": [], "columns": FACTS,
        "sections": [
            {"uid": "f", "title": "", "rows": [row("goal", fact="Цель", words=goal)]},
            {"uid": "s", "title": "Этапы", "columns": STAGES,
             "rows": [row(f"stage-{n}", label=f"{n}.", name=f"Этап {n}", words="май") for n in range(1, stages + 1)]},
            {"uid": "t", "title": "Точки", "columns": STAGES[:2], "rows": []},
        ],
    }


def test_the_pdf_has_a_table_for_each_with_its_own_heads_and_widths():
    with pdfplumber.open(io.BytesIO(draw_pdf(paper(), mode="ink").pdf)) as pdf:
        page = pdf.pages[0]
        tables = page.extract_tables()
        assert [table[0] for table in tables] == [["Раздел", "Содержание"], ["№ п/п", "Этап", "Срок"], ["№ п/п", "Этап"]]
        assert tables[1][2] == ["2.", "Этап 2", "май"]
        lines = page.extract_text().splitlines()
        assert lines.index("Этапы") < lines.index("№ п/п Этап Срок")


def test_the_number_of_a_row_cut_by_a_page_end_is_found_in_its_own_column():
    snapshot = paper()
    snapshot["sections"][1]["rows"] = [row("long", label="7.", name="Этап", words="слово " * 2500)]
    with pdfplumber.open(io.BytesIO(draw_pdf(snapshot, mode="ink").pdf)) as pdf:
        assert len(pdf.pages) > 2 and "7." in pdf.pages[2].extract_text().split("слово")[0]


def test_the_same_paper_is_the_same_bytes():
    assert draw_pdf(paper(), mode="ink").pdf == draw_pdf(deepcopy(paper()), mode="ink").pdf


def test_word_has_the_same_tables_under_their_headings():
    document = docx.Document(io.BytesIO(render_docx(paper())))
    assert [[cell.text for cell in table.rows[0].cells] for table in document.tables] == [
        ["Раздел", "Содержание"], ["№ п/п", "Этап", "Срок"], ["№ п/п", "Этап"]]
    assert "Этапы" in [paragraph.text for paragraph in document.paragraphs]


def test_the_page_shows_a_heading_and_a_table_for_each():
    source = '{% include "components/_paper_table.html" %}'
    html = engines["django"].from_string(source).render({"snapshot": paper()})
    assert html.count("<table") == 3 and '<h2 class="paper-heading">Этапы</h2>' in html and 'data-label="Срок"' in html


def test_a_comparison_names_the_row_and_the_column_of_its_own_table():
    new = paper(goal="Учить и учиться")
    new["sections"][1]["rows"][0]["cells"]["words"] = "июнь"
    rows = {change.uid: change for change in compare(paper(), new).changed_rows}
    assert {uid: (each.caption, [cell.title for cell in each.changed_cells]) for uid, each in rows.items()} == {
        "goal": ("Цель", ["Содержание"]), "stage-1": ("Этап 1", ["Срок"])}


def test_the_public_copy_and_the_search_know_the_words_of_every_table():
    snapshot = paper()
    snapshot["sections"][1]["rows"][0]["cells"]["name"] = "Ведёт Петрова А.И."
    assert "Петрова" not in str(public_copy(snapshot, set())["sections"])
    assert "Петрова" in plain_text(snapshot)
