"""Verbs about control points that need no change of the passport: reached, dropped, taken back."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.history import record

from ..models import Milestone
from .door import open_project


def open_point(point, by):
    project = open_project(point.project, by)
    return project, Milestone.objects.select_for_update().get(pk=point.pk)


def save(point, *fields):
    point.version += 1
    point.save(update_fields=[*fields, "version"])
    return point


@transaction.atomic
def reach(point, *, by, on, evidence=""):
    """The point is reached on this day; told twice, the second word counts."""
    project, point = open_point(point, by)
    if on > timezone.localdate():
        raise ValidationError({"on": "Эта дата ещё не наступила."})
    if (point.reached_on, point.evidence, point.dropped_reason) == (on, evidence, ""):
        return point
    point.reached_on, point.evidence, point.dropped_reason = on, evidence, ""
    record("reach_point", project, f"Точка «{point.told_name}» достигнута {on:%d.%m.%Y}", by=by, changes={"evidence": evidence})
    return save(point, "reached_on", "evidence", "dropped_reason")


@transaction.atomic
def drop(point, *, by, reason):
    """The point is not waited for any more, and why."""
    project, point = open_point(point, by)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему точка снята."})
    if point.reached_on:
        raise ValidationError("Точка уже достигнута. Сначала отмените отметку.")
    if point.dropped_reason == reason.strip():
        return point
    point.dropped_reason = reason.strip()
    record("drop_point", project, f"Точка «{point.told_name}» снята: {point.dropped_reason}", by=by)
    return save(point, "dropped_reason")


@transaction.atomic
def take_back(point, *, by):
    """Neither reached nor dropped again."""
    project, point = open_point(point, by)
    if point.reached_on is None and not point.dropped_reason:
        return point
    point.reached_on, point.evidence, point.dropped_reason = None, "", ""
    record("take_back_point", project, f"Отметка о точке «{point.told_name}» отменена", by=by)
    return save(point, "reached_on", "evidence", "dropped_reason")
