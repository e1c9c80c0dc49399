"""What the database refuses whatever the code does, and who sees which entries and sheets."""
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from contests.models import (
    Award,
    AwardLevel,
    Contest,
    Criterion,
    Diploma,
    Entry,
    JuryVote,
    Recusal,
    Result,
    Review,
    Score,
    ScoreSheet,
    TechnicalCheck,
)
from projectoffice.common.uploads import store_upload
from tests.contests.things import ContestFactory, admitted, announced, expert_of, juror_of, set_up, sheet_of
from tests.factories import InstitutionFactory, PostFactory, UserFactory
from tests.walls import as_the_portal

pytestmark = pytest.mark.django_db


@contextmanager
def refused(words=None):
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        yield


@pytest.fixture
def nomination():
    return announced("acceptance", "remote")


def test_the_structure_changes_while_the_contest_is_being_set_up_and_never_after():
    nomination = set_up()
    contest = nomination.contest
    Criterion.objects.update(weight=2)
    nomination.fields.update(limit=100)
    contest.state = "announced"
    contest.save()
    for change in (
        lambda: nomination.criteria.update(weight=3), lambda: nomination.criteria.all()[0].levels.update(text="Иначе"),
        lambda: nomination.fields.all().delete(), lambda: contest.nominations.update(title="Другая"),
        lambda: contest.nominations.create(title="Ещё одна"), lambda: contest.tie_rules.create(rule="shared"),
        lambda: contest.award_levels.create(title="Победитель"),
    ):
        with refused():
            change()
    contest.experts_per_entry = 5
    with refused():
        contest.save()


def test_a_mark_stays_in_its_scale_and_whole_unless_halves_are_allowed(nomination):
    sheet = sheet_of(admitted(nomination), expert_of(nomination.contest))
    first = nomination.criteria.all()[0]
    for mark in ("3.5", "4", "-1", "2.5", "0.1"):
        with refused():
            sheet.scores.create(criterion=first, mark=Decimal(mark))
    sheet.scores.create(criterion=first, mark=3)


def test_a_sheet_that_is_in_is_voided_with_a_reason_and_nothing_else(nomination):
    sheet = sheet_of(admitted(nomination), expert_of(nomination.contest), [2, 3], submitted=True)
    for change in (
        lambda: sheet.scores.update(mark=1), lambda: sheet.scores.all().delete(),
        lambda: ScoreSheet.objects.update(comment="Иначе"), lambda: ScoreSheet.objects.update(state="draft"),
        lambda: ScoreSheet.objects.update(state="voided"), lambda: ScoreSheet.objects.all().delete(),
    ):
        with refused():
            change()
    voided = {"state": "voided", "void_reason": "Оценки вписаны не в ту строку", "voided_at": timezone.now()}
    ScoreSheet.objects.update(**voided)
    with refused():
        ScoreSheet.objects.update(void_reason="Иначе")
    ScoreSheet.objects.create(review=sheet.review)


def test_a_sheet_goes_its_way_and_no_other(cast):
    """The whole table of walls around sheets, marks and reviews, as the application's own role meets them."""
    nomination = set_up()
    hall = Criterion.objects.create(nomination=nomination, title="Защита", round="onsite", maximum=3)
    other = Criterion.objects.filter(nomination=set_up()).first()
    Contest.objects.update(state="announced")
    entry, (one, two, three) = admitted(nomination), (expert_of(nomination.contest) for _ in range(3))
    inside, draft, new = sheet_of(entry, one, [2, 3], submitted=True), sheet_of(entry, two, [1]), Review.objects.create(entry=entry, expert=three)
    moment, mark, sheet = timezone.now(), Score.objects.filter(sheet=draft), ScoreSheet.objects.filter(pk=draft.pk)
    sent = {"state": "submitted", "submitted_at": moment}
    paper = {"recorded_by": cast.secretary, "source": "лист эксперта", "source_date": moment.date()}
    with as_the_portal():
        for words, change in (
            ("stays in its sheet", lambda: mark.update(sheet=inside)),
            ("under its criterion", lambda: mark.update(criterion=nomination.criteria.get(position=2))),
            ("belongs to the nomination", lambda: draft.scores.create(criterion=other, mark=1)),
            ("and round of its review", lambda: draft.scores.create(criterion=hall, mark=1)),
            ("stays with its work", lambda: Review.objects.filter(pk=new.pk).update(round="onsite")),
            ("that is in is voided", lambda: sheet.update(submitted_at=moment, state="voided", void_reason="Ошибка", voided_at=moment)),
            ("compared with its paper once", lambda: sheet.update(**paper, checked_by=cast.office_head)),
            ("begins as a draft", lambda: ScoreSheet.objects.create(review=new, **sent)),
        ):
            with refused(words):
                change()
        Contest.objects.update(state="finished")
        with refused("only paper is keyed"):
            sheet.update(**sent)
        assert sheet.update(**sent, **paper) == sheet.update(checked_by=cast.office_head) == 1, "paper is keyed and compared after the results, too"
        for somebody in (None, cast.department_head):
            with refused("compared with its paper once"):
                sheet.update(checked_by=somebody)


def test_one_sheet_of_a_review_is_in_force(nomination):
    sheet = sheet_of(admitted(nomination), expert_of(nomination.contest))
    with refused():
        ScoreSheet.objects.create(review=sheet.review)


def test_what_was_submitted_checked_published_and_awarded_never_changes(nomination):
    entry = admitted(nomination)
    submission = entry.submissions.get()
    check = TechnicalCheck.objects.create(submission=submission, outcome="admitted")
    result = Result.objects.create(contest=entry.contest, number=1, snapshot={})
    other = set_up()
    level = AwardLevel.objects.create(contest=other.contest, title="Победитель")
    award = Award.objects.create(result=result, entry=entry, level=level, number=1)
    diploma = Diploma.objects.create(award=award, file=store_upload(SimpleUploadedFile("диплом.pdf", b"%PDF-1.4\n%%EOF"), by=None, allowed=("pdf",)))
    for row, field in ((submission, "number"), (check, "words"), (result, "reason"), (award, "number"), (diploma, "award_id")):
        with refused():
            type(row).objects.filter(pk=row.pk).update(**{field: 7})
        with refused():
            type(row).objects.filter(pk=row.pk)._raw_delete("default")


def test_a_vote_is_given_once_and_only_annulled(nomination):
    entry, juror = admitted(nomination), juror_of(nomination.contest)
    vote = JuryVote.objects.create(member=juror, entry=entry)
    with refused():
        JuryVote.objects.create(member=juror, entry=entry)
    with refused():
        JuryVote.objects.update(at=timezone.now())
    with refused():
        vote.delete()
    JuryVote.objects.update(annulled_at=timezone.now(), annul_reason="Член жюри – автор работы")
    with refused():
        JuryVote.objects.update(annulled_at=None)


# Who sees what

def seen(user):
    return set(Entry.objects.visible_to(user).values_list("pk", flat=True))


def test_a_team_sees_its_own_entries_and_an_expert_those_given(nomination):
    school, teacher, person = InstitutionFactory(), UserFactory(), UserFactory()
    PostFactory(person=teacher, institution=school)
    own, given, foreign = admitted(nomination, institution=school), admitted(nomination), admitted(nomination)
    Review.objects.create(entry=given, expert=expert_of(nomination.contest, person))
    assert (seen(teacher), seen(person)) == ({own.pk}, {given.pk})
    assert foreign.pk not in seen(teacher) | seen(person)


@pytest.mark.parametrize("conflict", ["institution", "partner", "author", "entry", "declared institution", "recused"])
def test_an_expert_in_conflict_sees_nothing_of_the_entry(nomination, conflict):
    person, school = UserFactory(), InstitutionFactory()
    expert = expert_of(nomination.contest, person)
    entry = admitted(nomination, institution=school if conflict == "declared institution" else InstitutionFactory())
    review = Review.objects.create(entry=entry, expert=expert)
    assert Entry.objects.to_score(person).filter(pk=entry.pk).exists()
    if conflict == "institution":
        PostFactory(person=person, institution=entry.institution)
    elif conflict == "partner":
        entry.partners.add(school)
        PostFactory(person=person, institution=school)
    elif conflict == "author":
        entry.authors.create(person=person, name=person.short_name)
    elif conflict == "entry":
        Recusal.objects.create(expert=expert, entry=entry, ground="close")
    elif conflict == "declared institution":
        Recusal.objects.create(expert=expert, institution=school, ground="works")
    else:
        review.state = Review.State.RECUSED
        review.save()
    assert not Entry.objects.to_score(person).filter(pk=entry.pk).exists()


def sheets(user):
    return set(ScoreSheet.objects.visible_to(user).values_list("pk", flat=True))


def test_others_sheets_are_seen_once_ones_own_is_in(nomination):
    entry, (one, two) = admitted(nomination), (expert_of(nomination.contest) for _ in range(2))
    first = sheet_of(entry, one, [1, 2], submitted=True)
    second = sheet_of(entry, two, [3, 3])
    assert (sheets(one.person), sheets(two.person)) == ({first.pk}, {second.pk})
    ScoreSheet.objects.filter(pk=second.pk).update(state="submitted", submitted_at=timezone.now())
    assert sheets(two.person) == sheets(one.person) == {first.pk, second.pk}


def test_others_sheets_stay_hidden_where_the_contest_says_so():
    nomination = announced("remote", shows_others=False)
    entry, (one, two) = admitted(nomination), (expert_of(nomination.contest) for _ in range(2))
    first = sheet_of(entry, one, [1, 2], submitted=True)
    sheet_of(entry, two, [3, 3], submitted=True)
    assert sheets(one.person) == {first.pk}


def test_an_arbiter_sees_the_sheets_that_diverge(nomination):
    entry, (one, third) = admitted(nomination), (expert_of(nomination.contest) for _ in range(2))
    first = sheet_of(entry, one, [0, 3], submitted=True)
    Review.objects.create(entry=entry, expert=third, is_arbiter=True)
    assert sheets(third.person) == {first.pk}


def test_organisers_see_every_sheet_but_not_in_a_contest_they_score_in(cast, nomination):
    entry = admitted(nomination)
    first = sheet_of(entry, expert_of(nomination.contest), [1, 2], submitted=True)
    assert sheets(cast.secretary) == {first.pk}
    expert_of(nomination.contest, cast.secretary)
    assert sheets(cast.secretary) == set()


def test_teams_and_strangers_see_no_sheet(nomination):
    school, teacher = InstitutionFactory(), UserFactory()
    PostFactory(person=teacher, institution=school)
    sheet_of(admitted(nomination, institution=school), expert_of(nomination.contest), [1, 2], submitted=True)
    assert sheets(teacher) == sheets(UserFactory()) == set()


def test_a_contest_being_set_up_is_seen_by_the_office_alone(cast):
    contest = ContestFactory()
    manager = type(contest).objects
    assert manager.visible_to(cast.secretary).filter(pk=contest.pk).exists()
    assert not manager.visible_to(UserFactory()).filter(pk=contest.pk).exists()
