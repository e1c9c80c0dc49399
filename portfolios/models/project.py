import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, Post, User
from projectoffice.accounts.models.dated import Dated, DatedQuerySet
from projectoffice.documents.models import Document, PaperQuerySet
from projectoffice.documents.route import deciding_for
from projectoffice.documents.rows import RowQuerySet

from .portfolio import ManagementModel, Portfolio

READS_ALL = "documents.read_working"


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office and heads see all; others the projects of their portfolios, models, teams and institutions.

        What visitors read is another question: ``public()``.
        """
        if not user.is_authenticated:
            return self.none()
        if may(user, READS_ALL):
            return self
        mine = deciding_for(user)
        team = TeamMember.objects.current().filter(project=OuterRef("pk"), person__in=mine)
        partner = ProjectInstitution.objects.filter(project=OuterRef("pk"), institution__in=institutions_of(user))
        return self.filter(
            Q(head__in=mine) | Q(portfolio__head__in=mine) | Q(model__head__in=mine) | Exists(team) | Exists(partner)
        )

    def public(self):
        """What anybody may read: marked public, begun, and not in the archive."""
        return self.filter(is_public=True, archived_at__isnull=True).exclude(status=Project.Status.PREPARING)

    def going_on(self):
        return self.filter(status__in=[Project.Status.PREPARING, Project.Status.ACTIVE, Project.Status.SUSPENDED])

    def kept_by(self, user):
        """Projects this person answers for: heads or keeps on the portal, oneself or acting for another."""
        if not user.is_authenticated:
            return self.none()
        mine = deciding_for(user)
        editor = TeamMember.objects.current().filter(
            project=OuterRef("pk"), person__in=mine, role=TeamMember.Role.EDITOR)
        return self.filter(Q(head__in=mine) | Exists(editor))

    def in_archive(self, yes=True):
        return self.filter(archived_at__isnull=not yes)


def institutions_of(user):
    """Institutions where this person holds a post today."""
    return Post.objects.current().filter(person=user, institution__isnull=False).values("institution")


class Project(models.Model):
    """A project of an institution, of several, or of the city: where it belongs, who heads it, how it goes."""

    class Kind(models.TextChoices):
        MANAGEMENT = "management", "Управленческий"
        CROSS_CUTTING = "cross_cutting", "Сквозной"
        NETWORK = "network", "Сетевой"
        CITY = "city", "Городской"
        AUTHOR = "author", "Авторский"

    class Status(models.TextChoices):
        PREPARING = "preparing", "Готовится"
        ACTIVE = "active", "Реализуется"
        SUSPENDED = "suspended", "Приостановлен"
        FINISHED = "finished", "Завершён"
        STOPPED = "stopped", "Прекращён"

    class Course(models.TextChoices):
        UNKNOWN = "", "Нет данных"
        ON_TRACK = "on_track", "По плану"
        LAGGING = "lagging", "Есть отставание"
        IN_TROUBLE = "in_trouble", "Нужна помощь"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="projects", verbose_name="портфель")
    model = models.ForeignKey(ManagementModel, models.PROTECT, null=True, blank=True, related_name="projects",
                              verbose_name="управленческая модель")
    kind = models.CharField("вид", max_length=14, choices=Kind, default=Kind.MANAGEMENT)
    title = models.CharField("название", max_length=500)
    head = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="projects_headed",
                             verbose_name="руководитель проекта")
    start = models.DateField("начало", null=True, blank=True)
    end = models.DateField("окончание", null=True, blank=True)
    status = models.CharField("состояние", max_length=10, choices=Status, default=Status.PREPARING)
    status_reason = models.CharField("причина", max_length=500, blank=True)
    status_on = models.DateField(null=True)
    course = models.CharField("ход", max_length=10, choices=Course, blank=True, default=Course.UNKNOWN,
                              help_text="По последнему принятому отчёту")
    last_report_on = models.DateField("последний отчёт", null=True)
    result = models.TextField("итог", blank=True, help_text="С каким результатом завершён")
    is_public = models.BooleanField("показывать на открытой странице", default=False)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="continued_by")
    origin = models.CharField("откуда проект", max_length=400, blank=True)
    origin_url = models.CharField(max_length=300, blank=True)
    archived_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["portfolio", "status"], name="project_of_a_portfolio"),
            models.Index(fields=["model", "status"], name="project_of_a_model"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="project_title_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                                   name="project_dates_in_order",
                                   violation_error_message="Окончание проекта раньше его начала."),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolios:project", args=[self.pk])

    @property
    def is_going_on(self):
        return self.status in (self.Status.PREPARING, self.Status.ACTIVE, self.Status.SUSPENDED)

    @property
    def lead(self):
        """The leading institution, or None; no query when the institutions were prefetched."""
        return next((each.institution for each in self.institutions.all() if each.role == ProjectInstitution.Role.LEAD), None)


class PartOfProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(project__in=Project.objects.visible_to(user))


class ProjectInstitution(models.Model):
    """An institution of a project: the leading one, or a partner that sends its part to the coordinator."""

    class Role(models.TextChoices):
        LEAD = "lead", "Ведущее учреждение"
        PARTNER = "partner", "Участник"

    project = models.ForeignKey(Project, models.CASCADE, related_name="institutions")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="projects")
    role = models.CharField(max_length=8, choices=Role, default=Role.PARTNER)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfProjectQuerySet.as_manager()

    class Meta:
        ordering = ["role", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "institution"], name="institution_once_in_a_project",
                                    violation_error_message="Это учреждение в проекте уже есть."),
            models.UniqueConstraint(fields=["project"], condition=Q(role="lead"), name="one_lead",
                                    violation_error_message="Ведущее учреждение у проекта одно."),
        ]

    def __str__(self):
        return str(self.institution)


class TeamQuerySet(DatedQuerySet, PartOfProjectQuerySet):
    """Members of teams, on a day and by the right to their project."""


class TeamMember(Dated):
    """Somebody of the project's team; a person of the portal or a typed name, from when to when."""

    class Role(models.TextChoices):
        HEAD = "head", "Руководитель"
        EDITOR = "editor", "Ведёт проект на портале"
        MEMBER = "member", "Участник"
        CURATOR = "curator", "Куратор"

    project = models.ForeignKey(Project, models.CASCADE, related_name="team")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name="человек")
    name = models.CharField("фамилия и инициалы", max_length=200)
    post = models.CharField("должность и учреждение", max_length=300, blank=True)
    role = models.CharField("роль", max_length=8, choices=Role, default=Role.MEMBER)
    duty = models.CharField("за что отвечает", max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)

    objects = TeamQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


class Passport(models.Model):
    """The project's own card: the content of a document of its own kind, filled in steps."""

    KIND = "project_passport"

    document = models.OneToOneField(Document, models.PROTECT, related_name="passport")
    project = models.OneToOneField(Project, models.PROTECT, related_name="passport")
    problem = models.JSONField("проблема", default=list, blank=True)
    goal = models.TextField("цель", blank=True)
    tasks = models.JSONField("задачи", default=list, blank=True)
    audience = models.TextField("для кого", blank=True)
    results = models.JSONField("ожидаемые результаты", default=list, blank=True)
    products = models.JSONField("продукты", default=list, blank=True)
    resources = models.TextField("ресурсы", blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    def __str__(self):
        return self.document.title

    def get_absolute_url(self):
        return reverse("portfolios:passport", args=[self.project_id])


class PassportRow(models.Model):
    """What a row of the passport has: its uid drives comparison and reports; position is NULL once it is removed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class MilestoneQuerySet(RowQuerySet):
    def told(self):
        """Points the passport in force has; where there is none yet, those of its draft."""
        return self.filter(is_told=True)

    def open(self):
        """What is waited for: neither reached nor dropped."""
        return self.told().filter(reached_on__isnull=True, dropped_reason="")

    def overdue(self, today=None):
        """Points whose day is over while they are neither reached nor dropped."""
        return self.open().filter(told_due__lt=today or timezone.localdate())

    def visible_to(self, user):
        return self.filter(project__in=Project.objects.visible_to(user))


class Stage(PassportRow):
    """A stage of the project: name, when, what it must give."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="stages")
    name = models.CharField("этап", max_length=300)
    start = models.DateField("начало", null=True, blank=True)
    end = models.DateField("окончание", null=True, blank=True)
    result = models.TextField("результат", blank=True)

    def __str__(self):
        return self.name


class Milestone(PassportRow):
    """A control point with its day; reached, or taken off with a reason.

    Its words belong to the edition that is being written. ``told_name``, ``told_due`` and ``is_told`` are what everybody
    else is told of it: the edition in force, before there is one the draft. The database writes them.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones")
    stage = models.ForeignKey(Stage, models.SET_NULL, null=True, blank=True, related_name="milestones")
    name = models.CharField("контрольная точка", max_length=300)
    due = models.DateField("срок", null=True, blank=True)
    reached_on = models.DateField("достигнута", null=True, blank=True)
    evidence = models.CharField("подтверждение", max_length=500, blank=True)
    dropped_reason = models.CharField("почему снята", max_length=300, blank=True)
    told_name = models.CharField(max_length=300, blank=True, editable=False)
    told_due = models.DateField(null=True, blank=True, editable=False)
    is_told = models.BooleanField(default=False, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta(PassportRow.Meta):
        indexes = [models.Index(fields=["told_due"], name="milestone_open", condition=Q(reached_on__isnull=True))]

    def __str__(self):
        return self.name


class Indicator(PassportRow):
    """An indicator of a project: baseline, target, unit; ``is_cumulative`` says whether periods add up."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators")
    name = models.CharField("показатель", max_length=500)
    unit = models.CharField("единица", max_length=60, blank=True)
    baseline = models.DecimalField("исходное значение", max_digits=16, decimal_places=4, null=True, blank=True)
    target = models.DecimalField("целевое значение", max_digits=16, decimal_places=4, null=True, blank=True)
    is_cumulative = models.BooleanField("нарастающим итогом", default=False)

    def __str__(self):
        return self.name
