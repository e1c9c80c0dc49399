"""Recognising people by the names papers print: «Орлова Н.П.» and «Н.П. Орлова»."""
import re

from django.db.models import Func, Value
from django.db.models.functions import Lower

from .models import User

_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_INITIALS = r"([А-ЯЁ])\.?\s*(?:([А-ЯЁ])\.?)?"
_SURNAME_FIRST = re.compile(rf"({_SURNAME})\s+{_INITIALS}$")
_SURNAME_AND_INITIALS = re.compile(rf"({_SURNAME})\s+((?:[А-ЯЁ]\.\s*){{1,2}})$")
_INITIALS_FIRST = re.compile(rf"([А-ЯЁ])\.\s*(?:([А-ЯЁ])\.)?\s*({_SURNAME})$")


def name_key(text):
    """(surname, initials) of a printed name, or None when the text is something else (a role, a collective)."""
    text = " ".join(str(text).replace("\xa0", " ").split())
    if found := _SURNAME_FIRST.match(text):
        surname, *initials = found.groups()
    elif found := _INITIALS_FIRST.match(text):
        *initials, surname = found.groups()
    else:
        return None
    return _folded(surname), "".join(_folded(letter) for letter in initials if letter)


def signature_form(name):
    """«Н.П. Орлова» of «Орлова Н.П.» or «Орлова Наталья Павловна»; any other text as it is."""
    words = name.replace("\xa0", " ").split()
    if len(words) == 3 and all(re.fullmatch(r"[А-ЯЁ][а-яё]+", word) for word in words[1:]):
        return f"{words[1][0]}.{words[2][0]}.\xa0{words[0]}"
    found = _SURNAME_AND_INITIALS.match(" ".join(words))
    return f"{found[2].replace(' ', '')}\xa0{found[1]}" if found else name


def people_named(texts):
    """{text: person} for the printed names that fit exactly one active person; one query for any number of texts."""
    keys = {text: key for text in texts if (key := name_key(text))}
    if not keys:
        return {}
    found = {}
    wanted = set(keys.values())
    for person in people_called(surname for surname, _ in wanted):
        key = (_folded(person.surname), _folded(person.initials.replace(".", "")))
        if key in wanted:
            found.setdefault(key, []).append(person)
    return {text: found[key][0] for text, key in keys.items() if len(found.get(key, ())) == 1}


def people_called(surnames):
    """Active people with these surnames, ё and capitals aside; one query."""
    folded = Func(Lower("surname"), Value("ё"), Value("е"), function="translate")
    return User.objects.active().alias(folded=folded).filter(folded__in={_folded(surname) for surname in surnames})


def _folded(text):
    return text.lower().replace("ё", "е")
