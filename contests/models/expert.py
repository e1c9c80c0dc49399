from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower, Replace, Trim
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, Post, Substitution, User

from .contest import Contest, Criterion, Nomination
from .entry import RUNS, Entry, EntryAuthor


class ExpertQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office sees who scores; an expert sees only oneself once invited, nobody else learns the names."""
        if not user.is_authenticated:
            return self.none()
        if may(user, RUNS):
            return self
        return self.filter(person=user.pk, contest__in=Contest.objects.public()).exclude(state=Expert.State.LISTED)

    def accepted(self):
        return self.filter(state=Expert.State.ACCEPTED)

    def scorers(self):
        """Who is asked to score, does, or ever had a work: what others marked is kept from them while the contest goes on."""
        had_work = Review.objects.filter(expert=OuterRef("pk"))
        return self.filter(Q(state__in=[Expert.State.INVITED, Expert.State.ACCEPTED]) | Q(Exists(had_work)))


class Expert(models.Model):
    """A person asked to score in a contest: accepted or declined by the link of the letter."""

    class State(models.TextChoices):
        LISTED = "listed", "Не приглашён"
        INVITED = "invited", "Приглашён"
        ACCEPTED = "accepted", "Согласился"
        DECLINED = "declined", "Отказался"
        REMOVED = "removed", "Выведен"

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="experts")
    person = models.ForeignKey(User, models.PROTECT, related_name="expert_in", verbose_name="эксперт")
    state = models.CharField(max_length=8, choices=State, default=State.LISTED)
    reason = models.CharField("причина", max_length=500, blank=True)
    most_entries = models.PositiveSmallIntegerField("работ не больше", null=True, blank=True)
    nominations = models.ManyToManyField(Nomination, blank=True, related_name="+", verbose_name="в каких номинациях",
                                         help_text="Ничего не отмечено – во всех")
    is_arbiter = models.BooleanField("только третий эксперт", default=False)
    token_hash = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "person"], name="expert_once",
                                               violation_error_message="Этот эксперт в конкурсе уже есть.")]

    def __str__(self):
        return str(self.person)


def key_of_name(name):
    """A full name as it is compared: without regard to capitals and ё."""
    return " ".join(name.lower().replace("ё", "е").split())


def key_of_person(person):
    return key_of_name(person.full_name) if getattr(person, "surname", "") else ""


def stored_key(field):
    """``key_of_name`` as the database asks it: blanks in a row are halved until one is left of as many as anybody types."""
    key = Replace(Replace(Lower(field), Value("ё"), Value("е")), Value("\u00a0"), Value(" "))
    for _ in range(3):
        key = Replace(key, Value("  "), Value(" "))
    return Trim(key)


class OfExpertQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(expert__in=Expert.objects.visible_to(user))


class RecusalQuerySet(OfExpertQuerySet):
    def in_force(self):
        return self.filter(lifted_at__isnull=True)

    def ties_of(self, user):
        """``(people, institutions)`` whose entries are this person's own as well: oneself and whom one stands in for, barred institutions."""
        declared = self.in_force().filter(expert__person=user.pk, institution__isnull=False).order_by()
        absent = Substitution.objects.current().filter(acting=user.pk).values("absent")
        stood_for = User.objects.filter(Q(pk=user.pk) | Q(pk__in=absent)).order_by().values_list("pk", flat=True)
        posts = Post.objects.current().filter(person__in=stood_for, institution__isnull=False).order_by()
        return stood_for, posts.values_list("institution", flat=True).union(declared.values_list("institution", flat=True))

    def entries_of(self, user, ties=None):
        """Ids of entries this person must not meet as an expert: declared, of an own institution, or written by oneself.

        Whose entries one reads as a team, oneself or standing in for somebody (``Entry.of_team``), one never judges.
        An author typed without a person is taken for whoever has the very same full name, unless the office ruled otherwise.
        ``contests/expert/conflicts.py`` says the same of many experts and entries at once, with the reasons.
        ``ties`` are those of ``ties_of`` where they were asked before: their few ids make the long question much lighter.
        """
        declared = self.in_force().filter(expert__person=user.pk)
        stood_for, barred = ties or self.ties_of(user)
        authors = EntryAuthor.objects.annotate(key=stored_key("name"))
        cleared = ConflictRuling.objects.namesakes().filter(expert__person=user.pk)
        return Entry.objects.filter(
            Q(recusals__in=declared.filter(entry__isnull=False)) | Q(institution__in=barred) | Q(created_by__in=stood_for)
            | Q(pk__in=Entry.partners.through.objects.filter(institution__in=barred).values("entry"))
            | Q(pk__in=authors.filter(Q(person__in=stood_for) | Q(person__isnull=True, key=key_of_person(user)) & ~Q(
                entry__in=cleared.values("entry"))).values("entry"))
        ).order_by().values("pk")


class Recusal(models.Model):
    """Why an expert may not score: an entry, or every entry of an institution. Declared, noticed by the office, or both."""

    class Ground(models.TextChoices):
        WORKS = "works", "Работает в этом учреждении"
        CLOSE = "close", "Помогал авторам или в родстве с ними"
        OTHER = "other", "Другое"

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="recusals")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="recusals", verbose_name="заявка")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="учреждение")
    ground = models.CharField("основание", max_length=5, choices=Ground)
    words = models.CharField("пояснение", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(entry__isnull=False) ^ Q(institution__isnull=False), name="recusal_of_one_thing"),
            models.CheckConstraint(condition=~Q(ground="other") | ~Q(words=""), name="other_recusal_says_why",
                                   violation_error_message="Напишите причину."),
        ]

    def __str__(self):
        return self.get_ground_display()


class ConflictRulingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office's own: an expert is not told what stood between oneself and a work."""
        return self if may(user, RUNS) else self.none()

    def in_force(self):
        return self.filter(withdrawn_at__isnull=True)

    def namesakes(self):
        """Where an author has an expert's name and is somebody else."""
        return self.in_force().filter(conflict=ConflictRuling.Conflict.NAMESAKE)


class ConflictRuling(models.Model):
    """The office's word on a conflict the portal found by itself: the work, or the sheet that is in, stays with this expert.

    An author of the same name was another person: the work is open again. Whatever else was found stays closed to the
    expert; what was handed in before counts.
    """

    class Conflict(models.TextChoices):
        WORKS = "works", "работает в этом учреждении"
        PARTNER = "partner", "работает в учреждении-партнёре"
        AUTHOR = "author", "автор этой работы"
        WROTE = "wrote", "заявку внёс этот человек"
        STANDS_IN = "stands_in", "замещает того, у кого с этой работой конфликт интересов"
        NAMESAKE = "namesake", "среди авторов – человек с таким же именем"
        DECLARED = "declared", "назван экспертом или офисом"

    expert = models.ForeignKey(Expert, models.PROTECT, related_name="rulings")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="rulings", verbose_name="заявка")
    conflict = models.CharField("конфликт", max_length=9, choices=Conflict)
    reason = models.CharField("причина", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConflictRulingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["expert", "entry", "conflict"], condition=Q(withdrawn_at__isnull=True), name="ruling_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="ruling_says_why"),
            models.CheckConstraint(condition=~Q(conflict="declared"), name="declared_conflict_is_lifted"),
        ]

    def __str__(self):
        return self.get_conflict_display()


class ReviewQuerySet(OfExpertQuerySet):
    def visible_to(self, user):
        """The office all; an expert one's own, but for works in conflict: those are nowhere, not even in a count."""
        found = super().visible_to(user)
        if not user.is_authenticated or may(user, RUNS):
            return found
        return found.exclude(entry__in=Recusal.objects.entries_of(user))

    def active(self):
        return self.filter(state=Review.State.GIVEN, expert__state=Expert.State.ACCEPTED)

    def to_decide(self):
        """Works whose expert turned out to be in conflict: the duty wrote it down, the office has not decided yet."""
        return self.filter(state=Review.State.GIVEN).exclude(conflict="")

    def to_score(self, user):
        """What this very person is to score: given, admitted, without a known conflict; never for whom one stands in."""
        if not user.is_authenticated:
            return self.none()
        ties = [list(found) for found in Recusal.objects.ties_of(user)]
        conflict = Recusal.objects.entries_of(user, ties).filter(pk=OuterRef("entry"))
        return self.active().filter(~Exists(conflict), expert__person=user.pk, entry__state=Entry.State.ADMITTED)


class Review(models.Model):
    """An entry given to an expert in a round; given up with a reason, the row stays."""

    class State(models.TextChoices):
        GIVEN = "given", "Назначена"
        RECUSED = "recused", "Самоотвод"
        ABSTAINED = "abstained", "Эксперт воздержался"
        TAKEN = "taken", "Передана другому"

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="reviews")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews")
    round = models.CharField("тур", max_length=6, choices=Criterion.Round, default=Criterion.Round.REMOTE)
    is_arbiter = models.BooleanField("третий эксперт", default=False)
    state = models.CharField(max_length=9, choices=State, default=State.GIVEN)
    reason = models.CharField("причина", max_length=500, blank=True)
    conflict = models.CharField("о каком конфликте решает офис", max_length=9, choices=ConflictRuling.Conflict, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["expert", "state"], name="queue_of_an_expert")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "expert", "round"], name="review_once",
                                    violation_error_message="Эта работа уже у этого эксперта."),
            models.UniqueConstraint(fields=["entry", "round"], condition=Q(is_arbiter=True, state="given"), name="one_arbiter"),
        ]

    def __str__(self):
        return f"{self.entry}: {self.expert}"

    def get_absolute_url(self):
        return reverse("contests:review", args=[self.pk])
