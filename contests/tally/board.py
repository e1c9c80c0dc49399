"""What comes of the sheets of a contest: its nominations with their entries in order of places, in a few queries.

Everything here is live and of everybody; who may read it is asked before (``contests.see_tally``). Teams and visitors
read the published result alone.
"""
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import OuterRef, Subquery

from .. import scoring
from ..models import Criterion, Entry, JuryVote, Nomination, Review, Score, ScoreSheet

ONSITE = Criterion.Round.ONSITE


@dataclass(frozen=True)
class NominationBoard:
    """A nomination with its entries ranked; ``voters`` members of the public jury voted in it.

    ``entries`` and ``sheets`` (``ScoreSheet``, review and expert loaded) go by the id of the entry.
    """

    nomination: Nomination
    criteria: list[Criterion]
    rules: scoring.Rules
    ranked: list[scoring.Ranked]
    entries: dict[int, Entry]
    voters: int = 0
    unscored: set = field(default_factory=set)

    @cached_property
    def weighed(self):
        """The criteria as the pure module knows them."""
        return [weighed(each) for each in self.criteria]

    @property
    def awaiting(self):
        """Entries whose experts diverge and that no arbiter has decided."""
        return [row for row in self.ranked if row.awaits_arbiter]

    @cached_property
    def undecided(self):
        """Groups of equals that the chair is to put in order by the rules of the contest, and has not."""
        return undecided_ties(self.ranked, self.weighed, self.rules.ties)

    @property
    def greatest(self):
        return scoring.greatest_total(self.weighed)


def standings(contest):
    """``[NominationBoard]`` in the order of the nominations; the same queries whatever the number of entries."""
    nominations = list(contest.nominations.prefetch_related("criteria"))
    ties = list(contest.tie_rules.all())
    entries, sheets = entries_of(contest), sheets_of(contest)
    votes, voters = votes_of(contest)
    missing = unscored(contest)
    boards = []
    for nomination in nominations:
        criteria = list(nomination.criteria.all())
        own = entries.get(nomination.pk, {})
        rules = rules_of(contest, criteria, ties)
        rows = [entry_of(entry, sheets.get(entry.pk, ()), votes.get(entry.pk, 0)) for entry in own.values()]
        ranked = scoring.rank(rows, [weighed(each) for each in criteria], rules, voters.get(nomination.pk, 0))
        boards.append(NominationBoard(nomination, criteria, rules, ranked, own, voters.get(nomination.pk, 0), missing & own.keys()))
    return boards


def rules_of(contest, criteria, ties):
    """The settings of a contest as the pure module reads them; a rule that names a criterion this nomination has not is left out."""
    return scoring.Rules(
        combining=scoring.Combining(contest.combining), pass_mark=contest.pass_mark, divergence=contest.divergence,
        ties=tuple(tie for rule in ties for tie in links_of(rule, criteria)), public_weight=contest.public_weight,
        rounds=scoring.Rounds(contest.rounds), onsite_share=contest.onsite_share)


def links_of(rule, criteria):
    """One rule of the chain; a criterion both rounds have is asked in both, the remote round first."""
    if rule.rule != scoring.Tie.CRITERION:
        return [scoring.TieRule(scoring.Tie(rule.rule))]
    named = sorted((each for each in criteria if each.title == rule.criterion_title), key=lambda each: (each.round == ONSITE, each.pk))
    return [scoring.TieRule(scoring.Tie.CRITERION, each.pk) for each in named]


def weighed(criterion):
    return scoring.Criterion(criterion.pk, criterion.weight, criterion.maximum, criterion.counts)


def entry_of(entry, sheets, votes):
    return scoring.Entry(entry.pk, sheets, entry.submitted_at, votes, advanced=has_advanced(entry), chair_order=entry.chair_order)


def has_advanced(entry):
    """Whether it goes on to the on-site round: it has its turn to speak there."""
    return entry.onsite_order is not None


# Reading

def entries_of(contest):
    """``{nomination: {pk: Entry}}`` of those that are judged."""
    found = defaultdict(dict)
    for entry in Entry.objects.taken_part().filter(contest=contest).select_related("institution").order_by("number"):
        found[entry.nomination_id][entry.pk] = entry
    return found


def sheets_of(contest):
    """``{entry: [Sheet]}`` of the sheets that count, their marks read as one list a sheet."""
    counted = ScoreSheet.objects.counted().filter(review__entry__contest=contest).order_by("pk")
    # Looked up sheet by sheet: grouped, the marks of all contests would be sorted first.
    given = Score.objects.filter(sheet=OuterRef("pk"), mark__isnull=False).order_by().values("sheet")
    marked = counted.annotate(
        criteria=Subquery(given.annotate(all=ArrayAgg("criterion", order_by="criterion")).values("all")),
        marks=Subquery(given.annotate(all=ArrayAgg("mark", order_by="criterion")).values("all")))
    found = defaultdict(list)
    rows = marked.values_list("review__entry", "review__expert", "review__is_arbiter", "review__round", "criteria", "marks")
    for entry, expert, is_arbiter, code, criteria, marks in rows:
        found[entry].append(scoring.Sheet(expert, dict(zip(criteria or (), marks or (), strict=True)), is_arbiter, code == ONSITE))
    return found


def votes_of(contest):
    """Valid votes of the public jury an entry, and how many members voted in each nomination."""
    votes, voters = defaultdict(int), defaultdict(set)
    valid = JuryVote.objects.valid().filter(entry__contest=contest).values_list("entry", "entry__nomination", "member")
    for entry, nomination, member in valid:
        votes[entry] += 1
        voters[nomination].add(member)
    return votes, {nomination: len(members) for nomination, members in voters.items()}


def unscored(contest):
    """Ids of entries somebody still is to score: a work given out whose sheet is not in."""
    due = Review.objects.active().filter(entry__contest=contest, entry__state=Entry.State.ADMITTED)
    return set(due.exclude(sheets__in=ScoreSheet.objects.counted()).values_list("entry", flat=True))


# Ties

def undecided_ties(ranked, criteria, ties):
    """Groups of equal entries the chair should part and has not: ``[[Ranked]]``.

    They are those that would share a place if the chain ended before the chair, and one of which has no order yet, or
    that stand equal by the chair's own order.
    """
    before = []
    for tie in ties:
        if tie.rule == scoring.Tie.SHARED:
            return []
        if tie.rule == scoring.Tie.CHAIR:
            break
        before.append(tie)
    else:
        return []
    groups = defaultdict(list)
    for row in ranked:
        if row.place is not None:
            groups[scoring.by_total(row)].append(row)
    equals = [group for rows in groups.values() for group, _ in scoring.parted(rows, criteria, before)]
    return [group for group in equals if len(group) > 1 and not is_ordered(group)]


def is_ordered(group):
    orders = [row.entry.chair_order for row in group]
    return None not in orders and len(set(orders)) == len(orders)
