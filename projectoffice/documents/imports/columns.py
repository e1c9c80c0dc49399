"""The columns of a table: by their headings, in any order, over one or two rows of headings."""
import re
from dataclasses import dataclass, field

from projectoffice.common.terms import calendar_year, parse_term

from .form import WORDS
from .people import find_person

HEADING_LIMIT = 120
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_ASIDE = re.compile(r"\([^)]*\)|(?:19|20)\d\d\s*(?:г\w*\.?)?", re.IGNORECASE)
_LABEL = re.compile(r"(?:№.*|n{1,2}|no|n{0,2}пп?|номер.*|поряд.*номер.*)$")
_RESPONSIBLE_RANK = ("ответ", "исполнител", "")
_TERM_RANK = ("срок", "дата", "даты", "месяц", "")


@dataclass
class Columns:
    """Grid columns by role; `order` are the leaf columns as (first, end, role, heading)."""
    order: list
    header_rows: int
    guessed: bool = False
    headings: list = field(default_factory=list)

    def of(self, role):
        return [column for column in self.order if column[2] == role]

    @property
    def skipped(self):
        return [heading for _, _, role, heading in self.order if role == "note" and heading]


def squeeze(text):
    """Letters, digits and № only: headings survive any hyphenation, even «Количес тво участни ков»."""
    text = re.sub(r"[^а-яa-z0-9№]", "", text.lower().replace("ё", "е"))
    return text.translate(_LOOKALIKES) if re.search("[а-я]", text) else text


def role_of(heading, words=WORDS):
    """topic, term, responsible, label, note, a role of the form's own, or "" for no heading at all."""
    text = squeeze(_ASIDE.sub(" ", heading)) or squeeze(heading)
    if not text or len(heading) > HEADING_LIMIT or re.search(r"\d", text):
        return ""
    if text.startswith(("кто", "отв")):
        return "responsible"
    if text.startswith("№") and any(word in text for word in ("тема", "содержани", "мероприяти", "вопросы")):
        return "topic"
    if _LABEL.match(text):
        return "label"
    places = [(text.find(word), role) for role, own in words.items() for word in own if word in text]
    return min(places)[1] if places else ""


def find_header(table, words=WORDS, rows_to_search=12):
    """(index of the heading row, Columns), or None. The row must name a topic and a term, or at least one more role."""
    best = None
    for index, row in enumerate(table.rows[:rows_to_search]):
        roles = {role_of(_heading_at(table, index, cell.column), words) for cell in row.cells}
        if {"topic", "term"} <= roles:
            return index, _columns(table, index, words)
        if best is None and "topic" in roles and "responsible" in roles and "label" in roles:
            best = index
    return None if best is None else (best, _columns(table, best, words))


def _heading_at(table, index, column):
    """The heading over a grid column; a cell merged upwards takes the text above it."""
    while index >= 0:
        cell = table.rows[index].at(column)
        if cell is None:
            return ""
        if cell.text and not cell.merged_up:
            return cell.text
        index -= 1
        above = table.rows[index].at(column) if index >= 0 else None
        if above is None or (not cell.merged_up and above.span > cell.span):
            return ""
    return ""


def _columns(table, index, words):
    rows = 1
    while index + rows < len(table.rows) and _is_second_level(table, index, table.rows[index + rows]):
        rows += 1
    edges = {0, table.columns}
    for row in table.rows[index:index + rows]:
        edges |= {cell.column for cell in row.cells} | {cell.column + cell.span for cell in row.cells}
    edges = sorted(edges)
    order = []
    for first, end in zip(edges, edges[1:], strict=False):
        heading = " ".join(dict.fromkeys(_headings(table, index, rows, first)))
        if heading or table.rows[index].at(first):
            order.append((first, end, role_of(heading, words) or ("note" if heading else ""), " ".join(heading.split())))
    return Columns(_choose(order), index + rows, headings=[heading for *_, heading in order])


def _headings(table, index, rows, column):
    yield from filter(None, [_heading_at(table, index, column)])
    for row in table.rows[index + 1:index + rows]:
        cell = row.at(column)
        if cell is not None and not cell.merged_up and cell.text:
            yield cell.text


def _is_second_level(table, index, row):
    """Under a heading over several columns stand short words without digits, elsewhere nothing new."""
    wide = [cell for cell in table.rows[index].cells if cell.span > 1]
    merged = any(cell.merged_up for cell in row.cells)
    if not (wide or merged) or len(row.cells) < 2:
        return False
    fresh = [cell for cell in row.cells if cell.text and not cell.merged_up]
    under_wide = [cell for cell in fresh if any(top.column <= cell.column < top.column + top.span for top in wide)]
    return bool(fresh) and len(under_wide) == len(fresh) and all(
        len(cell.text) < 60 and not re.search(r"\d", cell.text) and cell.text[-1] not in ".;" for cell in fresh)


def _choose(order):
    """One responsible and one kind of term win; a place-and-time column serves as term when there is no other."""
    roles = {role for _, _, role, _ in order}
    if "term" not in roles:
        order = [(first, end, "term" if role == "note" and re.search("время|дата|срок", heading.lower()) else role, heading)
                 for first, end, role, heading in order]
    order = _keep_best(order, "responsible", _RESPONSIBLE_RANK, several=False)
    return _keep_best(order, "term", _TERM_RANK, several=True)


def _keep_best(order, role, ranks, *, several):
    """Of several columns of a role the best-named stays; under one common heading («начало», «окончание») all do."""
    rivals = [column for column in order if column[2] == role]
    if len(rivals) < 2:
        return order
    rank = min(_rank(heading, ranks) for *_, heading in rivals)
    best = [column for column in rivals if _rank(column[3], ranks) == rank]
    kept = best if several else best[:1]
    return [column if column not in rivals or column in kept else (*column[:2], "note", column[3]) for column in order]


def _rank(heading, ranks):
    return next(index for index, word in enumerate(ranks) if word in squeeze(heading))


def same_headings(row, columns, words=WORDS):
    """The heading row repeated on the next page or in the next table."""
    texts = [squeeze(cell.text) for cell in row.cells if cell.text]
    known = [squeeze(heading) for heading in columns.headings if heading]
    if not texts or not known:
        return False
    return texts == known or (len(texts) > 1 and all(role_of(cell.text, words) for cell in row.cells if cell.text)
                              and sum(text in known for text in texts) >= max(2, len(texts) - 1))


# ── tables without headings ───────────────────────────────────────────────────────────────────────────────

def guess_columns(table, most_columns=6):
    """Columns of a table without headings, told by what stands in them; None when it does not look like a plan."""
    rows = [row for row in table.rows if len(row.cells) == table.columns and 3 <= len(row.cells) <= most_columns]
    if len(rows) < 2 or len(rows) < len(table.rows) / 2:
        return None
    period = calendar_year(2020)
    order = []
    for column in range(table.columns):
        texts = [row.cells[column].text for row in rows]
        filled = [text for text in texts if text] or [""]
        share = {
            "label": sum(bool(re.fullmatch(r"\d{1,3}[.)]?", text)) for text in texts) / len(texts),
            "term": sum(bool(text and len(text) < 80 and (term := parse_term(text, period)).understood and (term.points or term.frequency))
                        for text in texts) / len(texts),
            "responsible": sum(bool(find_person(text)) and len(text) < 200 for text in texts) / len(texts),
        }
        role = max(share, key=share.get)
        order.append([column, column + 1, role if share[role] >= 0.6 else "", "", sum(map(len, filled)) / len(filled)])
    free = [column for column in order if not column[2]] or [column for column in order if column[2] == "responsible"]
    if not free or not any(column[2] == "term" for column in order):
        return None
    max(free, key=lambda column: column[4])[2] = "topic"
    return Columns([tuple(column[:4]) for column in order], 0, guessed=True)
