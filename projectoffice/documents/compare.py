"""Comparison of two snapshots, row by row and word by word. Pure: plain data in, plain data out."""
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .snapshot import TEXT_COLUMN, cell_text, rows_of, section_rows

SAME, DELETED, INSERTED = "same", "deleted", "inserted"
WORDS = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)
# Beyond so many words on both sides a cell is shown as replaced whole: the matcher's time grows with their product.
MOST_WORDS = 4000


@dataclass(frozen=True)
class Part:
    """A run of words that stayed, went or came."""

    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One thing (a cell, the title, a stamp) with its old and new text."""

    title: str
    old: str
    new: str

    @property
    def is_changed(self):
        return self.old != self.new

    @property
    def parts(self):
        return word_parts(self.old, self.new)


ROW_WORDS = {"added": "Новая строка", "removed": "Убрана строка"}


@dataclass(frozen=True)
class RowChange:
    """A row found by its uid: ``same``, ``changed``, ``added`` or ``removed``; places are 1-based, None where absent."""

    uid: str
    kind: str
    old_place: int | None
    new_place: int | None
    cells: list = field(default_factory=list)
    moved: bool = False
    caption: str = ""
    part: str = ""
    """What a free text is called, «пункт 1.2», «раздел «Цель»», «абзац 7»; a row of a table has its place alone."""

    @property
    def title(self):
        """«Новая строка 3», «Убран пункт 1.2», «Раздел «Цель»»."""
        if self.part:
            return {"added": f"Новый {self.part}", "removed": f"Убран {self.part}"}.get(self.kind, upper_first(self.part))
        place = self.old_place if self.kind == "removed" else self.new_place
        return f"{ROW_WORDS.get(self.kind, 'Строка')} {place}"

    @property
    def moved_words(self):
        return f"переставлен: был {self.old_place}-м" if self.part else f"переставлена: была {self.old_place}-й"

    @property
    def changed_cells(self):
        return [cell for cell in self.cells if cell.is_changed]

    @property
    def name(self):
        """The words a row is known by: its longest cell, as it is now or as it was."""
        return max((cell.new or cell.old for cell in self.cells), key=len, default="")

    @property
    def counts(self):
        return self.kind != SAME or self.moved


@dataclass(frozen=True)
class Comparison:
    head: list
    stamps: list
    rows: list
    total: int

    @property
    def changed_rows(self):
        return [row for row in self.rows if row.counts]

    @property
    def parts_word(self):
        """«Изменено строк: 3», in a paper of free texts «пунктов»."""
        return "пунктов" if any(row.part for row in self.rows) else "строк"

    @property
    def is_empty(self):
        return not (self.head or self.stamps or self.changed_rows)


def compare(old, new):
    """What became of ``old`` in ``new`` (snapshots). Rows come in the new order, removed ones where they stood."""
    rows = row_changes(old, new)
    return Comparison(head_changes(old, new), stamp_changes(old, new), rows, len(rows_of(new)))


def changed_uids(old, new):
    """Uids of the rows of ``new`` that differ from ``old``: for the pale ground of the reading page."""
    return {row.uid: row for row in compare(old, new).changed_rows}


def head_changes(old, new):
    pairs = [
        Difference("Заголовок", "\n".join(old["head"].get("title", [])), "\n".join(new["head"].get("title", []))),
        Difference("Основание", old["head"].get("basis", ""), new["head"].get("basis", "")),
        Difference("Подзаголовки", section_titles(old), section_titles(new)),
    ]
    return [pair for pair in pairs if pair.is_changed]


def section_titles(snapshot):
    return "\n".join(
        title for section in snapshot.get("sections", []) if section.get("kind") != "text" and (title := section.get("title", ""))
    )


def stamp_changes(old, new):
    before, after = ({stamp["uid"]: stamp for stamp in each.get("stamps", [])} for each in (old, new))
    pairs = [
        Difference("Гриф", stamp_text(before.get(uid)), stamp_text(after.get(uid))) for uid in {**before, **after}
    ]
    return [pair for pair in pairs if pair.is_changed]


def stamp_text(stamp):
    if stamp is None:
        return ""
    side = "слева" if stamp.get("side") == "left" else "справа"
    lines = [f"{stamp.get('heading', '')} ({side})".strip(), stamp.get("post", ""), stamp.get("basis", ""), stamp.get("name", "")]
    return "\n".join(line for line in lines if line)


def row_changes(old, new):
    before = {row["uid"]: (place, row) for place, row in enumerate(rows_of(old), start=1)}
    after = {row["uid"]: (place, row) for place, row in enumerate(rows_of(new), start=1)}
    columns = joined(columns_by_row(old), columns_by_row(new))
    moved = moved_uids([uid for uid in before if uid in after], after)
    found = [
        change_of(uid, before.get(uid), after.get(uid), columns[uid], uid in moved) for uid in {**after, **before}
    ]
    return sorted(found, key=lambda row: place_in_new(row, before, after))


def joined(old, new):
    """Columns of each row as they are now, and those it had before: a column that left took its words along."""
    return old | {uid: columns + [each for each in old.get(uid, []) if each["key"] not in {column["key"] for column in columns}]
                  for uid, columns in new.items()}


def columns_by_row(snapshot):
    """{uid: the columns its row stands under}: of the whole table, of a table of its own, or the one of a free text."""
    found = {}
    for section in snapshot.get("sections", []):
        text = section.get("kind") == "text"
        columns = [TEXT_COLUMN] if text else section.get("columns") or snapshot.get("columns") or [TEXT_COLUMN]
        found |= {row["uid"]: columns for row in section_rows(section)}
    return found


def place_in_new(row, before, after):
    """Where a row is shown: its own place, or for a removed one right after the row that stood before it."""
    if row.new_place is not None:
        return (row.new_place, 0, 0)
    earlier = [uid for uid, (place, _) in before.items() if place < row.old_place and uid in after]
    return (after[earlier[-1]][0] if earlier else 0, 1, row.old_place)


def change_of(uid, before, after, columns, moved):
    old_cells = before[1]["cells"] if before else {}
    new_cells = after[1]["cells"] if after else {}
    cells = [
        Difference(column["title"], cell_text(old_cells.get(column["key"], "")), cell_text(new_cells.get(column["key"], "")))
        for column in columns
    ]
    if before is None:
        kind = "added"
    elif after is None:
        kind = "removed"
    else:
        kind = "changed" if any(cell.is_changed for cell in cells) else SAME
    place, row = after or before
    return RowChange(uid, kind, before[0] if before else None, after[0] if after else None, cells, moved,
                     caption_of(columns, cells), part_name(row["text"], place) if "text" in row else "")


def part_name(text, place):
    """A free text is known by its number, else by its heading, else by its place."""
    if text["number"]:
        return f"пункт {text['number'].strip().rstrip('.')}"
    return f"раздел «{text['title'].strip().rstrip('.:')}»" if text["title"] else f"абзац {place}"


def upper_first(text):
    return text[:1].upper() + text[1:]


def caption_of(columns, cells):
    """What the row is called where a column says so: «Цель» in a passport, the name of a stage."""
    named = [cell.new or cell.old for column, cell in zip(columns, cells, strict=True) if column.get("caption")]
    return named[0] if named else ""


def moved_uids(common, after):
    """Rows that left their order: all but the longest run that still follows the old one."""
    kept = set(longest_rising([after[uid][0] for uid in common]))
    return {uid for uid in common if after[uid][0] not in kept}


def longest_rising(places):
    """The longest rising subsequence of distinct numbers."""
    tails, ends, before = [], [], {}
    for place in places:
        spot = bisect_left(tails, place)
        before[place] = ends[spot - 1] if spot else None
        tails[spot:spot + 1] = [place]
        ends[spot:spot + 1] = [place]
    rising, place = [], ends[-1] if ends else None
    while place is not None:
        rising.append(place)
        place = before[place]
    return rising[::-1]


def word_parts(old, new):
    """The two texts as one run of parts: what stayed, what was struck out, what came."""
    left, right = WORDS.findall(old), WORDS.findall(new)
    if len(left) + len(right) > MOST_WORDS:
        return [part for part in (Part(DELETED, old), Part(INSERTED, new)) if part.text]
    parts = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(Part(SAME, "".join(left[a:b])))
            continue
        parts += [part for part in (Part(DELETED, "".join(left[a:b])), Part(INSERTED, "".join(right[c:d]))) if part.text]
    return parts
