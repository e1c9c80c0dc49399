"""The agenda of a meeting as each of its people may see it, with a few queries for any number of people."""
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from projectoffice.accounts.access import may
from projectoffice.accounts.models import RoleAssignment, Substitution
from projectoffice.common.russian import NBSP
from projectoffice.documents.route import deciding_for

from ..models import AgendaItem, Participant
from ..models.meeting import READS_ALL


@dataclass(frozen=True)
class Question:
    """A line of somebody's agenda; its number is given after what is hidden was taken out."""

    number: str
    item: AgendaItem

    @property
    def line(self):
        speakers = ", ".join(each.text for each in self.item.speakers.all())
        words = f"{self.number} {self.item.printed}" + (f" – {speakers}" if speakers else "")
        return words + (f" ({self.item.minutes}{NBSP}мин.)" if self.item.minutes else "")


class Agendas:
    """One meeting's questions, and who may see which.

    For people who can log in it says what ``AgendaItem.objects.visible_to`` says; a test lays the two side by
    side. Nobody (a typed name) and people whose access is closed see the open questions.
    """

    def __init__(self, meeting, people=(), *, items=None, leaders=None):
        """``items`` and ``leaders`` (ids) may be given by who has read them already: all of the meeting's, or none."""
        self.items = list(meeting.items.agenda()) if items is None else items
        self.parents = {item.pk: item for item in self.items}
        self.has_closed = not all(self.is_open(item) for item in self.items)
        if not self.has_closed:
            return
        leading = Participant.objects.filter(meeting=meeting).leading()
        self.leaders = set(leading.exclude(person=None).values_list("person", flat=True)) if leaders is None else leaders
        know_rights(people)

    def of(self, person=None):
        """The questions this person may see, numbered."""
        if not self.has_closed:
            return self.all
        seen = [item for item in self.items if self.is_open(item) or self.is_seen(item, person)]
        return self.all if len(seen) == len(self.items) else numbered(seen)

    @cached_property
    def all(self):
        return numbered(self.items)

    def is_open(self, item):
        parent = self.parents.get(item.parent_id)
        return not item.closed and (parent is None or not parent.closed)

    def is_seen(self, item, person):
        if person is None or not person.is_active or person.left_on:
            return False
        mine = deciding_for(person)
        speaks = any(speaker.person_id in mine for speaker in item.speakers.all())
        return speaks or bool(mine & self.leaders) or may(person, READS_ALL)


def numbered(items):
    """``1.``, ``2.``, ``2.1.``; a sub-question whose question is hidden stands as a question of its own."""
    shown = {item.pk for item in items}
    children = defaultdict(list)
    for item in items:
        children[item.parent_id if item.parent_id in shown else None].append(item)
    lines = []
    for number, item in enumerate(children[None], start=1):
        lines.append(Question(f"{number}.", item))
        lines += [Question(f"{number}.{part}.", child) for part, child in enumerate(children[item.pk], start=1)]
    return lines


def minutes_of(questions):
    """How long the questions take: a question's own minutes, or else those of its sub-questions."""
    own = {question.item.pk: question.item.minutes or 0 for question in questions}
    covered = {pk for pk, minutes in own.items() if minutes}
    return sum(
        own[question.item.pk] for question in questions if question.item.parent_id not in covered
    )


def know_rights(people):
    """Read the substitutions and roles of many people at once, so that asking their rights costs nothing more."""
    people = [person for person in people if person is not None]
    acting = defaultdict(list)
    for substitution in Substitution.objects.current().filter(acting__in=people).select_related("absent"):
        acting[substitution.acting_id].append(substitution)
    absent = {each.absent_id for rows in acting.values() for each in rows}
    roles = defaultdict(set)
    holders = {person.pk for person in people} | absent
    for holder, role in RoleAssignment.objects.current().filter(person__in=holders).values_list("person", "role"):
        roles[holder].add(role)
    for person in people:
        person.substitutions = acting[person.pk]
        person.roles = frozenset(role for holder in deciding_for(person) for role in roles[holder])
