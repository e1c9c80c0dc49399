"""What the start page tells of reports to who writes them: projects' teams, and people of partner institutions."""
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.waiting import Sent, Waiting, contributes

from ..models import ProgressReport, Project, ReportPart, ReportSubmission
from ..waiting import place_of, with_place
from . import words

STATE = ProgressReport.State
MOST = 50


@contributes
def reports_to_write(user):
    """Reports this person's projects are waited for, the sent back ones with the remark."""
    rows = ProgressReport.objects.expected().filter(project__in=Project.objects.kept_by(user).values("pk"))
    rows = rows.select_related("project", "period", "decided_by").annotate(
        asked=Count("parts"), came=Count("parts", filter=Q(parts__sent_at__isnull=False)))
    for report in with_place(rows, user, "project").order_by("due_at", "pk")[:MOST]:
        returned = report.state == STATE.RETURNED
        begun = bool(report.done or report.problems or report.plans or report.course)
        is_closed = not report.period.accepts_late and report.due_at < timezone.now()
        yield Waiting(
            what=f"Отчёт {report.period}", whose=f"Проект «{report.project}»", url=report.get_absolute_url(),
            action="Исправить" if returned else "Продолжить" if begun else "Начать", due=report.due_at, gender="m",
            badge=("alert", "Возвращён") if returned else ("neutral", "Черновик" if begun else "Не начат"),
            remark=report.remark if returned else "", remark_by=said_by(report) if returned else "",
            note=f"части учреждений: {report.came} из {report.asked}" if report.asked else "",
            closed=words.closed(report) if is_closed else "", place=place_of(report, user), subject=report,
        )


def said_by(report):
    who = report.decided_by.short_name if report.decided_by else "Проектный офис"
    return f"{who}, {timezone.localtime(report.decided_at):%d.%m.%Y}"


@contributes
def parts_to_write(user):
    """Parts of reports this person's institution is waited for."""
    parts = ReportPart.objects.expected().of_institutions(user).select_related(
        "report__project", "report__period", "institution__institution", "remark_by")
    for part in parts.order_by("report__due_at", "pk")[:MOST]:
        yield Waiting(
            what=f"Часть отчёта {part.report.period}", whose=f"Проект «{part.report.project}»", url=part.get_absolute_url(),
            action="Исправить" if part.remark else "Продолжить" if part.text else "Написать", due=part.report.due_at, gender="f",
            badge=("alert", "Возвращена") if part.remark else ("neutral", "Черновик" if part.text else "Не начата"),
            place=part.place.short_name, subject=part, remark=part.remark, remark_by=part.remark_by.short_name if part.remark_by else "",
        )


@contributes
def reports_sent(user):
    """The newest submissions of this person's projects, with what became of them and the copy with its mark."""
    rows = ReportSubmission.objects.filter(report__project__in=Project.objects.kept_by(user).values("pk")).defer("snapshot")
    newest = rows.select_related("report__project", "report__period").order_by("-at", "-pk")[:MOST]
    seen = set()
    for row in newest:
        if row.report_id not in seen and row.report.state in (STATE.SUBMITTED, STATE.ACCEPTED):
            yield Sent(what=f"Отчёт {row.report.period}", whose=f"Проект «{row.report.project}»", url=row.report.get_absolute_url(), at=row.at,
                       badge=words.LOOKS[STATE(row.report.state)],
                       file_url=reverse("portfolios:report_pdf", args=[row.report_id, row.number]))
        seen.add(row.report_id)
