"""What every app writes beside its own rows: history, letters, files, keys of forms, days off."""
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .job_kinds import kinds_seen_by
from .masking import hide_secrets
from .policy import has_right


class EventQuerySet(models.QuerySet):
    def about(self, obj):
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class Event(models.Model):
    """One line of history: who did what to which object. Insert-only, in the database too."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    sentence = models.CharField(max_length=300, help_text="Как событие читается в истории")
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    target = GenericForeignKey("content_type", "object_id")
    changes = models.JSONField(default=dict)
    moment = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-moment", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "-moment"], name="event_target")]

    def __str__(self):
        return self.sentence


def stored_name(instance, filename):
    """A random name without extension: what a file was called is only ever shown, never used."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}"


class StoredFile(models.Model):
    """An uploaded file, checked by content, kept under a random name, always given out as an attachment."""

    name = models.CharField("имя файла", max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    data = models.FileField(upload_to=stored_name, max_length=100)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.name


class MailState(models.TextChoices):
    QUEUED = "queued", "В очереди"
    RETRY = "retry", "Повторим"
    SENT = "sent", "Передано почтовому серверу"
    FAILED = "failed", "Не доставлено"
    HELD = "held", "Ждёт проверки"


class OutgoingMailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Letters are the office's business; their one-time links are hidden even there."""
        return self if has_right(user, "accounts.view_mail") else self.none()

    def about(self, obj):
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)

    def found(self, words):
        """By address, subject or the person's surname."""
        return self.filter(
            models.Q(address__icontains=words) | models.Q(subject__icontains=words)
            | models.Q(person__surname__icontains=words)
        )


class OutgoingMail(models.Model):
    """A letter written in the transaction of the action it tells about; the job worker sends it."""

    key = models.CharField(max_length=200, unique=True, help_text="Одно событие – одно письмо")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="letters")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True)
    object_id = models.BigIntegerField(null=True)
    about = GenericForeignKey("content_type", "object_id")
    message_id = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="mail_due",
                condition=models.Q(state__in=["queued", "retry"]),
            ),
            models.Index(fields=["address"], name="mail_to_an_address"),
        ]

    def __str__(self):
        return f"{self.subject} → {self.address}"

    def get_absolute_url(self):
        return reverse("common:letter", args=[self.pk])

    @property
    def shown_body(self):
        return hide_secrets(self.body)


class MailAttachment(models.Model):
    """What goes along with a letter, kept with it so that a retry sends the same bytes."""

    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    data = models.BinaryField()

    def __str__(self):
        return self.name


class IdempotencyKey(models.Model):
    """A form that creates something carries a key: sent twice, it is done once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    action = models.CharField(max_length=60)
    key = models.UUIDField()
    result = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "action", "key"], name="key_once", nulls_distinct=False)
        ]

    def __str__(self):
        return f"{self.action}: {self.key}"


class DutyRun(models.Model):
    """When a periodic duty last went well, and when it last failed since."""

    name = models.CharField(max_length=200, unique=True)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)

    def __str__(self):
        return self.name


class CalendarDay(models.Model):
    """A day that differs from the ordinary calendar: a day off moved by the Government, or a working Saturday."""

    date = models.DateField("дата", unique=True)
    is_off = models.BooleanField("выходной")
    note = models.CharField("основание", max_length=200, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%d.%m.%Y} – {'выходной' if self.is_off else 'рабочий'}"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who started it, and who has the right its kind asks for."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(by=user) | models.Q(kind__in=kinds_seen_by(user)))

    def about(self, obj):
        return self.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


class Job(models.Model):
    """Long work over many items, done by the worker: what it is, how far it is, what came of it (common/jobs.py)."""

    class State(models.TextChoices):
        QUEUED = "queued", "В очереди"
        RUNNING = "running", "Идёт"
        DONE = "done", "Готово"
        FAILED = "failed", "Сделано не всё"

    GOING = (State.QUEUED, State.RUNNING)

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    items = models.JSONField(default=list)
    arguments = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0, help_text="Сколько раз брались за следующую часть")
    faults = models.JSONField(default=list)
    words = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", help_text="Что получилось в целом")
    content_type = models.ForeignKey(ContentType, models.PROTECT)
    object_id = models.BigIntegerField()
    about = GenericForeignKey("content_type", "object_id")
    back = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "content_type", "object_id"], condition=models.Q(state__in=["queued", "running"]),
                                    name="one_job_under_way"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="job_does_what_there_is"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("common:job", args=[self.pk])

    @property
    def is_going(self):
        return self.state in self.GOING
