"""What became of a line of the plan, decided without a database."""
from dataclasses import dataclass
from datetime import date
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.fulfilment import judging, sums
from meetings.fulfilment.judging import Mark, MeetingFacts, Part, Question, State, judge, row_state
from meetings.fulfilment.lines import find_lines, lines_of, plan_rows
from projectoffice.common.lines import from_text

FEBRUARY, MARCH, APRIL = date(2027, 2, 12), date(2027, 3, 12), date(2027, 4, 9)
TERM_END = date(2027, 2, 28)
numbers = count(1)


def meeting(state="held", day=FEBRUARY, **facts):
    return MeetingFacts(next(numbers), day, state, **facts)


def question(outcome="considered", held_at=None, *, parts=(), note="", text="Тема", place=0):
    return Question(text, place, held_at or meeting(), outcome, note, tuple(parts))


def line_of(typed="Тема"):
    return lines_of(from_text(typed))[0]


def told(*questions, typed="Тема", mark=None, day=date(2027, 2, 1), sub=None):
    """The state of one line: its code, words and reason."""
    state = judge(line_of(typed), [(each, sub) for each in questions], mark, last_day=TERM_END, day=day)
    return state.code, said(state), state.reason


def said(state):
    return state.words.replace("\xa0", " ")


POSTPONED_NOTE = "нет материалов"
CASES = [
    ("nothing, the term goes on", [], {}, ("upcoming", "Предстоит", "")),
    ("nothing on the last day of the term", [], {"day": TERM_END}, ("upcoming", "Предстоит", "")),
    ("nothing, the term is over", [], {"day": date(2027, 3, 1)}, ("not_held", "Не проведено", "")),
    ("considered", [question()], {}, ("held", "Проведено 12.02.2027", "")),
    ("considered long after the term", [question(held_at=meeting(day=APRIL))], {"day": date(2027, 5, 1)},
     ("held", "Проведено 09.04.2027", "")),
    ("announced", [question("", meeting("announced"))], {}, ("scheduled", "Назначено на 12.02.2027", "")),
    ("announced after the term", [question("", meeting("announced", APRIL))], {"day": date(2027, 3, 1)},
     ("scheduled", "Назначено на 09.04.2027", "")),
    ("a draft of a meeting promises nothing", [question("", meeting("draft"))], {}, ("upcoming", "Предстоит", "")),
    ("a draft with outcomes neither", [question("considered", meeting("draft"))], {}, ("upcoming", "Предстоит", "")),
    ("moved to a day", [question("", meeting("moved", MARCH, reason="отпуск", moved_from=FEBRUARY))], {},
     ("moved", "Перенесено на 12.03.2027", "отпуск")),
    ("moved without a day", [question("", meeting("moved", None, reason="отпуск", moved_from=FEBRUARY))], {},
     ("moved", "Перенесено", "отпуск")),
    ("moved, the old day still stands", [question("", meeting("moved", FEBRUARY, moved_from=FEBRUARY))], {}, ("moved", "Перенесено", "")),
    ("put off to a day that is not announced yet", [question("", meeting("draft", MARCH, reason="отпуск", moved_from=FEBRUARY))], {},
     ("moved", "Перенесено на 12.03.2027", "отпуск")),
    ("moved and the term is over", [question("", meeting("moved", None, reason="отпуск"))], {"day": date(2027, 6, 1)},
     ("moved", "Перенесено", "отпуск")),
    ("cancelled", [question("", meeting("cancelled", reason="нет кворума"))], {}, ("cancelled", "Снято", "нет кворума")),
    ("postponed at the table", [question("postponed", note=POSTPONED_NOTE)], {}, ("moved", "Перенесено", POSTPONED_NOTE)),
    ("withdrawn from the agenda", [question("withdrawn", note="решено раньше")], {}, ("cancelled", "Снято", "решено раньше")),
    ("held, outcome not written yet", [question("")], {}, ("scheduled", "Назначено на 12.02.2027", "")),
    ("postponed, then considered", [question("postponed"), question(held_at=meeting(day=MARCH))], {},
     ("held", "Проведено 12.03.2027", "")),
    ("considered, then once more announced", [question(), question("", meeting("announced", APRIL))], {},
     ("held", "Проведено 12.02.2027", "")),
    ("postponed, then announced anew", [question("postponed"), question("", meeting("announced", MARCH))], {},
     ("scheduled", "Назначено на 12.03.2027", "")),
    ("cancelled, then announced anew", [question("", meeting("cancelled")), question("", meeting("announced", MARCH))], {},
     ("scheduled", "Назначено на 12.03.2027", "")),
    ("announced and forgotten, then postponed", [question("", meeting("announced")), question("postponed", meeting(day=MARCH))], {},
     ("moved", "Перенесено", "")),
    ("two of three parts of an agenda", [question(parts=[Part("а", None, "considered"), Part("б", None, ""), Part("в", None, "postponed", "позже")])],
     {}, ("partly", "Рассмотрено частично, 2 из 3", "позже")),
    ("every part", [question("", parts=[Part("а", None, "considered"), Part("б", None, "considered")])], {},
     ("held", "Проведено 12.02.2027", "")),
    ("no part, the question is postponed", [question("postponed", parts=[Part("а"), Part("б")], note=POSTPONED_NOTE)], {},
     ("moved", "Перенесено", POSTPONED_NOTE)),
    ("the rest a month later",
     [question("", parts=[Part("а", None, "considered"), Part("б", None, "postponed")]),
      question("", meeting(day=MARCH), parts=[Part("б", None, "considered")])], {}, ("held", "Проведено 12.03.2027", "")),
    ("the office's word outweighs the meetings", [question()], {"mark": Mark("Тема", 0, "not_held", reason="не собрались")},
     ("not_held", "Не проведено", "не собрались")),
    ("the office's word without meetings", [], {"mark": Mark("Тема", 0, "held", MARCH)}, ("held", "Проведено 12.03.2027", "")),
    ("moved by the office", [], {"mark": Mark("Тема", 0, "moved", moved_to="март", reason="отпуск")},
     ("moved", "Перенесено на март", "отпуск")),
    ("partly by the office", [], {"mark": Mark("Тема", 0, "partly", MARCH)}, ("partly", "Рассмотрено частично", "")),
    ("a word taken back says nothing", [question()], {"mark": Mark("Тема", 0, "")}, ("held", "Проведено 12.02.2027", "")),
]


@pytest.mark.parametrize(("questions", "more", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_line_is_judged(questions, more, expected):
    assert told(*questions, **more) == expected
    assert told(*reversed(questions), **more) == expected


SUBS = "Документы смотра:\n– приказ;\n– положение;\n– состав жюри."


def test_sub_questions_of_the_plan_are_counted_by_their_words():
    parts = [Part("Приказ", None, "considered"), Part("Положение;", 1, "considered"), Part("Состав жюри", None, "postponed", "нет согласий")]
    assert told(question("", parts=parts), typed=SUBS) == ("partly", "Рассмотрено частично, 2 из 3", "нет согласий")


def test_a_considered_question_without_parts_covers_all_its_sub_questions():
    assert told(question(), typed=SUBS)[0] == "held"


def test_a_considered_question_does_not_cover_a_part_that_was_postponed():
    assert told(question(parts=[Part("приказ", None, "postponed")]), typed=SUBS)[1] == "Рассмотрено частично, 2 из 3"


def test_sub_questions_may_be_questions_of_their_own_at_several_meetings():
    line = line_of(SUBS)
    first, second, third = line.subs
    pairs = [(question(), first), (question(held_at=meeting(day=MARCH)), second)]
    state = judge(line, pairs, None, last_day=TERM_END, day=APRIL)
    assert (state.code, state.done, state.total) == ("partly", 2, 3)
    assert judge(line, [*pairs, (question(held_at=meeting(day=APRIL)), third)], None, last_day=TERM_END, day=APRIL).words == "Проведено 09.04.2027"
    assert judge(line, [(question("postponed"), first)], None, last_day=TERM_END, day=APRIL).code == "moved"


def test_remarks_tell_of_a_meeting_nobody_closed_an_unwritten_outcome_and_the_rest_to_come():
    def remarks(*questions, day=APRIL, typed="Тема"):
        return judge(line_of(typed), [(each, None) for each in questions], None, last_day=TERM_END, day=day).remarks

    assert remarks(question("", meeting("announced"))) == (judging.NOT_CLOSED,)
    assert remarks(question("", meeting("announced")), day=FEBRUARY) == ()
    assert remarks(question("")) == (judging.NO_OUTCOME,)
    later = {"day": MARCH, "moved_from": FEBRUARY, "reason": "отпуск"}
    assert remarks(question("", meeting("announced", **later)), day=FEBRUARY) == ("Перенесено с 12.02.2027: отпуск.",)
    assert remarks(question(held_at=meeting(**later))) == ("Перенесено с 12.02.2027: отпуск.",)
    half = question("", parts=[Part("а", None, "considered"), Part("б")])
    assert remarks(half, question("", meeting("announced", MARCH))) == ("Продолжение назначено на 12.03.2027.",)


# ── which line is meant ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Thing:
    text: str
    place: int | None = None


def row_of(typed, term="февраль"):
    cells = {"label": "1.", "topics": from_text(typed), "term": term, "responsible": []}
    snapshot = {"head": {"period": ["2027-01-01", "2027-12-31"]}, "sections": [{"title": "", "rows": [{"uid": "u", "cells": cells}]}]}
    return plan_rows(snapshot)[0]


def places(typed, *things):
    return [found and ((found.sub or found.line).place, found.changed) for found in find_lines(row_of(typed), things)]


@pytest.mark.parametrize(("typed", "shape"), [
    ("Одна тема", [("Одна тема", [])]),
    ("Первая\nВторая", [("Первая", []), ("Вторая", [])]),
    ("Первая:\n– а;\n– б\nВторая", [("Первая:", ["а;", "б"]), ("Вторая", [])]),
    ("• а\n• б", [("а", []), ("б", [])]),
    ("• а\n  • в\n  • г\n• б", [("а", ["в", "г"]), ("б", [])]),
    ("Тема:\n• а\n  – глубже\n• б", [("Тема:", ["а: глубже", "б"])]),
    ("Тема\n  – глубже", [("Тема", ["глубже"])]),
    ("", []),
])
def test_nested_lines_and_announced_lists_belong_to_their_top_line(typed, shape):
    assert [(line.text, [sub.text for sub in line.subs]) for line in lines_of(from_text(typed))] == shape


def test_words_find_a_line_wherever_it_stands_now():
    assert places("Новая\nСтарая тема", Thing("старая  ТЕМА.", 0)) == [(1, False)]


def test_of_equal_lines_the_place_decides():
    assert places("Разное\nРазное", Thing("Разное", 1), Thing("Разное", 0), Thing("Разное", 5)) == [(1, False), (0, False), (0, False)]


def test_changed_words_are_found_by_place_with_a_remark():
    assert places("Совсем другие слова", Thing("Прежние слова", 0)) == [(0, True)]


def test_a_place_taken_by_words_that_moved_there_says_nothing_of_its_former_line():
    assert places("Вторая", Thing("Вторая", 1), Thing("Первая", 0)) == [(0, False), None]


def test_changed_words_at_the_same_place_are_one_line_before_and_after():
    assert places("Новые слова", Thing("Прежние", 0), Thing("Новые слова", 0)) == [(0, True), (0, False)]


def test_a_line_that_is_gone_and_a_place_beyond_the_row_are_not_found():
    assert places("Тема", Thing("Прежняя", 7), Thing("Прежняя", None)) == [None, None]


def test_a_sub_question_is_found_by_its_words():
    assert places(SUBS, Thing("положение", None)) == [(2, False)]


def test_the_last_day_of_the_term_is_read_in_the_period_of_the_plan():
    assert row_of("Тема", "I квартал").end == date(2027, 3, 31)
    assert row_of("Тема", "в начале осени").end is None


# ── rows and percents ────────────────────────────────────────────────────────────────────────────────────


def states(*codes):
    return [State(code, FEBRUARY if code in ("held", "scheduled") else None) for code in codes]


@pytest.mark.parametrize(("codes", "words"), [
    ((), "Предстоит"),
    (("held",), "Проведено 12.02.2027"),
    (("held", "held"), "Проведено 12.02.2027"),
    (("held", "held", "upcoming"), "Рассмотрено частично, 2 из 3"),
    (("held", "cancelled"), "Проведено 12.02.2027"),
    (("held", "held", "cancelled"), "Проведено 12.02.2027"),
    (("cancelled", "cancelled"), "Снято"),
    (("partly", "upcoming"), "Рассмотрено частично"),
    (("partly", "held"), "Рассмотрено частично, 1 из 2"),
    (("scheduled", "upcoming"), "Назначено на 12.02.2027"),
    (("moved", "scheduled"), "Перенесено"),
    (("not_held", "moved", "scheduled"), "Не проведено"),
    (("upcoming", "upcoming"), "Предстоит"),
])
def test_a_row_is_the_sum_of_its_lines(codes, words):
    assert said(row_state(states(*codes))) == words


def test_every_state_has_words_and_a_family():
    for code in judging.FAMILIES:
        assert State(code).words and State(code).family in {"neutral", "progress", "done", "wait", "alert", "closed"}


ends = st.one_of(st.none(), st.dates(date(2026, 9, 1), date(2027, 12, 31)))


@given(st.lists(st.tuples(ends, st.sampled_from(sorted(judging.FAMILIES)).map(State)), max_size=40))
def test_groups_add_up_to_the_whole_and_percents_stay_percents(lines):
    found, whole = sums.groups(lines), sums.group(sums.ALL, [state for _, state in lines])
    for name in ("total", "held", "partly", "moved", "cancelled", "not_held", "ahead"):
        assert sum(getattr(group, name) for group in found) == getattr(whole, name)
    for group in [*found, whole]:
        assert group.total == group.held + group.partly + group.moved + group.cancelled + group.not_held + group.ahead
        assert (group.percent is None) == (group.counted == group.ahead)
        assert group.percent is None or 0 <= group.percent <= 100


def test_partly_counts_half_cancelled_not_at_all_and_halves_are_rounded_up():
    def percent(*codes):
        return sums.group("", states(*codes)).percent

    assert percent("held", "upcoming") == 50
    assert percent("partly", "upcoming") == 25
    assert percent("held", "cancelled") == 100
    assert percent("cancelled") is None
    assert percent("upcoming", "upcoming", "cancelled") is None  # nothing of it could be done yet
    assert percent("not_held", "upcoming") == 0
    assert percent("held", *["upcoming"] * 7) == 13  # 12,5
    assert percent("held", "held", "not_held") == 67


def test_months_follow_one_another_and_lines_without_a_term_come_last():
    lines = [(None, State("held")), (date(2027, 9, 30), State("held")), (date(2027, 2, 28), State("upcoming")), (date(2026, 12, 1), State("held"))]
    assert [group.title for group in sums.groups(lines)] == ["Декабрь 2026", "Февраль 2027", "Сентябрь 2027", "Без срока"]
