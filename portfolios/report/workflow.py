"""The table of a report's states: what may be done, in which state, by whom. Buttons and verbs obey it alike.

Whose day is over is no state: ``services.report`` asks the database's clock when a report is being sent.
"""
from dataclasses import dataclass

from projectoffice.accounts.access import is_office, may, require
from projectoffice.common.errors import TransitionNotAllowed

from ..models import ProgressReport, Project
from ..rules import keeps_the_project, works_in_the_institution

DRAFT, SUBMITTED, RETURNED, ACCEPTED = ProgressReport.State.values
TO_WRITE = (DRAFT, RETURNED)

WRITE, CHECK, MANAGE, PART = ("portfolios.write_report", "portfolios.check_report", "portfolios.manage_reports",
                              "portfolios.write_part")
ARCHIVED = "Проект в архиве: его отчёты не меняют."
NOT_TO_CHECK = "Этот отчёт сейчас не на проверке."
NOT_WITHDRAWN = ("Приём отчётов закончился: отозванный отчёт уже нельзя было бы отправить. "
                 "Чтобы исправить его, попросите вернуть его на доработку.")
CLOSED = {
    SUBMITTED: "Отчёт уже отправлен и ждёт проверки. Чтобы исправить его, отзовите отчёт.",
    ACCEPTED: "Отчёт принят, его не меняют. Если в нём ошибка, попросите вернуть его на доработку.",
}


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, whose right it is, the words of its button and of a refusal."""

    states: tuple
    permission: str
    label: str
    otherwise: str = ""


RULES = {
    "write": Rule(TO_WRITE, WRITE, "Заполнить"),
    "submit": Rule(TO_WRITE, WRITE, "Отправить"),
    "withdraw": Rule((SUBMITTED,), WRITE, "Отозвать", "Отозвать можно отчёт, который ещё не проверили."),
    "accept": Rule((SUBMITTED,), CHECK, "Принять", NOT_TO_CHECK),
    "return": Rule((SUBMITTED, ACCEPTED), CHECK, "Вернуть с замечанием", "Вернуть можно отчёт, который отправлен или принят."),
    "extend": Rule(TO_WRITE, CHECK, "Перенести срок", "Срок переносят, пока отчёт не отправлен."),
    "write_part": Rule(TO_WRITE, PART, "Написать часть", "Отчёт уже отправлен: свою часть можно будет дополнить, если его вернут."),
    "return_part": Rule(TO_WRITE, WRITE, "Вернуть часть", "Отчёт уже отправлен: части больше не собирают."),
    "take_part": Rule(TO_WRITE, WRITE, "Взять в отчёт"),
}


def is_moment(report, verb):
    return report.state in RULES[verb].states and report.project.archived_at is None


def can(report, verb, user, part=None):
    """Whether this person may do it to this report now: what a button asks."""
    return is_moment(report, verb) and may(user, RULES[verb].permission, part or report)


def demand(report, verb, by, part=None):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    rule = RULES[verb]
    require(by, rule.permission, part or report)
    if report.project.archived_at is not None:
        raise TransitionNotAllowed(ARCHIVED)
    if report.state not in rule.states:
        raise TransitionNotAllowed(rule.otherwise or CLOSED[report.state])


def available(report, user):
    """{verb: label} of what this person may do with the whole report now; each right is asked once."""
    held: dict[str, bool] = {}
    whole = {verb: rule for verb, rule in RULES.items() if rule.permission != PART}
    for rule in whole.values():
        if rule.permission not in held:
            held[rule.permission] = may(user, rule.permission, report)
    return {verb: rule.label for verb, rule in whole.items() if held[rule.permission] and is_moment(report, verb)}


def is_waited_for(report):
    """Whether somebody is expected to send it: the same as ``ProgressReport.objects.expected()``, for one row."""
    project = report.project
    return report.is_to_write and project.status == Project.Status.ACTIVE and project.archived_at is None


def enters_part_for_another(part, by):
    """Office staff who do not work in the institution write down what it has told."""
    return by.pk is not None and is_office(by) and not works_in_the_institution(by, part)


def enters_for_another(report, by):
    """Office staff who do not keep the project themselves write down what the team has told."""
    return by.pk is not None and is_office(by) and not keeps_the_project(by, report)
