"""The pages of a meeting, as a person meets them: what is shown, what a form keeps, what a question costs."""
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, AgendaSpeaker, Meeting
from meetings.services import agenda, participants
from meetings.services import meeting as verbs
from meetings.services.brief import create_brief
from projectoffice.accounts.models import Membership
from projectoffice.common.idempotency import new_key
from projectoffice.common.models import CalendarDay, OutgoingMail
from tests.access.meetings_held import PNG
from tests.factories import AgendaItemFactory, BodyFactory, MeetingFactory, ParticipantFactory, UserFactory
from tests.meetings.protocols import issued_protocol
from tests.meetings.test_meeting_services import plan_in_force, ready, rows_of, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, cast):
    client.force_login(cast.secretary)
    return client


def at(name, *args):
    return reverse(f"meetings:{name}", args=args)


def cost(client, address):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200
    return len(asked)


class TestFromThePlan:
    def test_one_click_on_a_row_makes_a_meeting_and_the_same_click_twice_is_one(self, office, cast):
        plan = plan_in_force(cast)
        row = rows_of(plan)[0]
        assert "Создать заседание" in office.get(plan.get_absolute_url()).text
        click = {"form_key": new_key()}
        first = office.post(at("meeting_from_plan", plan.pk, row.uid), click)
        second = office.post(at("meeting_from_plan", plan.pk, row.uid), click)
        assert first.url == second.url
        assert Meeting.objects.count() == 1
        page = office.get(first.url).text
        for words in ("Итоги мониторинга", "1.1.", "портфель «Ученик в центре»", "Докладчик из плана: Калинин О.А.", "из плана, строка 1"):
            assert words in page
        assert "Заседание 12.02.2027" in office.get(plan.get_absolute_url()).text

    def test_readers_of_the_plan_see_announced_meetings_alone_and_no_button(self, client, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_a)
        client.force_login(cast.member_of_school_a)
        text = client.get(plan.get_absolute_url()).text
        assert "Создать заседание" not in text
        assert meeting.get_absolute_url() not in text
        meeting = verbs.save_meeting(meeting, by=cast.secretary, version=meeting.version, start=time(10), place="Каб. 5")
        verbs.announce_meeting(meeting, by=cast.secretary)
        assert meeting.get_absolute_url() in client.get(plan.get_absolute_url()).text

    def test_a_plan_with_many_meetings_costs_what_one_costs(self, office, cast):
        plan = plan_in_force(cast, [(f"Тема {n}", "март", "") for n in range(6)])
        rows = rows_of(plan)
        verbs.meeting_from_plan(rows[:1], by=cast.secretary)
        few = cost(office, plan.get_absolute_url())
        for row in rows:
            verbs.meeting_from_plan([row], by=cast.secretary)
        assert cost(office, plan.get_absolute_url()) == few

    def test_lines_that_are_heard_already_say_so(self, office, cast):
        plan = plan_in_force(cast, [("Первая\nВторая", "март", "")])
        row = rows_of(plan)[0]
        verbs.meeting_from_plan([row], by=cast.secretary, lines={row.pk: [0]})
        meeting = MeetingFactory(body=plan.body, state="draft", date=date(2027, 3, 4))
        page = office.get(at("agenda_take_plan", meeting.pk)).text
        assert page.count("на заседании без даты") == 1
        office.post(at("agenda_take_plan", meeting.pk), {"line": [f"{row.pk}:1", "999:0", "x"]})
        assert [item.title for item in meeting.items.all()] == ["Вторая"]
        assert "уже в этой повестке" in office.get(at("agenda_take_plan", meeting.pk)).text

    def test_nothing_ticked_is_told_in_words(self, office, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        page = office.post(at("agenda_take_plan", meeting.pk), {}, follow=True)
        assert "Отметьте хотя бы одну строку темы." in page.text


class TestMoving:
    def test_to_a_day_that_is_over_tells_nobody_before_that_was_said(self, office, cast):
        meeting = ready(cast)
        verbs.announce_meeting(meeting, by=cast.secretary)
        meeting.refresh_from_db()
        gone, odd = (timezone.localdate() - timedelta(days=days) for days in (1, 2))
        sent = OutgoingMail.objects.count()

        def move(day, warned=""):
            return office.post(at("meeting_move", meeting.pk), {
                "date": f"{day}", "start": "14:00", "place": "Каб. 5", "reason": "ремонт", "version": meeting.version, "warned": warned})

        for asked in (move(gone), move(odd, warned=f"{gone}")):  # a warning is good for its own day alone
            assert "уже прошло. " in asked.text and "нажмите «Перенести» ещё раз" in asked.text
        assert OutgoingMail.objects.count() == sent
        assert f'value="{odd}"' in asked.text
        assert move(odd, warned=asked.context["form"]["warned"].value()).status_code == 302
        meeting.refresh_from_db()
        assert meeting.date == odd
        assert OutgoingMail.objects.count() == sent + 1


class TestThePage:
    def test_says_what_bars_the_announcement_until_nothing_does(self, office, cast):
        meeting = verbs.create_meeting(BodyFactory(), by=cast.secretary)
        page = office.get(meeting.get_absolute_url()).text
        assert "Чтобы объявить заседание, осталось указать день заседания; указать, во сколько начало; указать место; вписать в повестку" in page
        assert "Объявить и пригласить" not in page
        assert at("meeting_hold", meeting.pk) not in page
        assert "Сначала укажите день, когда заседание прошло." in office.get(at("meeting_hold", meeting.pk), follow=True).text
        assert page.count(f'href="{at("meeting_edit", meeting.pk)}"') == 1, "«Указать день и место» and «Изменить» are one form"
        meeting = verbs.save_meeting(meeting, by=cast.secretary, version=1, date=date(2027, 6, 4), start=time(14), place="Каб. 5")
        agenda.add_item(meeting, by=cast.secretary, title="О ходе работы")
        page = office.get(meeting.get_absolute_url()).text
        assert "Объявить и пригласить" in page
        assert ", осталось" not in page
        announce = office.get(at("meeting_announce", meeting.pk)).text.replace("\xa0", " ")
        assert "Объявить заседание на 4 июня 2027 г. (пятница), 14:00?" in announce

    def test_what_took_place_without_letters_is_first_told_as_held(self, office, cast):
        meeting = ready(cast)

        def filled():
            return [action.code for action in office.get(meeting.get_absolute_url()).context["panel"].actions if action.place == "primary"]

        assert filled() == ["announce"]
        Meeting.objects.filter(pk=meeting.pk).update(date=timezone.localdate() - timedelta(days=1))
        assert filled() == ["hold"]
        assert "Объявить и пригласить" in office.get(meeting.get_absolute_url()).text, "a day typed wrong is mended, then announced"

    def test_lays_the_minutes_beside_the_planned_length(self, office):
        meeting = MeetingFactory(state="draft", start=time(14), end=time(16))
        for minutes in (90, 40, None):
            AgendaItemFactory(meeting=meeting, minutes=minutes)
        text = office.get(meeting.get_absolute_url()).text.replace("\xa0", " ")
        assert "Вопросы займут 2 ч 10 мин, заседание – 2 ч: на 10 минут больше. Без времени остался 1 вопрос." in text

    def test_tells_a_day_off_and_other_meetings_of_the_same_people(self, office, cast):
        CalendarDay.objects.create(date="2027-06-04", is_off=True)
        meeting, other = ready(cast), MeetingFactory(title="Педсовет", state="announced")
        person = meeting.participants.get().person
        ParticipantFactory(meeting=other, person=person)
        text = office.get(meeting.get_absolute_url()).text
        assert "04.06.2027 – нерабочий день: выходной день." in text
        assert "В этот день ещё одно заседание – Педсовет, 14:00–16:00." in text
        verbs.announce_meeting(meeting, by=cast.secretary)

    def test_a_change_after_the_announcement_waits_for_its_button(self, office, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        assert "Изменения ещё не разосланы" not in office.get(meeting.get_absolute_url()).text
        office.post(at("meeting_edit", meeting.pk), {"version": meeting.version, "title": "", "date": "2027-06-04",
                                                     "start": "15:00", "end": "16:00", "place": meeting.place})
        page = office.get(meeting.get_absolute_url()).text
        assert "Изменения ещё не разосланы. Письмо получат: 1 участник." in page
        assert "Писем: 1" in office.get(at("meeting_invite", meeting.pk)).text
        office.post(at("meeting_invite", meeting.pk))
        assert "Изменения ещё не разосланы" not in office.get(meeting.get_absolute_url()).text

    def test_moving_and_cancelling_say_first_to_how_many_they_write(self, office, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        for name in ("meeting_move", "meeting_cancel"):
            assert "сразу уйдёт приглашённым: 1 человек." in office.get(at(name, meeting.pk)).text

    def test_costs_the_same_for_few_and_for_many(self, office, cast):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        ParticipantFactory(meeting=meeting)
        earlier = AgendaItemFactory(meeting=MeetingFactory(body=meeting.body, state="held", date=date(2027, 1, 12)), outcome="postponed")
        agenda.carry_over(meeting, [earlier], by=cast.secretary)
        meeting = verbs.save_meeting(meeting, by=cast.secretary, version=meeting.version, start=time(14), place="Каб. 5")
        meeting = verbs.announce_meeting(meeting, by=cast.secretary)
        item = meeting.items.top().first()
        agenda.add_material(item, SimpleUploadedFile("схема.png", PNG), by=cast.secretary)
        few = cost(office, meeting.get_absolute_url())
        items = [AgendaItemFactory(meeting=meeting, position=n, minutes=5, origin=earlier) for n in range(10, 38)]
        AgendaSpeaker.objects.bulk_create(AgendaSpeaker(item=each, text="Ким А.В.") for each in items)
        for _ in range(58):
            ParticipantFactory(meeting=meeting)
        assert cost(office, meeting.get_absolute_url()) == few <= 20

    def test_a_question_of_another_years_plan_names_the_year(self, office, cast):
        body = BodyFactory()
        old, plan = plan_in_force(cast, year=2026, body=body), plan_in_force(cast, year=2027, body=body)
        earlier = verbs.meeting_from_plan(rows_of(old), by=cast.secretary)
        earlier.items.top().update(outcome="postponed", title="Прошлогодний")
        Meeting.objects.filter(pk=earlier.pk).update(state="held", date=date(2026, 12, 1))
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        agenda.carry_over(meeting, earlier.items.top().filter(is_misc=False), by=cast.secretary)
        page = office.get(meeting.get_absolute_url()).text
        assert page.count("из плана на 2026 год, строка 1") == 1 and "из плана, строка 1" in page
        assert "из плана на 2026 год, строка 1" in office.get(at("meeting_day", meeting.pk)).text

    def test_the_tools_of_the_list_of_people_stand_behind_its_switch(self, office, client, cast):
        meeting = ready(cast)
        each = meeting.participants.get()
        address, tool = meeting.get_absolute_url(), at("participant_edit", meeting.pk, each.pk)
        assert tool not in office.get(address).text
        page = office.get(f"{address}?people=edit").text
        assert tool in page and at("participant_remove", meeting.pk, each.pk) in page
        gone = office.post(at("participant_remove", meeting.pk, each.pk))
        assert gone.url == f"{address}?people=edit&gone#participants"
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_b)
        verbs.announce_meeting(meeting, by=cast.secretary)
        client.force_login(cast.member_of_school_b)
        page = client.get(f"{address}?people=edit").text
        assert "Участники" in page
        assert f"{address}participants/" not in page

    def test_the_forms_of_the_agenda_lead_where_their_names_say(self, office, cast):
        """Addresses of rows are put together from that of the meeting."""
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="А")
        file = agenda.add_material(item, SimpleUploadedFile("схема.png", PNG), by=cast.secretary)
        page = office.get(meeting.get_absolute_url()).text
        for name in ("agenda_move", "agenda_remove", "agenda_edit", "agenda_material_add"):
            assert f'"{at(name, meeting.pk, item.uid)}' in page, name
        for name in ("agenda_material", "agenda_material_remove"):
            assert f'"{at(name, file.pk)}"' in page, name
        assert f'"{at("agenda_add", meeting.pk)}?under={item.uid}' in page

    def test_costs_its_secretary_from_a_school_no_more(self, client, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_a, role="secretary")
        create_brief(meeting, by=cast.secretary)
        client.force_login(cast.member_of_school_a)
        few = cost(client, meeting.get_absolute_url())
        for number in range(5):
            ParticipantFactory(meeting=meeting)
            AgendaItemFactory(meeting=meeting, position=number + 2, closed=True)
        assert cost(client, meeting.get_absolute_url()) <= 20
        assert few <= 20

    def test_nothing_can_be_changed_while_the_protocol_is_signed(self, office, cast):
        meeting = MeetingFactory(state="held", date=timezone.localdate())
        AgendaItemFactory(meeting=meeting)
        assert "Добавить вопрос" in office.get(meeting.get_absolute_url()).text
        issued_protocol(meeting=meeting)
        page = office.get(meeting.get_absolute_url()).text
        assert "Протокол подписан, и всё, о чём он говорит, закрыто." in page
        assert "Добавить вопрос" not in page
        assert "всё, о чём он говорит, закрыто" in office.get(at("meeting_edit", meeting.pk), follow=True).text

    def test_a_closed_question_leaves_no_trace_for_who_may_not_see_it(self, client, cast):
        meeting = MeetingFactory(start=time(14), end=time(15))
        AgendaItemFactory(meeting=meeting, position=1, title="Тайный вопрос", closed=True, minutes=55)
        shown_item = AgendaItemFactory(meeting=meeting, position=2, title="Открытый", minutes=20)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_b)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_a, role="secretary")
        client.force_login(cast.member_of_school_b)
        page = client.get(meeting.get_absolute_url())
        assert "Тайный" not in page.text
        assert "на 15 минут больше" not in page.text.replace("\xa0", " ")
        assert [line.number for line in page.context["panel"].lines] == ["1"]
        assert page.context["panel"].lines[0].item == shown_item
        row = next(row for row in client.get(at("meetings")).context["rows"] if row.meeting == meeting)
        assert (row.questions, row.under) == (1, "Открытый")
        assert client.get(at("meeting_history", meeting.pk)).status_code == 403
        client.force_login(cast.member_of_school_a)
        assert "Тайный" in client.get(meeting.get_absolute_url()).text

    def test_a_stranger_finds_nothing_and_a_participant_no_draft(self, client, cast):
        meeting = ready(cast)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_b)
        for person in (cast.stranger, cast.member_of_school_b):
            client.force_login(person)
            assert client.get(meeting.get_absolute_url()).status_code == 404
        verbs.announce_meeting(meeting, by=cast.secretary)
        page = client.get(meeting.get_absolute_url()).text
        assert "О ходе работы" in page
        for verb in ("Изменить", "Удалить", "Добавить вопрос", "Отменить"):
            assert verb not in page


    @pytest.mark.parametrize("was_announced", [False, True])
    def test_what_was_called_off_before_anybody_heard_of_it_stays_unheard(self, client, cast, was_announced):
        meeting = ready(cast)
        ParticipantFactory(meeting=meeting, person=cast.member_of_school_b)
        Membership.objects.create(body=meeting.body, person=cast.member_of_school_a)
        if was_announced:
            meeting = verbs.announce_meeting(meeting, by=cast.secretary)
        verbs.cancel_meeting(meeting, by=cast.secretary, reason="Нет докладчика")
        for person in (cast.member_of_school_b, cast.member_of_school_a):
            client.force_login(person)
            assert client.get(meeting.get_absolute_url()).status_code == (200 if was_announced else 404)
            assert bool(client.get(at("meetings")).context["rows"]) is was_announced


class TestForms:
    @pytest.mark.parametrize(("field", "value", "words"), [
        ("date", "2028-01-12", "12.01.2028 – за пределами плана (01.01.2027–31.12.2027)"),
        ("end", "09:00", "Окончание должно быть позже начала."),
        ("date", "\x00", "Введите дату так: 14.05.2027."),
        ("start", "\x00", "Введите время так: 14:00."),
        ("start", "10^30", "Введите время так: 14:00."),
        ("place", "каб\x07", "невидимый служебный знак"),
        ("title", "я" * 301, "301"),
    ])
    def test_bad_input_is_told_beside_its_field_and_what_was_typed_stays(self, office, cast, field, value, words):
        plan = plan_in_force(cast)
        meeting = verbs.meeting_from_plan(rows_of(plan), by=cast.secretary)
        typed = {"version": meeting.version, "title": "Набранная тема", "date": "2027-02-12", "start": "10:00", "end": "11:00", "place": "К"}
        page = office.post(at("meeting_edit", meeting.pk), typed | {field: value})
        assert words in " ".join(page.context["form"].errors[field])
        if field != "title":
            assert "Набранная тема" in page.text
        meeting.refresh_from_db()
        assert meeting.title == ""

    def test_two_who_edit_at_once_see_both_texts(self, office, cast):
        meeting = MeetingFactory(state="draft", place="Каб. 5")
        verbs.save_meeting(meeting, by=cast.office_head, version=1, place="Актовый зал")
        page = office.post(at("meeting_edit", meeting.pk), {"version": 1, "place": "Каб. 7", "date": "2027-06-04", "start": "14:00", "end": "16:00"})
        assert "Каб. 7" in page.text
        assert "Сейчас записано: «Актовый зал»." in page.text

    def test_two_who_edit_a_question_see_both_texts_and_both_speakers(self, office, cast):
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="А")
        agenda.save_item(item, by=cast.office_head, version=1, title="Их текст", speakers=[("Котова О.П.", None)])
        page = office.post(at("agenda_edit", meeting.pk, item.uid), {"version": 1, "title": "Мой текст", "speakers": ["Ким А.В."]})
        assert page.status_code == 422
        for words in ("Мой текст", "Ким А.В.", "Сейчас записано: «Их текст».", "Сейчас записано: «Котова О.П.»."):
            assert words in page.text
        again = office.post(at("agenda_edit", meeting.pk, item.uid), {"version": 2, "title": "Мой текст", "speakers": ["Ким А.В."]})
        assert again.status_code == 302

    def test_a_suggested_person_is_linked_and_typed_words_stay_typed(self, office, cast):
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="А")
        office.post(at("agenda_edit", meeting.pk, item.uid), {
            "version": 1, "title": "А", "speakers": ["Орлова Анна Игоревна, руководитель Проектного офиса", "руководители портфелей", ""]})
        assert [(one.text, one.person) for one in item.speakers.all()] == [
            (cast.office_head.short_name, cast.office_head), ("руководители портфелей", None)]

    def test_a_formula_is_suggested_and_taken_only_when_asked(self, office, cast):
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="Подведение итогов года")
        assert "Можно так: «О подведении итогов года»" in office.get(at("agenda_edit", meeting.pk, item.uid)).text
        typed = {"version": 1, "title": "Подведение итогов смотра", "speakers": ["Ким А.В."], "formula": ""}
        page = office.post(at("agenda_edit", meeting.pk, item.uid), typed | {"take_formula": "1"})
        assert page.context["edit_form"]["formula"].value() == "О подведении итогов смотра"
        assert "Ким А.В." in page.text
        item.refresh_from_db()
        assert (item.title, item.formula) == ("Подведение итогов года", "")
        office.post(at("agenda_edit", meeting.pk, item.uid), typed | {"formula": "О подведении итогов смотра"})
        item.refresh_from_db()
        assert item.printed == "О подведении итогов смотра"

    def test_a_question_added_twice_by_one_form_is_one(self, office):
        meeting = MeetingFactory(state="draft")
        form = {"form_key": new_key(), "title": "О ходе работы", "speaker": "Ким А.В.", "minutes": "15"}
        for _ in range(2):
            office.post(at("agenda_add", meeting.pk), form)
        item = meeting.items.get()
        assert (item.minutes, item.speakers.get().text) == (15, "Ким А.В.")

    @pytest.mark.parametrize("minutes", ["0", "-5", "10^30", "9" * 30, "\x00"])
    def test_impossible_minutes_are_told_where_they_stand(self, office, minutes):
        meeting = MeetingFactory(state="draft")
        page = office.post(at("agenda_add", meeting.pk), {"form_key": new_key(), "title": "Набранный вопрос", "minutes": minutes})
        assert page.status_code == 422
        assert "Укажите минуты: число от 1 до 600." in page.text
        assert "Набранный вопрос" in page.text

    def test_raznoe_typed_as_a_question_gathers_short_ones(self, office):
        meeting = MeetingFactory(state="draft")
        for title in ("Разное", "О конкурсе"):
            office.post(at("agenda_add", meeting.pk), {"form_key": new_key(), "title": title})
        item = meeting.items.get(title="О конкурсе")
        office.post(at("agenda_move", meeting.pk, item.uid), {"step": "into"})
        assert AgendaItem.objects.get(pk=item.pk).parent.is_misc
        office.post(at("agenda_move", meeting.pk, item.uid), {"step": "out"})
        assert list(meeting.items.order_by("position").values_list("title", flat=True)) == ["О конкурсе", "Разное"]

    @pytest.mark.parametrize("position", ["x", "-1", "9" * 40, "\x00", ""])
    def test_a_place_that_is_no_place_moves_nothing(self, office, position):
        meeting = MeetingFactory(state="draft")
        item = AgendaItemFactory(meeting=meeting, position=1)
        page = office.post(at("agenda_move", meeting.pk, item.uid), {"position": position}, follow=True)
        assert "Не понятно, куда переставить вопрос." in page.text

    def test_a_removed_question_and_a_removed_participant_can_be_brought_back(self, office, cast):
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="Удаляемый")
        each = participants.add_participant(meeting, by=cast.secretary, name="Ким А.В.", post="ЦРО", role="member")
        page = office.post(at("agenda_remove", meeting.pk, item.uid), follow=True)
        assert "Вопрос «Удаляемый» удалён." in page.text
        office.post(at("agenda_return", meeting.pk, item.uid))
        assert meeting.items.present().get() == item
        page = office.post(at("participant_remove", meeting.pk, each.pk), follow=True)
        assert "Ким А.В. – не в списке." in page.text
        office.post(at("participant_return", meeting.pk))
        assert (meeting.participants.get().name, meeting.participants.get().post) == ("Ким А.В.", "ЦРО")

    def test_who_was_invited_is_taken_off_only_after_a_question(self, office, cast):
        meeting = verbs.announce_meeting(ready(cast), by=cast.secretary)
        each = meeting.participants.get()
        assert "Уйдёт письмо: участие больше не требуется" in office.get(at("participant_remove", meeting.pk, each.pk)).text

    def test_a_second_chair_stays_in_the_form_with_its_sentence(self, office, cast):
        meeting = MeetingFactory(state="draft")
        participants.add_participant(meeting, by=cast.secretary, name="Орлова Н.П.", role="chair")
        page = office.post(at("participant_add", meeting.pk), {"form_key": new_key(), "who": "Белов С.И.", "role": "chair"})
        assert page.context["form"].errors["role"] == ["Председатель уже есть (Орлова Н.П.). Сначала смените эту роль."]
        assert "Белов С.И." in page.text
        other = participants.add_participant(meeting, by=cast.secretary, name="Ким А.В.", role="member")
        page = office.post(at("participant_edit", meeting.pk, other.pk), {"name": "Ким А.В.", "role": "chair", "version": shown(other)[1]})
        assert page.context["form"].errors["role"]

    def test_a_file_is_given_to_who_sees_its_question_and_comes_back_when_taken_away(self, office, cast):
        meeting = MeetingFactory(state="draft")
        item = agenda.add_item(meeting, by=cast.secretary, title="А")
        office.post(at("agenda_material_add", meeting.pk, item.uid), {
            "form_key": new_key(), "title": "Схема", "file": SimpleUploadedFile("схема.png", PNG)})
        material = item.materials.get()
        assert b"".join(office.get(at("agenda_material", material.pk))) == PNG
        page = office.post(at("agenda_material_remove", material.pk), follow=True)
        assert "Файл «Схема» убран." in page.text
        assert office.get(at("agenda_material", material.pk)).status_code == 404
        office.post(at("agenda_material_return", material.pk))
        assert b"".join(office.get(at("agenda_material", material.pk))) == PNG

    def test_a_file_that_is_no_file_is_told_beside_its_field(self, office):
        item = AgendaItemFactory(meeting__state="draft")
        page = office.post(at("agenda_material_add", item.meeting_id, item.uid), {
            "form_key": new_key(), "title": "Схема", "file": SimpleUploadedFile("схема.png", b"MZ not a picture")})
        assert page.status_code == 422
        assert page.context["form"].errors["file"]
        assert not item.materials.exists()

    def test_announcing_twice_is_announcing_once_and_no_error(self, office, cast):
        meeting = ready(cast)
        office.post(at("meeting_announce", meeting.pk))
        page = office.post(at("meeting_announce", meeting.pk), follow=True)
        assert "уже объявлено" not in page.text
        assert Meeting.objects.get(pk=meeting.pk).sequence == 0

    def test_the_wrong_moment_is_told_on_the_page(self, office):
        meeting = MeetingFactory(state="held")
        page = office.post(at("meeting_cancel", meeting.pk), {"reason": "Поздно"}, follow=True)
        assert "Отменить можно заседание, которое ещё не проведено." in page.text

    def test_members_are_taken_with_a_count(self, office):
        meeting = MeetingFactory(state="draft")
        assert "На этот день в составе органа никого нет." in office.post(at("participant_take_members", meeting.pk), follow=True).text
        Membership.objects.create(body=meeting.body, person=UserFactory())
        page = office.post(at("participant_take_members", meeting.pk), follow=True).text.replace("\xa0", " ")
        assert "Из состава органа: 1 участник." in page
        assert "Весь состав органа уже в списке." in office.post(at("participant_take_members", meeting.pk), follow=True).text

    def test_the_origin_of_a_carried_question_is_shown_with_its_number(self, office, cast):
        earlier = MeetingFactory(state="held", date=date(2027, 2, 12))
        for title in ("Первый", "Второй", "Третий"):
            last = agenda.add_item(earlier, by=cast.secretary, title=title)
        AgendaItem.objects.filter(meeting=earlier).exclude(pk=last.pk).update(outcome="considered")
        AgendaItem.objects.filter(pk=last.pk).update(outcome="postponed", outcome_note="на март")
        meeting = MeetingFactory(body=earlier.body, state="draft")
        page = office.get(at("agenda_carry_over", meeting.pk)).text
        assert "с заседания 12.02.2027, вопрос 3, на март" in page
        office.post(at("agenda_carry_over", meeting.pk), {"item": [str(last.uid)]})
        assert "с заседания 12.02.2027, вопрос 3" in office.get(meeting.get_absolute_url()).text


class TestTheList:
    def test_what_comes_stands_first_and_the_past_by_years(self, office):
        body, today = BodyFactory(), timezone.localdate()
        far, soon = (MeetingFactory(body=body, date=today.replace(year=today.year + years), title=title)
                     for years, title in ((2, "Дальнее"), (1, "Ближнее")))
        undated = MeetingFactory(body=body, date=None, start=None, end=None, state="draft", title="Без дня")
        old = MeetingFactory(body=body, date=date(2020, 5, 1), state="held", title="Старое")
        older = MeetingFactory(body=body, date=date(2019, 5, 1), state="cancelled", title="Отменённое")
        rows = office.get(at("meetings")).context["rows"]
        assert [row.meeting for row in rows] == [soon, far, undated, old, older]
        assert [row.heading for row in rows] == ["Предстоят", "", "", "2020", "2019"]
        assert rows[3].badges[1][1].startswith("Протокол не готов")

    def test_filters_narrow_and_an_odd_link_is_passed_over(self, office):
        one, other = MeetingFactory(date=date(2027, 6, 4)), MeetingFactory(date=date(2026, 1, 4), state="held")

        def found(query):
            return [row.meeting for row in office.get(at("meetings") + query).context["rows"]]

        assert found(f"?body={one.body_id}") == [one]
        assert found("?year=2026") == [other]
        assert found("?state=held") == [other]
        assert found("?no_protocol=on") == [other]
        assert found("?year=99999999999&state=x&body=0&page=-1") == [one, other]
        assert found("?state=cancelled") == []
        assert "По этим условиям ничего нет." in office.get(at("meetings") + "?state=cancelled").text

    def test_more_than_fifty_come_in_steps_without_saying_a_heading_twice(self, office):
        body = BodyFactory()
        for number in range(60):
            MeetingFactory(body=body, date=date(2025, 1 + number // 30, 1 + number % 28), state="cancelled")
        first, second = (office.get(at("meetings") + query) for query in ("", "?page=2"))
        assert "Показать ещё 50" in first.text
        assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)
        assert "2025" not in [row.heading for row in second.context["rows"]]

    def test_costs_the_same_for_few_and_for_many(self, office):
        AgendaItemFactory(meeting=MeetingFactory())
        few = cost(office, at("meetings"))
        for _ in range(5):
            AgendaItemFactory(meeting=MeetingFactory())
        assert cost(office, at("meetings")) == few <= 20

    def test_a_person_sees_ones_own_meetings_alone(self, client, cast):
        mine, _ = MeetingFactory(), MeetingFactory()
        ParticipantFactory(meeting=mine, person=cast.stranger)
        client.force_login(cast.stranger)
        page = client.get(at("meetings"))
        assert [row.meeting for row in page.context["rows"]] == [mine]
        assert "Новое заседание" not in page.text
