"""What this app gives to «Передать дела»: entries a leaver began and has not brought to the end."""
from django.db.models import F

from projectoffice.accounts.handover import contributes
from projectoffice.common.history import record

from .models import Contest, Entry

State = Entry.State
OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ADMITTED)


def begun_entries(person):
    return Entry.objects.filter(created_by=person, state__in=OPEN, contest__state=Contest.State.ANNOUNCED).order_by("pk")


def hand_over_entries(person, successor, by):
    """The successor keeps them from now on; authors stay authors."""
    rows = list(begun_entries(person).select_for_update(of=("self",)))
    for entry in rows:
        Entry.objects.filter(pk=entry.pk).update(created_by=successor, version=F("version") + 1)
        record("hand_over_entry", entry, f"Заявку ведёт {successor} вместо: {person}. Дела переданы", by=by)
    return len(rows)


contributes("заявки на конкурс", count=lambda person: begun_entries(person).count(), hand_over=hand_over_entries)
