"""What the verbs of a meeting and its agenda do and refuse."""
from datetime import date, time

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from meetings.models import AgendaItem, Meeting, Participant
from meetings.services import agenda, participants
from meetings.services import meeting as verbs
from meetings.services.rows import add_row, remove_row
from projectoffice.accounts.models import Membership
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send
from tests.factories import (
    AgendaItemFactory,
    BodyFactory,
    MeetingFactory,
    MeetingPlanFactory,
    ParticipantFactory,
    PostFactory,
    ResolutionFactory,
    StampFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
TOPICS = "Итоги мониторинга.\n– портфель «Сильная команда»;\n  – школы;\n  – сады;\n– портфель «Ученик в центре».\nРазное."


def plan_in_force(cast, rows=((TOPICS, "12 февраля", "Калинин О.А."),), year=2027, body=None):
    plan = MeetingPlanFactory(by=cast.secretary, year=year, body=body or BodyFactory())
    for topics, term, responsible in rows:
        add_row(plan, by=cast.secretary, values={"topics": topics, "term": term, "responsible": responsible})
    plan.document.stamps.all().delete()
    StampFactory(document=plan.document, kind="approve", signer=cast.office_head, method="ink")
    document = send(plan.document, by=cast.secretary)
    record_ink(document.stamps.active().get(), by=cast.secretary, signed_on=timezone.localdate())
    return type(plan).objects.get(pk=plan.pk)


def rows_of(plan):
    return list(plan.items.present().order_by("position"))


def agenda_of(meeting):
    return [(item.title, [child.title for child in item.children.present().order_by("position")])
            for item in meeting.items.present().top().order_by("position")]


def places_of(meeting, parent=None):
    return list(meeting.items.present().filter(parent=parent).order_by("position").values_list("title", "position"))


class TestFromThePlan:
    def test_lines_become_questions_and_what_is_listed_under_them_sub_questions(self, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        assert agenda_of(meeting) == [
            ("Итоги мониторинга", ["портфель «Сильная команда»: школы; сады", "портфель «Ученик в центре»"]),
            ("Разное", []),
        ]
        assert meeting.plan == plan
        assert history_of(meeting).get(verb="take_lines").sentence == "Взято из плана: вопросов 2, подвопросов 2"
        assert meeting.state == "draft"
        first = meeting.items.top().order_by("position").first()
        assert (first.plan_item, first.plan_line, first.plan_text) == (rows_of(plan)[0], 0, "Итоги мониторинга.")
        assert meeting.items.get(title="Разное").is_misc

    def test_a_term_of_one_day_is_proposed_and_a_month_is_not(self, cast):
        plan = plan_in_force(cast, [("Тема", "12 февраля", ""), ("Другая", "март", ""), ("Третья", "12.02.2027, 13.02.2027", "")])
        dates = [verbs.meeting_from_plan([row], by=cast.secretary).date for row in rows_of(plan)]
        assert dates == [date(2027, 2, 12), None, None]

    def test_responsibles_are_suggested_and_never_set(self, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        item = meeting.items.order_by("position").first()
        assert not item.speakers.exists()
        agenda.put_suggested_speakers(item, by=cast.secretary)
        assert [one.text for one in item.speakers.all()] == ["Калинин О.А."]

    def test_one_meeting_may_take_several_rows_and_one_row_several_meetings(self, cast):
        plan = plan_in_force(cast, [("Первая", "март", ""), ("Вторая", "апрель", "")])
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        again = verbs.meeting_from_plan(rows_of(plan)[:1], by=cast.secretary)
        assert agenda_of(meeting) == [("Первая", []), ("Вторая", [])]
        assert agenda_of(again) == [("Первая", [])]

    def test_a_second_meeting_of_a_row_takes_the_lines_the_first_one_left(self, cast):
        plan = plan_in_force(cast, [("Первая\nВторая\nТретья", "март", "")])
        row = rows_of(plan)[0]
        verbs.meeting_from_plan([row], by=cast.secretary, lines={row.pk: [0, 2]})
        assert agenda_of(verbs.meeting_from_plan([row], by=cast.secretary)) == [("Вторая", [])]

    def test_a_sub_question_without_its_question_stands_for_itself(self, cast):
        plan = plan_in_force(cast)
        row = rows_of(plan)[0]
        meeting = verbs.meeting_from_plan([row], by=cast.secretary, lines={row.pk: [4]})
        assert agenda_of(meeting) == [("портфель «Ученик в центре»", [])]

    def test_rows_go_on_the_agenda_of_a_meeting_that_is_being_prepared_before_its_misc(self, cast):
        plan = plan_in_force(cast, [("Первая", "март", "")])
        meeting = MeetingFactory(body=plan.body, state="draft", date=date(2027, 3, 4))
        agenda.add_item(meeting, by=cast.secretary, title="Разное", is_misc=True)
        verbs.meeting_from_plan(rows_of(plan), by=cast.secretary, meeting=meeting)
        assert places_of(meeting) == [("Первая", 1), ("Разное", 2)]
        assert Meeting.objects.get(pk=meeting.pk).plan == plan

    def test_the_plan_in_force_counts_and_not_what_is_being_changed(self, cast):
        plan = plan_in_force(cast, [("Первая", "март", ""), ("Вторая", "май", "")])
        document = revise(plan.document, by=cast.secretary, basis="приказа", basis_number="7", basis_date=date(2027, 2, 1))
        plan.document = document
        gone, kept = rows_of(plan)
        remove_row(gone, by=cast.secretary)
        new = add_row(plan, by=cast.secretary, values={"topics": "Новая"})
        kept.plan = gone.plan = new.plan = type(plan).objects.get(pk=plan.pk)
        assert agenda_of(verbs.meeting_from_plan([gone], by=cast.secretary)) == [("Первая", [])]
        with pytest.raises(ValidationError, match="нет в действующей редакции"):
            verbs.meeting_from_plan([new], by=cast.secretary)

    def test_a_draft_plan_promises_nothing_yet(self, cast):
        plan = MeetingPlanFactory(by=cast.secretary)
        row = add_row(plan, by=cast.secretary, values={"topics": "Тема"})
        with pytest.raises(ValidationError, match="ещё не утверждён"):
            verbs.meeting_from_plan([row], by=cast.secretary)
        assert not Meeting.objects.exists()

    def test_the_plan_of_another_body_is_refused(self, cast):
        plan = plan_in_force(cast)
        with pytest.raises(ValidationError, match="другого органа"):
            verbs.meeting_from_plan(rows_of(plan), by=cast.secretary, meeting=MeetingFactory(state="draft"))


class TestWhen:
    def test_a_day_outside_the_plan_is_told_with_its_period(self, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        with pytest.raises(ValidationError) as refusal:
            verbs.save_meeting(meeting, by=cast.secretary, version=meeting.version, date=date(2028, 1, 12))
        assert refusal.value.message_dict == {"date": [
            "12.01.2028 – за пределами плана (01.01.2027–31.12.2027). Выберите другой день или создайте внеочередное заседание."]}
        outside = verbs.create_meeting(plan.body, by=cast.secretary, date=date(2028, 1, 12))
        assert outside.is_extraordinary

    def test_an_end_before_the_start_is_told_beside_the_end(self, cast):
        with pytest.raises(ValidationError) as refusal:
            verbs.create_meeting(BodyFactory(), by=cast.secretary, start=time(14), end=time(13))
        assert "end" in refusal.value.message_dict

    def test_a_save_typed_over_something_else_is_refused_and_the_same_save_twice_is_one(self, cast):
        meeting = verbs.create_meeting(BodyFactory(), by=cast.secretary)
        saved = verbs.save_meeting(meeting, by=cast.secretary, version=1, place="Каб. 5")
        again = verbs.save_meeting(meeting, by=cast.secretary, version=1, place="Каб. 5")
        assert saved.version == again.version == 2
        with pytest.raises(StaleVersion) as stale:
            verbs.save_meeting(meeting, by=cast.secretary, version=1, place="Каб. 6")
        assert stale.value.current.place == "Каб. 5"

    def test_an_announced_meeting_keeps_its_day(self, cast):
        meeting = MeetingFactory()
        with pytest.raises(ValidationError, match="Укажите день"):
            verbs.save_meeting(meeting, by=cast.secretary, version=meeting.version, date=None)


def ready(cast, **more):
    """A meeting that may be announced, with a member who has an address."""
    meeting = MeetingFactory(state="draft", **more)
    AgendaItemFactory(meeting=meeting)
    ParticipantFactory(meeting=meeting, person=UserFactory(username="anna"))
    return meeting


def letters():
    return OutgoingMail.objects.filter(key__startswith="meeting:")


class TestStates:
    def test_announcing_invites_everybody_once(self, cast):
        meeting = ready(cast)
        verbs.announce_meeting(meeting, by=cast.secretary)
        assert letters().count() == 1
        with pytest.raises(TransitionNotAllowed):
            verbs.announce_meeting(meeting, by=cast.secretary)
        assert letters().count() == 1
        assert Meeting.objects.get(pk=meeting.pk).state == "announced"

    @pytest.mark.parametrize("missing", [{"date": None}, {"start": None, "end": None}, {"place": ""}])
    def test_what_is_missing_bars_the_announcement_in_words(self, cast, missing):
        meeting = ready(cast, **missing)
        with pytest.raises(ValidationError, match="Укажите"):
            verbs.announce_meeting(meeting, by=cast.secretary)
        assert not letters().exists()

    def test_an_empty_agenda_bars_it_too(self, cast):
        with pytest.raises(ValidationError, match="хотя бы один вопрос"):
            verbs.announce_meeting(MeetingFactory(state="draft"), by=cast.secretary)

    def test_without_participants_the_members_of_the_body_are_taken(self, cast):
        meeting = MeetingFactory(state="draft")
        AgendaItemFactory(meeting=meeting)
        member = Membership.objects.create(body=meeting.body, person=UserFactory(), role="chair")
        verbs.announce_meeting(meeting, by=cast.secretary)
        assert [(each.person, each.role) for each in meeting.participants.all()] == [(member.person, "chair")]
        assert letters().count() == 1

    def test_a_change_after_the_announcement_waits_for_its_button(self, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        meeting = verbs.save_meeting(meeting, by=cast.secretary, version=meeting.version, place="Актовый зал")
        assert letters().count() == 1
        verbs.invite_meeting(meeting, by=cast.secretary)
        verbs.invite_meeting(meeting, by=cast.secretary)
        assert letters().count() == 2
        assert Meeting.objects.get(pk=meeting.pk).sequence == 1

    def test_moving_to_another_day_tells_at_once_and_keeps_the_day_it_was(self, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        moved = verbs.move_meeting(meeting, by=cast.secretary, version=meeting.version, reason="Болезнь докладчика",
                                   date=date(2027, 6, 11), start=meeting.start, end=meeting.end, place=meeting.place)
        assert (moved.state, moved.moved_from, moved.reason) == ("announced", date(2027, 6, 4), "Болезнь докладчика")
        assert letters().count() == 2

    def test_moving_without_a_day_calls_the_event_off_until_there_is_one(self, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        moved = verbs.move_meeting(meeting, by=cast.secretary, version=meeting.version, reason="Ремонт зала", place=meeting.place)
        assert (moved.state, moved.date) == ("moved", None)
        assert letters().filter(key__contains=":CANCEL:").count() == 1
        back = verbs.save_meeting(moved, by=cast.secretary, version=moved.version, date=date(2027, 6, 25), start=time(10))
        verbs.announce_meeting(back, by=cast.secretary)
        assert letters().count() == 3
        assert Meeting.objects.get(pk=meeting.pk).sequence == 2

    def test_moving_and_cancelling_need_a_reason(self, cast):
        meeting = MeetingFactory()
        for verb in (lambda: verbs.cancel_meeting(meeting, by=cast.secretary, reason=" "),
                     lambda: verbs.move_meeting(meeting, by=cast.secretary, version=1, reason="", date=date(2027, 7, 1))):
            with pytest.raises(ValidationError) as refusal:
                verb()
            assert "reason" in refusal.value.message_dict

    def test_cancelling_tells_at_once_and_once(self, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        verbs.cancel_meeting(meeting, by=cast.secretary, reason="Нет кворума")
        with pytest.raises(TransitionNotAllowed):
            verbs.cancel_meeting(meeting, by=cast.secretary, reason="Нет кворума")
        assert letters().count() == 2

    def test_cancelling_what_nobody_heard_of_writes_nobody(self, cast):
        verbs.cancel_meeting(ready(cast), by=cast.secretary, reason="Передумали")
        assert not letters().exists()

    def test_back_to_preparation_writes_nobody(self, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        assert verbs.redraft_meeting(meeting, by=cast.secretary).state == "draft"
        assert letters().count() == 1

    def test_a_meeting_without_a_day_was_not_held(self, cast):
        with pytest.raises(ValidationError, match="Укажите день"):
            verbs.hold_meeting(MeetingFactory(state="draft", date=None, start=None, end=None), by=cast.secretary)
        assert verbs.hold_meeting(MeetingFactory(), by=cast.secretary).state == "held"

    def test_a_cancelled_meeting_is_not_changed(self, cast):
        meeting = MeetingFactory(state="cancelled")
        with pytest.raises(TransitionNotAllowed):
            verbs.save_meeting(meeting, by=cast.secretary, version=1, place="Каб. 1")

    def test_others_change_nothing_and_the_meetings_secretary_everything(self, cast):
        meeting = ready(cast)
        for person in (cast.stranger, cast.department_head, cast.member_of_school_a):
            with pytest.raises(PermissionDenied):
                verbs.save_meeting(meeting, by=person, version=1, place="Каб. 1")
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_a, role="secretary")
        assert verbs.save_meeting(meeting, by=cast.member_of_school_a, version=1, place="Каб. 1").place == "Каб. 1"

    def test_the_mail_server_is_not_asked_by_the_verb(self, cast):
        verbs.announce_meeting(ready(cast), by=cast.secretary)
        assert mail.outbox == []


class TestCopy:
    def test_agenda_and_people_are_taken_and_nothing_that_came_out(self, cast):
        source = MeetingFactory(state="held", date=date(2027, 2, 1))
        item = agenda.add_item(source, by=cast.secretary, title="О ходе работы", speakers=[("Орлова Н.П.", None)], minutes=20)
        agenda.add_item(source, by=cast.secretary, title="Часть", parent=item)
        AgendaItem.objects.filter(pk=item.pk).update(outcome="considered", heard=[{"text": "слова", "level": 0, "marker": "paragraph"}])
        ResolutionFactory(item=item)
        ParticipantFactory(meeting=source, role="chair", attendance="absent")
        ParticipantFactory(meeting=source, person=None, name="Гость", role="guest")
        copy = verbs.copy_meeting(source, by=cast.secretary)
        assert agenda_of(copy) == [("О ходе работы", ["Часть"])]
        first = copy.items.top().get()
        assert (first.minutes, [one.text for one in first.speakers.all()]) == (20, ["Орлова Н.П."])
        assert (first.outcome, first.heard, first.resolutions.count()) == ("", [], 0)
        assert [(each.role, each.attendance) for each in copy.participants.all()] == [("chair", "present")]
        assert copy.copied_from == source
        assert copy.date is None


class TestAgenda:
    @pytest.fixture
    def meeting(self):
        return MeetingFactory(state="draft")

    def add(self, meeting, cast, *titles, **more):
        return [agenda.add_item(meeting, by=cast.secretary, title=title, **more) for title in titles]

    def test_order_is_kept_whole_by_every_verb(self, meeting, cast):
        first, second, third = self.add(meeting, cast, "А", "Б", "В")
        agenda.move_item(third, by=cast.secretary, position=1)
        assert places_of(meeting) == [("В", 1), ("А", 2), ("Б", 3)]
        agenda.remove_item(first, by=cast.secretary)
        assert places_of(meeting) == [("В", 1), ("Б", 2)]
        agenda.return_item(first, by=cast.secretary)
        assert places_of(meeting) == [("В", 1), ("А", 2), ("Б", 3)]
        agenda.move_item(second, by=cast.secretary, position=99)
        assert places_of(meeting)[-1] == ("Б", 3)

    def test_a_removed_question_takes_its_sub_questions_along_and_brings_them_back(self, meeting, cast):
        (top,) = self.add(meeting, cast, "Тема")
        one, two, three = self.add(meeting, cast, "1", "2", "3", parent=top)
        agenda.remove_item(two, by=cast.secretary)
        agenda.remove_item(top, by=cast.secretary)
        assert not meeting.items.present().exists()
        agenda.return_item(top, by=cast.secretary)
        assert places_of(meeting, top) == [("1", 1), ("3", 2)]
        agenda.return_item(two, by=cast.secretary)
        assert places_of(meeting, top) == [("1", 1), ("2", 2), ("3", 3)]

    def test_into_misc_and_out_of_it(self, meeting, cast):
        (one,) = self.add(meeting, cast, "А")
        (misc,) = self.add(meeting, cast, "Разное", is_misc=True)
        agenda.move_item(one, by=cast.secretary, position=1, parent=misc)
        assert places_of(meeting) == [("Разное", 1)]
        assert places_of(meeting, misc) == [("А", 1)]
        agenda.move_item(one, by=cast.secretary, position=1, parent=None)
        assert places_of(meeting) == [("А", 1), ("Разное", 2)]

    def test_there_are_two_levels_and_no_more(self, meeting, cast):
        top, other = self.add(meeting, cast, "А", "Б")
        (child,) = self.add(meeting, cast, "А1", parent=top)
        with pytest.raises(ValidationError, match="есть подвопросы"):
            agenda.move_item(top, by=cast.secretary, position=1, parent=other)
        with pytest.raises(ValidationError):
            agenda.add_item(meeting, by=cast.secretary, title="А11", parent=child)

    def test_a_question_of_another_meeting_is_no_parent(self, meeting, cast):
        stranger = AgendaItemFactory()
        with pytest.raises(ValidationError):
            agenda.add_item(meeting, by=cast.secretary, title="А", parent=stranger)

    def test_a_new_question_stands_before_misc(self, meeting, cast):
        self.add(meeting, cast, "Разное", is_misc=True)
        self.add(meeting, cast, "А")
        assert places_of(meeting) == [("А", 1), ("Разное", 2)]
        with pytest.raises(ValidationError, match="уже есть"):
            self.add(meeting, cast, "Разное", is_misc=True)

    def test_both_texts_survive_when_two_change_a_question(self, meeting, cast):
        (item,) = self.add(meeting, cast, "А")
        agenda.save_item(item, by=cast.secretary, version=1, title="Аа", speakers=[("Котова О.П.", None)])
        with pytest.raises(StaleVersion) as stale:
            agenda.save_item(item, by=cast.office_head, version=1, title="Ааа", speakers=[])
        assert stale.value.current.title == "Аа"
        again = agenda.save_item(item, by=cast.secretary, version=1, title="Аа", speakers=[("Котова О.П.", None)])
        assert again.version == 2

    def test_a_known_name_is_its_person_and_a_collective_stays_as_typed(self, meeting, cast):
        (item,) = self.add(meeting, cast, "А", speakers=[("Орлова А.И.", None), ("руководители портфелей", None)])
        assert [(one.text, one.person) for one in item.speakers.all()] == [
            ("Орлова А.И.", cast.office_head), ("руководители портфелей", None)]

    def test_the_same_uid_sent_twice_is_one_question(self, meeting, cast):
        (item,) = self.add(meeting, cast, "А")
        assert agenda.add_item(meeting, by=cast.secretary, title="А", uid=item.uid) == item
        assert meeting.items.count() == 1

    @pytest.mark.parametrize("fields", [{"title": " "}, {"title": "А", "minutes": 0}, {"title": "А", "minutes": 10**9}])
    def test_what_cannot_be_is_told_beside_its_field(self, meeting, cast, fields):
        with pytest.raises(ValidationError) as refusal:
            agenda.add_item(meeting, by=cast.secretary, **fields)
        assert set(refusal.value.message_dict) == {"minutes" if "minutes" in fields else "title"}


class TestCarryOver:
    @pytest.fixture
    def earlier(self, cast):
        meeting = MeetingFactory(state="held", date=date(2027, 2, 12))
        for title, outcome in (("Рассмотрен", "considered"), ("Перенесён", "postponed"), ("Не успели", ""), ("Снят", "withdrawn")):
            item = agenda.add_item(meeting, by=cast.secretary, title=title, speakers=[("Котова О.П.", None)], minutes=15)
            AgendaItem.objects.filter(pk=item.pk).update(outcome=outcome)
        return meeting

    def unfinished(self, meeting, cast):
        from meetings.meeting import unfinished

        return unfinished.of(meeting, AgendaItem.objects.visible_to(cast.secretary))

    def test_postponed_and_unreached_questions_go_on_with_their_origin_once(self, earlier, cast):
        later = MeetingFactory(body=earlier.body, state="draft", date=date(2027, 4, 1))
        found = self.unfinished(later, cast)
        assert [item.title for item in found] == ["Перенесён", "Не успели"]
        agenda.carry_over(later, found, by=cast.secretary)
        agenda.carry_over(later, found, by=cast.secretary)
        assert agenda_of(later) == [("Перенесён", []), ("Не успели", [])]
        first = later.items.first()
        assert (first.origin.meeting, first.minutes, first.speakers.get().text) == (earlier, 15, "Котова О.П.")
        assert self.unfinished(MeetingFactory(body=earlier.body, state="draft"), cast) == []

    def test_a_question_of_a_cancelled_meeting_may_be_carried_anew(self, earlier, cast):
        off = MeetingFactory(body=earlier.body, state="draft")
        agenda.carry_over(off, self.unfinished(off, cast), by=cast.secretary)
        verbs.cancel_meeting(off, by=cast.secretary, reason="Нет кворума")
        assert len(self.unfinished(MeetingFactory(body=earlier.body, state="draft"), cast)) == 2

    def test_another_body_has_its_own(self, earlier, cast):
        assert self.unfinished(MeetingFactory(state="draft"), cast) == []

    def test_a_closed_question_is_not_offered_to_who_may_not_see_it(self, earlier, cast):
        from meetings.meeting import unfinished

        earlier.items.filter(title="Перенесён").update(closed=True)
        ParticipantFactory(meeting=earlier, person=cast.member_of_school_a)
        later = MeetingFactory(body=earlier.body, state="draft")
        seen = unfinished.of(later, AgendaItem.objects.visible_to(cast.member_of_school_a))
        assert [item.title for item in seen] == ["Не успели"]
        ParticipantFactory(meeting=later, person=cast.member_of_school_a, role="secretary")
        assert agenda.carry_over(later, self.unfinished(later, cast), by=cast.member_of_school_a)[0].title == "Не успели"
        assert later.items.count() == 1


class TestParticipants:
    @pytest.fixture
    def meeting(self):
        return MeetingFactory(state="draft")

    def member(self, meeting, role, **more):
        return Membership.objects.create(body=meeting.body, person=more.pop("person", None) or UserFactory(), role=role, **more)

    def roles(self, meeting):
        return list(meeting.participants.order_by("position").values_list("role", flat=True))

    def test_members_come_with_their_roles_and_posts(self, meeting, cast):
        chair, secretary, _ = self.member(meeting, "chair"), self.member(meeting, "secretary"), self.member(meeting, "member")
        PostFactory(person=chair.person, title="директор")
        self.member(meeting, "member", until=date(2020, 1, 1))
        participants.take_members(meeting, by=cast.secretary)
        participants.take_members(meeting, by=cast.secretary)
        assert self.roles(meeting) == ["chair", "secretary", "member"]
        first = meeting.participants.get(role="chair")
        assert (first.name, first.post, first.votes) == (chair.person.short_name, "директор", True)
        assert meeting.participants.get(role="secretary").person == secretary.person

    def test_a_deputy_presides_only_where_there_is_no_chair(self, meeting, cast):
        self.member(meeting, "deputy")
        self.member(meeting, "deputy")
        participants.take_members(meeting, by=cast.secretary)
        assert self.roles(meeting) == ["chair", "member"]

    def test_a_second_chair_is_refused_beside_the_role(self, meeting, cast):
        chair = participants.add_participant(meeting, by=cast.secretary, name="Орлова Н.П.", role="chair")
        other = participants.add_participant(meeting, by=cast.secretary, name="Ким А.В.", role="member")
        words = "Председатель уже есть (Орлова Н.П.). Сначала смените эту роль."
        with pytest.raises(ValidationError) as refusal:
            participants.add_participant(meeting, by=cast.secretary, name="Белов С.И.", role="chair")
        assert refusal.value.message_dict == {"role": [words]}
        with pytest.raises(ValidationError) as refusal:
            participants.save_participant(other, by=cast.secretary, shown=shown(other), role="chair")
        assert refusal.value.message_dict == {"role": [words]}
        assert chair.role == "chair"

    def test_the_same_person_stands_on_the_list_once(self, meeting, cast):
        participants.add_participant(meeting, by=cast.secretary, person=cast.stranger)
        with pytest.raises(ValidationError, match="уже в списке"):
            participants.add_participant(meeting, by=cast.secretary, person=cast.stranger)

    def test_who_is_invited_does_not_vote(self, meeting, cast):
        guest = participants.add_participant(meeting, by=cast.secretary, name="Ким А.В.", post="ЦРО", role="invited")
        member = participants.add_participant(meeting, by=cast.secretary, person=cast.stranger, role="member")
        assert (guest.votes, member.votes) == (False, True)

    def test_a_change_typed_over_another_is_refused(self, meeting, cast):
        each = participants.add_participant(meeting, by=cast.secretary, name="Ким А.В.", role="member")
        before = shown(each)
        participants.save_participant(each, by=cast.secretary, shown=before, votes=False)
        with pytest.raises(StaleVersion):
            participants.save_participant(each, by=cast.office_head, shown=before, post="методист")

    def test_who_was_invited_hears_of_being_taken_off(self, meeting, cast):
        AgendaItemFactory(meeting=meeting)
        known = ParticipantFactory(meeting=meeting)
        verbs.announce_meeting(meeting, by=cast.secretary)
        late = ParticipantFactory(meeting=meeting)
        participants.remove_participant(late, by=cast.secretary)
        assert letters().count() == 1
        participants.remove_participant(known, by=cast.secretary)
        assert letters().count() == 2
        assert not Participant.objects.filter(meeting=meeting).exists()


def shown(participant):
    from projectoffice.accounts.services.people import fingerprint

    return participants.FIELDS, fingerprint(participant, participants.FIELDS)


def test_every_verb_leaves_a_line_of_history_without_the_words_of_a_question(cast):
    meeting = verbs.create_meeting(BodyFactory(), by=cast.secretary)
    item = agenda.add_item(meeting, by=cast.secretary, title="Тайна", closed=True)
    agenda.save_item(item, by=cast.secretary, version=1, title="Большая тайна")
    agenda.remove_item(item, by=cast.secretary)
    agenda.return_item(item, by=cast.secretary)
    sentences = [event.sentence for event in history_of(meeting)]
    assert len(sentences) == 5
    assert not any("айна" in sentence for sentence in sentences)
