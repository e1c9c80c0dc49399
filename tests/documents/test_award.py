"""Diplomas as files: one sheet each, tagged and archival, the same bytes for the same words, on blanks moved by millimetres."""
import io

import pytest
from pypdf import PdfReader

from projectoffice.documents.sheet.award import draw_awards


def award(**fields):
    return {
        "heading": "ДИПЛОМ", "above": "Департамент\nПроектный офис", "number": "№ 15", "post": "Руководитель", "name": "Н.П. Орлова",
        "date": "21 ноября 2027 г.", "address": "https://office.example.ru/public/awards/0123456789abcdef0123456789abcdef/",
        "lines": [{"role": "award-name", "text": "Победитель"}, {"role": "who-gets", "text": "Громова Елена Викторовна"},
                  {"role": "work", "text": "за работу «Читающая параллель»"}],
    } | fields


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def test_many_stand_in_one_file_a_sheet_each_and_the_same_words_give_the_same_bytes():
    awards = [award(number=f"№ {number}") for number in (1, 2, 3)]
    first, second = (draw_awards(awards, title="Дипломы") for _ in range(2))
    assert first.pdf == second.pdf
    assert [f"№ {number}" in page.extract_text() for number, page in enumerate(read(first.pdf).pages, start=1)] == [True] * 3


def test_is_tagged_and_archival_and_the_code_has_words():
    reader = read(draw_awards([award()], title="Диплом № 15").pdf)
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ru"
    assert "pdfuaid:part" in metadata
    assert "pdfaid:part" in metadata
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Диплом № 15"


@pytest.mark.parametrize("shift", [None, (0, 0)])
def test_the_longest_words_stay_on_one_sheet(shift):
    lines = [{"role": "quiet", "text": "Городской смотр-конкурс " * 10}, {"role": "award-name", "text": "Победитель"},
             {"role": "who-gets", "text": "\n".join(["Константинопольская Александра Владиславовна"] * 6)},
             {"role": "work", "text": "за работу «" + "Читающая параллель " * 15 + "»"}]
    assert draw_awards([award(lines=lines)], title="Диплом", shift=shift).pages == 1


def test_on_a_blank_stand_the_words_alone_and_they_move():
    def height(shift):
        found = []
        page = read(draw_awards([award()], title="Диплом", shift=shift).pdf).pages[0]
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.append(cm[5] + tm[5] * cm[3]) if "Победитель" in text else None)
        return found[0], page.extract_text()

    still, text = height((0, 0))
    moved, _ = height((0, 10))
    assert "ДИПЛОМ" not in text
    assert "Департамент" not in text
    assert still - moved == pytest.approx(10 * 72 / 25.4, abs=0.5)


def test_words_are_words_and_never_markup():
    text = read(draw_awards([award(lines=[{"role": "work", "text": "<b>&amp;</b>\u202e{{ x }}"}])], title="<i>").pdf).pages[0].extract_text()
    assert "<b>&amp;</b>{{ x }}" in text
