"""Reminders of progress reports: to those alone who have not sent, at most one a day about a period."""
from collections import defaultdict
from datetime import timedelta

from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.db import locked, now
from projectoffice.common.duties import daily, days_to_tell
from projectoffice.common.history import record

from ..models import ProgressReport
from ..report import reminders
from ..report.workflow import MANAGE

BEFORE, AFTER = timedelta(days=3), timedelta(days=1)


@transaction.atomic
def remind(period, *, by):
    """Write to everybody who keeps a project whose report of this period is not sent; the number of letters.

    Who has had a reminder of the period today gets no other. The period is locked, so that two buttons write once.
    """
    require(by, MANAGE, period)
    period = locked(period)
    letters = reminders.send(period, reminders.not_sent(period), day=reminders.office_day(now()))
    if letters:
        record("remind_reports", period, f"Отправлены напоминания: {letters}", by=by, changes={"letters": letters})
    return letters


@daily(hour=8)
def remind_of_reports():
    """Write to who has not sent a report that is due in three days or was due yesterday; the number of letters.

    Days on which the worker did not run are made up for.
    """
    day = reminders.office_day(now())
    days = days_to_tell(remind_of_reports, day)
    dates = [each + BEFORE for each in days] + [each - AFTER for each in days]
    by_period = defaultdict(list)
    for report in ProgressReport.objects.to_remind(now()).filter(due_at__date__in=dates).select_related("period", "project__head").order_by("pk"):
        by_period[report.period].append(report)
    return sum(reminders.send(period, own, day=day) for period, own in by_period.items())
