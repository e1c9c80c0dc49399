"""The extract: chosen decisions of a protocol in force, certified «Верно»; made from the issued edition alone."""
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Membership, User
from projectoffice.accounts.names import signature_form
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.reading import READS_WORKING, asked_to_sign
from projectoffice.documents.route import deciding_for

from ..models import Participant, ProtocolExtract
from ..protocol.printed import extract_content, only_chosen
from ..rules import papers_changed_by
from .protocol import POSTS, bars_signature_on, every

OUTDATED = "Действует уже редакция {number} протокола. Сделайте выписку из неё."
ENDED = "Протокол отменён, выписок из него больше не делают."
NOBODY_CERTIFIES = "Поставьте «Верно»: выписку заверяет секретарь."


def extract_of(document):
    return ProtocolExtract.objects.select_related("protocol__document__in_force", "protocol__meeting").get(document=document)


def edition_of(extract):
    """The edition of the protocol the extract is made from."""
    in_force = extract.protocol.document.in_force
    if in_force and in_force.number == extract.edition_number:
        return in_force
    return extract.protocol.document.editions.get(number=extract.edition_number)


def content(document):
    extract = extract_of(document)
    return extract_content(edition_of(extract).snapshot, extract.chosen, original=extract.original)


def check(document):
    extract = extract_of(document)
    outdated = why_outdated(extract, extract.protocol.document)
    problems = [Problem(outdated)] if outdated else []
    if not document.stamps.active().filter(kind=Stamp.Kind.CERTIFY).exists():
        problems.append(Problem(NOBODY_CERTIFIES, "stamps"))
    return problems


def why_outdated(extract, protocol):
    """The sentence why this is no extract of what is in force; empty while it is."""
    if protocol.state == Document.State.ANNULLED:
        return ENDED
    return OUTDATED.format(number=protocol.in_force.number) if protocol.in_force.number != extract.edition_number else ""


def default_stamps(document):
    """«Верно» by the meeting's secretary."""
    role = Participant.Role.SECRETARY
    secretary = extract_of(document).protocol.meeting.participants.filter(role=role).select_related("person").first()
    if secretary is None:
        return []
    logs_in = secretary.person is not None and secretary.person.can_log_in
    return [{
        "kind": Stamp.Kind.CERTIFY, "place": Stamp.Place.FOOT, "side": Stamp.Side.LEFT, "step": 1, "post": POSTS[role],
        "name": signature_form(secretary.name), "signer": secretary.person,
        "method": Stamp.Method.ELECTRONIC if logs_in else Stamp.Method.INK,
    }]


def readable(user):
    """The office, the heads, the meeting's chair and secretary and who certifies: always.

    In force also those whom a chosen decision charges, those it was sent to from the portal, and readers of the
    protocol. An extract of a closed question is read by those it was sent to, and by nobody else of these.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, READS_WORKING):
        return Q()
    mine = deciding_for(user)
    there = Participant.objects.filter(meeting__protocol__extracts__document=OuterRef("pk"), person__in=mine)
    member = Membership.objects.current().filter(body__meetings__protocol__extracts__document=OuterRef("pk"), person__in=mine)
    reads_protocol = Q(protocol_extract__protocol__had_closed=False) & (Q(Exists(there)) | Q(Exists(member)))
    named = Q(protocol_extract__readers__overlap=sorted(mine))
    sent = OutgoingMail.objects.filter(
        content_type=ContentType.objects.get_for_model(Document), person__in=mine, key__startswith="distribute:"
    )
    in_force = Q(in_force__isnull=False)
    return (
        asked_to_sign(user) | Q(Exists(there.leading()))
        | in_force & Q(protocol_extract__closed=False) & (reads_protocol | named)
        | in_force & Q(pk__in=sent.values("object_id"))
    )


def leads(user, document):
    there = Participant.objects.filter(meeting__protocol__extracts__document=document, person__in=deciding_for(user))
    return there.leading().exists()


def chosen_items(extract):
    """The chosen questions and decisions, as the edition has them."""
    return only_chosen(edition_of(extract).snapshot["source"]["items"], set(extract.chosen))


def charged(items):
    """Ids of those whom decisions charge: executors, who helps them, who controls."""
    found = set()
    for item in every(items):
        for resolution in item["resolutions"]:
            if resolution["is_charge"]:
                found |= {resolution["executor"], resolution["controller"], *resolution["co_executors"]}
    return found - {None}


def people(document):
    """To whom the extract can be sent: those its decisions charge."""
    return list(User.objects.active().filter(pk__in=charged(chosen_items(extract_of(document)))).in_order())


def restore(document, snapshot):
    """What an extract says is the edition of its protocol; only its own few words can have changed."""
    extract = extract_of(document)
    original = next((section for section in snapshot["sections"] if section["uid"] == "original"), None)
    extract.original = original["lines"][0]["text"] if original else ""
    extract.chosen = snapshot["chosen"]
    extract.version += 1
    extract.save()


def on_issued(document, edition):
    """Certified while the protocol still says so; who may read it follows what is in force, not what is being prepared.

    A closed decision is remembered for good, because older editions are read by the same right.
    """
    extract = extract_of(document)
    if outdated := why_outdated(extract, locked(extract.protocol.document)):
        raise TransitionNotAllowed(outdated)
    items = chosen_items(extract)
    extract.closed = extract.closed or any(item["closed"] for item in every(items))
    extract.readers = sorted(charged(items))
    extract.save(update_fields=["closed", "readers"])


EXTRACT = register(
    Kind(
        code=ProtocolExtract.KIND,
        name="Выписка из протокола",
        gender="f",
        issued_word="Заверена",
        change_permission="meetings.change_paper",
        content=lambda document: content(document) | {"chosen": extract_of(document).chosen},
        check=check,
        readable=readable,
        reads_working=leads,
        url=lambda document: document.protocol_extract.get_absolute_url(),
        restore=restore,
        default_stamps=default_stamps,
        bars_signature_on=lambda document, day: bars_signature_on(extract_of(document).protocol.meeting, day),
        on_issued=on_issued,
        responsibles=people,
        drafts=lambda user: papers_changed_by(user, "protocol_extract__protocol__meeting"),
    )
)
