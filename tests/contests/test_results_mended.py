"""What may still be put right: a sheet after the end of its round, marks, a third expert and votes once results are out."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from contests.models import ContestStage, JuryVote, Review, ScoreSheet
from contests.services import jury, sheet, tally
from contests.services import outcome as verbs
from contests.services.paper import check_sheet
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from tests.cast import make_cast

from .outcome_things import entry_numbered, latest, mark_of, scored
from .test_sheet_office import keyed
from .test_sheets import hand_in, print_of
from .things import admitted, announced, expert, juror_of, review, stage

pytestmark = pytest.mark.django_db
PAST = {"begun": timedelta(days=9), "left": timedelta(days=-5)}


@pytest.fixture
def cast():
    return make_cast()


def from_paper(given, cast, *marks):
    keyed(given, cast.secretary, *marks)
    return check_sheet(given.sheets.get(state="submitted"), by=cast.office_head, shown=print_of(given))


def test_once_results_are_out_a_third_expert_and_an_annulled_vote_make_a_corrected_result_and_nobody_sees_them_before(cast, client):
    contest = scored(divergence=1, institution=cast.member_of_school_a.current_post.institution)
    for kind in ("remote", "jury"):
        stage(contest, kind, **PAST)
    entry = entry_numbered(contest, 1)
    vote = JuryVote.objects.create(member=juror_of(contest), entry=entry)
    verbs.publish(contest, by=cast.secretary, shown=mark_of(contest, cast.secretary))
    first, second = entry.reviews.select_related("entry__contest", "expert__person").order_by("pk")

    sheet.replace_sheet(first.sheets.get(), by=cast.secretary, reason="Внесён не тот лист")
    new = from_paper(first, cast, 0, 0)
    correction = {"by": cast.secretary, "reason": "Ошибка ввода", "protocol": "Протокол № 5"}
    with pytest.raises(ValidationError, match="решает третий эксперт"):
        verbs.correct(contest, shown=mark_of(contest, cast.secretary), **correction)
    third = tally.give_arbiter(entry, by=cast.secretary, code="remote", expert=expert(contest))
    from_paper(Review.objects.select_related("entry__contest", "expert__person").get(pk=third.pk), cast, 1, 1)
    jury.annul_vote(vote, by=cast.secretary, reason="Голосовал не тот человек")
    assert not OutgoingMail.objects.filter(key__startswith="arbiter:").exists()

    client.force_login(cast.member_of_school_a)
    page = reverse("contests:my_result", args=[entry.pk])
    others = ScoreSheet.objects.visible_to(second.expert.person).filter(pk=new.pk)
    assert "Победитель" in client.get(page).content.decode() and not others.exists()
    client.force_login(cast.secretary)
    assert "Что изменится" in client.get(reverse("contests:results_correct", args=[contest.pk])).content.decode()
    result = verbs.correct(contest, shown=mark_of(contest, cast.secretary), **correction)
    [told] = [each for each in latest(contest).snapshot["nominations"][0]["entries"] if each["id"] == entry.pk]
    assert result.number == 2 and (told["total"], told["votes"], told["rounds"][0]["arbiter"]) == ("2", 0, "2")
    client.force_login(cast.member_of_school_a)
    assert "Победитель" not in client.get(page).content.decode() and others.exists()

    expert(contest, cast.office_head)
    with pytest.raises(PermissionDenied):
        tally.give_arbiter(entry, by=cast.office_head, code="remote", expert=third.expert)


def test_what_is_given_or_voided_after_the_end_of_the_round_has_until_the_end_of_the_summing_up(cast):
    nomination = announced("remote")
    given = review(admitted(nomination))
    forgotten = review(admitted(nomination), given.expert)
    done = hand_in(given, 3, 2)
    Review.objects.update(given_at=timezone.now() - timedelta(hours=5))
    ContestStage.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    stage(nomination.contest, "results", begun=timedelta(0))
    with pytest.raises(TransitionNotAllowed, match="срок вышел"):
        hand_in(Review.objects.get(pk=forgotten.pk), 1, 1)
    sheet.replace_sheet(done, by=cast.secretary, reason="Оценки от другой работы")
    assert "Срок – до" in OutgoingMail.objects.get(key=f"sheet_voided:{done.pk}").body
    anew = Review.objects.get(pk=given.pk)
    assert sheet.submit_sheet(anew, by=given.expert.person, shown=print_of(anew)).state == "submitted"
    late = review(admitted(nomination), given.expert)
    assert hand_in(late, 2, 2).state == "submitted"
    ContestStage.objects.update(ends_at=timezone.now() - timedelta(seconds=1), starts_at=timezone.now() - timedelta(days=1))
    Review.objects.filter(pk=late.pk).update(given_at=timezone.now() - timedelta(hours=1))
    again = Review.objects.get(pk=late.pk)
    sheet.replace_sheet(again.sheets.get(), by=cast.secretary, reason="Ошибка")
    assert [each.state for each in again.sheets.all()] == ["voided"]  # nobody is asked for what one can no longer hand in
