"""How a report is told: its badges, its day, its content, what became of what was sent."""
from django.utils import timezone

from projectoffice.common.russian import date_short, deadline, moment_short, moment_words

from ..amounts import shown_amount, signed_amount
from ..models import ProgressReport
from ..words import course_badge
from .checking import checker_of
from .measured import decimal
from .submission import TEXTS
from .workflow import is_waited_for

STATE = ProgressReport.State
LOOKS = {
    STATE.DRAFT: ("neutral", "Черновик"),
    STATE.SUBMITTED: ("wait", "На проверке"),
    STATE.RETURNED: ("alert", "Возвращён"),
    STATE.ACCEPTED: ("done", "Принят"),
}
NOT_WAITED_FOR = ("closed", "Не ждём")
EMPTY = {"done": "Пока не написано.", "problems": "Не указано.", "plans": "Пока не написано."}


def badges(report):
    """``(family, word)`` pairs, the state first; of one nobody waits for, just that."""
    if report.is_to_write and not is_waited_for(report):
        return [NOT_WAITED_FOR]
    found = [LOOKS[STATE(report.state)]]
    if report.is_to_write:
        if report.due_at < timezone.now():
            found.append(("alert", "Срок прошёл"))
    elif report.is_late:
        found.append(("wait", "Сдан после срока"))
    return found


def term(report):
    """«до 21 мая, 17:00 · 7 дней» of what is to be written, or when it was sent and accepted; no term where nobody waits."""
    if report.is_to_write:
        return deadline(report.due_at) if is_waited_for(report) else not_waited_for(report.project)
    sent = f"отправлен {moment_short(report.submitted_at)}"
    return f"{sent}, принят {date_short(report.decided_at)}" if report.state == STATE.ACCEPTED else sent


def not_waited_for(project):
    """«проект в архиве: отчёта не ждут»: why no term stands there."""
    where = "в архиве" if project.archived_at else f"сейчас «{project.get_status_display()}»"
    return f"проект {where}: отчёта не ждут"


def closed(report):
    """Why nothing can be sent any more."""
    return f"Приём закончился {moment_words(report.due_at)}. Черновик сохранён."


def waits_for(report):
    """«Ждём: Портнова А.И.» while somebody is to check; empty otherwise."""
    if report.state != STATE.SUBMITTED:
        return ""
    head = checker_of(report)
    return f"Проверяет {head.short_name if head else 'Проектный офис'}"


def fate(submission, report, newest):
    """What became of one submission: the badge told in a list."""
    if submission.number != newest:
        return "closed", "Заменена следующей"
    return ("closed", "Отозвана") if was_withdrawn(submission, report) else LOOKS[STATE(report.state)]


def was_withdrawn(submission, report):
    """Whether the team took its last submission back: the report is written again and nobody has decided since."""
    return report.is_to_write and (report.decided_at is None or submission.at > report.decided_at)


def entered_by_office(submission):
    """«Внесено Проектным офисом: письмо, 10.05.2027», empty for what the team sent itself."""
    if not submission.recorded_by_id:
        return ""
    return entered(submission.source, date_short(submission.source_date) if submission.source_date else "")


def entered(source, told_on):
    return "Внесено Проектным офисом: " + ", ".join(filter(None, [source, told_on]))


def part_state(part):
    """Family and word of a partner's part."""
    if part.taken_at:
        return "done", "Взята в отчёт"
    if part.sent_at:
        return "progress", "Прислана"
    if part.place.is_closed:
        return "closed", "Учреждение закрыто"
    return ("alert", "Возвращена") if part.remark else ("neutral", "Ждём")


# ── the content, as pages read it ─────────────────────────────────────────────────────────────────────────

def told(snapshot):
    """A snapshot in the words of a page."""
    return {
        "course": course_badge(snapshot["course"]) if snapshot["course"] else None,
        "texts": [(title, snapshot["texts"][name], EMPTY[name]) for name, title in TEXTS.items()],
        "indicators": [indicator_told(row) for row in snapshot["indicators"]],
        "files": snapshot["files"], "parts": snapshot["parts"],
    }


def indicator_told(row):
    """An indicator of a snapshot: target, the last value, this one, how far it is from the target."""
    unit, value = row["unit"], decimal(row["came_to"])
    target = decimal(row["target"])
    apart = value - target if value is not None and target is not None else None
    return {
        "uid": row["uid"], "name": row["name"], "target": shown_amount(target, unit), "before": shown_amount(decimal(row["before"]), unit),
        "before_title": row["before_title"], "value": shown_amount(decimal(row["value"]), unit) or row["text"],
        "came_to": shown_amount(value, unit) if row["is_cumulative"] and row["came_to"] != row["value"] else "", "deviation": signed_amount(apart, unit),
        "evidence": row["evidence"], "is_cumulative": row["is_cumulative"],
    }
