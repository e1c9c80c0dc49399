"""Experts: listed, invited by mail, answering by a link without a password, removed; conflicts of interest."""
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contests.duties import remind_silent_experts, take_works_from_experts_in_conflict
from contests.expert.conflicts import conflicts_of
from contests.models import Contest, Entry, Expert, Recusal, Review, ScoreSheet
from contests.services import expert as verbs
from contests.services import recusal as conflicts
from contests.services.assignment import take_away
from projectoffice.accounts.access import may
from projectoffice.accounts.models import Substitution
from projectoffice.accounts.services.handover import hand_over
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.contests.expert_things import broken, fresh, invited, listed, person_at, shown, token_of
from tests.contests.things import admitted, announced, expert_of, set_up, sheet_of
from tests.factories import PostFactory, UserFactory

pytestmark = pytest.mark.django_db
State = Expert.State


@pytest.fixture
def contest():
    return announced("remote", announced_at=timezone.now()).contest


@pytest.fixture
def office(cast):
    return cast.secretary


def letters():
    return OutgoingMail.objects.filter(key__startswith="expert_invitation")


class TestTheList:
    def test_takes_a_person_once_and_brings_back_who_was_removed(self, contest, office):
        person = UserFactory()
        first = listed(contest, office, person, most_entries=5)
        assert verbs.list_expert(contest, by=office, person=person) == [] and fresh(first).most_entries == 5
        verbs.invite(contest, shown(first), by=office)
        verbs.remove_expert(first, by=office, reason="Болеет")
        assert fresh(first).state == State.REMOVED
        verbs.bring_back(first, by=office)
        assert fresh(first).state == State.LISTED and contest.experts.count() == 1 and broken() == []

    def test_whoever_was_only_listed_leaves_no_row(self, contest, office):
        verbs.remove_expert(listed(contest, office), by=office, reason="")
        assert not contest.experts.exists()

    def test_is_the_office_s_alone(self, contest, cast):
        for person in (cast.department_head, cast.administrator, cast.member_of_school_a):
            with pytest.raises(PermissionDenied):
                verbs.list_expert(contest, by=person, person=person)

    def test_what_two_change_at_once_is_told_to_the_second(self, contest, office):
        expert = listed(contest, office)
        mark = verbs.mark_of(expert)
        change = {"by": office, "shown": mark, "nominations": [], "is_arbiter": False}
        verbs.save_expert(expert, most_entries=3, **change)
        with pytest.raises(StaleVersion):
            verbs.save_expert(expert, most_entries=9, **change)
        assert fresh(expert).most_entries == 3

    def test_a_nomination_of_another_contest_is_none(self, contest, office):
        expert = listed(contest, office, nominations=[set_up()])
        assert not expert.nominations.exists()

    def test_nobody_is_invited_before_the_contest_is_announced(self, office):
        contest = set_up().contest
        expert = listed(contest, office)
        with pytest.raises(TransitionNotAllowed, match="объявлен"):
            verbs.invite(contest, shown(expert), by=office)


class TestTheInvitation:
    def test_goes_once_to_exactly_those_who_were_shown(self, contest, office):
        first, second, without = listed(contest, office), listed(contest, office), listed(contest, office, UserFactory(email=""))
        mark = shown(first, without)
        assert verbs.invite(contest, mark, by=office) == [first] and verbs.invite(contest, mark, by=office) == []
        assert letters().count() == 1 and fresh(second).state == fresh(without).state == State.LISTED

    def test_keeps_no_key_in_the_database_but_its_hash(self, contest, office):
        expert, token = invited(contest, office)
        assert token not in str(Expert.objects.filter(pk=expert.pk).values()) and len(fresh(expert).token_hash) == 64

    def test_is_answered_by_the_link_without_a_password(self, contest, office, client):
        expert, token = invited(contest, office)
        url = reverse("contests:expert_answer", args=[token])
        page = client.get(url).content.decode()
        assert contest.title in page and fresh(expert).state == State.INVITED
        client.post(url, {"answer": "yes"})
        assert fresh(expert).state == State.ACCEPTED and "Вы согласились" in client.get(url).content.decode()
        client.post(url, {"answer": "no", "reason": "Уезжаю"})
        assert (fresh(expert).state, fresh(expert).reason) == (State.DECLINED, "Уезжаю") and broken() == []

    def test_tells_nothing_of_entries_and_other_experts(self, contest, office, client):
        admitted(contest.nominations.get(), title="Тайная теплица")
        other = expert_of(contest, UserFactory(surname="Скрытнова"))
        page = client.get(reverse("contests:expert_answer", args=[invited(contest, office)[1]])).content.decode()
        assert contest.title in page and "Тайная теплица" not in page and other.person.surname not in page

    @pytest.mark.parametrize("fate", ["again", "removed", "unknown", "cancelled"])
    def test_a_dead_link_answers_for_nobody(self, contest, office, client, fate):
        expert, token = invited(contest, office)
        if fate == "again":
            verbs.invite(contest, shown(expert), by=office)
            assert token_of(expert) != token
        if fate == "removed":
            verbs.remove_expert(expert, by=office, reason="Замена")
        if fate == "cancelled":
            Contest.objects.filter(pk=contest.pk).update(state="cancelled")
        token = "x" * 43 if fate == "unknown" else token
        answer = client.post(reverse("contests:expert_answer", args=[token]), {"answer": "yes"})
        assert answer.status_code == (422 if fate == "cancelled" else 410) and fresh(expert).state != State.ACCEPTED

    def test_an_expert_with_works_declines_by_phone_alone(self, contest, office, client):
        expert, token = invited(contest, office)
        verbs.answer(token, accepts=True)
        Review.objects.create(entry=admitted(contest.nominations.get()), expert=expert)
        with pytest.raises(TransitionNotAllowed, match="уже назначены"):
            verbs.answer(token, accepts=False)
        assert fresh(expert).state == State.ACCEPTED

    def test_an_answer_on_paper_says_where_it_comes_from(self, contest, office):
        expert = listed(contest, office, UserFactory(email=""))
        with pytest.raises(ValidationError, match="откуда"):
            verbs.reply_for(expert, by=office, accepts=True, source=" ", source_date=timezone.localdate())
        verbs.reply_for(expert, by=office, accepts=True, source="звонок", source_date=timezone.localdate())
        assert fresh(expert).state == State.ACCEPTED

    def test_nobody_answers_for_another_by_a_typed_address(self, contest, office, cast):
        expert, _ = invited(contest, office, cast.member_of_school_a)
        for person in (cast.member_of_school_b, office):
            with pytest.raises(PermissionDenied):
                verbs.reply(expert, by=person, accepts=True)
        verbs.reply(expert, by=cast.member_of_school_a, accepts=True)
        assert fresh(expert).state == State.ACCEPTED

    def test_is_repeated_once_by_the_portal_after_three_days(self, contest, office):
        silent, _ = invited(contest, office)
        new, _ = invited(contest, office)
        answered, token = invited(contest, office)
        verbs.answer(token, accepts=True)
        Expert.objects.filter(pk__in=[silent.pk, answered.pk]).update(invited_at=timezone.now() - timedelta(days=4))
        assert remind_silent_experts() == 1 and remind_silent_experts() == 0
        assert letters().count() == 4 and fresh(silent).reminded_at and not fresh(new).reminded_at

    def test_waits_on_the_start_pages_of_both(self, contest, office, cast):
        listed(contest, office)
        invited(contest, office, cast.member_of_school_a)
        assert [row.what for row in waiting_for(cast.member_of_school_a)] == ["Приглашение в эксперты"]
        mine = {row.what for row in waiting_for(office)}
        assert {"Пригласить экспертов: 1", "Эксперты не ответили: 1"} <= mine
        assert not list(waiting_for(cast.member_of_school_b))


class TestRemoval:
    @pytest.fixture
    def panel(self, contest, office):
        expert, nomination = expert_of(contest), contest.nominations.get()
        done, open_one = admitted(nomination), admitted(nomination)
        sheet = sheet_of(done, expert, [3, 3], submitted=True)
        sheet_of(open_one, expert, [1])
        return SimpleNamespace(expert=expert, sheet=sheet, done=done, open=open_one)

    def test_sends_open_works_back_and_keeps_what_was_handed_in(self, panel, office):
        verbs.remove_expert(panel.expert, by=office, reason="Болеет")
        assert dict(Review.objects.values_list("entry", "state")) == {panel.done.pk: "given", panel.open.pk: "taken"}
        assert ScoreSheet.objects.counted().get() == panel.sheet and broken() == []

    def test_may_void_what_was_handed_in(self, panel, office):
        verbs.remove_expert(panel.expert, by=office, reason="Скрыл родство", with_sheets=True)
        panel.sheet.refresh_from_db()
        assert (panel.sheet.state, panel.sheet.void_reason) == ("voided", "Скрыл родство") and broken() == []

    def test_and_a_work_taken_away_void_nothing_by_the_hand_of_a_rival(self, contest, panel, cast):
        rival = expert_of(contest, cast.office_head).person
        review = panel.sheet.review
        for attempt in (lambda: verbs.remove_expert(panel.expert, by=rival, reason="Так", with_sheets=True),
                        lambda: take_away(review, by=rival, reason="Так"),
                        lambda: conflicts.declare_conflict(panel.expert, by=rival, ground="close", entry=panel.done)):
            with pytest.raises(ValidationError, match="сами оцениваете"):
                attempt()
        assert ScoreSheet.objects.counted().get() == panel.sheet and fresh(panel.expert).state == State.ACCEPTED
        take_away(review, by=cast.secretary, reason="Перепутаны работы")
        assert not ScoreSheet.objects.counted().exists()

    def test_comes_with_handing_over(self, panel, cast):
        hand_over(panel.expert.person, cast.secretary, by=cast.office_head)
        assert fresh(panel.expert).state == State.REMOVED and not Review.objects.active().exists()


def stand_in(absent, acting):
    today = timezone.localdate()
    Substitution.objects.create(absent=absent, acting=acting, since=today, until=today, post="И.о. директора", basis="приказ № 1")


def know(expert, case):
    """An entry of the contest made a conflict of in one of the ways; who is in conflict is ``expert``."""
    nomination = expert.contest.nominations.get()
    own = expert.person.posts.get().institution
    entry = admitted(nomination, title="Канареечная теплица", **({"institution": own} if case == "own institution" else {}))
    if case == "partner":
        entry.partners.add(own)
    if case == "author":
        entry.authors.create(name="Другое Имя", person=expert.person)
    if case == "who entered it":
        Entry.objects.filter(pk=entry.pk).update(created_by=expert.person)
        entry.refresh_from_db()
    if case == "standing in for the director":
        stand_in(person_at(institution=entry.institution), expert.person)
    if case == "standing in for the author":
        absent = person_at()
        entry.authors.create(name="Другое Имя", person=absent)
        stand_in(absent, expert.person)
    if case == "the same name":
        entry.authors.create(name=f" {expert.person.full_name.upper().replace('Ё', 'Е').replace(' ', '   ')}")
    if case == "declared entry":
        Recusal.objects.create(expert=expert, entry=entry, ground="close")
    if case == "declared institution":
        Recusal.objects.create(expert=expert, institution=entry.institution, ground="works")
    if case == "declared partner":
        partner = person_at().posts.get().institution
        entry.partners.add(partner)
        Recusal.objects.create(expert=expert, institution=partner, ground="works")
    return entry


CASES = ["own institution", "partner", "author", "who entered it", "standing in for the director", "standing in for the author", "the same name",
         "declared entry", "declared institution", "declared partner"]


class TestConflicts:
    @pytest.fixture
    def expert(self, contest):
        return expert_of(contest, person_at(surname="Тёрнова"))

    @pytest.mark.parametrize("case", CASES)
    def test_hide_the_entry_from_opening_finding_and_counting(self, contest, expert, client, case):
        """A review of it lies in the database all the same: only the reading keeps it away."""
        entry, other = know(expert, case), admitted(contest.nominations.get(), title="Открытая работа")
        for each in (entry, other):
            Review.objects.create(entry=each, expert=expert)
        person = expert.person
        scored = Entry.objects.to_score(person)
        assert list(scored) == [other] and list(Review.objects.visible_to(person).values_list("entry", flat=True)) == [other.pk]
        client.force_login(person)
        pages = [reverse("contests:contest", args=[contest.pk]), reverse("contests:expert_conflicts", args=[expert.pk])]
        for url in pages:
            assert "Канареечная" not in client.get(url).content.decode()
        assert not Entry.objects.of_team(person).filter(pk__in=scored).exists()
        barred = conflicts_of([expert], [entry, other])[expert.pk]
        assert set(barred) == {entry.pk} == set(Recusal.objects.entries_of(person).values_list("pk", flat=True))

    def test_of_one_are_none_of_another(self, contest, expert):
        entry, free = know(expert, "own institution"), expert_of(contest, person_at())
        Review.objects.create(entry=entry, expert=free)
        assert conflicts_of([expert, free], [entry])[free.pk] == {} and list(Entry.objects.to_score(free.person)) == [entry]

    def test_declared_after_scoring_void_the_sheet_and_give_the_work_back(self, contest, expert):
        entry, other = admitted(contest.nominations.get()), admitted(contest.nominations.get())
        sheets = [sheet_of(each, expert, [2, 2], submitted=True) for each in (entry, other)]
        first = conflicts.declare_conflict(expert, by=expert.person, ground="close", entry=entry)
        assert conflicts.declare_conflict(expert, by=expert.person, ground="close", entry=entry) == first
        assert [ScoreSheet.objects.get(pk=each.pk).state for each in sheets] == ["voided", "submitted"]
        assert Review.objects.get(entry=entry).state == "recused" and broken() == []

    def test_a_lifted_one_bars_no_more_and_only_the_office_lifts(self, contest, expert, cast):
        entry = know(expert, "declared entry")
        recusal = expert.recusals.get()
        with pytest.raises(PermissionDenied):
            conflicts.lift_conflict(recusal, by=expert.person, reason="Нет")
        conflicts.lift_conflict(recusal, by=cast.secretary, reason="Ошибка")
        assert conflicts_of([expert], [entry])[expert.pk] == {}

    def test_are_declared_by_oneself_or_the_office_and_nobody_else(self, contest, expert, cast):
        other = expert_of(contest)
        with pytest.raises(PermissionDenied):
            conflicts.declare_conflict(expert, by=other.person, ground="works", institution=expert.person.posts.get().institution)

    def test_a_new_post_takes_the_work_away_within_half_an_hour(self, contest, expert):
        entry, kept = admitted(contest.nominations.get()), admitted(contest.nominations.get())
        sheet_of(entry, expert, [1])
        Review.objects.create(entry=kept, expert=expert)
        PostFactory(person=expert.person, institution=entry.institution)
        assert take_works_from_experts_in_conflict() == 1
        assert Review.objects.active().get().entry == kept

    def test_a_work_is_named_by_its_number_and_shows_no_title(self, contest, expert, client):
        entry = admitted(contest.nominations.get(), title="Канареечная теплица")
        url = reverse("contests:expert_conflicts", args=[expert.pk])
        client.force_login(expert.person)
        client.post(url, {"number": entry.number, "ground": "close"})
        page = client.get(url).content.decode()
        assert f"Заявка № {entry.number}" in page and "Канареечная" not in page
        for typed in ({"number": "77", "ground": "close"}, {"ground": "close"}, {"number": "1e30", "ground": "close"},
                      {"number": entry.number, "ground": "other"}, {"institution": "нет такого\x00", "ground": "works"}):
            assert "error" in client.post(url, typed).content.decode()
        assert expert.recusals.count() == 1

    def test_someone_only_listed_learns_nothing_of_it(self, office, client):
        expert = listed(set_up(title="Неслышный конкурс").contest, office)
        client.force_login(expert.person)
        assert client.get(reverse("contests:expert_conflicts", args=[expert.pk])).status_code == 404


def test_the_list_costs_the_same_for_few_and_for_many(contest, client, cast):
    client.force_login(cast.secretary)
    costs = []
    for _ in range(2):
        for _ in range(3):
            expert = expert_of(contest, person_at())
            Review.objects.create(entry=admitted(contest.nominations.get()), expert=expert)
            Recusal.objects.create(expert=expert, institution=person_at().posts.get().institution, ground="works")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("contests:experts", args=[contest.pk])).status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 20


def test_names_are_typed_by_the_list_and_each_wrong_line_is_told(contest, client, cast):
    client.force_login(cast.secretary)
    one, two = UserFactory(surname="Дроздова"), UserFactory(surname="Снегирёва")
    url = reverse("contests:expert_new", args=[contest.pk])
    page = client.post(url, {"key": "2a2b8dbb-92a6-4a7e-9a37-9f51f0f0a111", "people": "Дроздова Анна Игоревна\nНикто Никак"}).content.decode()
    assert "Строка 2" in page and "Дроздова Анна Игоревна" in page and not contest.experts.exists()
    client.post(url, {"key": "2a2b8dbb-92a6-4a7e-9a37-9f51f0f0a111", "people": f"{one.full_name}\n{two.full_name}"})
    assert set(contest.experts.values_list("person", flat=True)) == {one.pk, two.pk}


class TestAnOrganiserWhoIsAsked:
    def test_reads_nothing_of_others_from_the_invitation_on_and_is_led_out_and_back_by_another_alone(self, cast, client, contest):
        office, organiser = cast.secretary, cast.office_head
        sheet = sheet_of(admitted(contest.nominations.get()), expert_of(contest), submitted=True)

        def reads():
            assert ScoreSheet.objects.visible_to(organiser).filter(pk=sheet.pk).exists() == may(organiser, "contests.see_tally", contest)
            return may(organiser, "contests.see_tally", contest)

        assert reads()
        with pytest.raises(ValidationError, match="другой сотрудник"):
            verbs.list_expert(contest, by=organiser, person=organiser)
        asked, token = invited(contest, office, organiser)
        assert not reads()
        verbs.answer(token, accepts=False)
        assert reads()
        with pytest.raises(TransitionNotAllowed, match="пригласит вас снова"):
            verbs.answer(token, accepts=True)
        verbs.invite(contest, shown(asked), by=office)
        verbs.reply(fresh(asked), by=organiser, accepts=True)
        client.force_login(organiser)
        answer = client.post(reverse("contests:expert_remove", args=[asked.pk]), {"reason": "Посмотрю и вернусь"})
        assert "другой сотрудник офиса" in answer.content.decode() and fresh(asked).state == "accepted" and not reads()
        Review.objects.create(entry=sheet.review.entry, expert=asked, state="taken", reason="Передана")
        verbs.remove_expert(fresh(asked), by=office, reason="Замена")
        assert not reads()  # who had a work keeps away from the marks
        client.post(reverse("contests:expert_return", args=[asked.pk]))
        assert fresh(asked).state == "removed"

    def test_of_a_blind_contest_learns_no_authors_as_an_expert_nor_becomes_one_after_reading_them(self, cast, client):
        contest = announced("remote", announced_at=timezone.now(), is_blind=True).contest
        entry = admitted(contest.nominations.get(), title="Живая вода")
        organiser, other = cast.office_head, cast.secretary
        with pytest.raises(ValidationError, match="Эксперты не видят авторов"):
            verbs.list_expert(contest, by=other, person=organiser)
        listed_before = Expert.objects.create(contest=contest, person=organiser)  # before the contest became blind, or before the post
        with pytest.raises(ValidationError, match="Эксперты не видят авторов"):
            verbs.invite(contest, shown(listed_before), by=other)
        Expert.objects.filter(pk=listed_before.pk).update(state="invited")
        with pytest.raises(TransitionNotAllowed, match="Эксперты не видят авторов"):
            verbs.reply(fresh(listed_before), by=organiser, accepts=True)
        pages = {name: reverse(f"contests:{name}", args=[pk]) for name, pk in [
            ("entry", entry.pk), ("entry_print", entry.pk), ("entry_check", entry.pk), ("assignment_entry", entry.pk), ("entries", contest.pk),
            ("entries_export", contest.pk), ("assignment_works", contest.pk), ("assignment", contest.pk), ("onsite", contest.pk)]}
        for person, may_read in ((other, True), (organiser, False)):
            client.force_login(person)
            told = {name: client.get(url) for name, url in pages.items()}
            assert {told[name].status_code for name in ("entry", "entry_print", "assignment_entry")} == ({200} if may_read else {404})
            with ZipFile(BytesIO(told.pop("entries_export").getvalue())) as book:
                texts = [book.read(name).decode(errors="ignore") for name in book.namelist()]
            assert any(entry.title in each for each in texts) == any(str(entry.institution) in each for each in texts) == may_read
            texts = {name: each.content.decode(errors="ignore") for name, each in told.items()}
            assert any(entry.title in each for each in texts.values()) == may_read
            texts.pop("entries")  # its filter offers every institution of the town
            assert any(str(entry.institution) in each for each in texts.values()) == may_read
