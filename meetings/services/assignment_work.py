"""Work on an assignment: report, accept or return, a later date, ticks of institutions."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of
from projectoffice.accounts.services.on_behalf import check_source
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import date_short

from ..assignment import letters
from ..assignment.words import accepted_words, office_day
from ..assignment.workflow import OWN_REPORT, OWN_REQUEST, demand, enters_for_another, refuse_own, ticks_of
from ..models import Assignment, AssignmentExtension, AssignmentReport

STATE = Assignment.State
OTHER_REPORT = "Это уже другой отчёт. Прочитайте его и решите снова."
FIRST_DAY, LAST_DAY = "Этот день раньше, чем дано поручение ({day}).", "Этот день ещё не наступил."


def save(assignment, **values):
    """Store these fields with one step of the version."""
    for name, value in values.items():
        setattr(assignment, name, value)
    assignment.version += 1
    assignment.save(update_fields=[*values, "version"])


def given_on(assignment):
    """The first day on which something of it could be done: of the meeting, or of giving it by hand."""
    given = office_day(assignment.created_at)
    held = assignment.meeting.date if assignment.meeting_id else None
    return min(given, held) if held else given


def check_day(assignment, day, field="done_on"):
    """A day of doing is not in the future by the database's clock, and not before the assignment."""
    if day > office_day(now()):
        raise ValidationError({field: LAST_DAY})
    if day < given_on(assignment):
        raise ValidationError({field: FIRST_DAY.format(day=date_short(given_on(assignment)))})


# The report

@transaction.atomic
def report_done(assignment, *, by, text, done_on, files=(), source="", source_date=None, source_file=None):
    """Tell that it is done; the controller is asked to check.

    The office enters for the executor what came by letter, phone or paper: then source and date are kept, and who
    entered it.
    """
    assignment = locked(assignment)
    demand(assignment, "report", by)
    if not text.strip():
        raise ValidationError({"text": "Напишите, что сделано: без этого проверять нечего."})
    check_day(assignment, done_on)
    entered = enters_for_another(assignment, by)
    if entered:
        check_source(source, source_date)
    report = AssignmentReport.objects.create(
        assignment=assignment, text=text.strip(), done_on=done_on, at=now(),
        by=assignment.executor if entered else person_of(by), recorded_by=person_of(by) if entered else None,
        source=source.strip() if entered else "", source_date=source_date if entered else None,
        source_file=source_file if entered else None,
    )
    report.files.set(files)
    save(assignment, state=STATE.REPORTED)
    record("report_assignment", assignment, "Отчёт внесён офисом" if entered else "Отчёт отправлен", by=by,
           on_behalf_of=principal(assignment, by), changes={"report": report.pk})
    letters.reported(assignment, report)
    return report


def principal(assignment, by):
    """For whom this person speaks in the history: the executor one acts for, or for whom the office enters."""
    executor = assignment.executor
    own = executor is None or executor.pk == by.pk or assignment.co_executors.filter(pk=by.pk).exists()
    return None if own else executor


@transaction.atomic
def accept_report(assignment, *, by, report, answer=""):
    """The report shown is good: the assignment is done on the day the report tells. ``report`` is the one that was read.

    A permanent one goes on: it ends only when it is taken off control.
    """
    assignment, report = shown_report(assignment, "accept", by, report)
    decide(report, AssignmentReport.Verdict.ACCEPTED, answer, by=by)
    save(assignment, **({"state": STATE.ACTIVE} if assignment.is_permanent else {"state": STATE.DONE, "done_on": report.done_on}))
    record("accept_report", assignment, accepted_words(assignment), by=by, changes={"report": report.pk})
    letters.decided(assignment, report)
    return assignment


@transaction.atomic
def return_report(assignment, *, by, report, reason):
    """The report shown is not enough: the assignment is in work again, the executor reads why."""
    assignment, report = shown_report(assignment, "return", by, report)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, чего не хватает, – без этого исполнитель не поймёт, за что взяться."})
    decide(report, AssignmentReport.Verdict.RETURNED, reason, by=by)
    save(assignment, state=STATE.RETURNED)
    record("return_report", assignment, f"Отчёт возвращён: {reason.strip()}", by=by, changes={"report": report.pk})
    letters.decided(assignment, report)
    return assignment


def shown_report(assignment, verb, by, shown):
    """The locked assignment and its report on check, if it is the one this person read and did not write."""
    assignment = locked(assignment)
    demand(assignment, verb, by)
    report = assignment.reports.get(verdict="")
    if report.pk != shown.pk:
        raise StaleVersion(assignment, OTHER_REPORT)
    refuse_own(assignment, by, {report.by_id, report.recorded_by_id}, OWN_REPORT)
    return assignment, report


def decide(part, verdict, answer, *, by):
    """Write the answer to a report or to a request."""
    part.verdict, part.answer = verdict, answer.strip()
    part.decided_by, part.decided_at = person_of(by), now()
    part.save(update_fields=["verdict", "answer", "decided_by", "decided_at"])


# A later date

@transaction.atomic
def ask_extension(assignment, *, by, due_after, reason):
    """Ask for a later date; one request at a time waits for an answer."""
    assignment = locked(assignment)
    demand(assignment, "extend", by)
    check_later(assignment, due_after)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему нужен другой срок."})
    if assignment.extensions.filter(verdict="").exists():
        raise TransitionNotAllowed("Просьба о переносе уже отправлена и ждёт решения.")
    extension = AssignmentExtension.objects.create(
        assignment=assignment, due_before=assignment.due_end, due_after=due_after, reason=reason.strip(),
        by=person_of(by), at=now(),
    )
    save(assignment)
    record("ask_extension", assignment, f"Просьба перенести срок на {date_short(due_after)}", by=by,
           on_behalf_of=principal(assignment, by), changes={"reason": extension.reason})
    letters.extension_asked(assignment, extension)
    return extension


def check_later(assignment, day):
    if day <= assignment.due_end:
        raise ValidationError({"due_after": f"Новый срок должен быть позже нынешнего: {date_short(assignment.due_end)}."})
    if day < office_day(now()):
        raise ValidationError({"due_after": "Этот день уже прошёл. Укажите день не раньше сегодняшнего."})


@transaction.atomic
def decide_extension(assignment, *, by, extension, granted, due_after=None, answer=""):
    """Grant the request shown, perhaps until another day, or refuse it with words; each grant is counted."""
    assignment = locked(assignment)
    demand(assignment, "decide_extension", by)
    shown = assignment.extensions.filter(verdict="", pk=extension.pk).first()
    if shown is None:
        raise TransitionNotAllowed("На эту просьбу уже ответили.")
    refuse_own(assignment, by, {shown.by_id}, OWN_REQUEST)
    return grant(assignment, shown, due_after or shown.due_after, answer, by=by) if granted else refuse(assignment, shown, answer, by=by)


def grant(assignment, extension, due_after, answer, *, by):
    check_later(assignment, due_after)
    decide(extension, AssignmentExtension.Verdict.GRANTED, answer, by=by)
    before = assignment.due_end
    save(assignment, due_end=due_after, extension_count=assignment.extension_count + 1)
    record("decide_extension", assignment, f"Срок перенесён: {date_short(before)} → {date_short(due_after)}", by=by,
           changes={"before": before.isoformat(), "after": due_after.isoformat()})
    letters.extension_decided(assignment, extension)
    return extension


def refuse(assignment, extension, answer, *, by):
    if not answer.strip():
        raise ValidationError({"answer": "Напишите, почему срок остаётся прежним."})
    decide(extension, AssignmentExtension.Verdict.REFUSED, answer, by=by)
    save(assignment)
    record("decide_extension", assignment, f"В переносе срока отказано: {answer.strip()}", by=by)
    letters.extension_decided(assignment, extension)
    return extension


# The tick list

@transaction.atomic
def tick_institutions(assignment, institutions, *, by, done_on=None, note=""):
    """Mark the parts of these institutions as done; marked ones stay as they are. Whether the whole list is ticked now."""
    assignment = locked(assignment)
    demand(assignment, "tick", by)
    check_day(assignment, done_on := done_on or office_day(now()))
    chosen = allowed_ticks(assignment, institutions, by)
    left = [tick for tick in chosen if tick.done_on is None]
    for tick in left:
        tick.done_on, tick.note, tick.by, tick.at = done_on, note.strip(), person_of(by), now()
        tick.save(update_fields=["done_on", "note", "by", "at"])
        record("tick_institution", assignment, f"Исполнено: {tick.institution}", by=by)
    if left:
        save(assignment)
    return not assignment.ticks.filter(done_on__isnull=True).exists()


@transaction.atomic
def untick_institution(assignment, institution, *, by):
    """Take a mark back, while nobody has reported on the whole."""
    assignment = locked(assignment)
    demand(assignment, "tick", by)
    for tick in allowed_ticks(assignment, [institution], by):
        if tick.done_on is None:
            return
        tick.done_on, tick.note, tick.by, tick.at = None, "", None, None
        tick.save(update_fields=["done_on", "note", "by", "at"])
        save(assignment)
        record("untick_institution", assignment, f"Отметка снята: {tick.institution}", by=by)


def allowed_ticks(assignment, institutions, by):
    """The parts of these institutions; PermissionDenied when one of them is not this person's to tick."""
    wanted = {place.pk for place in institutions}
    own = {tick.institution_id: tick for tick in ticks_of(assignment, by)}
    if not wanted:
        raise ValidationError({"institutions": "Отметьте хотя бы одно учреждение."})
    if not wanted <= own.keys():
        raise PermissionDenied("meetings.report_assignment")
    return [own[pk] for pk in wanted]
