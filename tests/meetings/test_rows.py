import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from meetings.models import PlanItem, PlanResponsible
from meetings.services.plan import create_plan, save_title
from meetings.services.rows import (
    add_row,
    duplicate_row,
    move_row,
    paste_rows,
    remove_row,
    renumber,
    return_row,
    save_cell,
    save_row,
    unpaste_rows,
)
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import Event
from projectoffice.documents.models import Document
from tests.factories import BodyFactory, MeetingPlanFactory, UserFactory
from tests.races import together

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast):
    return MeetingPlanFactory(by=cast.secretary)


def filled(plan, by, count=3):
    return [add_row(plan, by=by, values={"topics": f"Тема {place}"}) for place in range(1, count + 1)]


def table(plan):
    rows = plan.items.present().order_by("position")
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [row.topics[0]["text"] if row.topics else "" for row in rows]


def test_a_new_row_stands_below_the_one_it_was_asked_at_and_takes_the_next_number(cast, plan):
    first, second = filled(plan, cast.secretary, 2)
    between = add_row(plan, by=cast.secretary, after=first)
    assert table(plan) == ["Тема 1", "", "Тема 2"]
    assert (first.label, between.label) == ("1.", "2.")


def test_the_same_row_sent_twice_is_one_row(cast, plan):
    uid = uuid.uuid4()
    assert add_row(plan, by=cast.secretary, uid=uid) == add_row(plan, by=cast.secretary, uid=uid)
    assert plan.items.count() == 1


def test_a_row_is_copied_with_its_people(cast, plan):
    row = add_row(plan, by=cast.secretary, values={"topics": "– раз\n– два", "term": "май", "responsible": "Орлова А.И."})
    copy = duplicate_row(row, by=cast.secretary)
    assert copy.topics == row.topics and copy.term_end == row.term_end
    assert copy.responsibles.get().person == cast.office_head


def test_a_removed_row_comes_back_to_its_place(cast, plan):
    rows = filled(plan, cast.secretary)
    remove_row(rows[1], by=cast.secretary)
    assert table(plan) == ["Тема 1", "Тема 3"]
    return_row(rows[1], by=cast.secretary, place=2)
    assert table(plan) == ["Тема 1", "Тема 2", "Тема 3"]


def test_a_row_that_comes_back_to_a_shorter_table_stands_last(cast, plan):
    rows = filled(plan, cast.secretary)
    for row in rows:
        remove_row(row, by=cast.secretary)
    return_row(rows[2], by=cast.secretary, place=3)
    assert table(plan) == ["Тема 3"]


@pytest.mark.parametrize(("position", "expected"), [
    (1, ["Тема 2", "Тема 1", "Тема 3"]), (3, ["Тема 1", "Тема 3", "Тема 2"]), (99, ["Тема 1", "Тема 3", "Тема 2"]),
    (-5, ["Тема 2", "Тема 1", "Тема 3"]), (2, ["Тема 1", "Тема 2", "Тема 3"]),
])
def test_a_row_moves_and_never_past_the_ends(cast, plan, position, expected):
    move_row(filled(plan, cast.secretary)[1], by=cast.secretary, position=position)
    assert table(plan) == expected


def test_a_term_is_read_inside_the_plans_period(cast, plan):
    row = add_row(plan, by=cast.secretary)
    row = save_cell(row, "term", "февраль", version=row.version, by=cast.secretary)
    assert (f"{row.term_start}", f"{row.term_end}") == ("2027-02-01", "2027-02-28")
    row = save_cell(row, "term", "когда получится", version=row.version, by=cast.secretary)
    assert (row.term, row.term_start) == ("когда получится", None)


def test_a_responsible_is_linked_to_the_one_person_of_that_name(cast, plan):
    UserFactory(surname="Двойников", username="one")
    UserFactory(surname="Двойников", username="two")
    row = add_row(plan, by=cast.secretary)
    typed = "Орлова А.И.\nА.И. Зимин\nДвойников А.И.\nСовет школы"
    save_cell(row, "responsible", typed, version=row.version, by=cast.secretary)
    people = list(PlanResponsible.objects.filter(item=row).values_list("text", "person"))
    assert people == [("Орлова А.И.", cast.office_head.pk), ("А.И. Зимин", cast.department_head.pk),
                      ("Двойников А.И.", None), ("Совет школы", None)]


def test_a_chosen_person_outweighs_the_name(cast, plan):
    UserFactory(surname="Двойников", username="one")
    chosen = UserFactory(surname="Двойников", username="two")
    row = add_row(plan, by=cast.secretary)
    save_cell(row, "responsible", [{"text": "Двойников А.И.", "person": chosen.pk}], version=1, by=cast.secretary)
    assert row.responsibles.get().person == chosen


def test_a_stale_save_is_refused_with_the_other_text_and_nothing_is_lost(cast, plan):
    row = add_row(plan, by=cast.secretary)
    save_cell(row, "topics", "Текст Орловой", version=1, by=cast.office_head, base="")
    with pytest.raises(StaleVersion) as stale:
        save_cell(row, "topics", "Текст секретаря", version=1, by=cast.secretary, base="")
    assert stale.value.current.topics[0]["text"] == "Текст Орловой"
    assert stale.value.current.changed_by == cast.office_head


def test_two_cells_of_one_row_changed_at_once_are_both_kept(cast, plan):
    row = add_row(plan, by=cast.secretary)
    save_cell(row, "term", "май", version=1, by=cast.office_head, base="")
    save_cell(row, "topics", "Тема", version=1, by=cast.secretary, base="")
    row.refresh_from_db()
    assert (row.term, row.topics[0]["text"], row.version) == ("май", "Тема", 3)


def test_without_the_text_it_began_from_a_save_is_judged_by_the_version_alone(cast, plan):
    row = add_row(plan, by=cast.secretary)
    save_cell(row, "term", "май", version=1, by=cast.secretary)
    with pytest.raises(StaleVersion):
        save_cell(row, "topics", "Тема", version=1, by=cast.secretary)


def test_the_same_save_sent_twice_changes_nothing_more(cast, plan):
    row = add_row(plan, by=cast.secretary)
    for _ in range(2):
        saved = save_cell(row, "topics", "Тема", version=1, by=cast.secretary, base="")
    assert saved.version == 2
    assert Event.objects.filter(verb="save_cell").count() == 1


@pytest.mark.parametrize(("cell", "value", "words"), [
    ("topics", "Тема\x0bдалее\x00", "служебный знак"),
    ("topics", "обрыв \ud800", "служебный знак"),
    ("topics", "влево \u202e", "служебный знак"),
    ("topics", "я" * 10_001, "10\xa0000"),
    ("topics", [{"text": "а", "level": 9, "marker": "dash"}], "уровней"),
    ("topics", {"text": "а"}, "не в том виде"),
    ("label", "1" * 21, "20 знаков"),
    ("term", "я" * 301, "300 знаков"),
    ("responsible", [5], "не в том виде"),
    ("responsible", "\n".join("абвгдежзиклмнопрстуфхцчшщэюябвгдежз"), "30 ответственных"),
    ("уровень", "1", "Такой графы нет"),
])
def test_what_cannot_be_stored_is_refused_with_a_sentence(cast, plan, cell, value, words):
    row = add_row(plan, by=cast.secretary)
    with pytest.raises(ValidationError) as refusal:
        save_cell(row, cell, value, version=1, by=cast.secretary)
    assert words in " ".join(refusal.value.messages)


def test_ten_thousand_characters_are_a_topic(cast, plan):
    row = add_row(plan, by=cast.secretary)
    saved = save_cell(row, "topics", "я" * 10_000, version=1, by=cast.secretary)
    assert len(saved.topics[0]["text"]) == 10_000


def test_all_errors_of_a_row_come_together(cast, plan):
    row = add_row(plan, by=cast.secretary)
    with pytest.raises(ValidationError) as refusal:
        save_row(row, {"label": "1" * 30, "topics": "\x00"}, version=1, by=cast.secretary)
    assert set(refusal.value.message_dict) == {"label", "topics"}


def test_pasted_rows_take_the_place_of_the_empty_row_and_one_undo_takes_them_back(cast, plan):
    first, last = filled(plan, cast.secretary, 2)
    empty = add_row(plan, by=cast.secretary, after=first)
    values = [{"label": "1", "topics": "А"}, {"label": "2", "topics": "Б", "term": "май"}]
    added, given_way = paste_rows(plan, values, by=cast.secretary, after=empty)
    assert table(plan) == ["Тема 1", "А", "Б", "Тема 2"]
    unpaste_rows(plan, [row.uid for row in added], by=cast.secretary, given_way=given_way)
    assert table(plan) == ["Тема 1", "", "Тема 2"]


def test_one_bad_pasted_row_leaves_the_plan_as_it_was(cast, plan):
    with pytest.raises(ValidationError):
        paste_rows(plan, [{"topics": "А"}, {"term": "я" * 400}], by=cast.secretary)
    assert not plan.items.exists()


def test_renumbering_keeps_the_way_numbers_are_written(cast, plan):
    for label in ("1)", "2)", "2)", "", "7)"):
        add_row(plan, by=cast.secretary, values={"label": label})
    assert len(renumber(plan, by=cast.secretary)) == 3
    assert list(plan.items.order_by("position").values_list("label", flat=True)) == ["1)", "2)", "3)", "4)", "5)"]


def test_strangers_and_the_department_head_change_no_row(cast, plan):
    row = add_row(plan, by=cast.secretary)
    for person in (cast.stranger, cast.department_head, cast.member_of_school_a):
        with pytest.raises(PermissionDenied):
            save_cell(row, "topics", "Чужое", version=1, by=person)


def test_a_plan_on_its_way_is_closed_for_every_verb(cast, plan):
    row = add_row(plan, by=cast.secretary)
    Document.objects.filter(pk=plan.document_id).update(state="annulled")
    for verb in (lambda: save_cell(row, "term", "май", version=1, by=cast.secretary), lambda: remove_row(row, by=cast.secretary),
                 lambda: add_row(plan, by=cast.secretary), lambda: move_row(row, by=cast.secretary, position=1),
                 lambda: renumber(plan, by=cast.secretary), lambda: duplicate_row(row, by=cast.secretary),
                 lambda: return_row(row, by=cast.secretary), lambda: paste_rows(plan, [{}], by=cast.secretary),
                 lambda: save_title(plan, "Иначе", version=1, by=cast.secretary)):
        with pytest.raises(TransitionNotAllowed):
            verb()


@pytest.mark.parametrize("year", [0, 99999, -1, 1999])
def test_a_year_that_is_no_year_is_refused(cast, year):
    with pytest.raises(ValidationError):
        create_plan(BodyFactory(), by=cast.secretary, year=year)


def test_the_title_is_saved_in_its_lines_and_a_stale_one_refused(cast, plan):
    save_title(plan, "План \n\nна год", version=1, by=cast.secretary)
    plan.refresh_from_db()
    assert plan.title == "План\nна год"
    with pytest.raises(StaleVersion):
        save_title(plan, "Другой", version=1, by=cast.office_head)
    with pytest.raises(ValidationError):
        save_title(plan, " \n ", version=2, by=cast.office_head)


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_one_row_has_one_winner_and_two_rows_have_no_loser():
    """Real connections: the loser of the same cell hears of it, the editors of different rows never do."""
    from tests.cast import make_cast

    cast = make_cast()
    plan = MeetingPlanFactory(by=cast.secretary)
    rows = filled(plan, cast.secretary, 2)
    refused = together(*[saving(rows[0], "topics", f"Текст {number}", cast, base="Тема 1") for number in range(4)])
    assert sorted(type(each).__name__ for each in refused if each) == ["StaleVersion"] * 3
    assert together(*[saving(row, "term", "Март", cast) for row in rows]) == [None, None]


def saving(row, cell, text, cast, base=""):
    """Every editor has read the row as it is now."""
    version = PlanItem.objects.get(pk=row.pk).version
    return lambda: save_cell(row, cell, text, version=version, by=cast.secretary, base=base)


def test_a_term_of_several_lines_keeps_them(cast, plan):
    row = add_row(plan, by=cast.secretary, values={"term": "Январь 2027 г.\nиюль 2027 г."})
    assert row.term == "Январь 2027 г.\nиюль 2027 г."
