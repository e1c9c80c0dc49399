"""What would let somebody win or lose by an accident: ties, limits, terms, votes, entries taken out."""
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contests.assigning.desk import REMOTE, Desk
from contests.entry.workflow import can
from contests.models import Contest, Entry, EntrySubmission, Expert, JuryVote, Recusal, Review, ScoreSheet
from contests.outcome.missing import problems_of
from contests.services import assignment, submitting
from contests.services import tally as verbs
from contests.tally.arbiters import free_arbiters
from contests.tally.board import is_ordered, standings
from contests.tally.ties import group_with, in_chairs_order, mark_of
from projectoffice.common import jobs
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.models import Job, OutgoingMail
from projectoffice.common.waiting import waiting_for
from tests.contests.entry_things import fresh, sent_by
from tests.contests.test_assignment import contest_with, pairs
from tests.contests.test_tally import only_board, scored, told
from tests.contests.things import admitted, announced, expert_of, juror_of, sheet_of, stage
from tests.factories import InstitutionFactory, PostFactory

pytestmark = pytest.mark.django_db


def test_what_the_office_took_out_comes_back_by_the_office_alone_and_what_the_team_took_out_by_the_team(cast):
    author = cast.member_of_school_a
    entry = sent_by(author)
    submitting.withdraw_entry(entry, by=cast.secretary, reason="Заявка не по теме")
    assert not can(fresh(entry), "take_back", author) and can(fresh(entry), "take_back", cast.secretary)
    with pytest.raises(TransitionNotAllowed, match="отозвал офис"):
        submitting.take_back(fresh(entry), by=author)
    submitting.take_back(fresh(entry), by=cast.secretary)
    submitting.withdraw_entry(fresh(entry), by=author, reason="Передумали")
    submitting.take_back(fresh(entry), by=author)
    assert fresh(entry).state == "draft" and "командой" in history_of(entry)[0].sentence


def test_an_earlier_entry_is_the_one_whose_last_submission_is_earlier():
    nomination, _ = scored([[(2, 2)], [(2, 2)]], ties=[("earlier", "")])
    stub, whole = nomination.entries.all()
    Entry.objects.filter(pk=stub.pk).update(submitted_at=timezone.now() - timedelta(days=20))
    EntrySubmission.objects.create(entry=stub, number=2, snapshot={})
    assert told(only_board(nomination.contest)) == [(whole.number, "1", "earlier"), (stub.number, "2", "earlier")]
    assert "последняя отправка" in str(nomination.contest.tie_rules.get())


class TestLimits:
    def test_hold_for_a_third_expert_and_who_is_disabled_gets_nothing(self, cast):
        contest, (work, other), (full, gone, free) = contest_with(2, 3)
        Expert.objects.filter(pk=full.pk).update(most_entries=1)
        Review.objects.create(entry=other, expert=full)
        gone.person.is_active = False
        gone.person.save()
        assert free_arbiters(work, REMOTE) == [free] and full in free_arbiters(work, "onsite")
        assert {each.pk for each in Desk(contest).experts} == {full.pk, free.pk}
        with pytest.raises(ValidationError):
            assignment.give(work, gone, REMOTE, by=cast.secretary)

    def test_hold_while_the_worker_assigns_nobody_gives_meanwhile_and_only_its_own_is_told(self, cast, monkeypatch):
        monkeypatch.setattr(assignment, "AT_ONCE", 1)
        contest, works, people = contest_with(4, 3)
        assignment.distribute(contest, REMOTE, by=cast.secretary, shown=Desk(contest).proposal.mark)
        job, limited = Job.objects.get(), people[0]
        wanted = sum(expert == limited.pk for _, expert in job.items)
        with pytest.raises(TransitionNotAllowed, match="прямо сейчас"):
            assignment.give(works[0], limited, REMOTE, by=cast.secretary)
        Expert.objects.filter(pk=limited.pk).update(most_entries=1)
        outsider = expert_of(contest)
        Review.objects.create(entry=works[0], expert=outsider, given_by=cast.secretary, given_at=timezone.now() + timedelta(minutes=1))
        jobs.run_due()
        job.refresh_from_db()
        assert job.state == "done" and wanted > 1 and sum(expert == limited.pk for _, expert in pairs()) == 1
        line = history_of(contest).filter(verb="assign")[0].sentence
        assert f"назначений {job.total - wanted + 1}," in line and f"пределов: {wanted - 1}" in line
        assert not OutgoingMail.objects.filter(key__startswith="works_assigned", person=outsider.person).exists()


class TestChair:
    def decided(self, cast, number=2):
        """Equals by the total alone, in the order the chair gave: the last first."""
        nomination, experts = scored([[(3, 1)], [(2, 2)]] + [[(1, 3)]] * (number - 2), ties=[("chair", "")])
        group = group_with(only_board(nomination.contest), nomination.entries.first().pk)
        verbs.chair_decide(nomination.entries.first(), by=cast.secretary, order=[row.key for row in reversed(group)], basis="Протокол", shown=mark_of(group))
        return nomination, experts

    def test_decides_of_the_totals_that_were_shown_and_of_no_others(self, cast):
        nomination, [expert] = self.decided(cast)
        assert not only_board(nomination.contest).undecided
        for entry in nomination.entries.all():
            old = ScoreSheet.objects.get(review__entry=entry)
            ScoreSheet.objects.filter(pk=old.pk).update(state="voided", void_reason="Ошибка", voided_at=timezone.now())
            sheet_of(entry, expert, (0, 1), submitted=True)
        board = only_board(nomination.contest)
        assert len(board.undecided) == 1 and {row.place for row in board.ranked} == {1} and {row.decided.rule for row in board.ranked} == {"shared"}

    def test_orders_more_equals_than_a_hundred(self, cast):
        nomination, _ = self.decided(cast, number=120)
        board = only_board(nomination.contest)
        [group] = board.chair_ties
        assert len(group) == 120 and is_ordered(group) and not board.undecided and in_chairs_order(group)[0].place == 1
        assert len(mark_of(group)) < 100


def test_a_returned_entry_whose_term_goes_on_bars_the_results(cast):
    nomination, _ = scored([[(1, 1)]])
    contest = nomination.contest
    entry = admitted(nomination)
    for state, until, bars in (("returned", 1, True), ("returned", -1, False), ("admitted", 1, False)):
        Entry.objects.filter(pk=entry.pk).update(state=state, correct_until=timezone.now() + timedelta(days=until))
        found = [each for each in problems_of(contest, standings(contest), timezone.now()) if "исправляют" in each.sentence]
        assert bool(found) is bars and all(each.stops and "state=returned" in each.url for each in found)


class TestVotes:
    def test_the_row_goes_once_all_that_may_be_chosen_is(self):
        nomination = announced("jury", votes_each=2)
        own = InstitutionFactory()
        member = juror_of(nomination.contest)
        PostFactory(person=member.person, institution=own)
        works = [admitted(nomination, institution=own), admitted(nomination)]
        assert any("Проголосовать" in row.what for row in waiting_for(member.person))
        JuryVote.objects.create(member=member, entry=works[1])
        assert not any("Проголосовать" in row.what for row in waiting_for(member.person))

    def test_the_share_of_a_work_is_of_those_who_could_vote_for_it(self):
        nomination, _ = scored([[(1, 1)], [(1, 1)]], public_weight=Decimal("0.50"), votes_each=1)
        ours, other = nomination.entries.all()
        stage(nomination.contest, "jury", begun=timedelta(days=2), left=-timedelta(days=1))
        members = [juror_of(nomination.contest) for _ in range(4)]
        PostFactory(person=members[0].person, institution=ours.institution)
        PostFactory(person=members[1].person, institution=ours.institution)
        for member, entry in zip(members, (other, ours, ours, other), strict=True):
            JuryVote.objects.create(member=member, entry=entry)
        shares = {row.key: row.public for row in only_board(nomination.contest).ranked}
        assert {key: (share.numerator, share.denominator) for key, share in shares.items()} == {ours.pk: (2, 3), other.pk: (1, 2)}
        assert Contest.objects.get().public_weight and not Recusal.objects.exists()
