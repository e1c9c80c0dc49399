"""Forms of Russian words. The dictionary is read once per process, when the first word is asked for."""
import re
from functools import cache, lru_cache

RUSSIAN = re.compile(r"[а-яё]{2,40}")


@cache
def morphology():
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer()


@lru_cache(maxsize=10_000)
def other_forms(word):
    """The word's dictionary form and its plural: «материалы» – материал; «дети» – ребёнок; «материал» – материалы.

    PostgreSQL cuts endings and takes the «ал» of «материал» for one of a verb, so one form does not find the other.
    """
    if not RUSSIAN.fullmatch(word):
        return ()
    reading = morphology().parse(word)[0]
    plural = reading.inflect({"plur", "nomn"}) if "NOUN" in reading.tag else None
    return tuple(dict.fromkeys(form for form in (reading.normal_form, plural.word if plural else "") if form and form != word))
