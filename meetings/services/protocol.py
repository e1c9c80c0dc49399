"""Verbs of the protocol: put it together, change its form, show it to the chair, answer remarks."""
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.models import OfficeProfile
from projectoffice.accounts.services.changing import check_version
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.hashing import content_hash
from projectoffice.common.history import record
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import date_short
from projectoffice.common.text import clean_text
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.services.stamps import add_stamp, put_default_stamps, save_stamp

from ..kinds.protocol import signs_as
from ..meeting.workflow import demand
from ..minutes.problems import missing
from ..models import AgendaItem, AgendaSpeaker, Meeting, Participant, Protocol, ProtocolRemark
from ..plan.in_force import plans_for
from ..protocol.declension import about, accusative
from .door import open_meeting

CHANGE = "meetings.change_paper"
NO_DAY = "Укажите день заседания: им датируется протокол."
NOT_A_DRAFT = "Замечания пишут к черновику. Подписанный протокол меняют новой редакцией."
# What the protocol adds to the minutes, and how the history names it.
FORM = {
    "is_short": "краткая форма", "decided_word": "слово решения", "heading": "заголовок", "organization": "организация",
    "attendance_limit": "сколько присутствующих перечислять", "attachments": "приложения", "opinions": "особое мнение",
}
REMARK_LIMIT, ANSWER_LIMIT = 4000, 1000


# ── putting it together ───────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def create_protocol(meeting, *, by):
    """«Собрать протокол»: a draft from the agenda and the minutes; asked twice, it is the same one.

    After an annulment it is another document with a number of its own.

    Effects: the meeting is held, formulas and declined names that nobody typed are suggested, signature lines of
    the chair and the secretary stand under the text. Raises ValidationError with everything that is missing.
    """
    meeting = locked(meeting)
    require(by, CHANGE, meeting)
    if known := meeting.protocol:
        return known
    demand(meeting, "minutes", by)
    gaps = [problem.message for problem in missing(meeting)] or ([] if meeting.date else [NO_DAY])
    if gaps:
        raise ValidationError(gaps)
    office = OfficeProfile.load()
    document = Document.objects.create(
        kind=Protocol.KIND, title=title_of(meeting), body=meeting.body, year=meeting.date.year, created_by=person_of(by)
    )
    protocol = Protocol.objects.create(
        document=document, meeting=meeting, heading=heading_of(meeting), organization=office.department,
        attendance_limit=office.attendance_limit, quorum=meeting.body.quorum,
    )
    hold(meeting)
    suggest(meeting)
    put_default_stamps(document)
    record("create_protocol", document, "Протокол собран", by=by)
    record("create_protocol", meeting, "Собран протокол, заседание проведено", by=by)
    return protocol


def title_of(meeting):
    return f"Протокол {heading_of(meeting)} от {date_short(meeting.date)}"[:300]


def heading_of(meeting):
    """«заседания Проектного офиса»; beside a plan in force a meeting outside it is extraordinary."""
    outside = meeting.is_extraordinary and plans_for(meeting.body, meeting.date).exists()
    return f"{'внеочередного ' if outside else ''}заседания {meeting.body.genitive}"


def hold(meeting):
    if meeting.state != Meeting.State.HELD:
        meeting.state, meeting.held_at = Meeting.State.HELD, now()
        meeting.known_since = meeting.known_since or meeting.held_at
    meeting.version += 1
    meeting.save(update_fields=["state", "held_at", "known_since", "version"])


def suggest(meeting):
    """Fill formulas and declined names that are still empty; whatever was typed stays. Returns how many were filled."""
    items = list(AgendaItem.objects.filter(meeting=meeting, formula="", position__isnull=False))
    speakers = list(AgendaSpeaker.objects.filter(item__meeting=meeting, item__position__isnull=False, declined="")
                    .select_related("person"))
    for item in items:
        item.formula = "" if item.is_misc else about(item.title)[:1000]
    for speaker in speakers:
        speaker.declined = accusative(speaker.text, patronymic_of(speaker))[:300]
    changed = [item for item in items if item.formula and item.formula != item.title]
    for item in changed:
        item.version += 1
    AgendaItem.objects.bulk_update(changed, ["formula", "version"])
    AgendaSpeaker.objects.bulk_update(speakers, ["declined"])
    return len(changed) + len(speakers)


def patronymic_of(speaker):
    return speaker.person.patronymic if speaker.person else ""


def follow_meeting(meeting):
    """Title and year of a protocol in preparation tell the day of its meeting; part of the verb that changes that day.

    A number that was taken stays with the year it was taken in.
    """
    document = Document.objects.filter(protocol__meeting=meeting, state=Document.State.DRAFT).first()
    if document and meeting.date:
        document.title = title_of(meeting)
        document.year = meeting.date.year if document.number is None else document.year
        document.save(update_fields=["title", "year"])


@transaction.atomic
def put_signers(protocol, *, by):
    """The lines to sign follow the chair and the secretary of the minutes; what names them already stays."""
    document = open_for_edit(protocol.document, by)
    lines = list(document.stamps.active().filter(kind=Stamp.Kind.SIGN, place=Stamp.Place.FOOT))
    for fields in document.spec.default_stamps(document):
        person, name = fields["signer"], fields["name"]
        if any(signs_as(line, fields["post"], person and person.pk, name) for line in lines):
            continue
        before = next((line for line in lines if line.post == fields["post"]), None)
        if before:
            save_stamp(before, by=by, version=before.version, name=name, signer=person, method=fields["method"])
        else:
            add_stamp(document, by=by, **fields)
    return protocol


# ── its form ──────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def save_protocol_form(protocol, *, by, version, number_text=None, **fields):
    """Save what the protocol adds to the minutes: short or full, the word of the decision, heading, lists, number.

    ``number_text`` is the number of an outside journal; empty leaves the number to the portal. The same form sent
    twice changes nothing; StaleVersion when somebody saved another one meanwhile.
    """
    document = open_for_edit(protocol.document, by)
    protocol = Protocol.objects.select_related("document", "meeting__body").get(pk=protocol.pk)
    changed = {name: value for name, value in fields.items() if name in FORM and getattr(protocol, name) != value}
    new_number = number_text is not None and number_text != document.number_text
    if not changed and not new_number:
        return protocol
    check_version(protocol, version)
    if new_number:
        check_number(document, number_text)
        document.number_text = number_text
        document.save(update_fields=["number_text"])
    for name, value in changed.items():
        setattr(protocol, name, value)
    protocol.version += 1
    protocol.save()
    words = [FORM[name] for name in changed] + ["номер"] * new_number
    record("save_protocol_form", document, f"Изменено: {', '.join(words)}", by=by)
    return protocol


def check_number(document, number_text):
    """An outside number is typed once a year; two protocols of a body never bear the same one."""
    if not number_text:
        return
    others = Document.objects.filter(kind=document.kind, body=document.body, year=document.year).exclude(pk=document.pk)
    taken = others.filter(number_text=number_text).exists()
    if not taken and number_text.isascii() and number_text.isdecimal() and len(number_text) < 10:
        taken = others.filter(number=int(number_text), number_text="").exists()
    if taken:
        raise ValidationError({"number_text": f"Протокол № {number_text} за {document.year} год уже есть."})


@transaction.atomic
def switch_form(protocol, *, by, is_short):
    """«Полный» or «Краткий»: the other print of the same minutes; asked twice, nothing changes."""
    document = open_for_edit(protocol.document, by)
    protocol = Protocol.objects.get(pk=protocol.pk)
    if protocol.is_short != is_short:
        protocol.is_short = is_short
        protocol.version += 1
        protocol.save(update_fields=["is_short", "version"])
        record("switch_form", document, "Краткая форма" if is_short else "Полная форма", by=by)
    return protocol


@transaction.atomic
def suggest_words(protocol, *, by):
    """Suggest formulas and declined names for what came later; returns how many were filled."""
    document = open_for_edit(protocol.document, by)
    count = suggest(protocol.meeting)
    if count:
        record("suggest_words", document, f"Предложены формулы и падежи: {count}", by=by)
    return count


@transaction.atomic
def save_wording(item, formula, declined, *, by, version):
    """How a question is written in the agenda and the protocol, and its speakers after СЛУШАЛИ (``{pk: text}``).

    An empty formula prints the question as it is. ``version`` is the ``wording_version`` the form was opened on: what
    else is written about the question meanwhile is no collision.
    """
    meeting = open_meeting(item.meeting, by, "minutes")
    item = AgendaItem.objects.select_related("meeting").prefetch_related("speakers").get(pk=item.pk)
    speakers = [each for each in item.speakers.all() if declined.get(each.pk, each.declined) != each.declined]
    if formula == item.formula and not speakers:
        return item
    if version != wording_version(item):
        raise StaleVersion(wording_now(item))
    item.formula = formula
    item.version += 1
    item.changed_by, item.changed_at = person_of(by), timezone.now()
    item.save()
    for speaker in speakers:
        speaker.declined = declined[speaker.pk]
        speaker.save(update_fields=["declined"])
    record("save_wording", meeting, f"Вопрос «{item.title[:120]}»: как в протоколе", by=by, changes={"item": str(item.uid)})
    return item


def wording_version(item):
    """A fingerprint of the formula and the declined names; expects the speakers."""
    return content_hash([item.formula, {str(each.pk): each.declined for each in item.speakers.all()}])[:16]


def wording_now(item):
    """What is written now, by the fields of the form, to stand beside what was typed."""
    names = {f"declined-{each.pk}": each.declined for each in item.speakers.all()}
    return SimpleNamespace(formula=item.formula or item.title, version=wording_version(item), **names)


# ── the chair's remarks ───────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def show_to_chair(protocol, *, by, key):
    """Ask the chair by letter to read the draft; the same ``key`` (of the form) writes once."""
    document = open_for_edit(protocol.document, by)
    protocol = Protocol.objects.select_related("meeting").get(pk=protocol.pk)
    chair = person_in_role(protocol.meeting, Participant.Role.CHAIR)
    if chair is None or not chair.email:
        raise ValidationError("У председателя нет почты на портале. Напечатайте проект и передайте на бумаге.")
    post(
        key=f"show_protocol:{protocol.pk}:{key}",
        person=chair,
        subject=f"Прочитайте проект: {document.title}",
        body=f"Проект протокола готов: «{document.title}».\n\nПрочитать и написать замечания: {link(protocol)}\n",
        about=document,
    )
    protocol.shown_to_chair_at = timezone.now()
    protocol.save(update_fields=["shown_to_chair_at"])
    record("show_to_chair", document, f"Показан председателю: {chair.short_name}", by=by)
    return protocol


@transaction.atomic
def add_remark(protocol, text, *, by, item=None):
    """The chair says what to change in a draft; the secretary hears of it by letter."""
    document = draft_of(protocol, by, "meetings.remark_protocol")
    text = read(text, "text", "Напишите, что исправить.", REMARK_LIMIT)
    if item is not None and item.meeting_id != protocol.meeting_id:
        raise ValidationError({"item": "Этот вопрос из другого заседания. Обновите страницу."})
    remark = ProtocolRemark.objects.create(protocol=protocol, item=item, text=text, by=by)
    answered_by_chair(protocol)
    record("add_remark", document, "Замечание председателя", by=by, changes={"remark": remark.pk})
    tell_keepers(protocol, by, key=f"remark:{remark.pk}", subject=f"Замечание председателя: {document.title}",
                 body=f"{by.signature_name} пишет к проекту «{document.title}»:\n\n{text}\n\nОтветить: {link(protocol)}#remarks\n")
    return remark


@transaction.atomic
def no_remarks(protocol, *, by):
    """«Замечаний нет»: the chair has read the draft as it was shown; the secretary hears of it. Said twice, it is said once."""
    document = draft_of(protocol, by, "meetings.remark_protocol")
    asked = Protocol.objects.asked_of_the_chair().filter(pk=protocol.pk).first()
    if asked is None:
        return protocol
    answered_by_chair(protocol)
    record("no_remarks", document, "У председателя замечаний нет", by=by)
    tell_keepers(protocol, by, key=f"no_remarks:{protocol.pk}:{asked.shown_to_chair_at.isoformat()}",
                 subject=f"Замечаний нет: {document.title}",
                 body=f"{by.signature_name} – о проекте «{document.title}»: замечаний нет.\n\nОткрыть протокол: {link(protocol)}\n")
    return protocol


def tell_keepers(protocol, by, *, key, subject, body):
    """A letter to those who keep the protocol, but for who wrote it."""
    for person in keepers(protocol, besides=by):
        post(key=f"{key}:{person.pk}", person=person, subject=subject, body=body, about=protocol.document)


def answered_by_chair(protocol):
    protocol.chair_answered_at = timezone.now()
    protocol.save(update_fields=["chair_answered_at"])


@transaction.atomic
def accept_remark(remark, *, by, answer=""):
    """The text was mended; the chair hears of it."""
    return answer_remark(remark, ProtocolRemark.State.ACCEPTED, read(answer, "answer", "", ANSWER_LIMIT), by=by)


@transaction.atomic
def decline_remark(remark, *, by, answer):
    """The text stays; the chair reads why."""
    answer = read(answer, "answer", "Напишите, почему замечание отклонено: это прочитает председатель.", ANSWER_LIMIT)
    return answer_remark(remark, ProtocolRemark.State.DECLINED, answer, by=by)


def answer_remark(remark, state, answer, *, by):
    document = draft_of(remark.protocol, by, CHANGE)
    remark = ProtocolRemark.objects.select_for_update(of=("self",)).select_related("by", "protocol").get(pk=remark.pk)
    if remark.state == state:
        return remark
    if remark.state != ProtocolRemark.State.OPEN:
        raise TransitionNotAllowed("На это замечание уже ответили.")
    remark.state, remark.answer = state, answer
    remark.answered_by, remark.answered_at = person_of(by), timezone.now()
    remark.save()
    record("answer_remark", document, f"Замечание председателя: {remark.get_state_display().lower()}", by=by,
           changes={"remark": remark.pk})
    if remark.by != by:
        words = f" {remark.answer}" if remark.answer else ""
        post(
            key=f"remark:{remark.pk}:{remark.state}",
            person=remark.by,
            subject=f"{remark.get_state_display()}: замечание к протоколу",
            body=f"Ваше замечание к проекту «{document.title}»:\n\n{remark.text}\n\n{remark.get_state_display()}.{words}\n\n"
            f"Открыть протокол: {link(remark.protocol)}\n",
            about=document,
        )
    return remark


# ── inside a verb ─────────────────────────────────────────────────────────────────────────────────────────

def draft_of(protocol, by, permission):
    """The locked document of a protocol in preparation, for one who may."""
    document = locked(protocol.document)
    require(by, permission, document)
    if not document.is_draft:
        raise TransitionNotAllowed(NOT_A_DRAFT)
    return document


def read(text, field, empty, limit):
    try:
        text = clean_text(text, multiline=True, limit=limit)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal
    if empty and not text:
        raise ValidationError({field: empty})
    return text


def person_in_role(meeting, role):
    found = meeting.participants.filter(role=role).select_related("person").first()
    return found.person if found else None


def keepers(protocol, *, besides):
    """Who answers remarks: the meeting's secretary and who put the protocol together."""
    people = [person_in_role(protocol.meeting, Participant.Role.SECRETARY), protocol.document.created_by]
    return {person.pk: person for person in people if person and person != besides and person.is_active}.values()


def link(protocol):
    return absolute(reverse("meetings:protocol", args=[protocol.pk]))
