"""An entry being written, sent, taken back and out: verbs, deadlines, who may."""
import time
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from contests.entry import workflow
from contests.entry.missing import lacks_of
from contests.entry.submission import fingerprint, take
from contests.entry.words import left_words
from contests.models import ContestStage, Entry, EntryField
from contests.services import entry as verbs
from contests.services import submitting
from portfolios.services.typed import Collision, mark
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail, StoredFile
from tests.contests.entry_things import check, draft_of, end_acceptance, fresh, send, sent_by
from tests.contests.things import NominationFactory, announced, set_up, stage
from tests.factories import InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_clock():
    """Whatever zone a test gave the server's clock, the next one begins with ours."""
    yield
    time.tzset()


@pytest.fixture
def author(cast):
    return cast.member_of_school_a


@pytest.fixture
def draft(author):
    return draft_of(author)


def file_of(size=1000, name="работа.pdf", sha="a"):
    return StoredFile.objects.create(name=name, content_type="application/pdf", size=size, sha256=sha * 64, data=f"x/{name}{sha}")


class TestBegun:
    def test_by_somebody_of_the_institution_who_is_its_first_author_and_contact(self, author):
        nomination = announced("acceptance")
        entry = verbs.start_entry(nomination.contest, by=author, nomination=nomination, institution=author.current_post.institution)
        only = entry.authors.get()
        assert (only.person, only.name, only.is_contact, entry.number, entry.state) == (author, author.full_name, True, None, "draft")

    def test_not_for_an_institution_where_one_holds_no_post(self, cast, author):
        nomination = announced("acceptance")
        with pytest.raises(PermissionDenied):
            verbs.start_entry(nomination.contest, by=author, nomination=nomination, institution=cast.member_of_school_b.current_post.institution)
        with pytest.raises(PermissionDenied):
            verbs.start_entry(nomination.contest, by=cast.stranger, nomination=nomination, institution=InstitutionFactory())
        assert verbs.start_entry(nomination.contest, by=cast.secretary, nomination=nomination, institution=InstitutionFactory()).authors.count() == 0

    def test_not_in_the_nomination_of_another_contest(self, author):
        nomination = announced("acceptance")
        with pytest.raises(ValidationError):
            verbs.start_entry(nomination.contest, by=author, nomination=announced("acceptance"), institution=author.current_post.institution)

    def test_not_before_and_not_after_the_acceptance_and_not_while_the_contest_is_set_up(self, author):
        place = author.current_post.institution
        later, ended, prepared = announced(), announced("acceptance"), set_up()
        stage(later.contest, "acceptance", begun=-timedelta(days=1))
        end_acceptance(ended.contest)
        stage(prepared.contest, "acceptance")
        for nomination in (later, ended, prepared):
            with pytest.raises(TransitionNotAllowed):
                verbs.start_entry(nomination.contest, by=author, nomination=nomination, institution=place)


class TestTyped:
    def test_a_text_over_its_limit_is_kept_and_stops_only_the_sending(self, author, draft):
        field = draft.nomination.fields.get()
        verbs.save_draft(draft, {f"answer-{field.pk}": "ы" * 520}, {f"answer-{field.pk}": mark("Ответ: О чём работа")}, by=author)
        assert len(fresh(draft).answers.get().text) == 520
        with pytest.raises(ValidationError, match="Сократите на 20 знаков"):
            send(draft, author)
        assert fresh(draft).state == "draft"

    def test_the_words_of_what_is_left_agree_with_the_number(self):
        assert [left_words("ы" * size, 10) for size in (9, 7, 10, 12)] == [
            "остался 1 знак", "осталось 3 знака", "осталось 0 знаков", "лишних 2 знака: сократите, прежде чем отправлять"]

    def test_two_who_change_the_same_text_are_told_and_different_texts_are_both_kept(self, cast, author, draft):
        field = draft.nomination.fields.get()
        name = f"answer-{field.pk}"
        began = {name: mark("Ответ: О чём работа"), "title": mark(draft.title)}
        verbs.save_draft(draft, {name: "Их текст"}, began, by=cast.secretary)
        verbs.save_draft(draft, {"title": "Моё название"}, began, by=author)
        with pytest.raises(Collision):
            verbs.save_draft(draft, {name: "Мой текст"}, began, by=author)
        assert (fresh(draft).title, fresh(draft).answers.get().text) == ("Моё название", "Их текст")

    def test_names_of_another_entry_or_another_nomination_are_nobodys(self, cast, author, draft):
        other = draft_of(cast.member_of_school_b)
        theirs, question = other.authors.get(), other.nomination.fields.get()
        verbs.save_draft(draft, {f"author-{theirs.pk}-name": "Чужой", f"answer-{question.pk}": "Чужое", "state": "admitted"}, {}, by=author)
        assert other.authors.get().name == theirs.name and fresh(other).answers.get().text != "Чужое"
        assert not draft.answers.filter(field=question).exists() and fresh(draft).state == "draft"

    def test_an_author_named_like_a_colleague_is_that_person(self, cast, author, draft):
        colleague = UserFactory(surname="Кленова")
        PostFactory(person=colleague, institution=draft.institution)
        added = verbs.add_author(draft, by=author)
        verbs.save_draft(draft, {f"author-{added.pk}-name": "кленова анна игоревна"}, {}, by=author)
        assert draft.authors.get(pk=added.pk).person == colleague
        verbs.save_draft(draft, {f"author-{added.pk}-name": cast.member_of_school_b.full_name},
                         {f"author-{added.pk}-name": mark("кленова анна игоревна")}, by=author)
        assert draft.authors.get(pk=added.pk).person is None  # works elsewhere: a school learns nobody's account by name

    def test_there_are_no_more_authors_than_the_nomination_allows_and_one_contact(self, author, draft):
        for _ in range(draft.nomination.most_authors - 1):
            verbs.add_author(draft, by=author)
        with pytest.raises(ValidationError, match="не больше 5"):
            verbs.add_author(draft, by=author)
        last = draft.authors.last()
        verbs.save_draft(draft, {"contact": str(last.pk)}, {"contact": mark(str(draft.authors.first().pk))}, by=author)
        assert [each.pk for each in draft.authors.filter(is_contact=True)] == [last.pk]
        verbs.move_author(draft, last, by=author, up=True)
        assert list(draft.authors.all())[3] == last
        verbs.remove_author(draft, last, by=author)
        verbs.remove_author(draft, last, by=author)
        assert draft.authors.count() == 4

    def test_answers_go_over_to_another_nomination_by_their_words_and_come_back(self, author):
        nomination = set_up()
        other = NominationFactory(contest=nomination.contest, title="Другая")
        EntryField.objects.create(nomination=nomination, label="Цель", position=2)
        goal = EntryField.objects.create(nomination=other, label="Цель", position=1)
        EntryField.objects.create(nomination=other, label="Чего не было", position=2)
        stage(nomination.contest, "acceptance")
        nomination.contest.state = "announced"
        nomination.contest.save()
        entry = draft_of(author, nomination)
        assert verbs.fitting_words(entry, other) == (1, 1)
        verbs.change_nomination(entry, other, by=author)
        moved = fresh(entry)
        assert moved.nomination == other and moved.answers.get(field=goal).text == "Ответ: Цель"
        assert [each["label"] for each in take(moved)["answers"]] == ["Цель", "Чего не было"]
        verbs.change_nomination(entry, nomination, by=author)
        assert [each["text"] for each in take(fresh(entry))["answers"]] == ["Ответ: О чём работа", "Ответ: Цель"]

    def test_files_have_room_for_200_mb_together(self, author, draft):
        for number in range(10):
            verbs.add_file(draft, file_of(20 * 2**20, f"{number}.pdf", str(number)), by=author)
        with pytest.raises(ValidationError, match="200"):
            verbs.add_file(draft, file_of(1, "ещё.pdf", "b"), by=author)
        row = draft.files.first()
        verbs.remove_file(row, by=author)
        verbs.add_file(draft, file_of(1, "ещё.pdf", "b"), by=author)
        with pytest.raises(ValidationError, match="200"):
            verbs.remove_file(row, by=author, back=True)
        assert draft.files.filter(removed=False).count() == 10


class TestSent:
    def test_it_is_frozen_numbered_and_both_the_sender_and_the_contact_get_a_receipt(self, author, draft):
        added = verbs.add_author(draft, by=author)
        verbs.save_draft(draft, {f"author-{added.pk}-name": "Ивина Вера Олеговна", f"author-{added.pk}-email": "ivina@example.test",
                                 "contact": str(added.pk)}, {"contact": mark(str(draft.authors.first().pk))}, by=author)
        submission = send(draft, author)
        entry = fresh(draft)
        assert (entry.number, entry.state, submission.number, submission.by) == (1, "submitted", 1, author)
        assert [each["name"] for each in submission.snapshot["authors"]] == [author.full_name, "Ивина Вера Олеговна"]
        assert "ivina@example.test" not in str(submission.snapshot)
        letters = OutgoingMail.objects.filter(key__startswith="entry_receipt")
        assert {each.address for each in letters} == {author.email, "ivina@example.test"}
        assert "Заявка № 1" in letters[0].body and "время –" in letters[0].body
        assert list(violations()) == []

    def test_the_second_entry_gets_the_next_number_and_a_withdrawn_one_keeps_its_own(self, cast, author):
        nomination = announced("acceptance")
        first = sent_by(author, nomination)
        submitting.withdraw_entry(first, by=author, reason="Передумали")
        second = sent_by(cast.member_of_school_b, nomination)
        assert (fresh(first).number, second.number) == (1, 2) and list(violations()) == []

    def test_sent_twice_is_sent_once(self, author, draft):
        shown = fingerprint(take(draft))
        first = submitting.submit_entry(draft, by=author, shown=shown)
        assert submitting.submit_entry(draft, by=author, shown=shown) == first
        assert draft.submissions.count() == 1 and OutgoingMail.objects.filter(key__startswith="entry_receipt").count() == 1

    def test_what_was_changed_since_it_was_shown_is_not_sent(self, cast, author, draft):
        shown = fingerprint(take(draft))
        verbs.save_draft(draft, {"title": "Иначе"}, {"title": mark(draft.title)}, by=cast.secretary)
        with pytest.raises(StaleVersion):
            submitting.submit_entry(draft, by=author, shown=shown)

    @pytest.mark.parametrize("late", [timedelta(milliseconds=-1), timedelta(0), timedelta(milliseconds=1)])
    @pytest.mark.parametrize("zone", ["UTC", "Asia/Vladivostok", "America/New_York"])
    def test_a_deadline_of_18_00_ends_with_18_00_itself_in_any_zone_of_the_server(
            self, author, draft, late, zone, monkeypatch):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        deadline = ContestStage.objects.get(contest=draft.contest, kind="acceptance").ends_at
        with timezone.override(ZoneInfo(zone)):
            words = workflow.refusal(fresh(draft), "submit", author, deadline + late)
        assert bool(words) is (late > timedelta(0))

    def test_a_moment_late_the_draft_and_its_files_stay_and_nothing_is_sent(self, author, draft):
        shown = fingerprint(take(draft))
        end_acceptance(draft.contest, timedelta(milliseconds=1))
        with pytest.raises(TransitionNotAllowed, match="Написанное сохранено"):
            submitting.submit_entry(draft, by=author, shown=shown)
        # An upload that ran over the deadline, and what was being typed, stay in the draft.
        verbs.add_file(draft, file_of(), by=author)
        verbs.save_draft(draft, {"title": "Дописано"}, {"title": mark(draft.title)}, by=author)
        assert (fresh(draft).title, fresh(draft).state, draft.submissions.count()) == ("Дописано", "draft", 0)

    def test_what_is_missing_is_said_in_the_order_of_the_form(self, cast):
        nomination = announced("acceptance", needs_signed_scan=True)
        entry = verbs.start_entry(nomination.contest, by=cast.secretary, nomination=nomination, institution=InstitutionFactory())
        assert [each.anchor for each in lacks_of(entry)] == ["id_title", f"id_answer-{nomination.fields.get().pk}", "authors", "scan"]
        added = verbs.add_author(entry, by=cast.secretary)
        verbs.save_draft(entry, {f"author-{added.pk}-name": "Ивина Вера"}, {}, by=cast.secretary)
        assert f"id_author-{added.pk}-phone" in [each.anchor for each in lacks_of(fresh(entry))]

    def test_the_scan_is_asked_for_where_the_contest_says_so(self, author):
        entry = draft_of(author, announced("acceptance", needs_signed_scan=True))
        with pytest.raises(ValidationError, match="скан"):
            send(entry, author)
        verbs.put_scan(entry, file_of(name="подпись.pdf"), by=author)
        assert send(entry, author).snapshot["scan"]["name"] == "подпись.pdf"

    def test_the_office_enters_for_a_team_and_says_by_which_letter(self, cast, draft):
        with pytest.raises(ValidationError, match="откуда"):
            send(draft, cast.secretary)
        submission = send(draft, cast.secretary, source="письмо директора № 84", source_date=timezone.localdate())
        assert (submission.by, submission.recorded_by, submission.source) == (None, cast.secretary, "письмо директора № 84")
        assert "внесена офисом" in str(history_of(draft).first())

    def test_a_letter_that_never_was_is_not_a_source(self, cast, draft):
        with pytest.raises(ValidationError, match="не наступил"):
            send(draft, cast.secretary, source="письмо", source_date=timezone.localdate() + timedelta(days=2))

    def test_nobody_of_another_school_sends_reads_or_writes_it(self, cast, draft):
        shown = fingerprint(take(draft))
        for act in (lambda by: submitting.submit_entry(draft, by=by, shown=shown), lambda by: submitting.take_back(draft, by=by),
                    lambda by: submitting.withdraw_entry(draft, by=by, reason="Нет"), lambda by: verbs.add_author(draft, by=by),
                    lambda by: verbs.save_draft(draft, {"title": "Чужое"}, {}, by=by), lambda by: verbs.add_file(draft, file_of(), by=by),
                    lambda by: verbs.put_scan(draft, file_of(), by=by)):
            with pytest.raises(PermissionDenied):
                act(cast.member_of_school_b)


class TestTakenBackAndOut:
    def test_while_acceptance_goes_on_and_nobody_checked_it_is_a_draft_again_with_its_number(self, author):
        entry = sent_by(author)
        submitting.take_back(entry, by=author)
        submitting.take_back(entry, by=author)
        assert (fresh(entry).state, fresh(entry).number) == ("draft", 1)
        assert send(entry, author).number == 2 and fresh(entry).number == 1 and list(violations()) == []

    def test_not_after_acceptance_and_not_once_checked(self, cast, author):
        checked, late = sent_by(author), sent_by(author)
        check(checked, cast.secretary, "admitted")
        end_acceptance(late.contest)
        for entry in (checked, late):
            with pytest.raises(TransitionNotAllowed):
                submitting.take_back(entry, by=author)

    def test_what_was_sent_again_while_being_mended_goes_back_to_its_remark(self, cast, author):
        entry = sent_by(author)
        check(entry, cast.secretary, "returned", "Нет приложения")
        end_acceptance(entry.contest)
        send(entry, author)
        submitting.take_back(entry, by=author)
        assert (fresh(entry).state, fresh(entry).state_reason) == ("returned", "Нет приложения")

    def test_it_is_withdrawn_with_a_reason_and_comes_back_while_acceptance_goes_on(self, author):
        entry = sent_by(author)
        with pytest.raises(ValidationError):
            submitting.withdraw_entry(entry, by=author, reason=" ")
        submitting.withdraw_entry(entry, by=author, reason="Передумали")
        assert fresh(entry).state == "withdrawn" and OutgoingMail.objects.filter(key__startswith="entry_withdrawn").exists()
        submitting.take_back(entry, by=author)
        assert fresh(entry).state == "draft"

    def test_an_empty_draft_goes_without_a_reason(self, author, draft):
        submitting.withdraw_entry(draft, by=author)
        assert fresh(draft).state == "withdrawn"

    def test_once_experts_read_it_only_the_office_takes_it_out(self, cast, author):
        entry = sent_by(author)
        check(entry, cast.secretary, "admitted")
        stage(entry.contest, "remote")
        with pytest.raises(TransitionNotAllowed, match="оценивают"):
            submitting.withdraw_entry(entry, by=author, reason="Передумали")
        submitting.withdraw_entry(entry, by=cast.secretary, reason="Письмо школы")
        assert fresh(entry).state == "withdrawn"


STATES = Entry.State.values
# verb: states in which the team may, states in which the office may; acceptance goes on, nobody scores yet.
ALLOWED = {
    "write": ({"draft", "returned"}, {"draft", "returned"}),
    "change_nomination": ({"draft"}, {"draft"}),
    "submit": ({"draft", "returned"}, {"draft", "returned"}),
    "take_back": ({"submitted", "withdrawn"}, {"submitted", "withdrawn"}),
    "withdraw": ({"draft", "submitted", "returned", "admitted"}, {"draft", "submitted", "returned", "admitted"}),
    "check": (set(), {"submitted", "returned", "admitted", "rejected"}),
}


@pytest.mark.parametrize("verb", workflow.RULES)
def test_the_table_of_states_says_who_may_what(cast, author, draft, verb):
    team, office = ALLOWED[verb]
    people = {author: team, cast.secretary: office, cast.office_head: office, cast.member_of_school_b: set(), cast.stranger: set(),
              cast.administrator: set(), cast.department_head: set()}
    for state in STATES:
        draft.state, draft.correct_until = state, timezone.now() + timedelta(days=1) if state == "returned" else None
        found = {person for person in people if workflow.can(draft, verb, person)}
        assert found == {person for person, states in people.items() if state in states}, state


@pytest.mark.parametrize("state", ["setup", "finished", "cancelled"])
def test_nothing_is_done_in_a_contest_that_does_not_go_on(cast, author, draft, state):
    draft.contest.state = state
    assert not any(workflow.can(draft, verb, person) for verb in workflow.RULES for person in (author, cast.secretary))
