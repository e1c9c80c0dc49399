"""Stamps, titles and periods above the plan, in all the ways offices draw them."""
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm

from .word_plans import TITLE, break_column, imported, table, title, word, write

AGREE = "«Согласовано»\n\nРуководитель департамента образования,\n\nкоординатор проектного управления\n\n______________ Л.М. Орлова"
APPROVE = "«Утверждаю»\n\nРуководитель Проектного офиса\n\nдепартамента образования\n\n______________ О.А.Зимина"
AGREED = ("agree", "Руководитель департамента образования,\nкоординатор проектного управления", "Л.М. Орлова")
APPROVED = ("approve", "Руководитель Проектного офиса\nдепартамента образования", "О.А.Зимина")


def stamps(plan):
    return [(stamp.side, stamp.kind, stamp.post, stamp.name) for stamp in plan.stamps]


def in_table(*cells):
    document = word()
    made = document.add_table(rows=1, cols=len(cells))
    for cell, text in zip(made.rows[0].cells, cells, strict=True):
        write(cell, text)
    title(document)
    table(document)
    return document


def test_two_stamps_in_a_table():
    assert stamps(imported(in_table(AGREE, APPROVE))) == [("left", *AGREED), ("right", *APPROVED)]


def test_the_stamps_swap_sides_and_kinds():
    swapped = in_table(APPROVE.replace("Утверждаю", "Согласовано"), AGREE.replace("Согласовано", "Утверждаю"))
    assert stamps(imported(swapped)) == [("left", "agree", *APPROVED[1:]), ("right", "approve", *AGREED[1:])]
    assert stamps(imported(in_table(APPROVE, AGREE))) == [("left", *APPROVED), ("right", *AGREED)]


def test_an_empty_column_between_the_stamps_and_three_stamps():
    assert stamps(imported(in_table(AGREE, "", APPROVE))) == [("left", *AGREED), ("right", *APPROVED)]
    three = imported(in_table("ПРИНЯТО\n\nна заседании совета\n\nпротокол от 27.09.2026 № 1", AGREE, APPROVE))
    assert [stamp.kind for stamp in three.stamps] == ["accept", "agree", "approve"]
    assert (three.stamps[0].side, three.stamps[2].side) == ("left", "right")


def test_a_single_stamp_in_the_right_cell():
    assert stamps(imported(in_table("", APPROVE))) == [("right", *APPROVED)]


def test_stamps_in_a_table_with_a_row_for_each_line():
    document = word()
    made = document.add_table(rows=0, cols=2)
    for left, right in zip(AGREE.split("\n\n"), APPROVE.split("\n\n"), strict=True):
        cells = made.add_row().cells
        write(cells[0], left)
        write(cells[1], right)
    title(document)
    table(document)
    assert stamps(imported(document)) == [("left", *AGREED), ("right", *APPROVED)]


def test_line_breaks_instead_of_paragraphs_in_a_stamp():
    assert stamps(imported(in_table(AGREE.replace("\n\n", "\n"), APPROVE.replace("\n\n", "\n")))) == [("left", *AGREED), ("right", *APPROVED)]


def test_two_stamps_in_one_cell():
    plan = imported(in_table("", f"{AGREE}\n\n{APPROVE}"))
    assert stamps(plan) == [("right", *AGREED), ("right", *APPROVED)]


GOST = """УТВЕРЖДАЮ
Директор МБУ «Школа № 12»
____________ И.И. Иванов
«___» _________ 2026 г."""


def from_lines(text, **options):
    document = word()
    for row in text.split("\n"):
        paragraph = document.add_paragraph(row)
        if options.get("right"):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if options.get("indent"):
            paragraph.paragraph_format.left_indent = Cm(options["indent"])
    title(document)
    table(document)
    return document


@pytest.mark.parametrize(("options", "side"), [({"right": True}, "right"), ({"indent": 9}, "right"), ({}, "left")])
def test_a_stamp_in_paragraphs(options, side):
    plan = imported(from_lines(GOST, **options))
    assert stamps(plan) == [(side, "approve", "Директор МБУ «Школа № 12»", "И.И. Иванов")]
    assert plan.title == TITLE
    assert plan.stamps[0].style == "gost"


def test_stamps_set_apart_by_tabs():
    plan = imported(from_lines(
        "СОГЛАСОВАНО\t\t\tУТВЕРЖДАЮ\nРуководитель департамента\t\tРуководитель Проектного офиса\nобразования\t\tдепартамента образования\n"
        "________ Л.М. Орлова\t\t________ О.А. Зимина\n«__» ______ 2026 г.\t\t«__» ______ 2026 г."))
    assert stamps(plan) == [("left", "agree", "Руководитель департамента\nобразования", "Л.М. Орлова"),
                            ("right", "approve", "Руководитель Проектного офиса\nдепартамента образования", "О.А. Зимина")]
    assert plan.title == TITLE


def test_stamps_set_apart_by_blanks_and_of_unequal_height():
    plan = imported(from_lines(
        "«Согласовано»                                   «Утверждаю»\nДиректор школы                                  Начальник управления\n"
        "__________ Орлова Н.П.                          образования\n                                                __________ Зимин К.А."))
    assert stamps(plan) == [("left", "agree", "Директор школы", "Орлова Н.П."), ("right", "approve", "Начальник управления\nобразования", "Зимин К.А.")]


def test_a_right_stamp_after_a_left_one_in_paragraphs():
    document = word()
    for text in AGREE.split("\n\n"):
        document.add_paragraph(text)
    for text in APPROVE.split("\n\n"):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title(document)
    table(document)
    assert stamps(imported(document)) == [("left", *AGREED), ("right", *APPROVED)]


def test_stamps_in_newspaper_columns():
    document = word()
    for index, block in enumerate((AGREE, APPROVE)):
        for place, text in enumerate(block.split("\n\n")):
            paragraph = document.add_paragraph()
            if index and not place:
                break_column(paragraph)
            paragraph.add_run(text)
    document.paragraphs[-1]._p.get_or_add_pPr().append(parse_xml(f'<w:sectPr {nsdecls("w")}><w:cols w:num="2"/></w:sectPr>'))
    title(document)
    table(document)
    assert stamps(imported(document)) == [("left", *AGREED), ("right", *APPROVED)]


def test_stamps_in_text_boxes():
    document = word()
    boxes = "".join(
        f'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps"><w:drawing>'
        f'<wp:anchor xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><wp:positionH><wp:posOffset>{offset}</wp:posOffset>'
        f'</wp:positionH><wps:txbx xmlns:wps="urn:wps"><w:txbxContent>'
        + "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in block.split("\n\n"))
        + '</w:txbxContent></wps:txbx></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><w:p><w:r><w:t>Утверждаю</w:t></w:r></w:p></w:pict>'
        "</mc:Fallback></mc:AlternateContent>" for block, offset in ((AGREE, 10_000), (APPROVE, 3_500_000)))
    document.element.body.insert(0, parse_xml(f'<w:p {nsdecls("w")}><w:r>{boxes}</w:r></w:p>'))
    title(document)
    table(document)
    assert stamps(imported(document)) == [("left", *AGREED), ("right", *APPROVED)]


HEADINGS = [
    ("«Утверждаю»", "approve", "office"), ("Утверждаю", "approve", "office"), ("УТВЕРЖДАЮ", "approve", "gost"), ("УТВЕРЖДАЮ:", "approve", "gost"),
    ("«УТВЕРЖДАЮ»", "approve", "office"), ("\"Утверждаю\"", "approve", "office"), ("У Т В Е Р Ж Д А Ю", "approve", "gost"), ("Согласовано", "agree", "office"),
    ("СОГЛАСОВАНО:", "agree", "gost"), ("«Рассмотрено»", "accept", "office"), ("ПРИНЯТО", "accept", "gost"), ("Согласован", "agree", "office"),
    ("УТВЕРЖДЕН", "approve", "gost"), ("Утверждено", "approve", "office"),
]


@pytest.mark.parametrize(("heading", "kind", "style"), HEADINGS)
def test_headings_of_stamps(heading, kind, style):
    plan = imported(in_table("", f"{heading}\n\nДиректор\n\n______ О.А. Зимина"))
    assert [(stamp.kind, stamp.style, stamp.post, stamp.name) for stamp in plan.stamps] == [(kind, style, "Директор", "О.А. Зимина")]


NAMES = [
    ("______________ Л.М. Лебедева", "Л.М. Лебедева"), ("______О.А.Сергеева", "О.А.Сергеева"), ("Лебедева Л.М.", "Лебедева Л.М."),
    ("_________ /Л.М. Лебедева/", "Л.М. Лебедева"), ("____________ Лебедева Людмила Михайловна", "Лебедева Людмила Михайловна"),
    ("__________\tЛ. М. Лебедева", "Л. М. Лебедева"), ("_______________ (Л.М. Петрова-Водкина)", "Л.М. Петрова-Водкина"), ("Л.М. Лебедева", "Л.М. Лебедева"),
    ("________________ Л.М. Лебедева\n\n(подпись)", "Л.М. Лебедева"), ("________________\n\nЛ.М. Лебедева", "Л.М. Лебедева"),
    ("_____________ Л.М. Лебедева\n\n«12» января 2027 г.", "Л.М. Лебедева"), ("____ Л.М. Лебедева\n\n«____»____________20___г.", "Л.М. Лебедева"),
    ("____ Л.М. Лебедева\n\n12.01.2027", "Л.М. Лебедева"), ("____ Л.М. Лебедева\n\nМ.П.", "Л.М. Лебедева"), ("____ Л.М. Лебедева\n\n\"__\" ______ 2027 года", "Л.М. Лебедева"),
    ("____________", ""),
]


@pytest.mark.parametrize(("lines", "name"), NAMES)
def test_names_of_stamps(lines, name):
    plan = imported(in_table("", f"УТВЕРЖДАЮ\n\nРуководитель\n\nофиса\n\n{lines}"))
    assert [(stamp.post, stamp.name) for stamp in plan.stamps] == [("Руководитель\nофиса", name)]
    assert ("stamp_incomplete" in [remark["code"] for remark in plan.remarks]) == (not name)


def test_the_post_and_the_name_in_one_line():
    for text in ("Директор МБУ «Школа № 12» ________ О.А. Зимина", "Директор МБУ «Школа № 12» О.А. Зимина"):
        assert stamps(imported(in_table("", f"Утверждаю\n\n{text}"))) == [("right", "approve", "Директор МБУ «Школа № 12»", "О.А. Зимина")]


ACTS = [
    ("УТВЕРЖДЕНО\n\nобщим собранием\n\nработников\n\nПротокол от 27.09.2026 №1", "approve", "общим собранием\nработников\nПротокол от 27.09.2026 №1", "1", "2026-09-27"),
    ("УТВЕРЖДЕН\n\nприказом департамента образования\n\nот 12.01.2027 № 15", "approve", "приказом департамента образования\nот 12.01.2027 № 15", "15", "2027-01-12"),
    ("Утверждено приказом директора от 30 августа 2026 г. № 15-од", "approve", "приказом директора от 30 августа 2026 г. № 15-од", "15-од", "2026-08-30"),
    ("ПРИНЯТО\n\nна заседании педагогического совета\n\nпротокол № 1 от 30.08.2026 г.", "accept", "на заседании педагогического совета\nпротокол № 1 от 30.08.2026 г.",
     "1", "2026-08-30"),
    ("Рассмотрено\n\nна педагогическом совете МБУ «Школа № 12»\n\nпротокол от 30.08.2026", "accept", "на педагогическом совете МБУ «Школа № 12»\nпротокол от 30.08.2026",
     "", "2026-08-30"),
    ("УТВЕРЖДЕНО\n\nприказом гимназии\n\nот «31» августа 2026 г. № 210-од", "approve", "приказом гимназии\nот «31» августа 2026 г. № 210-од", "210-од", "2026-08-31"),
    ("Согласовано на заседании Проектного офиса, протокол № 3", "agree", "на заседании Проектного офиса, протокол № 3", "3", None),
]


@pytest.mark.parametrize(("text", "kind", "basis", "number", "day"), ACTS, ids=range(len(ACTS)))
def test_a_stamp_by_a_body_or_an_order_has_a_basis_and_no_name(text, kind, basis, number, day):
    plan = imported(in_table(AGREE, text))
    stamp = plan.stamps[1]
    assert (stamp.kind, stamp.post, stamp.name, stamp.basis, stamp.basis_number) == (kind, "", "", basis, number)
    assert (stamp.basis_date.isoformat() if stamp.basis_date else None) == day
    assert plan.as_json()["stamps"][1] == {"kind": kind, "side": "right", "post": basis, "name": ""}


def test_a_person_with_an_order_keeps_both():
    plan = imported(in_table("", "УТВЕРЖДЕНО\n\nДиректор школы\n\n_______ О.А. Зимина\n\nПриказ от 12.01.2027 № 15"))
    assert stamps(plan) == [("right", "approve", "Директор школы", "О.А. Зимина")]
    assert (plan.stamps[0].basis, plan.stamps[0].basis_number) == ("Приказ от 12.01.2027 № 15", "15")


def test_a_stamp_below_the_table_is_found():
    document = word()
    title(document)
    table(document)
    for text in GOST.replace("УТВЕРЖДАЮ", "СОГЛАСОВАНО").split("\n"):
        document.add_paragraph(text)
    assert [(stamp.kind, stamp.place) for stamp in imported(document).stamps] == [("agree", "foot")]


def test_a_signature_below_the_table_is_told_as_text_that_was_not_taken():
    document = word()
    title(document)
    table(document)
    document.add_paragraph("Секретарь Проектного офиса ________ О.А. Зимина")
    plan = imported(document)
    assert plan.stamps == []
    assert any(remark["code"] == "text_skipped" and "Секретарь" in remark["message"] for remark in plan.remarks)
    assert any(remark["code"] == "approve_missing" for remark in plan.remarks)


TITLES = [
    (["План", "заседаний Проектного офиса", "на 2027 год"], "2027-01-01", "2027-12-31"),
    (["ПЛАН РАБОТЫ", "на 2026-2027 учебный год"], "2026-09-01", "2027-08-31"),
    (["План заседаний на 2026–2027 уч. г."], "2026-09-01", "2027-08-31"),
    (["План заседаний на 2026/2027 учебный год"], "2026-09-01", "2027-08-31"),
    (["План заседаний на 2026/27 учебный год"], "2026-09-01", "2027-08-31"),
    (["План заседаний на 2026 – 2027 гг."], "2026-09-01", "2027-08-31"),
    (["П Л А Н", "заседаний", "2027 г."], "2027-01-01", "2027-12-31"),
    (["Годовой план заседаний", "в рамках программы «Школа 2030»", "на 2027 год"], "2027-01-01", "2027-12-31"),
    (["График заседаний Проектного офиса на 2027 год"], "2027-01-01", "2027-12-31"),
    (["План заседаний на II полугодие 2027 года"], "2027-01-01", "2027-12-31"),
    (["План\nзаседаний Проектного офиса\nна 2027 год"], "2027-01-01", "2027-12-31"),
]


@pytest.mark.parametrize(("lines", "start", "end"), TITLES, ids=range(len(TITLES)))
def test_titles_and_their_periods(lines, start, end):
    document = word()
    title(document, lines)
    table(document)
    plan = imported(document)
    assert plan.title == "\n".join(lines).split("\n")
    assert [day.isoformat() for day in plan.period] == [start, end]


def test_a_letterhead_above_the_title_is_no_title():
    document = word()
    title(document, ["Департамент образования", "МКОУ «Ресурсный центр»", *TITLE])
    table(document)
    plan = imported(document)
    assert plan.title == TITLE
    assert any("Ресурсный центр" in remark["message"] for remark in plan.remarks)


def test_text_between_title_and_table_is_told():
    document = word()
    title(document)
    document.add_paragraph("Цель: развитие проектной культуры.")
    table(document)
    plan = imported(document)
    assert plan.title == TITLE
    assert any("Цель: развитие" in remark["message"] for remark in plan.remarks)


def test_a_plan_without_a_year_takes_it_from_the_terms_or_from_the_caller():
    document = word()
    title(document, ["План заседаний Проектного офиса"])
    table(document)
    plan = imported(document)
    assert (plan.year, plan.items[0].term_start) == (None, None)
    assert "year_missing" in [remark["code"] for remark in plan.remarks]
    plan = imported(document, year=2028)
    assert plan.items[0].term_end.isoformat() == "2028-02-29"
    document = word()
    title(document, ["План заседаний"])
    table(document, rows=[["1", "Тема", "сентябрь 2026 г.", ""], ["2", "Тема", "май 2027 г.", ""]])
    plan = imported(document)
    assert (plan.year, plan.period[1].year) == (2026, 2027)
    assert "year_guessed" in [remark["code"] for remark in plan.remarks]


def test_the_caller_s_year_outweighs_the_title_and_that_is_told():
    document = word()
    title(document)
    table(document)
    plan = imported(document, year=2028)
    assert plan.year == 2028
    assert "year_differs" in [remark["code"] for remark in plan.remarks]


def test_an_uneven_grid_under_the_headings_of_the_stamps():
    document = word()
    made = document.add_table(rows=2, cols=3)
    write(made.rows[0].cells[0], "СОГЛАСОВАНО")
    write(made.rows[0].cells[1].merge(made.rows[0].cells[2]), "УТВЕРЖДАЮ")
    write(made.rows[1].cells[0], "Начальник\n\n____ Л.М. Орлова")
    write(made.rows[1].cells[2], "Директор\n\n____ О.А. Зимина")
    title(document)
    table(document)
    assert stamps(imported(document)) == [("left", "agree", "Начальник", "Л.М. Орлова"), ("right", "approve", "Директор", "О.А. Зимина")]


def test_the_title_in_the_table_of_the_stamps():
    document = word()
    made = document.add_table(rows=2, cols=2)
    write(made.rows[0].cells[0], AGREE)
    write(made.rows[0].cells[1], APPROVE)
    write(made.rows[1].cells[0].merge(made.rows[1].cells[1]), "План заседаний\n\nна 2027 год")
    table(document)
    plan = imported(document)
    assert stamps(plan) == [("left", *AGREED), ("right", *APPROVED)]
    assert plan.title == ["План заседаний", "на 2027 год"]


def test_a_school_named_after_somebody_is_no_signer():
    plan = imported(in_table("", "УТВЕРЖДАЮ\n\nДиректор МБОУ «Лицей им. А.С. Пушкина»\n\nгимназии имени А.С. Пушкина\n\n______ О.А. Зимина"))
    assert stamps(plan) == [("right", "approve", "Директор МБОУ «Лицей им. А.С. Пушкина»\nгимназии имени А.С. Пушкина", "О.А. Зимина")]


@pytest.mark.parametrize(("line", "first", "last"), [
    ("План заседаний на период с 01.09.2026 по 31.05.2027", 2026, 2027), ("План заседаний на период с 01.01.2027 по 31.12.2027", 2027, 2027),
    ("План заседаний на сентябрь 2026 – май 2027 года", 2026, 2027), ("Тематика заседаний Проектного офиса на 2027 год", 2027, 2027),
    ("План-график проведения заседаний на 2027 год", 2027, 2027), ("План заседаний Проектного офиса на 2027/2028 уч.год", 2027, 2028)])
def test_other_ways_to_name_a_period(line, first, last):
    document = word()
    title(document, [line])
    table(document)
    plan = imported(document)
    assert (plan.title, plan.period[0].year, plan.period[1].year) == ([line], first, last)
