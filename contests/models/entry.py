import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from portfolios.models import Project
from portfolios.models.project import institutions_of
from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, OnBehalf, User
from projectoffice.common.models import StoredFile
from projectoffice.documents.route import deciding_for

from .contest import Contest, EntryField, Nomination

RUNS = "contests.run_contests"


class EntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office sees all but what is covered, a team its own, an expert what was given to that expert and is not in conflict."""
        if not user.is_authenticated:
            return self.none()
        if may(user, RUNS):
            return self.uncovered(user)
        return self.filter(Q(pk__in=Entry.objects.of_team(user).values("pk")) | Q(pk__in=Entry.objects.to_score(user).values("pk")))

    def of_team(self, user):
        """Entries this person writes: began them, is an author, or works in the institution that enters."""
        if not user.is_authenticated:
            return self.none()
        mine = deciding_for(user)
        author = EntryAuthor.objects.filter(entry=OuterRef("pk"), person__in=mine)
        return self.filter(Q(created_by__in=mine) | Exists(author) | Q(institution__in=institutions_of(user)))

    def written_by(self, user):
        """Entries whose working text this person may read: the office, the team; never an expert."""
        if not user.is_authenticated:
            return self.none()
        return self.uncovered(user) if may(user, RUNS) else self.filter(pk__in=Entry.objects.of_team(user).values("pk"))

    def uncovered(self, user):
        """Without works of a blind contest that goes on in which this person scores: the office's too read there what experts read."""
        from .expert import Expert

        scores = Expert.objects.scorers().filter(person=user.pk, contest__is_blind=True, contest__state=Contest.State.ANNOUNCED)
        return self.exclude(contest__in=scores.values("contest"))

    def to_score(self, user):
        """Entries given to this person as an expert; never for whom one stands in, never where a conflict is known."""
        from .expert import Recusal, Review

        given = Review.objects.active().filter(expert__person=user.pk).values("entry")
        return self.filter(state=Entry.State.ADMITTED, pk__in=given).exclude(pk__in=Recusal.objects.entries_of(user))

    def tied_to(self, institution):
        """Entries of this institution, and those it is a partner of."""
        partner = Entry.partners.through.objects.filter(institution=institution).values("entry")
        return self.filter(Q(institution=institution) | Q(pk__in=partner))

    def taken_part(self):
        """Entries that are judged: admitted by the technical check."""
        return self.filter(state=Entry.State.ADMITTED)


class Entry(models.Model):
    """A work entered by a team of an institution; its number is given when it is first submitted."""

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        SUBMITTED = "submitted", "На технической экспертизе"
        RETURNED = "returned", "Возвращена на исправление"
        ADMITTED = "admitted", "Допущена"
        REJECTED = "rejected", "Отклонена"
        WITHDRAWN = "withdrawn", "Отозвана"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, models.PROTECT, related_name="entries")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="entries", verbose_name="номинация")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="entries", verbose_name="учреждение")
    partners = models.ManyToManyField(Institution, blank=True, related_name="+", verbose_name="учреждения-партнёры")
    title = models.CharField("название работы", max_length=300)
    number = models.PositiveIntegerField("номер", null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_reason = models.CharField("причина", max_length=1000, blank=True)
    withdrawn_by_office = models.BooleanField("отозвал офис", default=False)
    submitted_at = models.DateTimeField(null=True)
    correct_until = models.DateTimeField("исправить до", null=True)
    signed_scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="скан с подписью")
    onsite_order = models.PositiveIntegerField("очередь выступления", null=True)
    chair_order = models.PositiveIntegerField("решение председателя", null=True)
    chair_total = models.CharField("итог, о котором решал председатель", max_length=200, blank=True)
    project = models.OneToOneField(Project, models.PROTECT, null=True, related_name="entry", verbose_name="проект")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["contest", "state"], name="entry_of_a_contest")]
        constraints = [
            models.UniqueConstraint(fields=["contest", "number"], name="entry_number_once"),
            models.UniqueConstraint(fields=["nomination", "onsite_order"], name="onsite_order_once", deferrable=models.Deferrable.DEFERRED),
            models.CheckConstraint(condition=Q(state="draft") | Q(state="withdrawn") | Q(number__isnull=False, submitted_at__isnull=False),
                                   name="submitted_entry_has_number_and_moment"),
            models.CheckConstraint(condition=~Q(state="returned") | Q(correct_until__isnull=False), name="returned_entry_has_a_date"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("contests:entry", args=[self.pk])


class PartOfEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(entry__in=Entry.objects.visible_to(user))


class EntryAuthor(models.Model):
    """An author: a person of the portal or a typed name; one of them is called when something is unclear."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="authors")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="entries_written", verbose_name="человек")
    name = models.CharField("фамилия, имя, отчество", max_length=200)
    post = models.CharField("должность", max_length=300, blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.EmailField("почта", blank=True)
    is_contact = models.BooleanField("с кем связаться", default=False)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["entry"], condition=Q(is_contact=True), name="one_contact")]

    def __str__(self):
        return self.name


class EntryAnswer(models.Model):
    """What was written under a question of the nomination."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="answers")
    field = models.ForeignKey(EntryField, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)

    objects = PartOfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["field__position", "pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="answer_once")]

    def __str__(self):
        return f"{self.field}"


class EntryFile(models.Model):
    """A file of an entry; taken out it stays in the row, because a submission names it."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    removed = models.BooleanField(default=False)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = PartOfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.file)


class EntrySubmission(OnBehalf):
    """What was submitted, frozen; experts and the technical check read it. Insert-only, in the database too."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    snapshot = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PartOfEntryQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "-number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="entry_submission_once")]

    def __str__(self):
        return f"{self.entry}, отправка {self.number}"


class TechnicalCheck(models.Model):
    """The outcome of the technical check of one submission. Insert-only: another outcome is another row."""

    class Outcome(models.TextChoices):
        ADMITTED = "admitted", "Допущена"
        REMARKS = "remarks", "Допущена с замечаниями"
        RETURNED = "returned", "Возвращена на исправление"
        REJECTED = "rejected", "Отклонена"

    submission = models.ForeignKey(EntrySubmission, models.PROTECT, related_name="checks")
    outcome = models.CharField("исход", max_length=8, choices=Outcome)
    words = models.TextField("замечания или причина", blank=True)
    correct_until = models.DateTimeField("исправить до", null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="admitted") | ~Q(words=""), name="check_says_why",
                                   violation_error_message="Напишите, что не так: без этого команда не поймёт, за что взяться."),
            models.CheckConstraint(condition=~Q(outcome="returned") | Q(correct_until__isnull=False), name="check_says_until_when",
                                   violation_error_message="Укажите день и час, до которых ждёте исправления."),
        ]

    def __str__(self):
        return self.get_outcome_display()
