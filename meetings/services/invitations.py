"""Telling people and their calendars of a meeting: one event, each telling under a higher SEQUENCE.

The verbs of a meeting call these inside their transaction, after they stored the state that is to be told. Each
letter is written to one person: the agenda as that person may see it, no other address. Who knows already what is
to be told gets nothing: a telling asked for twice is done once, and of a closed question that changes nobody hears
who may not know of it.
"""
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.accounts.models import User
from projectoffice.common.db import locked, now
from projectoffice.common.history import record
from projectoffice.common.mail import post
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import full_stop, plural

from ..meeting import telling as words
from ..meeting.calendar_file import CANCEL, REQUEST, Mailbox, calendar_file
from ..meeting.telling import Telling
from ..meeting.workflow import PERMISSION
from ..models import Meeting, Participant

CALENDAR = "text/calendar; method={}; charset=utf-8"
FILES = {REQUEST: "Приглашение.ics", CANCEL: "Отмена.ics"}


def invite(meeting, *, by):
    """A REQUEST to every participant with an address; the first telling is SEQUENCE 0. Returns how many letters."""
    return tell(meeting, by=by)


def tell_change(meeting, *, by):
    """A REQUEST under the next SEQUENCE to all for whom something changed, and to the newly added."""
    return tell(meeting, by=by)


@transaction.atomic
def tell(meeting, *, by):
    require(by, PERMISSION, meeting)
    known = locked(meeting)
    telling = Telling(meeting)
    if not telling.uninformed:
        return 0
    step(meeting, known)
    count = sum(ask(telling, each) for each in telling.uninformed)
    record("invite", meeting, f"Приглашения и изменения: {letters(count)}", by=by)
    return count


@transaction.atomic
def tell_cancel(meeting, *, by, reason=""):
    """A CANCEL under the next SEQUENCE to all who were invited: the meeting is off, or moved to no day yet."""
    require(by, PERMISSION, meeting)
    known = locked(meeting)
    telling = Telling(meeting)
    informed = [each for each in telling.participants if each.told]
    if not informed:
        return 0
    step(meeting, known)
    written = written_substitutes(meeting)
    count = sum(call_off(telling, each, written.get(each.pk, ()), cancelled(telling, reason)) for each in informed)
    record("tell_cancel", meeting, f"Отмена: {letters(count)}", by=by)
    return count


@transaction.atomic
def uninvite(participant, *, by):
    """A CANCEL to one who is no longer expected, before the row goes; nothing when this person knew of nothing."""
    meeting = participant.meeting
    require(by, PERMISSION, meeting)
    known = locked(meeting)
    if not participant.told:
        return 0
    telling = Telling(meeting)
    step(meeting, known)
    others = {each.person_id for each in telling.participants if each.pk != participant.pk}
    still_acting = {acting.pk for absent, acting in telling.acting.items() if absent in others}
    written = [person for person in written_substitutes(meeting).get(participant.pk, ()) if person.pk not in still_acting]
    text = ("Отзыв приглашения", "Ваше участие в заседании больше не требуется.")
    count = call_off(telling, participant, written, text)
    record("uninvite", meeting, f"Приглашение отозвано: {participant.name}", by=by)
    return count


def letters(count):
    return f"{count} {plural(count, 'письмо,письма,писем')}"


def step(meeting, known):
    """The next telling: its number and its moment, which every file of it carries."""
    meeting.sequence = known.sequence + 1 if known.invited_at else known.sequence
    meeting.invited_at = now()
    meeting.save(update_fields=["sequence", "invited_at"])


def keep(participant, facts):
    participant.told, participant.invited_sequence = facts, participant.meeting.sequence
    Participant.objects.filter(pk=participant.pk).update(told=facts, invited_sequence=participant.invited_sequence)


def ask(telling, participant):
    """Write to the participant, and to who acts for the participant, what is so now."""
    meeting, facts = telling.meeting, telling.facts(participant)
    changed = words.what_changed(participant.told, facts) if participant.told else ""
    heading = "Изменения" if changed else "Приглашение"
    genitive = meeting.body.genitive
    opening = [f"Заседание {genitive}. {changed}" if changed else f"Приглашаем вас на заседание {genitive}."]
    if meeting.moved_from and participant.told.get("day") != facts["day"]:
        opening.append(words.moved(meeting))
    for person, absent in telling.addressees(participant):
        questions = telling.agendas.of(person)
        send(telling, participant, person, absent, REQUEST, heading, opening, questions)
    participant.meeting = meeting
    keep(participant, facts)
    return len(telling.addressees(participant))


def call_off(telling, participant, written, text):
    """Write to the participant, and to everybody who was written to in the participant's place, that it is off."""
    heading, sentence = text
    receivers = dict(telling.addressees(participant))
    absent = participant.person
    alone = {each.person_id for each in telling.participants}
    receivers |= {person: absent for person in written if person.pk not in alone and person.email}
    for person, instead_of in receivers.items():
        send(telling, participant, person, instead_of, CANCEL, heading, [sentence], None)
    participant.meeting = telling.meeting
    keep(participant, {})
    return len(receivers)


def cancelled(telling, reason):
    """Heading and sentence of a letter that calls the meeting off: for good, or until a new day is known."""
    meeting = telling.meeting
    reason = reason or meeting.reason
    because = f" Причина: {reason}" if reason else ""
    if words.is_off_for_good(meeting):
        return "Отмена", f"Заседание {meeting.body.genitive} отменено.{because}"
    return "Перенос", f"Заседание {meeting.body.genitive} переносится, новый день сообщим.{because}"


def send(telling, participant, person, absent, method, heading, opening, questions):
    """One letter with its calendar file, under a key of its own for this telling."""
    meeting, office = telling.meeting, telling.office
    day = meeting.date or meeting.moved_from
    is_cancel = method == CANCEL
    # Who is no longer expected reads of a meeting that will be; who hears that it is off, of a day that was.
    is_off = is_cancel and meeting.state in (Meeting.State.CANCELLED, Meeting.State.MOVED)
    url = "" if is_cancel else words.link_for(meeting, person)
    receiver = Mailbox(person.full_name, person.email, participant.role == Participant.Role.CHAIR and not absent)
    event = telling.event(questions or [], receiver=receiver, url=url, is_cancelled=is_cancel)
    parts = [
        "\n".join(filter(None, opening)),
        words.what_was_when(meeting, participant.told) if is_off else words.what_when_where(meeting, office, day),
        "" if is_cancel else words.agenda_text(questions),
        full_stop(f"Вы получили это письмо, потому что замещаете: {absent.short_name}") if absent else "",
        f"Открыть: {url}" if url else "",
        "Во вложении – отмена для вашего календаря." if is_cancel else "Во вложении – заседание для вашего календаря.",
        office.whom_to_ask,
    ]
    post(
        key=":".join(str(part) for part in ("meeting", meeting.pk, meeting.sequence, method, participant.pk,
                                            *([person.pk] if absent else []))),
        person=person,
        subject=f"{heading}: {words.subject_off(meeting, participant.told) if is_off else words.subject_of(meeting, day)}",
        body="\n\n".join(filter(None, parts)) + "\n",
        about=meeting,
        attachments=[(FILES[method], CALENDAR.format(method), calendar_file(event, method))],
    )


def written_substitutes(meeting):
    """{participant: people} who were ever invited in somebody's place, whoever acts today."""
    keys = OutgoingMail.objects.filter(key__startswith=f"meeting:{meeting.pk}:", key__contains=f":{REQUEST}:")
    found = {}
    for key, person in keys.values_list("key", "person"):
        parts = key.split(":")
        if len(parts) == 6:
            found.setdefault(int(parts[4]), set()).add(person)
    people = User.objects.in_bulk({person for each in found.values() for person in each})
    return {participant: [people[pk] for pk in sorted(each)] for participant, each in found.items()}
