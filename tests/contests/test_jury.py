"""The public jury: a closed list, one vote each within limits, a window by the database's clock, sums hidden until it is over."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contests.duties import tell_jurors
from contests.models import Contest, JuryVote
from contests.services import door
from contests.services import jury as verbs
from contests.services.expert import list_expert
from contests.tally.jury import counted_votes, own_order
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.contests.test_tally import scored
from tests.contests.things import admitted, announced, expert_of, juror_of, stage
from tests.factories import InstitutionFactory, PostFactory
from tests.races import MeetingPlace, together


@pytest.fixture
def voting(db):
    """A nomination of four works in a contest whose public jury votes just now, two votes each."""
    nomination = announced("jury", votes_each=2)
    for _ in range(4):
        admitted(nomination)
    return nomination


def over(contest, ago=timedelta(hours=1)):
    window = contest.stages.get(kind="jury")
    window.ends_at = window.starts_at + timedelta(hours=1)
    window.save()


def ballot(contest):
    return reverse("contests:jury_vote", args=[contest.pk])


class TestVote:
    def test_is_looked_at_once_more_given_once_and_stays_within_the_limit(self, client, voting):
        contest, member = voting.contest, juror_of(voting.contest)
        one, two, three, four = voting.entries.all()
        client.force_login(member.person)
        assert [row.what for row in waiting_for(member.person)] == ["Проголосовать в общественном жюри"]
        asked = client.post(ballot(contest), {"entries": [one.pk]}).content.decode()
        assert "Проверьте выбор" in asked and not JuryVote.objects.exists()
        for _ in range(2):
            assert client.post(ballot(contest), {"entries": [one.pk], "sure": "on"}).status_code == 302
        for sure in ("", "on"):
            found = client.post(ballot(contest), {"entries": [two.pk, three.pk], "sure": sure})
            assert found.status_code == 422 and "можно выбрать не больше" in found.content.decode()
        for wrong in ([], ["x"], ["9" * 30], [two.pk, "\x00"]):
            assert client.post(ballot(contest), {"entries": wrong, "sure": "on"}).status_code == 422, wrong
        client.post(ballot(contest), {"entries": [two.pk], "sure": "on"})
        assert set(member.votes.values_list("entry", flat=True)) == {one.pk, two.pk} and waiting_for(member.person) == []
        assert "отдали все голоса" in client.get(ballot(contest)).content.decode()

    def test_is_refused_outside_the_window_to_strangers_to_members_who_left_and_for_works_of_others(self, cast, client, voting):
        contest, member, entry = voting.contest, juror_of(voting.contest), voting.entries.first()
        foreign, withdrawn = admitted(announced("jury")), admitted(voting)
        withdrawn.state = "withdrawn"
        withdrawn.save()
        own = admitted(voting, institution=InstitutionFactory())
        PostFactory(person=member.person, institution=own.institution)
        for wrong in (foreign, withdrawn, own):
            with pytest.raises(ValidationError, match="выбрать больше нельзя"):
                verbs.vote(member, by=member.person, entries=[wrong])
        for person in (cast.secretary, cast.stranger, juror_of(contest).person):
            with pytest.raises(PermissionDenied):
                verbs.vote(member, by=person, entries=[entry])
        verbs.remove_juror(member, by=cast.secretary)
        with pytest.raises(PermissionDenied):
            verbs.vote(member, by=member.person, entries=[entry])
        verbs.add_juror(contest, by=cast.secretary, person=member.person)
        window = contest.stages.get()
        for begins, ends, words in ((timedelta(hours=1), timedelta(hours=2), "начнётся"), (-timedelta(hours=2), -timedelta(milliseconds=1), "вышел")):
            now = window.starts_at + timedelta(days=1)
            contest.stages.update(starts_at=now + begins, ends_at=now + ends)
            with pytest.raises(TransitionNotAllowed, match=words):
                verbs.vote(member, by=member.person, entries=[entry])
        assert not JuryVote.objects.exists()

    def test_each_member_meets_the_works_in_an_order_of_the_own_that_stays(self, client, voting):
        entries = [admitted(voting) for _ in range(6)]
        orders = {tuple(entry.pk for entry in own_order(juror_of(voting.contest), entries)) for _ in range(6)}
        member = juror_of(voting.contest)
        assert len(orders) > 1 and own_order(member, entries) == own_order(member, reversed(entries))

    def test_the_ballot_of_a_blind_contest_names_no_school_and_costs_the_same_for_few_and_many(self, client, voting):
        contest, member = voting.contest, juror_of(voting.contest)
        client.force_login(member.person)
        entry = voting.entries.first()
        assert str(entry.institution) in client.get(ballot(contest)).content.decode()

        def cost():
            with CaptureQueriesContext(connection) as seen:
                client.get(ballot(contest))
            return len(seen)

        before = cost()
        [admitted(voting) for _ in range(5)]
        assert cost() == before <= 22
        blind = announced("jury", is_blind=True)
        hidden = admitted(blind, title="Пары роста, школа 4711", institution=InstitutionFactory(number=4711))
        juror_of(blind.contest, member.person)
        sure = client.post(ballot(blind.contest), {"entries": [hidden.pk]})
        for seen in (client.get(ballot(blind.contest)).content.decode(), sure.content.decode()):
            assert "Пары роста" in seen and "4711" not in seen


class TestOffice:
    def test_sums_are_hidden_until_the_window_is_over_from_the_office_too(self, cast, client, voting):
        contest, entry = voting.contest, voting.entries.first()
        members = [juror_of(contest) for _ in range(3)]
        for member in members:
            verbs.vote(member, by=member.person, entries=[entry])
        client.force_login(cast.secretary)
        log, tally = reverse("contests:jury", args=[contest.pk]), reverse("contests:tally", args=[contest.pk])
        assert entry.title not in client.get(log).content.decode() and members[0].person.full_name in client.get(log).content.decode()
        assert "3 голоса" not in client.get(tally).content.decode() and counted_votes(contest) == []
        assert entry.title not in client.get(reverse("contests:vote_annul", args=[JuryVote.objects.first().pk])).content.decode()
        over(contest)
        assert entry.title in client.get(log).content.decode() and "3 голоса" in client.get(tally).content.decode()
        [counted] = counted_votes(contest)
        assert (counted.voters, counted.rows[0]) == (3, (entry, 3))

    def test_a_vote_is_annulled_with_a_reason_and_told_in_the_count(self, cast, client, voting):
        contest, member = voting.contest, juror_of(voting.contest)
        [vote] = verbs.vote(member, by=member.person, entries=[voting.entries.first()])
        client.force_login(cast.secretary)
        url = reverse("contests:vote_annul", args=[vote.pk])
        assert client.post(url, {"reason": " "}).status_code == 200 and not JuryVote.objects.get().annulled_at
        assert client.post(url, {"reason": "Голосовал автор"}).status_code == 302
        verbs.annul_vote(vote, by=cast.secretary, reason="Другая причина")
        with pytest.raises(ValidationError):
            verbs.vote(member, by=member.person, entries=list(voting.entries.all()[:3]))
        assert verbs.vote(member, by=member.person, entries=[vote.entry]) == []
        over(contest)
        [counted] = counted_votes(contest)
        assert [each.annul_reason for each in counted.annulled] == ["Голосовал автор"] and counted.voters == 0

    def test_the_list_is_kept_by_the_office_and_closed_with_the_contest(self, cast, client, voting):
        contest = voting.contest
        client.force_login(cast.secretary)
        url = reverse("contests:jury", args=[contest.pk])
        for _ in range(2):
            assert client.post(url, {"person": cast.stranger.full_name}).status_code == 302
        assert client.post(url, {"person": "Никто Такой"}).status_code == 422 and contest.jury.count() == 1
        for insider, why in ((expert_of(contest).person, "в списке экспертов"), (cast.department_head, "видит свод")):
            refused = client.post(url, {"person": insider.full_name})
            assert refused.status_code == 422 and why in refused.content.decode() and contest.jury.count() == 1
        with pytest.raises(ValidationError, match="голосует в общественном жюри"):
            list_expert(contest, by=cast.secretary, person=cast.stranger)
        Contest.objects.filter(pk=contest.pk).update(state=Contest.State.FINISHED)
        with pytest.raises(TransitionNotAllowed):
            verbs.add_juror(contest, by=cast.secretary, person=cast.administrator)
        assert "больше не меняют" in client.get(url).content.decode()


def test_members_are_written_once_when_the_window_opens_and_a_day_before_its_end_who_gave_no_vote(cast, voting):
    contest, (voted, silent, gone) = voting.contest, [juror_of(voting.contest) for _ in range(3)]
    verbs.remove_juror(gone, by=cast.secretary)
    assert (tell_jurors(), tell_jurors()) == (2, 0)
    verbs.vote(voted, by=voted.person, entries=[voting.entries.first()])
    contest.stages.update(ends_at=timezone.now() + timedelta(hours=5))
    assert (tell_jurors(), tell_jurors()) == (1, 0)
    assert {(letter.key.split(":")[0], letter.address) for letter in OutgoingMail.objects.filter(key__startswith="vote_")} == {
        ("vote_opens", voted.person.email), ("vote_opens", silent.person.email), ("vote_ends", silent.person.email)}


@pytest.mark.django_db
def test_the_start_page_tells_the_office_of_diverging_experts_and_of_ties_and_nobody_who_scores_there(cast):
    from decimal import Decimal

    nomination, experts = scored([[(3, 3), (0, 0)], [(2, 1), (2, 1)], [(1, 2), (1, 2)]], divergence=Decimal(4), ties=[("chair", "")])
    stage(nomination.contest, "remote", begun=timedelta(days=3), left=-timedelta(days=1))
    told = {row.what for row in waiting_for(cast.secretary)}
    assert {"Назначить третьего эксперта", "Записать решение председателя"} <= told
    for person in (cast.stranger, cast.department_head, experts[0].person):
        assert not {"Назначить третьего эксперта", "Записать решение председателя"} & {row.what for row in waiting_for(person)}
    nomination.contest.experts.create(person=cast.secretary, state="accepted")
    assert not {"Назначить третьего эксперта", "Записать решение председателя"} & {row.what for row in waiting_for(cast.secretary)}


# At the same moment

def at_once(member, entries, times):
    """Votes of one member from many windows at once, for different works; what each raised, or None."""
    votes = [lambda place=place: verbs.vote(member, by=member.person, entries=[entries[place % len(entries)]]) for place in range(times)]
    return [error and type(error).__name__ for error in together(*votes)]


@pytest.mark.django_db(transaction=True)
class TestRace:
    def works(self):
        nomination = announced("jury", votes_each=1)
        return juror_of(nomination.contest), [admitted(nomination) for _ in range(4)]

    def test_two_hundred_votes_of_one_member_at_once_are_one_row(self):
        member, entries = self.works()
        said = {each for _ in range(10) for each in at_once(member, entries, 20)}
        assert said == {None, "ValidationError"} and JuryVote.objects.count() == 1

    def test_without_the_lock_there_are_more(self, monkeypatch):
        member, entries = self.works()
        # Each has counted the votes given and has not voted.
        MeetingPlace(monkeypatch).after(verbs, "refuse_too_many").without_lock(door)
        assert at_once(member, entries, 2) == [None, None] and JuryVote.objects.count() == 2
