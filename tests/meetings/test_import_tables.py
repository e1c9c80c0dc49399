"""Plans of many offices: columns in any order, odd headings, merged and cut rows, sections, several tables."""
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from meetings.imports import FileRefused

from .word_plans import (
    HEADINGS,
    ROWS,
    add_row,
    imported,
    numbered,
    numbering,
    section,
    simple_plan,
    table,
    title,
    word,
    write,
)


def texts(item):
    return [line["text"] for line in item.topics]


def codes(plan, row=...):
    return [remark["code"] for remark in plan.remarks if row is ... or remark["row"] == row]


def flat(plan):
    return [(item.label, " / ".join(texts(item)), item.term, item.responsible) for item in plan.items]


EXPECTED = [("1.", "Итоги сетевых проектов", "февраль", ["Орлова Н.П."]),
            ("2.", "Новые формы мониторинга", "апрель", ["Зимин К.А.", "Белов С.И."])]

ORDERS = [(0, 1, 2, 3), (0, 2, 1, 3), (2, 1, 3, 0), (3, 2, 1, 0), (1, 0, 3, 2), (2, 0, 3, 1)]


@pytest.mark.parametrize("order", ORDERS)
def test_columns_are_found_by_their_headings_in_any_order(order):
    plan = imported(simple_plan(headings=[HEADINGS[i] for i in order], rows=[[row[i] for i in order] for row in ROWS]))
    assert flat(plan) == EXPECTED
    assert (plan.title, plan.year) == (["План", "заседаний Проектного офиса", "на 2027 год"], 2027)
    assert plan.items[0].term_start.isoformat() == "2027-02-01"


HEADING_WORDS = [
    ["№", "Рассматриваемые вопросы", "Месяц", "Ответственные"],
    ["№ п\\п", "Содержание работы", "Сроки проведения", "Ответственный исполнитель"],
    ["№№", "Мероприятия", "Сроки выполнения", "Исполнители"],
    ["N п/п", "Повестка заседания", "Дата проведения заседания", "Докладчик"],
    ["№ п.п.", "Наименование вопросов", "Период", "Кто готовит"],
    ["№\nп/п", "ТЕМА ЗАСЕДАНИЯ", "СРОК\nПРОВЕДЕНИЯ", "ОТВЕТ-\nСТВЕННЫЙ"],
    ["п/п", "Вопросы, выносимые на рассмотрение", "Срок рассмотрения вопроса", "Ответственный за подготовку вопроса"],
    ["Номер", "Вопросы для обсуждения", "Время проведения", "Ответственный (ФИО, должность)"],
    ["", "Тема", "Срок", "Ответственный"],
    ["№ вопроса", "Тематика заседаний", "Квартал", "Ответственные лица"],
    ["№ п/п", "Направление деятельности", "Срок (2027 г.)", "Ответственные"],
]


@pytest.mark.parametrize("headings", HEADING_WORDS, ids=range(len(HEADING_WORDS)))
def test_headings_of_other_offices_are_understood(headings):
    assert [row[1:] for row in flat(imported(simple_plan(headings=headings)))] == [row[1:] for row in EXPECTED]
    assert [item.label for item in imported(simple_plan(headings=headings)).items] == (["1.", "2."] if headings[0] else ["", ""])


def test_three_columns_without_numbers():
    plan = imported(simple_plan(headings=HEADINGS[1:], rows=[row[1:] for row in ROWS]))
    assert flat(plan) == [("", *row[1:]) for row in EXPECTED]


def test_numbers_typed_before_the_topics_become_labels_when_there_is_no_column_for_them():
    plan = imported(simple_plan(headings=HEADINGS[1:], rows=[[f"{row[0]} {row[1]}", *row[2:]] for row in ROWS]))
    assert flat(plan) == EXPECTED
    assert plan.items[0].topics[0]["marker"] == "paragraph"


def test_three_columns_without_responsibles_or_without_terms():
    plan = imported(simple_plan(headings=HEADINGS[:3], rows=[row[:3] for row in ROWS]))
    assert [item.responsible for item in plan.items] == [[], []]
    assert "column_missing" in codes(plan)
    plan = imported(simple_plan(headings=["№", "Тема", "Ответственный"], rows=[[row[0], row[1], row[3]] for row in ROWS]))
    assert [item.term for item in plan.items] == ["", ""]


def test_five_columns_keep_what_the_plan_has_and_name_what_it_has_not():
    plan = imported(simple_plan(headings=[*HEADINGS, "Отметка о выполнении"], rows=[[*row, "да"] for row in ROWS]))
    assert flat(plan) == EXPECTED
    assert any("«Отметка о выполнении»" in remark["message"] for remark in plan.remarks)


def test_of_a_speaker_and_a_responsible_the_responsible_wins():
    rows = [[row[0], row[1], "Докладов Д.Д.", row[2], row[3]] for row in ROWS]
    plan = imported(simple_plan(headings=["№", "Вопрос", "Докладчик", "Срок", "Ответственный"], rows=rows))
    assert flat(plan) == EXPECTED


def test_theme_and_questions_in_two_columns_become_one_topic():
    rows = [[row[0], row[1], "- вопрос один;\n- вопрос два.", row[2], row[3]] for row in ROWS]
    plan = imported(simple_plan(headings=["№", "Тема заседания", "Рассматриваемые вопросы", "Срок", "Ответственный"], rows=rows))
    assert [(line["text"], line["marker"]) for line in plan.items[0].topics] == [
        ("Итоги сетевых проектов", "paragraph"), ("вопрос один;", "dash"), ("вопрос два.", "dash")]


def test_a_row_of_column_numbers_is_no_row_of_the_plan():
    assert flat(imported(simple_plan(rows=[["1", "2", "3", "4"], *ROWS]))) == EXPECTED


def two_level(merge_down=True):
    document = word()
    title(document)
    made = document.add_table(rows=2, cols=5)
    top, below = made.rows[0].cells, made.rows[1].cells
    for index, text in ((0, "№ п/п"), (1, "Тема заседаний"), (4, "Ответственный")):
        cell = top[index].merge(below[index]) if merge_down else top[index]
        write(cell, text)
    write(top[2].merge(top[3]), "Срок")
    write(below[2], "начало")
    write(below[3], "окончание")
    add_row(made, "1.", "Итоги", "01.02.2027", "15.02.2027", "Орлова Н.П.")
    add_row(made, "2.", "Мониторинг", "апрель", "", "Зимин К.А.")
    return document


@pytest.mark.parametrize("merge_down", [True, False])
def test_headings_in_two_rows(merge_down):
    plan = imported(two_level(merge_down))
    assert flat(plan) == [("1.", "Итоги", "01.02.2027 – 15.02.2027", ["Орлова Н.П."]), ("2.", "Мониторинг", "апрель", ["Зимин К.А."])]
    assert plan.items[0].term_end.isoformat() == "2027-02-15"


def test_a_common_heading_over_the_columns_of_the_plan():
    document = word()
    title(document)
    made = document.add_table(rows=2, cols=4)
    top, below = made.rows[0].cells, made.rows[1].cells
    write(top[0].merge(below[0]), "№")
    write(top[1].merge(top[3]), "Заседания Проектного офиса")
    for cell, text in zip(below[1:], ("Тема", "Срок", "Ответственный"), strict=True):
        write(cell, text)
    for row in ROWS:
        add_row(made, *row)
    assert flat(imported(document)) == EXPECTED


def test_a_title_drawn_inside_the_table_is_the_title():
    document = word()
    made = document.add_table(rows=1, cols=4)
    write(made.rows[0].cells[0].merge(made.rows[0].cells[3]), "План заседаний на 2027 год")
    add_row(made, *HEADINGS)
    for row in ROWS:
        add_row(made, *row)
    plan = imported(document)
    assert flat(plan) == EXPECTED
    assert (plan.title, plan.year) == (["План заседаний на 2027 год"], 2027)


def test_section_rows_are_headings_of_the_rows_below():
    document = word()
    title(document)
    made = table(document, rows=[])
    section(made, "I полугодие")
    add_row(made, *ROWS[0])
    section(made, "II полугодие", bold=False)
    add_row(made, *ROWS[1])
    add_row(made, "1.", "Итоги года", "декабрь", "Орлова Н.П.")
    plan = imported(document)
    assert [item.section for item in plan.items] == ["I полугодие", "II полугодие", "II полугодие"]
    assert codes(plan, 1) == []


def test_numbering_that_begins_anew_in_each_section_is_no_fault():
    document = word()
    title(document)
    made = table(document, rows=[])
    for name in ("Организационная работа", "Методическая работа"):
        section(made, name)
        add_row(made, "1", "Тема", "март", "Орлова Н.П.")
        add_row(made, "2", "Тема", "апрель", "Орлова Н.П.")
    assert not [code for code in codes(imported(document)) if code.startswith("number")]


def test_a_section_written_into_the_first_or_second_cell_without_merging():
    document = word()
    title(document)
    made = table(document, rows=ROWS[:1])
    cells = add_row(made, "", "", "", "")
    cells[1].paragraphs[0].add_run("Методическая работа").bold = True
    add_row(made, "Раздел 3", "", "", "")
    add_row(made, *ROWS[1])
    plan = imported(document)
    assert flat(plan) == EXPECTED


def test_months_as_section_rows_give_the_term_when_there_is_no_column_for_it():
    document = word()
    title(document)
    made = table(document, rows=[], headings=["№", "Тема", "Ответственный"])
    section(made, "Февраль")
    add_row(made, "1.", "Итоги", "Орлова Н.П.")
    section(made, "Апрель")
    add_row(made, "2.", "Мониторинг", "Зимин К.А.")
    plan = imported(document)
    assert [(item.term, item.term_start.month) for item in plan.items] == [("Февраль", 2), ("Апрель", 4)]


def test_a_row_cut_by_a_page_break_is_joined():
    rows = [ROWS[0], ["2.", "Обсуждение новых форм", "апрель", "Зимин К.А.\nБелов С.И."], ["", "мониторинга проектов.\n\nРазное.", "", ""],
            ["3.", "Итоги", "июнь", "Орлова Н.П."]]
    plan = imported(simple_plan(rows=rows))
    assert [item.label for item in plan.items] == ["1.", "2.", "3."]
    assert texts(plan.items[1]) == ["Обсуждение новых форм мониторинга проектов.", "Разное."]
    assert codes(plan, 2) == ["merged_row"]


def test_a_piece_of_table_without_headings_goes_on_with_the_plan():
    document = simple_plan(rows=[*ROWS, ["3.", "Подготовка конкурса:\n\n- приказ;", "сентябрь", "Орлова Н.П."]])
    document.add_paragraph("")
    table(document, headings=None, rows=[["", "- Положение;\n\n- состав жюри.", "", ""], ["4.", "Итоги", "декабрь", "Белов С.И."]])
    plan = imported(document)
    assert texts(plan.items[2]) == ["Подготовка конкурса:", "приказ;", "Положение;", "состав жюри."]
    assert [line["marker"] for line in plan.items[2].topics] == ["paragraph", "dash", "dash", "dash"]
    assert flat(plan)[3] == ("4.", "Итоги", "декабрь", ["Белов С.И."])


def test_a_cut_row_after_a_repeated_heading_brings_its_responsibles_too():
    document = simple_plan(rows=[["1.", "Тема длинная", "март", "Орлова Н.П."]])
    table(document, rows=[["", "Продолжение темы", "", "Зимин К.А."], ["2.", "Другая", "май", "Белов С.И."]])
    plan = imported(document)
    assert flat(plan) == [("1.", "Тема длинная / Продолжение темы", "март", ["Орлова Н.П.", "Зимин К.А."]),
                          ("2.", "Другая", "май", ["Белов С.И."])]


def test_several_tables_with_repeated_headings_are_one_plan():
    document = simple_plan(rows=ROWS[:1])
    document.add_paragraph("II полугодие")
    table(document, rows=ROWS[1:])
    plan = imported(document)
    assert flat(plan) == EXPECTED
    assert plan.items[1].section == "II полугодие"


def test_the_heading_repeated_inside_one_table_is_left_out():
    assert flat(imported(simple_plan(rows=[ROWS[0], HEADINGS, ROWS[1]]))) == EXPECTED


def test_a_second_table_in_another_order_of_columns():
    document = simple_plan(rows=ROWS[:1])
    row = ROWS[1]
    table(document, headings=["Срок", "Тема", "Ответственный", "№"], rows=[[row[2], row[1], row[3], row[0]]])
    assert flat(imported(document)) == EXPECTED


def test_another_table_after_the_plan_is_not_part_of_it():
    document = simple_plan()
    document.add_paragraph("Состав Проектного офиса")
    table(document, headings=["ФИО", "Должность"], rows=[["Орлова Н.П.", "директор"]])
    assert flat(imported(document)) == EXPECTED


def test_a_term_merged_over_two_rows_holds_for_both():
    document = word()
    title(document)
    made = table(document, rows=[])
    first = add_row(made, "1.", "Итоги", "", "Орлова Н.П.")
    second = add_row(made, "2.", "Мониторинг", "", "")
    write(first[2].merge(second[2]), "март")
    first[3].merge(second[3])
    plan = imported(document)
    assert [(item.label, item.term, item.responsible) for item in plan.items] == [
        ("1.", "март", ["Орлова Н.П."]), ("2.", "март", ["Орлова Н.П."])]


def test_a_number_term_and_responsible_merged_downwards_make_one_row():
    document = word()
    title(document)
    made = table(document, rows=[])
    first = add_row(made, "1.", "Итоги", "март", "Орлова Н.П.")
    second = add_row(made, "", "Мониторинг", "", "")
    for index in (0, 2, 3):
        first[index].merge(second[index])
    add_row(made, "2.", "Разное", "май", "Белов С.И.")
    plan = imported(document)
    assert flat(plan) == [("1.", "Итоги / Мониторинг", "март", ["Орлова Н.П."]), ("2.", "Разное", "май", ["Белов С.И."])]


def test_topics_of_one_meeting_with_their_own_responsibles_stay_separate_rows():
    document = word()
    title(document)
    made = table(document, rows=[])
    first = add_row(made, "1.", "Итоги", "март", "Орлова Н.П.")
    second = add_row(made, "", "Мониторинг", "", "Белов С.И.")
    first[0].merge(second[0])
    first[2].merge(second[2])
    assert [(item.label, item.term, item.responsible) for item in imported(document).items] == [
        ("1.", "март", ["Орлова Н.П."]), ("", "март", ["Белов С.И."])]


def test_printed_numbers_are_kept_and_a_repeated_one_is_told():
    rows = [[label, f"Тема {index}", "март", "Орлова Н.П."] for index, label in enumerate(["1", "2", "2", "3", "4"])]
    plan = imported(simple_plan(rows=rows))
    assert [item.label for item in plan.items] == ["1", "2", "2", "3", "4"]
    assert [(remark["row"], remark["message"]) for remark in plan.remarks if remark["code"].startswith("number")] == [
        (3, "Строка 3: номер 2 уже есть выше.")]


def test_numbers_drawn_by_word_are_read():
    document = word()
    title(document)
    made = table(document, rows=[["", row[1], row[2], row[3]] for row in ROWS])
    num = numbering(document, [("decimal", "%1.")])
    for row in made.rows[1:]:
        numbered(row.cells[0].paragraphs[0], num)
    assert flat(imported(document)) == EXPECTED


def test_numbers_drawn_by_a_list_style_are_read():
    document = word()
    title(document)
    made = table(document, rows=[["", row[1], row[2], row[3]] for row in ROWS])
    for row in made.rows[1:]:
        row.cells[0].paragraphs[0].style = "List Number"
    assert [item.label for item in imported(document).items] == ["1.", "2."]


def test_a_table_without_headings_is_guessed_and_that_is_told():
    document = word()
    title(document)
    table(document, headings=None)
    plan = imported(document)
    assert flat(plan) == EXPECTED
    assert "columns_guessed" in codes(plan)


def test_a_plan_inside_a_cell_of_an_outer_table():
    document = word()
    outer = document.add_table(rows=2, cols=1)
    write(outer.rows[0].cells[0], "План заседаний на 2027 год")
    inner = outer.rows[1].cells[0].add_table(rows=0, cols=4)
    for row in [HEADINGS, *ROWS]:
        add_row(inner, *row)
    plan = imported(document)
    assert flat(plan) == EXPECTED
    assert plan.year == 2027


def test_what_is_doubtful_is_said_in_russian_with_its_row():
    rows = [["1.", "", "март", "Орлова Н.П."], ["2.", "Тема", "когда-нибудь", "Белов С.И."], ["4.", "Тема", "март 2026", ""], ["3.", "Тема", "", "Белов С.И."]]
    plan = imported(simple_plan(rows=rows))
    assert {"topic_missing"} <= set(codes(plan, 1))
    assert {"term_not_understood"} <= set(codes(plan, 2))
    assert {"number_skipped", "term_outside_period", "no_responsible"} <= set(codes(plan, 3))
    assert {"number_out_of_order", "term_missing"} <= set(codes(plan, 4))
    assert all(remark["message"].startswith(f"Строка {remark['row']}: ") for remark in plan.remarks if remark["row"])
    assert plan.items[1].term == "когда-нибудь"


NOT_PLANS = {
    "no table": lambda: with_title(word()),
    "another table": lambda: with_table(["ФИО", "Должность", "Телефон"], [["Орлова Н.П.", "директор", "22-00-00"], ["Белов С.И.", "методист", "1"]]),
    "no rows": lambda: with_table(HEADINGS, []),
    "seven columns": lambda: with_table(["№ п/п", "Деятельность", "Сроки", "Категория участников", "Количество участников", "Ответственный", "Результат"],
                                        [["1", "Семинар", "март", "педагоги", "5", "Орлова Н.П.", "справка"]]),
    "empty": word,
}


def with_title(document):
    title(document)
    return document


def with_table(headings, rows):
    document = with_title(word())
    table(document, headings=headings, rows=rows)
    return document


@pytest.mark.parametrize("name", NOT_PLANS)
def test_a_file_that_is_no_plan_says_what_was_looked_for(name):
    with pytest.raises(FileRefused) as refused:
        imported(NOT_PLANS[name]())
    assert "Ничего не загружено, ваш план не изменился." in refused.value.sentence
    if name in ("no table", "another table", "empty"):
        assert refused.value.sentence.startswith("В файле не нашлась таблица с графами «Тема» и «Срок».")


def test_tracked_changes_are_read_as_accepted_and_told():
    document = simple_plan()
    paragraph = document.tables[0].rows[1].cells[1].paragraphs[0]._p
    deleted, inserted = OxmlElement("w:del"), OxmlElement("w:ins")
    run, gone = OxmlElement("w:r"), OxmlElement("w:delText")
    gone.text = "УДАЛЕНО"
    run.append(gone)
    deleted.append(run)
    new_run, new_text = OxmlElement("w:r"), OxmlElement("w:t")
    new_text.text = ", дополнено"
    new_run.append(new_text)
    inserted.append(new_run)
    paragraph.extend([deleted, inserted])
    plan = imported(document)
    assert texts(plan.items[0]) == ["Итоги сетевых проектов, дополнено"]
    assert "tracked_changes" in codes(plan)


def test_links_fields_controls_and_soft_hyphens_keep_the_text():
    document = simple_plan(rows=[["1.", "", "март", "Орлова Н.П."]])
    paragraph = document.tables[0].rows[1].cells[1].paragraphs[0]._p
    for tag, text in (("w:hyperlink", "Ссылка"), ("w:sdt", " и поле"), ("w:fldSimple", ", дата"), ("w:smartTag", " Самара")):
        outer, run, content = OxmlElement(tag), OxmlElement("w:r"), OxmlElement("w:t")
        content.text = text
        content.set(qn("xml:space"), "preserve")
        run.append(content)
        if tag == "w:sdt":
            inside = OxmlElement("w:sdtContent")
            inside.append(run)
            outer.append(inside)
        else:
            outer.append(run)
        paragraph.append(outer)
    run = OxmlElement("w:r")
    for tag, text in (("w:instrText", " PAGE "), ("w:t", " про"), ("w:softHyphen", None), ("w:t", "ект\u00ad"), ("w:noBreakHyphen", None), ("w:t", "офис")):
        child = OxmlElement(tag)
        child.text = text
        if tag == "w:t":
            child.set(qn("xml:space"), "preserve")
        run.append(child)
    paragraph.append(run)
    assert texts(imported(document).items[0]) == ["Ссылка и поле, дата Самара проект-офис"]


def test_row_texts_come_through_exactly():
    topic = "Внедрение модели «блочно-событийных «погружений» — «7-9 классов»; итоги (2 этап), 50 %  и №\u00a012"
    plan = imported(simple_plan(rows=[["1.", topic, "Апрель 2027г.", "Руководители управленческих портфелей департамента образования\nОрлова Н.П."]]))
    assert texts(plan.items[0]) == [topic]
    assert plan.items[0].term == "Апрель 2027г."
    assert plan.items[0].responsible == ["Руководители управленческих портфелей департамента образования", "Орлова Н.П."]


def test_months_merged_in_the_first_column():
    document = word()
    title(document)
    made = table(document, headings=["Месяц", "Вопросы", "Ответственный"], rows=[])
    first = add_row(made, "", "Итоги", "Орлова Н.П.")
    second = add_row(made, "", "Мониторинг", "")
    write(first[0].merge(second[0]), "февраль")
    add_row(made, "март", "Разное", "Белов С.И.")
    assert flat(imported(document)) == [("", "Итоги", "февраль", ["Орлова Н.П."]), ("", "Мониторинг", "февраль", []), ("", "Разное", "март", ["Белов С.И."])]


def test_meetings_as_section_rows_with_their_dates():
    document = word()
    title(document)
    made = table(document, headings=["№", "Рассматриваемые вопросы", "Ответственный"], rows=[])
    section(made, "Заседание № 1. Февраль")
    add_row(made, "1", "Итоги", "Орлова Н.П.")
    section(made, "Заседание № 2 (15.04.2027)")
    add_row(made, "1", "Мониторинг", "Орлова Н.П.")
    assert [(item.term, item.term_start.isoformat()) for item in imported(document).items] == [("Февраль", "2027-02-01"), ("15.04.2027", "2027-04-15")]


def test_a_roman_number_before_a_section_and_a_note_at_the_end():
    document = word()
    title(document)
    made = table(document, rows=[])
    cells = add_row(made, "I.", "", "", "")
    cells[1].paragraphs[0].add_run("Организационная работа").bold = True
    for row in ROWS:
        add_row(made, *row)
    section(made, "Примечание: план может быть изменён.")
    plan = imported(document)
    assert flat(plan) == EXPECTED
    assert plan.items[0].section == "I. Организационная работа"
    assert any(remark["code"] == "text_skipped" and "Примечание" in remark["message"] for remark in plan.remarks)


def test_headings_in_a_table_of_their_own():
    document = word()
    title(document)
    table(document, rows=[])
    table(document, headings=None)
    assert flat(imported(document)) == EXPECTED


def test_heading_letters_of_another_alphabet():
    headings = ["№ п/п", "Tема зaседаний", "Cрок", "Oтв."]
    assert flat(imported(simple_plan(headings=headings))) == EXPECTED


def test_a_list_of_members_before_the_plan_is_not_the_plan():
    document = word()
    title(document)
    table(document, headings=["№", "ФИО", "Должность"], rows=[["1", "Орлова Н.П.", "директор"]])
    table(document)
    assert flat(imported(document)) == EXPECTED
