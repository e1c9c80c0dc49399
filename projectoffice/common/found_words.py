"""What searches through words share: the question, the planner's way, the marks around found words, pieces to draw.

Found words stand between two control signs no stored text contains (``text.py``) until a template draws them.
"""
import re
from contextlib import contextmanager

from django.db import connection, transaction

from .word_forms import other_forms

BEGIN, END = "\x02", "\x03"
MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")

ASKED = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
EITHER = {"or", "или"}
MOST_WORDS = 12


def question(text):
    """What was typed as a ``tsquery`` for ``to_tsquery``: every word in any form, "words in a row", -without, or, или."""
    either: list[list[str]] = [[]]
    for minus, row, word in ASKED.findall(text.lower())[:MOST_WORDS]:
        if word in EITHER and not minus:
            either.append([])
            continue
        words = re.findall(r"\w+", row or word)
        part = " <-> ".join(map(quoted, words)) if row else " & ".join(map(any_form, words))
        if part:
            either[-1].append(f"{'!' if minus else ''}({part})")
    return " | ".join(f"({' & '.join(parts)})" for parts in either if parts)


def any_form(word):
    return f"({' | '.join(map(quoted, (word, *other_forms(word))))})"


def quoted(word):
    """Letters and digits alone come here, so the quotes are all it takes."""
    return f"'{word}'"


@contextmanager
def by_the_indexes():
    """For this question the planner goes by the indexes: it takes comparing a long text for as cheap as a number."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL jit = off")
        yield


def pieces(text):
    """«о \\x02смотре\\x03 проектов» as [("о ", False), ("смотре", True), (" проектов", False)]."""
    parts = MARKED.split(text)
    return [(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def shortened(text, size):
    """The beginning of a text up to a word's end."""
    return text if len(text) <= size else f"{text[:size].rsplit(' ', 1)[0]} …"
