"""What everybody ought to know of a meeting now, who does not know it yet, and the words for it. Reads only."""
import hashlib
from datetime import date, time
from functools import cached_property
from urllib.parse import urlsplit

from django.conf import settings

from projectoffice.accounts.models import OfficeProfile, Substitution
from projectoffice.common.mail import absolute
from projectoffice.common.office_time import zone_of
from projectoffice.common.russian import date_long

from ..models import Meeting, Participant
from .agendas import Agendas, minutes_of
from .calendar_file import CalendarEvent, Mailbox

DAYS = ("понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье")
FACTS = {"day": "день", "start": "начало", "end": "окончание", "place": "место", "title": "тема", "agenda": "повестка"}


class Telling:
    """A meeting with its people and the agenda as each of them may see it; the same few queries for any number."""

    def __init__(self, meeting, *, participants=None, items=None):
        """``participants`` (with their people) and ``items`` may be given by who has read all of them already."""
        self.meeting = meeting
        if participants is None:
            participants = list(Participant.objects.filter(meeting=meeting).select_related("person").in_order())
        self.participants, self.marks = participants, {}
        people = {each.person_id: each.person for each in self.participants if each.person_id}
        held = Substitution.objects.current().filter(absent__in=list(people)).select_related("acting")
        self.acting = {each.absent_id: each.acting for each in held}
        leading = (Participant.Role.CHAIR, Participant.Role.SECRETARY)
        self.agendas = Agendas(
            meeting, [*people.values(), *self.acting.values()], items=items,
            leaders={each.person_id for each in participants if each.role in leading and each.person_id},
        )

    @cached_property
    def office(self):
        return OfficeProfile.load()

    def addressees(self, participant):
        """``(person, absent)`` of the letters about this participant: the person, and who acts for the person.

        Who acts and is expected oneself has a letter of one's own.
        """
        person = participant.person
        if person is None:
            return []
        found = [(person, None)]
        acting = self.acting.get(person.pk)
        if acting and acting.pk not in {each.person_id for each in self.participants}:
            found.append((acting, person))
        return [(receiver, absent) for receiver, absent in found if receiver.email]

    def facts(self, participant):
        """What this participant ought to know, as it is kept once told."""
        return self.known_to_all | {"agenda": self.mark_of(self.agendas.of(participant.person))}

    @cached_property
    def known_to_all(self):
        """The facts that are the same for everybody: all but the agenda."""
        meeting = self.meeting
        return {
            "day": meeting.date.isoformat() if meeting.date else "",
            "start": f"{meeting.start:%H:%M}" if meeting.start else "",
            "end": f"{meeting.end:%H:%M}" if meeting.end else "",
            "place": meeting.place,
            "title": meeting.title,
        }

    def mark_of(self, questions):
        """A short mark of an agenda; most people see the same one, whose text is made once."""
        if questions is self.agendas.all:
            return self.mark_of_all
        seen = tuple(question.item.pk for question in questions)
        if seen not in self.marks:
            self.marks[seen] = short_mark(questions)
        return self.marks[seen]

    @cached_property
    def mark_of_all(self):
        return short_mark(self.agendas.all)

    @cached_property
    def uninformed(self):
        """Participants a letter can reach and who do not know what is so now."""
        return [each for each in self.participants if self.addressees(each) and each.told != self.facts(each)]

    def event(self, questions, **more):
        return event_of(self.meeting, self.office, questions, **more)


def short_mark(questions):
    return hashlib.sha256(agenda_text(questions).encode()).hexdigest()[:32]


def event_of(meeting, office, questions, *, receiver=None, url="", **more):
    """The meeting as a calendar is told of it, with this reader's questions."""
    text = agenda_text(questions)
    return CalendarEvent(
        uid=f"{meeting.uid}@{urlsplit(settings.SITE_URL).hostname}",
        sequence=meeting.sequence,
        told_at=meeting.invited_at or meeting.changed_at,
        day=meeting.date or meeting.moved_from,
        start=meeting.start,
        end=meeting.end,
        minutes=minutes_of(questions),
        zone=zone_of(office.time_zone),
        summary=summary_of(meeting),
        place=meeting.place,
        description=f"{text}\n\n{url}" if url else text,
        url=url,
        organizer=Mailbox(office.name, office.email or settings.DEFAULT_FROM_EMAIL),
        receiver=receiver,
        **more,
    )


def link_for(meeting, person):
    """The page of the meeting for who can open it."""
    return absolute(meeting.get_absolute_url()) if person.can_log_in else ""


def summary_of(meeting):
    """«Заседание Проектного офиса: итоги года»."""
    words = f"Заседание {meeting.body.genitive}"
    return f"{words}: {meeting.title}" if meeting.title else words


def subject_of(meeting, day):
    """«Заседание рабочей группы, 4 июня 2027 г., 14:00»."""
    parts = [summary_of(meeting), date_long(day) if day else "", f"{meeting.start:%H:%M}" if day and meeting.start else ""]
    return ", ".join(filter(None, parts))


def when(meeting, office, day):
    """«4 июня 2027 г., пятница, 14:00–16:00. Время – Самара.»."""
    words = f"{date_long(day)}, {DAYS[day.weekday()]}"
    if not meeting.start:
        return f"{words}. Время начала сообщим позже."
    hours = f"{meeting.start:%H:%M}–{meeting.end:%H:%M}" if meeting.end else f"{meeting.start:%H:%M}"
    return f"{words}, {hours}. Время – {office.zone_name}."


def what_when_where(meeting, office, day):
    rows = [f"Тема: {meeting.title}"] if meeting.title else []
    if day:
        rows.append(f"Когда: {when(meeting, office, day)}")
    rows.append(f"Где: {meeting.place}" if meeting.place else "Место сообщим позже.")
    return "\n".join(rows)


def told_day(told):
    """The day somebody was told, as a date; None where no day was."""
    return date.fromisoformat(told["day"]) if told.get("day") else None


def subject_off(meeting, told):
    """«Заседание рабочей группы, было назначено на 4 июня 2027 г.»: nobody may read it as the day that stands."""
    day = told_day(told)
    return f"{summary_of(meeting)}, было назначено на {date_long(day)}" if day else summary_of(meeting)


def what_was_when(meeting, told):
    """What a meeting that is off was, and the day and hour this person knew."""
    rows, day = [f"Тема: {meeting.title}"] if meeting.title else [], told_day(told)
    if day:
        hour = f", {told['start']}" if told.get("start") else ""
        rows.append(f"Было назначено на {date_long(day)} ({DAYS[day.weekday()]}){hour}.")
    return "\n".join(rows)


def agenda_text(questions):
    """The agenda in lines, sub-questions a step in; a sentence when there is none yet."""
    if not questions:
        return "Повестка готовится."
    lines = [f"{'   ' if question.number.count('.') > 1 else ''}{question.line}" for question in questions]
    return "\n".join(["Повестка:", *lines])


def what_changed(before, after):
    """«Изменилось: начало (было 14:00), место (было «каб. 21»), повестка.»."""
    names = []
    for fact, name in FACTS.items():
        if before.get(fact) != after[fact]:
            was = said(fact, before.get(fact))
            names.append(f"{name} (было {was})" if was else name)
    return f"Изменилось: {', '.join(names)}." if names else ""


def said(fact, value):
    """What was told before, in words; nothing for the agenda, which stands in the letter itself."""
    if not value or fact == "agenda":
        return ""
    if fact == "day":
        return date_long(value)
    return f"{time.fromisoformat(value):%H:%M}" if fact in ("start", "end") else f"«{value}»"


def moved(meeting):
    """«Заседание перенесено с 4 июня 2027 г. Причина: ремонт», or nothing when it came back to its day."""
    if meeting.moved_from == meeting.date:
        return ""
    because = f" Причина: {meeting.reason}" if meeting.reason else ""
    return f"Заседание перенесено с {date_long(meeting.moved_from)}{because}"


def is_off_for_good(meeting):
    return meeting.state == Meeting.State.CANCELLED
