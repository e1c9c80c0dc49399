from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import OnBehalf, User

from .contest import Criterion
from .expert import Expert, Recusal, Review
from .result import Result


class ScoreSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; organisers who do not score here all; another expert's once one's own of that entry is in.

        An expert who turns out to be in conflict with the entry sees no sheet of it any more, not even the own one. What a team learns comes from the published result alone, never from here.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(review__expert__person=user.pk)
        handed_in = ScoreSheet.objects.counted().filter(
            review__expert__person=user.pk, review__entry=OuterRef("review__entry"), review__round=OuterRef("review__round"))
        published = Result.objects.filter(contest=OuterRef("review__entry__contest")).order_by("-number").values("published_at")[:1]
        # What the office mends once results are out is nobody else's until a corrected result is published.
        open_to_others = Q(review__entry__contest__state="announced") | Q(submitted_at__lte=Subquery(published))
        others = Q(state=ScoreSheet.State.SUBMITTED, review__entry__contest__shows_others=True) & Q(Exists(handed_in)) & open_to_others
        arbiter = Review.objects.active().filter(expert__person=user.pk, is_arbiter=True, entry=OuterRef("review__entry"),
                                                 round=OuterRef("review__round"))
        decides = Q(state=ScoreSheet.State.SUBMITTED) & Q(Exists(arbiter))
        conflict = Recusal.objects.entries_of(user).filter(pk=OuterRef("review__entry"))
        as_expert = (mine | others | decides) & ~Q(Exists(conflict))
        if may(user, "contests.see_scores"):
            own_contests = Expert.objects.scorers().filter(person=user.pk, contest__state="announced").values("contest")
            return self.filter(~Q(review__entry__contest__in=own_contests) | as_expert)
        return self.filter(as_expert)

    def counted(self):
        """Sheets that make the result: handed in, not voided; one keyed from paper once a second person compared it."""
        return self.filter(Q(recorded_by__isnull=True) | Q(checked_by__isnull=False), state=ScoreSheet.State.SUBMITTED)

    def in_force(self):
        return self.exclude(state=ScoreSheet.State.VOIDED)


class ScoreSheet(OnBehalf):
    """One expert's marks of one entry. Handed in, it is voided with a reason and replaced, never changed or deleted."""

    class State(models.TextChoices):
        DRAFT = "draft", "Заполняется"
        SUBMITTED = "submitted", "Сдан"
        VOIDED = "voided", "Аннулирован"

    review = models.ForeignKey(Review, models.PROTECT, related_name="sheets")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    comment = models.TextField("комментарий для участника", blank=True)
    panel_comment = models.TextField("для комиссии", blank=True)
    submitted_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="кто сверил с бумагой")
    void_reason = models.CharField("почему аннулирован", max_length=500, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=~Q(state="voided"), name="one_sheet_in_force"),
            models.CheckConstraint(condition=Q(state="draft") | Q(submitted_at__isnull=False), name="sheet_in_has_its_moment"),
            models.CheckConstraint(condition=~Q(state="voided") | ~Q(void_reason="") & Q(voided_at__isnull=False),
                                   name="voided_sheet_says_why", violation_error_message="Напишите, почему лист аннулирован."),
            models.CheckConstraint(condition=Q(checked_by__isnull=True) | Q(recorded_by__isnull=False) & ~Q(checked_by=F("recorded_by")),
                                   name="paper_is_compared_by_another"),
        ]

    def __str__(self):
        return f"Оценочный лист {self.pk}"

    def get_absolute_url(self):
        return reverse("contests:sheet", args=[self.pk])


class Score(models.Model):
    """A mark under a criterion: within its scale, in the database too."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="scores")
    mark = models.DecimalField("оценка", max_digits=4, decimal_places=1, null=True)
    comment = models.TextField("комментарий", blank=True)

    class Meta:
        ordering = ["criterion__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "criterion"], name="mark_once"),
            models.CheckConstraint(condition=Q(mark__isnull=True) | Q(mark__gte=0), name="mark_not_below_zero"),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.mark}"
