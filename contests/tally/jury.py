"""The public jury: what a member may still choose, who voted, and – once the window is over – how the votes fell."""
import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Q

from projectoffice.accounts.access import may
from projectoffice.common.db import now

from ..contest.workflow import RUNS, can, refusal, stages_of
from ..models import Entry, EntrySubmission, JuryMember, JuryVote, Recusal
from ..sheet.blind import read_work
from .board import voting_is_over

MOST_LOG = 1000


def own_order(member, entries):
    """The works as this member meets them: shuffled anew for each, and the same at every visit."""
    return sorted(entries, key=lambda entry: hashlib.sha256(f"{member.pk}:{entry.uid}".encode()).digest())


def open_to(member):
    """Works this member may choose: judged, and none of the own institution, of one's own pen, or declared too close."""
    return Entry.objects.taken_part().filter(contest=member.contest_id).exclude(pk__in=Recusal.objects.entries_of(member.person))


@dataclass(frozen=True)
class Ballot:
    """A nomination as a member meets it: its works, those chosen already, how many votes are left."""

    nomination: object
    entries: list
    chosen: set
    left: int

    @property
    def rows(self):
        return [(entry, entry.pk in self.chosen) for entry in self.entries]


def ballots(member, contest):
    """``[Ballot]`` of the nominations; an annulled vote is spent and its work is not offered again."""
    votes = dict(JuryVote.objects.filter(member=member).values_list("entry", "entry__nomination"))
    found = open_to(member).select_related("nomination", "institution").prefetch_related("submissions")
    entries = list(found)
    result = []
    for nomination in contest.nominations.all():
        own = [entry for entry in entries if entry.nomination_id == nomination.pk]
        spent = {entry for entry, of in votes.items() if of == nomination.pk}
        left = min(contest.votes_each - len(spent), len([entry for entry in own if entry.pk not in spent]))
        if own:
            result.append(Ballot(nomination, own_order(member, own), spent, max(left, 0)))
    return result


def votes_left(member, contest):
    return sum(ballot.left for ballot in ballots(member, contest))


def told_of(entry, is_blind):
    """``(title, [(question, answer)])`` as a member reads them; where authors are hidden, as covered as for the experts."""
    last: EntrySubmission | None = next(iter(entry.submissions.all()), None)
    if last is None:
        return entry.title, []
    work = read_work(last.snapshot, entry.number, blind=is_blind)
    return work.title, [(each["label"], each["text"]) for each in work.answers if each["text"]]


# The office

def votes_of(members):
    """Votes of these members, as the log tells them."""
    return JuryVote.objects.filter(member__in=members).select_related("member__contest", "member__person", "entry", "annulled_by")


class JuryPage:
    """Members, who of them voted, the log; for whom stays hidden from everybody until the window is over."""

    def __init__(self, contest, user):
        self.contest, self.moment = contest, now()
        self.may_change = can(contest, "jury", user, self.moment)
        self.may_annul = can(contest, "annul", user, self.moment)
        self.is_over = voting_is_over(contest)
        self.stage = stages_of(contest).get("jury")
        self.closed = refusal(contest, "jury", self.moment)
        self.runs = may(user, RUNS)
        self.user = user

    @cached_property
    def members(self):
        votes = Count("votes", filter=Q(votes__annulled_at__isnull=True))
        return list(JuryMember.objects.visible_to(self.user).filter(contest=self.contest).select_related("person").annotate(
            given=votes).order_by("person__surname", "person__given_name", "pk"))

    @property
    def here(self):
        return [each for each in self.members if each.left_at is None]

    @property
    def gone(self):
        return [each for each in self.members if each.left_at is not None]

    @property
    def voted(self):
        return sum(each.given > 0 for each in self.members)

    @cached_property
    def log(self):
        """Every vote in the order of time, the newest first."""
        return list(votes_of(JuryMember.objects.visible_to(self.user).filter(contest=self.contest)).order_by("-at", "-pk")[:MOST_LOG])


@dataclass(frozen=True)
class Counted:
    """The votes of a nomination as the protocol tells them."""

    nomination: object
    voters: int
    rows: list  # (Entry, votes)
    annulled: list  # JuryVote


def counted_votes(contest):
    """``[Counted]`` for results and protocol; empty while the window is not over."""
    if not voting_is_over(contest):
        return []
    found = list(JuryVote.objects.filter(entry__contest=contest).select_related("entry", "member__person"))
    entries = list(Entry.objects.taken_part().filter(contest=contest).select_related("institution"))
    return [counted_in(nomination, entries, [each for each in found if each.entry.nomination_id == nomination.pk])
            for nomination in contest.nominations.all()]


def counted_in(nomination, entries, votes):
    valid = [each for each in votes if each.annulled_at is None]
    rows = [(entry, sum(each.entry_id == entry.pk for each in valid)) for entry in entries if entry.nomination_id == nomination.pk]
    rows.sort(key=lambda pair: (-pair[1], pair[0].number))
    return Counted(nomination, len({each.member_id for each in valid}), rows, [each for each in votes if each.annulled_at])
