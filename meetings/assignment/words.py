"""How an assignment is told: its badge, its due date, whom it is for, where it comes from. Pure, but for the clock."""
import re

from django.utils import timezone

from projectoffice.common.db import now
from projectoffice.common.russian import NBSP, date_long, date_short, plural
from projectoffice.common.terms import NOT_UNDERSTOOD

from ..models import Assignment
from .due import read_due

STATE = Assignment.State
SOON = 3
GONE = "выбыл(а)"
NO_ACCESS = "доступ закрыт"
SAYS_UNTIL = re.compile(r"^(в срок )?(до )?")


def office_day(moment):
    """The day a moment belongs to where the office is."""
    return timezone.localtime(moment).date()


def today():
    """The office's day by the database's clock: deadlines trust no other."""
    return office_day(now())


def days(count):
    return f"{count}{NBSP}{plural(count, 'день,дня,дней')}"


def times(count):
    return f"{count}{NBSP}{plural(count, 'раз,раза,раз')}"


def days_late(assignment, day):
    """Days past the due date: of what is still to do on this day, or of what was done; 0 when in time.

    A report being checked waits for the controller, so it makes nobody late.
    """
    if assignment.due_end is None:
        return 0
    last = {STATE.DONE: assignment.done_on, STATE.ACTIVE: day, STATE.RETURNED: day}.get(assignment.state)
    return max((last - assignment.due_end).days, 0) if last else 0


def badges(assignment, day):
    """``(family, word)`` pairs, the state first."""
    late, state = days_late(assignment, day), assignment.state
    if state == STATE.DONE:
        return [("done", "Исполнено с опозданием" if late else "Исполнено")]
    if state == STATE.CANCELLED:
        return [("closed", "Снято с контроля")]
    if state == STATE.REPORTED:
        return [("wait", "На проверке")]
    found = [("alert", "Возвращено")] if state == STATE.RETURNED else []
    if late:
        return [*found, ("alert", f"Просрочено на {days(late)}")]
    return [*found, *going_on(assignment, day, told=bool(found))]


def going_on(assignment, day, *, told):
    """What to say of work that is in time: that it is near its end, permanent, or just going on."""
    left = (assignment.due_end - day).days if assignment.due_end else None
    if left is not None and left <= SOON:
        return [("wait", f"Срок {('сегодня', 'завтра')[left] if left < 2 else f'через {days(left)}'}")]
    if assignment.is_permanent:
        return [("neutral", "Постоянно")]
    found = [] if told else [("progress", "В работе")]
    return [*found, ("wait", NOT_UNDERSTOOD)] if due_is_unclear(assignment) else found


def due_is_unclear(assignment):
    """Whether the term was written in words that mean no day, so that nothing reminds of it."""
    if not assignment.due or assignment.due_end or assignment.is_permanent:
        return False
    return read_due(assignment.due, office_day(assignment.created_at)).is_unclear


def accepted_words(assignment):
    """What an accepted report means for the assignment."""
    return "Отчёт принят, поручение постоянное и остаётся в работе" if assignment.is_permanent else "Отчёт принят, поручение исполнено"


def moved_words(assignment):
    """«срок переносили 2 раза», empty when never."""
    return f"срок переносили {times(assignment.extension_count)}" if assignment.extension_count else ""


def due_words(assignment):
    """The due date as it is shown in a row."""
    if assignment.due_end:
        return date_short(assignment.due_end)
    return assignment.due or ("постоянно" if assignment.is_permanent else "без срока")


def due_long(assignment):
    """The due date as it is told in a letter."""
    return date_long(assignment.due_end) if assignment.due_end else due_words(assignment)


def due_says_more(assignment):
    """Whether the words of the paper say more than the date itself does: «до 15 декабря» does not."""
    typed = SAYS_UNTIL.sub("", " ".join(assignment.due.lower().split()))
    long = " ".join(date_long(assignment.due_end).split())
    just_the_day = {long, long.replace(" г.", ""), long.replace(" г.", " г"), long.replace(" г.", " года"), long.rsplit(" ", 2)[0]}
    return bool(typed) and typed not in just_the_day and date_short(assignment.due_end) not in typed


def due_change(before, now):
    return f"Срок изменился: было {due_long(before)}, стало {due_long(now)}"


def presence(person):
    """Why a person does nothing any more; empty for who works here."""
    if person is None or (person.is_active and not person.left_on):
        return ""
    return GONE if person.left_on else NO_ACCESS


def whom(assignment):
    """Who answers: the person's name, or the words of the paper for a group."""
    return assignment.executor.short_name if assignment.executor else assignment.executor_text or "исполнитель не назван"


def protocol_words(edition):
    """«Протокол № 3 от 04.06.2027» of the edition in force."""
    number = f" №{NBSP}{edition.number_text}" if edition.number_text else ""
    return f"Протокол{number} от {date_short(edition.date)}"


def progress_words(done, total):
    return f"{done} из {total}"


def entered_by_office(report):
    """«внесено офисом: письмо, 10.05.2027», empty for what somebody wrote oneself."""
    if not report.recorded_by_id:
        return ""
    source = ", ".join(filter(None, [report.source, date_short(report.source_date) if report.source_date else ""]))
    return f"внесено офисом: {source}"
