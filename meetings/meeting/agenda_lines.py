"""The questions of a meeting as its page shows them: every word and address ready, so that a long agenda is drawn quickly."""
from dataclasses import dataclass, field

from django.urls import reverse

from projectoffice.common.russian import NBSP, file_size, plural

from ..models import AgendaItem
from . import words

OUTCOME_WORDS = dict(AgendaItem.Outcome.choices)


@dataclass
class Line:
    """A question as the page shows it, with its sub-questions."""

    item: AgendaItem
    number: str
    url: str
    uid: str
    suggested: str = ""
    facts: list = field(default_factory=list)
    materials: list = field(default_factory=list)
    children: list = field(default_factory=list)
    is_first: bool = False
    is_last: bool = False
    may_join_misc: bool = False

    @property
    def title(self):
        return self.item.printed

    @property
    def marks(self):
        return [word for word, holds in (("дополнительный", self.item.added), ("закрытый", self.item.closed)) if holds]

    @property
    def badges(self):
        outcome = self.item.outcome
        return [(words.OUTCOMES[outcome], OUTCOME_WORDS[outcome])] if outcome else []

    @property
    def is_child(self):
        return self.item.parent_id is not None


@dataclass(frozen=True)
class Material:
    """A file of a question."""

    title: str
    size: str
    url: str


def in_lines(questions, base, *, plan_id, suggested, origins, files):
    """Lines of numbered questions, sub-questions under theirs.

    ``plan_id``: the meeting's own plan; ``suggested``: {row pk: names}; ``origins``: {item pk: words}; ``files``: {item pk: materials}.
    """
    downloads = f"{reverse('meetings:meetings')}materials/"
    top, known = [], {}
    for question in questions:
        item, above = question.item, known.get(question.item.parent_id)
        # A part of the same row of the plan does not say it again.
        row = None if above and above.item.plan_item_id == item.plan_item_id else item.plan_item
        speakers = [one.text for one in item.speakers.all()]
        known[item.pk] = line = Line(
            item, question.number.rstrip("."), f"{base}{item.uid}/", str(item.uid),
            suggested=suggested.get(row.pk, "") if row and not speakers else "",
            facts=list(facts(item, speakers, row, plan_id, origins.get(item.pk))),
            materials=[Material(each.title, file_size(each.file.size), f"{downloads}{each.pk}/") for each in files[item.pk]],
        )
        (above.children if above else top).append(line)
    mark_places(top)
    return top


def facts(item, speakers, row, plan_id, origin):
    """Who speaks, how long, from which row of the plan or which meeting, what was noted of its outcome."""
    if speakers:
        yield f"{plural(len(speakers), 'Докладчик,Докладчики,Докладчики')}: {', '.join(speakers)}"
    if item.minutes:
        yield f"{item.minutes}{NBSP}мин"
    if row:
        yield words.from_plan(row, plan_id)
    if origin:
        yield origin
    if item.outcome_note:
        yield item.outcome_note


def mark_places(top):
    """Which lines go no further up or down, and which may be put under «Разное»."""
    has_misc = any(line.item.is_misc for line in top)
    for line in top:
        line.may_join_misc = has_misc and not line.item.is_misc and not line.children
    for row in [top, *(line.children for line in top)]:
        if row:
            row[0].is_first = row[-1].is_last = True
