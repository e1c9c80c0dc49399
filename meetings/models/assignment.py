import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, OnBehalf, Post, User
from projectoffice.common.models import StoredFile
from projectoffice.documents.models import Document
from projectoffice.documents.route import deciding_for
from projectoffice.documents.rows import RowQuerySet

from .meeting import READS_ALL, AgendaItem, Meeting


class Charge(models.Model):
    """What is to be done, by whom, until when: of a decision being written, or of an assignment.

    ``executor_text`` is what is printed («Белову С.И.», «руководителям школ»); ``due`` is the term as typed.
    """

    executor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="%(class)ss_to_do",
                                 verbose_name="исполнитель")
    executor_text = models.CharField("кому", max_length=300, blank=True)
    co_executors = models.ManyToManyField(User, blank=True, related_name="%(class)ss_to_help", verbose_name="соисполнители")
    controller = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="%(class)ss_to_control",
                                   verbose_name="контролёр")
    due = models.CharField("срок", max_length=300, blank=True)
    due_start = models.DateField(null=True, blank=True)
    due_end = models.DateField(null=True, blank=True)
    is_permanent = models.BooleanField("постоянно", default=False)

    class Meta:
        abstract = True


class ResolutionQuerySet(RowQuerySet):
    def visible_to(self, user):
        return self.filter(item__in=AgendaItem.objects.visible_to(user))


class Resolution(Charge):
    """A decision of a question (1.1, 1.2); with ``is_charge`` it becomes an assignment when the protocol is issued."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="resolutions")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    position = models.PositiveIntegerField(null=True)
    text = models.TextField("решение", blank=True)
    is_charge = models.BooleanField("поручение", default=False)
    institutions = models.ManyToManyField(Institution, blank=True, related_name="+", verbose_name="учреждения")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.text[:80]


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office and its heads see all; others what they do, help with, control, or what their institution does."""
        if not user.is_authenticated:
            return self.none()
        if may(user, READS_ALL):
            return self
        controlled = Assignment.objects.order_by().filter(controller__in=deciding_for(user)).values("pk")
        return self.filter(pk__in=controlled.union(*Assignment.done_by(user)))

    def open(self):
        return self.filter(state__in=Assignment.OPEN)

    def to_do(self):
        """Those somebody has to work on: a report being checked waits for the controller."""
        return self.filter(state__in=Assignment.TO_DO)

    def overdue(self, day):
        """Still to do past their due date on this day of the office."""
        return self.to_do().filter(due_end__lt=day)


class Assignment(Charge):
    """Something somebody answers for: born of a decision when its protocol is issued, or given by hand."""

    class State(models.TextChoices):
        ACTIVE = "active", "В работе"
        REPORTED = "reported", "На проверке"
        RETURNED = "returned", "Возвращено"
        DONE = "done", "Исполнено"
        CANCELLED = "cancelled", "Снято с контроля"

    OPEN = (State.ACTIVE, State.REPORTED, State.RETURNED)
    TO_DO = (State.ACTIVE, State.RETURNED)

    text = models.TextField("поручение")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    resolution = models.ForeignKey(Resolution, models.PROTECT, null=True, related_name="assignments")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="assignments")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="assignments")
    edition_number = models.PositiveSmallIntegerField(null=True)
    number = models.CharField("пункт", max_length=20, blank=True, help_text="Номер решения в протоколе: 2.1")
    ground = models.CharField("основание", max_length=300, blank=True, help_text="Для поручения без протокола")
    closed = models.BooleanField(default=False, help_text="Из закрытого вопроса")
    first_due_end = models.DateField(null=True, blank=True, help_text="Срок, каким его дали сначала")
    extension_count = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField("исполнено", null=True, blank=True)
    cancel_reason = models.CharField("почему снято", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_end", "pk"]
        indexes = [
            models.Index(fields=["due_end", "id"], name="assignment_open_by_due",
                         condition=Q(state__in=["active", "reported", "returned"])),
            models.Index(fields=["executor", "state", "due_end"], name="assignment_of_a_person"),
            models.Index(fields=["controller", "state"], name="assignment_to_control"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["resolution"], name="one_open_assignment_of_a_decision",
                                    condition=Q(state__in=["active", "reported", "returned"])),
            models.CheckConstraint(condition=~Q(state="done") | Q(done_on__isnull=False), name="done_has_a_day"),
        ]

    def __str__(self):
        return self.text[:80].rstrip(".")

    def get_absolute_url(self):
        return reverse("meetings:assignment", args=[self.pk])

    @classmethod
    def done_by(cls, user):
        """Ids of what this person, oneself or acting, executes or helps with, and of what the own institutions do.

        Three queries for a union: each of them is one walk along an index, an OR of them would read every row.
        """
        mine = deciding_for(user)
        places = Post.objects.current().filter(person=user, institution__isnull=False).values("institution")
        return (
            cls.objects.order_by().filter(executor__in=mine).values("pk"),
            cls.co_executors.through.objects.filter(user__in=mine).values("assignment"),
            AssignmentTick.objects.order_by().filter(institution__in=places).values("assignment"),
        )

    @property
    def is_open(self):
        return self.state in self.OPEN


class PartOfAssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class AssignmentTick(models.Model):
    """One institution of an assignment given to many («всем школам»), ticked when it has done its part."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="ticks")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    objects = PartOfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["institution__kind", "institution__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "institution"], name="tick_once")]

    def __str__(self):
        return str(self.institution)


class AssignmentReport(OnBehalf):
    """What the executor says was done; the controller accepts it or returns it with words."""

    class Verdict(models.TextChoices):
        WAITING = "", "На проверке"
        ACCEPTED = "accepted", "Принят"
        RETURNED = "returned", "Возвращён"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reports")
    text = models.TextField("что сделано")
    done_on = models.DateField("сделано")
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default=Verdict.WAITING)
    answer = models.CharField("ответ контролёра", max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = PartOfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(verdict=""), name="one_report_to_check")
        ]

    def __str__(self):
        return f"{self.assignment}: отчёт"


class AssignmentExtension(models.Model):
    """The executor asks for a later date with a reason; the controller grants or refuses."""

    class Verdict(models.TextChoices):
        WAITING = "", "Ждёт решения"
        GRANTED = "granted", "Срок перенесён"
        REFUSED = "refused", "Отказано"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions")
    due_before = models.DateField("был срок", null=True)
    due_after = models.DateField("просят до")
    reason = models.CharField("причина", max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default=Verdict.WAITING)
    answer = models.CharField("ответ", max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = PartOfAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(verdict=""), name="one_extension_asked")
        ]

    def __str__(self):
        return f"{self.assignment}: перенос срока до {self.due_after:%d.%m.%Y}"
