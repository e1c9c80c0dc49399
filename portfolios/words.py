"""How states of projects look and read: families of badges and bars, words in the order they are told."""
from .models import Project

Status, Course = Project.Status, Project.Course

STATUS_LOOKS = {
    Status.PREPARING: ("neutral", "Готовится"),
    Status.ACTIVE: ("progress", "Реализуется"),
    Status.SUSPENDED: ("wait", "Приостановлен"),
    Status.FINISHED: ("done", "Завершён"),
    Status.STOPPED: ("closed", "Прекращён"),
}
# What stands for the course while a report waits to be checked; no report says it of itself.
ON_CHECK = "on_check"
COURSE_LOOKS = {
    Course.IN_TROUBLE.value: ("alert", "Нужна помощь"),
    Course.LAGGING.value: ("wait", "Есть отставание"),
    ON_CHECK: ("progress", "Отчёт на проверке"),
    Course.ON_TRACK.value: ("done", "По плану"),
    Course.UNKNOWN.value: ("neutral", "Нет данных"),
}
# In an address nothing cannot be chosen, so «нет данных» has a word of its own.
NO_DATA = "none"


def status_badge(project):
    return STATUS_LOOKS[Status(project.status)]


def course_badge(code):
    return COURSE_LOOKS[code or ""]
