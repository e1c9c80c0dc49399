"""Topics and responsibles of a cell: Word's lists, typed lists, names as people write them."""
import pytest

from projectoffice.common.lines import from_text, line, to_text
from projectoffice.documents.imports.people import split_responsibles

from .word_plans import add_row, imported, list_paragraph, numbered, numbering, simple_plan, table, title, word


def topics_of(fill):
    """The topics of the only row, whose cell is filled by `fill(cell, document)`."""
    document = word()
    title(document)
    made = table(document, rows=[])
    cell = add_row(made, "1.", "", "март", "Орлова Н.П.")[1]
    fill(cell, document)
    return imported(document).items[0].topics


def typed(text):
    return imported(simple_plan(rows=[["1.", text, "март", "Орлова Н.П."]])).items[0].topics


def test_word_lists_inside_word_lists():
    def fill(cell, document):
        cell.paragraphs[0].add_run("Вводный абзац:")
        list_paragraph(cell, "а", "List Bullet")
        list_paragraph(cell, "б", "List Bullet 2")
        list_paragraph(cell, "в", "List Bullet 3")
        list_paragraph(cell, "г", "List Bullet")
        list_paragraph(cell, "д", "List Number")
        cell.add_paragraph("Итог")
    assert topics_of(fill) == [line("Вводный абзац:"), line("а", 0, "bullet"), line("б", 1, "bullet"), line("в", 2, "bullet"),
                               line("г", 0, "bullet"), line("д", 0, "number"), line("Итог")]


def test_one_word_list_with_levels_by_ilvl():
    def fill(cell, document):
        num = numbering(document, [("bullet", "\uf0b7"), ("bullet", "o"), ("bullet", "–"), ("decimal", "%4)")])
        for text, level in (("а", 0), ("б", 1), ("в", 2), ("г", 3), ("д", 1), ("е", 0)):
            numbered(cell.add_paragraph(text), num, level)
    assert topics_of(fill) == [line("а", 0, "bullet"), line("б", 1, "bullet"), line("в", 2, "dash"), line("г", 3, "number"),
                               line("д", 1, "bullet"), line("е", 0, "bullet")]


@pytest.mark.parametrize(("kind", "sign", "marker"), [
    ("bullet", "-", "dash"), ("bullet", "–", "dash"), ("bullet", "—", "dash"), ("bullet", "\uf02d", "dash"), ("bullet", "•", "bullet"),
    ("bullet", "\uf0b7", "bullet"), ("bullet", "\uf0a7", "bullet"), ("bullet", "o", "bullet"), ("bullet", "*", "bullet"), ("decimal", "%1.", "number"),
    ("decimal", "%1)", "number"), ("lowerRoman", "%1.", "number"), ("russianLower", "%1)", "number"), ("none", "", "paragraph")])
def test_marks_drawn_by_word(kind, sign, marker):
    def fill(cell, document):
        num = numbering(document, [(kind, sign)])
        cell.paragraphs[0].add_run("Вопросы:")
        numbered(cell.add_paragraph("первый;"), num)
        numbered(cell.add_paragraph("второй."), num)
    assert topics_of(fill) == [line("Вопросы:"), line("первый;", 0, marker), line("второй.", 0, marker)]


def test_two_word_lists_one_inside_the_other_by_indentation():
    def fill(cell, document):
        outer, inner = numbering(document, [("bullet", "•")]), numbering(document, [("bullet", "-"), ("bullet", "-")])
        numbered(cell.add_paragraph("а"), outer)
        numbered(cell.add_paragraph("б"), inner, 1)
        numbered(cell.add_paragraph("в"), inner, 1)
        numbered(cell.add_paragraph("г"), outer)
    assert topics_of(fill) == [line("а", 0, "bullet"), line("б", 1, "dash"), line("в", 1, "dash"), line("г", 0, "bullet")]


def test_a_list_that_begins_on_a_deeper_level_is_a_top_list():
    def fill(cell, document):
        num = numbering(document, [("bullet", "•"), ("bullet", "•")])
        numbered(cell.add_paragraph("а"), num, 1)
        numbered(cell.add_paragraph("б"), num, 1)
    assert topics_of(fill) == [line("а", 0, "bullet"), line("б", 0, "bullet")]


def test_a_list_switched_off_for_a_paragraph_is_a_paragraph():
    def fill(cell, document):
        paragraph = list_paragraph(cell, "а", "List Bullet")
        numbered(paragraph, "0")
    assert topics_of(fill) == [line("а")]


def test_a_dash_typed_after_word_s_own_bullet_is_one_sign():
    def fill(cell, document):
        list_paragraph(cell, "- а", "List Bullet")
    assert topics_of(fill) == [line("а", 0, "bullet")]


TYPED = [
    ("Обсуждение:\n\n- приказа;\n\n– Положения;\n\n— состава.", [line("Обсуждение:"), line("приказа;", 0, "dash"), line("Положения;", 0, "dash"),
                                                               line("состава.", 0, "dash")]),
    ("Обсуждение:\n- приказа;\n- Положения.", [line("Обсуждение:"), line("приказа;", 0, "dash"), line("Положения.", 0, "dash")]),
    ("Обсуждение:\n\n-приказа;\n\n-Положения.", [line("Обсуждение:"), line("приказа;", 0, "dash"), line("Положения.", 0, "dash")]),
    ("• а\n\n  - б\n\n  - в\n\n• г", [line("а", 0, "bullet"), line("б", 1, "dash"), line("в", 1, "dash"), line("г", 0, "bullet")]),
    ("•\tа\n\n\t•\tб\n\n\t\t•\tв\n\n•\tг", [line("а", 0, "bullet"), line("б", 1, "bullet"), line("в", 2, "bullet"), line("г", 0, "bullet")]),
    ("   - а\n\n   - б", [line("а", 0, "dash"), line("б", 0, "dash")]),
    ("1. а\n\n2. б", [line("а", 0, "number"), line("б", 0, "number")]),
    ("1) а\n\n2) б", [line("а", 0, "number"), line("б", 0, "number")]),
    ("1.Обсуждение\n\n2.Разное", [line("Обсуждение", 0, "number"), line("Разное", 0, "number")]),
    ("1. а:\n\n- б;\n\n- в.\n\n2. г", [line("а:", 0, "number"), line("б;", 1, "dash"), line("в.", 1, "dash"), line("г", 0, "number")]),
    ("3. а\n\n4. б", [line("3. а"), line("4. б")]),
    ("1. а\n\nабзац\n\n2. б", [line("1. а"), line("абзац"), line("2. б")]),
    ("1.1. а\n\n1.2. б", [line("1.1. а"), line("1.2. б")]),
    ("2027 год: итоги", [line("2027 год: итоги")]),
    ("15 февраля – день проектов", [line("15 февраля – день проектов")]),
    ("а – не список", [line("а – не список")]),
    ("–", [line("–")]),
    ("\uf0b7 а\n\n\uf0a7 б", [line("а", 0, "bullet"), line("б", 0, "bullet")]),
]


@pytest.mark.parametrize(("text", "lines"), TYPED, ids=range(len(TYPED)))
def test_typed_lists_become_lines(text, lines):
    assert typed(text) == lines


@pytest.mark.parametrize(("text", "lines"), TYPED, ids=range(len(TYPED)))
def test_what_is_imported_can_be_edited_without_a_change(text, lines):
    assert from_text(to_text(lines)) == lines


PEOPLE = [
    ("Орлова Н.П.", ["Орлова Н.П."]), ("Орлова Н.П.\nЗимин К.А.\nБелов С.И.", ["Орлова Н.П.", "Зимин К.А.", "Белов С.И."]),
    ("Орлова Н.П., Зимин К.А.", ["Орлова Н.П.", "Зимин К.А."]), ("Орлова Н.П.; Зимин К.А.", ["Орлова Н.П.", "Зимин К.А."]),
    ("Орлова Н.П.,\nЗимин К.А.", ["Орлова Н.П.", "Зимин К.А."]), ("Орлова Н.П. Зимин К.А.", ["Орлова Н.П.", "Зимин К.А."]),
    ("Орлова Н.П. и Зимин К.А.", ["Орлова Н.П.", "Зимин К.А."]), ("Н.П. Орлова, К.А. Зимин", ["Н.П. Орлова", "К.А. Зимин"]),
    ("Орлова Н.П., директор", ["Орлова Н.П., директор"]), ("Орлова Н.П.,\nдиректор", ["Орлова Н.П., директор"]),
    ("Орлова Н.П., директор, т. 22-78-18\nЗимин К.А., зам.директора, т. 28-62-51", ["Орлова Н.П., директор, т. 22-78-18", "Зимин К.А., зам.директора, т. 28-62-51"]),
    ("Орлова Н.П., директор, Зимин К.А., методист", ["Орлова Н.П., директор", "Зимин К.А., методист"]),
    ("директор Орлова Н.П., методист Зимин К.А.", ["директор Орлова Н.П.", "методист Зимин К.А."]),
    ("Руководители управленческих портфелей департамента образования\nОрлова Н.П.", ["Руководители управленческих портфелей департамента образования", "Орлова Н.П."]),
    ("Руководители портфелей, Орлова Н.П.", ["Руководители портфелей", "Орлова Н.П."]),
    ("Руководители управленческих портфелей\nдепартамента образования\nОрлова Н.П.", ["Руководители управленческих портфелей департамента образования", "Орлова Н.П."]),
    ("Администрация, педагогические работники МКОУ ДПО РЦ", ["Администрация, педагогические работники МКОУ ДПО РЦ"]),
    ("Члены Проектного офиса", ["Члены Проектного офиса"]), ("Руководитель Проектного офиса, Орлова Н.П.", ["Руководитель Проектного офиса, Орлова Н.П."]),
    ("- Орлова Н.П.\n- Зимин К.А.", ["Орлова Н.П.", "Зимин К.А."]), ("Орлова Нина Петровна, Зимин Кирилл Андреевич", ["Орлова Нина Петровна", "Зимин Кирилл Андреевич"]),
    ("Петрова-Водкина А.А.\u00a0", ["Петрова-Водкина А.А."]), ("Орлова Н.", ["Орлова Н."]), ("", []), (" ; ,\n", []),
    ("Орлова Н.П. (портфели 1; 2), Зимин К.А.", ["Орлова Н.П. (портфели 1; 2)", "Зимин К.А."]),
    ("Рабочая группа по подготовке\nк конференции", ["Рабочая группа по подготовке к конференции"]), ("Орлова Н.П\nЗимин К.А", ["Орлова Н.П", "Зимин К.А"]),
    ("Орлова Н.П., руководители ШМО, Зимин К.А.", ["Орлова Н.П.", "руководители ШМО", "Зимин К.А."]),
    ("Орлова Н.П.\n(по согласованию)", ["Орлова Н.П. (по согласованию)"]), ("Отдел развития, Орлова Н.П.", ["Отдел развития", "Орлова Н.П."]),
    ("Директор\nметодисты", ["Директор", "методисты"]), ("Орлова Н. П.\nЗимин К. А.", ["Орлова Н. П.", "Зимин К. А."]), ("все члены офиса", ["все члены офиса"]),
]


@pytest.mark.parametrize(("text", "people"), PEOPLE, ids=range(len(PEOPLE)))
def test_responsibles_are_told_apart(text, people):
    assert split_responsibles(text) == people


@pytest.mark.parametrize(("text", "people"), PEOPLE, ids=range(len(PEOPLE)))
def test_told_apart_once_more_they_stay_the_same(text, people):
    assert split_responsibles("\n".join(people)) == people
