"""The cells of a plan's row: what people type, what is stored, and the way back to the text one edits.

A topic is typed as lines («– » is a dash, «• » a bullet, two blanks a level), responsibles one per line.
"""
from django.core.exceptions import ValidationError

from projectoffice.accounts.models import User
from projectoffice.accounts.names import people_named
from projectoffice.common import lines
from projectoffice.common.terms import parse_term
from projectoffice.common.text import clean_text

from ..models import PlanResponsible

CELLS = {"label": "номер", "topics": "тема", "term": "срок", "responsible": "ответственные"}
# What else a row has that one may change: the heading across the table above it.
NAMES = CELLS | {"section": "подзаголовок"}
SECTION_LIMIT = 300
LABEL_LIMIT, TERM_LIMIT, NAME_LIMIT, MOST_NAMES = 20, 300, 300, 30


def source(item, cell):
    """The text one edits, as it stands in the cell now."""
    if cell == "topics":
        return lines.to_text(item.topics)
    if cell == "responsible":
        return "\n".join(responsible.text for responsible in item.responsibles.all())
    return getattr(item, cell)


def read(cell, value):
    """The typed value as it may be stored; ValidationError names the cell. Unknown cells are refused."""
    reader = {"label": read_label, "topics": read_topics, "term": read_term, "responsible": read_responsible,
              "section": read_section}.get(cell)
    if reader is None:
        raise ValidationError("Такой графы нет. Обновите страницу.")
    try:
        return reader(value)
    except ValidationError as refusal:
        raise ValidationError({cell: refusal.messages}) from refusal


def read_label(value):
    return clean_text(value, limit=LABEL_LIMIT)


def read_section(value):
    return clean_text(value, limit=SECTION_LIMIT)


def read_term(value):
    return clean_text(value, multiline=True, limit=TERM_LIMIT)


def read_topics(value):
    """Lines from typed text, or ready lines (an import, a paste)."""
    return lines.validate(lines.from_text(value) if isinstance(value, str) else value)


def read_responsible(value):
    """[(text, id of the person or None)] from typed text, or from a list of texts or {"text", "person"}."""
    return linked(read_names(value))


def read_names(value):
    """The same, before anybody is recognised by the name."""
    entries = value.split("\n") if isinstance(value, str) else value
    if not isinstance(entries, list):
        raise ValidationError("Ответственные пришли не в том виде. Обновите страницу и повторите.")
    pairs = [(clean_text(text, limit=NAME_LIMIT), person) for text, person in map(_entry, entries)]
    pairs = [(text, person) for text, person in pairs if text]
    if len(pairs) > MOST_NAMES:
        raise ValidationError(f"В одной строке помещается не больше {MOST_NAMES} ответственных.")
    return pairs


def _entry(entry):
    if isinstance(entry, str):
        return entry, None
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
        raise ValidationError("Ответственные пришли не в том виде. Обновите страницу и повторите.")
    person = entry.get("person")
    return entry["text"], person if type(person) is int and 0 < person < 2**63 else None


def linked(pairs):
    """The chosen person when it is an active one, otherwise the one whom the printed name means without doubt."""
    chosen = {person for _, person in pairs if person}
    known = set(User.objects.active().filter(pk__in=chosen).values_list("pk", flat=True)) if chosen else set()
    named = people_named(text for text, person in pairs if person not in known)
    return [(text, person if person in known else _pk(named.get(text))) for text, person in pairs]


def _pk(person):
    return person.pk if person else None


def write(item, cell, value, period):
    """Put a value that ``read`` returned into the row. The row itself is saved by the caller."""
    if cell == "responsible":
        item.responsibles.all().delete()
        item._prefetched_objects_cache = {}
        PlanResponsible.objects.bulk_create(
            PlanResponsible(item=item, text=text, person_id=person, position=place)
            for place, (text, person) in enumerate(value)
        )
        return
    setattr(item, cell, value)
    if cell == "term":
        understood = parse_term(value, period)
        item.term_start, item.term_end = understood.start, understood.end


def says(item, cell, text):
    """Whether the cell still says this text, however it was typed."""
    try:
        value = read(cell, text)
    except ValidationError:
        return False
    if cell == "responsible":
        return [name for name, _ in value] == [one.text for one in item.responsibles.all()]
    return getattr(item, cell) == value


def is_empty(item):
    return not (item.topics or item.term or item.responsibles.all())
