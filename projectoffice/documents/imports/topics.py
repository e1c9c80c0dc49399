"""Topics of a table cell: Word's own lists and typed ones become lines with levels."""
import re
from dataclasses import dataclass

from projectoffice.common.lines import BULLETS, DASHES, MAX_LEVEL, labelled, line, typed_marker

SPACE, TAB = 70, 708  # twips
_GLUED_SIGN = re.compile(rf"[{DASHES}•●▪·■♦➢✓](?=[А-Яа-яЁёA-Za-z«\"„“(])")
_TYPED_NUMBER = re.compile(r"(\d{1,2})(?:[.)][ \t\u00a0]+|\)(?=\S)|\.(?=[А-ЯЁ«]))(?=\S)")


@dataclass
class Piece:
    """One line of a cell before its level is known. `place` is where its sign stands, in twips."""
    text: str
    marker: str = "paragraph"
    place: int = 0
    list_id: str = ""
    list_level: int = 0
    value: int = 0
    typed: str = ""
    inside: bool = False
    drawn: str = ""
    level: int = 0


@dataclass
class Topics:
    lines: list
    renumbered: bool = False


def read_topics(paragraphs):
    """Lines of the cell. Typed numbers that a list would print otherwise stay in the text."""
    topics = _read(paragraphs, numbers=True)
    if topics.lines and not _typed_numbers_hold(topics):
        topics = _read(paragraphs, numbers=False)
    printed = [glyph for item, glyph in labelled(topics.lines) if item["marker"] == "number"]
    drawn = [piece.drawn or f"{piece.value}." for piece in topics.pieces if piece.marker == "number"]
    return Topics(topics.lines, printed != drawn)


@dataclass
class _Reading:
    pieces: list
    lines: list


def _read(paragraphs, *, numbers):
    pieces = [piece for paragraph in paragraphs for piece in _pieces(paragraph, numbers=numbers)]
    _set_levels(pieces)
    _nest_under_numbers(pieces)
    return _Reading(pieces, [line(piece.text, min(piece.level, MAX_LEVEL), piece.marker) for piece in pieces])


def _typed_numbers_hold(reading):
    return all(not piece.typed or glyph == f"{piece.value}."
               for piece, (_, glyph) in zip(reading.pieces, labelled(reading.lines), strict=True) if piece.marker == "number")


def _pieces(paragraph, *, numbers):
    for index, raw in enumerate(paragraph.text.split("\n")):
        text = re.sub(r"[\t]+", " ", raw).strip(" \u00a0")
        if not text:
            continue
        blanks = raw[:len(raw) - len(raw.lstrip(" \t\u00a0"))]
        place = paragraph.indent + blanks.count("\t") * TAB + (len(blanks) - blanks.count("\t")) * SPACE
        mark = paragraph.mark
        if mark and index == 0:
            yield Piece(_without_own_sign(text, mark), mark.marker, paragraph.indent, mark.list_id, mark.level, mark.value,
                        drawn=mark.number.strip())
            continue
        marker, typed, value = typed_sign(text, numbers=numbers)
        yield Piece(text[len(typed):].strip(" \u00a0"), marker, place, value=value, typed=typed, inside=bool(mark) and marker == "paragraph",
                    drawn=typed.strip(" \t\u00a0"))


def _without_own_sign(text, mark):
    """Some people type a dash after Word's own: one is enough. A typed number is text."""
    marker, typed, _ = typed_sign(text, numbers=False)
    return text[len(typed):].strip(" \u00a0") if mark.marker in ("bullet", "dash") and marker != "paragraph" else text


def typed_sign(text, *, numbers=True):
    """(marker, the typed sign with its blanks, its number)."""
    if found := _TYPED_NUMBER.match(text):
        return ("number", found.group(), int(found[1])) if numbers else ("paragraph", "", 0)
    if found := _GLUED_SIGN.match(text):
        return ("bullet" if found.group() in BULLETS else "dash"), found.group(), 0
    marker, length = typed_marker(text)
    return ("paragraph", "", 0) if marker == "number" else (marker, text[:length], 0)


# ── levels ────────────────────────────────────────────────────────────────────────────────────────────────

def _set_levels(pieces):
    """The first list line is the top; a line is deeper by Word's level or by its indentation."""
    stack, interrupted = [], False
    for piece in pieces:
        if piece.marker == "paragraph":
            piece.level = len(stack) if piece.inside else 0
            interrupted = interrupted or not piece.inside
            continue
        if interrupted and not (piece.list_id and any(outer.list_id == piece.list_id for outer in stack)):
            stack = []
        interrupted = False
        while stack and not _is_deeper(piece, stack[-1]):
            stack.pop()
        piece.level = len(stack)
        stack.append(piece)


def _is_deeper(piece, outer):
    if piece.list_id and piece.list_id == outer.list_id:
        return piece.list_level > outer.list_level
    room = 60 if piece.marker != outer.marker else 2 * SPACE - 1
    if piece.place > outer.place + room:
        return True
    both_drawn = piece.list_id and outer.list_id
    return bool(both_drawn) and piece.list_level > outer.list_level and piece.place >= outer.place - room


def _nest_under_numbers(pieces):
    """«1) …: – … – … 2) …» without indentation: the dashes belong to their number, otherwise the count would begin anew."""
    for start, owner in enumerate(pieces):
        if owner.marker == "paragraph":
            continue
        end = start + 1
        while end < len(pieces) and pieces[end].marker not in ("paragraph", owner.marker) and pieces[end].level >= owner.level:
            end += 1
        run = pieces[start + 1:end]
        if not run or run[0].level != owner.level or run[0].marker == "number":
            continue
        following = pieces[end] if end < len(pieces) else None
        counts_on = (owner.marker == "number" and following is not None and following.marker == "number"
                     and following.level == owner.level and following.value == owner.value + 1)
        if counts_on or owner.text.endswith(":"):
            for piece in run:
                piece.level += 1
