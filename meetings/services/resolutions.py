"""Decisions of a question: written as one types, ordered, turned into charges by naming who does them."""
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projectoffice.accounts.models import Institution
from projectoffice.common.history import record

from ..minutes import typed
from ..models import Resolution
from .door import open_meeting
from .outcomes import settle
from .saving import save, touch

MOST_DECISIONS = 100


@transaction.atomic
def add_resolution(item, *, by, uid=None):
    """An empty decision below the others; ``uid`` given by the page makes the same one sent twice one."""
    meeting = open_meeting(item.meeting, by, "minutes")
    known = Resolution.objects.filter(uid=uid).first() if uid else None
    if known:
        if known.item_id != item.pk:
            raise ValidationError("Такое решение уже есть у другого вопроса. Обновите страницу.")
        return known
    count = item.resolutions.present().count()
    if count >= MOST_DECISIONS:
        raise ValidationError(f"У вопроса помещается не больше {MOST_DECISIONS} решений.")
    resolution = Resolution(item=item, uid=uid or uuid.uuid4(), position=count + 1, version=0)
    touch(resolution, by)
    record("add_resolution", meeting, "Новое решение", by=by, changes={"row": str(resolution.uid)})
    return resolution


@transaction.atomic
def save_resolution(resolution, field, value, *, version, by, base=None):
    """Save one field of a decision (``typed.RESOLUTION``); naming who does it makes it a charge.

    Filling in a decision makes its question considered. Raises as ``outcomes.save_field`` does.
    """
    meeting = open_meeting(resolution.item.meeting, by, "minutes")
    resolution = fresh(resolution)
    changed = save(resolution, typed.RESOLUTION, field, value, version=version, base=base, by=by, meeting=meeting)
    if changed and field == "text":
        settle(resolution.item, by)
    return resolution


@transaction.atomic
def choose_institutions(resolution, *, by, on=(), off=()):
    """Tick and untick institutions of a charge; two people who tick different ones do not disturb each other."""
    meeting = open_meeting(resolution.item.meeting, by, "minutes")
    resolution = fresh(resolution)
    now = set(resolution.institutions.values_list("pk", flat=True))
    wanted = (now | set(Institution.objects.open().filter(pk__in=on).values_list("pk", flat=True))) - set(off)
    if wanted == now:
        return resolution
    resolution.institutions.set(wanted)
    touch(resolution, by)
    record("choose_institutions", meeting, f"Учреждений в поручении: {len(wanted)}", by=by,
           changes={"row": str(resolution.uid), "on": sorted(wanted - now), "off": sorted(now - wanted)})
    return resolution


@transaction.atomic
def remove_resolution(resolution, *, by):
    """The decision leaves the question, the ones below move up; removed twice, it is removed."""
    meeting = open_meeting(resolution.item.meeting, by, "minutes")
    resolution = fresh(resolution)
    place = resolution.position
    if place is None:
        return resolution
    resolution.position = None
    touch(resolution, by)
    resolution.item.resolutions.filter(position__gt=place).update(position=F("position") - 1)
    settle(resolution.item, by)
    record("remove_resolution", meeting, "Удалено решение", by=by,
           changes={"row": str(resolution.uid), "place": place, "text": resolution.text})
    return resolution


@transaction.atomic
def return_resolution(resolution, *, by, position=None):
    """A removed decision is back at its place, or last."""
    meeting = open_meeting(resolution.item.meeting, by, "minutes")
    resolution = fresh(resolution)
    if resolution.position is not None:
        return resolution
    others = resolution.item.resolutions.present()
    place = within(position, others.count() + 1)
    others.filter(position__gte=place).update(position=F("position") + 1)
    resolution.position = place
    touch(resolution, by)
    settle(resolution.item, by)
    record("return_resolution", meeting, "Возвращено решение", by=by,
           changes={"row": str(resolution.uid)})
    return resolution


@transaction.atomic
def move_resolution(resolution, *, by, position):
    """The decision takes this place among those of its question; past the ends it stays at the end."""
    meeting = open_meeting(resolution.item.meeting, by, "minutes")
    resolution = fresh(resolution)
    before = resolution.position
    others = resolution.item.resolutions.present().exclude(pk=resolution.pk)
    place = within(position, others.count() + 1)
    if before is None or place == before:
        return resolution
    if place < before:
        others.filter(position__gte=place, position__lt=before).update(position=F("position") + 1)
    else:
        others.filter(position__gt=before, position__lte=place).update(position=F("position") - 1)
    resolution.position = place
    touch(resolution, by)
    record("move_resolution", meeting, "Изменён порядок решений", by=by,
           changes={"row": str(resolution.uid), "before": before, "after": place})
    return resolution


def fresh(resolution):
    return Resolution.objects.select_related("item__meeting", "changed_by", "executor", "controller").get(pk=resolution.pk)


def within(position, last):
    return max(1, min(position or last, last))
