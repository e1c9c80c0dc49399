"""The door every change of an expert goes through: the contest first, then the expert."""
from django.core.exceptions import PermissionDenied

from projectoffice.common.db import locked

from ..expert.workflow import demand
from ..models import Contest, Expert


def lock_expert(expert):
    """The expert and the contest, locked and freshly read."""
    contest = locked(Contest(pk=expert.contest_id))
    expert = Expert.objects.select_for_update(of=("self",)).select_related("person").get(pk=expert.pk)
    expert.contest = contest
    return expert


def open_expert(expert, by, verb):
    """Lock contest and expert and answer that this person may do this now; the locked expert and the moment asked at."""
    expert = lock_expert(expert)
    return expert, demand(expert, verb, by)


def save(expert, **values):
    """Store these fields with one step of the version."""
    for name, value in values.items():
        setattr(expert, name, value)
    expert.version += 1
    expert.save(update_fields=[*values, "version"])
    return expert


def own(expert, by):
    """Nobody answers for another by an address typed by hand."""
    if expert.person_id != by.pk:
        raise PermissionDenied
