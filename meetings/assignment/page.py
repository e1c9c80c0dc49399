"""What the page of one assignment shows to one person: facts, parts, words exchanged, what can be done now. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Prefetch

from projectoffice.accounts.access import may
from projectoffice.common.history import history_of
from projectoffice.common.russian import date_long
from projectoffice.documents.models import Document

from ..models import Assignment, AssignmentExtension, AssignmentReport, AssignmentTick
from . import words
from .listing import grounds_of
from .workflow import (
    can,
    enters_for_another,
    is_moment,
    judge,
    judges_own,
    office_has_another,
    ticks_of,
)

STATE = Assignment.State


def for_page(assignments):
    """Assignments with everything the page reads; the number of queries does not grow with parts or reports."""
    people = ("by", "recorded_by", "decided_by")
    return assignments.select_related(
        "executor", "controller", "document__in_force", "meeting__body", "created_by"
    ).defer(
        "document__in_force__snapshot", "document__in_force__text", "document__in_force__stamps"
    ).prefetch_related(
        "co_executors",
        Prefetch("ticks", AssignmentTick.objects.select_related("institution", "by")),
        Prefetch("reports", AssignmentReport.objects.select_related(*people, "source_file").prefetch_related("files")),
        Prefetch("extensions", AssignmentExtension.objects.select_related("by", "decided_by")),
    )


@dataclass
class AssignmentPage:
    """Everything the templates ask; each answer is found once."""

    assignment: Assignment
    user: object

    @cached_property
    def day(self):
        return words.today()

    @cached_property
    def badges(self):
        return words.badges(self.assignment, self.day)

    @cached_property
    def ground(self):
        return grounds_of([self.assignment], self.user)[self.assignment.pk]

    @cached_property
    def of_this_decision(self):
        """Other assignments of the same decision, newest first: given by another edition or by a protocol that was annulled."""
        if self.assignment.resolution_id is None:
            return []
        others = Assignment.objects.visible_to(self.user).filter(resolution=self.assignment.resolution_id)
        return list(others.exclude(pk=self.assignment.pk).annotate(told=Count("reports")).order_by("-pk"))

    @property
    def given_anew(self):
        return [each for each in self.of_this_decision if each.pk > self.assignment.pk]

    @property
    def given_before(self):
        return [each for each in self.of_this_decision if each.pk < self.assignment.pk]

    @property
    def stays_done(self):
        """Done for a protocol that was annulled since, and nobody was asked again; told to who may know the protocol."""
        document = self.assignment.document
        is_annulled = document is not None and document.state == Document.State.ANNULLED
        return is_annulled and self.assignment.state == STATE.DONE and bool(self.ground.words) and not self.given_anew

    @property
    def moved(self):
        return words.moved_words(self.assignment)

    @property
    def whom(self):
        return words.whom(self.assignment)

    @property
    def executor_presence(self):
        return words.presence(self.assignment.executor) if self.assignment.is_open else ""

    @property
    def controller_presence(self):
        return words.presence(self.assignment.controller) if self.assignment.is_open else ""

    @property
    def due(self):
        """The due date in a sentence, with the words of the paper where they say something else."""
        assignment = self.assignment
        if assignment.due_end:
            return f"до {date_long(assignment.due_end)}"
        return words.due_words(assignment)

    @property
    def due_is_unclear(self):
        return self.assignment.is_open and words.due_is_unclear(self.assignment)

    @property
    def due_as_typed(self):
        """The words of the paper, where they are not just the date; after an extension, until when it was at first."""
        assignment = self.assignment
        if assignment.extension_count and assignment.first_due_end:
            return f"сначала был до {date_long(assignment.first_due_end)}"
        return f"«{assignment.due}»" if assignment.due_end and words.due_says_more(assignment) else ""

    @cached_property
    def report_on_check(self):
        waits = self.assignment.state == STATE.REPORTED
        return next((each for each in self.assignment.reports.all() if waits and not each.verdict), None)

    @cached_property
    def reports(self):
        return [(each, words.entered_by_office(each)) for each in self.assignment.reports.all() if each != self.report_on_check]

    @property
    def returned_report(self):
        """The report that came back and waits to be written better."""
        is_back = self.assignment.state == STATE.RETURNED
        return next((each for each in self.assignment.reports.all() if is_back and each.verdict == each.Verdict.RETURNED), None)

    @cached_property
    def extension_asked(self):
        is_open = self.assignment.is_open
        return next((each for each in self.assignment.extensions.all() if is_open and not each.verdict), None)

    @property
    def extensions(self):
        return [each for each in self.assignment.extensions.all() if each != self.extension_asked]

    @property
    def entered_by_office(self):
        return words.entered_by_office(self.report_on_check)

    @cached_property
    def ticks(self):
        return list(self.assignment.ticks.all())

    @property
    def ticked(self):
        return sum(tick.done_on is not None for tick in self.ticks)

    @property
    def progress(self):
        return words.progress_words(self.ticked, len(self.ticks))

    @property
    def all_ticked(self):
        return bool(self.ticks) and self.ticked == len(self.ticks)

    @cached_property
    def own_ticks(self):
        """Ids of the parts this person may tick now."""
        return {tick.pk for tick in ticks_of(self.assignment, self.user)} if self.may_tick else set()

    @property
    def left_to_report(self):
        """All have ticked and it has not been told; a permanent one is told of as often as one likes."""
        told = self.assignment.is_permanent and any(each.verdict == "accepted" for each in self.assignment.reports.all())
        return self.all_ticked and self.may_report and not told

    @property
    def left_ticks(self):
        return [tick for tick in self.ticks if tick.pk in self.own_ticks and not tick.done_on]

    # What can be done now

    @cached_property
    def may_tick(self):
        return bool(self.ticks) and can(self.assignment, "tick", self.user)

    @cached_property
    def may_report(self):
        return can(self.assignment, "report", self.user)

    @cached_property
    def report_words(self):
        return "Внести отчёт" if enters_for_another(self.assignment, self.user) else "Отчитаться"

    @cached_property
    def may_extend(self):
        return self.extension_asked is None and can(self.assignment, "extend", self.user)

    @cached_property
    def controls(self):
        """Whether this person judges words about such assignments, if perhaps not the own."""
        return self.assignment.is_open and may(self.user, "meetings.control_assignment", self.assignment)

    @cached_property
    def may_decide(self):
        return self.report_on_check is not None and self.controls and not judges_own(self.assignment, self.user, self.reporters)

    @property
    def reporters(self):
        report = self.report_on_check
        return {report.by_id, report.recorded_by_id} if report else set()

    @property
    def askers(self):
        return {self.extension_asked.by_id} if self.extension_asked else set()

    @cached_property
    def may_decide_extension(self):
        return self.extension_asked is not None and self.controls and not judges_own(self.assignment, self.user, self.askers)

    @cached_property
    def may_cancel(self):
        return can(self.assignment, "cancel", self.user)

    @property
    def primary(self):
        """The one filled button: what this person is asked to do first."""
        if self.may_decide:
            return "accept"
        if self.may_decide_extension:
            return "extension"
        if self.may_tick and self.left_ticks and not self.reports_oneself:
            return "tick"
        return "report" if self.may_report else ""

    @property
    def reports_oneself(self):
        """The executor's first thing is the report; for people of institutions, their own part."""
        return self.assignment.executor_id == self.user.pk

    @property
    def who_checks(self):
        return self.who_judges(self.reporters)

    @property
    def who_grants(self):
        return self.who_judges(self.askers)

    def who_judges(self, authors):
        """Who decides on words that are this person's own; what to do when nobody is left."""
        if person := judge(self.assignment, authors):
            return person.short_name
        if office_has_another(self.assignment):
            return "другой сотрудник Проектного офиса"
        return "только другой человек, а такого сотрудника в Проектном офисе пока нет: попросите администратора добавить его"

    @cached_property
    def may_hand_over(self):
        return may(self.user, "accounts.hand_over")

    @property
    def controller_name(self):
        """Who checks: the controller, unless it is one of those who do it."""
        person = judge(self.assignment, self.reporters | self.askers)
        return person.short_name if person else "Проектный офис"

    @property
    def awaited(self):
        """The executor, or how many of the institutions are ready; the words for a group stand in the dative."""
        if self.assignment.executor:
            return self.whom
        return f"отметили {self.progress}" if self.ticks else ""

    @property
    def whom_label(self):
        """What stands before ``whom``: «Поручено: всем школам»."""
        is_group = not self.assignment.executor and self.assignment.executor_text
        return "Поручено" if is_group else "Исполнитель"

    @property
    def waits_for(self):
        """Who acts next, in a sentence; empty when everything is done."""
        if is_moment(self.assignment, "accept"):
            return f"Отчёт проверяет: {self.controller_name}"
        if self.extension_asked:
            return f"О переносе срока решает: {self.controller_name}"
        if self.assignment.is_open and self.assignment.is_permanent:
            return "Исполняется постоянно, пока не снимут с контроля"
        if self.assignment.is_open:
            return f"Ждём исполнения: {self.awaited}" if self.awaited else "Ждём исполнения"
        return ""

    @cached_property
    def events(self):
        return history_of(self.assignment)[:50]
