"""Papers of text: an organization over the title, numbers that hang, what stands below the signatures; PDF, Word, screen."""
import io

import docx
import pdfplumber
import pypdf
import pytest
from django.template.loader import render_to_string

from projectoffice.documents.compare import compare
from projectoffice.documents.sheet import render_docx
from projectoffice.documents.sheet.pdf import draw_pdf
from projectoffice.documents.snapshot import plain_text
from tests.documents.sheet_samples import ADDRESS, line, plan, stamp
from tests.documents.test_sheet_pdf import MM, assert_archival, squeeze, text_of

LONG = "Представить отчёт о работе команд по проекту вместе с показателями и предложениями на следующий учебный год. "


def text(uid, *words, **layout):
    return {"uid": uid, "kind": "text", "title": layout.pop("title", ""), "lines": [line(each) for each in words], **layout}


def paper(**changes):
    return plan(
        columns=[],
        head={"above": ["Департамент образования", "города Кленовска"], "title": ["ПРОТОКОЛ", "заседания Проектного офиса"],
              "number": "5", "date": "2027-06-04", "place": "Кленовск"},
        stamps=[stamp("chair", "sign", place="foot", post="Председатель", name="Н.П. Орлова")],
        sections=[
            text("heard", LONG * 3, title="1. СЛУШАЛИ:", indent=True),
            text("one", LONG * 2, number="1.1."),
            text("two", "Принять к сведению.", number="10.12.3."),
            text("list", "Приложение № 1", place="appendix", align="right"),
            text("title", "Список присутствующих", place="after", align="center"),
        ],
    ) | changes


def words_of(rendered, page=0):
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        return document.pages[page].extract_words(extra_attrs=["fontname"])


def test_it_is_archival_and_accessible():
    assert_archival(draw_pdf(paper(), mode="ink", check_url=ADDRESS))


def test_the_organization_stands_over_the_title_and_is_not_bold():
    words = words_of(draw_pdf(paper(), mode="ink"))
    organization, title = (next(word for word in words if word["text"] == found) for found in ("Департамент", "ПРОТОКОЛ"))
    assert organization["top"] < title["top"]
    assert "Bold" in title["fontname"] and "Bold" not in organization["fontname"]


def test_date_and_number_share_a_line_and_the_place_is_below():
    words = {word["text"]: word for word in words_of(draw_pdf(paper(), mode="ink"))}
    assert words["04.06.2027"]["top"] == words["№"]["top"] < words["Кленовск"]["top"]
    assert words["04.06.2027"]["x0"] < 31 * MM and words["№"]["x1"] > 185 * MM


def test_a_decision_hangs_on_its_number_and_text_begins_with_an_indent():
    words = words_of(draw_pdf(paper(), mode="ink"))
    number = next(word for word in words if word["text"] == "1.1.")
    lines = [word for word in words if word["text"] == "Представить"]
    heard, decision = lines[0], next(word for word in lines if word["top"] == number["top"])
    below = [word for word in words if decision["bottom"] < word["top"] < decision["bottom"] + 20]
    assert number["x0"] == pytest.approx(30 * MM, abs=0.5)
    assert decision["x0"] == pytest.approx(min(word["x0"] for word in below), abs=1.5), "the text is one block"
    assert heard["x0"] == pytest.approx(42.5 * MM, abs=0.5)


def test_a_longer_number_stands_before_its_words():
    assert "10.12.3. Принять к сведению." in squeeze(text_of(draw_pdf(paper(), mode="ink"))[0])


def test_an_appendix_begins_a_page_below_the_signatures():
    texts = text_of(draw_pdf(paper(), mode="ink"))
    assert len(texts) == 2
    assert "Н.П. Орлова" in texts[0] and "Приложение" not in texts[0]
    assert squeeze(texts[1]) == "Приложение № 1 Список присутствующих 2"


def test_a_number_without_a_paragraph_has_a_line_of_its_own():
    section = {"uid": "x", "kind": "text", "number": "1.1.", "lines": [line("первое;", "dash"), line("второе.", "dash")]}
    rendered = draw_pdf(paper(sections=[section]), mode="ink")
    assert "1.1. - первое; - второе." in squeeze(text_of(rendered)[0])
    assert_archival(rendered)


def test_a_heading_is_not_left_alone_at_the_end_of_a_page():
    for count in range(38, 50):
        before = [text(str(place), "Строка текста.", number=f"{place}.") for place in range(count)]
        sections = [*before, text("decided", title="РЕШИЛИ:"), *(text(f"d{place}", "Принять.", number="1.1.") for place in range(9))]
        for page in text_of(draw_pdf(paper(sections=sections, stamps=[]), mode="ink")):
            assert not page.rstrip().endswith("РЕШИЛИ:"), f"{count} lines before"


def test_headings_are_tagged():
    root = pypdf.PdfReader(io.BytesIO(draw_pdf(paper(), mode="ink").pdf)).trailer["/Root"]["/StructTreeRoot"]
    assert str(walk(root)).count("/H2") == 1


def walk(node):
    children = node.get("/K", [])
    found = []
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object()
        if isinstance(child, dict) and "/S" in child:
            found += [child["/S"], *walk(child)]
    return found


def test_word_says_the_same():
    document = docx.Document(io.BytesIO(render_docx(paper())))
    printed = {paragraph.text: paragraph for paragraph in document.paragraphs if paragraph.text}
    decision = next(paragraph for words, paragraph in printed.items() if words.startswith("1.1.\tПредставить"))
    assert round(decision.paragraph_format.left_indent.mm, 1) == 12.5
    assert round(decision.paragraph_format.first_line_indent.mm, 1) == -12.5
    heard = next(paragraph for words, paragraph in printed.items() if words.startswith("Представить"))
    assert round(heard.paragraph_format.first_line_indent.mm, 1) == 12.5
    assert list(printed)[:4] == ["Департамент образования", "города Кленовска", "ПРОТОКОЛ", "заседания Проектного офиса"]
    assert not printed["Департамент образования"].runs[0].bold
    appendix = printed["Приложение № 1"]
    assert appendix.paragraph_format.page_break_before and appendix.alignment == 2
    assert printed["Список присутствующих"].alignment == 1


def test_the_screen_shows_it_with_its_numbers():
    page = squeeze(render_to_string("components/_paper_table.html", {"snapshot": paper()}))
    assert "<table" not in page
    assert '<span class="paper-number">1.1.</span>' in page
    assert page.index("Н.П. Орлова") < page.index("Приложение № 1")
    for words in ("Департамент образования", "04.06.2027", "№&nbsp;5", "Кленовск", "1. СЛУШАЛИ:"):
        assert words in page


def test_two_texts_are_compared_with_their_numbers():
    old = paper()
    new = paper(sections=[*old["sections"][:1], text("one", "Представить сводный отчёт.", number="1.1."), *old["sections"][2:]])
    [row] = compare(old, new).changed_rows
    assert (row.uid, row.kind) == ("one", "changed")
    assert row.changed_cells[0].new == "1.1. Представить сводный отчёт."


def test_every_word_of_it_can_be_searched():
    words = plain_text(paper())
    for each in ("Департамент образования", "ПРОТОКОЛ", "Кленовск", "1.1. Представить", "Список присутствующих"):
        assert each in words
