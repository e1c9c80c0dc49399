"""Verbs of a meeting: when and where it is, and what becomes of it."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.models import Membership
from projectoffice.accounts.services.changing import check_version, lay_over
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import date_short, plural
from projectoffice.common.text import clean_text

from ..meeting.telling import Telling
from ..meeting.words import ended
from ..models import Meeting, Participant, Protocol
from ..plan.in_force import period_of, rows_in_force
from . import agenda, invitations
from .door import open_meeting
from .participants import put_members
from .protocol import follow_meeting

STATE = Meeting.State
LIMITS = {"title": 300, "place": 300}


@transaction.atomic
def create_meeting(body, *, by, plan=None, title="", date=None, start=None, end=None, place=""):
    """A meeting in preparation; without ``plan`` an extraordinary one."""
    require(by, "meetings.create_meeting")
    if body.is_closed:
        raise ValidationError({"body": "Этот орган упразднён, заседаний у него больше нет."})
    meeting = Meeting(body=body, plan=plan, created_by=person_of(by),
                      **cleaned({"title": title, "date": date, "start": start, "end": end, "place": place}))
    check_when(meeting)
    meeting.save()
    record("create_meeting", meeting, "Создано заседание", by=by)
    return meeting


@transaction.atomic
def meeting_from_plan(rows, *, by, lines=None, meeting=None):
    """A meeting that hears rows of a plan in force, or those rows on the agenda of one that is being prepared.

    ``rows`` are PlanItems of one plan; ``lines`` is {row pk: places of lines}, without it whatever no meeting has yet.
    The day is proposed only when the term names just one; responsibles are suggested as speakers, never set.
    """
    rows = list(rows)
    if meeting is None:
        plan = rows[0].plan
        meeting = create_meeting(plan.body, by=by, plan=plan, date=proposed_day(plan, rows))
    agenda.take_lines(meeting, rows, by=by, lines=lines)
    return meeting


def proposed_day(plan, rows):
    """The one day the terms of these rows name, inside the period of the plan; None when they name none or several."""
    wanted = {row.pk for row in rows}
    period = period_of(plan)
    days = {row.exact_day(period) for row in rows_in_force(plan) if row.item.pk in wanted}
    day = days.pop() if len(days) == 1 else None
    return day if day and period[0] <= day <= period[1] else None


@transaction.atomic
def save_meeting(meeting, *, by, version, **fields):
    """Change title, day, hours or place. Saved twice, the second call changes nothing.

    After the announcement nobody hears of it by itself: the page offers «Разослать изменения».
    """
    meeting = open_meeting(meeting, by)
    changed = {name: value for name, value in cleaned(fields).items() if getattr(meeting, name) != value}
    if not changed:
        return meeting
    check_version(meeting, version)
    changes = lay_over(meeting, changed)
    check_when(meeting)
    if meeting.state in (STATE.ANNOUNCED, STATE.HELD):
        refuse_gaps(gaps(meeting) if meeting.state == STATE.ANNOUNCED else gaps(meeting, ("date",)))
    stored(meeting)
    if "date" in changes:
        follow_meeting(meeting)
    record("save_meeting", meeting, "Изменено: " + words_of(changes), by=by, changes=changes)
    return meeting


@transaction.atomic
def announce_meeting(meeting, *, by):
    """The meeting is announced and everybody is invited; without participants the body's members are taken.

    Effects: invitations with a calendar event; who heard of it before gets an update of the same event.
    """
    meeting = open_meeting(meeting, by, "announce")
    refuse_gaps(gaps(meeting))
    if not meeting.items.present().top().exists():
        raise ValidationError({"agenda": "Впишите в повестку хотя бы один вопрос."})
    if not meeting.participants.exists():
        put_members(meeting)
    meeting.state = STATE.ANNOUNCED
    meeting.known_since = meeting.known_since or timezone.now()
    stored(meeting)
    record("announce_meeting", meeting, f"Объявлено на {date_short(meeting.date)}", by=by)
    invitations.invite(meeting, by=by)
    return meeting


@transaction.atomic
def invite_meeting(meeting, *, by):
    """Tell everybody what changed since they were invited, and invite who was added."""
    meeting = open_meeting(meeting, by, "invite")
    invitations.tell_change(meeting, by=by)
    return meeting


@transaction.atomic
def move_meeting(meeting, *, by, version, reason, date=None, start=None, end=None, place=""):
    """Put a meeting on another day, or off without a day yet; the reason is told to those who were invited.

    With a day an announced meeting stays announced; without one it is «Перенесено» until it is announced anew.
    """
    meeting = open_meeting(meeting, by, "move")
    reason = read_reason(reason, "Напишите, почему переносим: причину увидят приглашённые.")
    fields = cleaned({"date": date, "start": start, "end": end, "place": place})
    if all(getattr(meeting, name) == value for name, value in fields.items()):
        if meeting.reason == reason:
            return meeting
        raise ValidationError({"date": "Это тот же день и час. Укажите новые или оставьте день пустым."})
    check_version(meeting, version)
    was_told, before = meeting.state == STATE.ANNOUNCED, meeting.date
    changes = lay_over(meeting, fields)
    check_when(meeting)
    meeting.reason = reason
    if before and before != meeting.date:
        meeting.moved_from = before
    if meeting.date is None:
        meeting.state = STATE.MOVED
    elif was_told:
        refuse_gaps(gaps(meeting))
    elif meeting.state == STATE.MOVED:
        meeting.state = STATE.DRAFT
    stored(meeting)
    where = f"на {date_short(meeting.date)}" if meeting.date else "без даты"
    record("move_meeting", meeting, f"Перенесено {where}: {reason}", by=by, changes=changes)
    if meeting.date is None:
        invitations.tell_cancel(meeting, by=by, reason=reason)
    elif was_told:
        invitations.tell_change(meeting, by=by)
    return meeting


@transaction.atomic
def cancel_meeting(meeting, *, by, reason):
    """The meeting will not be; who was invited hears of it and the event leaves their calendars."""
    meeting = open_meeting(meeting, by, "cancel")
    meeting.reason = read_reason(reason, "Напишите, почему отменяем: причину увидят приглашённые.")
    meeting.state = STATE.CANCELLED
    stored(meeting)
    record("cancel_meeting", meeting, f"Отменено: {meeting.reason}", by=by)
    invitations.tell_cancel(meeting, by=by, reason=meeting.reason)
    return meeting


@transaction.atomic
def redraft_meeting(meeting, *, by):
    """Back to preparation; nobody is told, the agenda and what was written stay. A meeting with a protocol was held."""
    meeting = open_meeting(meeting, by, "redraft")
    keep_held(meeting)
    meeting.state, meeting.reason = STATE.DRAFT, ""
    meeting.started_at = meeting.held_at = None
    stored(meeting)
    record("redraft_meeting", meeting, "Возвращено в подготовку", by=by)
    return meeting


@transaction.atomic
def hold_meeting(meeting, *, by):
    """The meeting took place; minutes can be written before and after."""
    meeting = open_meeting(meeting, by, "hold")
    refuse_gaps(gaps(meeting, ("date",)))
    meeting.state, meeting.held_at = STATE.HELD, timezone.now()
    meeting.known_since = meeting.known_since or meeting.held_at
    stored(meeting)
    record("hold_meeting", meeting, f"Проведено {date_short(meeting.date)}", by=by)
    return meeting


@transaction.atomic
def copy_meeting(source, *, by, title="", date=None, start=None, end=None, place=""):
    """A meeting with the agenda of another (questions, speakers, minutes) and its participants.

    Nothing of what was said, decided or who came is taken; the rows of a plan stay with the first meeting.
    """
    meeting = create_meeting(source.body, by=by, title=title, date=date, start=start, end=end, place=place)
    meeting.copied_from = source
    meeting.save(update_fields=["copied_from"])
    asked = source.items.present().visible_to(by)
    children = list(asked.filter(parent__isnull=False).order_by("position").prefetch_related("speakers"))
    for item in asked.top().order_by("position").prefetch_related("speakers"):
        copy = agenda.copied(item, meeting, by=by, keeps_plan=False)
        for child in children:
            if child.parent_id == item.pk:
                agenda.copied(child, meeting, by=by, parent=copy, keeps_plan=False)
    Participant.objects.bulk_create(
        Participant(meeting=meeting, person_id=each.person_id, name=each.name, post=each.post, role=each.role,
                    votes=each.votes, position=each.position)
        for each in source.participants.exclude(role=Participant.Role.GUEST)
    )
    record("copy_meeting", meeting, f"Повестка и участники взяты: {source}", by=by, changes={"source": source.pk})
    return meeting


# What the verbs stand on

def keep_held(meeting):
    """TransitionNotAllowed for a meeting whose protocol is put together: it tells of a meeting that took place."""
    if Protocol.objects.filter(meeting=meeting).exists():
        raise TransitionNotAllowed("По заседанию собран протокол: оно проведено. День, время и место исправляют кнопкой «Изменить».")


def cleaned(fields):
    return {name: clean_text(value or "", limit=LIMITS[name]) if name in LIMITS else value for name, value in fields.items()}


def check_when(meeting):
    """ValidationError beside the field for what cannot be: an end without a beginning, a day outside the plan."""
    if meeting.end and not meeting.start:
        raise ValidationError({"start": "Укажите и начало."})
    if meeting.end and meeting.end <= meeting.start:
        raise ValidationError({"end": "Окончание должно быть позже начала."})
    if meeting.plan_id:
        agenda.check_period(meeting, meeting.plan)


GAPS = {"date": "Укажите день заседания.", "start": "Укажите, во сколько начало.", "place": "Укажите место."}


def gaps(meeting, names=tuple(GAPS)):
    """{field: sentence} of what a meeting must have and has not."""
    return {name: GAPS[name] for name in names if not getattr(meeting, name)}


def refuse_gaps(missing):
    if missing:
        raise ValidationError(missing)


def read_reason(reason, sentence):
    reason = clean_text(reason or "", limit=500)
    if not reason:
        raise ValidationError({"reason": sentence})
    return reason


def stored(meeting):
    meeting.version += 1
    meeting.changed_at = timezone.now()
    meeting.save()


NAMES = {"title": "тема", "date": "день", "start": "начало", "end": "окончание", "place": "место"}


def words_of(changes):
    return ", ".join(NAMES[name] for name in NAMES if name in changes)



# Words for those who confirm

def who_will_be_told(meeting):
    """To how many people the invitation goes, and whom to phone because no letter reaches them."""
    telling = Telling(meeting)
    if not telling.participants:
        members = Membership.objects.on(meeting.date or timezone.localdate()).filter(body=meeting.body).values("person").distinct().count()
        return ("Участников пока нет, и в составе органа никого: приглашать некого." if not members else
                f"Участников пока нет: будет взят состав органа – {members} {plural(members, 'человек,человека,человек')}. "
                "Каждый, у кого есть почта, получит приглашение для календаря.")
    reached = [each for each in telling.participants if telling.addressees(each)]
    silent = [each.name for each in telling.participants if not telling.addressees(each)]
    words = f"Приглашение для календаря получат: {len(reached)} {plural(len(reached), 'человек,человека,человек')}."
    return ended(f"{words} Без почты, их надо пригласить иначе: {', '.join(silent)}") if silent else words


def who_will_hear(meeting):
    """To how many people a move or a cancellation goes."""
    told = sum(bool(each.told) for each in Telling(meeting).participants)
    people = f"{told} {plural(told, 'человек,человека,человек')}"
    if meeting.state == STATE.ANNOUNCED:
        return f"Письмо с причиной и обновлением календаря сразу уйдёт приглашённым: {people}."
    if not told:
        return "Писем не будет: заседание не объявлено."
    return (f"О заседании уже знают приглашённые: {people}. Об отмене, и если новый день не назначен, письмо уйдёт сразу, "
            "о новом дне – когда объявите.")


def about_holding(meeting):
    if meeting.date > timezone.localdate():
        return f"Этот день ещё не наступил. Если заседание прошло раньше {date_short(meeting.date)}, сначала измените день."
    return "После этого можно записать ход, решения и собрать протокол. Писем не будет."
