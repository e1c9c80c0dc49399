"""The page that brings the sheets of a contest together: rankings with what made them, what still has to be decided."""
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.urls import NoReverseMatch, reverse

from projectoffice.accounts.access import may
from projectoffice.common.db import now
from projectoffice.common.models import Event
from projectoffice.common.russian import NBSP, number, person_short, plural

from ..agreement import alpha
from ..contest.words import in_order, scoring_words, totals_of
from ..contest.workflow import can, stages_of
from ..models import Contest, Criterion, Expert, Nomination, ScoreSheet
from .arbiters import given_arbiters, round_of
from .board import is_ordered, standings, with_weights
from .experts import leanings, spreads
from .words import place_words, points_words, rounded, rule_words, shown_points

ROUNDS = Criterion.Round
LAST_EVENTS = 8
STEP = 50
OFTEN = {ROUNDS.REMOTE: "заочно", ROUNDS.ONSITE: "очно"}


@dataclass(frozen=True)
class Given:
    """What one expert gave: the total, the way to the sheet."""

    name: str
    total: str
    url: str
    is_arbiter: bool = False


@dataclass(frozen=True)
class RoundLine:
    """What a work got in a round; ``label`` stands where there are two of them."""

    code: str
    label: str
    mean: str
    median: str
    spread: str
    count: int
    diverges: bool
    given: list
    decided: str = ""
    waits: str = ""
    can_ask: bool = False


@dataclass(frozen=True)
class Line:
    """A work in the ranking of its nomination."""

    entry: object
    place: str
    total: str
    rounds: list
    rule: str
    passed: bool
    is_scored: bool
    waits_for_chair: bool
    unscored: bool


@dataclass(frozen=True)
class Part:
    """A nomination on the page."""

    nomination: Nomination
    greatest: list
    lines: list
    ties: list
    agreements: list
    flat: list
    votes: list = field(default_factory=list)
    voters: int = 0
    voters_words: str = ""
    total: int = 0
    shown: int = 0
    next_url: str = ""

    @property
    def rows_id(self):
        return f"rows-{self.nomination.pk}"


class TallyPage:
    """A contest as this person meets it; the same queries whatever the number of works.

    What is left to do and the totals are of all; above ``STEP`` works one nomination is drawn, ``STEP`` of its works at a time.
    """

    def __init__(self, contest, user, nomination=None, page=1):
        self.contest, self.user, self.moment = contest, user, now()
        self.asked, self.page = nomination, page
        self.boards = standings(contest)
        self.experts = {each.pk: person_short(each.person) for each in Expert.objects.filter(contest=contest).select_related("person")}
        self.arbiters = given_arbiters(contest)
        self.sheets = sheet_ids(contest)

    @cached_property
    def may_ask(self):
        return can(self.contest, "arbiter", self.user, self.moment)

    @cached_property
    def may_decide(self):
        return can(self.contest, "chair", self.user, self.moment)

    @property
    def may_run(self):
        return may(self.user, "contests.run_contests", self.contest)

    @property
    def is_long(self):
        return sum(len(board.ranked) for board in self.boards) > STEP

    @cached_property
    def chosen(self):
        """The board that is drawn where one is: the one asked for, otherwise the first with works."""
        return next((board for board in self.boards if board.nomination.pk == self.asked), None) or next(board for board in self.boards if board.ranked)

    @property
    def choices(self):
        """``[(nomination, works, whether it is drawn)]`` where only one is."""
        return [(board.nomination, len(board.ranked), board is self.chosen) for board in self.boards] if self.is_long else []

    @cached_property
    def parts(self):
        return [self.part(self.chosen)] if self.is_long else [self.part(board) for board in self.boards]

    @cached_property
    def awaiting(self):
        """``[(board, row)]`` of works that wait for a third expert."""
        return [(board, row) for board in self.boards for row in board.awaiting]

    @property
    def awaiting_lines(self):
        return [self.line(board, row, False) for board, row in self.awaiting[:STEP]]

    @cached_property
    def ties(self):
        return [(board.nomination, self.tie(board, group)) for board in self.boards for group in board.undecided]

    @property
    def ties_shown(self):
        return self.ties[:STEP]

    @property
    def more_left(self):
        """How many rows of what is left are not drawn."""
        return max(0, len(self.awaiting) - STEP) + max(0, len(self.ties) - STEP)

    @property
    def unscored(self):
        return sum(len(board.unscored) for board in self.boards)

    @cached_property
    def conflicts(self):
        """Works whose expert turned out to be in conflict, and about which the office has not decided."""
        return sum(board.conflicts for board in self.boards) if self.contest.state == Contest.State.ANNOUNCED else 0

    @property
    def votes_hidden(self):
        return "jury" in stages_of(self.contest) and not any(board.counts_votes for board in self.boards)

    @property
    def threshold(self):
        return shown_points(self.contest.divergence)

    @property
    def pass_mark(self):
        return shown_points(self.contest.pass_mark)

    @property
    def rules(self):
        return scoring_words(self.contest)

    @property
    def tie_rules(self):
        return list(self.contest.tie_rules.all())

    @property
    def is_ready(self):
        return self.is_begun and not (self.awaiting or self.ties or self.unscored or self.conflicts)

    @property
    def has_left(self):
        return bool(self.awaiting or self.ties or self.unscored or self.conflicts or self.votes_hidden)

    @property
    def is_begun(self):
        """Whether anything was scored yet."""
        return any(row.total is not None for board in self.boards for row in board.ranked)

    @cached_property
    def events(self):
        """Who asked an arbiter, what the chair decided: told here alone, the contest's own history is read by more people."""
        kind = ContentType.objects.get_for_model(Nomination)
        found = Event.objects.filter(content_type=kind, object_id__in=[board.nomination.pk for board in self.boards])
        return list(found.select_related("actor", "on_behalf_of").order_by("-pk")[:LAST_EVENTS])

    # One nomination

    def part(self, board):
        waits = {row.key for group in board.undecided for row in group}
        drawn = Paginator(board.ranked, STEP).get_page(self.page if self.is_long else 1)
        lines = [self.line(board, row, row.key in waits) for row in drawn]
        next_url = f"{reverse('contests:tally', args=[self.contest.pk])}?nomination={board.nomination.pk}&page={drawn.number + 1}"
        return Part(board.nomination, totals_of(in_order(board.criteria)), lines, [self.tie(board, group) for group in board.chair_ties],
                    list(agreements(board)), flat_criteria(board), *self.votes(board), len(board.ranked), drawn.end_index(), next_url if drawn.has_next() else "")

    def line(self, board, row, waits):
        entry = board.entries[row.key]
        both = row.onsite.count or row.onsite.arbiter is not None
        codes = [ROUNDS.REMOTE, ROUNDS.ONSITE] if both else [ROUNDS.REMOTE]
        rule = "Баллы равны, ждёт решения председателя" if waits else rule_words(board, row)
        return Line(entry, place_words(row), shown_points(row.total), [self.round_line(board, row, code, both) for code in codes],
                    rule, row.passed, row.total is not None, waits, entry.pk in board.unscored)

    def round_line(self, board, row, code, both):
        total = round_of(row, code)
        sheets = [each for each in row.entry.sheets if each.is_onsite == (code == ROUNDS.ONSITE)]
        given = [self.given(row.key, code, each.expert, total.totals[each.expert]) for each in sheets if not each.is_arbiter]
        third = [self.given(row.key, code, each.expert, total.arbiter, True) for each in sheets if each.is_arbiter]
        asked = self.arbiters.get((row.key, code))
        waits = ""
        if total.awaits_arbiter:
            waits = f"Ждём лист третьего эксперта: {person_short(asked.expert.person)}" if asked else "Нужен третий эксперт"
        return RoundLine(code, OFTEN[code] if both else "", shown_points(total.mean), shown_points(total.median), shown_points(total.spread),
                         total.count, total.diverges, given + third, self.decided(total), waits,
                         bool(waits) and not asked and self.may_ask)

    def decided(self, total):
        if total.arbiter is None or not (total.diverges or not total.totals):
            return ""
        return f"Решил третий эксперт: {points_words(total.arbiter)} вместо среднего"

    def given(self, entry, code, expert, total, is_arbiter=False):
        sheet = self.sheets.get((entry, expert, code))
        return Given(self.experts.get(expert, ""), shown_points(total), address_of(sheet), is_arbiter)

    def tie(self, board, group):
        return {"entries": [board.entries[row.key] for row in group], "decided": is_ordered(group), "total": shown_points(group[0].total),
                "url": reverse("contests:chair_decide", args=[group[0].key])}

    def votes(self, board):
        """Votes of the public jury, apart from the experts' points; nothing while they are being given."""
        if not board.counts_votes:
            return [], 0, ""
        rows = sorted(((board.entries[row.key], row.entry.votes) for row in board.ranked), key=lambda pair: (-pair[1], pair[0].number))
        return rows, board.voters, f"{board.voters} {plural(board.voters, 'человек,человека,человек')}"

    # The experts

    @cached_property
    def leanings(self):
        """``[(expert, Leaning, words)]``, the most unlike the others first."""
        works = [(row.remote.totals, greatest_of(board, ROUNDS.REMOTE)) for board in self.boards for row in board.ranked]
        works += [(row.onsite.totals, greatest_of(board, ROUNDS.ONSITE)) for board in self.boards for row in board.ranked]
        found = sorted(leanings(works).items(), key=lambda pair: (not pair[1].is_enough, -abs(pair[1].share), pair[0]))
        return [(self.experts.get(expert, ""), leaning, leaning_words(leaning)) for expert, leaning in found]


def sheet_ids(contest):
    """``{(entry, expert, round): id of the sheet that counts}``."""
    rows = ScoreSheet.objects.counted().filter(review__entry__contest=contest)
    return {tuple(keys): pk for pk, *keys in rows.values_list("pk", "review__entry", "review__expert", "review__round")}


def address_of(sheet):
    try:
        return reverse("contests:sheet", args=[sheet]) if sheet else ""
    except NoReverseMatch:
        return ""


def greatest_of(board, code):
    """What one expert can give at most in this round."""
    return sum((each.weight * each.maximum for each in board.criteria if each.counts and each.round == code), 0)


def agreements(board):
    """``(name of the round, Agreement)`` of the rounds that were scored."""
    for code in ROUNDS:
        units = [list(round_of(row, code).totals.values()) for row in board.ranked]
        if any(units):
            yield (code.label if len({each.round for each in board.criteria}) > 1 else ""), alpha(units)


def flat_criteria(board):
    """``[(criterion, words)]`` of criteria by which all works look alike."""
    found = spreads([sheet.marks for sheet in row.entry.sheets] for row in board.ranked)
    return [(each, flat_words(found[each.pk])) for each in board.criteria if each.pk in found and found[each.pk].is_flat(each.maximum)]


def flat_words(spread):
    if spread.least == spread.greatest:
        return f"у всех работ в среднем {number(rounded(spread.least))}"
    return f"средние оценки работ от {number(rounded(spread.least))} до {number(rounded(spread.greatest))}"


def leaning_words(leaning):
    if not leaning.is_enough:
        return "мало общих работ, судить рано"
    percent = round(abs(leaning.share) * 100)
    if not percent:
        return "как остальные"
    return f"{'выше' if leaning.share > 0 else 'ниже'} остальных на {percent}{NBSP}% шкалы"


def other_places(board, weights):
    """``[{entry, place, total, before, moved}]`` by other weights, beside the places as they are."""
    before = {row.key: place_words(row) for row in board.ranked}
    return [{"entry": board.entries[row.key], "place": place_words(row), "total": shown_points(row.total), "before": before[row.key],
             "moved": place_words(row) != before[row.key]} for row in with_weights(board, weights)]
