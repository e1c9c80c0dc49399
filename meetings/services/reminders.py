"""Reminders of assignments: three days before the due date and on the first day after it, one letter a day per person."""
from collections import defaultdict
from datetime import timedelta

from projectoffice.accounts.addressees import speakers_for
from projectoffice.accounts.models import Substitution
from projectoffice.common.duties import daily, days_to_tell

from ..assignment import letters
from ..assignment.words import today
from ..models import Assignment

BEFORE, AFTER = timedelta(days=3), timedelta(days=1)


@daily(hour=8)
def remind_of_assignments():
    """Write to everybody who has something to do that ends in three days or ended yesterday; the number of letters.

    What is done, being checked or taken off control is nobody's to do. Days on which the worker did not run are
    made up for.
    """
    day = today()
    waiting = by_receiver(due_on(days_to_tell(remind_of_assignments, day)))
    for receiver, assignments in waiting.items():
        overdue = [each for each in assignments if each.due_end < day]
        letters.reminder(receiver, [each for each in assignments if each.due_end >= day], overdue, day)
    return len(waiting)


def due_on(days):
    """What is to do and was to be told of on one of these days, soonest first."""
    dates = {day + BEFORE for day in days} | {day - AFTER for day in days}
    found = Assignment.objects.to_do().filter(due_end__in=dates).select_related("executor")
    return list(found.prefetch_related("co_executors", "ticks").order_by("due_end", "pk"))


def by_receiver(assignments):
    """``{person or mailbox: assignments}``: executors, who helps, institutions that have not ticked, and who acts for them."""
    places = {tick.institution_id for each in assignments for tick in left_ticks(each)}
    speakers = {place.pk: whom for place, whom in speakers_for(places).items()}
    found = defaultdict(dict)
    for each in assignments:
        receivers = [person for person in letters.executors(each) if is_at_work(person)]
        receivers += [whom for tick in left_ticks(each) for whom in speakers[tick.institution_id]]
        for receiver in receivers:
            found[receiver][each.pk] = each
    return with_acting({receiver: list(rows.values()) for receiver, rows in found.items()})


def left_ticks(assignment):
    return [tick for tick in assignment.ticks.all() if tick.done_on is None]


def is_at_work(person):
    return person is not None and person.is_active and not person.left_on


def with_acting(found):
    """Who acts for an absent person today is told the same, in the one letter of the day."""
    absent = [receiver.pk for receiver in found if not isinstance(receiver, str)]
    for each in Substitution.objects.current().filter(absent__in=absent).select_related("absent", "acting"):
        mine = found.setdefault(each.acting, [])
        mine += [row for row in found[each.absent] if row not in mine]
    return found
