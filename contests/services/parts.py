"""What the verbs about the parts of a contest share: a place in the order, a change told to the history, a removal."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projectoffice.accounts.services.changing import lay_over, save_checked
from projectoffice.accounts.services.people import refuse_if_changed, words_of
from projectoffice.common.db import locked
from projectoffice.common.history import record
from projectoffice.common.russian import quoted

from .door import open_contest

MOST_PARTS = 100


def step(contest, *fields):
    """Save these fields and one step of the version."""
    contest.version += 1
    contest.save(update_fields=[*fields, "version"])
    return contest


def add_part(row, siblings, contest, what, *, by):
    """Store a new row at the end of its ``siblings``; part of a verb that went through the door."""
    if siblings.count() >= MOST_PARTS:
        raise ValidationError(f"Больше {MOST_PARTS} здесь не помещается.")
    row.position = (siblings.aggregate(last=Max("position"))["last"] or 0) + 1
    save_checked(row)
    step(contest)
    record(f"add_{row._meta.model_name}", contest, f"{what}: {quoted(row)}", by=by)
    return row


def save_part(row, contest, fields, what, *, by, shown):
    """Lay these fields over the row; StaleVersion when it is not what the form showed."""
    row = locked(row)
    refuse_if_changed(row, shown)
    changes = lay_over(row, fields)
    if changes:
        save_checked(row)
        step(contest)
        record(f"save_{row._meta.model_name}", contest, f"{what} {quoted(row)}, изменено: {words_of(row, changes)}", by=by, changes=changes)
    return row


@transaction.atomic
def remove_part(row, contest, what, *, by):
    """Take a row out with all that hangs on it. Sent twice is done once."""
    contest = open_contest(contest, by)
    gone = type(row)._base_manager.filter(pk=row.pk).first()
    if gone:
        record(f"remove_{row._meta.model_name}", contest, f"{what}: {quoted(gone)}", by=by)
        gone.delete()
        step(contest)
    return contest


@transaction.atomic
def move_part(row, siblings, contest, *, by, up):
    """One place up or down among ``siblings``; places become 1, 2, 3 …"""
    contest = open_contest(contest, by)
    rows = list(siblings.order_by("position", "pk"))
    now = next((index for index, each in enumerate(rows) if each.pk == row.pk), None)
    if now is None:
        return contest
    target = max(0, min(now + (-1 if up else 1), len(rows) - 1))
    if target != now:
        rows.insert(target, rows.pop(now))
        step(contest)
        record(f"move_{row._meta.model_name}", contest, f"Изменён порядок: {quoted(row)}", by=by)
    for position, each in enumerate(rows, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])
    return contest
