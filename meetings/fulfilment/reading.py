"""Reads what the fulfilment of a plan is made of: a handful of queries, however long the plan and the year were."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q

from projectoffice.documents.models import Document, Edition

from ..models import AgendaItem, Meeting, MeetingPlan, PlanLineMark, Protocol, ProtocolEntry
from . import judging, sums
from .judging import Mark, MeetingFacts, Part, Question, State
from .lines import Found, PlanLine, PlanRow, find_lines, plan_rows


@dataclass(frozen=True)
class LineDone:
    """A line of the plan with what became of it; ``mark`` is the office's own word, said or taken back."""

    line: PlanLine
    state: State
    mark: Mark | None = None

    @property
    def is_marked(self):
        return self.mark is not None and bool(self.mark.verdict)

    @property
    def version(self):
        return self.mark.version if self.mark else 0


@dataclass(frozen=True)
class RowDone:
    """A row with its lines; ``strays`` are words of questions whose line is no longer in the plan."""

    row: PlanRow
    lines: tuple
    strays: tuple = ()

    @property
    def state(self):
        return judging.row_state([each.state for each in self.lines])


@dataclass(frozen=True)
class Fulfilment:
    """What became of a plan by ``day``."""

    plan: MeetingPlan
    edition: Edition
    day: date
    rows: list

    def lines(self):
        return [(row.row.end, each.state) for row in self.rows for each in row.lines]

    @property
    def groups(self):
        return sums.groups(self.lines())

    @property
    def total(self):
        return sums.group(sums.ALL, [state for _, state in self.lines()])


def fulfilment_of(plan, user, day):
    """The fulfilment of the edition in force, by what this person may see. Expects one (``in_force.is_in_force``)."""
    edition = plan.document.in_force
    questions, marks = questions_of(plan, user), marks_of(plan)
    rows = [row_done(row, questions[row.uid], marks[row.uid], last_day=row.end or plan.period_end, day=day)
            for row in plan_rows(edition.snapshot)]
    return Fulfilment(plan, edition, day, rows)


def with_states(snapshot, plan, user, day):
    """The snapshot in force with the State of each row, for the sheet of the plan."""
    states = {done.row.uid: done.state for done in fulfilment_of(plan, user, day).rows}
    sections = [{**section, "rows": [{**row, "state": states[row["uid"]]} for row in section["rows"]]} for section in snapshot["sections"]]
    return {**snapshot, "sections": sections}


def row_done(row, questions, marks, *, last_day, day):
    whole = [(question, None) for question in questions if question.is_of_the_whole_row]
    linked = [question for question in questions if not question.is_of_the_whole_row]
    about = list(zip(linked, find_lines(row, linked), strict=True))
    said = marks_by_place(row, marks)
    lines = tuple(line_done(line, whole, [(question, found) for question, found in about if found and found.line == line],
                            said.get(line.place), last_day=last_day, day=day) for line in row.lines)
    strays = [question.text for question, found in about if found is None and question.says_something]
    return RowDone(row, lines, tuple(dict.fromkeys(strays)))


def marks_by_place(row, marks):
    """{place of a line: (its mark, how it was found)}; of two for one line the first."""
    placed = {}
    for mark, found in zip(marks, find_lines(row, marks), strict=True):
        if found and found.sub is None:
            placed.setdefault(found.line.place, (mark, found))
    return placed


def line_done(line, whole, about, said: tuple[Mark, Found] | None, *, last_day, day):
    mark, place = said or (None, None)
    questions = [*whole, *((question, found.sub) for question, found in about)]
    state = judging.judge(line, questions, mark, last_day=last_day, day=day)
    changed = place.changed if mark and mark.verdict else any(found.changed for _, found in about)
    return LineDone(line, judging.with_remark(state, judging.WORDS_CHANGED) if changed else state, mark)


def questions_of(plan, user):
    """{uid of a row: [Question]}: of agendas, in the order of the meetings."""
    items = list(
        AgendaItem.objects.visible_to(user).filter(Q(plan_item__plan=plan) | Q(parent__plan_item__plan=plan))
        .select_related("meeting", "plan_item").order_by("meeting__date", "meeting_id", "position", "pk")
    )
    protocols = protocols_in_force({item.meeting_id for item in items})
    outcomes = outcomes_in_force(protocols.values())
    standing = {item.pk: outcome for item in items if (outcome := outcome_of(item, protocols, outcomes)) is not None}
    parts = defaultdict(list)
    for item in items:
        if item.parent_id and item.pk in standing:
            parts[item.parent_id].append(Part(item.plan_text or item.title, item.plan_line, standing[item.pk], note_of(item, standing)))
    rows = {item.pk: item.plan_item_id for item in items if item.pk in standing}
    found = defaultdict(list)
    for item in items:
        if item.plan_item_id and item.pk in standing and rows.get(item.parent_id) != item.plan_item_id:
            facts = meeting_facts(item.meeting, protocols.get(item.meeting_id))
            found[str(item.plan_item.uid)].append(Question(
                item.plan_text, item.plan_line, facts, standing[item.pk], note_of(item, standing), tuple(parts[item.pk])))
    return found


def note_of(item, standing):
    """The note belongs to its outcome: one that is being changed says nothing of what is in force."""
    return item.outcome_note if item.outcome == standing[item.pk] else ""


def protocols_in_force(meetings):
    """{meeting: its protocol} for meetings whose protocol is in force; the edition without its content."""
    papers = Document.objects.in_force().select_related("in_force").defer("in_force__snapshot", "in_force__text", "in_force__stamps")
    found = Protocol.objects.filter(meeting__in=meetings, document__in=Document.objects.in_force()).prefetch_related(
        Prefetch("document", papers))
    return {protocol.meeting_id: protocol for protocol in found}


def outcomes_in_force(protocols):
    """{uid of a question: its outcome} as the protocols in force tell it, whatever is being changed beside them."""
    papers = [protocol.document_id for protocol in protocols]
    return dict(ProtocolEntry.objects.filter(document__in=papers, kind=ProtocolEntry.Kind.ITEM).values_list("uid", "outcome"))


def outcome_of(item, protocols, outcomes):
    """The outcome of a question, or None when it does not stand: by the protocol in force where there is one."""
    if item.meeting_id in protocols:
        return outcomes.get(item.uid)
    return item.outcome if item.position is not None else None


def meeting_facts(meeting, protocol):
    return MeetingFacts(
        meeting.pk, meeting.date, Meeting.State.HELD if protocol else meeting.state, meeting.reason, meeting.moved_from,
        protocol.pk if protocol else None, protocol.document.in_force.number_text if protocol else "",
    )


def marks_of(plan):
    """{uid of a row: [Mark]}: the words of the office; those taken back have no verdict, but a version."""
    found = defaultdict(list)
    for mark in PlanLineMark.objects.filter(item__plan=plan).select_related("item", "by").order_by("line"):
        found[str(mark.item.uid)].append(mark_facts(mark))
    return found


def mark_facts(mark):
    return Mark(mark.text, mark.line, mark.verdict, mark.date, mark.moved_to, mark.reason, mark.version,
                mark.by.short_name if mark.by else "", mark.at)
