"""Rows of a table: what each one is, and how pieces of one row come together again."""
import re
from dataclasses import dataclass, field

from projectoffice.common.terms import calendar_year, parse_term

from .columns import same_headings
from .people import split_responsibles
from .plan import ImportedItem
from .topics import read_topics

_ROMAN = re.compile(r"[IVXІХ]{1,5}[.)]?$")
_NUMBER = re.compile(r"\d{1,3}[.)]?$")
_ENDS_SENTENCE = re.compile(r"[.;:!?…»)\"]$")


@dataclass
class RowTexts:
    """A table row by the roles of its columns. None: merged with the cell above."""
    label: str | None = ""
    topic: list = field(default_factory=list)
    term: str | None = ""
    responsible: str | None = ""
    topic_merged: bool = False
    wide: bool = False
    special: bool = False
    extra: dict = field(default_factory=dict)

    @property
    def topic_text(self):
        return "\n".join(paragraph.text for paragraph in self.topic).strip()

    @property
    def empty(self):
        return not (self.label or self.topic_text or self.term or self.responsible or self.has_extra)

    @property
    def has_extra(self):
        return any(self.extra.values())


class RowReader:
    """Reads rows one after another, also over several tables; `plan` gets items and remarks."""

    def __init__(self, plan, columns, form):
        self.plan, self.columns, self.form = plan, columns, form
        self.section, self.pending_section, self.above = "", "", {"term": "", "responsible": ""}
        self.paragraphs, self.first_of_piece = [], False
        self.has_label, self.has_term = bool(columns.of("label")), bool(columns.of("term"))
        self.has_responsible = bool(columns.of("responsible"))

    def read_table(self, table, *, first_row, columns):
        self.columns, self.first_of_piece = columns, True
        for row in table.rows[first_row:]:
            if same_headings(row, columns, self.form.words):
                self.first_of_piece = True
            elif not _is_column_numbers(row):
                self.read_row(self.texts(row, table))

    def texts(self, row, table):
        by_role = {}
        leaves = self.columns.order
        in_order = len(row.cells) == len(leaves)
        for index, cell in enumerate(row.cells):
            role = leaves[index][2] if in_order else self._role_at(cell)
            by_role.setdefault(role, []).append(cell)
        filled = [cell for cell in row.cells if cell.text and not cell.merged_up]
        wide = len(filled) == 1 and (len(row.cells) == 1 or filled[0].span >= max(2, table.columns - 1))
        texts = RowTexts(wide=wide)
        if wide:
            texts.topic = filled[0].paragraphs
            return texts
        topic = by_role.get("topic", [])
        texts.topic = [paragraph for cell in topic if not cell.merged_up for paragraph in cell.paragraphs]
        texts.topic_merged = bool(topic) and all(cell.merged_up for cell in topic)
        texts.special = bool(filled) and all(paragraph.bold or paragraph.align == "center"
                                             for paragraph in filled[0].paragraphs if paragraph.text.strip())
        texts.label = _label(by_role.get("label", []))
        texts.term = _joined(by_role.get("term", []), " – ")
        texts.responsible = _joined(by_role.get("responsible", []), "\n")
        texts.extra = {role: _extra(by_role.get(role, []), kind) for role, kind in self.form.extra.items()}
        return texts

    def _role_at(self, cell):
        roles = [role for first, end, role, _ in self.columns.order if first < cell.column + cell.span and end > cell.column]
        for role in ("topic", "term", "responsible", *self.form.extra, "label"):
            if role in roles:
                return role
        return "note"

    # what the row is

    def read_row(self, row):
        if row.empty and not row.topic_merged:
            return
        first_of_piece, self.first_of_piece = self.first_of_piece, False
        if not row.has_extra and self._is_section(row):
            self.open_section(" ".join(filter(None, [row.label, row.topic_text])))
        elif self.plan.items and self._goes_on(row, first_of_piece):
            self._join(row)
        else:
            self._add(row)

    def _is_section(self, row):
        if row.wide:
            return not (self.plan.items and self._reads_on(row))
        if row.label and row.topic_text and not row.term and not row.responsible and _ROMAN.match(row.label):
            return None not in (row.term, row.responsible)
        if row.label and not row.topic_text and not row.term and not row.responsible:
            return not _NUMBER.match(row.label) and len(row.label) > 3
        lonely = bool(row.topic_text) and not row.label and not row.term and not row.responsible and None not in (row.term, row.responsible)
        if not lonely:
            return False
        if not self.plan.items:
            return True
        return (row.special and not self._reads_on(row) and len(row.topic_text) < 200) or bool(_month(row.topic_text))

    def _reads_on(self, row):
        """The text goes on with the sentence the row before was cut in."""
        lines = self.plan.items[-1].topics
        text = row.topic_text
        return bool(lines and text) and text[0].islower() and not _ENDS_SENTENCE.search(lines[-1]["text"])

    def _goes_on(self, row, first_of_piece):
        if row.wide:
            return True
        if row.term is None and row.label is not None and row.topic_text and row.responsible is not None:
            return False
        if (row.label is None or not self.has_label) and row.term is None and row.responsible is None:
            return True
        if row.label is None and row.term in (None, "") and (row.responsible in (None, "") or not self.has_responsible or row.topic_merged):
            return True
        if row.topic_merged and row.label in (None, ""):
            return True
        if row.label or row.term:
            # Only the rest of a term stands alone in its column.
            return bool(row.term) and not row.label and not row.topic_text and not row.responsible
        if not row.responsible or not row.topic_text:
            return bool(self.has_label or self.has_term)
        return first_of_piece and bool(self.has_label and self.has_term)

    # what becomes of it

    def open_section(self, text):
        text = " ".join(text.split())
        self.section = text
        self.pending_section = text
        self.above = {"term": "", "responsible": ""}

    def _join(self, row):
        item, position = self.plan.items[-1], len(self.plan.items)
        cut = self._reads_on(row)
        paragraphs = list(row.topic)
        if cut and self.paragraphs and paragraphs:
            first = next(index for index, paragraph in enumerate(paragraphs) if paragraph.text.strip())
            last = next(index for index in range(len(self.paragraphs) - 1, -1, -1) if self.paragraphs[index].text.strip())
            self.paragraphs[last].text = f"{self.paragraphs[last].text.rstrip()} {paragraphs[first].text.lstrip()}"
            paragraphs = paragraphs[first + 1:]
        self.paragraphs.extend(paragraphs)
        item.topics = read_topics(self.paragraphs).lines
        if row.term:
            item.term = f"{item.term}\n{row.term}".strip()
        if row.responsible:
            item.responsible = split_responsibles("\n".join([*item.responsible, row.responsible]))
        for role, more in row.extra.items():
            item.extra[role] = _together(item.extra.get(role), more)
        if None not in (row.label, row.term, row.responsible) and not row.topic_merged:
            self.plan.remark("merged_row", position,
                             f"Строка {position}: присоединено продолжение из следующей строки таблицы (разрыв страницы). Проверьте тему.")

    def _add(self, row):
        position = len(self.plan.items) + 1
        self.pending_section = ""
        self.paragraphs = list(row.topic)
        topics = read_topics(self.paragraphs)
        term = self.above["term"] if row.term is None else row.term
        responsible = self.above["responsible"] if row.responsible is None else row.responsible
        self.above = {"term": term, "responsible": responsible}
        if not self.has_term and not term:
            term = _term_in(self.section)
        self.plan.items.append(ImportedItem(row.label or "", topics.lines, term, responsible=split_responsibles(responsible),
                                            section=self.section, extra=row.extra))
        if topics.renumbered:
            self.plan.remark("list_renumbered", position, f"Строка {position}: номера внутри темы напечатаются как «1.», «2.», в файле они другие.")


def _label(cells):
    """The printed number: typed, or drawn by Word; None when merged with the cell above."""
    if cells and all(cell.merged_up for cell in cells):
        return None
    for cell in cells:
        typed = " ".join(cell.text.split())
        if typed:
            return typed
        for paragraph in cell.paragraphs:
            if paragraph.mark and paragraph.mark.number:
                return paragraph.mark.number
    return ""


def _joined(cells, sign):
    """The text of the cells of one role; None when all are merged with those above."""
    if cells and all(cell.merged_up for cell in cells):
        return None
    return sign.join(text for cell in cells if not cell.merged_up and (text := _cell_text(cell)))


def _extra(cells, kind):
    """The value of a role of the form's own: lines, or text."""
    if kind == "lines":
        return read_topics([paragraph for cell in cells if not cell.merged_up for paragraph in cell.paragraphs]).lines
    return _joined(cells, "\n") or ""


def _together(value, more):
    """A value and the rest of it from behind a page end."""
    if not value or not more:
        return value or more
    return value + more if isinstance(value, list) else f"{value}\n{more}"


def _cell_text(cell):
    lines = [" ".join(re.sub(r"[ \t]+", " ", text).split(" ")).strip() for paragraph in cell.paragraphs for text in paragraph.text.split("\n")]
    return "\n".join(text for text in lines if text)


def _is_column_numbers(row):
    texts = [cell.text for cell in row.cells]
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _month(text):
    """The heading row names a time: «Сентябрь», «III квартал»."""
    term = parse_term(text, calendar_year(2020))
    return len(text) < 60 and term.understood and bool(term.points)


def _term_in(section):
    """The part of a heading row that names a time: «Заседание 1. Февраль», «Совещание (15.02.2027)»."""
    parts = [section, *re.split(r"[.(),:;]|\s[–—-]\s", section), *re.findall(r"\d{1,2}\.\d{1,2}\.\d{4}", section)]
    return next((part.strip() for part in parts if part.strip() and not part.strip().isdigit() and _month(part.strip())), "")


def _short(text, limit=60):
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]}…"
