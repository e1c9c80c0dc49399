"""The table of an assignment's states: what may be done, in which state, by whom. Buttons and verbs obey it alike."""
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from projectoffice.accounts.access import is_office, may, person_of, system
from projectoffice.accounts.models import Post, Role, RoleAssignment
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents.route import deciding_for

from ..models import Assignment

ACTIVE, REPORTED, RETURNED, DONE, CANCELLED = Assignment.State.values
TO_DO = (ACTIVE, RETURNED)
OPEN = (ACTIVE, REPORTED, RETURNED)
ENDED = {DONE: "Поручение уже исполнено.", CANCELLED: "Поручение снято с контроля."}
OWN_REPORT = "Отчёт о поручении, которое вы исполняете, проверяет контролёр или другой сотрудник Проектного офиса."
OWN_REQUEST = "О сроке поручения, которое вы исполняете, решает контролёр или другой сотрудник Проектного офиса."
OWN = {"accept": OWN_REPORT, "return": OWN_REPORT, "decide_extension": OWN_REQUEST}


def always(assignment):
    return True


def has_days(assignment):
    return assignment.due_end is not None and not assignment.is_permanent


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the permission it asks for, a further condition, the words of a refusal."""

    states: tuple
    permission: str
    otherwise: str
    when: Callable = always


RULES = {
    "report": Rule(TO_DO, "meetings.report_assignment", "Отчёт уже отправлен и ждёт проверки."),
    "accept": Rule((REPORTED,), "meetings.control_assignment", "Отчёта на проверке нет."),
    "return": Rule((REPORTED,), "meetings.control_assignment", "Отчёта на проверке нет."),
    "extend": Rule(TO_DO, "meetings.report_assignment",
                   "Перенести можно срок с датой, пока поручение в работе.", has_days),
    "decide_extension": Rule(OPEN, "meetings.control_assignment", "Просьбы о переносе срока нет."),
    "tick": Rule(TO_DO, "meetings.report_assignment", "Пока отчёт на проверке, список учреждений не меняют."),
    "cancel": Rule(OPEN, "meetings.give_assignment", "Поручение уже закрыто."),
}


def is_moment(assignment, verb):
    rule = RULES[verb]
    return assignment.state in rule.states and rule.when(assignment)


def is_person(assignment, verb, user):
    """Whether this is one who may do it at some moment."""
    if verb in OWN and judges_own(assignment, user):
        return False
    return may(user, RULES[verb].permission, assignment) and (verb != "report" or may_tell(assignment, user))


def can(assignment, verb, user):
    """Whether this person may do it now: what a button asks."""
    return is_moment(assignment, verb) and is_person(assignment, verb, user)


def demand(assignment, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    if verb in OWN:
        refuse_own(assignment, by, (), OWN[verb])
    if not is_person(assignment, verb, by):
        raise PermissionDenied(RULES[verb].permission)
    if not is_moment(assignment, verb):
        raise TransitionNotAllowed(ENDED.get(assignment.state, RULES[verb].otherwise))


def may_tell(assignment, user):
    """Who reports on the whole: the executor, those who help, the office.

    People of the institutions tick their own part; where nobody else executes, they report once all parts are done.
    """
    if user is system() or is_office(user) or does_oneself(assignment, user):
        return True
    ticks = list(assignment.ticks.all())
    return assignment.executor_id is None and bool(ticks) and all(tick.done_on for tick in ticks)


def does_oneself(assignment, user):
    """Executor or co-executor, oneself or acting for one."""
    mine = deciding_for(user)
    return assignment.executor_id in mine or any(person.pk in mine for person in assignment.co_executors.all())


def enters_for_another(assignment, by):
    """Office staff who do not execute it themselves write down what somebody else has told."""
    return is_office(by) and not does_oneself(assignment, by)


def controller_at_work(assignment):
    """The controller when there is one who still works here; otherwise the office controls."""
    person = assignment.controller
    return person if person is not None and person.is_active and not person.left_on else None


def judges_own(assignment, user, authors=()):
    """Whether this person would judge the own work.

    Who executes or helps never does; who wrote the words for another does only where nobody controls.
    """
    if person_of(user) is None:
        return False
    return user.pk in doers(assignment) or (user.pk in authors and controller_at_work(assignment) is not None)


def doers(assignment):
    """Ids of the executor and of those who help."""
    return {assignment.executor_id, *(person.pk for person in assignment.co_executors.all())} - {None}


def judge(assignment, authors=()):
    """The controller at work who may judge these words; None when another of the office has to."""
    person = controller_at_work(assignment)
    return None if person is None or judges_own(assignment, person, authors) else person


def office_has_another(assignment):
    """Whether anybody works in the office who neither executes nor helps."""
    staff = RoleAssignment.objects.current().filter(role__in=[Role.OFFICE_STAFF, Role.OFFICE_HEAD])
    at_work = staff.filter(person__is_active=True, person__left_on__isnull=True)
    return at_work.exclude(person__in=doers(assignment)).exists()


def refuse_own(assignment, by, authors, words):
    if judges_own(assignment, by, authors):
        raise PermissionDenied(words)


def ticks_of(assignment, user):
    """The parts of the list this person may tick: all for the office, those of the own institutions for their people."""
    ticks = list(assignment.ticks.all())
    if not ticks or user is system() or is_office(user):
        return ticks
    own = set(Post.objects.current().filter(person=user, institution__isnull=False).values_list("institution", flat=True))
    return [tick for tick in ticks if tick.institution_id in own]
