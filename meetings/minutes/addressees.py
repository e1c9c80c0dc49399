"""Whom a charge is for: a person, a group of institutions («всем школам») or words as typed."""
from dataclasses import dataclass
from functools import cache

from projectoffice.accounts.forms.fields import label_of, labelled_people, same
from projectoffice.accounts.models import Institution, User
from projectoffice.accounts.names import name_key

from ..protocol.declension import morphology

EVERYBODY = "всем учреждениям"
FEWEST_SHARED = 3  # letters of a surname that stay whatever its case


@dataclass(frozen=True)
class Addressee:
    """What is printed, and whom it means when that is clear."""

    text: str
    person: int | None = None


def read_addressee(text, before=None):
    """The person a suggestion, a full or a printed name means without doubt; otherwise the words alone.

    ``before`` is the person chosen so far: another case of the same name («Белову С.И.») keeps the choice.
    """
    person = person_called(text)
    if person is None and before and is_form_of(before, text):
        person = before
    if person is None:
        person = person_in_another_case(text)
    if person is None:
        return Addressee(text)
    return Addressee(text if name_key(text) else person.short_name, person.pk)


def person_called(text):
    """The one person of exactly this label or name, of those who work here before those who left; None when unclear."""
    if not text:
        return None
    people = list(labelled_people(User.objects.found_by(text.split(",")[0]))[:50])
    for working in (True, False):
        candidates = [person for person in people if works(person) == working]
        for said in (label_of, full_name, short_name, signature_name):
            fitting = [person for person in candidates if same(said(person), text)]
            if fitting:
                return fitting[0] if len(fitting) == 1 else None
    return None


def full_name(person):
    return person.full_name


def short_name(person):
    return person.short_name


def signature_name(person):
    return person.signature_name


def works(person):
    return person.is_active and person.left_on is None


def person_in_another_case(text):
    """«Белову С.И.» is Белов С.И., when only one of those who work here can be meant."""
    key = name_key(text)
    if not key:
        return None
    people = User.objects.active().filter(surname__istartswith=key[0][:FEWEST_SHARED])[:200]
    fitting = [person for person in people if is_form_of(person, text)]
    return fitting[0] if len(fitting) == 1 else None


def is_form_of(person, text):
    """Whether the printed name may be this person's in another case: the same initials, the same stem of the surname."""
    key = name_key(text)
    if not key:
        return False
    surname, initials = key
    own = folded(person.surname)
    shared = max(FEWEST_SHARED, len(own) - 2)
    return initials == folded(person.initials.replace(".", "")) and own[:shared] == surname[:shared]


def institutions_of(text):
    """The open institutions a group's words mean; None when the words are no group."""
    words = folded(text)
    if words == EVERYBODY:
        return Institution.objects.open()
    for kind in kinds():
        if words == folded(group_words(kind)):
            return Institution.objects.open().filter(kind=kind)
    return None


def folded(text):
    return " ".join(text.lower().replace("ё", "е").split())


def groups():
    """The words of every group there is, for suggestions: all institutions, then each kind."""
    return [EVERYBODY, *(group_words(kind) for kind in kinds())]


def kinds():
    return list(Institution.objects.open().exclude(kind="").order_by("kind").values_list("kind", flat=True).distinct())


@cache
def group_words(kind):
    """«Школа» → «всем школам»; words nobody can decline stay as they are."""
    return f"всем {' '.join(map(in_dative_plural, kind.lower().split()))}"


@cache
def in_dative_plural(word):
    found = morphology().parse(word)
    form = next((each.inflect({"plur", "datv"}) for each in found if "nomn" in each.tag), None)
    return form.word if form else word
