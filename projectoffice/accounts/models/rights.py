from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from projectoffice.common.models import StoredFile

from .dated import Dated, DatedQuerySet
from .person import User


class Role(models.TextChoices):
    """Office-wide roles; every other right comes from relations."""

    DEPARTMENT_HEAD = "department_head", "Руководитель департамента"
    OFFICE_HEAD = "office_head", "Руководитель Проектного офиса"
    OFFICE_STAFF = "office_staff", "Сотрудник Проектного офиса"
    ADMINISTRATOR = "administrator", "Администратор"


class RoleAssignment(Dated):
    """An office-wide role of a person, with dates."""

    person = models.ForeignKey(User, models.CASCADE, related_name="role_assignments", verbose_name="человек")
    role = models.CharField("роль", max_length=20, choices=Role)

    class Meta(Dated.Meta):
        ordering = ["role", "person__surname"]

    def __str__(self):
        return f"{self.person}: {self.get_role_display()}"


class SubstitutionQuerySet(DatedQuerySet):
    """``on(day)`` asks about the days alone: who signed on paper that day; the others ask who acts now."""

    def current(self):
        return super().current().filter(ended_at__isnull=True)

    def going_on_or_coming(self):
        return self.filter(until__gte=timezone.localdate(), ended_at__isnull=True)


class Substitution(Dated):
    """Who acts for whom, from when to when, by which order. Two acting persons at once cannot be."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="substituted_by", verbose_name="кого замещают")
    acting = models.ForeignKey(User, models.PROTECT, related_name="acts_for", verbose_name="кто замещает")
    post = models.CharField("должность в подписи", max_length=300,
                            help_text="Как печатать: «И.о. руководителя Проектного офиса»")
    basis = models.CharField("основание", max_length=300, help_text="Например: приказ от 01.06.2027 № 84")
    ended_at = models.DateTimeField(null=True, editable=False,
                                    help_text="Закончено в первый же день: с этой минуты оно не действует")

    objects = SubstitutionQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ["-since", "-pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(absent=F("acting")), name="substitution_of_another",
                violation_error_message="Человек не может замещать сам себя.",
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=False, until__isnull=False), name="substitution_has_dates",
                violation_error_message="Укажите обе даты замещения.",
            ),
            ExclusionConstraint(
                name="one_substitute_at_a_time",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    (
                        Func(F("since"), F("until"), RangeBoundary(inclusive_upper=True),
                             function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message="В эти дни этого человека уже кто-то замещает.",
            ),
        ]

    def __str__(self):
        return f"{self.acting} за {self.absent}"

    def is_current(self):
        return self.ended_at is None and super().is_current()

    @property
    def is_over(self):
        return self.ended_at is not None or self.until < timezone.localdate()


class TokenQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(used_at__isnull=True, expires_at__gt=timezone.now())


class TokenBase(models.Model):
    """A mailed one-time link; only the hash of its token is kept."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        abstract = True


class Invitation(TokenBase):
    """An invitation to choose a login name and a password."""

    person = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self):
        return f"Приглашение: {self.person}"


class LoginLink(TokenBase):
    """A one-time link that logs its person in."""

    def __str__(self):
        return f"Ссылка для входа: {self.person}"


class OnBehalf(models.Model):
    """What somebody wrote, phoned or sent on paper and the office entered: source, date, file, recorder."""

    source = models.CharField("источник", max_length=200, blank=True, help_text="Письмо, звонок, бумага")
    source_date = models.DateField("дата", null=True, blank=True)
    source_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
