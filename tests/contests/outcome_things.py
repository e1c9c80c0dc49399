"""Contests of the tests that are scored and published."""
from contests.models import AwardLevel, Contest, Criterion, EntrySubmission, Result
from contests.outcome.page import ResultsPage
from contests.services import outcome as verbs
from tests.contests.things import admitted, announced, expert, sheet_in

PLAN = ((3, 3), (3, 2), (2, 2), (1, 1))


def scored(marks=PLAN, institution=None, onsite=False, **fields):
    """A nomination whose entries have two sheets each, ready to be published: the first is the winner, the last takes part."""
    nomination = announced(title=fields.pop("title", "Смотр-конкурс проектов"), **fields)
    contest = nomination.contest
    # The structure of an announced contest is closed: awards are named while it is being set up.
    Contest.objects.filter(pk=contest.pk).update(state="setup")
    AwardLevel.objects.bulk_create([
        AwardLevel(contest=contest, title="Победитель", places="1", becomes_project=True, position=1),
        AwardLevel(contest=contest, title="Лауреат", places="2–3", position=2),
        AwardLevel(contest=contest, title="Участник", paper="certificate", position=3)])
    if onsite:
        Criterion.objects.create(nomination=nomination, title="Защита", maximum=3, round="onsite", position=3)
    Contest.objects.filter(pk=contest.pk).update(state="announced", experts_per_entry=2)
    contest.refresh_from_db()
    panel = [expert(contest), expert(contest)]
    for place, pair in enumerate(marks, start=1):
        extra = {"institution": institution} if institution else {}
        entry = admitted(nomination, title=f"Работа {place}", **extra)
        for each in panel:
            sheet_in(entry, each, pair)
    return contest


def mark_of(contest, user):
    """What the page of the results shows to be published."""
    return ResultsPage(Contest.objects.get(pk=contest.pk), user).shown


def published(user, **fields):
    """A published result."""
    contest = scored(**fields)
    return verbs.publish(contest, by=user, shown=mark_of(contest, user))


def entry_numbered(contest, number):
    return contest.entries.select_related("contest").get(number=number)


def resubmit(entry, snapshot):
    """A later submission with this content."""
    return EntrySubmission.objects.create(entry=entry, number=entry.submissions.count() + 1, snapshot=snapshot)


def latest(contest):
    return Result.objects.latest_of(contest)
