from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import OnBehalf, User
from projectoffice.common.models import StoredFile

from .portfolio import Portfolio
from .project import READS_ALL, Indicator, PartOfProjectQuerySet, Project, ProjectInstitution, institutions_of


class ReportingPeriodQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated else self.none()

    def overlapping(self, start, end):
        """Periods that have a day in common with these days; an empty end is open."""
        found = self.filter(start__lte=end) if end else self
        return found.filter(end__gte=start) if start else found


class ReportingPeriod(models.Model):
    """What the office asks for: reports for a period from the projects of a portfolio, by a day and an hour."""

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="periods", verbose_name="портфель")
    title = models.CharField("за что отчёт", max_length=200, help_text="Например: за первое полугодие 2027 года")
    start = models.DateField("начало периода")
    end = models.DateField("конец периода")
    due_at = models.DateTimeField("срок сдачи")
    accepts_late = models.BooleanField("принимать после срока", default=True,
                                       help_text="Опоздавший отчёт принимается и отмечается")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ReportingPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-due_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="reporting_period_in_order",
                                   violation_error_message="Конец периода раньше начала."),
            models.UniqueConstraint(fields=["portfolio", "start", "end"], name="reporting_period_once",
                                    violation_error_message="За этот период отчёты этого портфеля уже собирают."),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolios:period", args=[self.pk])


def is_expected():
    """The condition of ``expected``, for counts beside others."""
    return Q(state__in=ProgressReport.TO_WRITE, project__status=Project.Status.ACTIVE, project__archived_at__isnull=True)


def to_remind_of(moment):
    """The condition of ``to_remind``, for counts beside others."""
    return is_expected() & (Q(period__accepts_late=True) | Q(due_at__gte=moment))


class ReportQuerySet(PartOfProjectQuerySet):
    def visible_to(self, user):
        """Who reads a project reads its reports; the office and heads are not asked project by project."""
        return self if user.is_authenticated and may(user, READS_ALL) else super().visible_to(user)

    def expected(self):
        """Those somebody is waited for: not sent, or sent back, by projects that are being carried out."""
        return self.filter(is_expected())

    def to_remind(self, moment):
        """Those expected that can still be sent: where late ones are not taken, a day that is over leaves nothing to do."""
        return self.filter(to_remind_of(moment))

    def begun(self):
        """Those that would be missed: sent once, or with a word, a value, a file or a part in them."""
        texts = Q(done="", problems="", plans="", course="")
        value = IndicatorValue.objects.filter(~Q(text="", evidence=""), report=OuterRef("pk"))
        part = ReportPart.objects.filter(~Q(text="", remark="", sent_at=None), report=OuterRef("pk"))
        file = ReportFile.objects.filter(report=OuterRef("pk"), removed=False)
        return self.filter(~texts | Q(submitted_at__isnull=False) | Exists(value) | Exists(part) | Exists(file))

    def overdue(self, moment):
        return self.expected().filter(due_at__lt=moment)

    def to_check(self):
        return self.filter(state=ProgressReport.State.SUBMITTED)


class ProgressReport(models.Model):
    """The report of a project for a period: written as a draft, submitted, returned with remarks, accepted."""

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        SUBMITTED = "submitted", "На проверке"
        RETURNED = "returned", "Возвращён"
        ACCEPTED = "accepted", "Принят"

    TO_WRITE = (State.DRAFT, State.RETURNED)

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="reports")
    project = models.ForeignKey(Project, models.PROTECT, related_name="reports")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    due_at = models.DateTimeField("срок", help_text="Свой срок: у возвращённого он новый")
    done = models.TextField("что сделано", blank=True)
    problems = models.TextField("что мешает", blank=True)
    plans = models.TextField("что дальше", blank=True)
    course = models.CharField("ход", max_length=10, choices=Project.Course, blank=True)
    submitted_at = models.DateTimeField(null=True)
    is_late = models.BooleanField("сдан с опозданием", default=False)
    remark = models.TextField("замечание", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-period__due_at", "-pk"]
        indexes = [
            models.Index(fields=["period", "state"], name="report_of_a_period"),
            models.Index(fields=["-due_at", "-id"], name="report_by_due"),
            models.Index(fields=["project", "-submitted_at"], name="report_sent_last", include=["id", "state"],
                         condition=Q(submitted_at__isnull=False)),
            models.Index(fields=["project", "-id"], name="report_to_check", condition=Q(state="submitted")),
            models.Index(fields=["project", "due_at"], name="report_to_write", condition=Q(state__in=["draft", "returned"])),
        ]
        constraints = [
            models.UniqueConstraint(fields=["period", "project"], name="one_report_for_a_period",
                                    violation_error_message="Отчёт этого проекта за этот период уже есть."),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(remark=""), name="returned_report_says_why"),
            models.CheckConstraint(condition=~Q(state__in=["submitted", "accepted"]) | Q(submitted_at__isnull=False),
                                   name="sent_report_has_its_moment"),
            models.CheckConstraint(condition=~Q(state="accepted") | Q(decided_at__isnull=False), name="accepted_report_has_its_moment"),
        ]

    def __str__(self):
        return f"{self.project}: {self.period}"

    def get_absolute_url(self):
        return reverse("portfolios:report", args=[self.pk])

    @property
    def is_to_write(self):
        return self.state in self.TO_WRITE


class PartOfReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(report__in=ProgressReport.objects.visible_to(user))


class IndicatorValue(models.Model):
    """What an indicator was at the end of the period; ``text`` keeps what was typed («около 10»)."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="values")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values")
    text = models.CharField("значение", max_length=60, blank=True)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    evidence = models.CharField("чем подтверждается", max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="value_once_in_a_report")]

    def __str__(self):
        return f"{self.indicator}: {self.text}"


class ReportPartQuerySet(PartOfReportQuerySet):
    def missing(self):
        """Parts not sent, of partners that still take part and are not closed."""
        today = timezone.localdate()
        still_open = Q(institution__institution__closed_on__isnull=True) | Q(institution__institution__closed_on__gt=today)
        return self.filter(still_open, sent_at__isnull=True, institution__role=ProjectInstitution.Role.PARTNER)

    def expected(self):
        """Parts that are waited for: those missing in reports that are waited for."""
        return self.missing().filter(report__in=ProgressReport.objects.expected())

    def of_institutions(self, user):
        """Parts of the institutions where this person holds a post today."""
        return self.filter(institution__institution__in=institutions_of(user))


class ReportPart(OnBehalf):
    """What one institution of a network project sends to the coordinator, who assembles the report.

    Sent by the office for the institution it has ``recorded_by`` and the source instead of ``sent_by``.
    """

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="parts")
    institution = models.ForeignKey(ProjectInstitution, models.PROTECT, related_name="+")
    text = models.TextField("что сделано в учреждении", blank=True)
    sent_at = models.DateTimeField(null=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    remark = models.TextField("что исправить", blank=True)
    remark_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField("взята в отчёт", null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "institution"], name="one_part_of_an_institution")]

    def __str__(self):
        return str(self.institution)

    def get_absolute_url(self):
        return reverse("portfolios:report_part", args=[self.pk])

    @property
    def place(self):
        return self.institution.institution


class ReportFile(models.Model):
    """A file that goes with a report; taken out, its row stays hidden because a snapshot may name it."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    removed = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = PartOfReportQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.file)


class ReportSubmission(OnBehalf):
    """What was submitted, frozen: dated snapshots stay as they were. Insert-only, in the database too."""

    report = models.ForeignKey(ProgressReport, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    is_late = models.BooleanField(default=False)

    objects = PartOfReportQuerySet.as_manager()

    class Meta:
        ordering = ["report", "-number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="submission_once")]

    def __str__(self):
        return f"{self.report}, отправка {self.number}"

    def get_absolute_url(self):
        return reverse("portfolios:report_submission", args=[self.report_id, self.number])
