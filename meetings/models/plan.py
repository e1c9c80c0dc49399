from django.db import models
from django.urls import reverse

from projectoffice.accounts.models import Body
from projectoffice.documents.models import Document, PaperQuerySet
from projectoffice.documents.rows import Presence, RemarkLeft, Responsible, Row, TableContent


class MeetingPlanQuerySet(PaperQuerySet):
    def for_year(self, year):
        return self.filter(period_start__year=year)


class MeetingPlan(TableContent):
    """The yearly plan of meetings of a body: the content of a document of its own kind."""

    KIND = "meeting_plan"

    document = models.OneToOneField(Document, models.PROTECT, related_name="meeting_plan")
    body = models.ForeignKey(Body, models.PROTECT, related_name="plans")
    source_years = models.JSONField(default=list, blank=True,
                                    help_text="Годы в тексте, который взят из прошлого плана")

    objects = MeetingPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "period_start"], name="one_plan_per_body_and_period",
                                    violation_error_message="План этого органа на этот период уже есть."),
            models.CheckConstraint(condition=models.Q(period_end__gt=models.F("period_start")),
                                   name="plan_period_in_order"),
        ]

    def get_absolute_url(self):
        return reverse("meetings:plan", args=[self.pk])

    @property
    def period_words(self):
        """«2027 год», «2026/2027 учебный год»."""
        start, end = self.period_start.year, self.period_end.year
        return f"{start}/{end} учебный год" if self.is_school_year else f"{start} год"


class PlanItem(Row):
    """A row of the plan: number as printed, topics, term, responsibles."""

    plan = models.ForeignKey(MeetingPlan, models.CASCADE, related_name="items")
    topics = models.JSONField("тема", default=list)
    section = models.CharField("подзаголовок", max_length=300, blank=True,
                               help_text="Строка через всю таблицу, под которой стоит эта; одинаковый – одна на всех подряд")

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plan_item_position",
                                    deferrable=models.Deferrable.DEFERRED),
        ]

    def __str__(self):
        return f"{self.plan}, строка {self.position}"


class PlanResponsible(Responsible):
    """Who prepares the meeting: a person, a role or a collective."""

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="responsibles")


class RemarkAcknowledgement(RemarkLeft):
    plan = models.ForeignKey(MeetingPlan, models.CASCADE, related_name="acknowledgements")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "code", "row_uid", "fingerprint"], name="acknowledged_once",
                                    nulls_distinct=False),
        ]


class RowPresence(Presence):
    plan = models.ForeignKey(MeetingPlan, models.CASCADE, related_name="presences")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "person"], name="one_presence_per_plan")]
