"""Builds Word plans as offices make them, for the import tests."""
import io

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from meetings.imports.reader import read
from projectoffice.common.worddoc import read_document

HEADINGS = ["№ п/п", "Тема заседаний", "Срок", "Ответственный"]
ROWS = [
    ["1.", "Итоги сетевых проектов", "февраль", "Орлова Н.П."],
    ["2.", "Новые формы мониторинга", "апрель", "Зимин К.А.\nБелов С.И."],
]
TITLE = ["План", "заседаний Проектного офиса", "на 2027 год"]


def word():
    return docx.Document()


def title(document, lines=TITLE):
    for text in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).bold = True


def write(cell, text):
    """A text with \\n\\n between paragraphs and \\n for line breaks."""
    parts = text.split("\n\n")
    cell.paragraphs[0].add_run(parts[0])
    for part in parts[1:]:
        cell.add_paragraph(part)


def table(document, rows=ROWS, headings=HEADINGS):
    made = document.add_table(rows=0, cols=len(headings or rows[0]))
    for row in ([headings] if headings else []) + list(rows):
        cells = made.add_row().cells
        for cell, text in zip(cells, row, strict=False):
            write(cell, text)
    return made


def section(made, text, *, bold=True):
    """A row across the whole table."""
    cells = made.add_row().cells
    merged = cells[0].merge(cells[-1])
    merged.paragraphs[0].add_run(text).bold = bold
    return merged


def add_row(made, *texts):
    cells = made.add_row().cells
    for cell, text in zip(cells, texts, strict=True):
        write(cell, text)
    return cells


def list_paragraph(cell, text, style):
    return cell.add_paragraph(text, style=style)


def numbering(document, levels, *, start=None):
    """A list definition of (numFmt, lvlText) per level; gives back its numId."""
    root = document.part.numbering_part.element
    number = str(900 + len(root.findall(qn("w:num"))))
    abstract = OxmlElement("w:abstractNum")
    abstract.set(qn("w:abstractNumId"), number)
    for depth, (kind, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for name, value in (("w:start", str(start or 1)), ("w:numFmt", kind), ("w:lvlText", text)):
            child = OxmlElement(name)
            child.set(qn("w:val"), value)
            level.append(child)
        properties, indent = OxmlElement("w:pPr"), OxmlElement("w:ind")
        indent.set(qn("w:left"), str(720 * (depth + 1)))
        indent.set(qn("w:hanging"), "360")
        properties.append(indent)
        level.append(properties)
        abstract.append(level)
    root.insert(0, abstract)
    num, link = OxmlElement("w:num"), OxmlElement("w:abstractNumId")
    num.set(qn("w:numId"), number)
    link.set(qn("w:val"), number)
    num.append(link)
    root.append(num)
    return number


def numbered(paragraph, num_id, level=0):
    properties = paragraph._p.get_or_add_pPr()
    num = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", str(level)), ("w:numId", num_id)):
        child = OxmlElement(name)
        child.set(qn("w:val"), value)
        num.append(child)
    properties.append(num)
    return paragraph


def break_column(paragraph):
    paragraph.add_run().add_break(WD_BREAK.COLUMN)


def saved(document):
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return out


def imported(document, **options):
    """The plan read in this process: the same code the child runs."""
    return read(read_document(saved(document)), **options)


def simple_plan(**options):
    document = word()
    title(document)
    table(document, **options)
    return document


