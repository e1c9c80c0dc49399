"""Remarks on a plan: each rule, where it speaks, where it is silent, and when an acknowledgement lapses."""
from dataclasses import replace
from datetime import date

import pytest

from meetings.plan.linter import (
    DraftResponsible,
    DraftRow,
    DraftStamp,
    PlanDraft,
    lint,
    name_key,
    numbering_faults,
    renumbered,
    without_acknowledged,
)
from projectoffice.common.calendar import ProductionCalendar
from projectoffice.common.lines import line
from projectoffice.common.terms import calendar_year, school_year

YEAR = calendar_year(2027)
PEOPLE = ["Орлова Нина Петровна", "Зимин К.А."]
APPROVE = DraftStamp("approve", "«Утверждаю»", "О.А. Зимина")


def row(uid=1, label="1.", text="Итоги проектов", term="февраль", responsible=("Орлова Н.П.",), section=""):
    return DraftRow(uid, label, [line(text)] if text else [], term, [DraftResponsible(name) for name in responsible], section)


def draft(*rows, stamps=(APPROVE,), **rest):
    return PlanDraft(list(rows), list(stamps), **rest)


def remarks(plan, period=YEAR, **options):
    return lint(plan, period=period, known_people=PEOPLE, **options)


def told(plan, period=YEAR, **options):
    return [(remark.code, remark.position, remark.message) for remark in remarks(plan, period, **options)]


def codes(*rows, **rest):
    return [(remark.code, remark.position) for remark in remarks(draft(*rows, **rest))]


def test_a_sound_plan_has_no_remarks():
    assert told(draft(row(), row(2, "2.", term="апрель"), title=["План", "на 2027 год"])) == []


def test_what_bars_sending_comes_first():
    plan = draft(row(label="5"), row(2, "6", text=""), stamps=[DraftStamp("agree", "«Согласовано»", "Л.М. Орлова", can_sign=False)])
    found = remarks(plan)
    assert [remark.code for remark in found if remark.bars_sending] == ["no_approve_stamp", "signer_without_login", "no_topic"]
    assert [remark.severity for remark in found] == ["error"] * 3 + ["warning"] * (len(found) - 3)
    assert found[2].message == "Строка 2: впишите тему или удалите строку – после этого план можно отправить."
    assert found[1].message.startswith("Гриф «Согласовано»: Л.М. Орлова не входит на портал.")


def test_an_empty_plan_cannot_be_sent():
    assert codes() == [("no_rows", None)]


NUMBERS = [
    (["1.", "2.", "3."], []), (["1", "2", "2", "3", "4"], [(3, "number_repeated", "Строка 3: номер 2 уже есть выше.")]),
    (["1", "2", "4"], [(3, "number_skipped", "Строка 3: перед номером 4 пропущен номер 3.")]),
    (["1", "5"], [(2, "number_skipped", "Строка 2: перед номером 5 пропущены номера 2–4.")]),
    (["2", "3"], [(1, "number_skipped", "Строка 1: перед номером 2 пропущен номер 1.")]),
    (["1", "3", "2"], [(2, "number_skipped", "Строка 2: перед номером 3 пропущен номер 2."), (3, "number_out_of_order", "Строка 3: номер 2 стоит после номера 3.")]),
    (["1", "", "2"], [(2, "number_missing", "Строка 2: нет номера.")]), (["", ""], []), (["а", "б"], []), (["1.1", "1.2"], []), (["1)", "2)"], []),
    (["9" * 5000], []),
]


@pytest.mark.parametrize(("labels", "faults"), NUMBERS, ids=range(len(NUMBERS)))
def test_faults_of_printed_numbers_are_told(labels, faults):
    assert list(numbering_faults(labels)) == faults


def test_numbers_begin_anew_in_a_section():
    assert list(numbering_faults(["1", "2", "1", "2"], ["А", "А", "Б", "Б"])) == []
    assert [code for _, code, _ in numbering_faults(["1", "2", "1"])] == ["number_repeated"]


def test_renumbering_is_offered_and_keeps_the_way_numbers_are_written():
    found = remarks(draft(row(label="1."), row(2, "1.", term="март")))
    assert [(remark.code, remark.fix) for remark in found] == [("number_repeated", "renumber")]
    assert renumbered(["1.", "2.", "2.", "3"]) == ["1.", "2.", "3.", "4."]
    assert renumbered(["1", "2", "2"]) == ["1", "2", "3"]
    assert renumbered(["", ""]) == ["1.", "2."]
    assert renumbered(["1", "3", "1", "1"], ["А", "А", "Б", "Б"]) == ["1", "2", "1", "2"]
    assert list(numbering_faults(renumbered(["7", "", "х"]))) == []


TERMS = [
    ("", "term_missing", "не указан срок."), ("когда-нибудь", "term_not_understood", "срок «когда-нибудь» не распознан. Проверьте, нет ли опечатки."),
    ("февраль 2026 г.", "term_outside_period", "срок «февраль 2026 г.» выходит за период плана (01.01.2027–31.12.2027)."),
    ("декабрь 2027 – январь 2028", "term_outside_period", None), ("14.02.2027", "term_on_day_off", "14.02.2027 – воскресенье."),
    ("12 июня", "term_on_day_off", "12.06.2027 – День России."), ("до 13 февраля", "term_on_day_off", "13.02.2027 – суббота."),
    ("с 8 по 14 февраля", "term_on_day_off", "14.02.2027 – воскресенье."),
]


@pytest.mark.parametrize(("term", "code", "message"), TERMS)
def test_a_doubtful_term_is_told(term, code, message):
    found = told(draft(row(term=term)))
    assert [item[:2] for item in found] == [(code, 1)]
    assert message is None or found[0][2] == f"Строка 1: {message}"


@pytest.mark.parametrize("term", ["февраль", "по плану", "в течение года", "ежеквартально", "до 15 ноября", "I квартал", "15.02.2027", "до конца марта", "с марта по май",
                                  "II полугодие"])
def test_sound_terms_are_silent(term):
    assert told(draft(row(term=term))) == []


def test_a_term_before_the_one_above_is_told():
    rows = [row(1, "1", term="апрель"), row(2, "2", term="февраль"), row(3, "3", term="в течение года"), row(4, "4", term="март"), row(5, "5", term="июнь")]
    assert told(draft(*rows)) == [("term_before_previous", 2, "Строка 2: срок раньше, чем в строке 1.")]


def test_in_a_school_year_january_comes_after_december():
    rows = [row(1, "1", term="декабрь"), row(2, "2", term="январь")]
    assert [item[0] for item in told(draft(*rows), school_year(2026))] == []
    assert [item[0] for item in told(draft(*rows), YEAR)] == ["term_before_previous"]


def test_moved_days_are_minded():
    calendar = ProductionCalendar({date(2027, 2, 15): True})
    assert [item[0] for item in told(draft(row(term="15.02.2027")), holidays=calendar)] == ["term_on_day_off"]


def test_an_unknown_or_missing_responsible_is_told():
    assert codes(row(responsible=())) == [("no_responsible", 1)]
    assert codes(row(responsible=("Чужой Ч.Ч.",))) == [("responsible_unknown", 1)]
    for known in ("Орлова Н.П.", "Н.П. Орлова", "Орлова Нина Петровна", "Орлова Н.П., директор", "Орлова Н.", "К.А. Зимин", "Руководители портфелей", "Администрация МОУ"):
        assert codes(row(responsible=(known,))) == []
    gone = replace(row(), responsible=[DraftResponsible("Орлова Н.П.", active=False)])
    here = replace(row(), responsible=[DraftResponsible("Чужой Ч.Ч.", active=True)])
    assert codes(gone) == [("responsible_unknown", 1)]
    assert codes(here) == []


def test_names_in_all_their_forms_are_one_person():
    forms = ["Орлова Н.П.", "Н.П. Орлова", "Н. П. Орлова", "Орлова Нина Петровна", "Орлова\u00a0Н.П.", "директор Орлова Н.П.", "ОрловаН.П."]
    assert {name_key(form) for form in forms} == {("орлова", "н", "п")}
    assert name_key("Члены Проектного офиса") is None


def test_years_left_from_last_year_s_plan():
    plan = draft(row(text="Итоги 2026 года. План на 2027 год"), title=["План", "на 2026 год"], source_years=[2026])
    assert told(plan) == [("title_year", None, "В заголовке стоит 2026 год, а план – на 2027 год."),
                          ("year_from_last_plan", 1, "Строка 1: в теме остался 2026 год из прошлого плана. Проверьте.")]
    assert told(draft(row(text="Итоги 2026 года"), title=["План на 2027 год"])) == []
    assert told(draft(row(text="Итоги"), title=["План на 2026–2027 учебный год"]), school_year(2026)) == []


def test_a_warning_left_as_it_is_comes_back_when_its_cell_changes():
    plan = draft(row(label="1"), row(2, "1", term="март"))
    found = remarks(plan)
    left = {remark.key for remark in found}
    assert without_acknowledged(found, left) == []
    changed = draft(row(label="1"), row(2, "1", term="апрель"))
    assert without_acknowledged(remarks(changed), left) == [], "another cell of the row does not matter"
    renamed = draft(row(label="01"), row(2, "01", term="март"))
    assert [remark.code for remark in without_acknowledged(remarks(renamed), left)] == ["number_repeated"]


def test_errors_cannot_be_left_as_they_are():
    found = remarks(draft(row(text="")))
    assert without_acknowledged(found, {remark.key for remark in found}) == found


def test_two_unknown_people_of_a_row_are_two_remarks():
    found = remarks(draft(row(responsible=("Чужой Ч.Ч.", "Другой Д.Д."))))
    assert len({remark.key for remark in found}) == 2


def test_a_stranger_in_many_rows_is_one_remark_left_with_one_click():
    plan = draft(row(responsible=("Чужой Ч.Ч.",)), row(2, "2.", term="март", responsible=("Чужой Ч.Ч.", "Иной И.И.")))
    found = remarks(plan)
    assert [remark.message.split(":")[0] for remark in found] == ["Строки 1, 2", "Строка 2"]
    left = without_acknowledged(found, [found[0].key])
    assert [remark.message.split(":")[0] for remark in left] == ["Строка 2"]
