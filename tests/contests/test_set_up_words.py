"""What is typed in a contest's set-up and how it is read: places, words of levels, dates, numbers. No database."""
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from contests.contest.dates import NAMES, ORDER, clashes
from contests.contest.levels import LevelsNotRead, read_levels, typed_levels
from contests.contest.places import holes, read_places, written_places
from contests.contest.words import points, totals_of
from contests.forms.fields import PointsField, ShareField, WholeField
from contests.models import ContestStage, Criterion
from contests.views.contest import in_the_next_year
from projectoffice.accounts.forms.fields import MomentField

NASTY = ["NaN", "Infinity", "1e30", str(10**30), "-1", "три", "1,5,5", "½", "\x00", "\ud800", "1;2", "0x10"]


class TestPlaces:
    @pytest.mark.parametrize("typed, stored", [("", ""), ("1", "1"), (" 2-3 ", "2–3"), ("2 — 3", "2–3"), ("4–4", "4")])
    def test_are_stored_in_one_way(self, typed, stored):
        assert written_places(read_places(typed)) == stored

    @pytest.mark.parametrize("typed", ["0", "3–2", "1,2", "первое", "1–2–3", "-1", "1000", "²", "1–"])
    def test_anything_else_is_a_sentence(self, typed):
        with pytest.raises(ValueError, match=r"\.$"):
            read_places(typed)

    @pytest.mark.parametrize("places, told", [
        (["1", "2–3", ""], []), ([], []), (["", "1"], []), (["2–3"], ["Место 1"]), (["1", "4–5"], ["Места 2–3"]),
        (["1", "1"], ["уже отдано"]), (["1–3", "2"], ["уже отдано"]), (["1", "", ""], ["несколько наград"]), (["2", "5", ""], ["Место 1", "Места 3–4"])])
    def test_holes_and_overlaps_are_told(self, places, told):
        found = list(holes([(f"Награда {n}", read_places(each)) for n, each in enumerate(places)]))
        assert len(found) == len(told) and all(word in sentence for word, sentence in zip(told, found, strict=True))


class TestWordsOfLevels:
    def test_a_line_a_mark_in_any_order_and_writing(self):
        assert read_levels("3 – полностью\n0: нет\n\n1\tслабо\n2) частично - но видно", 3) == {
            0: "нет", 1: "слабо", 2: "частично - но видно", 3: "полностью"}

    def test_the_way_back_reads_the_same(self):
        levels = {0: "нет", 10: "да"}
        assert read_levels(typed_levels(levels.items()), 10) == levels

    @pytest.mark.parametrize("typed, word", [("частично", "Строка 1"), ("4 – много", "высшая – 3"), ("1 – а\n1 – б", "Строка 2"),
                                             ("1 – " + "я" * 501, "501"), ("²  – да", "Строка 1"), ("1 –", "Строка 1")])
    def test_what_does_not_fit_is_named_by_its_line(self, typed, word):
        with pytest.raises(LevelsNotRead) as refusal:
            read_levels(typed, 3)
        assert word in str(refusal.value)

    def test_a_thousand_wrong_lines_make_six_sentences(self):
        with pytest.raises(LevelsNotRead) as refusal:
            read_levels("слово\n" * 1000, 3)
        assert len(refusal.value.sentences) == 6


def at(day, hour=18):
    return datetime(2027, 3, day, hour, tzinfo=UTC)


class TestDates:
    STAGES = {"acceptance": (at(1), at(10)), "check": (at(2), at(12)), "remote": (at(13), at(16)), "onsite": (at(17), at(18)),
              "jury": (at(13), at(18)), "results": (at(19), at(20))}

    def told(self, **changes):
        return [(clash.kind, clash.end) for clash in clashes(self.STAGES | changes)]

    def test_stages_that_follow_one_another_are_right(self):
        assert self.told() == [] and dict(ContestStage.Kind.choices) == NAMES and set(ORDER) == set(ContestStage.Kind.values)

    @pytest.mark.parametrize("changes, where", [
        ({"acceptance": (at(10), at(1))}, ("acceptance", "ends")), ({"check": (at(2), at(9))}, ("check", "ends")),
        ({"remote": (at(9), at(16))}, ("remote", "starts")), ({"onsite": (at(15), at(18))}, ("onsite", "starts")),
        ({"jury": (at(5), at(18))}, ("jury", "starts")), ({"results": (at(17), at(20))}, ("results", "starts"))])
    def test_what_overlaps_is_told_beside_its_field(self, changes, where):
        assert where in self.told(**changes)

    def test_one_stage_may_begin_the_moment_another_ends(self):
        assert self.told(remote=(at(10), at(16))) == []

    def test_stages_that_are_not_held_bar_nothing(self):
        assert list(clashes({"acceptance": self.STAGES["acceptance"], "results": self.STAGES["results"]})) == []


class TestFields:
    @pytest.mark.parametrize("typed, value", [("1,5", "1.5"), ("1.5", "1.5"), (" 2 ", "2"), ("1,50", "1.5"), ("", None)])
    def test_points_take_comma_and_point(self, typed, value):
        assert PointsField(least=0, most=100).clean(typed) == (value and Decimal(value))

    @pytest.mark.parametrize("typed", [*NASTY, "100,01", "1,005"])
    def test_points_refuse_the_rest_in_words(self, typed):
        with pytest.raises(ValidationError):
            PointsField(least=0, most=100).clean(typed)

    @pytest.mark.parametrize("typed, value", [("30", "0.3"), ("30 %", "0.3"), ("0", "0"), ("100", "1")])
    def test_shares_are_typed_in_percent(self, typed, value):
        assert ShareField().clean(typed) == Decimal(value)
        assert ShareField().clean(ShareField().prepare_value(Decimal(value))) == Decimal(value)

    @pytest.mark.parametrize("typed", [*NASTY, "", "101", "12,5", "٣"])
    def test_shares_refuse_the_rest_in_words(self, typed):
        with pytest.raises(ValidationError, match=r"процентов|служебный|знак|символ"):
            ShareField().clean(typed)

    @pytest.mark.parametrize("typed", [*NASTY, "", "0", "21", "1,5", "9" * 5000])
    def test_whole_numbers_refuse_in_one_sentence(self, typed):
        with pytest.raises(ValidationError) as refusal:
            WholeField(least=1, most=20).clean(typed)
        assert refusal.value.messages == ["Впишите целое число от 1 до 20."]

    @pytest.mark.parametrize("typed", ["2027-05-14T18:00", "14.05.2027 18:00", "14.05.2027, 18:00"])
    def test_a_moment_is_typed_or_chosen(self, typed):
        assert f"{MomentField().clean(typed):%d.%m.%Y %H:%M}" == "14.05.2027 18:00"

    @pytest.mark.parametrize("typed", [*NASTY, "0001-01-01T00:00", "9999-12-31T23:59", "2027-02-30T10:00", "14.05.2027", "202700-01-01T00:00"])
    def test_other_moments_are_refused_in_words(self, typed):
        with pytest.raises(ValidationError):
            MomentField().clean(typed)


@pytest.mark.parametrize("amount, words", [("1", "1 балла"), ("21", "21 балла"), ("27", "27 баллов"), ("13.50", "13,5 балла"), ("11", "11 баллов")])
def test_points_agree_with_their_number(amount, words):
    assert points(Decimal(amount)).replace("\u00a0", " ") == words


def test_what_is_possible_is_told_by_rounds_with_weights_and_without_what_does_not_count():
    criteria = [Criterion(round="onsite", weight=Decimal("1.5"), maximum=5), Criterion(round="remote", weight=Decimal(2), maximum=3),
                Criterion(round="remote", weight=Decimal(9), maximum=9, counts=False)]
    assert [(name, words.replace("\u00a0", " ")) for name, words in totals_of(criteria)] == [
        ("Заочный тур", "до 6 баллов"), ("Очный тур", "до 7,5 балла")]


@pytest.mark.parametrize("title, expected", [
    ("Смотр на 2027 год", "Смотр на 2028 год"), ("Смотр 2026/2027", "Смотр 2027/2028"), ("Смотр", "Смотр"), ("Школа 12026", "Школа 12026")])
def test_the_years_of_a_title_move_on(title, expected):
    assert in_the_next_year(title, 2026) == expected
