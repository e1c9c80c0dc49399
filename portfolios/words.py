"""How states of projects look and read: families of badges and bars, words in the order they are told."""
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


def status_badge(project):
    return STATUS_LOOKS[Status(project.status)]


def course_badge(code):
    return COURSE_LOOKS[code or ""]
