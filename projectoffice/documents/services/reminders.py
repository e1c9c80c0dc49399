"""Reminders to those who keep a document waiting: one letter per person and day, none after they have acted."""
from collections import defaultdict
from datetime import timedelta

from django.utils import timezone

from projectoffice.accounts.models import Substitution
from projectoffice.common.duties import daily

from .. import letters, route
from ..models import Document, Stamp

WAIT_DAYS = 3


@daily(hour=8)
def remind_of_waiting_documents():
    """Write to everybody whose decision is waited for longer than ``WAIT_DAYS`` days; returns the number of people."""
    waiting = late_by_person(timezone.now() - timedelta(days=WAIT_DAYS))
    for person, documents in waiting.items():
        letters.reminder(person, documents, timezone.localdate())
    return len(waiting)


def late_by_person(latest):
    """``{person: [(document, since)]}``: open electronic stamps that have waited since ``latest`` or longer.

    Who acts for an absent signer today is reminded in the signer's place.
    """
    acting = {s.absent_id: s.acting for s in Substitution.objects.current().select_related("acting")}
    late = defaultdict(dict)
    for document in route.with_route(Document.objects.filter(state=Document.State.IN_APPROVAL)):
        since = route.open_since(document)
        if since > latest:
            continue
        for stamp in route.open_stamps(document):
            if stamp.signer and stamp.method == Stamp.Method.ELECTRONIC:
                late[acting.get(stamp.signer_id, stamp.signer)][document.pk] = (document, since)
    return {person: list(documents.values()) for person, documents in late.items()}
