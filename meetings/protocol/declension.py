"""Russian cases for the formulas of a protocol: «Иванову И.И.» after СЛУШАЛИ, «О подведении итогов» in the agenda.

Suggestions only: what comes out is stored where a person reads and mends it. What is doubtful stays as it was.
The analysers are read once, when the first word is asked for.
"""
import itertools
import re
from functools import cache

from projectoffice.common.russian import NBSP
from projectoffice.common.word_forms import morphology

MALE, FEMALE = "male", "female"
_INITIALS = re.compile(r"(?:[А-ЯЁ]\.\s*){1,2}$")
_WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*$")
_NAME = re.compile(r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ]?[а-яё]+)*$")
_ABOUT = re.compile(r"(?:О|Об|Обо)\s", re.IGNORECASE)
# Endings that tell whose surname it is; anything else is not guessed from initials alone.
FEMALE_SURNAME = ("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "ная", "тая", "жая", "гая", "лая", "вая", "рая", "чая")
MALE_SURNAME = ("ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ный", "ый")
LONG_MALE_SURNAME, LEAST_LETTERS = ("ой",), 6  # «Толстой», but not «Цой»
FEMALE_PATRONYMIC, MALE_PATRONYMIC = ("вна", "чна", "кызы"), ("вич", "ич", "оглы")
# Sounds after which «об» is said; «я», «ю», «е», «ё» begin with another sound.
VOWELS = "аоуиэ"
OBO = ("всё", "все", "мне", "всем", "всём")
# Words the dictionary takes for something else at the beginning of a question.
LEFT_ALONE = {"разное", "прочее"}


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────

def accusative(name, patronymic=""):
    """«Иванову И.И.» of «Иванова И.И.» or of the full name; what stands after a comma (the post) is left out.

    ``patronymic`` of a known person tells the sex where a surname with initials does not («Коваль Е.С.»). A name
    whose owner's sex cannot be told from its ending comes back as it was; several people called by their work are
    declined («Руководителей портфелей»), any other words stay.
    """
    plain = " ".join(name.split(",")[0].replace(NBSP, " ").split())
    if found := _INITIALS.search(plain):
        surname, initials = plain[:found.start()].strip(), found.group().replace(" ", "")
        declined = declined_surname(surname, sex_of_patronymic(patronymic) or sex_of_surname(surname))
        return f"{declined}{NBSP}{initials}" if declined else name
    return full_name(plain) or ("" if "," in name else several_people(plain)) or name


def several_people(plain):
    """«Руководителей портфелей» of «Руководители портфелей»: the first word when it surely names several people."""
    first, _, rest = plain.partition(" ")
    likeliest = morphology().parse(first.lower())[0] if _WORD.match(first) else None
    if likeliest is None or not likeliest.is_known or not {"NOUN", "anim", "plur", "nomn"} <= set(likeliest.tag.grammemes):
        return ""
    word = likeliest.inflect({"accs", "plur"}).word
    if "ё" not in first.lower():
        word = word.replace("ё", "е")
    return f"{first[0]}{word[1:]} {rest}".rstrip()


def full_name(plain):
    """«Иванову Наталью Павловну»; nothing when the three words are no name with a patronymic."""
    words = plain.split(" ")
    if len(words) not in (2, 3) or not all(_NAME.match(word) for word in words):
        return ""
    sex = sex_of_patronymic(words[-1]) if len(words) == 3 else None
    if sex is None:
        return ""
    surname = declined_surname(words[0], sex)
    given, patronymic = declined("firstname", words[1], sex), declined("middlename", words[2], sex)
    return " ".join((surname, given, patronymic)) if surname and given and patronymic else ""


def sex_of_patronymic(word):
    word = word.lower()
    if word.endswith(FEMALE_PATRONYMIC):
        return FEMALE
    return MALE if word.endswith(MALE_PATRONYMIC) else None


def sex_of_surname(surname):
    """By the ending of each part; None when a part could be anybody's («Ким», «Дорош», «Шевченко», «Гулька»)."""
    sexes = {sex_of_part(part) for part in surname.lower().split("-")}
    known = sexes - {None}
    return known.pop() if len(known) == 1 else None


def sex_of_part(part):
    if part.endswith(FEMALE_SURNAME):
        return FEMALE
    is_long = part.endswith(LONG_MALE_SURNAME) and len(part) >= LEAST_LETTERS
    return MALE if is_long or part.endswith(MALE_SURNAME) else None


def declined_surname(surname, sex):
    if sex is None or not _NAME.match(surname):
        return ""
    parts = surname.split("-")
    # In a double surname the first part may stay: «Сухово-Кобылина», but what ends like a surname is declined.
    return "-".join(declined("lastname", part, sex) or part for part in parts)


def declined(kind, word, sex):
    petrovich, case, gender = names()
    method = getattr(petrovich, kind)
    return method(word, case.ACCUSATIVE, gender.FEMALE if sex == FEMALE else gender.MALE)


@cache
def names():
    from petrovich.enums import Case, Gender
    from petrovich.main import Petrovich

    return Petrovich(), Case, Gender


# ── questions ─────────────────────────────────────────────────────────────────────────────────────────────

def about(title):
    """«О подведении итогов года» of «Подведение итогов года»: the first noun, with its adjectives, in the prepositional.

    Unchanged when it begins so already, when no sure noun stands at the beginning, or when a second one seems to
    stand beside it («порядок смотра и критерии оценки»).
    """
    words = title.strip().split(" ")
    if not words[0] or _ABOUT.match(title.strip()) or words[0].lower().strip(".,;:") in LEFT_ALONE:
        return title
    group = noun_group(words)
    rest = words[len(group):]
    if group and rest[:1] == ["и"]:
        # «Подготовка и проведение конкурса»: two subjects side by side.
        second = noun_group(rest[1:])
        group, rest = [*group, "и", *second] if second else [], rest[1 + len(second):]
    if not group or goes_on(rest):
        return title
    if "ё" not in title.lower():
        group = [word.replace("ё", "е") for word in group]
    return " ".join([preposition(group[0]), *group, *rest])


def goes_on(words):
    """Whether «и» joins another subject further on: its likeliest reading is a nominative or looks like one."""
    for joint, word in itertools.pairwise(words):
        if joint == "и":
            tag = morphology().parse(stripped(word)[0].lower())[0].tag
            if "nomn" in tag or "accs" in tag:
                return True
        if joint[-1:] in ".:":
            return False
    return False


def preposition(word):
    word = word.lower().lstrip("«\"„“")
    if word.split(" ")[0] in OBO:
        return "Обо"
    return "Об" if word[:1] in VOWELS else "О"


def noun_group(words):
    """The words of the first noun group in the prepositional, or nothing when it is not understood."""
    adjectives, place = [], 0
    while place < len(words):
        core, tail = stripped(words[place])
        if not _WORD.match(core) or core[1:] != core[1:].lower():
            return []
        noun = reading(core, "NOUN")
        adjective = reading(core, "ADJF") or reading(core, "PRTF")
        if adjective and not (noun and noun.score > adjective.score):
            if tail:
                return []
            adjectives.append(adjective)
            place += 1
            continue
        return in_prepositional(adjectives, noun, tail) if noun else []
    return []


def stripped(word):
    """(the word, the signs after it)."""
    core = word.rstrip(".,;:!?»\"")
    return core, word[len(core):]


def reading(word, part):
    """The likeliest reading of a word as this part of speech in the nominative; None when there is none."""
    found = [each for each in morphology().parse(word.lower()) if part in each.tag and "nomn" in each.tag]
    # A noun that is likelier an oblique form («итогов») begins no formula; a name of a person is nobody's subject.
    best = max(found, key=lambda each: each.score, default=None)
    if best is None or {"Name", "Surn", "Patr", "Abbr"} & set(best.tag.grammemes) or not best.is_known:
        return None
    return best


def in_prepositional(adjectives, noun, tail):
    number = {"plur"} if "plur" in noun.tag else {"sing"}
    gender = {noun.tag.gender} if "sing" in noun.tag and noun.tag.gender else set()
    forms = []
    for adjective in adjectives:
        if ("plur" in adjective.tag) != ("plur" in noun.tag) or (gender and adjective.tag.gender not in gender):
            return []
        forms.append(adjective.inflect({"loct", *number, *gender}))
    forms.append(noun.inflect({"loct", *number}))
    if any(form is None for form in forms):
        return []
    texts = [form.word for form in forms]
    return [*texts[:-1], f"{texts[-1]}{tail}"]
