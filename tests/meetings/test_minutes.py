"""What is written at the table: fields, decisions, charges, votes, attendance, and what is missing for a protocol."""
import uuid
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from meetings.kinds.protocol import every, item_part
from meetings.minutes.day import shown_questions
from meetings.minutes.problems import missing
from meetings.minutes.questions import flat, questions_of, questions_to_print
from meetings.models import AgendaItem, Meeting, Participant, Resolution
from meetings.protocol.printed import give_numbers
from meetings.services import attendance, door, outcomes, resolutions
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from tests.factories import (
    AgendaItemFactory,
    InstitutionFactory,
    MeetingFactory,
    ParticipantFactory,
    ResolutionFactory,
    UserFactory,
)
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(cast):
    meeting = MeetingFactory()
    ParticipantFactory(meeting=meeting, person=cast.office_head, role="chair")
    ParticipantFactory(meeting=meeting, person=cast.secretary, role="secretary")
    ParticipantFactory(meeting=meeting, person=cast.member_of_school_a)
    return meeting


@pytest.fixture
def item(meeting):
    return AgendaItemFactory(meeting=meeting, position=1, title="О проекте «Наставник рядом»")


def decision(item, by, **fields):
    row = resolutions.add_resolution(item, by=by)
    for name, text in fields.items():
        row = resolutions.save_resolution(row, name, text, version=row.version, by=by)
    return row


def said(item, field, text, by, base=""):
    return outcomes.save_field(item, field, text, version=item.version, by=by, base=base)


# Fields

def test_what_was_heard_is_kept_as_lines(cast, item):
    said(item, "heard", "Белова С.И. о ходе работы:\n– школы;\n– сады.", cast.secretary)
    item.refresh_from_db()
    assert [(line["text"], line["marker"]) for line in item.heard][1] == ("школы;", "dash")


def test_the_same_text_twice_changes_nothing(cast, item):
    first = said(item, "heard", "Доклад", cast.secretary)
    again = outcomes.save_field(item, "heard", "Доклад", version=0, by=cast.secretary, base="")
    assert again.version == first.version


def test_two_who_write_different_fields_do_not_disturb_each_other(cast, item):
    said(item, "heard", "Доклад", cast.secretary)
    said(item, "discussed", "Вопросы", cast.office_head)  # began from the same version
    item.refresh_from_db()
    assert item.heard and item.discussed


def test_a_text_that_says_something_else_by_now_is_refused_and_told(cast, item):
    said(item, "heard", "Текст Сорокиной", cast.secretary)
    with pytest.raises(StaleVersion) as stale:
        said(item, "heard", "Текст Орловой", cast.office_head)
    assert stale.value.current.heard[0]["text"] == "Текст Сорокиной"
    outcomes.save_field(item, "heard", "Оба", version=0, by=cast.office_head, base="Текст Сорокиной")
    item.refresh_from_db()
    assert item.heard[0]["text"] == "Оба"


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x" * 20_000])
def test_what_cannot_be_stored_is_refused_in_words(cast, item, text):
    with pytest.raises(ValidationError) as refused:
        said(item, "heard", text, cast.secretary)
    assert refused.value.message_dict["heard"][0].endswith(".")


@pytest.mark.parametrize(("field", "value"), [("closed", "1"), ("title", "x"), ("heard", None), ("heard", ["x"]), ("outcome", "won")])
def test_fields_of_another_kind_are_refused(cast, item, field, value):
    with pytest.raises(ValidationError):
        said(item, field, value, cast.secretary)


def test_typing_leaves_one_line_of_history_for_a_field_and_a_person(cast, meeting, item):
    base = ""
    for text in ("Д", "До", "Доклад"):
        said(item, "heard", text, cast.secretary, base=base)
        base = text
    said(item, "heard", "Доклад Орловой", cast.office_head, base=base)
    told = [event for event in history_of(meeting) if event.verb == "write_minutes"]
    assert [(event.actor, event.changes["before"]) for event in told] == [(cast.office_head, "Доклад"), (cast.secretary, "")]


# Votes

@pytest.mark.parametrize(("typed", "stored"), [
    ("1|||", {"unanimous": True}), ("|2|0|1", {"for": 2, "against": 0, "abstained": 1}), ("|||", None), ("", None),
])
def test_a_vote_is_read(cast, item, typed, stored):
    said(item, "vote", "|1||", cast.secretary)
    said(item, "vote", typed, cast.secretary, base="|1|0|0")
    item.refresh_from_db()
    assert item.vote == stored


def test_more_votes_than_present_are_told_with_the_numbers(cast, item):
    with pytest.raises(ValidationError, match=r"Голосов 4, а присутствуют 3\. Проверьте числа или отметьте опоздавшего\."):
        said(item, "vote", "|4||", cast.secretary)
    said(item, "vote", "|3||", cast.secretary)


@pytest.mark.parametrize("typed", ["|-1||", "|1.5||", "|1e3||", "|" + "9" * 30 + "||", "|много||", "|٣||"])
def test_a_vote_that_is_no_number_is_refused(cast, item, typed):
    with pytest.raises(ValidationError):
        said(item, "vote", typed, cast.secretary)


# Outcomes

def test_a_decision_makes_its_question_considered_and_its_absence_undoes_that(cast, item):
    row = decision(item, cast.secretary, text="Принять к сведению.")
    item.refresh_from_db()
    assert item.outcome == "considered"
    resolutions.remove_resolution(row, by=cast.secretary)
    item.refresh_from_db()
    assert item.outcome == ""
    resolutions.return_resolution(row, by=cast.secretary)
    item.refresh_from_db()
    assert item.outcome == "considered"


def test_an_empty_decision_decides_nothing(cast, item):
    decision(item, cast.secretary)
    item.refresh_from_db()
    assert item.outcome == ""


def test_a_postponed_question_stays_postponed_whatever_is_decided(cast, item):
    outcomes.postpone(item, by=cast.secretary, note="на октябрь, ждём смету")
    decision(item, cast.secretary, text="Представить смету.")
    item.refresh_from_db()
    assert (item.outcome, item.outcome_note) == ("postponed", "на октябрь, ждём смету")


@pytest.mark.parametrize(("verb", "outcome"), [
    (outcomes.consider, "considered"), (outcomes.postpone, "postponed"), (outcomes.withdraw, "withdrawn"), (outcomes.reopen, ""),
])
def test_every_outcome_is_a_verb_that_may_be_sent_twice(cast, item, verb, outcome):
    AgendaItem.objects.filter(pk=item.pk).update(outcome="considered" if outcome != "considered" else "")
    first, again = verb(item, by=cast.secretary), verb(item, by=cast.secretary)
    assert first.outcome == outcome and first.version == again.version == 2


def test_the_meeting_is_begun_once(cast, meeting):
    first = outcomes.start_meeting(meeting, by=cast.secretary).started_at
    assert first and outcomes.start_meeting(meeting, by=cast.secretary).started_at == first
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    with pytest.raises(TransitionNotAllowed):
        outcomes.start_meeting(meeting, by=cast.secretary)


# Questions at the table

def test_a_question_added_at_the_table_stands_before_the_closing_misc(cast, meeting, item):
    misc = AgendaItemFactory(meeting=meeting, position=2, title="Разное", is_misc=True)
    uid = uuid.uuid4()
    added = outcomes.add_question(meeting, "О ремонте", by=cast.secretary, speaker="Орлова А.И.", uid=uid)
    assert outcomes.add_question(meeting, "О ремонте", by=cast.secretary, uid=uid) == added
    assert added.added and added.speakers.get().person == cast.office_head
    assert list(meeting.items.present().order_by("position")) == [item, added, misc]
    said(added, "inclusion_vote", "|3||", cast.secretary, base="")


def test_misc_opens_into_questions_that_need_no_vote_on_inclusion(cast, meeting):
    misc = AgendaItemFactory(meeting=meeting, position=1, title="Разное", is_misc=True)
    parts = [outcomes.add_question(meeting, title, by=cast.secretary, parent=misc) for title in ("О столовой", "О сайте")]
    assert not parts[0].added
    assert [each.number for each in flat(questions_of(meeting))] == ["1", "1.1", "1.2"]
    with pytest.raises(ValidationError):
        outcomes.add_question(meeting, "Глубже", by=cast.secretary, parent=parts[0])


def test_a_question_without_words_is_refused_beside_its_field(cast, meeting):
    with pytest.raises(ValidationError) as refused:
        outcomes.add_question(meeting, " ", by=cast.secretary)
    assert "title" in refused.value.message_dict


def test_questions_of_another_meeting_are_no_parents_and_no_twins(cast, meeting):
    other = AgendaItemFactory(is_misc=True)
    for strange in ({"parent": other}, {"uid": other.uid}):
        with pytest.raises(ValidationError):
            outcomes.add_question(meeting, "Чужой", by=cast.secretary, **strange)


def test_the_history_says_nothing_of_a_closed_question_in_its_words(cast, meeting):
    item = AgendaItemFactory(meeting=meeting, position=1, title="ЗАКРЫТОЕ", closed=True)
    said(item, "heard", "ЗАКРЫТОЕ", cast.secretary)
    outcomes.postpone(item, by=cast.secretary, note="ЗАКРЫТОЕ")
    row = decision(item, cast.secretary, text="ЗАКРЫТОЕ", executor="всем школам", due="май")
    resolutions.move_resolution(decision(item, cast.secretary, text="ЗАКРЫТОЕ"), by=cast.secretary, position=1)
    resolutions.choose_institutions(row, by=cast.secretary, off=[row.institutions.first().pk])
    resolutions.return_resolution(resolutions.remove_resolution(row, by=cast.secretary), by=cast.secretary)
    sentences = " ".join(event.sentence for event in history_of(meeting))
    assert "Возвращено решение" in sentences and "ЗАКРЫТОЕ" not in sentences


# Decisions and charges

def test_a_decision_sent_twice_is_one(cast, item):
    uid = uuid.uuid4()
    assert resolutions.add_resolution(item, by=cast.secretary, uid=uid) == resolutions.add_resolution(item, by=cast.secretary, uid=uid)
    assert item.resolutions.count() == 1


def test_decisions_are_moved_removed_and_returned(cast, item):
    rows = [decision(item, cast.secretary, text=text) for text in "абв"]

    def order():
        found = item.resolutions.present().order_by("position")
        assert [row.position for row in found] == list(range(1, len(found) + 1))
        return "".join(row.text for row in found)

    resolutions.move_resolution(rows[2], by=cast.secretary, position=1)
    assert order() == "ваб"
    resolutions.move_resolution(rows[2], by=cast.secretary, position=99)
    assert order() == "абв"
    resolutions.remove_resolution(rows[0], by=cast.secretary)
    assert order() == "бв"
    resolutions.return_resolution(rows[0], by=cast.secretary, position=1)
    assert order() == "абв"


def test_a_decision_with_an_executor_is_a_charge_and_without_one_a_decision(cast, item):
    row = decision(item, cast.secretary, text="Представить отчёт.", executor="Орлова А.И.", due="до 1 июля")
    assert row.is_charge and row.executor == cast.office_head and row.text == "Представить отчёт."
    assert row.due_end == date(2027, 7, 1)
    row = resolutions.save_resolution(row, "executor", "", version=row.version, by=cast.secretary)
    assert not row.is_charge and row.due == "до 1 июля"


@pytest.mark.parametrize("typed", ["Орловой А.И.", "орлова анна игоревна", "А.И. Орлова", "Орлова А.И."])
def test_the_executor_is_known_by_any_way_to_write_the_name(cast, item, typed):
    assert decision(item, cast.secretary, executor=typed.title() if typed.islower() else typed).executor == cast.office_head


def test_a_name_that_fits_two_is_printed_and_means_nobody(cast, item):
    for login in ("one", "two"):
        UserFactory(surname="Двойников", username=login)
    row = decision(item, cast.secretary, executor="Двойникову А.И.")
    assert (row.executor_text, row.executor, row.is_charge) == ("Двойникову А.И.", None, True)


def test_a_case_of_the_name_keeps_who_was_chosen(cast, item):
    for name in ("Олег", "Ольга"):
        UserFactory(surname="Двойников", given_name=name)
    row = decision(item, cast.secretary, executor="Двойников Олег Игоревна")
    chosen = row.executor
    row = resolutions.save_resolution(row, "executor", "Двойникову О.И.", version=row.version, by=cast.secretary)
    assert chosen and row.executor == chosen and row.executor_text == "Двойникову О.И."


def test_all_schools_become_a_list_that_can_be_thinned_out(cast, item):
    schools = [cast.member_of_school_a.current_post.institution, cast.member_of_school_b.current_post.institution]
    closed, garden = InstitutionFactory(closed_on=date(2020, 1, 1)), InstitutionFactory(kind="Детский сад")
    row = decision(item, cast.secretary, executor="Всем школам")
    assert set(row.institutions.all()) == set(schools)
    row = resolutions.choose_institutions(row, by=cast.secretary, on=[garden.pk, closed.pk, 10**12], off=[schools[0].pk])
    assert set(row.institutions.all()) == {schools[1], garden}
    row = resolutions.save_resolution(row, "executor", "школам города", version=row.version, by=cast.secretary)
    assert row.institutions.count() == 2
    row = resolutions.save_resolution(row, "executor", "Орлова А.И.", version=row.version, by=cast.secretary)
    assert not row.institutions.exists()
    row = resolutions.save_resolution(row, "executor", "всем детским садам", version=row.version, by=cast.secretary)
    assert list(row.institutions.all()) == [garden]
    row = resolutions.save_resolution(row, "executor", "всем учреждениям", version=row.version, by=cast.secretary)
    assert row.institutions.count() == 3


def test_two_who_tick_different_institutions_do_not_disturb_each_other(cast, item):
    row = decision(item, cast.secretary, executor="всем школам")
    first, second = row.institutions.all()
    resolutions.choose_institutions(row, by=cast.secretary, off=[first.pk])
    resolutions.choose_institutions(row, by=cast.office_head, off=[second.pk])
    assert not row.institutions.exists()


@pytest.mark.parametrize(("typed", "end", "permanent"), [
    ("постоянно", None, True), ("", None, False), ("когда-нибудь", None, False), ("февраль", date(2028, 2, 29), False),
    ("до 15 ноября", date(2027, 11, 15), False), ("до 1 мая", date(2028, 5, 1), False), ("ежемесячно", None, True),
    ("ежемесячно до 1 декабря", date(2027, 12, 1), False), ("до 01.06.2027", date(2027, 6, 1), False),
])
def test_a_due_date_is_read_from_the_meetings_day_on(cast, item, typed, end, permanent):
    row = decision(item, cast.secretary, due=typed)
    assert (row.due, row.due_end, row.is_permanent) == (typed, end, permanent)


def test_helpers_and_the_controller_must_be_people_of_the_list(cast, item):
    row = decision(item, cast.secretary, co_executors="Орлова А.И., Зимин А.И.", controller="Белов А.И.")
    assert set(row.co_executors.all()) == {cast.office_head, cast.department_head} and row.controller == cast.administrator
    for field in ("co_executors", "controller"):
        with pytest.raises(ValidationError) as refused:
            resolutions.save_resolution(row, field, "Неведомов Н.Н.", version=row.version, by=cast.secretary)
        assert field in refused.value.message_dict
    row = resolutions.save_resolution(row, "co_executors", "Зимин А.И.", version=row.version, by=cast.secretary)
    assert list(row.co_executors.all()) == [cast.department_head]


# Who may, and when

def test_only_the_office_and_the_meetings_secretary_write(cast, meeting, item):
    for person in (cast.stranger, cast.member_of_school_a, cast.department_head):
        with pytest.raises(PermissionDenied):
            said(item, "heard", "Чужое", person)
        with pytest.raises(PermissionDenied):
            resolutions.add_resolution(item, by=person)
        with pytest.raises(PermissionDenied):
            attendance.mark_attendance(meeting.participants.first(), "absent", by=person)
    meeting.participants.filter(role="secretary").update(person=cast.stranger)
    said(item, "heard", "Свой секретарь", cast.stranger)


def test_nothing_is_written_of_a_cancelled_meeting(cast, meeting, item):
    Meeting.objects.filter(pk=meeting.pk).update(state="cancelled")
    with pytest.raises(TransitionNotAllowed):
        said(item, "heard", "Поздно", cast.secretary)


# Attendance

def test_attendance_is_marked_with_a_note_and_told_once(cast, meeting):
    who = meeting.participants.get(person=cast.member_of_school_a)
    for _ in range(2):
        attendance.mark_attendance(who, "excused", "отпуск", by=cast.secretary)
    who.refresh_from_db()
    assert (who.attendance, who.note) == ("excused", "отпуск")
    assert sum(event.verb == "mark_attendance" for event in history_of(meeting)) == 1


def test_a_mark_that_changed_meanwhile_is_not_overwritten(cast, meeting):
    who = meeting.participants.get(person=cast.member_of_school_a)
    attendance.mark_attendance(who, "excused", "", by=cast.office_head, base=("present", ""))
    with pytest.raises(StaleVersion):
        attendance.mark_attendance(who, "absent", "", by=cast.secretary, base=("present", ""))


def test_guests_from_the_paper_sheet_are_added_together_and_once(cast, meeting):
    who = meeting.participants.get(person=cast.member_of_school_a)
    attendance.mark_attendance(who, "absent", by=cast.secretary)
    text = f"Ким А.В., директор школы № 5\n\n{who.name}\nПак О.Р."
    for _ in range(2):
        attendance.add_guests(meeting, text, by=cast.secretary)
    guests = list(Participant.objects.filter(meeting=meeting, role="guest").values_list("name", "post", "votes"))
    assert guests == [("Ким А.В.", "директор школы № 5", False), ("Пак О.Р.", "", False)]
    who.refresh_from_db()
    assert who.attendance == "present"


@pytest.mark.parametrize("text", ["", "  \n ", ", директор", "Ким\x00", "К" * 300, "\n".join(f"Ким {n}" for n in range(60))])
def test_guests_that_cannot_be_read_are_refused_and_nobody_is_added(cast, meeting, text):
    with pytest.raises(ValidationError):
        attendance.add_guests(meeting, f"Пак О.Р.\n{text}" if text.strip() else text, by=cast.secretary)
    assert not meeting.participants.filter(role="guest").exists()


# What is missing

def test_what_is_missing_is_said_with_its_place(cast, meeting, item):
    AgendaItemFactory(meeting=meeting, position=2, outcome="postponed")
    AgendaItemFactory(meeting=meeting, position=3, vote={"for": 9, "against": 0, "abstained": 0}, outcome="considered")
    gone = UserFactory(surname="Ушедшев", left_on=date(2027, 1, 1))
    shut = UserFactory(surname="Закрытов", is_active=False)
    late = ResolutionFactory(item=item, position=1, is_charge=True, executor=gone, due_end=date(2027, 6, 3), executor_text="x", text="")
    second = ResolutionFactory(item=item, position=2, is_charge=True, executor=shut, executor_text="y", text="")
    second.co_executors.set([gone])
    meeting.participants.filter(role="chair").update(role="member")
    meeting.participants.update(attendance="absent")
    found = {problem.message: problem.where for problem in missing(meeting)}
    assert found == {
        "Вопрос 1 – нет решения.": f"question-{item.uid}",
        "Решение 1.1 – срок 03.06.2027 раньше дня заседания.": f"decision-{late.uid}",
        "Решение 1.1 – исполнитель Ушедшев\xa0А.И. больше не работает.": f"decision-{late.uid}",
        "Решение 1.2 – исполнитель Закрытов\xa0А.И. не имеет доступа.": found["Решение 1.2 – исполнитель Закрытов\xa0А.И. не имеет доступа."],
        "Решение 1.2 – соисполнитель Ушедшев\xa0А.И. больше не работает.": f"decision-{second.uid}",
        "Вопрос 3 – голосов 9, а присутствуют 0.": found["Вопрос 3 – голосов 9, а присутствуют 0."],
        "Председатель не указан.": "attendance",
        "Никто не отмечен присутствующим.": "attendance",
    }


def test_decisions_after_sub_questions_have_the_numbers_they_will_print(cast, meeting, item):
    decision(item, cast.secretary, text="Утвердить.")
    part = AgendaItemFactory(meeting=meeting, parent=item, outcome="considered")
    decision(part, cast.secretary, text="Продлить.")
    shown = {question.number: [each.number for each in question.decisions] for question in shown_questions(meeting)}
    printed = {each["number"]: [one["number"] for one in each["resolutions"]] for each in every(give_numbers(
        [item_part(each) for each in questions_to_print(meeting)]))}
    assert shown == printed == {"1": ["1.2"], "1.1": ["1.1.1"]}


def test_nothing_is_missing_of_a_meeting_written_down(cast, meeting, item):
    decision(item, cast.secretary, text="Принять к сведению.")
    misc = AgendaItemFactory(meeting=meeting, position=2, is_misc=True)
    outcomes.consider(outcomes.add_question(meeting, "О столовой", by=cast.secretary, parent=misc), by=cast.secretary)
    assert missing(meeting) == []


def test_what_is_missing_costs_the_same_for_one_question_and_for_many(cast, meeting, item, django_assert_num_queries):
    decision(item, cast.secretary, text="Раз.", executor="всем школам", co_executors="Зимин А.И.")

    def cost():
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as spent:
            missing(meeting)
        return len(spent)

    one = cost()
    for place in range(2, 6):
        more = AgendaItemFactory(meeting=meeting, position=place)
        decision(more, cast.secretary, text="Два.", executor="Орлова А.И.", controller="Белов А.И.")
        ParticipantFactory(meeting=meeting)
    assert cost() == one <= 6


# Two at the same moment

class TestTwoAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def cast(self, transactional_db):
        from tests.cast import make_cast

        return make_cast()

    @pytest.fixture
    def meet(self, monkeypatch):
        """Each has read the field and has written nothing."""
        return MeetingPlace(monkeypatch).after(outcomes, "fresh")

    def write(self, item, cast):
        return [error and type(error).__name__ for error in together(
            lambda: said(item, "heard", "Моё", cast.secretary), lambda: said(item, "heard", "Чужое", cast.office_head))]

    def test_one_writes_and_the_other_is_told(self, cast, item, meet):
        assert sorted(self.write(item, cast), key=str) == [None, "StaleVersion"]

    def test_without_the_lock_one_text_is_lost(self, cast, item, meet):
        meet.without_lock(door)
        assert self.write(item, cast) == [None, None]

    def test_the_same_decision_sent_twice_at_once_is_one(self, cast, item):
        uid = uuid.uuid4()
        assert together(*[lambda: resolutions.add_resolution(item, by=cast.secretary, uid=uid)] * 3) == [None] * 3
        assert Resolution.objects.filter(uid=uid).count() == 1
