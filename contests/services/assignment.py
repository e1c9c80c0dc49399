"""Verbs of the assignment: the portal's proposal applied, a panel for a nomination, one work given or taken by hand."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import quoted

from ..assigning.desk import OTHER_NOMINATION, Desk
from ..models import Contest, Entry, Review
from .assignment_job import order, refuse_while_under_way
from .assignment_writing import give_pairs
from .door import open_contest
from .giving import GIVEN, is_in, take

AT_ONCE = 600  # pairs written while one waits for the page; more go to the worker
OTHER_NOW = "Тем временем работы, эксперты или конфликты изменились. Посмотрите новое предложение и назначьте ещё раз."


@transaction.atomic
def distribute(contest, code, *, by, shown, back=""):
    """Give the works as they were proposed (``shown`` is the mark of the proposal); the Job of a large one, else None.

    Another proposal by now is StaleVersion: nobody gets what nobody looked at. Effects: history, a letter to each expert.
    """
    contest = open_contest(contest, by, "assign")
    refuse_while_under_way(contest)
    proposal = Desk(contest, code).proposal
    if proposal.mark != shown:
        raise StaleVersion(contest, OTHER_NOW)
    if len(proposal.new) > AT_ONCE:
        return order(contest, code, proposal.new, by=by, back=back)
    give_pairs(contest, code, proposal.new, by=by)
    return None


@transaction.atomic
def give_to_panel(nomination, code, experts, *, by):
    """Every work of the nomination to each of these experts, but where something bars it; ``(how many, what was left out)``.

    Left out is ``[(entry, expert, why)]``. What is given already stays; pressed twice is pressed once.
    """
    contest = open_contest(nomination.contest, by, "assign")
    refuse_while_under_way(contest)
    desk, chosen = Desk(contest, code), {each.pk for each in experts}
    pairs, left_out, room = [], [], {expert: desk.room(expert) for expert in desk.by_expert}
    for entry in desk.entries:
        if entry.nomination_id != nomination.pk:
            continue
        for expert in sorted(chosen & desk.by_expert.keys() - desk.given.get(entry.pk, set())):
            why = desk.conflicts[expert].get(entry.pk) or ("" if room[expert] != 0 else "больше работ не берёт")
            if why:
                left_out.append((entry, desk.by_expert[expert], why))
                continue
            pairs.append((entry.pk, expert))
            room[expert] = None if room[expert] is None else room[expert] - 1
    return give_pairs(contest, code, pairs, by=by, words=f"Работы номинации {quoted(nomination)} отданы комиссии"), left_out


def open_for_assigning(entry, by):
    """The contest and the entry, locked; a work that is not judged is given to nobody."""
    contest = open_contest(entry.contest, by, "assign")
    refuse_while_under_way(contest)
    entry = locked(entry)
    entry.contest = contest
    if entry.state != Entry.State.ADMITTED:
        raise TransitionNotAllowed("Эксперты оценивают допущенные заявки, а эта не допущена.")
    return contest, entry


@transaction.atomic
def give(entry, expert, code, *, by):
    """One work to one expert by hand; the same twice is once. ValidationError says what bars it."""
    contest, entry = open_for_assigning(entry, by)
    desk = Desk(contest, code)
    if expert.pk in desk.given.get(entry.pk, ()):
        return 0
    if entry.pk not in desk.by_entry:
        raise ValidationError({"expert": "В этом туре работу не оценивают."})
    if expert.pk not in desk.by_expert:
        raise ValidationError({"expert": "Этот эксперт работ сейчас не получает."})
    if why := desk.conflicts[expert.pk].get(entry.pk):
        raise ValidationError({"expert": f"Конфликт интересов: {why}."})
    if not desk.is_competent(expert.pk, entry):
        raise ValidationError({"expert": f"Эксперт {OTHER_NOMINATION}. Это меняют в его карточке."})
    if desk.room(expert.pk) == 0:
        raise ValidationError({"expert": "У эксперта уже столько работ, сколько он берёт. Предел меняют в его карточке."})
    return give_pairs(contest, code, [(entry.pk, expert.pk)], by=by, words=f"Работа № {entry.number} отдана эксперту {expert}")


@transaction.atomic
def take_away(review, *, by, reason):
    """One work back from an expert with a reason; a sheet that is in is voided by it. Twice is once."""
    open_contest(Contest(pk=review.entry.contest_id), by, "assign")
    review = Review.objects.select_for_update(of=("self",)).select_related("entry__contest", "expert__person").get(pk=review.pk)
    if review.state != GIVEN:
        return review
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему работу забирают."})
    had_sheet = is_in(review)
    take(review, reason=reason, by=by)
    record("take_away", review.entry.contest, f"Работа № {review.entry.number} взята у эксперта {review.expert}"
           f"{', сданный лист аннулирован' if had_sheet else ''}. {reason.strip()}", by=by)
    return review
