"""What searches through words share: the question, the planner's way, the marks around found words, pieces to draw.

Found words stand between two control signs no stored text contains (``text.py``) until a template draws them.
"""
import re
from contextlib import contextmanager
from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction

from .word_forms import other_forms

BEGIN, END = "\x02", "\x03"
MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")

ASKED = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
EITHER = {"or", "или"}
MOST_WORDS = 12
LEAST_BEGINNING = 4


def question(text):
    """What was typed as a ``tsquery`` for ``to_tsquery``: every word in any form, "words in a row", -without, or, или."""
    return " | ".join(f"({' & '.join(told)})" for parts in asked_parts(text)
                      if (told := [f"{'!' if minus else ''}({of_words(words, row)})" for minus, words, row in parts]))


def asked_parts(text):
    """For each side of an «или» its parts: ``(whether without, words, whether they stand in a row)``."""
    either: list[list] = [[]]
    for minus, row, word in ASKED.findall(text.lower())[:MOST_WORDS]:
        if word in EITHER and not minus:
            either.append([])
            continue
        words = re.findall(r"\w+", row or word)
        if words:
            either[-1].append((bool(minus), words, bool(row)))
    return either


def of_words(words, row):
    return " <-> ".join(map(quoted, words)) if row else " & ".join(map(any_form, words))


def with_beginnings(text):
    """The same question as a ``SearchQuery`` which a longer word fits too where it only begins so: «радио», «радиоузел».

    None of nothing. What is asked to be absent or to stand in a row is meant word for word.
    """
    sides = [reduce(and_, found) for parts in asked_parts(text)
             if (found := [part_query(minus, words, row) for minus, words, row in parts])]
    return reduce(or_, sides) if sides else None


def part_query(minus, words, row):
    if minus or row:
        return russian_query(f"{'!' if minus else ''}({of_words(words, row)})")
    return reduce(and_, map(word_query, words))


def word_query(word):
    return BeginningQuery(any_form(word), beginning(word)) if is_beginning(word) else russian_query(any_form(word))


class BeginningQuery(SearchQuery):
    """A word in any form or as a beginning; nothing of a word the dictionary passes over («после»), as everywhere."""

    TEMPLATE = ("(CASE WHEN numnode(to_tsquery('russian'::regconfig, %s)) = 0 THEN ''::tsquery "
                "ELSE to_tsquery('russian'::regconfig, %s) || to_tsquery('simple'::regconfig, %s) END)")

    def __init__(self, forms, begins):
        super().__init__(forms, config="russian", search_type="raw")
        self.words = [forms, forms, begins]

    def as_sql(self, compiler, connection, function=None, template=None):
        return self.TEMPLATE, self.words


def russian_query(words):
    return SearchQuery(words, config="russian", search_type="raw")


def beginnings(text):
    """The beginnings ``with_beginnings`` looks for, any of them, for ``to_tsquery`` of the plain dictionary."""
    return " | ".join(beginning(word) for parts in asked_parts(text) for minus, words, row in parts if not minus and not row
                      for word in words if is_beginning(word))


def is_beginning(word):
    return len(word) >= LEAST_BEGINNING and word.isalpha()


def beginning(word):
    return f"{quoted(word)}:*"


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
