"""How states of projects look and read: families of badges and bars, words in the order they are told."""
from collections import Counter
from typing import NamedTuple

from .models import Project

Status, Course = Project.Status, Project.Course


class Look(NamedTuple):
    """How a state is drawn. By name, because a template looks for a place in a tuple in three ways before it finds it."""

    family: str
    word: str


STATUS_LOOKS = {
    Status.PREPARING: Look("neutral", "Готовится"),
    Status.ACTIVE: Look("progress", "Реализуется"),
    Status.SUSPENDED: Look("wait", "Приостановлен"),
    Status.FINISHED: Look("done", "Завершён"),
    Status.STOPPED: Look("closed", "Прекращён"),
}
# What stands for the course while a report waits to be checked; no report says it of itself.
ON_CHECK = "on_check"
COURSE_LOOKS = {
    Course.IN_TROUBLE.value: Look("alert", "Нужна помощь"),
    Course.LAGGING.value: Look("wait", "Есть отставание"),
    ON_CHECK: Look("progress", "Отчёт на проверке"),
    Course.ON_TRACK.value: Look("done", "По плану"),
    Course.UNKNOWN.value: Look("neutral", "Нет данных"),
}
# In an address nothing cannot be chosen, so «нет данных» has a word of its own.
NO_DATA = "none"


def named_with_year(project):
    """«Читающая школа, 2026»: many projects are carried out every year under one name."""
    return f"{project.title}, {project.start.year}" if project.start else project.title


def years_of_namesakes(projects):
    """``{pk: year}`` of those whose name and institution another of them has too: the year tells them apart."""
    same = Counter((project.title, project.institution) for project in projects)
    return {project.pk: project.start.year for project in projects if project.start and same[project.title, project.institution] > 1}


def status_badge(project):
    return STATUS_LOOKS[Status(project.status)]


def course_badge(code):
    return COURSE_LOOKS[code or ""]
