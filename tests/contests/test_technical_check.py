"""The technical check: four outcomes, letters, mending until an own date, another outcome instead of one."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from contests.duties import remind_of_unsent_entries
from contests.models import ContestStage, Entry, TechnicalCheck
from contests.services import checking
from contests.services import entry as verbs
from portfolios.services.typed import mark
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import board_of, waiting_for
from tests.contests.entry_things import check, draft_of, end_acceptance, fresh, send, sent_by
from tests.contests.things import announced, stage
from tests.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast):
    return cast.member_of_school_a


@pytest.fixture
def entry(author):
    return sent_by(author)


def letters(word=""):
    return OutgoingMail.objects.filter(key__startswith=f"entry_{word}")


@pytest.mark.parametrize(("outcome", "state"), [
    ("admitted", "admitted"), ("remarks", "admitted"), ("returned", "returned"), ("rejected", "rejected")])
def test_each_outcome_leads_to_its_state_and_tells_the_team_in_words(cast, entry, author, outcome, state):
    words = "" if outcome == "admitted" else "Не хватает сметы"
    check(entry, cast.secretary, outcome, words)
    assert fresh(entry).state == state and bool(fresh(entry).correct_until) is (outcome == "returned")
    letter = letters("checked").get()
    assert letter.address == author.email and (words in letter.body)
    assert list(violations()) == []


@pytest.mark.parametrize("outcome", ["remarks", "returned", "rejected"])
def test_every_outcome_but_the_first_says_why(cast, entry, outcome):
    with pytest.raises(ValidationError, match="за что взяться"):
        checking.check_entry(entry, by=cast.secretary, number=1, outcome=outcome, words="  ", correct_until=timezone.now() + timedelta(days=1))


def test_a_returned_entry_has_a_day_and_hour_ahead(cast, entry):
    for until in (None, timezone.now() - timedelta(minutes=1)):
        with pytest.raises(ValidationError):
            checking.check_entry(entry, by=cast.secretary, number=1, outcome="returned", words="Нет сметы", correct_until=until)
    assert fresh(entry).state == "submitted"


def test_the_same_outcome_sent_twice_is_one_and_one_letter(cast, entry):
    until = timezone.now() + timedelta(days=1)
    assert check(entry, cast.secretary, "returned", "Смета", until) == check(entry, cast.secretary, "returned", "Смета", until)
    assert TechnicalCheck.objects.count() == 1 and letters("checked").count() == 1


def test_a_submission_nobody_read_gets_no_outcome(cast, entry, author):
    check(entry, cast.secretary, "returned")
    send(entry, author)
    with pytest.raises(StaleVersion):
        checking.check_entry(entry, by=cast.secretary, number=1, outcome="admitted")
    assert fresh(entry).state == "submitted"


def test_only_the_office_checks(cast, entry, author):
    for person in (author, cast.member_of_school_b, cast.department_head, cast.administrator, cast.stranger):
        with pytest.raises(PermissionDenied):
            check(entry, person, "admitted")


class TestMended:
    def test_and_sent_again_after_acceptance_ended_until_its_own_moment(self, cast, entry, author):
        check(entry, cast.secretary, "returned", "Нет сметы", timezone.now() + timedelta(hours=2))
        end_acceptance(entry.contest)
        verbs.save_draft(entry, {"title": "Со сметой"}, {"title": mark(entry.title)}, by=author)
        assert send(entry, author).number == 2
        assert fresh(entry).number == 1 and fresh(entry).submitted_at == entry.submitted_at
        check(entry, cast.secretary, "admitted")
        assert fresh(entry).state == "admitted" and list(violations()) == []

    def test_not_a_moment_later(self, cast, entry, author):
        check(entry, cast.secretary, "returned")
        end_acceptance(entry.contest)
        Entry.objects.filter(pk=entry.pk).update(correct_until=timezone.now() - timedelta(milliseconds=1))
        with pytest.raises(TransitionNotAllowed, match="Срок исправления вышел"):
            send(entry, author)

    def test_an_earlier_day_never_cuts_the_acceptance_of_everybody(self, cast, entry, author):
        check(entry, cast.secretary, "returned")
        Entry.objects.filter(pk=entry.pk).update(correct_until=timezone.now() - timedelta(minutes=1))
        assert send(entry, author).number == 2


class TestAnotherOutcome:
    def test_is_another_row_with_a_reason(self, cast, entry):
        check(entry, cast.secretary, "rejected", "Не та тема")
        with pytest.raises(ValidationError, match="почему он меняется"):
            check(entry, cast.office_head, "admitted")
        check(entry, cast.office_head, "admitted", "Тема подходит, ошиблись")
        assert fresh(entry).state == "admitted" and TechnicalCheck.objects.count() == 2
        assert "заменяет прежнее" in letters("checked").order_by("-pk")[0].body and list(violations()) == []

    def test_not_once_the_remote_round_has_begun(self, cast, entry):
        check(entry, cast.secretary, "admitted")
        stage(entry.contest, "remote")
        with pytest.raises(TransitionNotAllowed, match="тур начался"):
            check(entry, cast.secretary, "rejected", "Не та тема")

    def test_but_the_first_one_is_given_even_then(self, cast, entry):
        stage(entry.contest, "remote")
        check(entry, cast.secretary, "admitted")
        assert fresh(entry).state == "admitted"


class TestWaiting:
    def rows(self, person):
        return {row.what: row for row in waiting_for(person) if "Заявк" in row.what or "заявк" in row.what}

    def test_a_draft_waits_for_its_team_until_the_deadline_and_kindly_after_it(self, cast, author):
        draft = draft_of(author)
        row = self.rows(author)["Заявка «Читающая школа»"]
        assert row.due and not row.is_closed and self.rows(cast.member_of_school_b) == {}
        end_acceptance(draft.contest)
        assert "сохранён" in self.rows(author)["Заявка «Читающая школа»"].closed

    def test_a_returned_entry_says_what_is_wrong_and_until_when(self, cast, entry, author):
        check(entry, cast.secretary, "returned", "Нет сметы\nИ подписи")
        row = self.rows(author)["Заявка № 1: исправить и отправить снова"]
        assert row.remark == "Нет сметы\nИ подписи" and row.due and row.remark_by == f"Сорокина\xa0А.И., {date_short(timezone.now())}"

    def test_the_office_has_one_row_for_what_is_to_check(self, cast, entry, author):
        sent_by(cast.member_of_school_b, entry.nomination)
        assert "Проверить заявки: 2" in self.rows(cast.secretary) and self.rows(author) == {}
        check(entry, cast.secretary, "admitted")
        assert "Проверить заявки: 1" in self.rows(cast.secretary)
        assert [row.what for row in board_of(author).sent] == ["Заявка № 1"] and board_of(cast.stranger).sent == []


class TestReminders:
    def test_a_day_before_the_end_once_and_kindly_after_it_once(self, author):
        draft = draft_of(author)
        assert remind_of_unsent_entries() == 0
        acceptance = ContestStage.objects.filter(contest=draft.contest)
        acceptance.update(ends_at=timezone.now() + timedelta(hours=20))
        remind_of_unsent_entries()
        remind_of_unsent_entries()
        assert letters("reminder").count() == 1 and "ещё не отправлена" in letters("reminder").get().subject
        acceptance.update(ends_at=timezone.now() - timedelta(hours=1))
        remind_of_unsent_entries()
        remind_of_unsent_entries()
        assert letters("late").count() == 1 and "Всё написанное и файлы сохранены" in letters("late").get().body

    def test_what_was_sent_is_nobodys_to_send(self, entry):
        ContestStage.objects.update(ends_at=timezone.now() + timedelta(hours=2))
        assert remind_of_unsent_entries() == 0

    def test_a_returned_entry_is_reminded_of_by_its_own_day(self, cast, entry):
        check(entry, cast.secretary, "returned", until=timezone.now() + timedelta(hours=5))
        end_acceptance(entry.contest)
        assert remind_of_unsent_entries() == 1


def test_entries_of_who_leaves_go_to_the_successor(cast, author):
    draft = draft_of(author)
    successor = UserFactory(surname="Новикова")
    PostFactory(person=successor, institution=draft.institution)
    hand_over(author, successor, by=cast.office_head)
    assert fresh(draft).created_by == successor


def test_invariants_catch_what_does_not_hold(cast, author):
    nomination = announced("acceptance")
    entry = sent_by(author, nomination)
    Entry.objects.filter(pk=entry.pk).update(state="admitted", number=7, title="Иначе")
    found = " ".join(sentence for _, sentence in violations())
    assert "исход экспертизы другой" in found and "последний номер 7" in found and "название не то" in found


class TestEnteredByTheOffice:
    @pytest.fixture
    def entered(self, cast, author):
        nomination = announced("acceptance")
        entry = verbs.start_entry(nomination.contest, by=cast.secretary, nomination=nomination,
                                  institution=author.current_post.institution, title="Теплица")
        only = verbs.add_author(entry, by=cast.secretary)
        verbs.save_draft(entry, {f"author-{only.pk}-name": "Ивина Вера", f"author-{only.pk}-phone": "8 900 000-00-00",
                                 f"answer-{nomination.fields.get().pk}": "О чём"}, {}, by=cast.secretary)
        return entry

    def test_who_began_it_in_the_office_still_says_by_which_letter(self, cast, entered):
        with pytest.raises(ValidationError, match="откуда"):
            send(entered, cast.secretary)
        assert send(entered, cast.secretary, source="письмо № 84", source_date=timezone.localdate()).recorded_by == cast.secretary

    def test_the_institution_hears_of_it_where_no_author_has_an_address(self, cast, entered, author):
        send(entered, cast.secretary, source="письмо № 84", source_date=timezone.localdate())
        check(entered, cast.secretary, "returned", "Смета")
        assert [each.address for each in letters("checked")] == [author.email]
        assert [row.action for row in waiting_for(author) if row.what.startswith("Заявка")] == ["Исправить"]
        assert [row for row in waiting_for(cast.member_of_school_b) if row.what.startswith("Заявка")] == []
