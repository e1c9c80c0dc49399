"""Works with who scores them, for the office: found, counted, a page at a time. Reads only."""
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from portfolios.listed import Listed, place_of
from projectoffice.common.russian import person_short

from ..forms.assignment import WorksFilter
from ..models import Criterion, Entry, Review

GIVEN = Review.State.GIVEN


@dataclass(frozen=True)
class Row:
    entry: Entry
    experts: str
    lacks: bool


@dataclass
class Works(Listed):
    """What was asked for of the works of a contest in a round."""

    query: object
    user: object
    contest: object
    code: str
    named = ()

    def __post_init__(self):
        self.read(WorksFilter(self.query, contest=self.contest))

    @property
    def along(self):
        return (("round", self.code),)

    @cached_property
    def entries(self):
        given = Review.objects.filter(entry=OuterRef("pk"), round=self.code, state=GIVEN, is_arbiter=False)
        number = given.order_by().values("entry").annotate(number=Count("pk")).values("number")
        found = Entry.objects.visible_to(self.user).taken_part().filter(contest=self.contest).annotate(many=Coalesce(Subquery(number), 0))
        found = found.filter(nomination__in=Criterion.objects.filter(round=self.code).values("nomination"))
        found = found.filter(onsite_order__isnull=False) if self.code == "onsite" else found
        words = self.words
        if words["nomination"]:
            found = found.filter(nomination=words["nomination"])
        if words["lacking"]:
            found = found.filter(many__lt=self.contest.experts_per_entry)
        text = words["q"]
        if text:
            number = Q(number=int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else Q()
            found = found.filter(Q(title__icontains=text) | number)
        return found

    @cached_property
    def total(self):
        return self.entries.order_by().count()

    @cached_property
    def rows(self):
        entries = list(self.entries.select_related("nomination").order_by("number", "pk")[place_of(self.page)])
        names = experts_of(entries, self.code)
        return [Row(each, ", ".join(names[each.pk]), each.many < self.contest.experts_per_entry) for each in entries]


def experts_of(entries, code):
    found = defaultdict(list)
    given = Review.objects.filter(entry__in=entries, round=code, state=GIVEN).select_related("expert__person").order_by("pk")
    for review in given:
        found[review.entry_id].append(person_short(review.expert.person) + (" (третий эксперт)" if review.is_arbiter else ""))
    return found
