"""A row cut by the end of a page: closes the table at the cut and repeats the row's number on the next sheet.

CSS has no word for either, so the finished layout is completed: the cell with the number is copied from the sheet where the
row began, with «прод.» under it.
"""
from math import inf

from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import split_first_line

# The word, or the sign for it where the column is too narrow.
CONTINUED = ("прод.", "…")
CONTINUED_SIZE = 9 * 4 / 3  # 9 pt, the least a table may have


def carry_numbers(document, labels):
    """Complete the pages of a laid out document.

    `labels` gives the place of the number's column, or None, for the big table and for each that has columns of its own.
    """
    cut, source = None, None
    for page in document.pages:
        tables = [box for box in page._page_box.descendants() if isinstance(box, boxes.TableBox)]
        for table in tables:
            rows = [row for group in table.children if not group.is_header for row in group.children]
            label = labels[_number_of(table)]
            if not rows:
                continue
            if cut is None or rows[0].element is not cut:
                source = None
            elif source:
                _repeat(source, rows[0].children[label])
            # What begins here may be cut here: the number to repeat is the one printed on this row's first sheet.
            if rows[-1].element is not cut and label is not None:
                source = rows[-1].children[label] if len(rows[-1].children) > label else None
            cut = rows[-1].element
            table.skip_cell_border_bottom = False


def _number_of(table):
    """Which of the sheet's tables this is: the class «t2» of one with its own columns, otherwise the big one."""
    names = (table.element.get("class") or "").split() if table.element is not None else []
    return next((int(name[1:]) for name in names if name[0] == "t" and name[1:].isdecimal()), 0)


def _repeat(source, cell):
    if cell.children:
        return
    lines = [child.deepcopy() for child in source.children if isinstance(child, boxes.LineBox)]
    for line in lines:
        line.translate(cell.content_box_x() - source.content_box_x(), cell.content_box_y() - source.content_box_y())
    if lines and (note := _note(lines[-1], cell)):
        lines.append(note)
    room = cell.height + cell.padding_bottom
    cell.children = lines if sum(line.height for line in lines) <= room else lines[:1]


def _note(line, cell):
    """The line under the number that says it is continued, or None when nothing of the kind fits."""
    pattern = next((child for child in line.children if isinstance(child, boxes.TextBox)), None)
    texts = [_small(pattern, word) for word in CONTINUED] if pattern else []
    text = next((text for text in texts if text.width <= cell.width), None)
    if text is None:
        return None
    note = line.deepcopy()
    text.position_x = line.position_x
    note.children = [text]
    note.translate(dy=line.height)
    return note


def _small(pattern, word):
    text = pattern.copy_with_text(word)
    text.style = pattern.style.copy()
    text.style["font_size"] = CONTINUED_SIZE
    text.pango_layout, _, _, text.width, text.height, baseline = split_first_line(word, text.style, None, inf, 0)
    text.baseline = text.margin_top + baseline
    return text
