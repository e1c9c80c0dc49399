"""Verbs about experts of a contest: listed, invited, answered, changed, removed."""
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import may
from projectoffice.accounts.services.changing import lay_over, save_checked
from projectoffice.accounts.services.login import hash_of, new_token
from projectoffice.accounts.services.people import fingerprint, words_of
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import date_short

from ..expert import letters
from ..expert.words import nomination_words
from ..expert.workflow import ACCEPTED, DECLINED, INVITED, LISTED, OWN_ROW, REMOVED, TO_INVITE, demand_moment
from ..models import Expert, Nomination, Recusal, Review
from .door import open_contest
from .expert_door import lock_expert, open_expert, own, save
from .giving import take_from

CARD = ("most_entries", "is_arbiter")
# Written by verbs alone: no form asks for them.
UNASKED = ("nominations", "invited_at", "reminded_at", "answered_at")
MOST = 300
OUTDATED = "Ссылка больше не действует. Откройте последнее письмо или позвоните в офис."
KNOWS = "Эксперты не видят авторов в этом конкурсе, а организаторы видят: организатор здесь не оценивает."
# After a refusal an organiser may read what others marked.
CHANGED_MIND = "Вы отказались, и оценки этого конкурса для вас открыты. Если это ошибка, другой сотрудник офиса пригласит вас снова."
HAS_WORKS = "Вам уже назначены работы. Если оценить их не получится, позвоните в офис: мы найдём замену."


def mark_of(expert):
    """What a form of limit, nominations and arbiter was opened with, as one string."""
    expert.chosen = " ".join(map(str, sorted(expert.nominations.values_list("pk", flat=True))))
    return fingerprint(expert, (*CARD, "chosen"))


def own_nominations(contest, nominations):
    """Only those of this contest."""
    return list(Nomination.objects.filter(contest=contest, pk__in=[each.pk for each in nominations]))


def knows_authors(contest, person):
    """Who reads all entries as an organiser is no expert where authors are hidden from experts."""
    return contest.is_blind and may(person, "contests.see_scores")


def refuse_who_knows(contest, people):
    known = [str(person) for person in people if knows_authors(contest, person)]
    if known:
        raise ValidationError(f"{KNOWS} В списке: {', '.join(known[:5])}.")


@transaction.atomic
def list_experts(contest, *, by, people, nominations=(), **card):
    """Put people on the list of experts; who is there already stays as is, who was removed comes back. The new ones."""
    contest = open_contest(contest, by, "experts")
    if any(person.pk == by.pk for person in people):
        raise ValidationError(OWN_ROW)
    refuse_who_knows(contest, people)
    known = {expert.person_id: expert for expert in contest.experts.select_for_update(of=("self",))}
    if len(known) + len(people) > MOST:
        raise ValidationError(f"Экспертов в конкурсе – не больше {MOST}.")
    voters = set(contest.jury.filter(left_at__isnull=True).values_list("person", flat=True))
    chosen, new = own_nominations(contest, nominations), []
    for person in people:
        expert = known.get(person.pk)
        if person.pk in voters:
            raise ValidationError(f"{person.full_name} голосует в общественном жюри этого конкурса: сначала выведите из жюри.")
        if expert is None:
            expert = save_checked(Expert(contest=contest, person=person, **card), exclude=UNASKED)
            expert.nominations.set(chosen)
            known[person.pk] = expert
        elif expert.state == REMOVED:
            save(expert, state=LISTED, reason="")
        else:
            continue
        new.append(expert)
        record("list_expert", contest, f"В списке экспертов: {person}", by=by)
    return new


def list_expert(contest, *, by, person, **fields):
    """One person; see ``list_experts``."""
    return list_experts(contest, by=by, people=[person], **fields)


@transaction.atomic
def save_expert(expert, *, by, shown, nominations, **card):
    """Limit, nominations, arbiter only; StaleVersion when those are not what the form showed (``shown`` is its mark)."""
    expert, _ = open_expert(expert, by, "edit")
    mark = mark_of(expert)
    if mark != shown:
        raise StaleVersion(SimpleNamespace(version=mark, nominations=nomination_words(expert), **{name: getattr(expert, name) for name in CARD}))
    chosen = own_nominations(expert.contest, nominations)
    changes = lay_over(expert, card)
    other = set(expert.nominations.all()) != set(chosen)
    if not changes and not other:
        return expert
    if other:
        expert.nominations.set(chosen)
    expert.version += 1
    save_checked(expert, exclude=UNASKED)
    words = ", ".join(filter(None, [words_of(expert, changes) if changes else "", "номинации" if other else ""]))
    record("save_expert", expert.contest, f"Эксперт {expert}, изменено: {words}", by=by)
    return expert


# Invitations

@transaction.atomic
def invite(contest, shown, *, by):
    """Send the invitation, or a reminder of it, to exactly those who were shown: ``{pk: version}``. Who was written to.

    Who answered, was written to or changed since then is left out: pressed twice, sent once. Each letter has a link of
    its own; the one before it stops working.
    """
    contest = open_contest(contest, by, "invite")
    asked = [expert for expert in silent(contest, shown) if expert.person_id != by.pk]
    refuse_who_knows(contest, [expert.person for expert in asked])
    return [expert for expert in asked if write_to(expert, by=by)]


def silent(contest, shown):
    rows = contest.experts.filter(pk__in=shown, state__in=(*TO_INVITE, INVITED), person__is_active=True).exclude(person__email="")
    rows = rows.select_for_update(of=("self",)).select_related("person").order_by("pk")
    for expert in rows:
        if shown[expert.pk] == expert.version:
            expert.contest = contest
            yield expert


def write_to(expert, *, by):
    """One letter with a fresh link; part of a verb that holds the contest and the expert."""
    (token, token_hash), again = new_token(), expert.state == INVITED
    moment = demand_moment(expert, "invite")
    if again:
        save(expert, token_hash=token_hash, reminded_at=moment)
    else:
        save(expert, token_hash=token_hash, state=INVITED, invited_at=moment, reminded_at=None, answered_at=None, reason="")
    (letters.remind if again else letters.invite)(expert, token)
    record("invite_expert", expert.contest, f"{'Напоминание' if again else 'Приглашение'} эксперту: {expert}", by=by)
    return expert


@transaction.atomic
def answer(token, *, accepts, reason=""):
    """What the holder of the letter answers; the Expert. The same answer twice is one. TransitionNotAllowed for a dead link."""
    found = Expert.objects.filter(token_hash=hash_of(token)).first()
    if found is None:
        raise TransitionNotAllowed(OUTDATED)
    expert = lock_expert(found)
    if expert.token_hash != hash_of(token):
        raise TransitionNotAllowed(OUTDATED)
    return take_answer(expert, accepts=accepts, reason=reason, by=expert.person)


@transaction.atomic
def reply(expert, *, by, accepts, reason=""):
    """The same from the start page, by the expert in person."""
    own(expert, by)
    return take_answer(lock_expert(expert), accepts=accepts, reason=reason, by=by)


def take_answer(expert, *, accepts, reason, by):
    moment = demand_moment(expert, "answer")
    if accepts and expert.state == DECLINED and may(expert.person, "contests.see_scores"):
        raise TransitionNotAllowed(CHANGED_MIND)
    state, reason = (ACCEPTED if accepts else DECLINED), "" if accepts else reason.strip()
    if (expert.state, expert.reason) == (state, reason):
        return expert
    if accepts and knows_authors(expert.contest, expert.person):
        raise TransitionNotAllowed(KNOWS)
    if expert.state == ACCEPTED and Review.objects.filter(expert=expert, state=Review.State.GIVEN).exists():
        raise TransitionNotAllowed(HAS_WORKS)
    return note_answer(expert, state, reason, moment, by=by)


def note_answer(expert, state, reason, moment, *, by, source=""):
    save(expert, state=state, reason=reason[:500], answered_at=moment)
    words = "согласие" if state == ACCEPTED else f"отказ{': ' + reason if reason else ''}"
    record("answer_expert", expert.contest, f"Эксперт {expert} – ответ: {words}{source}", by=by)
    return expert


@transaction.atomic
def reply_for(expert, *, by, accepts, source, source_date, reason=""):
    """The office writes down what the expert said or wrote on paper: how it is known is kept in the history."""
    expert, moment = open_expert(expert, by, "reply_for")
    source = source.strip()
    if not source:
        raise ValidationError({"source": "Напишите, откуда это известно: звонок, письмо, приказ."})
    state, reason = (ACCEPTED if accepts else DECLINED), "" if accepts else reason.strip()
    if (expert.state, expert.reason) == (state, reason):
        return expert
    if accepts and knows_authors(expert.contest, expert.person):
        raise TransitionNotAllowed(KNOWS)
    if not accepts and Review.objects.filter(expert=expert, state=Review.State.GIVEN).exists():
        raise TransitionNotAllowed("У эксперта есть работы. Чтобы передать их другим, выведите эксперта из состава.")
    return note_answer(expert, state, reason, moment, by=by, source=f" (внесено офисом: {source}, {date_short(source_date)})")


# Removal

@transaction.atomic
def remove_expert(expert, *, by, reason, with_sheets=False):
    """Out of the panel with a reason; works not handed in go back to be given to others.

    What was handed in stays and counts, unless ``with_sheets``: then those sheets are voided with the reason and those
    works go to others too. Whoever was only listed leaves no row. Effects: history, a letter to whom was written before.
    """
    expert = lock_expert(expert)
    if expert.state == REMOVED:
        return expert
    expert, _ = open_expert(expert, by, "remove")
    record("remove_expert", expert.contest, f"Эксперт выведен из состава: {expert}. {reason}".strip(), by=by)
    if expert.state == LISTED and not (Recusal.objects.filter(expert=expert).exists() or Review.objects.filter(expert=expert).exists()):
        expert.nominations.clear()
        expert.delete()
        return None
    if not reason.strip():
        raise ValidationError({"reason": "Напишите причину: она останется в истории, эксперт прочтёт её в письме."})
    take_from(expert, reason=reason, by=by, with_sheets=with_sheets)
    written_to = expert.state in (INVITED, ACCEPTED)
    save(expert, state=REMOVED, reason=reason.strip()[:500], token_hash="")
    if written_to:
        letters.removed(expert)
    return expert


def bring_back(expert, *, by):
    """On the list again, to be invited anew."""
    return list_experts(expert.contest, by=by, people=[expert.person])


@transaction.atomic
def remind_silent(expert):
    """The portal's own reminder: once, while the contest goes on; whether a letter went."""
    expert = lock_expert(expert)
    if expert.state != INVITED or expert.reminded_at or not expert.person.email:
        return False
    return bool(write_to(expert, by=None))
