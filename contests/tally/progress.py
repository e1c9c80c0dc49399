"""How far the experts have come: sheets handed in by days and by experts, who is behind. Counts alone, never a mark."""
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from projectoffice.common.db import now
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import deadline

from ..contest.workflow import stages_of
from ..models import Contest, Criterion, Entry, Expert, Review, ScoreSheet
from ..sheet.workflow import term_of

MOST_DAYS = 60
HEIGHT, WIDTH = 100, 1000  # units of the drawing


@dataclass
class OfExpert:
    """One expert in one contest: moments of the sheets that are in, terms of the works that still wait."""

    expert: Expert
    handed: list = field(default_factory=list)
    waiting: list = field(default_factory=list)

    @property
    def done(self):
        return len(self.handed)

    @property
    def total(self):
        return self.done + len(self.waiting)

    @property
    def last(self):
        return max(self.handed, default=None)

    @property
    def width(self):
        """The part that is done, in units of the bar."""
        return WIDTH * self.done // self.total if self.total else 0

    @property
    def badge(self):
        if self.done == self.total:
            return "done", "Всё сдано"
        return ("progress", "Оценивает") if self.done else ("neutral", "Не начинал")


def given_works(contest):
    """``{expert: OfExpert}`` of works given out and not taken back; one query beside the experts' and the stages'.

    Who brought paper has handed in, though the sheet counts only once it was compared. A work that is closed to its
    expert until the office decides about a conflict is awaited from nobody.
    """
    handed = ScoreSheet.objects.filter(review=OuterRef("pk"), state=ScoreSheet.State.SUBMITTED).values("submitted_at")[:1]
    given = Review.objects.active().filter(entry__contest=contest, entry__state=Entry.State.ADMITTED).annotate(handed_at=Subquery(handed))
    given = given.filter(Q(conflict="") | Q(handed_at__isnull=False))
    experts = {each.pk: each for each in contest.experts.accepted().select_related("person")}
    stages, found = stages_of(contest).values(), {}
    for review in given.only("expert", "round", "is_arbiter", "given_at"):
        row = found.setdefault(review.expert_id, OfExpert(experts[review.expert_id]))
        if review.handed_at:
            row.handed.append(review.handed_at)
        else:
            row.waiting.append(term_of(review, stages))
    return found


@dataclass(frozen=True)
class Day:
    """A day of the chart: how many sheets were in by its end, how many came on it; ``x y width height`` of its column."""

    day: datetime
    came: int
    by_then: int
    x: int
    y: int
    width: int
    height: int


class Progress:
    """The page about the progress of all experts."""

    def __init__(self, contest):
        self.contest = contest
        self.rows = sorted(given_works(contest).values(), key=lambda row: (row.done == row.total, row.done - row.total, str(row.expert)))

    @property
    def done(self):
        return sum(row.done for row in self.rows)

    @property
    def total(self):
        return sum(row.total for row in self.rows)

    @property
    def finished(self):
        return sum(row.done == row.total for row in self.rows)

    @cached_property
    def days(self):
        """From the first sheet to the last or today, sixty at most: the columns of the chart and the lines of its table."""
        came = defaultdict(int)
        for row in self.rows:
            for moment in row.handed:
                came[timezone.localtime(moment).date()] += 1
        if not came:
            return []
        last = max(max(came), min(office_day(), self.last_day or office_day()))
        first = max(min(came), last - timedelta(days=MOST_DAYS - 1))
        count = (last - first).days + 1
        step, by_then, days = WIDTH // count, sum(number for day, number in came.items() if day < first), []
        for place in range(count):
            day = first + timedelta(days=place)
            by_then += came[day]
            height = HEIGHT * by_then // self.total
            days.append(Day(day, came[day], by_then, place * step, HEIGHT - height, max(step - 3, 2), height))
        return days

    @property
    def first(self):
        return self.days[0]

    @property
    def last(self):
        return self.days[-1]

    @property
    def last_day(self):
        ends = [stage.ends_at for kind, stage in stages_of(self.contest).items() if kind in Criterion.Round.values]
        return timezone.localtime(max(ends)).date() if ends else None


# Who is behind

@dataclass(frozen=True)
class Late:
    """An expert whose sheets of a round that goes on are awaited; ``told`` when a reminder went today."""

    expert: Expert
    left: int
    ends_at: datetime | None
    told: bool = False

    @property
    def until(self):
        return deadline(self.ends_at) if self.ends_at else "до итогов конкурса"

    @property
    def gets_letter(self):
        return bool(self.expert.person.email) and not self.told

    def key(self, day):
        return key_of(self.expert, day)


def key_of(expert, day):
    return f"scoring_reminder:{expert.pk}:{day:%Y-%m-%d}"


def to_remind(contest):
    """``[Late]``: exactly those who hold works that can be scored now and have not handed all in; by name."""
    if contest.state != Contest.State.ANNOUNCED:
        return []
    moment, found = now(), []
    for row in given_works(contest).values():
        going = [term.ends for term in row.waiting if not term.refusal(moment)]
        if going:
            found.append((row.expert, len(going), min((ends for ends in going if ends), default=None)))
    day = office_day()
    told = set(OutgoingMail.objects.filter(key__in=[key_of(expert, day) for expert, *_ in found]).values_list("key", flat=True))
    late = [Late(expert, left, ends, key_of(expert, day) in told) for expert, left, ends in found]
    return sorted(late, key=lambda each: each.expert.person.full_name)


def office_day():
    return timezone.localtime(now()).date()
