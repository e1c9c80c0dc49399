"""Snapshot in, plan of the sheet out: plain strings in printing order, shared by the PDF and the Word file.

Knows what stands where; knows nothing of HTML, Word or the database.
"""
import re
from dataclasses import dataclass, field

from projectoffice.common.lines import MARKERS, MAX_LEVEL, line

from .text import clean, printed_lines

FOOT_LINE_KINDS = ("sign", "certify")
# Sections printed below the signatures: right there, or on a page of their own.
AFTER_SIGNATURES = ("after", "appendix")
ALIGNS = ("center", "right")
# A heading is repeated on every page: one that fills a page would leave no room for rows.
MAX_HEADING = 200
LONGEST_NAME = 36
# Up to this many columns the table keeps the size of the text, as the office prints its yearly plans.
ROOMY_COLUMNS = 5
VERBS = {
    "approve": "Утверждено", "agree": "Согласовано", "accept": "Рассмотрено", "sign": "Подписано", "certify": "Заверено",
}
HEADINGS = {"approve": "Утверждаю", "agree": "Согласовано", "accept": "Рассмотрено", "certify": "Верно"}
# Approved by an act: the participle agrees with the paper (план утверждён, программа утверждена).
APPROVED = {"m": "Утверждён", "f": "Утверждена", "n": "Утверждено", "p": "Утверждены"}
DATE_OF_ACT = re.compile(r"\s+(?=от \d\d\.\d\d\.\d{4})")


@dataclass(frozen=True)
class Stamp:
    """A stamp as printed; `mark` holds the lines of an electronic mark, empty for ink."""

    kind: str
    style: str
    heading: str
    post: list
    name: str
    basis: list
    mark: list = field(default_factory=list)

    @property
    def by_act(self):
        """An act or a body stands for the signature: nothing is left to sign."""
        return bool(self.basis) and not self.name

    @property
    def whole(self):
        """Initials and surname are not torn apart, unless the name would not fit on one line."""
        return len(self.name) <= LONGEST_NAME

    @property
    def dated(self):
        """A blank for the date: the standard's stamp and «Верно» have one, the office's own stamp has none."""
        return not self.by_act and not self.mark and (self.style == "gost" or self.kind == "certify")


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    width: float


@dataclass(frozen=True)
class Section:
    """A run of table rows under a title, or free text (`kind` text), or one line with two ends (`kind` pair).

    `lead` is the bold word a free text begins with, on its first line: «Цель мероприятия: согласовать…». Free text may
    hang on a number («1.1.»), stand in the middle or at the right (`align`), or begin each of its paragraphs with the
    indent of the standard (`indent`). Rows with `columns` of their own are a table of their own, its title above it.
    """

    kind: str
    title: str
    rows: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    ends: tuple = ("", "")
    lead: str = ""
    number: str = ""
    align: str = ""
    indent: bool = False
    new_page: bool = False
    columns: list = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    above: list
    title: list
    basis: str
    ends: tuple
    place: list
    landscape: bool
    head_stamps: list
    foot_stamps: list
    foot_lines: list
    columns: list
    parts: list
    after: list
    small: bool
    tall: bool

    @property
    def plain_title(self):
        return " ".join(self.title) or "Документ"


def plan_sheet(snapshot, marks=()):
    """Return the Sheet of `snapshot`; `marks` are dicts as described in docs/architecture.md § Sheet."""
    head = snapshot.get("head") or {}
    marks_by_stamp = {mark.get("stamp"): mark for mark in marks if mark.get("method") != "ink"}
    stamps = [(raw, _stamp(raw, marks_by_stamp.get(raw.get("uid")))) for raw in _in_order(snapshot.get("stamps") or [])]
    foot = [(raw, stamp) for raw, stamp in stamps if raw.get("place") == "foot"]
    columns = _columns(snapshot.get("columns") or [])
    before, after = split_at_signatures(snapshot.get("sections") or [])
    return Sheet(
        above=_texts(head.get("above")),
        title=_texts(head.get("title")),
        basis=clean(head.get("basis")),
        ends=(_day(head.get("date")), _number_sign(head.get("number"))),
        place=_texts(head.get("place")),
        landscape=snapshot.get("orientation") == "landscape",
        head_stamps=_side_by_side([pair for pair in stamps if pair[0].get("place") != "foot"]),
        foot_stamps=_side_by_side([pair for pair in foot if pair[1].kind not in FOOT_LINE_KINDS]),
        foot_lines=[stamp for _, stamp in foot if stamp.kind in FOOT_LINE_KINDS],
        columns=columns,
        parts=_parts(before, columns, whole=True),
        after=_parts(after, columns),
        small=len(columns) > ROOMY_COLUMNS,
        tall=snapshot.get("rows") == "tall",
    )


def split_at_signatures(sections):
    """What stands before the signatures and what comes after them: `place` of a section says "after" or "appendix"."""
    after = [section for section in sections if section.get("place") in AFTER_SIGNATURES]
    return [section for section in sections if section.get("place") not in AFTER_SIGNATURES], after


def _texts(value):
    """A text or a list of texts as lines without empty ones."""
    parts = value if isinstance(value, list) else [value]
    return [text for part in parts for text in printed_lines(part) if text]


def _day(value):
    """2027-06-04 as 04.06.2027; anything else stays as it is."""
    text = clean(value)
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\3.\2.\1", text)


def _number_sign(value):
    text = clean(value)
    return text if not text or text.startswith("№") else f"№\xa0{text}"


def _in_order(stamps):
    return sorted(stamps, key=lambda stamp: stamp.get("step") or 0)


def _stamp(raw, mark):
    return Stamp(
        kind=raw.get("kind") or "approve",
        style=raw.get("style") or "office",
        heading=clean(raw.get("heading")) or _heading(raw),
        post=[text for text in printed_lines(raw.get("post")) if text],
        name=clean(raw.get("name")).replace("\n", " "),
        basis=[text for text in printed_lines(DATE_OF_ACT.sub("\n", clean(raw.get("basis")))) if text],
        mark=_mark_lines(raw, mark) if mark else [],
    )


def _heading(raw):
    """«Утверждаю» as this office prints it, УТВЕРЖДАЮ by the standard; a signature has none."""
    kind, by_act = raw.get("kind"), raw.get("basis") and not raw.get("name")
    word = APPROVED.get(raw.get("gender"), APPROVED["n"]) if kind == "approve" and by_act else HEADINGS.get(kind, "")
    if raw.get("style") == "gost":
        return word.upper().replace("Ё", "Е") if kind != "certify" else word
    return f"«{word}»" if word and kind != "certify" else word


def _mark_lines(raw, mark):
    """The printed mark of a simple electronic signature: what, who, when, which record. Not a certificate's frame."""
    system = clean(mark.get("system"))
    place = f"в информационной системе «{system}»" if system else "в информационной системе"
    who = ", ".join(filter(None, (clean(mark.get("name")), " ".join(printed_lines(mark.get("post"))))))
    when = ", ".join(filter(None, (clean(mark.get("moment")), _record(mark))))
    verb = VERBS.get(raw.get("kind"), "Подписано")
    if raw.get("kind") == "accept" and raw.get("heading"):
        # «Принято», «Одобрено»: the mark says what the stamp says.
        verb = clean(raw["heading"]).strip("«»").capitalize()
    return list(filter(None, (f"{verb} {place} простой электронной подписью", who, when)))


def _record(mark):
    record = clean(mark.get("record"))
    return f"ид. записи {record}" if record else ""


def _side_by_side(pairs):
    """Rows of (left, right): equal signers stand on one level, whatever their number."""
    left = [stamp for raw, stamp in pairs if raw.get("side") == "left"]
    right = [stamp for raw, stamp in pairs if raw.get("side") != "left"]
    height = max(len(left), len(right))
    pad = lambda stamps: stamps + [None] * (height - len(stamps))  # noqa: E731
    return list(zip(pad(left), pad(right), strict=True))


def _columns(raw):
    widths = [_number(column.get("width")) for column in raw]
    known = sum(width for width in widths if width)
    missing = widths.count(None)
    share = max(100 - known, 5 * missing) / missing if missing else 0
    widths = [width or share for width in widths]
    total = sum(widths) or 1
    return [
        Column(clean(column.get("key")), clean(column.get("title"))[:MAX_HEADING], round(100 * width / total, 3))
        for column, width in zip(raw, widths, strict=True)
    ]


def _number(value):
    try:
        number = float(str(value).strip(" %").replace(",", "."))
    except ValueError:
        return None
    return number if 0 < number <= 1000 else None


def _parts(sections, columns, *, whole=False):
    """Group neighbouring table sections: each list becomes one table with one repeated heading.

    `whole` is the body of the sheet: with columns it has a table even while no row is there.
    """
    parts = []
    for raw in sections:
        section = _section(raw, columns)
        if is_joined(section) and parts and is_joined(parts[-1][0]) and not section.new_page:
            parts[-1].append(section)
        else:
            parts.append([section])
    if whole and columns and not any(is_joined(part[0]) for part in parts):
        parts.append([Section("table", "")])
    return parts


def _section(raw, columns):
    kind = raw.get("kind") or "table"
    title = clean(raw.get("title"))
    new_page = raw.get("place") == "appendix"
    if kind == "text":
        align = raw.get("align") if raw.get("align") in ALIGNS else ""
        return Section("text", title, lines=read_lines(raw.get("lines")), lead=clean(raw.get("lead")),
                       number=clean(raw.get("number")).strip(), align=align, indent=bool(raw.get("indent")), new_page=new_page)
    if kind == "pair":
        return Section("pair", title, ends=(clean(raw.get("left")), clean(raw.get("right"))), new_page=new_page)
    own = _columns(raw.get("columns") or [])
    rows = [[read_cell((row.get("cells") or {}).get(column.key)) for column in own or columns] for row in raw.get("rows") or []]
    return Section("table", title, rows=rows, new_page=new_page, columns=own)


def is_joined(section):
    """Whether the section is a part of the one big table: rows under the columns of the whole sheet."""
    return section.kind == "table" and not section.columns


def read_cell(value):
    """Return the lines of a cell given as text, a list of texts or a list of line dicts."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return read_lines(value)
    return [line(text) for text in printed_lines(value)]


def read_lines(values):
    return [item for value in values or [] for item in _lines_of(value)]


def _lines_of(value):
    if not isinstance(value, dict):
        return [line(text) for text in printed_lines(value)]
    marker = value.get("marker") if value.get("marker") in MARKERS else "paragraph"
    level = value.get("level") if isinstance(value.get("level"), int) else 0
    level = min(max(level, 0), MAX_LEVEL)
    # A forced break inside a list line belongs to that line, not to a new one.
    return [line("\n".join(printed_lines(value.get("text"))), level, marker)]
