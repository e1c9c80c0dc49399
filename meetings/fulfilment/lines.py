"""The plan in force as rows of topic lines, and which line a question of an agenda or a mark means. Pure.

A line is known by its place among all lines of its row and by its words. Words come first: a line that moved is
still the same line. A line whose words were changed by a later edition is still known by its place, with a remark.
"""
import re
from dataclasses import dataclass
from datetime import date

from projectoffice.common.terms import parse_term

from ..plan import outline


@dataclass(frozen=True)
class PlanLine:
    """One topic of a row; ``subs`` are the sub-questions that stand under it."""

    place: int
    text: str
    subs: tuple = ()


@dataclass(frozen=True)
class PlanRow:
    uid: str
    label: str
    term: str
    end: date | None
    lines: tuple
    section: str = ""


@dataclass(frozen=True)
class Found:
    """The line somebody means: ``sub`` when it is one of its sub-questions, ``changed`` when the words differ now."""

    line: PlanLine
    sub: PlanLine | None = None
    changed: bool = False


def plan_rows(snapshot):
    """Rows of a plan's frozen content in printing order, each with the last day its term names."""
    period = tuple(date.fromisoformat(day) for day in snapshot["head"]["period"])
    return [plan_row(row, section["title"], period) for section in snapshot["sections"] for row in section["rows"]]


def plan_row(row, section, period):
    cells = row["cells"]
    return PlanRow(row["uid"], cells["label"], cells["term"], parse_term(cells["term"], period).end,
                   lines_of(cells["topics"]), section)


def lines_of(topics):
    """The lines of a cell just as an agenda takes them (``plan/outline.py``): top lines with their sub-questions."""
    return tuple(PlanLine(top.line, top.text, tuple(PlanLine(sub.line, sub.text) for sub in top.children)) for top in outline.topics(topics))


def find_lines(row, things):
    """``[Found or None]`` for things with ``text`` and ``place`` (the words and the place they were linked by)."""
    standing = places_of(row)
    by_words = [place_by_words(standing, thing) for thing in things]
    # A place whose words came from elsewhere says nothing about what stood there before.
    moved_here = {place for place, thing in zip(by_words, things, strict=True) if place not in (None, thing.place)}
    return [found_at(standing, place, thing, moved_here) for place, thing in zip(by_words, things, strict=True)]


def places_of(row):
    """{place: Found} of every line and sub-question of a row."""
    standing = {}
    for line in row.lines:
        standing[line.place] = Found(line)
        standing |= {sub.place: Found(line, sub) for sub in line.subs}
    return standing


def place_by_words(standing, thing):
    """The place where these words stand now; of several the one they were linked to."""
    same = [place for place, found in standing.items() if key((found.sub or found.line).text) == key(thing.text)]
    return thing.place if thing.place in same else min(same, default=None)


def found_at(standing, by_words, thing, moved_here):
    if by_words is not None:
        return standing[by_words]
    found = None if thing.place in moved_here else standing.get(thing.place)
    return Found(found.line, found.sub, changed=bool(key(thing.text))) if found else None


def key(text):
    """Words for comparison: neither capitals, nor ё, nor blanks and points make them others."""
    return " ".join(re.findall(r"\w+", str(text).lower().replace("ё", "е")))
