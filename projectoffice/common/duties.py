"""Periodic duties: what must be done every day or every few minutes, whoever is at work.

``@daily(hour=6)`` or ``@every(minutes=10)`` on a function without arguments in a module that
``AppConfig.ready`` imports. The job worker asks for what is due. Each duty runs in a transaction of its own under
an advisory lock, so two workers do it once; when it last ran is a row, so a restart neither repeats
nor forgets it. One that fails is rolled back, logged and tried again a little later; the others go on.
"""
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from .db import now as database_now
from .models import DutyRun

LOCKS = 0x504F01  # the family of our advisory locks; the second half is the hash of the duty's name
AGAIN_AFTER = timedelta(minutes=10)
logger = logging.getLogger(__name__)
_duties: dict[str, "Duty"] = {}


@dataclass(frozen=True)
class Duty:
    """A function and when it is due again after it last went well."""

    name: str
    run: Callable
    due_after: Callable[[datetime, datetime], bool]

    def is_due(self, row, moment):
        if row.failed_at and row.failed_at > (row.done_at or row.failed_at - AGAIN_AFTER):
            return moment >= row.failed_at + AGAIN_AFTER
        return row.done_at is None or self.due_after(row.done_at, moment)


def daily(hour=3):
    """Once a day, at this hour of the office or as soon after it as somebody is at work."""

    def due_after(done_at, moment):
        local = timezone.localtime(moment)
        latest = timezone.make_aware(datetime.combine(local.date(), time(hour)))
        if latest > moment:
            latest -= timedelta(days=1)
        return done_at < latest

    return _add(due_after)


def every(*, minutes):
    """Again and again, this many minutes after the last time."""
    return _add(lambda done_at, moment: moment >= done_at + timedelta(minutes=minutes))


def days_to_tell(duty, day, longest=7):
    """This day, and those since the last time of this daily duty on which nobody was at work, a week at most."""
    last = DutyRun.objects.filter(name=f"{duty.__module__}.{duty.__name__}", done_at__isnull=False).first()
    missed = (day - timezone.localtime(last.done_at).date()).days if last else 1
    return [day - timedelta(days=back) for back in range(min(max(missed, 1), longest))]


def _add(due_after):
    def register(run):
        name = f"{run.__module__}.{run.__name__}"
        _duties[name] = Duty(name, run, due_after)
        return run

    return register


def run_due(moment=None, stopping=lambda: False):
    """Do every duty that is due; returns the names of those that went well. Never raises for a duty's fault."""
    moment = moment or database_now()
    done = []
    for duty in list(_duties.values()):
        if stopping():
            break
        try:
            if run_one(duty, moment):
                done.append(duty.name)
        except Exception as error:
            logger.exception("Duty %s failed.", duty.name)
            remember_failure(duty, moment, error)
    return done


@transaction.atomic
def run_one(duty, moment):
    """Run one duty if it is due and nobody else is at it; whether it ran."""
    if not alone(duty.name):
        return False
    row, _ = DutyRun.objects.get_or_create(name=duty.name)
    if not duty.is_due(row, moment):
        return False
    result = duty.run()
    DutyRun.objects.filter(pk=row.pk).update(done_at=moment, failed_at=None, note=str(result if result is not None else "")[:500])
    return True


def alone(name):
    """Whether this transaction holds the lock of the duty; it ends with the transaction, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCKS, name])
        return cursor.fetchone()[0]


def remember_failure(duty, moment, error):
    DutyRun.objects.update_or_create(
        name=duty.name, defaults={"failed_at": moment, "note": f"{type(error).__name__}: {error}"[:500]}
    )
