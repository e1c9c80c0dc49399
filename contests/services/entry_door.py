"""The door every change of an entry goes through: the contest first, then the entry."""
from projectoffice.common.db import locked

from ..entry.workflow import demand
from ..models import Contest, Entry


def lock_entry(entry):
    """The entry and its contest, locked and freshly read."""
    contest = locked(Contest(pk=entry.contest_id))
    entry = locked(entry)
    entry.contest = contest
    return entry


def open_entry(entry, by, verb):
    """Lock contest and entry and answer that this person may do this to it now; the locked entry and the moment asked at.

    Raises PermissionDenied or TransitionNotAllowed. The clock is read once the locks are held.
    """
    entry = lock_entry(entry)
    return entry, demand(entry, verb, by)


def open_for_writing(entry, by, verb="write"):
    """Lock the entry alone: teams that type do not wait for each other."""
    entry = Entry.objects.select_related("contest", "nomination", "institution").select_for_update(of=("self",)).get(pk=entry.pk)
    demand(entry, verb, by)
    return entry


def save(entry, **values):
    """Store these fields with one step of the version."""
    for name, value in values.items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save(update_fields=[*values, "version"])
    return entry
