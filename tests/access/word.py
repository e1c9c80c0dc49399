"""A Word plan of one row, as an office would write it."""
import io

import docx


def word_plan(year):
    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph(f"План заседаний рабочей группы на {year} год")
    table = document.add_table(2, 4)
    rows = (("№ п/п", "Тема заседаний", "Срок", "Ответственный"), ("1.", "Итоги года", "февраль", "Орлова Н.П."))
    for row, words in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(out)
    return out.getvalue()
