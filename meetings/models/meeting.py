import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Body, Membership, User
from projectoffice.common.models import StoredFile
from projectoffice.documents.route import deciding_for
from projectoffice.documents.rows import Responsible, RowQuerySet

from .plan import MeetingPlan, PlanItem

READS_ALL = "documents.read_working"


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office reads everything; participants and members of the body what was announced, its chair and secretary the draft too."""
        if not user.is_authenticated:
            return self.none()
        if may(user, READS_ALL):
            return self
        mine = deciding_for(user)
        taking_part = Participant.objects.filter(meeting=OuterRef("pk"), person__in=mine)
        member = Membership.objects.current().filter(body=OuterRef("body"), person__in=mine)
        # What was put off or called off before anybody heard of it stays with those who prepared it.
        was_told = Q(state__in=[Meeting.State.ANNOUNCED, Meeting.State.HELD]) | (
            Q(state__in=[Meeting.State.MOVED, Meeting.State.CANCELLED]) & Q(known_since__isnull=False))
        return self.filter(Exists(taking_part.leading()) | was_told & (Exists(taking_part) | Exists(member)))

    def for_year(self, year):
        return self.filter(date__year=year)

    def standing(self):
        """Meetings that are still meant to be, or were."""
        return self.exclude(state=Meeting.State.CANCELLED)


class Meeting(models.Model):
    """One meeting of a body, planned or extraordinary: when, where, in which state."""

    class State(models.TextChoices):
        DRAFT = "draft", "Готовится"
        ANNOUNCED = "announced", "Объявлено"
        HELD = "held", "Проведено"
        MOVED = "moved", "Перенесено"
        CANCELLED = "cancelled", "Отменено"

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name="орган")
    plan = models.ForeignKey(MeetingPlan, models.PROTECT, null=True, blank=True, related_name="meetings",
                             help_text="План, строки которого рассматривают; у внеочередного заседания его нет")
    title = models.CharField("тема", max_length=300, blank=True)
    date = models.DateField("дата", null=True, blank=True)
    start = models.TimeField("начало", null=True, blank=True)
    end = models.TimeField("окончание", null=True, blank=True)
    place = models.CharField("место", max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    reason = models.CharField("причина", max_length=500, blank=True, help_text="Почему перенесено или отменено")
    moved_from = models.DateField("перенесено с", null=True, blank=True)
    known_since = models.DateTimeField(null=True, help_text="С какого времени о нём знают: объявлено или проведено впервые")
    started_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Имя события в календарях")
    sequence = models.PositiveIntegerField(default=0, help_text="Который раз рассказываем календарям")
    invited_at = models.DateTimeField(null=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = [F("date").desc(nulls_first=True), "-start", "-pk"]
        indexes = [models.Index(fields=["body", "-date"], name="meeting_of_a_body")]
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(start__isnull=False) & Q(end__gt=F("start")),
                                   name="meeting_ends_after_it_starts",
                                   violation_error_message="Окончание должно быть позже начала."),
            models.CheckConstraint(condition=~Q(state__in=["announced", "held"]) | Q(date__isnull=False),
                                   name="announced_meeting_has_a_date"),
        ]

    def __str__(self):
        return f"Заседание {self.date:%d.%m.%Y}" if self.date else "Заседание, дата не назначена"

    def get_absolute_url(self):
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def protocol(self):
        """The protocol being prepared or in force, with its document; none before it and after its annulment."""
        return self.protocols.living().select_related("document").first()

    @property
    def is_extraordinary(self):
        return self.plan_id is None

    @property
    def is_running(self):
        return self.started_at is not None and self.state == self.State.ANNOUNCED


class ParticipantQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def leading(self):
        """The chair and the secretary."""
        return self.filter(role__in=[Participant.Role.CHAIR, Participant.Role.SECRETARY])

    def present(self):
        return self.filter(attendance=Participant.Attendance.PRESENT)

    def voting(self):
        """Those who count for the quorum and the votes."""
        return self.filter(votes=True)

    def in_order(self):
        """The chair, the secretary, then as they stand in the list."""
        rank = models.Case(
            models.When(role="chair", then=0), models.When(role="secretary", then=1), models.When(role="member", then=2),
            models.When(role="invited", then=3), default=4, output_field=models.PositiveSmallIntegerField(),
        )
        return self.order_by(rank, "position", "pk")


class Participant(models.Model):
    """Who is expected at a meeting, and whether they came; a person of the portal or a typed name."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Председатель"
        SECRETARY = "secretary", "Секретарь"
        MEMBER = "member", "Член"
        INVITED = "invited", "Приглашение"
        GUEST = "guest", "Гость"

    class Attendance(models.TextChoices):
        PRESENT = "present", "Присутствует"
        EXCUSED = "excused", "По уважительной причине"
        ABSENT = "absent", "Отсутствует"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="participants")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="participations")
    name = models.CharField("фамилия и инициалы", max_length=200, help_text="Как печатать")
    post = models.CharField("должность и организация", max_length=300, blank=True)
    role = models.CharField("роль", max_length=10, choices=Role, default=Role.MEMBER)
    votes = models.BooleanField("голосует", default=True, help_text="Входит в кворум")
    attendance = models.CharField("присутствие", max_length=10, choices=Attendance, default=Attendance.PRESENT)
    note = models.CharField("примечание", max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    invited_sequence = models.PositiveIntegerField(null=True, help_text="О какой версии события рассказали")
    told = models.JSONField(default=dict, blank=True, help_text="Что этот человек знает о заседании; пусто – ничего")

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="participant_once",
                                    violation_error_message="Этот человек уже в списке."),
            models.UniqueConstraint(fields=["meeting"], condition=Q(role="chair"), name="one_chair",
                                    violation_error_message="Председатель у заседания один. Смените роль прежнему."),
            models.UniqueConstraint(fields=["meeting"], condition=Q(role="secretary"), name="one_secretary",
                                    violation_error_message="Секретарь у заседания один. Смените роль прежнему."),
        ]

    def __str__(self):
        return self.name


class AgendaItemQuerySet(RowQuerySet):
    def visible_to(self, user):
        """Items of visible meetings; closed ones only to the office, the chair, the secretary and who speaks to them."""
        seen = self.filter(meeting__in=Meeting.objects.visible_to(user))
        if not user.is_authenticated or may(user, READS_ALL):
            return seen
        mine = deciding_for(user)
        leads = Participant.objects.leading().filter(meeting=OuterRef("meeting"), person__in=mine)
        speaks = AgendaSpeaker.objects.filter(item=OuterRef("pk"), person__in=mine)
        is_open = Q(closed=False) & (Q(parent__isnull=True) | Q(parent__closed=False))
        return seen.filter(is_open | Exists(leads) | Exists(speaks))

    def top(self):
        return self.filter(parent__isnull=True)

    def agenda(self):
        """Questions as they stand, with their speakers; a sub-question of a removed question went with it."""
        return self.present().exclude(parent__isnull=False, parent__position__isnull=True).prefetch_related("speakers")


class AgendaItem(models.Model):
    """A question of the agenda, or a sub-question: what was asked, who spoke, what came out.

    ``vote`` is null (there was none), ``{"unanimous": true}`` or ``{"for": 12, "against": 0, "abstained": 1}``
    (``minutes/votes.py``). Heard and discussed are lines. Removed items keep their row with position NULL.
    """

    class Outcome(models.TextChoices):
        NONE = "", "Впереди"
        CONSIDERED = "considered", "Рассмотрен"
        POSTPONED = "postponed", "Перенесён"
        WITHDRAWN = "withdrawn", "Снят с повестки"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(null=True)
    title = models.CharField("вопрос", max_length=1000)
    formula = models.CharField("в повестке и протоколе", max_length=1000, blank=True,
                               help_text="«О подведении итогов…»; пусто – как в вопросе")
    is_misc = models.BooleanField("«Разное»", default=False)
    minutes = models.PositiveSmallIntegerField("минут", null=True, blank=True)
    plan_item = models.ForeignKey(PlanItem, models.PROTECT, null=True, blank=True, related_name="agenda_items")
    plan_line = models.PositiveSmallIntegerField(null=True, help_text="Место строки темы, с нуля")
    plan_text = models.TextField(blank=True, help_text="Слова плана, какими они были")
    origin = models.ForeignKey("self", models.SET_NULL, null=True, related_name="carried_to",
                               help_text="Вопрос прошлого заседания, который не закончили")
    added = models.BooleanField("дополнительный", default=False)
    inclusion_vote = models.JSONField(null=True, blank=True)
    closed = models.BooleanField("закрытый", default=False,
                                 help_text="Видят офис, председатель, секретарь и докладчики вопроса")
    outcome = models.CharField("итог", max_length=10, choices=Outcome, blank=True, default=Outcome.NONE)
    outcome_note = models.CharField("почему, на когда", max_length=500, blank=True)
    heard = models.JSONField("слушали", default=list, blank=True)
    discussed = models.JSONField("выступили", default=list, blank=True)
    vote = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(null=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["meeting", "position"], name="agenda_in_order")]

    def __str__(self):
        return self.printed

    @property
    def printed(self):
        """The question in its printed formula."""
        return self.formula or self.title


class AgendaSpeaker(Responsible):
    """Who speaks to a question; ``declined`` is the name as it stands after СЛУШАЛИ («Иванову И.И.»)."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="speakers")
    declined = models.CharField("в винительном падеже", max_length=300, blank=True)


class AgendaMaterialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of questions that stand on the agenda; one that was removed takes them along."""
        return self.present().filter(item__in=AgendaItem.objects.visible_to(user).present())

    def present(self):
        """Files that were not taken away; those keep their row for «Вернуть»."""
        return self.filter(removed=False)


class AgendaMaterial(models.Model):
    """A file to read for a question."""

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="materials")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    title = models.CharField("название", max_length=300)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    removed = models.BooleanField(default=False)

    objects = AgendaMaterialQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.title
