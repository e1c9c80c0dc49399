"""What one may look for in a protocol: written from what is issued, gone with it."""
from datetime import date

from django.db import transaction

from projectoffice.common import lines

from ..models import Meeting, ProtocolEntry

Kind = ProtocolEntry.Kind
LONGEST_TITLE = 1000
# The words PostgreSQL can keep of one row; what is longer is found by its beginning.
LONGEST_TEXT = 200_000


@transaction.atomic
def write_entries(document, edition):
    """Write the entries of an edition anew: a row per question, sub-question and decision of its source."""
    drop_entries(document)
    source = edition.snapshot["source"]
    common = {
        "document": document,
        "body_id": document.body_id or Meeting.objects.get(pk=source["meeting"]["pk"]).body_id,
        "date": date.fromisoformat(source["meeting"]["date"]),
    }
    words_of = full_words if source["form"] == "full" else short_words
    found = [fields for item in source["items"] for fields in entries_of(item, words_of)]
    ProtocolEntry.objects.bulk_create(ProtocolEntry(position=place, **common, **fields) for place, fields in enumerate(found))


@transaction.atomic
def drop_entries(document):
    """Nothing of this protocol is found any longer."""
    ProtocolEntry.objects.filter(document=document).delete()


def entries_of(item, words_of, *, closed=False):
    """Fields of the entries of a question: itself, its decisions, then its sub-questions in the same way."""
    closed = closed or item["closed"]
    title = (item["formula"] or item["title"])[:LONGEST_TITLE]
    yield {"kind": Kind.ITEM, "uid": item["uid"], "number": item["number"], "title": title, "outcome": item["outcome"],
           "text": words_of(item)[:LONGEST_TEXT], "closed": closed, "people": people([one["person"] for one in item["speakers"]])}
    for decision in item["resolutions"]:
        yield {"kind": Kind.ASSIGNMENT if decision["is_charge"] else Kind.DECISION, "uid": decision["uid"],
               "number": decision["number"], "title": title, "text": decision_words(decision)[:LONGEST_TEXT], "closed": closed,
               "people": people([decision["executor"], decision["controller"], *decision["co_executors"]])}
    for child in item["children"]:
        yield from entries_of(child, words_of, closed=closed)


def full_words(item):
    """What the full form prints under a question beside its title and decisions; votes are no words to look for."""
    speakers = ", ".join(one["text"] for one in item["speakers"])
    parts = (speakers, lines.plain(item["heard"]), lines.plain(item["discussed"]), item["outcome_note"])
    return "\n".join(part for part in parts if part)


def short_words(item):
    """The short form prints neither what was heard nor what was discussed."""
    return item["outcome_note"]


def decision_words(decision):
    """The decision, then on a line of its own for whom and until when."""
    who_and_when = ", ".join(part for part in (decision["executor_text"], decision["due"]) if part)
    return "\n".join(part for part in (decision["text"], who_and_when[:1].upper() + who_and_when[1:]) if part)


def people(ids):
    """Each known person once, in the order of the text."""
    return list(dict.fromkeys(number for number in ids if number))
