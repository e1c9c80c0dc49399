"""Who scores what: the proposal applied, by hand, to a panel; what stands in the way said in words."""
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contests.assigning.desk import REMOTE, Desk
from contests.models import Criterion, Entry, Expert, Recusal, Review, ScoreSheet
from contests.services import assignment as verbs
from contests.services import door, expert_door, recusal
from contests.services import expert as experts
from contests.services import sheet as sheet_verbs
from projectoffice.common import jobs
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import Job, OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.contests.expert_things import broken, person_at
from tests.contests.things import NominationFactory, admitted, expert_of, set_up, sheet_of, stage
from tests.races import MeetingPlace, together


def contest_with(works, people, second="remote", **fields):
    nomination = set_up(**{"experts_per_entry": 2} | fields)
    contest = nomination.contest
    Criterion.objects.create(nomination=NominationFactory(contest=contest, title="Вторая"), title="Польза", maximum=3, round=second)
    stage(contest, "remote")
    type(contest).objects.filter(pk=contest.pk).update(state="announced")
    contest.refresh_from_db()
    return contest, [admitted(nomination) for _ in range(works)], [expert_of(contest) for _ in range(people)]


def apply(contest, by, code=REMOTE):
    return verbs.distribute(contest, code, by=by, shown=Desk(contest, code).proposal.mark)


def pairs(**fields):
    return set(Review.objects.filter(state="given", **fields).values_list("entry", "expert"))


@pytest.mark.django_db
class TestTheProposal:
    def test_gives_every_work_its_experts_evenly_and_writes_to_each_once(self, cast):
        contest, works, people = contest_with(6, 4)
        assert "Распределить работы: 6" in {row.what for row in waiting_for(cast.secretary)}
        apply(contest, cast.secretary)
        assert not any("Распределить" in row.what for row in waiting_for(cast.secretary))
        loads = [Review.objects.filter(expert=each).count() for each in people]
        assert loads == [3, 3, 3, 3] and all(each.reviews.count() == 2 for each in works)
        letters = OutgoingMail.objects.filter(key__startswith="works_assigned")
        assert letters.count() == 4 and "3 работы" in letters[0].body.replace("\xa0", " ") and works[0].title not in letters[0].body
        assert broken() == []

    def test_respects_conflicts_limits_nominations_arbiters_and_what_was_given_up(self, cast):
        contest, works, (limited, elsewhere, arbiter, gave_up, free) = contest_with(4, 5)
        Expert.objects.filter(pk=limited.pk).update(most_entries=1)
        Expert.objects.filter(pk=arbiter.pk).update(is_arbiter=True)
        elsewhere.nominations.add(second := second_of(contest))
        own = expert_of(contest, person_at(works[0].institution))
        Review.objects.create(entry=works[1], expert=gave_up, state="abstained")
        other = admitted(second)
        apply(contest, cast.secretary)
        assert not pairs(expert=arbiter) and len(pairs(expert=limited)) == 1
        assert {entry for entry, _ in pairs(expert=elsewhere)} <= {other.pk}
        assert (works[0].pk, own.pk) not in pairs() and (works[1].pk, gave_up.pk) not in pairs()
        assert len(pairs(expert=free)) >= 3 and broken() == []

    def test_keeps_what_was_given_and_says_why_somebody_is_missing(self, cast, client):
        contest, works, (one, two) = contest_with(2, 2)
        verbs.give(works[0], one, REMOTE, by=cast.secretary)
        Recusal.objects.create(expert=two, entry=works[1], ground="close")
        client.force_login(cast.secretary)
        page = client.get(reverse("contests:assignment", args=[contest.pk])).content.decode().replace("\xa0", " ")
        assert "Не хватает 1 эксперта: 1 в конфликте интересов" in page
        apply(contest, cast.secretary)
        assert pairs() == {(works[0].pk, one.pk), (works[0].pk, two.pk), (works[1].pk, one.pk)}

    def test_leaves_out_a_nomination_that_is_not_marked_in_the_round(self, cast, client):
        contest, works, people = contest_with(1, 2, second="onsite")
        unmarked = admitted(second_of(contest))
        assert "Распределить работы: 1" in {row.what for row in waiting_for(cast.secretary)}
        apply(contest, cast.secretary)
        assert {entry for entry, _ in pairs()} == {works[0].pk}
        client.force_login(cast.secretary)
        assert unmarked.title not in client.get(reverse("contests:assignment_works", args=[contest.pk])).content.decode()
        with pytest.raises(ValidationError, match="В этом туре работу не оценивают"):
            verbs.give(unmarked, people[0], REMOTE, by=cast.secretary)
        # One given before is not handed in either, a comment typed or not.
        left = Review.objects.create(entry=unmarked, expert=people[0])
        client.force_login(people[0].person)
        for comment in ("", "Хорошая работа"):
            sheet_verbs.save_sheet(left, {"comment": comment}, {}, by=people[0].person)
            answer = client.post(reverse("contests:review_submit", args=[left.pk]), {"shown": "x", "key": uuid.uuid4()})
            assert answer.status_code == 422 and "нет критериев" in answer.content.decode()
        assert not ScoreSheet.objects.filter(state="submitted").exists()

    def test_that_nobody_looked_at_gives_nothing(self, cast):
        contest, works, people = contest_with(2, 3)
        shown = Desk(contest).proposal
        entry, expert = shown.new[0]
        recusal.declare_conflict(Expert.objects.get(pk=expert), by=cast.secretary, ground="close", entry=Entry.objects.get(pk=entry))
        with pytest.raises(StaleVersion, match="новое предложение"):
            verbs.distribute(contest, REMOTE, by=cast.secretary, shown=shown.mark)
        assert not Review.objects.exists()

    def test_sent_twice_is_applied_once(self, cast, client):
        contest, works, people = contest_with(3, 3)
        client.force_login(cast.secretary)
        url, data = reverse("contests:assignment", args=[contest.pk]), {"form_key": str(uuid.uuid4()), "shown": Desk(contest).proposal.mark}
        for _ in range(2):
            client.post(url, data)
        assert Review.objects.count() == 6 and OutgoingMail.objects.filter(key__startswith="works_assigned").count() == 3

    def test_is_the_office_s_and_of_an_announced_contest(self, cast):
        contest, works, people = contest_with(1, 2)
        mark = Desk(contest).proposal.mark
        with pytest.raises(PermissionDenied):
            verbs.distribute(contest, REMOTE, by=people[0].person, shown=mark)
        type(contest).objects.filter(pk=contest.pk).update(state="finished")
        with pytest.raises(TransitionNotAllowed):
            verbs.distribute(contest, REMOTE, by=cast.secretary, shown=mark)

    def test_counts_an_expert_who_left_after_handing_in(self, cast):
        contest, (work,), (gone, one, two) = contest_with(1, 3)
        sheet_of(work, gone, [3, 3], submitted=True)
        experts.remove_expert(gone, by=cast.secretary, reason="Болеет")
        apply(contest, cast.secretary)
        assert len(pairs()) == 2 and (work.pk, gone.pk) in pairs() and broken() == []


def second_of(contest):
    return contest.nominations.get(title="Вторая")


@pytest.mark.django_db
class TestByHand:
    @pytest.mark.parametrize(("case", "words"), [("conflict", "Конфликт интересов"), ("limit", "сколько он берёт"), ("nomination", "других номинациях"),
                                                ("arbiter", "не получает"), ("removed", "не получает")])
    def test_a_bar_is_a_sentence(self, cast, case, words):
        contest, (work,), (expert,) = contest_with(1, 1)
        if case == "conflict":
            Recusal.objects.create(expert=expert, entry=work, ground="close")
        if case == "limit":
            Expert.objects.filter(pk=expert.pk).update(most_entries=0)
        if case == "nomination":
            expert.nominations.add(second_of(contest))
        Expert.objects.filter(pk=expert.pk).update(is_arbiter=case == "arbiter", state="removed" if case == "removed" else "accepted")
        with pytest.raises(ValidationError, match=words):
            verbs.give(work, expert, REMOTE, by=cast.secretary)
        assert not Review.objects.exists()

    def test_taken_with_a_sheet_the_sheet_is_voided_and_the_row_can_come_back(self, cast):
        contest, (work,), (expert,) = contest_with(1, 1)
        sheet = sheet_of(work, expert, [2, 2], submitted=True)
        review = Review.objects.get()
        with pytest.raises(ValidationError):
            verbs.take_away(review, by=cast.secretary, reason=" ")
        verbs.take_away(review, by=cast.secretary, reason="Спутали номинацию")
        assert ScoreSheet.objects.get(pk=sheet.pk).state == "voided" and not pairs()
        verbs.give(work, expert, REMOTE, by=cast.secretary)
        assert pairs() == {(work.pk, expert.pk)} and Review.objects.count() == 1

    def test_a_work_that_was_not_admitted_goes_to_nobody(self, cast):
        contest, (work,), (expert,) = contest_with(1, 1)
        Entry.objects.filter(pk=work.pk).update(state="rejected")
        with pytest.raises(TransitionNotAllowed, match="не допущена"):
            verbs.give(work, expert, REMOTE, by=cast.secretary)

    def test_a_panel_gets_all_but_its_conflicts_in_one_click(self, cast, client):
        contest, works, people = contest_with(3, 3)
        Recusal.objects.create(expert=people[0], entry=works[0], ground="close", words="племянница")
        client.force_login(cast.secretary)
        url = reverse("contests:assignment_panel", args=[works[0].nomination_id])
        page = client.post(url, {"experts": [people[0].pk, people[1].pk]}).content.decode()
        assert len(pairs()) == 5 and (works[0].pk, people[0].pk) not in pairs() and "племянница" in page
        client.post(url, {"experts": [people[0].pk, people[1].pk]})
        assert len(pairs()) == 5 and broken() == []


@pytest.mark.django_db
def test_pages_cost_the_same_for_few_and_for_many(cast, client):
    contest, works, people = contest_with(3, 3)
    apply(contest, cast.secretary)
    client.force_login(cast.secretary)
    urls = [reverse("contests:assignment", args=[contest.pk]), reverse("contests:assignment_works", args=[contest.pk]),
            reverse("contests:assignment_entry", args=[works[0].pk])]

    def costs():
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            found.append(len(caught))
        return found

    costs()
    few = costs()
    for _ in range(4):
        admitted(works[0].nomination)
        Recusal.objects.create(expert=expert_of(contest, person_at()), entry=works[1], ground="close")
    apply(contest, cast.secretary)
    assert costs() == few and max(few) <= 20


@pytest.mark.django_db
class TestALargeOne:
    def test_goes_through_the_worker_leaves_out_new_conflicts_and_writes_once(self, cast, monkeypatch, client):
        monkeypatch.setattr(verbs, "AT_ONCE", 3)
        contest, works, people = contest_with(4, 3)
        client.force_login(cast.secretary)
        url = reverse("contests:assignment", args=[contest.pk])
        answer = client.post(url, {"form_key": str(uuid.uuid4()), "shown": Desk(contest).proposal.mark})
        job = Job.objects.get()
        assert answer.url == job.get_absolute_url() and not Review.objects.exists()
        with pytest.raises(TransitionNotAllowed, match="прямо сейчас"):
            apply(contest, cast.secretary)
        entry, expert = job.items[0]
        recusal.declare_conflict(Expert.objects.get(pk=expert), by=cast.secretary, ground="close", entry=Entry.objects.get(pk=entry))
        jobs.run_due()
        job.refresh_from_db()
        assert job.state == "done" and len(pairs()) == 7 and (entry, expert) not in pairs() and broken() == []
        assert OutgoingMail.objects.filter(key__startswith="works_assigned").count() == 3
        assert "7" in client.get(url).content.decode()

    def test_a_thousand_works_by_sixty_experts_are_proposed_and_written_in_a_handful_of_questions(self, cast):
        """No clock: how many questions it takes does not hang on the machine; the figure itself is measured by the bench."""
        contest, works, people = contest_with(2, 6, experts_per_entry=3)
        row = Entry.objects.filter(pk=works[0].pk).values().get()
        for name in ("id", "uid", "number"):
            row.pop(name)
        Entry.objects.bulk_create(Entry(**row, uid=uuid.uuid4(), number=number) for number in range(3, 41))
        with CaptureQueriesContext(connection) as caught:
            apply(contest, cast.secretary)
        assert len(pairs()) == 120 and len(caught) < 90


# Races, each seen to fail with the lock off.

@pytest.fixture
def races(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Who gives works has read all there is and writes next; who declares a conflict has found nothing to take away."""
    return MeetingPlace(monkeypatch).before(verbs, "give_pairs").after(recusal, "take_from")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False])
class TestAtOnce:
    @pytest.fixture(autouse=True)
    def with_or_without_the_lock(self, meet, locks):
        if not locks:
            meet.without_lock(door, expert_door)

    def test_assigned_and_recused_no_work_stays_with_the_expert_in_conflict(self, races, locks):
        contest, (work,), (expert, _) = contest_with(1, 2)
        together(lambda: apply(contest, races.secretary),
                 lambda: recusal.declare_conflict(expert, by=races.secretary, ground="close", entry=work))
        assert bool(broken()) is not locks

    def test_applied_by_two_the_second_is_told(self, races, locks):
        contest, works, people = contest_with(2, 3)
        mark = Desk(contest).proposal.mark
        refused = together(*[lambda by=by: verbs.distribute(contest, REMOTE, by=by, shown=mark) for by in (races.secretary, races.office_head)])
        assert sorted(type(each).__name__ for each in refused if each) == ["StaleVersion" if locks else "IntegrityError"]
        assert Review.objects.count() == 4
