"""Abstract rows of a paper table and their responsibles, for every table document."""
import uuid

from django.db import models
from django.utils import timezone

from projectoffice.accounts.models import User


class RowQuerySet(models.QuerySet):
    def present(self):
        """Rows that stand in the table; removed ones are kept for "Вернуть" and for earlier editions."""
        return self.filter(position__isnull=False)


class TableContent(models.Model):
    """What holds a table beside its ``document``: the printed title and the period its terms are read in."""

    title = models.TextField("заголовок", help_text="По строкам, как печатать")
    period_start = models.DateField("начало периода")
    period_end = models.DateField("конец периода")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self):
        return self.document.title

    @property
    def year(self):
        """The first year of the period."""
        return self.period_start.year

    @property
    def is_school_year(self):
        return self.period_start.year != self.period_end.year


class Row(models.Model):
    """A row: its uid drives comparison, remarks and fulfilment; position is NULL once it is removed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(null=True)
    label = models.CharField("№ п/п", max_length=20, blank=True)
    term = models.CharField("срок", max_length=300, blank=True)
    term_start = models.DateField(null=True, blank=True)
    term_end = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class Responsible(models.Model):
    """Who answers for a row: a person, or a role or collective as typed. ``text`` is what is printed."""

    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text


class RemarkLeft(models.Model):
    """A warning of a linter a person leaves as it is; it lapses when the cell changes (another fingerprint).

    Each table has its own, with the foreign key ``plan`` to what the rows stand in.
    """

    code = models.CharField(max_length=40)
    row_uid = models.UUIDField(null=True)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.code}: оставлено как есть"


class Presence(models.Model):
    """Who has a row open just now («Белов С.И. правит строку 3»); stale after a minute. ``plan`` as above."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    row_uid = models.UUIDField()
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.person} правит строку"
