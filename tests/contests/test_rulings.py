"""What the portal finds by itself and the office decides: no sheet is lost, no namesake barred before a person has looked."""
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contests.duties import take_works_from_experts_in_conflict
from contests.expert.conflicts import conflicts_of
from contests.models import Contest, Entry, Expert, Recusal, Review, ScoreSheet
from contests.outcome.missing import problems_of
from contests.services import expert_door
from contests.services import recusal as verbs
from contests.tally.board import standings
from contests.tally.progress import to_remind
from contests.views.ruling import NAMESAKE_STAYS, SHEET_STAYS
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from tests.contests.expert_things import broken
from tests.contests.test_assignment import races
from tests.contests.test_experts import know
from tests.contests.things import admitted, announced, expert_of, sheet_of
from tests.factories import InstitutionFactory, PostFactory, UserFactory
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db
__all__ = ["races"]
STATES = {"own institution": "works", "author": "author", "the same name": "namesake", "declared institution": "declared"}


def tied(case, handed):
    """A work with an expert who came into conflict with it after it was given; a second one that is nobody's concern."""
    contest = announced("remote").contest
    expert = expert_of(contest, UserFactory(surname="Тёрнова"))
    PostFactory(person=expert.person, institution=InstitutionFactory())
    entry, other = know(expert, case), admitted(contest.nominations.get())
    for each in (entry, other):
        sheet_of(each, expert, [2, 2], submitted=handed or each == other)
    return SimpleNamespace(contest=contest, expert=expert, entry=entry, review=Review.objects.get(entry=entry))


def bars(contest):
    return any("Конфликты интересов" in each.sentence for each in problems_of(contest, standings(contest), timezone.now()) if each.stops)


def is_open(found):
    """As the database asks it and as the assignment does; they never differ."""
    own, many = Entry.objects.to_score(found.expert.person), conflicts_of([found.expert], [found.entry])[found.expert.pk]
    assert Recusal.objects.entries_of(found.expert.person).filter(pk=found.entry.pk).exists() is bool(many)
    return own.filter(pk=found.entry.pk).exists()


def waits(cast, client, contest):
    client.force_login(cast.secretary)
    return reverse("contests:conflicts", args=[contest.pk]) in client.get("/").content.decode()


@pytest.mark.parametrize("handed", [True, False])
@pytest.mark.parametrize("case", STATES)
def test_the_portal_closes_a_work_at_once_and_takes_nothing_a_person_should_see_first(case, handed, cast, client):
    found = tied(case, handed)
    assert not is_open(found) and bars(found.contest)
    asked = handed or case == "the same name"
    assert take_works_from_experts_in_conflict() == (0 if asked else 1)
    found.review.refresh_from_db()
    assert (found.review.state, found.review.conflict) == (("given", STATES[case]) if asked else ("recused", ""))
    assert ScoreSheet.objects.counted().filter(review=found.review).exists() is handed and not is_open(found)
    assert bars(found.contest) is asked is waits(cast, client, found.contest) and not to_remind(found.contest) and broken() == []
    told = history_of(found.contest).count()
    assert take_works_from_experts_in_conflict() == 0 and history_of(found.contest).count() == told


@pytest.mark.parametrize(("case", "handed", "keeps", "state", "counts", "opens"), [
    ("the same name", True, True, "given", True, True), ("the same name", False, True, "given", False, True),
    ("the same name", True, False, "recused", False, False), ("author", True, True, "given", True, False),
    ("author", True, False, "recused", False, False), ("author", False, True, None, False, False),
    ("declared institution", True, True, None, True, False)])
def test_the_office_takes_the_work_or_leaves_what_may_be_left(case, handed, keeps, state, counts, opens, cast):
    found = tied(case, handed)
    take_works_from_experts_in_conflict() if handed else None
    decide = [found.review, dict(by=cast.secretary, keeps=keeps, reason="Разобрались по телефону", shown=STATES[case])]
    if state is None:
        with pytest.raises(TransitionNotAllowed):
            verbs.decide_conflict(decide[0], **decide[1])
    else:
        verbs.decide_conflict(decide[0], **decide[1])
        told = history_of(found.contest).count()
        verbs.decide_conflict(decide[0], **decide[1])
        assert history_of(found.contest).count() == told and "Разобрались по телефону" in history_of(found.contest)[0].sentence
        assert take_works_from_experts_in_conflict() == 0 and not bars(found.contest)
        with pytest.raises(TransitionNotAllowed):
            verbs.decide_conflict(decide[0], **decide[1] | {"keeps": not keeps})
    found.review.refresh_from_db()
    assert state is None or (found.review.state, found.review.conflict) == (state, "")
    assert ScoreSheet.objects.counted().filter(review=found.review).exists() is counts and is_open(found) is opens and broken() == []
    for ruling in found.expert.rulings.all():
        for _ in range(2):
            verbs.withdraw_ruling(ruling, by=cast.office_head, reason="Это он и есть")
        found.review.refresh_from_db()
        assert found.review.conflict == STATES[case] and not is_open(found) and bars(found.contest)


def test_a_mended_post_leaves_nothing_to_decide(cast):
    found = tied("own institution", True)
    take_works_from_experts_in_conflict()
    found.expert.person.posts.all().delete()
    take_works_from_experts_in_conflict()
    found.review.refresh_from_db()
    assert found.review.conflict == "" and is_open(found) and not bars(found.contest)


def test_the_office_decides_on_pages_and_nobody_who_scores_does(cast, client):
    found = tied("the same name", True)
    take_works_from_experts_in_conflict()
    place, conflicts = reverse("contests:conflicts", args=[found.contest.pk]), reverse("contests:expert_conflicts", args=[found.expert.pk])
    url = reverse("contests:conflict_decide", args=[found.review.pk])
    client.force_login(cast.secretary)
    assert url in client.get(place).content.decode() and NAMESAKE_STAYS in client.get(url).content.decode()
    wrong = client.post(url, {"shown": "namesake", "keeps": "yes", "reason": " "}).content.decode()
    assert "Напишите, почему так решили." in wrong and not found.expert.rulings.exists()
    assert "стал другим" in client.post(url, {"shown": "author", "keeps": "no", "reason": "Нет"}).content.decode()
    assert client.post(url, {"shown": "namesake", "keeps": "yes", "reason": "Полный тёзка"}).status_code == 302
    assert "Полный тёзка" in client.get(place).content.decode() and "Полный тёзка" in client.get(conflicts).content.decode()
    assert "уже решили" in client.post(url, {"shown": "namesake", "keeps": "no", "reason": "Нет"}).content.decode()
    ruling = found.expert.rulings.get()
    client.post(reverse("contests:ruling_withdraw", args=[ruling.pk]), {"reason": "Всё-таки автор"})
    again = reverse("contests:namesake_rule", args=[found.expert.pk, found.entry.pk])
    assert again in client.get(conflicts).content.decode() and SHEET_STAYS not in client.get(url).content.decode()
    Expert.objects.create(contest=found.contest, person=cast.secretary, state="invited")
    assert {client.get(each).status_code for each in (place, url, again, reverse("contests:ruling_withdraw", args=[ruling.pk]))} == {403}
    assert not waits(cast, client, found.contest) and place not in client.get(reverse("contests:experts", args=[found.contest.pk])).content.decode()
    client.force_login(found.expert.person)
    assert "тёзка" not in client.get(conflicts).content.decode()


def test_the_list_costs_the_same_for_few_and_for_many(cast, client):
    found, costs = tied("own institution", True), []
    client.force_login(cast.secretary)
    take_works_from_experts_in_conflict()
    for _ in range(2):
        costs.append([])
        for url in (reverse("contests:conflicts", args=[found.contest.pk]), "/"):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url).status_code == 200
            costs[-1].append(len(caught))
        for _ in range(3):
            expert = expert_of(found.contest)
            sheet_of(know_of(expert), expert, [1, 1], submitted=True)
        take_works_from_experts_in_conflict()
    assert costs[0][0] == costs[1][0] <= 20 and costs[0][1] == costs[1][1]


def know_of(expert):
    PostFactory(person=expert.person, institution=InstitutionFactory())
    return know(expert, "own institution")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locks", [True, False])
def test_two_offices_at_once_decide_once(races, monkeypatch, locks):
    found = tied("the same name", True)
    meet = MeetingPlace(monkeypatch).after(verbs, "in_conflict")  # each has found the conflict and decided nothing
    if not locks:
        meet.without_lock()
        monkeypatch.setattr(verbs, "lock", lambda review: Review.objects.select_related("entry", "expert__person").get(pk=review.pk))
        monkeypatch.setattr(expert_door, "lock_expert", lambda expert: Expert.objects.select_related("person", "contest").get(pk=expert.pk))
    refused = together(*[lambda by=by, keeps=keeps: verbs.decide_conflict(found.review, by=by, keeps=keeps, reason="Так решено", shown="namesake")
                         for by, keeps in ((races.secretary, True), (races.office_head, False))])
    assert sorted(type(each).__name__ for each in refused if each) == (["TransitionNotAllowed"] if locks else [])
    assert Contest.objects.get().state == "announced"
