"""What comes of the sheets of a contest: its nominations with their entries in order of places, in a few queries.

Everything here is live and of everybody; who may read it is asked before (``contests.see_tally``). Teams and visitors
read the published result alone.
"""
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

from projectoffice.common.db import now

from .. import scoring
from ..contest.workflow import stages_of
from ..expert.conflicts import found_between
from ..models import (
    ContestStage,
    Criterion,
    Entry,
    EntrySubmission,
    JuryMember,
    JuryVote,
    Nomination,
    Review,
    Score,
    ScoreSheet,
)

ONSITE = Criterion.Round.ONSITE
A_DECISION = 10_000  # each decision of the chair numbers its entries within ten thousand of its own


@dataclass(frozen=True)
class NominationBoard:
    """A nomination with its entries ranked; ``voters`` members of the public jury voted in it.

    ``entries`` go by their id; ``unscored`` are those somebody still is to score, ``unchecked`` others await the technical
    check, ``conflicts`` of experts a ruling of the office, ``mending`` are in the hands of their teams. While the public
    jury votes, nothing of it is read (``counts_votes`` is False): interim sums are nobody's.
    """

    nomination: Nomination
    criteria: list[Criterion]
    rules: scoring.Rules
    ranked: list[scoring.Ranked]
    entries: dict[int, Entry]
    voters: int = 0
    unscored: set = field(default_factory=set)
    counts_votes: bool = False
    unchecked: int = 0
    conflicts: int = 0
    mending: int = 0
    mending_until: datetime | None = None

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
        return [group for group in self.chair_ties if not is_ordered(group)]

    @cached_property
    def chair_ties(self):
        """Groups of equals that are the chair's to part, decided or not."""
        return ties_of_chair(self.ranked, self.weighed, self.rules.ties)

    @property
    def greatest(self):
        return scoring.greatest_total(self.weighed)


def standings(contest, moment=None):
    """``[NominationBoard]`` in the order of the nominations; the same queries whatever the number of entries.

    Who knows the database's moment already says it.
    """
    nominations = nominations_of(contest, moment or Now())
    ties = list(contest.tie_rules.all())
    entries = entries_of(contest, timed=any(tie.rule == scoring.Tie.EARLIER.value for tie in ties))
    sheets = sheets_of(contest)
    over = voting_is_over(contest, moment)
    votes, voters = votes_of(contest) if over else ({}, {})
    barred = barred_voters(contest, entries) if voters and contest.public_weight else {}
    missing = unscored(contest)
    boards = []
    for nomination in nominations:
        criteria = list(nomination.criteria.all())
        own = entries.get(nomination.pk, {})
        rules = rules_of(contest, criteria, ties, over)
        rows = [entry_of(entry, sheets.get(entry.pk, ()), votes.get(entry.pk, 0), barred.get(entry.pk)) for entry in own.values()]
        ranked = scoring.rank(rows, [weighed(each) for each in criteria], rules, voters.get(nomination.pk, 0))
        boards.append(NominationBoard(nomination, criteria, rules, ranked, own, voters.get(nomination.pk, 0), missing & own.keys(), over,
                                      nomination.unchecked, nomination.conflicts, nomination.mending, nomination.mending_until))
    return boards


def with_weights(board, weights):
    """The same sheets ranked by other weights, ``{criterion: weight}``: ``[Ranked]``."""
    criteria = [replace(each, weight=weights.get(each.key, each.weight)) for each in board.weighed]
    return scoring.rank([row.entry for row in board.ranked], criteria, board.rules, board.voters)


def rules_of(contest, criteria, ties, counts_votes):
    """The settings of a contest as the pure module reads them.

    A rule that names a criterion this nomination has not is left out; votes weigh nothing until the voting is over.
    """
    return scoring.Rules(
        combining=scoring.Combining(contest.combining), pass_mark=contest.pass_mark, divergence=contest.divergence,
        ties=tuple(tie for rule in ties for tie in links_of(rule, criteria)),
        public_weight=contest.public_weight if counts_votes else Decimal(0),
        rounds=scoring.Rounds(contest.rounds), onsite_share=contest.onsite_share)


def links_of(rule, criteria):
    """One rule of the chain; a criterion both rounds have is asked in both, the remote round first."""
    if rule.rule != scoring.Tie.CRITERION:
        return [scoring.TieRule(scoring.Tie(rule.rule))]
    named = sorted((each for each in criteria if each.title == rule.criterion_title), key=lambda each: (each.round == ONSITE, each.pk))
    return [scoring.TieRule(scoring.Tie.CRITERION, each.pk) for each in named]


def weighed(criterion):
    return scoring.Criterion(criterion.pk, criterion.weight, criterion.maximum, criterion.counts, criterion.round == ONSITE)


def entry_of(entry, sheets, votes, barred=None):
    return scoring.Entry(
        entry.pk, sheets, getattr(entry, "sent_at", None) or entry.submitted_at, votes, barred or 0, advanced=has_advanced(entry), chair_order=entry.chair_order,
        chair_total=Fraction(entry.chair_total) if entry.chair_total else None)


def has_advanced(entry):
    """Whether it goes on to the on-site round: it has its turn to speak there."""
    return entry.onsite_order is not None


# Reading

def nominations_of(contest, moment):
    """With what of each awaits the office, or its team."""
    submitted = Entry.objects.filter(state=Entry.State.SUBMITTED)
    returned = Entry.objects.filter(state=Entry.State.RETURNED, correct_until__gte=moment)
    found = contest.nominations.annotate(
        unchecked=number_of(submitted, "nomination"), mending=number_of(returned, "nomination"),
        mending_until=Subquery(returned.filter(nomination=OuterRef("pk")).order_by("-correct_until").values("correct_until")[:1]),
        conflicts=number_of(Review.objects.to_decide(), "entry__nomination"))
    return list(found.prefetch_related("criteria"))


def number_of(rows, nomination):
    """A subquery over nominations: joined and grouped, each row would ask for the others anew."""
    own = rows.filter(**{nomination: OuterRef("pk")}).order_by().values(nomination)
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


def entries_of(contest, timed=False):
    """``{nomination: {pk: Entry}}`` of those that are judged; where time parts equals, ``sent_at`` is when what experts read was sent."""
    found = defaultdict(dict)
    rows = Entry.objects.taken_part().filter(contest=contest).select_related("institution").defer("uid").order_by("number")
    if timed:
        sent = EntrySubmission.objects.filter(entry=OuterRef("pk")).order_by("-number").values("at")[:1]
        rows = rows.annotate(sent_at=Subquery(sent))
    for entry in rows:
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


def barred_voters(contest, entries):
    """``{entry: how many}`` of those who voted in its nomination could not vote for it: their own institution's, their own work."""
    voted = defaultdict(set)
    for member, nomination in JuryVote.objects.valid().filter(entry__contest=contest).values_list("member", "entry__nomination"):
        voted[nomination].add(member)
    chosen = set(JuryVote.objects.valid().filter(entry__contest=contest).values_list("member", "entry"))
    members = list(JuryMember.objects.filter(pk__in=set().union(*voted.values())).select_related("person"))
    works = {pk: entry for own in entries.values() for pk, entry in own.items()}
    found = defaultdict(int)
    for member, closed in found_between(members, works.values()).items():
        for entry in closed:
            found[entry] += member in voted[works[entry].nomination_id] and (member, entry) not in chosen
    return found


def voting_is_over(contest, moment=None):
    """Whether the window of the public jury is behind us, by the database's clock; without a window nobody votes."""
    window = stages_of(contest).get(ContestStage.Kind.JURY)
    return window is not None and window.ends_at < (moment or now())


def unscored(contest):
    """Ids of entries somebody still is to score: a work given out whose sheet is not in."""
    due = Review.objects.active().filter(entry__contest=contest, entry__state=Entry.State.ADMITTED)
    return set(due.exclude(sheets__in=ScoreSheet.objects.counted()).values_list("entry", flat=True))


# Ties

def ties_of_chair(ranked, criteria, ties):
    """Groups of equal entries the chain leaves to the chair: ``[[Ranked]]``; none where it ends before."""
    kinds = [tie.rule for tie in ties]
    if scoring.Tie.CHAIR not in kinds:
        return []
    before = ties[:kinds.index(scoring.Tie.CHAIR)]
    if any(tie.rule == scoring.Tie.SHARED for tie in before):
        return []
    same_total = defaultdict(list)
    for row in ranked:
        if row.place is not None:
            same_total[scoring.by_total(row)].append(row)
    groups = [group for rows in same_total.values() for group, _ in scoring.parted(rows, criteria, before)]
    return [group for group in groups if len(group) > 1]


def is_ordered(group):
    """Whether the chair put all of them in order, in one decision, at the total they have now.

    Places of different decisions say nothing of each other, nor does one about another total.
    """
    orders = [scoring.order_by_chair(row) for row in group]
    return None not in orders and len(set(orders)) == len(orders) and len({order // A_DECISION for order in orders}) == 1
