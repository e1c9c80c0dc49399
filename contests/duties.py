"""What the job worker does for this app from time to time."""
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from projectoffice.common.db import now
from projectoffice.common.duties import daily, days_to_tell, every
from projectoffice.common.models import OutgoingMail

from .entry import letters
from .entry.workflow import TO_WRITE, deadline_of
from .models import Contest, ContestStage, Entry, Expert, JuryMember
from .services.expert import remind_silent
from .services.recusal import part_with_conflicts
from .services.tally import send
from .tally import letters as jury_letters
from .tally.progress import office_day, to_remind

BEFORE = timedelta(days=1)
DAYS_LEFT = (3, 1)  # days before the end of a round on which experts are reminded
AFTER = timedelta(days=3)  # days the worker may have been off and still tell that the term is over


def unsent():
    """Entries that wait to be sent, with when that ends."""
    found = Entry.objects.filter(state__in=TO_WRITE, contest__state=Contest.State.ANNOUNCED).select_related("contest", "created_by")
    for entry in found.prefetch_related("contest__stages").order_by("pk"):
        if moment := deadline_of(entry):
            yield entry, moment


@every(minutes=30)
def remind_of_unsent_entries():
    """A day before the last moment, and kindly once it has passed: one letter each to who began it and the contact."""
    at = now()
    told = 0
    for entry, moment in unsent():
        soon, late = at <= moment <= at + BEFORE, moment < at <= moment + AFTER
        if soon or late:
            for address, person in letters.addresses_of(entry).items():
                (letters.remind if soon else letters.too_late)(entry, moment, person, address)
                told += 1
    return told


SILENT = timedelta(days=3)


@daily(hour=10)
def remind_silent_experts():
    """Once, to whoever has not answered the invitation for three days while the contest goes on; how many letters."""
    silent = Expert.objects.filter(state=Expert.State.INVITED, reminded_at__isnull=True, invited_at__lte=now() - SILENT, person__is_active=True,
                                   contest__state=Contest.State.ANNOUNCED).select_related("contest").order_by("pk")
    return sum(remind_silent(expert) for expert in silent)


@every(minutes=30)
def take_works_from_experts_in_conflict():
    """A new post or a changed entry makes a conflict of what was none when the works were given; how many were taken."""
    return sum(part_with_conflicts(contest) for contest in Contest.objects.filter(state=Contest.State.ANNOUNCED).order_by("pk"))


@daily(hour=8)
def remind_late_experts():
    """Three days and a day before a round ends: one letter to each expert whose sheets are still awaited."""
    days = days_to_tell(remind_late_experts, office_day())
    ends = {day + timedelta(days=left) for day in days for left in DAYS_LEFT}
    found = Contest.objects.filter(state=Contest.State.ANNOUNCED, stages__ends_at__date__in=ends)
    late = [(contest, each) for contest in found.distinct().prefetch_related("stages") for each in to_remind(contest)]
    return sum(send(contest, [each]) for contest, each in late if each.ends_at and timezone.localtime(each.ends_at).date() in ends)


@every(minutes=30)
def tell_jurors():
    """When the public jury may vote, and a day before the end to who gave no vote: each letter once; how many were written."""
    at = now()
    windows = ContestStage.objects.filter(kind=ContestStage.Kind.JURY, starts_at__lte=at, ends_at__gte=at, contest__state=Contest.State.ANNOUNCED)
    return sum(tell_jury(window, at) for window in windows.order_by("pk"))


def tell_jury(window, at):
    members = JuryMember.objects.filter(contest=window.contest_id, left_at__isnull=True, person__is_active=True).exclude(person__email="")
    members = list(members.select_related("person", "contest").annotate(given=Count("votes")).order_by("pk"))
    due = [(jury_letters.opened_key(each), jury_letters.voting_opened, each) for each in members]
    if window.ends_at - at <= BEFORE:
        due += [(jury_letters.ends_key(each), jury_letters.voting_ends, each) for each in members if not each.given]
    told = set(OutgoingMail.objects.filter(key__in=[key for key, *_ in due]).values_list("key", flat=True))
    fresh = [(write, member) for key, write, member in due if key not in told]
    for write, member in fresh:
        write(member, window)
    return len(fresh)
