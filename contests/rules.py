import rules

from portfolios.models.project import institutions_of
from projectoffice.accounts.access import is_head, is_office

from .models import Contest, Entry, Expert, JuryMember, Review


def contest_of(obj):
    """The contest a right is asked about: itself or the one its part belongs to; None for the question in general."""
    return obj if isinstance(obj, Contest) or obj is None else obj.contest


@rules.predicate
def writes_entry(user, obj):
    """Of the team of this entry; asked about a contest: whoever works in an institution; asked in general: anybody."""
    if isinstance(obj, Contest):
        return institutions_of(user).exists()
    return obj is None or isinstance(obj, Entry) and Entry.objects.of_team(user).filter(pk=obj.pk).exists()


@rules.predicate
def is_expert(user, obj):
    """An expert who accepted, in this contest; asked in general: in any."""
    found = user.expert_in.filter(state="accepted")
    contest = contest_of(obj)
    return found.filter(contest=contest).exists() if contest else found.exists()


@rules.predicate
def is_this_expert(user, obj):
    """The very person this row of a contest's experts is about."""
    return isinstance(obj, Expert) and obj.person_id == user.pk


@rules.predicate
def scores_this(user, obj):
    """The very expert an entry was given to; never who stands in for that person, and nobody in general."""
    return isinstance(obj, Review) and obj.expert.person_id == user.pk and obj.expert.state == Expert.State.ACCEPTED


@rules.predicate
def is_juror(user, obj):
    """A member of the public jury of this contest; asked in general: of any."""
    found = JuryMember.objects.filter(person=user.pk, left_at__isnull=True)
    contest = contest_of(obj)
    return found.filter(contest=contest).exists() if contest else found.exists()


@rules.predicate
def scores_here(user, obj):
    """Who scores in this contest while it goes on learns of others by the rules of experts; asked in general: no."""
    contest = contest_of(obj)
    return contest is not None and contest.state == Contest.State.ANNOUNCED and user.expert_in.scorers().filter(contest=contest).exists()


rules.add_perm("contests.run_contests", is_office)
rules.add_perm("contests.see_scores", is_office | is_head)
rules.add_perm("contests.see_tally", (is_office | is_head) & ~scores_here)
rules.add_perm("contests.write_entry", is_office | writes_entry)
rules.add_perm("contests.score", is_expert)
rules.add_perm("contests.declare_conflict", is_office | is_this_expert)
rules.add_perm("contests.fill_sheet", scores_this)
rules.add_perm("contests.vote", is_juror)
