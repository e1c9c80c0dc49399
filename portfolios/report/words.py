"""How a report is told: its badges, its texts."""
from django.utils import timezone

from ..models import ProgressReport
from .submission import TEXTS
from .workflow import is_waited_for

STATE = ProgressReport.State
LOOKS = {
    STATE.DRAFT: ("neutral", "Черновик"),
    STATE.SUBMITTED: ("wait", "На проверке"),
    STATE.RETURNED: ("alert", "Возвращён"),
    STATE.ACCEPTED: ("done", "Принят"),
}


def badges(report):
    """``(family, word)`` pairs, the state first."""
    found = [LOOKS[STATE(report.state)]]
    if report.is_to_write:
        if is_waited_for(report) and report.due_at < timezone.now():
            found.append(("alert", "Срок прошёл"))
    elif report.is_late:
        found.append(("wait", "Сдан после срока"))
    return found


def texts_of(report):
    """``[(heading, text)]`` of what is written."""
    return [(title, getattr(report, name)) for name, title in TEXTS.items()]
