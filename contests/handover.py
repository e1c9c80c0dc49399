"""What this app gives to «Передать дела»: entries a leaver began and has not brought to the end, a place among experts."""
from django.db.models import F

from projectoffice.accounts.handover import contributes
from projectoffice.common.history import record
from projectoffice.common.russian import full_stop

from .expert.workflow import HERE
from .models import Contest, Entry, Expert
from .services.expert import remove_expert

State = Entry.State
OPEN = (State.DRAFT, State.SUBMITTED, State.RETURNED, State.ADMITTED)


def begun_entries(person):
    return Entry.objects.filter(created_by=person, state__in=OPEN, contest__state=Contest.State.ANNOUNCED).order_by("pk")


def hand_over_entries(person, successor, by):
    """The successor keeps them from now on; authors stay authors. Contests are locked before their entries, as everywhere."""
    list(Contest.objects.filter(pk__in=begun_entries(person).values("contest")).select_for_update().order_by("pk"))
    rows = list(begun_entries(person).select_for_update(of=("self",)))
    for entry in rows:
        Entry.objects.filter(pk=entry.pk).update(created_by=successor, version=F("version") + 1)
        record("hand_over_entry", entry, full_stop(f"Заявку ведёт {successor} вместо: {person}") + " Дела переданы", by=by)
    return len(rows)


contributes("заявки на конкурс", count=lambda person: begun_entries(person).count(), hand_over=hand_over_entries)


def places_of_expert(person):
    return Expert.objects.filter(person=person, state__in=HERE, contest__state__in=[Contest.State.SETUP, Contest.State.ANNOUNCED]).order_by("pk")


def leave_the_experts(person, successor, by):
    """Nobody inherits the trust of an expert: works not handed in go back to the office, which gives them to others."""
    places = list(places_of_expert(person).select_related("contest"))
    for expert in places:
        remove_expert(expert, by=by, reason="Дела переданы")
    return len(places)


contributes("места в составе экспертов (работы вернутся в распределение)", count=lambda person: places_of_expert(person).count(),
            hand_over=leave_the_experts)
