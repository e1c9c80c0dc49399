"""Where reports of a list stand: one word per report, the same for its badge, the filter, the bar and the counts."""
from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from projectoffice.common.russian import NBSP, days_since, plural

from ..models import ProgressReport, Project

STATE = ProgressReport.State
OVERDUE, RETURNED, SUBMITTED, WAITED, ACCEPTED, UNASKED = "overdue", "returned", "submitted", "waited", "accepted", "unasked"
# The worst first; the words agree with «отчёт».
LOOKS = {
    OVERDUE: ("alert", "Просрочен"),
    RETURNED: ("alert", "Возвращён"),
    SUBMITTED: ("wait", "На проверке"),
    WAITED: ("neutral", "Не отправлен"),
    ACCEPTED: ("done", "Принят"),
    UNASKED: ("closed", "Не ждём"),
}
CHOICES = [(code, word) for code, (_, word) in LOOKS.items()]


def conditions():
    """``{word: condition}``: every report answers to exactly one."""
    awaited = Q(project__status=Project.Status.ACTIVE, project__archived_at__isnull=True)
    draft, returned = Q(state=STATE.DRAFT), Q(state=STATE.RETURNED)
    return {
        OVERDUE: awaited & draft & Q(due_at__lt=Now()),
        RETURNED: awaited & returned,
        SUBMITTED: Q(state=STATE.SUBMITTED),
        WAITED: awaited & draft & Q(due_at__gte=Now()),
        ACCEPTED: Q(state=STATE.ACCEPTED),
        UNASKED: Q(state__in=ProgressReport.TO_WRITE) & ~awaited,
    }


def with_standing(reports):
    """Reports with ``standing``, one of the words above."""
    return reports.annotate(standing=Case(
        *(When(condition, then=Value(word)) for word, condition in conditions().items()), output_field=CharField()))


def counts(reports):
    """``{word: how many}`` of these reports; one query."""
    return dict(counted(reports))


def counted(reports, *names):
    """``(value of each name…, word, how many)`` of these reports; one query."""
    return with_standing(reports).order_by().values_list(*names, "standing").annotate(count=Count("pk"))


def badges(report):
    """``(family, word)`` pairs of a report read by ``with_standing``: where it stands, then whether it is late."""
    family, word = LOOKS[report.standing]
    if report.standing == OVERDUE:
        return [(family, f"Просрочен {late_by(report.due_at)}")]
    if report.standing == WAITED and report.version > 1:
        word = "Черновик"
    if report.standing == ACCEPTED and report.is_late:
        return [(family, "Принят с опозданием")]
    found = [(family, word)]
    if report.standing == SUBMITTED and report.is_late:
        found.append(("neutral", "сдан с опозданием"))
    if report.standing == RETURNED and report.due_at < timezone.now():
        found.append(("alert", f"Просрочен {late_by(report.due_at)}"))
    return found


def late_by(due_at):
    """«на 2 дня»; on the day itself «с 17:00»."""
    days = days_since(due_at)
    return f"на {days}{NBSP}{plural(days, 'день,дня,дней')}" if days else f"с {timezone.localtime(due_at):%H:%M}"
