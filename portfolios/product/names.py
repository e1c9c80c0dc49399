"""Names of people in the words of a product: what visitors read of them, and what is looked for.

A product may well speak of Pushkin. So not every name is hidden, as it is in papers, but those of people: of the
portal without a consent, and of authors typed by hand. Surnames are compared by their beginning, because texts
decline them.
"""
import re
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from projectoffice.accounts.models import User
from projectoffice.accounts.models.person import name_key
from projectoffice.documents.public import HIDDEN, NAME, forms_of, key

WORD = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?")
CAPITAL = re.compile(r"[А-ЯЁ]")
# A declined surname keeps all but its last letters: Петрова, Петровой; Белый, Белого.
ENDING, LEAST = 3, 3
SAME_LETTERS = str.maketrans("ёЁ<>", "еЕ  ")


def same_letters(text):
    """The text as it is looked through: ё and е are one letter, a tag is no tag; every sign keeps its place."""
    return text.translate(SAME_LETTERS)


def searched(text, known):
    """What words are looked for in: the text without the names of ``known``, whether they consented or not."""
    return same_letters(hidden(text, known, frozenset()).replace(HIDDEN, " "))


def hidden(text, known, consented):
    """The text with the names of these people put out of sight, but for the ``consented`` forms as they are written."""
    def shown(found):
        name = found[0]
        if key(name) in consented or not is_of(name, known):
            return name
        return HIDDEN + name[len(name.rstrip()):]

    return NAME.sub(shown, text)


def is_of(phrase, known):
    """Whether «Петровой А.И.» may be one of ``known``: ``(surname, first letter of the given name or "")``."""
    for word in WORD.findall(phrase):
        letters = {letter.lower() for letter in CAPITAL.findall(phrase.replace(word, "", 1))}
        if any(alike(word, surname) and (not letter or letter in letters) for surname, letter in known):
            return True
    return False


def alike(word, surname):
    word, surname = (same_letters(each).lower() for each in (word, surname))
    beginning = surname[:max(LEAST, len(surname) - ENDING)]
    return word.startswith(beginning) and abs(len(word) - len(surname)) <= ENDING


def people_in(*texts):
    """People of the portal whose surname one of the names in these texts may be, each with ``may_be_named``.

    One query, none without names.
    """
    found = {same_letters(word).lower() for text in texts for phrase in NAME.findall(text) for word in WORD.findall(phrase)}
    if not found:
        return []
    beginnings = [Q(name_key__contains=f" {word[:max(LEAST, len(word) - ENDING - 1)]}") for word in sorted(found)]
    return list(with_consents(User.objects.annotate(name_key=name_key()).filter(reduce(or_, beginnings))))


def with_consents(people):
    """The same people, each with ``may_be_named``: whether the name may be shown today."""
    return people.annotate(may_be_named=Exists(User.objects.with_consent().filter(pk=OuterRef("pk")).order_by()))


def known_people(people):
    return frozenset((person.surname, person.given_name[:1].lower()) for person in people)


def typed_authors(names):
    """The same of authors typed by hand: «Ким А.В.»."""
    found = set()
    for name in names:
        words = WORD.findall(name)
        if words:
            rest = name.replace(words[0], "", 1).strip(" .")
            found.add((words[0], rest[:1].lower()))
    return frozenset(found)


class Shown:
    """How the texts of some products are shown to visitors today; asked once for all of them."""

    def __init__(self, texts, typed=()):
        people = people_in(*texts)
        self.hidden = known_people(person for person in people if not person.may_be_named) | typed_authors(typed)
        self.consented = frozenset(key(form) for person in people if person.may_be_named for form in forms_of(person))

    def __call__(self, text):
        return hidden(text, self.hidden, self.consented)
