"""Lines: what is typed, stored and shown is one and the same list."""
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from projectoffice.common import lines as ln
from projectoffice.common.lines import line

TYPED = [
    ("", []),
    ("Один абзац", [line("Один абзац")]),
    ("Вводные слова:\n- первое;\n– второе.", [line("Вводные слова:"), line("первое;", 0, "dash"), line("второе.", 0, "dash")]),
    ("• а\n  • б\n\t\t* в", [line("а", 0, "bullet"), line("б", 1, "bullet"), line("в", 2, "bullet")]),
    ("1. а\n2) б", [line("а", 0, "number"), line("б", 0, "number")]),
    ("\n\n  \n а \n", [line("а")]),
    ("\\- не список", [line("- не список")]),
    ("-без пробела", [line("-без пробела")]),
    ("–", [line("–")]),
    ("15.02.2027 совещание", [line("15.02.2027 совещание")]),
    ("\t" * 9 + "- глубоко", [line("глубоко", 5, "dash")]),
    ("а\r\n– б\u2028в\x0bг", [line("а"), line("б", 0, "dash"), line("в"), line("г")]),
]


@pytest.mark.parametrize(("typed", "expected"), TYPED)
def test_typed_text_becomes_lines(typed, expected):
    assert ln.from_text(typed) == expected


def texts():
    alphabet = st.one_of(
        st.sampled_from(list("абвЖ1290 .),;-–—•*\\·«»\u00a0№<>&")),
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn", "Zl", "Zp", "Co"]))
    return st.text(alphabet, min_size=1, max_size=30).map(str.strip).filter(bool)


def any_lines():
    return st.lists(st.builds(line, texts(), st.integers(0, 5), st.sampled_from(ln.MARKERS)), max_size=12)


@given(any_lines())
def test_what_is_shown_for_editing_reads_back_the_same(lines):
    lines = ln.validate(lines)
    assert ln.from_text(ln.to_text(lines)) == lines


@given(any_lines())
def test_html_keeps_every_text_and_every_list_closes(lines):
    from lxml import html
    lines = ln.validate(lines)
    markup = ln.to_html(lines)
    if not lines:
        assert markup == ""
        return
    tree = html.fragment_fromstring(markup, create_parent="div")
    assert tree.xpath("count(.//li)") == sum(item["marker"] != "paragraph" for item in lines)
    for item in lines:
        if item["marker"] == "dash":
            assert tree.xpath(".//ul[@class='lines-dash']/li")
    assert all(child.getparent().tag in ("ul", "ol") for child in tree.iter("li"))


def test_lists_inside_lists_become_real_nested_lists():
    lines = ln.from_text("Абзац\n• а\n  – б\n  – в\n• г\n1. д\n2. е\n  • ж")
    assert ln.to_html(lines) == (
        '<p>Абзац</p><ul class="lines-bullet"><li>а<ul class="lines-dash"><li>б</li><li>в</li></ul></li><li>г</li></ul>'
        '<ol class="lines-number"><li>д</li><li>е<ul class="lines-bullet"><li>ж</li></ul></li></ol>')
    assert ln.plain(lines) == "Абзац\n• а\n  – б\n  – в\n• г\n1. д\n2. е\n  • ж"


def test_markup_in_typed_text_stays_text():
    assert ln.to_html([line("<b onclick=x>&")]) == "<p>&lt;b onclick=x&gt;&amp;</p>"


BAD = [
    None, {}, "текст", 5, [None], ["a"], [{}], [{"text": "a", "level": 0}],
    [{"text": 1, "level": 0, "marker": "dash"}], [{"text": "a", "level": "0", "marker": "dash"}],
    [{"text": "a", "level": True, "marker": "dash"}], [{"text": "a", "level": 0, "marker": "star"}],
    [line("a", 6)], [line("a", -1)], [line("a", 0) | {"style": "x"}], [line("a\x00b")], [line("a\ud800")],
    [line("a\u202eb")], [line("я" * 10_001)], [line("я" * 5_001), line("я" * 5_000)], [line("a")] * 501,
]


@pytest.mark.parametrize("value", BAD, ids=range(len(BAD)))
def test_what_is_no_list_of_lines_is_refused_in_russian(value):
    with pytest.raises(ValidationError) as refused:
        ln.validate(value)
    assert all(any("а" <= letter <= "я" for letter in text) for text in refused.value.messages)


def test_a_topic_of_ten_thousand_characters_is_accepted():
    assert ln.validate([line("я" * 10_000), line("  ")]) == [line("я" * 10_000)]


WORD_HTML = """<html xmlns:o="urn:x"><head><meta charset=utf-8><style>p{}</style></head><body>
<p class=MsoNormal>Обсуждение проектов
документов:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='margin-left:36pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>приказа;</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;</span></span>состава&nbsp;жюри;</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>-<span>&nbsp;</span></span>Положения.</p>
<p class=MsoListParagraph style='mso-list:l2 level1 lfo3'><span style='mso-list:Ignore'>1)<span>&nbsp;</span></span>Разное<script>alert(1)</script></p>
<p class=MsoNormal>– тире<br>и ещё</p>
</body></html>"""


def test_a_paste_from_word_keeps_its_lists():
    assert ln.from_word_clipboard(WORD_HTML) == [
        line("Обсуждение проектов документов:"), line("приказа;", 0, "bullet"), line("состава жюри;", 1, "bullet"),
        line("Положения.", 0, "dash"), line("Разное", 0, "number"), line("тире", 0, "dash"), line("и ещё")]


def test_a_paste_from_a_browser_keeps_its_lists():
    pasted = "<p>Вопросы</p><ul><li>а<ol><li>б</li></ol></li><li><p>в</p></li></ul>"
    assert ln.from_word_clipboard(pasted) == [
        line("Вопросы"), line("а", 0, "bullet"), line("б", 1, "number"), line("в", 0, "bullet")]


@pytest.mark.parametrize("pasted", ["", "<p></p>", "<p>" * 5000 + "а", "<ul><li>", "\x00<p>\ud800б", "<br>", "просто - текст"])
def test_an_odd_paste_is_never_an_error(pasted):
    assert ln.validate(ln.from_word_clipboard(pasted)) is not None
