"""Verbs of the extract: choose decisions of a protocol in force, change the choice while it is a draft."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.changing import check_version
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import date_short
from projectoffice.documents.models import Document
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.services.stamps import put_default_stamps

from ..kinds.extract import edition_of
from ..kinds.protocol import every
from ..models import ProtocolExtract
from ..protocol.printed import only_chosen

NOT_IN_FORCE = "Выписку делают из подписанного протокола."
NOTHING_CHOSEN = "Отметьте хотя бы одно решение."


@transaction.atomic
def create_extract(protocol, chosen, *, by, addressee="", original=""):
    """A draft of an extract from the edition in force; ``chosen`` are uids of decisions and of questions without any."""
    paper = locked(protocol.document)
    require(by, "meetings.change_paper", paper)
    if paper.in_force is None or paper.state == Document.State.ANNULLED:
        raise TransitionNotAllowed(NOT_IN_FORCE)
    source = paper.in_force.snapshot["source"]
    chosen = read_choice(source, chosen)
    meeting = protocol.meeting
    document = Document.objects.create(
        kind=ProtocolExtract.KIND, title=title_of(paper, chosen, source), body=meeting.body, year=paper.in_force.date.year,
        created_by=person_of(by),
    )
    extract = ProtocolExtract(document=document, protocol=protocol, edition_number=paper.in_force.number, chosen=chosen,
                              addressee=addressee, original=original)
    extract.save()
    put_default_stamps(document)
    record("create_extract", document, "Сделана выписка", by=by)
    record("create_extract", paper, f"Сделана выписка: {numbers(source, chosen)}", by=by, changes={"extract": document.pk})
    return extract


@transaction.atomic
def save_extract(extract, chosen, *, by, version, addressee="", original=""):
    """Change the choice and the words of a draft; the same form sent twice changes nothing."""
    document = open_for_edit(extract.document, by)
    extract = ProtocolExtract.objects.select_related("document", "protocol__document__in_force").get(pk=extract.pk)
    source = edition_of(extract).snapshot["source"]
    chosen = read_choice(source, chosen)
    if (extract.chosen, extract.addressee, extract.original) == (chosen, addressee, original):
        return extract
    check_version(extract, version)
    extract.chosen, extract.addressee, extract.original = chosen, addressee, original
    extract.version += 1
    extract.save()
    Document.objects.filter(pk=document.pk).update(title=title_of(extract.protocol.document, chosen, source))
    record("save_extract", document, f"Изменена выписка: {numbers(source, chosen)}", by=by)
    return extract


# ── inside a verb ─────────────────────────────────────────────────────────────────────────────────────────

def read_choice(source, chosen):
    """The uids that may be chosen, in the order of the protocol."""
    wanted = set(chosen)
    kept = [uid for uid in choosable(source) if uid in wanted]
    if not kept or len(kept) != len(wanted):
        raise ValidationError({"chosen": NOTHING_CHOSEN if not kept else "Такого решения в протоколе нет. Обновите страницу."})
    return kept


def choosable(source):
    """Uids of decisions, and of questions that have none, in printing order."""
    for item in every(source["items"]):
        if item["resolutions"]:
            yield from (resolution["uid"] for resolution in item["resolutions"])
        elif not item["children"]:
            yield item["uid"]


def numbers(source, chosen):
    """«2.1, 2.2»: the original numbers of what was chosen."""
    found = []
    for item in every(only_chosen(source["items"], set(chosen))):
        found += [each["number"] for each in item["resolutions"]] or ([item["number"]] if item["uid"] in chosen else [])
    return ", ".join(found)


def title_of(paper, chosen, source):
    number = f" №\xa0{paper.in_force.number_text}" if paper.in_force.number_text else ""
    words = f"Выписка из протокола{number} от {date_short(paper.in_force.date)}: {numbers(source, chosen)}"
    return words if len(words) <= 300 else f"{words[:299]}…"
