"""Contests of the tests: one that takes entries, one that is scored. Names are invented."""
from datetime import timedelta

import factory
from django.utils import timezone

from contests.entry.submission import take
from contests.models import (
    Contest,
    ContestStage,
    Criterion,
    CriterionLevel,
    Entry,
    EntryField,
    EntrySubmission,
    Expert,
    JuryMember,
    Nomination,
    Review,
    ScoreSheet,
)
from tests.factories import InstitutionFactory, UserFactory


class ContestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contest

    title = factory.Sequence(lambda n: f"Смотр-конкурс проектов {n}")
    year = 2027


class NominationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Nomination

    contest = factory.SubFactory(ContestFactory)
    title = factory.Sequence(lambda n: f"Номинация {n}")


class EntryFactory(factory.django.DjangoModelFactory):
    """An entry being written."""

    class Meta:
        model = Entry

    nomination = factory.SubFactory(NominationFactory)
    contest = factory.SelfAttribute("nomination.contest")
    institution = factory.SubFactory(InstitutionFactory)
    title = factory.Sequence(lambda n: f"Работа {n}")


def stage(contest, kind, *, begun=timedelta(days=1), left=timedelta(days=10)):
    """A stage that began some time ago and ends in some time; negative spans put it into the future or the past."""
    now = timezone.now()
    return ContestStage.objects.create(contest=contest, kind=kind, starts_at=now - begun, ends_at=now + left)


def set_up(**fields):
    """A contest with one nomination, a question and two criteria with worded levels, being set up."""
    nomination = NominationFactory(contest=ContestFactory(**fields))
    EntryField.objects.create(nomination=nomination, label="О чём работа", limit=500, position=1)
    for position, title in enumerate(["Обоснованность проблемы", "Измеримость результата"], start=1):
        criterion = Criterion.objects.create(nomination=nomination, title=title, maximum=3, position=position)
        CriterionLevel.objects.bulk_create(
            CriterionLevel(criterion=criterion, mark=mark, text=f"Уровень {mark}") for mark in range(4))
    return nomination


def announced(*stages, **fields):
    """The nomination of an announced contest whose stages of these kinds go on."""
    nomination = set_up(**fields)
    for kind in stages:
        stage(nomination.contest, kind)
    nomination.contest.state = Contest.State.ANNOUNCED
    nomination.contest.save()
    return nomination


def admitted(nomination, **fields):
    """An entry that passed the technical check, with what was sent."""
    number = nomination.contest.entries.count() + 1
    entry = EntryFactory(nomination=nomination, contest=nomination.contest, number=number, state=Entry.State.ADMITTED,
                         submitted_at=timezone.now(), **fields)
    EntrySubmission.objects.create(entry=entry, number=1, snapshot=take(entry)).checks.create(outcome="admitted")
    return entry


def expert_of(contest, person=None, **fields):
    """An expert who accepted."""
    return Expert.objects.create(contest=contest, person=person or UserFactory(), state=Expert.State.ACCEPTED, **fields)


def sheet_of(entry, expert, marks=(), submitted=False, **fields):
    """A sheet of this expert for this entry, with marks in the order of the criteria; handed in when asked."""
    review, _ = Review.objects.get_or_create(entry=entry, expert=expert, defaults=fields)
    sheet = ScoreSheet.objects.create(review=review)
    for criterion, mark in zip(entry.nomination.criteria.filter(round=review.round), marks, strict=False):
        sheet.scores.create(criterion=criterion, mark=mark)
    if submitted:
        sheet.state, sheet.submitted_at = ScoreSheet.State.SUBMITTED, timezone.now()
        sheet.save()
    return sheet


def expert(contest, person=None, **fields):
    """An expert who accepted, or in the state that is named."""
    return Expert.objects.create(contest=contest, person=person or UserFactory(), **{"state": Expert.State.ACCEPTED} | fields)


def review(entry, by=None, **fields):
    """An entry given to an expert; to a new one of its contest when none is named."""
    return Review.objects.create(entry=entry, expert=by or expert(entry.contest), **fields)


def sheet_in(entry, by=None, marks=(3, 2), comment="", **fields):
    """A sheet handed in, with marks in the order of the round's criteria; ``fields`` are of the review."""
    given = Review.objects.filter(entry=entry, expert=by, **fields).first() if by else None
    given = given or review(entry, by, **fields)
    sheet = ScoreSheet.objects.create(review=given, comment=comment)
    for criterion, mark in zip(entry.nomination.criteria.filter(round=given.round), marks, strict=False):
        sheet.scores.create(criterion=criterion, mark=mark)
    sheet.state, sheet.submitted_at = ScoreSheet.State.SUBMITTED, timezone.now()
    sheet.save()
    return sheet


def juror_of(contest, person=None):
    return JuryMember.objects.create(contest=contest, person=person or UserFactory())
