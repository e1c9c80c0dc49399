"""Who has which works of a round, who may have which and why not, and what the portal proposes. Reads only.

The same few queries for any number of works and experts. Verbs take a desk once they hold the lock of the contest.
"""
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from projectoffice.common.hashing import content_hash

from .. import distribution
from ..expert.conflicts import conflicts_of
from ..models import Criterion, Entry, Review, ScoreSheet

REMOTE, ONSITE = Criterion.Round.REMOTE, Criterion.Round.ONSITE
OTHER_NOMINATION, HAD_IT = "оценивает в других номинациях", "эта работа у эксперта уже была"


@dataclass(frozen=True)
class Proposal:
    """What would be given: ``new`` pairs (entry, expert), loads after it, where experts do not suffice; ``mark`` names it."""

    new: list
    loads: dict
    shortages: list
    mark: str


class Desk:
    """The works and experts of a round of a contest, at this moment."""

    def __init__(self, contest, code=REMOTE):
        self.contest, self.code = contest, code

    @cached_property
    def experts(self):
        """Who takes part in the distribution, by name; those called for divergence alone do not."""
        found = self.contest.experts.accepted().filter(is_arbiter=False, person__is_active=True).select_related("person").prefetch_related("nominations")
        return sorted(found, key=lambda each: (str(each.person).lower(), each.pk))

    @cached_property
    def entries(self):
        """Works whose nomination is marked in this round; on site those alone that go on."""
        marked = Criterion.objects.filter(round=self.code, nomination__contest=self.contest).values("nomination")
        found = Entry.objects.taken_part().filter(contest=self.contest, nomination__in=marked).order_by("number")
        found = found.filter(onsite_order__isnull=False).order_by("nomination", "onsite_order") if self.code == ONSITE else found
        return list(found.only("pk", "number", "title", "institution", "nomination", "contest", "created_by"))

    @cached_property
    def by_entry(self):
        return {entry.pk: entry for entry in self.entries}

    @cached_property
    def by_expert(self):
        return {expert.pk: expert for expert in self.experts}

    @cached_property
    def reviews(self):
        rows = Review.objects.filter(entry__contest=self.contest, round=self.code)
        return list(rows.values_list("entry", "expert", "state", "is_arbiter", "expert__state"))

    @cached_property
    def given(self):
        """``{entry id: ids of experts}`` who score it, an arbiter apart; whoever left after handing in a sheet counts too."""
        counted = None
        found = defaultdict(set)
        for entry, expert, state, is_arbiter, expert_state in self.reviews:
            if state != Review.State.GIVEN or is_arbiter:
                continue
            if expert_state != "accepted":
                counted = self.handed_in() if counted is None else counted
                if (entry, expert) not in counted:
                    continue
            found[entry].add(expert)
        return found

    def handed_in(self):
        sheets = ScoreSheet.objects.counted().filter(review__entry__contest=self.contest, review__round=self.code)
        return set(sheets.values_list("review__entry", "review__expert"))

    @cached_property
    def arbiter_loads(self):
        found = defaultdict(int)
        for _, expert, state, is_arbiter, _ in self.reviews:
            found[expert] += state == Review.State.GIVEN and is_arbiter
        return found

    @cached_property
    def loads(self):
        found = dict.fromkeys(self.by_expert, 0)
        for experts in self.given.values():
            for expert in experts & found.keys():
                found[expert] += 1
        return found

    @cached_property
    def conflicts(self):
        """``{expert id: {entry id: why}}``."""
        return conflicts_of(self.experts, self.entries)

    @cached_property
    def parted(self):
        """Pairs that were given once and given up: not proposed again, possible by hand."""
        return {(entry, expert) for entry, expert, state, _, _ in self.reviews if state != Review.State.GIVEN}

    @cached_property
    def own_nominations(self):
        """``{expert id: ids}``; nothing chosen is every nomination."""
        return {expert.pk: {each.pk for each in expert.nominations.all()} for expert in self.experts}

    def is_competent(self, expert, entry):
        chosen = self.own_nominations[expert]
        return not chosen or entry.nomination_id in chosen

    def bar(self, entry, expert):
        """Why this expert is not proposed for this entry; empty when nothing stands in the way but the limit."""
        if why := self.conflicts[expert].get(entry.pk):
            return why
        if not self.is_competent(expert, entry):
            return OTHER_NOMINATION
        return HAD_IT if (entry.pk, expert) in self.parted else ""

    def may_have(self, entry, expert):
        """Whether this pair of ids, proposed a moment ago, may still be given."""
        if entry not in self.by_entry or expert not in self.by_expert or expert in self.given.get(entry, ()):
            return False
        return not self.bar(self.by_entry[entry], expert)

    def room(self, expert):
        """How many works more this expert may take; None without a limit."""
        limit = self.by_expert[expert].most_entries
        return None if limit is None else max(0, limit - self.loads[expert] - self.arbiter_loads[expert])

    @cached_property
    def barred(self):
        """``{entry id: {expert ids}}`` in a few steps: a question per pair would be slow for a thousand by sixty."""
        of_nomination = {nomination: {expert for expert, chosen in self.own_nominations.items() if chosen and nomination not in chosen}
                         for nomination in {entry.nomination_id for entry in self.entries}}
        found = {entry.pk: set(of_nomination[entry.nomination_id]) for entry in self.entries}
        for expert, entries in self.conflicts.items():
            for entry in entries:
                found[entry].add(expert)
        for entry, expert in self.parted:
            if entry in found:
                found[entry].add(expert)
        return found

    @cached_property
    def proposal(self):
        """What ``distribution.py`` makes of it; what is given stays."""
        people = [distribution.Expert(key, None if expert.most_entries is None else max(0, expert.most_entries - self.arbiter_loads[key]))
                  for key, expert in self.by_expert.items()]
        made = distribution.distribute(list(self.by_entry), people, self.contest.experts_per_entry, self.barred, self.given)
        new = list(made.new)
        return Proposal(new, made.loads, made.shortages, content_hash([self.code, sorted(new), sorted(
            (entry, expert) for entry, experts in self.given.items() for expert in experts)]))

    def lacking(self):
        """How many works have fewer experts than the contest wants."""
        return sum(len(self.given.get(entry.pk, ())) < self.contest.experts_per_entry for entry in self.entries)
