from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Body, User
from projectoffice.documents.models import Document, PaperQuerySet
from projectoffice.documents.route import deciding_for

from .meeting import READS_ALL, AgendaItem, Meeting, Participant


class ProtocolQuerySet(PaperQuerySet):
    def living(self):
        """Those being prepared, signed or in force: one of a meeting."""
        return self.filter(annulled=False)

    def asked_of_the_chair(self):
        """Drafts the chair was asked to read and has not answered; what was sent since then asks nothing more."""
        asked = F("shown_to_chair_at")
        answered = Q(chair_answered_at__isnull=True) | Q(chair_answered_at__lt=asked)
        sent = Q(document__sent_at__isnull=True) | Q(document__sent_at__lt=asked)
        return self.living().filter(answered, sent, document__state=Document.State.DRAFT, shown_to_chair_at__isnull=False)


class Protocol(models.Model):
    """The protocol of a meeting: the content of a document; its items are those of the agenda.

    An annulled one stays with its meeting, and another may be put together.
    """

    KIND = "protocol"

    class DecidedWord(models.TextChoices):
        RESHILI = "РЕШИЛИ", "РЕШИЛИ"
        POSTANOVILI = "ПОСТАНОВИЛИ", "ПОСТАНОВИЛИ"

    document = models.OneToOneField(Document, models.PROTECT, related_name="protocol")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="protocols", related_query_name="protocol")
    annulled = models.BooleanField(default=False, help_text="Документ отменён; по заседанию можно собрать другой")
    is_short = models.BooleanField("краткая форма", default=False)
    organization = models.TextField("организация", blank=True, help_text="По строкам, над словом ПРОТОКОЛ")
    heading = models.CharField("чего протокол", max_length=300, help_text="«заседания Проектного офиса …»")
    decided_word = models.CharField("слово решения", max_length=12, choices=DecidedWord, default=DecidedWord.RESHILI)
    attendance_limit = models.PositiveSmallIntegerField("перечислять до", default=15,
                                                        help_text="Больше – «N человек (список прилагается)»")
    attachments = models.JSONField("приложения", default=list, blank=True, help_text="Названия по порядку")
    opinions = models.JSONField("особое мнение", default=list, blank=True)
    quorum = models.CharField("кворум", max_length=10, choices=Body.Quorum, default=Body.Quorum.HALF,
                              help_text="Правило органа, каким оно было, когда протокол собрали")
    had_closed = models.BooleanField(default=False, help_text="Какая-нибудь его редакция содержала закрытый вопрос")
    shown_to_chair_at = models.DateTimeField(null=True)
    chair_answered_at = models.DateTimeField(null=True, help_text="Последнее замечание председателя или его «Замечаний нет»")
    version = models.PositiveIntegerField(default=1)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting"], condition=Q(annulled=False), name="one_living_protocol_of_a_meeting"),
        ]

    def __str__(self):
        return self.document.title

    def get_absolute_url(self):
        return reverse("meetings:protocol", args=[self.pk])

    @property
    def is_answered_by_chair(self):
        """The chair has answered the last asking."""
        return bool(self.shown_to_chair_at and self.chair_answered_at and self.chair_answered_at >= self.shown_to_chair_at)


class ProtocolRemarkQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(protocol__in=Protocol.objects.visible_to(user))

    def open(self):
        return self.filter(state=ProtocolRemark.State.OPEN)


class ProtocolRemark(models.Model):
    """What the chair wants changed in a draft; the secretary accepts or declines it."""

    class State(models.TextChoices):
        OPEN = "open", "Ждёт ответа"
        ACCEPTED = "accepted", "Учтено"
        DECLINED = "declined", "Отклонено"

    protocol = models.ForeignKey(Protocol, models.CASCADE, related_name="remarks")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="+",
                             help_text="Вопрос, о котором замечание; пусто – обо всём протоколе")
    text = models.TextField("замечание")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField("ответ", max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ProtocolRemarkQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return self.text[:80]


class ProtocolExtract(models.Model):
    """An extract: chosen decisions of an issued protocol with their original numbers, certified «Верно»."""

    KIND = "protocol_extract"

    document = models.OneToOneField(Document, models.PROTECT, related_name="protocol_extract")
    protocol = models.ForeignKey(Protocol, models.PROTECT, related_name="extracts")
    edition_number = models.PositiveSmallIntegerField("редакция протокола")
    chosen = models.JSONField("решения", default=list, help_text="Имена (uid) решений или вопросов без решений")
    addressee = models.CharField("кому", max_length=300, blank=True)
    original = models.CharField("где хранится подлинник", max_length=500, blank=True,
                                help_text="Печатается в выписке для другой организации")
    closed = models.BooleanField(default=False, help_text="Есть решение закрытого вопроса")
    readers = ArrayField(models.IntegerField(), default=list, help_text="Кому поручены выбранные решения")
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    def __str__(self):
        return self.document.title

    def get_absolute_url(self):
        return reverse("meetings:extract", args=[self.pk])


class MeetingBrief(models.Model):
    """«Оргпроект встречи»: goal, tasks, expected results, products, plan, when and where; a document of its own."""

    KIND = "meeting_brief"

    document = models.OneToOneField(Document, models.PROTECT, related_name="meeting_brief")
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="brief")
    title = models.TextField("заголовок", help_text="По строкам, как печатать")
    goal = models.TextField("цель", blank=True)
    tasks = models.JSONField("задачи", default=list, blank=True)
    results = models.JSONField("планируемый результат", default=list, blank=True)
    products = models.JSONField("примерный продукт", default=list, blank=True)
    plan = models.JSONField("примерный план", default=list, blank=True)
    when = models.CharField("дата и время", max_length=200, blank=True)
    place = models.CharField("место", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaperQuerySet.as_manager()

    def __str__(self):
        return self.document.title

    def get_absolute_url(self):
        return reverse("meetings:brief", args=[self.pk])


class ProtocolEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What is in force of readable protocols; closed questions only to the office and who leads the meeting.

        For readers of some protocols these are asked first and stand in the question as keys: looking for words
        then touches the entries alone.
        """
        protocols = Document.objects.visible_to(user, Protocol.KIND).order_by()
        if not user.is_authenticated or may(user, READS_ALL):
            return self.filter(document__in=protocols)
        readable = list(protocols.values_list("pk", flat=True))
        led = Participant.objects.leading().filter(person__in=deciding_for(user), meeting__protocol__document__in=readable)
        led = list(led.values_list("meeting__protocol__document", flat=True))
        return self.filter(Q(closed=False) | Q(document__in=led), document__in=readable)


class ProtocolEntry(models.Model):
    """One thing one may look for in the protocols in force: a question, a decision, an assignment.

    Written when a protocol is issued, from what is issued; written anew with each edition, gone when it is annulled.
    """

    class Kind(models.TextChoices):
        ITEM = "item", "Вопрос"
        DECISION = "decision", "Решение"
        ASSIGNMENT = "assignment", "Поручение"

    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    uid = models.UUIDField(help_text="Вопрос повестки или решение")
    position = models.PositiveIntegerField()
    number = models.CharField(max_length=20, blank=True)
    date = models.DateField(help_text="День заседания")
    title = models.CharField(max_length=1000, help_text="Вопрос")
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=AgendaItem.Outcome, blank=True)
    closed = models.BooleanField(default=False)
    people = ArrayField(models.IntegerField(), default=list, help_text="Докладчики, исполнители, контролёр")
    vector = models.GeneratedField(
        expression=SearchVector("title", "text", config="russian"), output_field=SearchVectorField(), db_persist=True
    )

    objects = ProtocolEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "document", "position"]
        indexes = [
            GinIndex(fields=["vector"], name="protocol_entry_words"),
            GinIndex(fields=["people"], name="protocol_entry_people"),
            models.Index(fields=["-date", "document", "position"], name="protocol_entry_newest"),
        ]

    def __str__(self):
        return f"{self.number} {self.text or self.title}"[:80]
