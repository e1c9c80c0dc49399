"""Who answers for an activity, as printed: «Сергеева О.А., директор, т. 22-78-18» is a name, a post and a phone."""
import re
from dataclasses import dataclass

from projectoffice.documents.imports.people import find_person

_NUMBER = r"\+?\d[\d \u00a0()\-‑–]{3,20}\d"
_WORD = r"(?:конт(?:актный|\.)?[ \u00a0]*)?(?<![а-яё])(?:телефон|тел|моб|сот|т)(?![а-яё])[ \u00a0]*[.:]*[ \u00a0]*"
# A number after its word; several after one word, parted by commas.
_SPOKEN = re.compile(rf"[,;(]?\s*{_WORD}{_NUMBER}(?:\s*[,;]\s*(?:{_WORD})?{_NUMBER})*(?:\s*\))?", re.IGNORECASE)
# Without the word only what looks like a phone and like nothing else: 22-78-18, 8 (902) 123-45-67, +7….
_BARE = re.compile(r"[,;(]?\s*(?<![\d-])(?:(?:\+7|8)[ \u00a0(-]*\d{3,4}[ \u00a0)-]*)?\d{2,3}[-‑–]\d{2}[-‑–]\d{2}(?![\d-])(?:\s*\))?")
_DIGITS = re.compile(_NUMBER)


@dataclass(frozen=True)
class Contact:
    name: str = ""
    post: str = ""
    phone: str = ""


def parse_contact(text):
    """What an entry says; whatever is no person by name (a collective, a role) is the name itself."""
    phones = [number for part in _phones_in(text) for number in _DIGITS.findall(part)]
    rest = without_phone(text)
    found = find_person(rest)
    if found is None:
        return Contact(rest, "", ", ".join(phones))
    name = found[0].strip()
    post = f"{rest[:found.start()]} {rest[found.end():]}".strip(" ,;–—-\u00a0.")
    return Contact(name, " ".join(post.split()), ", ".join(phones))


def without_phone(text):
    """The entry without its phones and the sign before them."""
    return _BARE.sub("", _SPOKEN.sub("", text)).strip(" ,;")


def without_spoken_phones(text):
    """Any text without the numbers that are called a phone; years and other figures stay."""
    return _SPOKEN.sub("", text)


def has_phone(text):
    return bool(_SPOKEN.search(text))


def _phones_in(text):
    spoken = [found[0] for found in _SPOKEN.finditer(text)]
    return spoken + [found[0] for found in _BARE.finditer(_SPOKEN.sub("", text))]
