"""Verbs about conflicts of interest: declared, lifted, found by the portal."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of
from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..expert.conflicts import declared_words, in_conflict, what_of
from ..models import Entry, Recusal, Review
from .expert_door import open_expert
from .giving import RECUSED, take, take_from

Ground = Recusal.Ground


@transaction.atomic
def declare_conflict(expert, *, by, ground, words="", entry=None, institution=None):
    """An expert must not meet this entry, or any entry of this institution; the Recusal. Declared twice is declared once.

    Effects: those works are taken from the expert at once, whatever was marked; sheets that are in are voided with the
    reason; history.
    """
    expert, moment = open_expert(expert, by, "declare")
    words = words.strip()
    if ground == Ground.OTHER and not words:
        raise ValidationError({"words": "Напишите причину."})
    if entry is not None and entry.contest_id != expert.contest_id:
        raise ValidationError({"number": "Заявки с таким номером в конкурсе нет."})
    known = Recusal.objects.in_force().filter(expert=expert, entry=entry, institution=institution).first()
    if known:
        return known
    recusal = Recusal.objects.create(expert=expert, entry=entry, institution=institution, ground=ground, words=words[:500], by=person_of(by),
                                     at=moment)
    reason = f"Конфликт интересов: {declared_words(recusal)}"
    barred = Entry.objects.filter(pk=entry.pk) if entry else Entry.objects.tied_to(institution).filter(contest=expert.contest_id)
    take_from(expert, entries=barred, reason=reason, by=by, with_sheets=True, state=RECUSED)
    record("declare_conflict", expert.contest, f"Конфликт интересов: {expert} – {what_of(recusal, with_title=False)}. {declared_words(recusal)}", by=by)
    return recusal


@transaction.atomic
def lift_conflict(recusal, *, by, reason):
    """It was none, or is none any more. Works taken by it do not come back by themselves."""
    expert, moment = open_expert(recusal.expert, by, "lift")
    recusal = locked(recusal)
    if recusal.lifted_at:
        return recusal
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему конфликта нет."})
    recusal.lifted_at = moment
    recusal.save(update_fields=["lifted_at"])
    record("lift_conflict", expert.contest, f"Конфликт снят: {expert} – {what_of(recusal, with_title=False)}. {reason.strip()}", by=by)
    return recusal


@transaction.atomic
def part_with_conflicts(contest):
    """Take away works whose expert came into conflict since they were given: a new post, a new partner. How many."""
    contest = locked(contest)
    found = in_conflict(contest)
    for review, why in found:
        take(Review.objects.select_for_update(of=("self",)).get(pk=review.pk), reason=f"Конфликт интересов: {why}", by=None, state=RECUSED)
        record("part_with_conflict", contest, f"Работа № {review.entry.number} передаётся другому: {review.expert} – {why}", by=None)
    return len(found)
