"""What comes of the sheets: the board, the ranking as a command prints it."""
import json
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contests.models import Contest, Criterion, Entry, JuryVote, ScoreSheet, TieRule
from contests.scoring import Tie
from contests.tally.board import standings
from contests.tally.words import place_words, rule_words
from tests.contests.things import admitted, expert_of, juror_of, set_up, sheet_of, stage

pytestmark = pytest.mark.django_db


def scored(marks, *, ties=(), **fields):
    """A nomination whose entries got these marks: a list of sheets an entry, the first expert first."""
    nomination = set_up(**fields)
    for position, (rule, title) in enumerate(ties, start=1):
        TieRule.objects.create(contest=nomination.contest, rule=rule, criterion_title=title, position=position)
    Contest.objects.filter(pk=nomination.contest.pk).update(state=Contest.State.ANNOUNCED)
    nomination.contest.refresh_from_db()
    experts = [expert_of(nomination.contest) for _ in range(max((len(sheets) for sheets in marks), default=0))]
    for sheets in marks:
        entry = admitted(nomination)
        for expert, given in zip(experts, sheets, strict=False):
            sheet_of(entry, expert, given, submitted=True)
    return nomination, experts


def only_board(contest):
    [board] = standings(contest)
    return board


def told(board):
    """[(number, place, rule)] in the order of the ranking."""
    return [(board.entries[row.key].number, place_words(row), row.decided and str(row.decided.rule)) for row in board.ranked]


class TestBoard:
    def test_only_sheets_that_are_in_and_not_voided_make_the_total(self):
        nomination, experts = scored([[(3, 3), (1, 1)]])
        entry = Entry.objects.get()
        sheet_of(entry, expert_of(nomination.contest), (0, 0))  # still a draft
        voided = sheet_of(entry, expert_of(nomination.contest), (0, 0), submitted=True)
        ScoreSheet.objects.filter(pk=voided.pk).update(state="voided", void_reason="Ошибся работой", voided_at=voided.submitted_at)
        [row] = only_board(nomination.contest).ranked
        assert (row.total, row.remote.count, row.remote.median, row.remote.spread) == (4, 2, 4, 4)
        assert set(row.remote.totals) == {each.pk for each in experts}

    def test_what_was_not_admitted_is_no_part_of_it_and_an_entry_without_sheets_has_no_place(self):
        nomination, _ = scored([[(1, 1)], []])
        gone = admitted(nomination)
        Entry.objects.filter(pk=gone.pk).update(state=Entry.State.WITHDRAWN)
        assert told(only_board(nomination.contest)) == [(1, "1", None), (2, "", None)]

    def test_an_arbiters_total_replaces_the_mean_of_experts_who_diverge_and_the_originals_stay(self):
        nomination, _ = scored([[(3, 3), (0, 0)]], divergence=Decimal(5))
        assert only_board(nomination.contest).awaiting
        sheet_of(Entry.objects.get(), expert_of(nomination.contest), (2, 2), submitted=True, is_arbiter=True)
        board = only_board(nomination.contest)
        [row] = board.ranked
        assert (row.total, row.remote.mean, row.remote.spread) == (4, 3, 6) and sorted(row.remote.totals.values()) == [0, 6] and not board.awaiting

    @pytest.mark.parametrize(("ties", "expected"), [
        ([], [(1, "1–2", "shared"), (2, "1–2", "shared")]),
        ([("criterion", "Измеримость результата")], [(2, "1", "criterion"), (1, "2", "criterion")]),
        ([("criterion", "Нет такого"), ("earlier", "")], [(1, "1", "earlier"), (2, "2", "earlier")]),
        ([("highest", "")], [(1, "1", "highest"), (2, "2", "highest")]),
    ])
    def test_the_chain_of_the_contest_parts_equals_and_says_by_which_rule(self, ties, expected):
        nomination, _ = scored([[(3, 1)], [(2, 2)]], ties=ties)
        board = only_board(nomination.contest)
        assert told(board) == expected and all(rule_words(board, row) for row in board.ranked)

    def test_equals_wait_for_the_chair_only_where_his_link_of_the_chain_is_reached(self):
        for ties, waits in [([("chair", "")], True), ([("shared", ""), ("chair", "")], False), ([("highest", ""), ("chair", "")], False), ([], False)]:
            nomination, _ = scored([[(3, 1)], [(2, 2)], [(0, 0)]], ties=ties)
            assert bool(only_board(nomination.contest).undecided) is waits, ties
        nomination, _ = scored([[(3, 1)], [(2, 2)]], ties=[("chair", "")])
        for order, entry in enumerate(reversed(nomination.entries.all()), start=1):
            Entry.objects.filter(pk=entry.pk).update(chair_order=order)
        board = only_board(nomination.contest)
        assert not board.undecided and told(board) == [(2, "1", "chair"), (1, "2", "chair")]

    def test_votes_count_once_the_window_is_over_and_an_annulled_one_does_not(self):
        nomination, _ = scored([[(1, 1)], [(1, 1)]], public_weight=Decimal("0.50"))
        first, second = nomination.entries.all()
        window = stage(nomination.contest, "jury")
        for _ in range(3):
            JuryVote.objects.create(member=juror_of(nomination.contest), entry=second)
        JuryVote.objects.create(member=juror_of(nomination.contest), entry=first)
        JuryVote.objects.filter(entry=first).update(annulled_at=first.submitted_at, annul_reason="Голосовал автор")
        board = only_board(nomination.contest)
        assert not board.counts_votes and {(row.total, row.public, row.entry.votes) for row in board.ranked} == {(2, 0, 0)}
        window.ends_at = window.starts_at + timedelta(hours=1)
        window.save()
        board = only_board(nomination.contest)
        assert board.voters == 3 and [(row.key, row.public) for row in board.ranked] == [(second.pk, 1), (first.pk, 0)]

    def test_both_rounds_add_up_for_those_who_advanced(self):
        nomination = set_up()
        Criterion.objects.create(nomination=nomination, title="Защита", maximum=3, round="onsite", position=3)
        Contest.objects.filter(pk=nomination.contest.pk).update(state=Contest.State.ANNOUNCED)
        entry, expert = admitted(nomination, onsite_order=1), expert_of(nomination.contest)
        sheet_of(entry, expert, (3, 2), submitted=True)
        review = entry.reviews.create(expert=expert, round="onsite")
        sheet = review.sheets.create()
        sheet.scores.create(criterion=nomination.criteria.get(title="Защита"), mark=3)
        ScoreSheet.objects.filter(pk=sheet.pk).update(state="submitted", submitted_at=entry.submitted_at)
        [row] = only_board(nomination.contest).ranked
        assert (row.remote.combined, row.onsite.combined, row.total) == (5, 3, 8)

    def test_it_asks_the_same_questions_for_one_work_and_for_many(self):
        def asked(contest):
            with CaptureQueriesContext(connection) as seen:
                standings(contest)
            return len(seen)

        few, _ = scored([[(1, 1)]])
        many, _ = scored([[(1, 1), (2, 2), (3, 3)]] * 5)
        assert asked(few.contest) == asked(many.contest) <= 10

    def test_a_work_whose_sheet_is_not_in_yet_is_said_to_be_unscored(self):
        nomination, experts = scored([[(1, 1)], [(1, 1)]])
        late = nomination.entries.last()
        late.reviews.create(expert=expert_of(nomination.contest))
        assert only_board(nomination.contest).unscored == {late.pk}


class TestCommand:
    def test_it_prints_totals_places_and_the_rule_for_programs_and_for_people(self):
        nomination, experts = scored([[(3, 1), (2, 2)], [(2, 2), (2, 2)]], ties=[("criterion", "Измеримость результата")])
        out = StringIO()
        call_command("rank_contest", nomination.contest.pk, "--json", stdout=out)
        [board] = json.loads(out.getvalue())
        best = board["entries"][0]
        assert (best["number"], best["place"], best["total"], best["rule"]) == (2, 1, 4, "criterion")
        assert (best["remote"]["mean"], best["remote"]["median"], best["remote"]["spread"], best["remote"]["count"]) == (4, 4, 0, 2)
        assert set(best["remote"]["totals"]) == {str(each.pk) for each in experts}
        out = StringIO()
        call_command("rank_contest", nomination.contest.pk, stdout=out)
        assert "При равных баллах решил критерий «Измеримость результата»" in out.getvalue() and Tie.CRITERION not in out.getvalue()

    def test_a_contest_that_is_not_there_is_said(self):
        with pytest.raises(CommandError, match="Конкурса 777 нет"):
            call_command("rank_contest", 777)
