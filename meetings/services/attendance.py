"""Who came: marked on a tablet as people enter, or all at once from the paper sheet."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projectoffice.accounts.access import person_of
from projectoffice.accounts.names import name_key
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.text import clean_text

from ..minutes import addressees
from ..models import Participant
from .door import open_meeting

NAME_LIMIT, POST_LIMIT, NOTE_LIMIT, MOST_GUESTS, MOST_PARTICIPANTS = 200, 300, 200, 50, 500
PRESENT = Participant.Attendance.PRESENT


@transaction.atomic
def mark_attendance(participant, attendance, note="", *, by, base=None):
    """Somebody was there, was excused or was absent; ``note`` says what the protocol should know.

    ``base`` is the pair (attendance, note) the page showed: another one by now is StaleVersion, unless it is
    what is wanted. Raises ValidationError, keyed by the field.
    """
    meeting = open_meeting(participant.meeting, by, "minutes")
    participant = Participant.objects.get(pk=participant.pk)
    wanted = (read_attendance(attendance), read_note(note))
    stored = (participant.attendance, participant.note)
    if stored == wanted:
        return participant
    if base is not None and stored != tuple(base):
        raise StaleVersion(participant)
    participant.attendance, participant.note = wanted
    participant.save(update_fields=["attendance", "note"])
    words = participant.get_attendance_display().lower()
    record("mark_attendance", meeting, f"{participant.name}: {words}", by=by,
           changes={"participant": participant.pk, "before": stored[0], "after": wanted[0]})
    return participant


@transaction.atomic
def add_guests(meeting, text, *, by):
    """«Пришёл приглашённый»: typed people, one per line, each as «Ким А.В., директор школы № 5».

    Who stands in the list already is marked present, so the same lines sent twice are done once. A guest does not
    vote. Returns the participants; all of them or none.
    """
    meeting = open_meeting(meeting, by, "minutes")
    typed = [read_guest(line) for line in clean_text(text, multiline=True).split("\n") if line.strip()]
    if not typed:
        raise ValidationError({"guests": "Впишите, кто пришёл: фамилию и инициалы."})
    known = list(meeting.participants.select_related("person"))
    if len(typed) > MOST_GUESTS or len(known) + len(typed) > MOST_PARTICIPANTS:
        raise ValidationError({"guests": f"За один раз можно вписать не больше {MOST_GUESTS} человек, "
                                         f"всего в списке – {MOST_PARTICIPANTS}."})
    return [come(meeting, known, name, post, by) for name, post in typed]


def come(meeting, known, name, post, by):
    found = next((each for each in known if is_called(each, name)), None)
    if found is None:
        found = add_guest(meeting, name, post, by)
        known.append(found)
    elif found.attendance != PRESENT:
        found.attendance = PRESENT
        found.save(update_fields=["attendance"])
        record("mark_attendance", meeting, f"{found.name}: присутствует", by=by, changes={"participant": found.pk})
    return found


def add_guest(meeting, name, post, by):
    person = addressees.person_called(f"{name}, {post}") if post else None
    person = person or (addressees.person_called(name) if len(name.split()) > 2 else None)
    last = meeting.participants.aggregate(last=Max("position"))["last"] or 0
    guest = Participant.objects.create(
        meeting=meeting, person=person, name=person.short_name if person else name, post=post,
        role=Participant.Role.GUEST, votes=False, attendance=PRESENT, position=last + 1,
    )
    record("add_guest", meeting, f"Пришёл приглашённый: {guest.name}", by=by,
           changes={"participant": guest.pk, "by": getattr(person_of(by), "pk", None)})
    return guest


def is_called(participant, name):
    """The same printed name, or the full name of the linked person."""
    names = [participant.name, *([participant.person.full_name, participant.person.short_name] if participant.person else [])]
    keys = [name_key(each) for each in names]
    return any(addressees.same(each, name) for each in names) or (name_key(name) is not None and name_key(name) in keys)


def read_guest(line):
    name, _, post = line.partition(",")
    try:
        name, post = clean_text(name, limit=NAME_LIMIT), clean_text(post, limit=POST_LIMIT)
    except ValidationError as refusal:
        raise ValidationError({"guests": refusal.messages}) from refusal
    if not name:
        raise ValidationError({"guests": "В каждой строке сначала имя, потом через запятую должность: "
                                         "«Ким А.В., директор школы № 5»."})
    return name, post


def read_attendance(attendance):
    if attendance not in Participant.Attendance.values:
        raise ValidationError({"attendance": "Отметьте: присутствует, отсутствует или по уважительной причине."})
    return attendance


def read_note(note):
    try:
        return clean_text(note, limit=NOTE_LIMIT)
    except ValidationError as refusal:
        raise ValidationError({"note": refusal.messages}) from refusal
