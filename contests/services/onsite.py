"""Verbs of the on-site round: who advances, in which order they speak, telling the teams."""
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.russian import moment_short, quoted

from ..assigning.onsite import first_of, in_order, mark_of
from ..contest.workflow import stages_of
from ..entry.letters import tell
from ..entry.words import number_words
from ..models import ContestStage, Criterion, Entry, Review, ScoreSheet
from .door import open_contest
from .giving import take

ONSITE = Criterion.Round.ONSITE
SEES = "contests.see_tally"
OTHER_ORDER = "Состав или порядок очного тура только что изменили. Посмотрите и повторите."


def open_round(contest, by):
    """The locked contest; who scores in it does not say who of those marked goes on."""
    require(by, SEES, contest)
    return open_contest(contest, by, "onsite")


def open_hall(nomination, by):
    """Lock the contest and the works of the nomination; both freshly read."""
    contest = open_round(nomination.contest, by)
    if not nomination.criteria.filter(round=ONSITE).exists():
        raise ValidationError("В этой номинации очного тура нет.")
    works = Entry.objects.taken_part().filter(nomination=nomination).select_for_update(of=("self",)).order_by("number")
    return contest, list(works)


def refuse_other_order(works, shown):
    if mark_of(in_order(works)) != shown:
        raise StaleVersion(works, OTHER_ORDER)


@transaction.atomic
def advance(nomination, chosen, *, by, shown):
    """Exactly these works (ids) go on; new ones speak after those who did. How many advance.

    A work that does not go on any more is taken from the experts in the hall; one that was marked there stays in.
    """
    contest, works = open_hall(nomination, by)
    refuse_other_order(works, shown)
    return put_through(contest, nomination, works, set(chosen), by=by)


@transaction.atomic
def advance_first(nomination, most, *, by, shown):
    """The first so many by the remote round, equals of the last one too."""
    contest, works = open_hall(nomination, by)
    refuse_other_order(works, shown)
    first = first_of(nomination, most)
    if not first:
        raise ValidationError("Баллов заочного тура ещё нет: отметьте работы сами.")
    return put_through(contest, nomination, works, {each.pk for each in first}, by=by)


def put_through(contest, nomination, works, chosen, *, by):
    before = in_order(works)
    after = [each for each in before if each.pk in chosen] + [each for each in works if each.pk in chosen and each.onsite_order is None]
    gone = [each for each in before if each.pk not in chosen]
    refuse_if_marked(gone)
    write_order(works, after)
    for review in Review.objects.select_for_update(of=("self",)).filter(entry__in=gone, round=ONSITE, state=Review.State.GIVEN):
        take(review, reason="Работа не проходит в очный тур", by=by)
    if [each.pk for each in before] != [each.pk for each in after]:
        numbers = ", ".join(f"№ {each.number}" for each in after) or "никто"
        record("advance", contest, f"Очный тур, {quoted(nomination)}: проходят {numbers}", by=by)
    return len(after)


def refuse_if_marked(entries):
    marked = ScoreSheet.objects.counted().filter(review__entry__in=entries, review__round=ONSITE).values_list("review__entry__number", flat=True)
    if numbers := sorted(set(marked)):
        raise ValidationError(f"Эти работы уже оценены в очном туре: {', '.join(f'№ {number}' for number in numbers)}. Сначала аннулируйте листы.")


def write_order(works, order):
    """1, 2, 3 … for these, nothing for the others; the wall of the database is asked at the end of the transaction."""
    places = {entry.pk: place for place, entry in enumerate(order, start=1)}
    for entry in works:
        if entry.onsite_order != places.get(entry.pk):
            entry.onsite_order = places.get(entry.pk)
            entry.save(update_fields=["onsite_order"])


@transaction.atomic
def place_speaker(entry, turn, *, by, shown):
    """To this turn, counted from 1, in the order that was shown."""
    contest, works = open_hall(entry.nomination, by)
    refuse_other_order(works, shown)
    return put_at(contest, entry, works, turn - 1, by=by)


@transaction.atomic
def move_speaker(entry, *, by, up):
    """One place sooner or later."""
    contest, works = open_hall(entry.nomination, by)
    return put_at(contest, entry, works, place_of(entry, in_order(works)) + (-1 if up else 1), by=by)


def place_of(entry, speakers):
    found = next((index for index, each in enumerate(speakers) if each.pk == entry.pk), None)
    if found is None:
        raise ValidationError("Эта работа больше не выступает. Обновите страницу.")
    return found


def put_at(contest, entry, works, target, *, by):
    """Nothing happens beyond the ends."""
    speakers = in_order(works)
    place = place_of(entry, speakers)
    if place != target and 0 <= target < len(speakers):
        speakers.insert(target, speakers.pop(place))
        put_in_order(contest, entry.nomination, works, speakers, "порядок", by=by)
    return contest


@transaction.atomic
def draw_lots(nomination, *, by, shown):
    """The order by lot; what was drawn stands in the history."""
    contest, works = open_hall(nomination, by)
    refuse_other_order(works, shown)
    speakers = in_order(works)
    secrets.SystemRandom().shuffle(speakers)
    return put_in_order(contest, nomination, works, speakers, "порядок по жребию", by=by)


def put_in_order(contest, nomination, works, order, word, *, by):
    write_order(works, order)
    record("order_speaking", contest, f"Очный тур, {quoted(nomination)}: {word} {', '.join(f'№ {each.number}' for each in order)}", by=by)
    return len(order)


@transaction.atomic
def tell_speakers(contest, *, by):
    """Each team that advances reads when it speaks; the same place of the same day is told once. How many teams."""
    contest = open_round(contest, by)
    stage = stages_of(contest).get(ContestStage.Kind.ONSITE)
    term = f"Очный тур: {moment_short(stage.starts_at)} – {moment_short(stage.ends_at)}.\n" if stage else ""
    entries = Entry.objects.taken_part().filter(contest=contest, onsite_order__isnull=False).select_related("contest", "nomination", "institution")
    entries = list(entries.order_by("nomination", "onsite_order"))
    if not entries:
        raise ValidationError("В очный тур ещё никто не прошёл.")
    for entry in entries:
        key = f"entry_onsite:{entry.pk}:{entry.onsite_order}:{stage.starts_at.isoformat() if stage else ''}"
        tell(entry, key, f"{number_words(entry)}: очный тур",
             f"Работа «{entry.title}» прошла в очный тур конкурса «{contest.title}».\n{term}Номинация: {entry.nomination}. "
             f"Ваш номер в порядке выступлений – {entry.onsite_order}.")
    record("tell_speakers", contest, f"Командам, прошедшим в очный тур, ушли письма: {len(entries)}", by=by)
    return len(entries)
