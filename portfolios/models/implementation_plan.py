from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.common.models import StoredFile
from projectoffice.documents.models import Document, PaperQuerySet
from projectoffice.documents.rows import Presence, RemarkLeft, Responsible, Row, TableContent

from .project import Project


class ImplementationPlan(TableContent):
    """«План реализации проекта»: sections of activities, the content of a document of its own kind."""

    KIND = "implementation_plan"

    document = models.OneToOneField(Document, models.PROTECT, related_name="implementation_plan")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="implementation_plans")
    hides_phones = models.BooleanField("без телефонов в открытой копии", default=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gt=models.F("period_start")),
                                   name="implementation_period_in_order"),
        ]

    def get_absolute_url(self):
        return reverse("portfolios:implementation_plan", args=[self.pk])


class Activity(Row):
    """A row of the plan: what, when, for whom, how many, who answers, what comes out; numbered anew in each section."""

    plan = models.ForeignKey(ImplementationPlan, models.CASCADE, related_name="activities")
    section = models.CharField("раздел", max_length=300, blank=True)
    activity = models.JSONField("деятельность", default=list)
    participants = models.TextField("категория участников", blank=True)
    count = models.CharField("количество участников", max_length=40, blank=True)
    result = models.JSONField("результат", default=list)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="activity_position", deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self):
        return f"{self.section}: {self.label}"


class ActivityResponsible(Responsible):
    """Who answers for an activity. ``text`` is the whole entry as printed; name, post and phone are told by it."""

    item = models.ForeignKey(Activity, models.CASCADE, related_name="responsibles")
    name = models.CharField(max_length=300, blank=True)
    post = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=120, blank=True)


class ActivityRemarkLeft(RemarkLeft):
    plan = models.ForeignKey(ImplementationPlan, models.CASCADE, related_name="acknowledgements")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code", "row_uid", "fingerprint"], name="activity_remark_left_once",
                                    nulls_distinct=False),
        ]


class ActivityPresence(Presence):
    plan = models.ForeignKey(ImplementationPlan, models.CASCADE, related_name="presences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="one_presence_per_implementation_plan")]


class ActivityMark(models.Model):
    """What became of an activity, with its evidence; the newest word counts."""

    class State(models.TextChoices):
        RUNNING = "running", "Выполняется"
        DONE = "done", "Выполнено"
        MOVED = "moved", "Перенесено"
        NOT_DONE = "not_done", "Не выполнено"
        CANCELLED = "cancelled", "Отменено"

    plan = models.ForeignKey(ImplementationPlan, models.CASCADE, related_name="marks")
    row_uid = models.UUIDField()
    state = models.CharField("что стало", max_length=10, choices=State)
    date = models.DateField("когда", null=True, blank=True)
    note = models.CharField("примечание", max_length=500, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField("ссылка", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "row_uid"], name="one_mark_per_activity")]

    def __str__(self):
        return self.get_state_display()
