"""Whatever people type is printed as text; nothing typed reaches the network, a file or the layout engine as an instruction."""
import io
import socket
import threading

import page as validator
import pdfplumber
import pypdf
import pytest

from projectoffice.documents.sheet.pdf import draw_pdf
from tests.documents.sheet_samples import ADDRESS, line, mark, plan, row, stamp


@pytest.fixture
def listener():
    """A server on this machine that remembers whether anybody came."""
    server = socket.create_server(("127.0.0.1", 0))
    visits = []

    def wait():
        while True:
            try:
                visits.append(server.accept())
            except OSError:
                return

    threading.Thread(target=wait, daemon=True).start()
    yield server.getsockname()[1], visits
    server.close()


def everywhere(text):
    """A plan with the same text in every field that people fill in."""
    return plan(
        [{"uid": "1", "cells": {
            "label": text, "topics": [line(text), line(text, "bullet"), line(text, "number", 1)], "term": text, "responsible": [text],
        }}],
        head={"title": [text], "basis": text},
        stamps=[stamp("approve", heading=text, post=text, name=text), stamp("b", "agree", basis=text), stamp("c", "sign", place="foot", post=text)],
        columns=[{"key": key, "title": text, "width": text} for key in ("label", "topics", "term", "responsible")],
    )


def printed(snapshot, **options):
    rendered = draw_pdf(snapshot, **({"mode": "issued"} | options))
    for profile in ("3a", "ua1"):
        report = validator.validate_pdf_bytes(rendered.pdf, profile=profile)
        assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(rendered.pdf)).pages)


def test_markup_in_every_field_is_printed_as_text_and_opens_nothing(listener, tmp_path):
    port, visits = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    attack = (
        f'</td></table><img src="http://127.0.0.1:{port}/a"/><link rel="attachment" href="file://{secret}"/>'
        f"<style>@import url(http://127.0.0.1:{port}/b)</style><svg><image href='http://127.0.0.1:{port}/c'/></svg>&amp;]]>"
    )
    text = printed(everywhere(attack), marks=[mark(name=attack, moment=attack)], check_url=ADDRESS)
    flat = "".join(text.split())
    assert flat.count("".join(attack.split())) >= 8
    assert "TOPSECRET" not in text
    assert visits == []


def test_the_listener_would_have_noticed(listener):
    port, visits = listener
    socket.create_connection(("127.0.0.1", port)).close()
    for _ in range(3000):
        if visits:
            break
        threading.Event().wait(0.01)
    assert len(visits) == 1


@pytest.mark.parametrize("text", [
    "\ud800 половина", "половина \udfff", "нуль\x00 и \x0b табуляция", "конец\x1b[31m", "не символ \ufffe\uffff", "\u202eтекст наоборот\u202c",
    "мягкий\u00adперенос", "смайл 😀 и 漢字", "маркер \uf0b7 Word", "a\u0301\u0302" * 50, "{{ title }} {% load x %}", "&#0; &nbsp; &lt;",
])
def test_odd_characters_neither_crash_nor_spoil_the_archive_format(text):
    assert printed(everywhere(text), marks=[mark(name=text)], check_url=ADDRESS)


def test_what_turns_text_around_is_not_printed():
    text = printed(plan([row(1, [line("Оплатить \u202e0001\u202c рублей")])]))
    assert "Оплатить 0001 рублей" in text


def test_a_bullet_pasted_from_word_is_a_bullet():
    assert "• приказ" in printed(plan([row(1, [line("\uf0b7 приказ")])]))


def test_a_very_long_word_stays_inside_its_column():
    rendered = draw_pdf(everywhere("Ж" * 400), mode="ink")
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        for page in document.pages:
            for table in page.find_tables():
                right = table.bbox[2]
                assert right <= 195 * 72 / 25.4 + 1
                inside = [char for char in page.chars if table.bbox[1] < char["top"] < table.bbox[3]]
                assert max(char["x1"] for char in inside) <= right + 0.5


@pytest.mark.parametrize("cell", [None, "", [], [None], [{}], [{"text": None}], 12, {"text": "не список"}, [[["глубоко"]]], [{"text": "x", "level": 99, "marker": "zzz"}]])
def test_a_cell_of_any_shape_prints(cell):
    assert "Тема заседаний" in printed(plan([{"uid": "1", "cells": {"label": "1.", "topics": cell}}, {"uid": "2"}]))


def test_a_snapshot_with_almost_nothing_in_it_prints():
    assert printed({}) == ""


@pytest.mark.parametrize("width", ["0", "-5", "7; } body { display: none", "1e9", "nan", "inf", None, "сто", "50%", "12,5"])
def test_a_width_is_a_number_or_is_ignored(width):
    columns = [{"key": "label", "title": "№", "width": width}, {"key": "topics", "title": "Тема", "width": 60}]
    assert "Тема" in printed(plan(columns=columns))


def test_an_odd_address_is_printed_and_coded():
    assert "po.example.ru" in printed(plan(), check_url="https://po.example.ru/v/<script>")


def test_a_sign_the_font_lacks_is_shown_as_a_box_not_dropped():
    assert "Спасибо □ всем" in printed(plan([row(1, [line("Спасибо 😀 всем")])]))


def test_letters_typed_on_a_mac_are_the_ordinary_letters():
    assert "Двойной край" in printed(plan([row(1, [line("Двойнои\u0306 краи\u0306")])]))


def test_ten_thousand_characters_in_one_cell_print():
    text = printed(plan([row(1, [line("слово " * 1667)])]), mode="ink")
    assert text.count("слово") == 1667


@pytest.mark.parametrize("place", ["head", "foot"])
def test_a_very_long_name_stays_on_the_sheet(place):
    stamps = [stamp("1", "sign" if place == "foot" else "approve", place=place, name="Преображенская-" * 12)]
    rendered = draw_pdf(plan(stamps=stamps), mode="ink")
    with pdfplumber.open(io.BytesIO(rendered.pdf)) as document:
        assert max(char["x1"] for char in document.pages[0].chars) <= 195 * 72 / 25.4 + 0.5
