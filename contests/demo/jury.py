"""Demonstration of the public jury: its members in the contests that are scored, last year's votes and one annulled."""
from datetime import timedelta

from projectoffice.accounts.models import User
from projectoffice.common.history import record, told_at

from ..models import Contest, ContestStage, JuryMember, JuryVote
from ..tally.jury import open_to

MEMBERS = 7
LOGIN = "shkola12"


def create():
    """Members for both contests; where the window is over, votes as they fell."""
    office = User.objects.get(username="sekretar")
    for contest in Contest.objects.filter(stages__kind=ContestStage.Kind.JURY).exclude(state=Contest.State.SETUP).order_by("pk"):
        people = members_for(contest)
        members = [JuryMember.objects.create(contest=contest, person=person) for person in people]
        with told_at(contest.announced_at):
            record("add_juror", contest, f"Состав общественного жюри: {len(members)}", by=office)
        if contest.state == Contest.State.FINISHED:
            vote(contest, members, office)


def members_for(contest):
    """People without a part in the office, a login of the demonstration first; works of the own institution are not offered to them."""
    free = User.objects.active().exclude(expert_in__contest=contest)
    own = list(free.filter(username=LOGIN))
    return own + list(free.filter(username__isnull=True, role_assignments__isnull=True).order_by("pk")[:MEMBERS - len(own)])


def vote(contest, members, office):
    """Each chose one work a nomination, some the same; the last vote was annulled."""
    window = contest.stages.get(kind=ContestStage.Kind.JURY)
    step = (window.ends_at - window.starts_at) / (len(members) + 1)
    given = []
    for place, member in enumerate(members[:-1], start=1):
        for nomination in contest.nominations.all():
            entries = list(open_to(member).filter(nomination=nomination).order_by("number"))
            if entries:
                given.append(JuryVote.objects.create(member=member, entry=entries[place * place % len(entries)], at=window.starts_at + step * place))
    if given:
        last = given[-1]
        last.annulled_at, last.annulled_by, last.annul_reason = last.at + timedelta(days=1), office, "Член жюри – автор одной из работ"
        last.save()
        with told_at(last.annulled_at):
            record("annul_vote", contest, f"Аннулирован голос общественного жюри: {last.member}", by=office)
