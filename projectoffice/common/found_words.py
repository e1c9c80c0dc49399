"""What every search through words shares: the planner's way, the marks around found words, pieces to draw.

Found words stand between two control signs no stored text contains (``text.py``) until a template draws them.
"""
import re
from contextlib import contextmanager

from django.db import connection, transaction

BEGIN, END = "\x02", "\x03"
MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")


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
