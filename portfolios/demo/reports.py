"""Demonstration reports: half-yearly periods of two school years in every portfolio, in every state there is."""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.common.models import Event

from ..models import IndicatorValue, Portfolio, ProgressReport, Project, ReportingPeriod, ReportPart, ReportSubmission
from ..report.measured import indicators_of
from ..report.submission import take
from ..services.report_parts import begin_parts
from .projects import COURSES, school_year_now

State, Course, Status = ProgressReport.State, Project.Course, Project.Status
HOUR = time(17, 0)
DAY = timedelta(days=1)
# What became of the reports of the period that is being collected, in turn; the course comes from demo.projects.
GOING_ON = [State.ACCEPTED, State.ACCEPTED, State.DRAFT, State.ACCEPTED, State.SUBMITTED, State.ACCEPTED, State.ACCEPTED,
            State.RETURNED, State.SUBMITTED, State.ACCEPTED]
DUE_IN = [9, -2, 16]  # days from today until the reports of each portfolio are due
DONE = [
    "Прошли три открытых занятия и одна встреча с родителями. На каждом занятии вели запись наблюдений.\n"
    "К проекту присоединились два педагога начальной школы.",
    "Собрали команду, распределили обязанности, провели начальный замер.\nПодготовлены карточки для разбора занятия.",
    "Проведён семинар для соседних школ, участвовали 34 человека. Отзывы собраны и разобраны.",
]
PROBLEMS = {
    Course.LAGGING: "Два занятия перенесены из-за карантина. Нагоним в следующем месяце.",
    Course.IN_TROUBLE: "Ушёл ведущий педагог, занятия вести некому. Нужна помощь: педагог на два часа в неделю.",
}
PLANS = ["Промежуточный замер и открытый показ для города.", "Описать опыт и провести итоговую встречу."]
REMARK = "Укажите, сколько человек участвовало, и приложите программу встречи.\nПо показателям напишите, чем подтверждаются значения."
PART = "Провели две встречи, участвовали 12 педагогов. Разобрали записи занятий по общей карточке."


@dataclass(frozen=True)
class Half:
    """Half of a school year, whose projects report, and whether it is the one being collected now."""

    title: str
    start: date
    end: date
    year: int
    is_now: bool

    def due(self, place):
        """When the reports of a portfolio are due: soon, or ten days after the end of the half."""
        day = timezone.localdate() + DUE_IN[place % len(DUE_IN)] * DAY if self.is_now else self.end + 10 * DAY
        return timezone.make_aware(datetime.combine(day, HOUR))


def create():
    """Periods, reports, submissions of two years; expects the projects of demo.projects."""
    secretary = User.objects.get(username="sekretar")
    portfolios = list(Portfolio.objects.order_by("position").select_related("head"))
    for half in halves():
        for place, portfolio in enumerate(portfolios):
            create_period(half, portfolio, half.due(place), secretary)
    tell_projects()


def halves():
    year, today = school_year_now(), timezone.localdate()
    known = [(begins, which) for begins in (year - 1, year) for which in (1, 2)]
    started = [pair for pair in known if first_day(*pair) <= today]
    return [Half(f"за {'первое' if which == 1 else 'второе'} полугодие {begins}/{begins + 1} учебного года", first_day(begins, which),
                 date(begins, 12, 31) if which == 1 else date(begins + 1, 5, 31), begins, (begins, which) == started[-1])
            for begins, which in started]


def first_day(year, which):
    return date(year, 9, 1) if which == 1 else date(year + 1, 1, 1)


def create_period(half, portfolio, due_at, secretary):
    period = ReportingPeriod.objects.create(
        portfolio=portfolio, title=half.title, start=half.start, end=half.end, due_at=due_at, opened_by=secretary,
        opened_at=due_at - 30 * DAY, accepts_late=portfolio.position != 3)
    projects = [(place, project) for place, project in enumerate(projects_of(half.year))
                if project.portfolio_id == portfolio.pk and reports(project, half)]
    planned = [(project, fate_of(place, project, half), course_of(place, half), place) for place, project in projects]
    created = ProgressReport.objects.bulk_create(
        report_of(period, project, fate, course, place) for project, fate, course, place in planned)
    begin_parts(created)
    write_parts(created)
    write_values(created)
    send_all([(report, fate, place) for report, (_, fate, _, place) in zip(created, planned, strict=True)], portfolio, secretary)


def projects_of(year):
    return Project.objects.filter(start=date(year, 9, 1)).select_related("portfolio", "head").order_by("pk")


def reports(project, half):
    """A stopped project sent nothing any more in its second half; a suspended one is not waited for."""
    return project.status == Status.ACTIVE or project.status != Status.SUSPENDED and (
        half.start.month == 9 or project.status == Status.FINISHED)


def fate_of(place, project, half):
    if not half.is_now:
        return State.ACCEPTED
    if project.head and project.head.username == "shkola12":
        return State.RETURNED
    if project.team.filter(person__username="shkola12", role="editor").exists():
        return State.DRAFT
    return GOING_ON[place % len(GOING_ON)]


def course_of(place, half):
    """The course a report tells; last year ended well."""
    now = half.year == school_year_now()
    return COURSES[place % len(COURSES)] or Course.ON_TRACK if now else Course.ON_TRACK


def report_of(period, project, fate, course, place):
    begun = fate != State.DRAFT or place % 3
    return ProgressReport(
        period=period, project=project, due_at=period.due_at, done=DONE[place % len(DONE)] if begun else "",
        problems=PROBLEMS.get(course, "") if begun else "", plans=PLANS[place % len(PLANS)] if begun and fate != State.DRAFT else "",
        course=course if fate != State.DRAFT else "")


def write_parts(created):
    """Most partners have sent theirs; of drafts somebody is always waited for."""
    parts = list(ReportPart.objects.filter(report__in=created).select_related("report").order_by("pk"))
    for place, part in enumerate(parts):
        if part.report.course or place % 3 == 1:
            part.text, part.sent_at = PART, part.report.due_at - 12 * DAY
    ReportPart.objects.bulk_update(parts, ["text", "sent_at"])


def write_values(created):
    """Values of those indicators the passports have: what adds up in shares, what is measured on its way to the target."""
    rows = []
    for report in created:
        step = 2 if report.period.start.month == 1 else 1
        for measured in indicators_of(report.project) if report.done else ():
            base, target = measured.baseline or 0, measured.target or 0
            value = round((target - base) * 45 / 100) if measured.is_cumulative else round(base + (target - base) * step * 40 / 100)
            rows.append(IndicatorValue(report=report, indicator_id=measured.pk, text=str(value), value=value,
                                       evidence="журнал посещений" if measured.is_cumulative else "опрос в начале и в конце"))
    IndicatorValue.objects.bulk_create(rows)


# ── sent and decided ──────────────────────────────────────────────────────────────────────────────────────

def send_all(rows, portfolio, secretary):
    """Submissions of those that were sent, with days that fit; the states last, as a report is closed once it is sent."""
    kind, sent, events, changed = ContentType.objects.get_for_model(ProgressReport), [], [], []
    for report, fate, place in rows:
        if fate == State.DRAFT:
            continue
        for submission in submissions_of(report, fate, place, secretary):
            sent.append(submission)
            events.append(event(kind, report, "submit_report", "Отчёт отправлен", submission.by or secretary, submission.at))
        decide(report, fate, sent[-1], portfolio)
        if fate == State.ACCEPTED:
            events.append(event(kind, report, "accept_report", "Отчёт принят", portfolio.head, report.decided_at))
        elif fate == State.RETURNED:
            events.append(event(kind, report, "return_report", f"Отчёт возвращён: {REMARK}"[:300], portfolio.head, report.decided_at))
        changed.append(report)
    ReportSubmission.objects.bulk_create(sent)
    Event.objects.bulk_create(events)
    ProgressReport.objects.bulk_update(
        changed, ["state", "submitted_at", "is_late", "remark", "decided_by", "decided_at", "due_at", "version"])


def event(kind, report, verb, sentence, actor, moment):
    return Event(content_type=kind, object_id=report.pk, verb=verb, sentence=sentence, actor=actor, moment=moment)


def submissions_of(report, fate, place, secretary):
    """One submission, or two where the first was sent back and mended; every seventh is late, some came by letter."""
    snapshot, latest = take(report), afternoon(place) - 3 * DAY
    is_late = fate == State.ACCEPTED and place % 7 == 5
    at = min(report.due_at + DAY if is_late else report.due_at - (2 + place % 5) * DAY, latest)
    is_late = at > report.due_at
    by_letter = report.project.head is None
    facts = {"report": report, "by": None if by_letter else report.project.head, "is_late": is_late,
             "recorded_by": secretary if by_letter else None, "source": "письмо" if by_letter else "",
             "source_date": timezone.localtime(at).date() if by_letter else None}
    if fate == State.ACCEPTED and place % 11 == 3:
        first = {**snapshot, "texts": {**snapshot["texts"], "done": DONE[(place + 1) % len(DONE)]}}
        return [ReportSubmission(number=1, snapshot=first, at=at - 6 * DAY, **facts | {"is_late": False}),
                ReportSubmission(number=2, snapshot=snapshot, at=at, **facts)]
    return [ReportSubmission(number=1, snapshot=snapshot, at=at, **facts)]


def afternoon(place):
    """Today at some minute after two."""
    return timezone.make_aware(datetime.combine(timezone.localdate(), time(14 + place % 3, place * 7 % 60)))


def decide(report, fate, last, portfolio):
    report.state, report.submitted_at, report.is_late, report.version = fate, last.at, last.is_late, 2
    if fate != State.SUBMITTED:
        report.decided_by, report.decided_at = portfolio.head, min(last.at + 2 * DAY, timezone.now())
    if fate == State.RETURNED:
        report.remark = REMARK
        report.due_at = timezone.make_aware(datetime.combine(timezone.localdate() + 7 * DAY, HOUR))


def tell_projects():
    """Each project says what its latest accepted report says."""
    latest: dict = {}
    accepted = ProgressReport.objects.filter(state=State.ACCEPTED).order_by("period__end", "pk")
    for report in accepted.only("project", "course", "submitted_at"):
        latest[report.project_id] = report
    projects = list(Project.objects.filter(pk__in=latest))
    for project in projects:
        project.course = latest[project.pk].course
        project.last_report_on = timezone.localtime(latest[project.pk].submitted_at).date()
    Project.objects.bulk_update(projects, ["course", "last_report_on"])
