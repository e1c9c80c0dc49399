"""Verbs about conflicts of interest: declared, lifted, found by the portal and decided by the office."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record

from ..expert.conflicts import Conflict, conflicts_of, declared_words, in_conflict, is_the_offices, what_of
from ..models import ConflictRuling, Entry, Recusal, Review
from ..sheet.workflow import refuse_scorers
from .expert_door import open_expert
from .giving import GIVEN, RECUSED, is_in, take, take_from

Ground = Recusal.Ground
OTHER_NOW = "Об этой работе тем временем уже решили, или конфликт стал другим. Посмотрите ещё раз."
NOT_TO_KEEP = "Оставить можно только сданный лист. Здесь работу передают другому эксперту."


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
    """Take away works whose expert came into conflict since they were given: a new post, a new partner. How many.

    What is in is never voided here, and a namesake keeps the work: both are closed to the expert at once, and the office
    finds them in its list and decides. Until then the results are not published.
    """
    contest = locked(contest)
    found = in_conflict(contest)
    asked = [pair for pair in found if is_the_offices(*pair)]
    taken = [pair for pair in found if not is_the_offices(*pair)]
    for review, why in taken:
        part(contest, lock(review), f"Конфликт интересов: {why.words}", None, f"{review.expert} – {why.words}")
    ask_the_office(contest, asked)
    return len(taken)


def lock(review):
    return Review.objects.select_for_update(of=("self",)).select_related("entry", "expert__person").get(pk=review.pk)


def part(contest, review, reason, by, words):
    """The work goes to another because of a conflict; part of a verb that holds the contest."""
    take(review, reason=reason, by=by, state=RECUSED)
    record("part_with_conflict", contest, f"Работа № {review.entry.number} передаётся другому: {words}", by=by)


def ask_the_office(contest, found):
    """Write down what the office is to decide, and take back the question where there is none any more."""
    Review.objects.to_decide().filter(entry__contest=contest).exclude(pk__in=[review.pk for review, _ in found]).update(conflict="")
    for review, why in found:
        if review.conflict == why.conflict:
            continue
        Review.objects.filter(pk=review.pk).update(conflict=why.conflict)
        record("ask_about_conflict", contest, f"Работа № {review.entry.number} закрыта для эксперта: {review.expert} – {why.words}. Решает офис", by=None)


# ── what the portal found, the office decides ─────────────────────────────────────────────────────────────

def open_ruling(expert, by):
    """Contest and expert, locked; whoever scores there decides nothing of other experts' works."""
    expert, moment = open_expert(expert, by, "rule")
    refuse_scorers(expert.contest, by)
    return expert, moment


@transaction.atomic
def decide_conflict(review, *, by, keeps, reason, shown):
    """What becomes of a work whose expert is in conflict with it; ``shown`` is the conflict the page told of.

    Kept, a sheet that is in counts, and a namesake scores on; otherwise the work goes to another and a sheet that is in
    is voided with the reason. The same twice is once; what another decided meanwhile stands.
    """
    expert, moment = open_ruling(review.expert, by)
    review, reason = lock(review), need(reason)
    ruling = ConflictRuling.objects.in_force().filter(expert=expert, entry=review.entry, conflict=shown).first()
    if keeps and ruling and review.state == GIVEN or not keeps and review.state == RECUSED:
        return review
    found = next((found for _, found in in_conflict(expert.contest, pk=review.pk)), None)
    if found is None or found.conflict != shown:
        raise TransitionNotAllowed(OTHER_NOW)
    if keeps:
        rule(expert, review.entry, shown, reason, by, moment, is_in=is_in(review))
    else:
        part(expert.contest, review, f"Конфликт интересов: {found.words}. {reason}", by, f"{expert} – {found.words}. {reason}")
    return review


@transaction.atomic
def rule_namesake(expert, entry, *, by, reason):
    """The author of this entry who has the expert's very name is somebody else; the ConflictRuling. Done twice is done once."""
    expert, moment = open_ruling(expert, by)
    reason = need(reason)
    known = ConflictRuling.objects.namesakes().filter(expert=expert, entry=entry).first()
    if known:
        return known
    if entry.contest_id != expert.contest_id or conflicts_of([expert], [entry])[expert.pk].get(entry.pk) != Conflict.NAMESAKE.label:
        raise TransitionNotAllowed("Эта работа закрыта для эксперта не из-за имени.")
    return rule(expert, entry, Conflict.NAMESAKE, reason, by, moment)


def rule(expert, entry, conflict, reason, by, moment, is_in=False):
    """Write the ruling down; what it is about is no question to the office any more."""
    if conflict == Conflict.DECLARED or conflict != Conflict.NAMESAKE and not is_in:
        raise TransitionNotAllowed(NOT_TO_KEEP)
    ruling = ConflictRuling.objects.create(expert=expert, entry=entry, conflict=conflict, reason=reason, by=person_of(by), at=moment)
    Review.objects.filter(expert=expert, entry=entry, conflict=conflict).update(conflict="")
    words = "однофамилец, не автор" if conflict == Conflict.NAMESAKE else f"{ruling}, сданный лист остаётся"
    record("rule_conflict", expert.contest, f"Решено о конфликте: {expert}, заявка № {entry.number} – {words}. {reason}", by=by)
    return ruling


@transaction.atomic
def withdraw_ruling(ruling, *, by, reason):
    """The ruling was wrong: the conflict stands again, the work is closed to the expert at once. Done twice is done once."""
    expert, moment = open_ruling(ruling.expert, by)
    ruling, reason = locked(ruling), need(reason)
    if ruling.withdrawn_at is None:
        ruling.withdrawn_at = moment
        ruling.save(update_fields=["withdrawn_at"])
        record("withdraw_ruling", expert.contest, f"Решение о конфликте отменено: {expert}, заявка № {ruling.entry.number} – {ruling}. {reason}", by=by)
        ask_the_office(expert.contest, [pair for pair in in_conflict(expert.contest) if is_the_offices(*pair)])
    return ruling


def need(reason):
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему так решили."})
    return reason.strip()[:500]
