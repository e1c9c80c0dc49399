"""What this app gives to «Передать дела»: rows of draft plans the leaver answers for, assignments to do and to control."""
from django.db.models import Q
from django.utils import timezone

from projectoffice.accounts.handover import contributes
from projectoffice.common.history import record
from projectoffice.documents.table.handover import gives_rows

from .assignment import letters
from .models import Assignment, Meeting, Participant
from .services.participants import replace_participant
from .table import PLAN

gives_rows(PLAN, "строки в черновиках планов")


# Places in meetings that are still to come

def coming_places(person):
    """Where the person is expected at a meeting that was not held; a day that passed without it is nobody's work."""
    coming = Q(meeting__date__isnull=True) | Q(meeting__date__gte=timezone.localdate())
    waits = [Meeting.State.DRAFT, Meeting.State.ANNOUNCED, Meeting.State.MOVED]
    return Participant.objects.filter(coming, person=person, meeting__state__in=waits).select_related("meeting", "person")


def hand_over_places(person, successor, by):
    """The successor comes instead, chairs or keeps the minutes, and speaks to the leaver's questions."""
    places = list(coming_places(person).order_by("meeting_id"))
    for place in places:
        replace_participant(place, successor, by=by)
    return len(places)


contributes("места на предстоящих заседаниях", count=lambda person: coming_places(person).count(), hand_over=hand_over_places)


# Assignments: the only way another person comes to execute or control one

def open_to_do(person):
    return Assignment.objects.open().filter(executor=person)


def open_to_help(person):
    return Assignment.objects.open().filter(co_executors=person)


def open_to_control(person):
    return Assignment.objects.open().filter(controller=person)


def hand_over_execution(person, successor, by):
    """The successor executes what is open; what the protocol printed and what is done stay with the leaver."""
    return hand_over_role(open_to_do(person), "executor", "исполнитель", person, successor, by)


def hand_over_control(person, successor, by):
    """The successor checks the reports from now on, those that wait too."""
    return hand_over_role(open_to_control(person), "controller", "контролёр", person, successor, by)


def hand_over_role(assignments, field, role, person, successor, by):
    moved = list(assignments.select_for_update(of=("self",)).order_by("pk"))
    for each in moved:
        setattr(each, field, successor)
        each.version += 1
        record(f"hand_over_{field}", each, f"{role.capitalize()}: {successor} вместо: {person}", by=by)
    Assignment.objects.bulk_update(moved, [field, "version"])
    if moved:
        letters.handed_over(moved, role, successor, person, by=by)
    return len(moved)


def hand_over_help(person, successor, by):
    """The successor helps instead, once, and not with what the successor executes already."""
    moved = list(open_to_help(person).select_for_update(of=("self",)).order_by("pk"))
    for each in moved:
        each.co_executors.remove(person)
        if each.executor_id != successor.pk:
            each.co_executors.add(successor)
        record("hand_over_help", each, f"Соисполнитель: {successor} вместо: {person}", by=by)
    if moved:
        letters.handed_over(moved, "соисполнитель", successor, person, by=by)
    return len(moved)


contributes("поручения к исполнению", count=lambda person: open_to_do(person).count(), hand_over=hand_over_execution)
contributes("поручения, где нужна помощь", count=lambda person: open_to_help(person).count(), hand_over=hand_over_help)
contributes("поручения на контроле", count=lambda person: open_to_control(person).count(), hand_over=hand_over_control)
