"""Verbs of the public jury: its closed list, a vote, an annulled vote."""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projectoffice.accounts.access import may, person_of
from projectoffice.common.db import locked, now
from projectoffice.common.history import record

from ..models import Contest, Expert, JuryMember, JuryVote
from ..tally.jury import open_to
from .door import open_contest

MOST = 500
TOO_MANY = "В номинации «{}» можно выбрать не больше {}. Снимите лишние отметки."
SCORES = "{} – в списке экспертов этого конкурса. Эксперты в общественном жюри не голосуют: сначала выведите из экспертов."
SEES = "{} видит свод оценок этого конкурса, поэтому в общественном жюри не голосует."
GONE = "Эту работу выбрать больше нельзя. Обновите страницу."


@transaction.atomic
def add_juror(contest, *, by, person):
    """Put a person on the closed list; who left comes back, who is there stays. The JuryMember."""
    contest = open_contest(contest, by, "jury")
    member = contest.jury.filter(person=person).first()
    if member and member.left_at is None:
        return member
    refuse_insider(contest, person)
    if contest.jury.filter(left_at__isnull=True).count() >= MOST:
        raise ValidationError(f"В жюри – не больше {MOST} человек.")
    if member:
        member.left_at = None
        member.save(update_fields=["left_at"])
    else:
        member = JuryMember.objects.create(contest=contest, person=person)
    record("add_juror", contest, f"В общественном жюри: {person}", by=by)
    return member


def refuse_insider(contest, person):
    """Who scores, or sees what others gave before the results, is no voice of the public."""
    if contest.experts.filter(person=person).exclude(state=Expert.State.REMOVED).exists():
        raise ValidationError({"person": SCORES.format(person.full_name)})
    if may(person, "contests.see_tally", contest):
        raise ValidationError({"person": SEES.format(person.full_name)})


@transaction.atomic
def remove_juror(member, *, by):
    """Take somebody off the list; votes given stay and count until they are annulled."""
    contest = open_contest(member.contest, by, "jury")
    member = locked(member)
    if member.left_at is None:
        member.left_at = now()
        member.save(update_fields=["left_at"])
        record("remove_juror", contest, f"Выведен из общественного жюри: {member}", by=by)
    return member


@transaction.atomic
def vote(member, *, by, entries):
    """Give a vote to each of these works; the new votes. Given twice is given once; a vote is never changed.

    The contest is locked, so that who votes at the same moment from many windows has no more votes than one window.
    """
    contest = open_contest(Contest(pk=member.contest_id), by, "vote")
    if member.person_id != by.pk or member.contest_id != contest.pk:
        raise PermissionDenied
    spent = dict(JuryVote.objects.filter(member=member).values_list("entry", "entry__nomination"))
    wanted = [pk for pk in dict.fromkeys(each.pk for each in entries) if pk not in spent]
    chosen = list(open_to(member).filter(pk__in=wanted).select_related("nomination").order_by("pk"))
    if len(chosen) < len(wanted):
        raise ValidationError(GONE)
    refuse_too_many(contest, chosen, spent)
    moment = now()
    return [JuryVote.objects.create(member=member, entry=entry, at=moment) for entry in chosen]


def refuse_too_many(contest, chosen, spent):
    for nomination in {each.nomination for each in chosen}:
        before = sum(of == nomination.pk for of in spent.values())
        now_chosen = sum(each.nomination_id == nomination.pk for each in chosen)
        if before + now_chosen > contest.votes_each:
            raise ValidationError(TOO_MANY.format(nomination, contest.votes_each))


@transaction.atomic
def annul_vote(vote, *, by, reason):
    """Take a vote out of the count, with the reason; it stays in the log and in the protocol. Done twice is done once."""
    contest = open_contest(vote.member.contest, by, "annul")
    vote = locked(vote)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему голос аннулирован."})
    if vote.annulled_at is None:
        vote.annulled_at, vote.annulled_by, vote.annul_reason = now(), person_of(by), reason.strip()
        vote.save(update_fields=["annulled_at", "annulled_by", "annul_reason"])
        record("annul_vote", contest, f"Аннулирован голос общественного жюри: {vote.member}. Причина: {vote.annul_reason}", by=by)
    return vote
