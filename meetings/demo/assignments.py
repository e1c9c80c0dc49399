"""What became of the demonstration's assignments: done, late, returned, put off, half ticked."""
from datetime import timedelta

from django.utils import timezone

from projectoffice.accounts.models import Institution, User

from ..models import Assignment
from ..services.assignment_work import (
    accept_report,
    ask_extension,
    decide_extension,
    report_done,
    return_report,
    tick_institutions,
)

BY_LETTER = "письмо"


def create(last, this):
    """Follows what the protocols of these plans gave; expects ``demo.meetings``."""
    logins = ("sekretar", "metodist", "ofis", "shkola12")
    secretary, recorder, chair, school = (User.objects.get(username=login) for login in logins)
    given = {each.text: each for each in Assignment.objects.select_related("meeting")}
    for assignment in given.values():
        if assignment.meeting.plan_id == last.pk and assignment.due_end:
            done(assignment, recorder, late=9 if "график" in assignment.text else 0)
    for text, assignment in given.items():
        if text.startswith("Представить отчёты, которых"):
            ticked(assignment, recorder, leave=3)
        elif text.startswith("Подготовить договор"):
            put_off(assignment, recorder, chair)
        elif text.startswith("Представить отчёты о восьми"):
            returned(assignment, school, chair)
        elif text.startswith(("Назначить встречи", "Разместить порядок")):
            done(assignment, recorder)


def done(assignment, recorder, *, late=0):
    """The executor's letter was entered by the office; the controller accepted it."""
    day = assignment.due_end + timedelta(days=late)
    if day > timezone.localdate():
        return
    if assignment.ticks.exists():
        ticked(assignment, recorder, leave=0)
    letter = {} if assignment.executor_id == recorder.pk else {"source": BY_LETTER, "source_date": day}
    report_done(assignment, by=recorder, text="Сделано, материалы переданы в офис.", done_on=day, **letter)
    assignment.refresh_from_db()
    accept_report(assignment, by=assignment.controller, report=assignment.reports.first())


def ticked(assignment, recorder, *, leave):
    places = list(Institution.objects.filter(pk__in=assignment.ticks.values("institution")))
    tick_institutions(assignment, places[:len(places) - leave], by=recorder, done_on=min(assignment.due_end, timezone.localdate()))


def put_off(assignment, recorder, chair):
    """The executor asked for another date; the chair granted it."""
    day = max(timezone.localdate(), assignment.due_end) + timedelta(days=12)
    ask_extension(assignment, by=recorder, due_after=day, reason="Одна из площадок меняет юридический адрес.")
    assignment.refresh_from_db()
    decide_extension(assignment, by=chair, extension=assignment.extensions.first(), granted=True)


def returned(assignment, school, chair):
    """The school's report came back with words."""
    if assignment.meeting.date >= timezone.localdate():
        return
    report_done(assignment, by=school, text="Отправили отчёты о шести проектах.", done_on=timezone.localdate())
    assignment.refresh_from_db()
    return_report(assignment, by=chair, report=assignment.reports.first(), reason="Не хватает отчётов о двух проектах.")
