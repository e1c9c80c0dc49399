"""Demonstration sheets of the contest in scoring: some works scored by all, one where experts diverge, sheets half filled."""
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from ..models import Contest, ContestStage, Criterion, Review, Score, ScoreSheet

WORDS = "Описание готово к передаче."
COMMENTS = [
    "Сильная сторона – замер до начала работы. Назовите, кто повторит его в мае.",
    "План выполним, но апрель перегружен. Разнесите замер и открытую встречу.",
    "Папку можно взять уже завтра. Добавьте расписание одной недели.",
]
HALF = 3  # marks of a sheet that is being filled
DIVERGING, AGREED = 0, 2  # the first works, scored by everybody: where experts diverge, where they agree


def create():
    """What experts have done so far, over the days of the remote round; nothing where no work was given."""
    contest = Contest.objects.filter(state=Contest.State.ANNOUNCED, experts__reviews__isnull=False).first()
    if not contest:
        return
    reviews = list(Review.objects.active().filter(entry__contest=contest, is_arbiter=False).select_related("entry").order_by("entry__number", "pk"))
    done, half = chosen(reviews)
    began = contest.stages.get(kind=ContestStage.Kind.REMOTE).starts_at
    for turn, (review, mark) in enumerate(done):
        at = min(began + timedelta(days=1 + turn % 8, hours=turn % 5), timezone.now())
        hand_in(fill([review], mark, started_at=at - timedelta(hours=1)), at)
    fill(half, lambda place, turn: 2 if place < HALF else None, started_at=timezone.now() - timedelta(hours=3))


def chosen(reviews):
    """``([(review, its marks)], [reviews half filled])``: two works whole, then two sheets of each expert, then one begun."""
    numbers = sorted({each.entry.number for each in reviews})
    diverging, agreed = numbers[DIVERGING], numbers[AGREED]
    done, half, seen = [], [], defaultdict(int)
    for review in reviews:
        if review.entry.number == diverging:
            first = all(other.entry_id != review.entry_id for other, _ in done)
            done.append((review, (lambda place, turn: 1) if first else (lambda place, turn: 3)))
        elif review.entry.number == agreed:
            done.append((review, lambda place, turn: 3 - place % 2))
        elif seen[review.expert_id] < 2:
            seen[review.expert_id] += 1
            done.append((review, lambda place, turn, given=review: max(1, 3 - (place + given.pk) % 3)))
        elif seen[review.expert_id] == 2:
            seen[review.expert_id] += 1
            half.append(review)
    return done, half


def fill(reviews, mark, *, started_at):
    """A draft sheet of each review, marked by ``mark(place of the criterion, place of the sheet)``; None is no mark."""
    criteria = defaultdict(list)
    for criterion in Criterion.objects.filter(nomination__in={each.entry.nomination_id for each in reviews}).order_by("position", "pk"):
        criteria[criterion.nomination_id, criterion.round].append(criterion)
    sheets = ScoreSheet.objects.bulk_create(
        ScoreSheet(review=review, comment=COMMENTS[turn % len(COMMENTS)] if (turn + review.pk) % 2 else "", started_at=started_at)
        for turn, review in enumerate(reviews))
    Score.objects.bulk_create(
        Score(sheet=sheet, criterion=criterion, mark=given, comment=WORDS if criterion.needs_comment else "")
        for turn, sheet in enumerate(sheets)
        for place, criterion in enumerate(criteria[sheet.review.entry.nomination_id, sheet.review.round])
        if (given := mark(place, turn)) is not None)
    return sheets


def hand_in(sheets, at):
    """Of a draft first, because marks of a sheet that is in are closed."""
    ScoreSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(state=ScoreSheet.State.SUBMITTED, submitted_at=at)
