"""The protocol of a meeting: what it tells the route, the printer and the register; its source and the way back."""
from datetime import date, time

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Membership, User
from projectoffice.accounts.names import signature_form
from projectoffice.common.history import record
from projectoffice.common.russian import date_short
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.reading import READS_WORKING, asked_to_sign
from projectoffice.documents.route import deciding_for

from ..minutes.problems import missing
from ..minutes.questions import questions_to_print
from ..minutes.quorum import Quorum
from ..models import AgendaSpeaker, Participant, Protocol, Resolution
from ..protocol.printed import FULL, SHORT, give_numbers, plain_words, protocol_content, was_heard
from ..rules import papers_changed_by
from ..services.assignments import cancel_from_protocol, create_from_protocol
from ..services.entries import drop_entries, write_entries

UNANSWERED = "Ответьте на замечание председателя."
NOT_SIGNED_BY_ANYBODY = "Поставьте подпись председателя: протокол без подписи не действует."
NAMES = ("helpers", "controlled_by")
OF_PARTICIPANT = ("name", "post", "role", "votes", "attendance", "person", "note")
POSTS = {Participant.Role.CHAIR: "Председатель", Participant.Role.SECRETARY: "Секретарь"}


def protocol_of(document):
    """The protocol of a document, without a question when a page has read both together."""
    return document.protocol


# ── content ───────────────────────────────────────────────────────────────────────────────────────────────

def content(document):
    """Head and sections with their source.

    What an issued protocol printed stays as it was printed while its source is the same, however the code prints later.
    """
    protocol = protocol_of(document)
    source = source_of(protocol)
    edition = document.in_force
    if document.state == Document.State.ISSUED and edition and without_names(edition.snapshot["source"]) == without_names(source):
        return {name: edition.snapshot[name] for name in ("head", "columns", "sections", "source")}
    return protocol_content(source, number=number_of(document))


def without_names(source):
    """A source to be compared: who helps and controls is told by keys there, whatever these people are called today."""
    return source | {"items": [item_without_names(item) for item in source["items"]]}


def item_without_names(item):
    resolutions = [{name: value for name, value in each.items() if name not in NAMES} for each in item["resolutions"]]
    return item | {"resolutions": resolutions, "children": [item_without_names(child) for child in item["children"]]}


def number_of(document):
    return document.number_text or (str(document.number) if document.number else "")


def source_of(protocol):
    """The raw content of a protocol as JSON; the same few queries for any number of questions and people.

    ``protocol.questions`` spares a page that shows the questions beside the sheet reading them twice.
    """
    meeting = protocol.meeting
    questions = getattr(protocol, "questions", None) or questions_to_print(meeting)
    participants = list(meeting.participants.in_order().values(*OF_PARTICIPANT))
    voting = [each for each in participants if each["votes"]]
    quorum = Quorum(protocol.quorum, len(voting), sum(each["attendance"] == Participant.Attendance.PRESENT for each in voting))
    return {
        "form": SHORT if protocol.is_short else FULL,
        "meeting": meeting_part(meeting),
        "heading": protocol.heading,
        "organization": protocol.organization,
        "decided_word": protocol.decided_word,
        "attendance_limit": protocol.attendance_limit,
        "attachments": protocol.attachments,
        "opinions": protocol.opinions,
        "participants": participants,
        "quorum": {"rule": quorum.rule, "members": quorum.members, "present": quorum.present},
        "items": give_numbers([item_part(item) for item in questions]),
    }


def meeting_part(meeting):
    return {
        "pk": meeting.pk,
        "uid": str(meeting.uid),
        "date": iso(meeting.date),
        "start": iso(meeting.start),
        "end": iso(meeting.end),
        "place": meeting.place,
        "body": meeting.body_id,
        "title": meeting.title,
    }


def iso(value):
    return value.isoformat() if value else None


def item_part(item, closed=False):
    """A question with its sub-questions; what stands under a closed one is closed."""
    closed = item.closed or closed
    return {
        "uid": str(item.uid),
        "number": "",
        "title": item.title,
        "formula": item.formula,
        "is_misc": item.is_misc,
        "added": item.added,
        "inclusion_vote": item.inclusion_vote,
        "closed": closed,
        "outcome": item.outcome,
        "outcome_note": item.outcome_note,
        "heard": item.heard,
        "discussed": item.discussed,
        "vote": item.vote,
        "plan_item": item.plan_item_id,
        "plan_line": item.plan_line,
        "speakers": [{"text": each.text, "declined": each.declined, "person": each.person_id} for each in item.names],
        "resolutions": [resolution_part(each) for each in item.decisions if each.text.strip()],
        "children": [item_part(part, closed) for part in item.parts],
    }


def resolution_part(resolution):
    return {
        "uid": str(resolution.uid),
        "number": "",
        "text": resolution.text,
        "is_charge": resolution.is_charge,
        "executor": resolution.executor_id,
        "executor_text": resolution.executor_text,
        "co_executors": sorted(person.pk for person in resolution.helpers),
        "controller": resolution.controller_id,
        "institutions": sorted(resolution.performers),
        "due": resolution.due,
        "due_start": iso(resolution.due_start),
        "due_end": iso(resolution.due_end),
        "is_permanent": resolution.is_permanent,
    } | {name: words for name, words in names_in_charge(resolution).items() if words}


def names_in_charge(resolution):
    """How the helpers and the controller of a charge are printed."""
    if not resolution.is_charge:
        return {}
    return {"helpers": sorted(person.short_name for person in resolution.helpers),
            "controlled_by": resolution.controller.short_name if resolution.controller else ""}


# ── before it is sent ─────────────────────────────────────────────────────────────────────────────────────

def check(document):
    """What bars sending: gaps in the minutes, a remark of the chair without an answer, nobody to sign."""
    protocol = protocol_of(document)
    problems = [*missing(protocol.meeting)]
    if protocol.remarks.open().exists():
        problems.append(Problem(UNANSWERED, "remarks"))
    if not document.stamps.active().filter(kind=Stamp.Kind.SIGN, place=Stamp.Place.FOOT).exists():
        problems.append(Problem(NOT_SIGNED_BY_ANYBODY, "stamps"))
    return problems


def remarks(document):
    """What is said before it is sent and bars nothing: a meeting too small to decide, a speaker who was not there."""
    protocol = protocol_of(document)
    voting = protocol.meeting.participants.filter(votes=True)
    present = voting.filter(attendance=Participant.Attendance.PRESENT).count()
    said = Quorum(protocol.quorum, voting.count(), present).warning, absent_speakers(source_of(protocol))
    return [words for words in said if words]


def bars_signature_on(meeting, day):
    """Nobody signs what a meeting decided before it met; what is signed today is signed today, whatever day was typed for it."""
    if meeting.date and day < min(meeting.date, timezone.localdate()):
        return f"Заседание было {date_short(meeting.date)}: подписать раньше нельзя. Проверьте дату на бумаге."
    return ""


def default_stamps(document):
    """Signature lines of the meeting's chair and secretary, the role for the post; who logs in signs on the portal."""
    leaders = document.protocol.meeting.participants.leading().in_order().select_related("person")
    return [
        {
            "kind": Stamp.Kind.SIGN, "place": Stamp.Place.FOOT, "side": Stamp.Side.LEFT, "step": 1,
            "post": POSTS[each.role], "name": signature_form(each.name), "signer": each.person,
            "method": Stamp.Method.ELECTRONIC if each.person and each.person.can_log_in else Stamp.Method.INK,
        }
        for each in leaders
    ]


def unsigned_leaders(source, stamps):
    """(role, name) of who leads by the minutes while the lines to sign name somebody else; a line for them may stand apart."""
    lines = [stamp for stamp in stamps if stamp.kind == Stamp.Kind.SIGN and stamp.place == Stamp.Place.FOOT and not stamp.removed]
    leaders = [each for each in source["participants"] if each["role"] in POSTS]
    if not lines:
        return []  # that bars the sending anyway
    return [(each["role"], each["name"]) for each in leaders
            if not any(signs_as(line, POSTS[each["role"]], each["person"], signature_form(each["name"])) for line in lines)]


def absent_speakers(source):
    """«Отмечены отсутствующими, но выступают: Ким А.В. (вопрос 2).»; empty when whoever speaks was there."""
    heard = [item for item in every(source["items"]) if was_heard(item)]
    absent = [each for each in source["participants"] if each["attendance"] != Participant.Attendance.PRESENT]
    found = {each["name"]: [item["number"] for item in heard if speaks(each, item)] for each in absent}
    told = [f"{name} (вопрос {', '.join(numbers)})" for name, numbers in found.items() if numbers]
    return f"Отмечены отсутствующими, но выступают: {', '.join(told)}. Проверьте явку." if told else ""


def speaks(participant, item):
    """Whether the question names this participant after СЛУШАЛИ or a line of ВЫСТУПИЛИ begins with the name."""
    name = plain_words(participant["name"])
    if not name:
        return False
    if participant["person"] and any(each["person"] == participant["person"] for each in item["speakers"]):
        return True
    return any(plain_words(each["text"]).startswith(name) for each in (*item["speakers"], *item["discussed"]))


def signs_as(line, post, person, name):
    """Whether the line is of this person in this post; a post typed by hand is trusted."""
    same = line.signer_id == person if person else line.name == name
    return same and (line.post == post or line.post not in POSTS.values())


# ── who may read ──────────────────────────────────────────────────────────────────────────────────────────

def readable(user):
    """The office and the heads read everything, a signer what one is asked to sign, chair and secretary the draft too.

    Participants and members of the body read what is in force, unless any edition of it had a closed question.
    """
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, READS_WORKING):
        return Q()
    mine = deciding_for(user)
    there = Participant.objects.filter(meeting__protocol__document=OuterRef("pk"), person__in=mine)
    member = Membership.objects.current().filter(body__meetings__protocol__document=OuterRef("pk"), person__in=mine)
    in_force = Q(in_force__isnull=False, protocol__had_closed=False)
    return asked_to_sign(user) | Q(Exists(there.leading())) | in_force & (Q(Exists(there)) | Q(Exists(member)))


def leads(user, document):
    """The chair and the secretary read what is being prepared."""
    return Participant.objects.leading().filter(meeting__protocol__document=document, person__in=deciding_for(user)).exists()


def people(document):
    """To whom the protocol in force can be sent: who took part, who speaks, who got something to do.

    One with a closed question goes to nobody but the chair and the secretary; the rest get extracts.
    """
    if document.in_force is None:
        return []
    source = document.in_force.snapshot["source"]
    ids = leaders_of(source) if has_closed(source) else people_of(source)
    return list(User.objects.active().filter(pk__in=ids).in_order())


def has_closed(source):
    return any(item["closed"] for item in every(source["items"]))


def leaders_of(source):
    leading = (Participant.Role.CHAIR, Participant.Role.SECRETARY)
    return {each["person"] for each in source["participants"] if each["role"] in leading} - {None}


def people_of(source):
    ids = {each["person"] for each in source["participants"]}
    for item in every(source["items"]):
        ids |= {each["person"] for each in item["speakers"]}
        for resolution in item["resolutions"]:
            ids |= {resolution["executor"], resolution["controller"], *resolution["co_executors"]}
    return ids - {None}


def every(items):
    """Questions and sub-questions of a source, in order."""
    for item in items:
        yield item
        yield from every(item["children"])


# ── issued, annulled, abandoned ───────────────────────────────────────────────────────────────────────────

def on_issued(document, edition):
    """Assignments and search entries appear in the transaction of the issue; a closed question is remembered for good."""
    if has_closed(edition.snapshot["source"]):
        Protocol.objects.filter(document=document).update(had_closed=True)
    create_from_protocol(document, edition)
    write_entries(document, edition)


def on_annulled(document):
    """Its meeting opens for the next protocol; what it asked and what it was found by end with it."""
    Protocol.objects.filter(document=document).update(annulled=True)
    record("annul_protocol", document.protocol.meeting, "Протокол отменён, можно собрать другой", by=None)
    cancel_from_protocol(document)
    drop_entries(document)


def restore(document, snapshot):
    """Put the meeting and its minutes back as they are in force; what was added meanwhile leaves the agenda."""
    protocol = protocol_of(document)
    source = snapshot["source"]
    restore_form(protocol, source)
    restore_meeting(protocol.meeting, source["meeting"])
    restore_participants(protocol.meeting, source["participants"])
    restore_items(protocol.meeting, source["items"])


def restore_form(protocol, source):
    protocol.is_short = source["form"] == SHORT
    protocol.quorum = source["quorum"]["rule"]
    for name in ("heading", "organization", "decided_word", "attendance_limit", "attachments", "opinions"):
        setattr(protocol, name, source[name])
    protocol.version += 1
    protocol.save()


def restore_meeting(meeting, part):
    meeting.date, meeting.start, meeting.end = day(part["date"]), hour(part["start"]), hour(part["end"])
    meeting.place, meeting.title = part["place"], part["title"]
    meeting.version += 1
    meeting.save()


def day(value):
    return date.fromisoformat(value) if value else None


def hour(value):
    return time.fromisoformat(value) if value else None


def restore_participants(meeting, parts):
    """The list as it was: known rows keep what calendars were told, the rest leaves; chair and secretary change hands."""
    known = list(meeting.participants.all())
    kept = []
    for position, part in enumerate(parts):
        row = next((each for each in known if is_the_same(each, part)), None) or Participant(meeting=meeting)
        known = [each for each in known if each is not row]
        row.person_id = part["person"]
        for name in ("name", "post", "role", "votes", "attendance", "note"):
            setattr(row, name, part[name])
        row.position = position
        kept.append(row)
    meeting.participants.filter(pk__in=[each.pk for each in known]).delete()
    meeting.participants.update(role=Participant.Role.GUEST)  # one chair and one secretary at any moment
    for row in kept:
        row.save()


def is_the_same(participant, part):
    if part["person"] or participant.person_id:
        return participant.person_id == part["person"]
    return participant.name == part["name"]


def restore_items(meeting, parts):
    known = {str(item.uid): item for item in meeting.items.all()}
    decisions = {str(each.uid): each for each in Resolution.objects.filter(item__meeting=meeting)}
    meeting.items.update(position=None)
    Resolution.objects.filter(item__meeting=meeting).update(position=None)
    restore_level(parts, None, known, decisions)


def restore_level(parts, parent, known, decisions):
    for position, part in enumerate(parts, start=1):
        item = known[part["uid"]]
        for name in ("title", "formula", "is_misc", "added", "inclusion_vote", "outcome", "outcome_note", "heard", "discussed",
                     "vote", "plan_line"):
            setattr(item, name, part[name])
        item.closed = part["closed"] and not (parent and parent.closed)
        item.plan_item_id, item.parent, item.position = part["plan_item"], parent, position
        item.version += 1
        item.save()
        restore_speakers(item, part["speakers"])
        for place, told in enumerate(part["resolutions"], start=1):
            restore_resolution(decisions[told["uid"]], item, place, told)
        restore_level(part["children"], item, known, decisions)


def restore_speakers(item, parts):
    item.speakers.all().delete()
    AgendaSpeaker.objects.bulk_create(
        AgendaSpeaker(item=item, text=part["text"], declined=part["declined"], person_id=part["person"], position=place)
        for place, part in enumerate(parts)
    )


def restore_resolution(resolution, item, place, part):
    for name in ("text", "is_charge", "executor_text", "due", "is_permanent"):
        setattr(resolution, name, part[name])
    resolution.due_start, resolution.due_end = day(part["due_start"]), day(part["due_end"])
    resolution.executor_id, resolution.controller_id = part["executor"], part["controller"]
    resolution.item, resolution.position = item, place
    resolution.version += 1
    resolution.save()
    resolution.co_executors.set(part["co_executors"])
    resolution.institutions.set(part["institutions"])


PROTOCOL = register(
    Kind(
        code=Protocol.KIND,
        name="Протокол",
        gender="m",
        issued_word="Подписан",
        change_permission="meetings.change_paper",
        content=content,
        check=check,
        readable=readable,
        reads_working=leads,
        url=lambda document: document.protocol.get_absolute_url(),
        restore=restore,
        default_stamps=default_stamps,
        remarks=remarks,
        bars_signature_on=lambda document, day: bars_signature_on(document.protocol.meeting, day),
        on_issued=on_issued,
        on_annulled=on_annulled,
        date=lambda document: document.protocol.meeting.date,
        prints_number=True,
        responsibles=people,
        drafts=lambda user: papers_changed_by(user, "protocol__meeting"),
    )
)
