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
COURSE_LOOKS = {
    Course.IN_TROUBLE: ("alert", "Нужна помощь"),
    Course.LAGGING: ("wait", "Есть отставание"),
    Course.ON_TRACK: ("done", "По плану"),
    Course.UNKNOWN: ("neutral", "Нет данных"),
}
# In an address nothing cannot be chosen, so «нет данных» has a word of its own.
NO_DATA = "none"


def status_badge(project):
    return STATUS_LOOKS[Status(project.status)]


def course_badge(code):
    return COURSE_LOOKS[Course(code or "")]
