"""What the job worker does for this app from time to time."""
from datetime import timedelta

from projectoffice.common.db import now
from projectoffice.common.duties import every

from .entry import letters
from .entry.workflow import TO_WRITE, deadline_of
from .models import Contest, Entry

BEFORE = timedelta(days=1)
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
