"""What the start page tells of reports to who writes them: projects' teams, and people of partner institutions."""
from datetime import timedelta

from django.db.models import Count, Exists, Func, JSONField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from projectoffice.common.russian import date_short
from projectoffice.common.waiting import SHORT, Sent, Waiting, contributes

from ..models import (
    Indicator,
    IndicatorValue,
    Passport,
    ProgressReport,
    Project,
    ProjectInstitution,
    ReportPart,
    ReportSubmission,
)
from ..waiting import place_of, with_place
from . import words

STATE = ProgressReport.State
TROUBLED = (Project.Course.LAGGING, Project.Course.IN_TROUBLE)
MOST = 50
REMEMBERED = timedelta(days=30)  # how long a draft that came too late for a closed term is still shown


@contributes
def reports_in_hand(user):
    """From one reading: reports this person's projects are waited for, and the last ones sent."""
    kept = Project.objects.kept_by(user).values("pk")
    to_write = Q(pk__in=ProgressReport.objects.expected().filter(project__in=kept).values("pk"))
    gone = Q(period__accepts_late=False, due_at__lt=timezone.now() - REMEMBERED)
    wanted = to_write & ~gone
    if user.is_outside:
        wanted |= Q(pk__in=last_sent(user, kept))
    rows = with_place(with_numbers(ProgressReport.objects.filter(wanted)), user, "project")
    for report in rows.select_related("project", "period", "decided_by").order_by("due_at", "pk")[:MOST]:
        yield report_to_write(report, user) if report.is_to_write else report_sent(report, user)


def last_sent(user, kept):
    """Ids of the reports sent last by the projects of this person and of the person's institutions."""
    carried = ProjectInstitution.objects.filter(institution__in=[each.pk for each in user.institutions]).values("project")
    projects = Project.objects.filter(Q(pk__in=kept) | Q(pk__in=carried)).values("pk")
    sent = ProgressReport.objects.filter(project__in=projects, state__in=[STATE.SUBMITTED, STATE.ACCEPTED])
    return sent.order_by("-submitted_at", "-pk").values("pk")[:SHORT]


def with_numbers(reports):
    """Reports with what a row counts – the indicators sending asks for, their values, parts – and the last submission."""
    parts = ReportPart.objects.filter(report=OuterRef("pk"))
    values = IndicatorValue.objects.filter(report=OuterRef("pk"), indicator__in=asked_of(OuterRef("report__project"))).exclude(
        text="", evidence="")
    last = ReportSubmission.objects.filter(report=OuterRef("pk")).order_by("-number").values(
        told=JSONObject(number="number", source="source", source_date="source_date", recorded_by="recorded_by"))
    return reports.annotate(
        measures=counted(asked_of(OuterRef("project"))), measured=counted(values),
        asked=counted(parts), came=counted(parts.filter(sent_at__isnull=False)), submission=Subquery(last[:1]))


def asked_of(project):
    """The indicators a report is asked for, as a subquery: what ``measured.indicators_of`` reads of one project."""
    words = "document__in_force__snapshot__source__indicators"
    in_force = Passport.objects.filter(**{"project": OuterRef("project"), f"{words}__isnull": False})
    this_row = Func(JSONObject(uid=Cast(OuterRef("uid"), TextField())), function="jsonb_build_array", output_field=JSONField())
    in_draft = Q(position__isnull=False) & ~Q(name="") & ~Exists(in_force)
    return Indicator.objects.filter(Exists(in_force.filter(**{f"{words}__contains": this_row})) | in_draft, project=project)


def counted(rows):
    """How many rows of a subquery; no join, so that several can be counted at once."""
    return Coalesce(Subquery(rows.order_by().values(one=Value(1)).annotate(count=Count("*")).values("count")), 0)


# ── to write ──────────────────────────────────────────────────────────────────────────────────────────────

def report_to_write(report, user):
    """Leads to the first field that is still empty; a report that came back to its remark."""
    returned = report.state == STATE.RETURNED
    empty, filled, total = progress(report)
    begun = filled or report.problems or report.plans
    is_closed = not report.period.accepts_late and report.due_at < timezone.now()
    return Waiting(
        what=f"Отчёт {report.period}", whose=f"Проект «{report.project}» · заполнено {filled} из {total}",
        url=report.get_absolute_url() + (f"#{empty}" if empty and not returned else ""),
        action="Исправить" if returned else "Продолжить" if begun else "Начать", due=report.due_at, gender="m",
        badge=words.LOOKS[STATE.RETURNED] if returned else ("neutral", "Черновик" if begun else "Не начат"),
        remark=report.remark if returned else "", remark_by=said_by(report) if returned else "", note=note_of(report),
        closed=words.closed(report) if is_closed else "", place=place_of(report, user), subject=report,
    )


def progress(report):
    """(place of the first empty field, how many are filled, of how many): those without which nothing is sent."""
    fields = [("id_course_0", report.course), ("id_done", report.done.strip())]
    if report.course in TROUBLED:
        fields.append(("id_problems", report.problems.strip()))
    filled, measured = sum(bool(value) for _, value in fields), min(report.measured, report.measures)
    empty = next((place for place, value in fields if not value), "indicators" if measured < report.measures else "")
    return empty, filled + measured, len(fields) + report.measures


def note_of(report):
    """What else one should know: who entered it for the team, how many partners have sent their parts."""
    entered = entered_by_office(report.submission)
    parts = f"Части учреждений: {report.came} из {report.asked}" if report.asked else ""
    return ". ".join(filter(None, [f"{entered}. Проверьте" if entered else "", parts]))


def entered_by_office(submission):
    if not submission or submission["recorded_by"] is None:
        return ""
    told_on = submission["source_date"] and date_short(parse_date(submission["source_date"]))
    return words.entered(submission["source"], told_on)


def said_by(report):
    who = report.decided_by.short_name if report.decided_by else "Проектный офис"
    return f"{who}, {date_short(report.decided_at)}"


# ── sent ──────────────────────────────────────────────────────────────────────────────────────────────────

def report_sent(report, user):
    """With what became of it and the copy that carries the mark of receipt."""
    last = report.submission
    return Sent(
        what=f"Отчёт {report.period}", whose=f"Проект «{report.project}»", url=report.get_absolute_url(),
        at=report.submitted_at, badge=words.LOOKS[STATE(report.state)],
        file_url=reverse("portfolios:report_pdf", args=[report.pk, last["number"]]) if last else "",
        note=entered_by_office(last), place=place_of(report, user),
    )


# ── parts of partners ─────────────────────────────────────────────────────────────────────────────────────

@contributes
def parts_to_write(user):
    """Parts of reports this person's institution is waited for."""
    if not user.institutions:
        return
    parts = ReportPart.objects.expected().of_institutions(user).select_related(
        "report__project", "report__period", "institution__institution", "remark_by")
    for part in parts.order_by("report__due_at", "pk")[:MOST]:
        yield Waiting(
            what=f"Часть отчёта {part.report.period}", whose=f"Проект «{part.report.project}»", url=part.get_absolute_url(),
            action="Исправить" if part.remark else "Продолжить" if part.text else "Написать", due=part.report.due_at, gender="f",
            badge=("alert", "Возвращена") if part.remark else ("neutral", "Черновик" if part.text else "Не начата"),
            place=part.place.short_name, subject=part, remark=part.remark, remark_by=part.remark_by.short_name if part.remark_by else "",
        )
