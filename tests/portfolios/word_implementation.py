"""Builds Word files of implementation plans as offices make them."""
import io

import docx

HEADINGS = ["№ п/п", "Деятельность", "Сроки", "Категория участников", "Количес тво участни ков",
            "Ответственный (ФИО, должность), конт.тел.", "Результат-эффект/ результат продукт"]
TITLE = ["План", "реализации городского проекта «Наставник рядом»", "на 2026-2027 учебный год"]
SECTION = "Методическая деятельность"
ROW = ["1", "Мастерская наставника", "Октябрь 2026 г.", "Наставники; педагоги", "24",
       "Орлова А.И., методист, т. 22-78-18\nЧужак Б.Б., т. 28-63-71", "Сборник приёмов"]


def word_file(parts=((SECTION, [ROW]),), lines=TITLE, headings=HEADINGS):
    """``parts`` are pairs (section, rows)."""
    document, out = docx.Document(), io.BytesIO()
    for text in lines:
        document.add_paragraph(text)
    table = document.add_table(1, len(headings))
    fill(table.rows[0], headings)
    for section, rows in parts:
        if section:
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).text = section
        for row in rows:
            fill(table.add_row(), row)
    document.save(out)
    return out.getvalue()


def fill(row, texts):
    for cell, text in zip(row.cells, texts, strict=True):
        first, *rest = text.split("\n")
        cell.text = first
        for more in rest:
            cell.add_paragraph(more)
