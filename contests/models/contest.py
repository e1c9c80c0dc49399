import re

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import User
from projectoffice.common.models import StoredFile

from ..scoring import Combining, Rounds, Tie

NAMES_YEAR = re.compile(r"\b(19|20)\d\d\b")


class ContestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office sees every contest; everybody else those that were announced."""
        return self if user.is_authenticated and may(user, "contests.run_contests") else self.public()

    def public(self):
        """Those announced once; one given up while it was being set up never was."""
        return self.exclude(state=Contest.State.SETUP).exclude(state=Contest.State.CANCELLED, announced_at__isnull=True)


class Contest(models.Model):
    """The yearly contest: its rules as settings, its stages by date; the structure is frozen once it is announced."""

    class State(models.TextChoices):
        SETUP = "setup", "Готовится"
        ANNOUNCED = "announced", "Объявлен"
        FINISHED = "finished", "Завершён"
        CANCELLED = "cancelled", "Отменён"

    title = models.CharField("название", max_length=300)
    year = models.PositiveSmallIntegerField("год")
    about = models.TextField("о конкурсе", blank=True)
    regulation = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="положение")
    state = models.CharField(max_length=10, choices=State, default=State.SETUP)
    state_reason = models.CharField("причина", max_length=500, blank=True)
    announced_at = models.DateTimeField(null=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="continued_by")
    # The rules of scoring.
    experts_per_entry = models.PositiveSmallIntegerField("экспертов на заявку", default=3)
    combining = models.CharField("итог заявки", max_length=4, default=Combining.MEAN, choices=[
        (Combining.MEAN.value, "Среднее по экспертам"), (Combining.SUM.value, "Сумма баллов экспертов")])
    pass_mark = models.DecimalField("проходной балл", max_digits=8, decimal_places=2, null=True, blank=True)
    divergence = models.DecimalField("расхождение, при котором решает третий эксперт", max_digits=8, decimal_places=2, null=True,
                                     blank=True)
    rounds = models.CharField("как складываются туры", max_length=8, default=Rounds.SUM, choices=[
        (Rounds.SUM.value, "Баллы туров складываются"), (Rounds.LAST.value, "Решает очный тур"),
        (Rounds.WEIGHTED.value, "По долям туров")])
    onsite_share = models.DecimalField("доля очного тура", max_digits=3, decimal_places=2, default="0.50")
    public_weight = models.DecimalField("вес общественного жюри", max_digits=3, decimal_places=2, default=0)
    votes_each = models.PositiveSmallIntegerField("голосов у члена жюри в номинации", default=1)
    is_blind = models.BooleanField("эксперты не видят авторов", default=False)
    shows_others = models.BooleanField("сдавший лист видит листы других", default=True)
    asks_panel_comment = models.BooleanField("есть комментарий для комиссии", default=False)
    needs_signed_scan = models.BooleanField("нужен скан с подписью директора", default=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(experts_per_entry__gte=1, experts_per_entry__lte=20), name="experts_per_entry_in_reason",
                                   violation_error_message="Экспертов на заявку – от 1 до 20."),
            models.CheckConstraint(condition=Q(public_weight__gte=0, public_weight__lte=1), name="public_weight_is_a_share",
                                   violation_error_message="Вес общественного жюри – от 0 до 1."),
            models.CheckConstraint(condition=Q(onsite_share__gte=0, onsite_share__lte=1), name="onsite_share_is_a_share",
                                   violation_error_message="Доля очного тура – от 0 до 1."),
            models.UniqueConstraint(fields=["year", "title"], name="contest_once_a_year",
                                    violation_error_message="Конкурс с таким названием в этом году уже есть."),
        ]

    def __str__(self):
        return self.title if NAMES_YEAR.search(self.title) else f"{self.title}, {self.year}"

    def get_absolute_url(self):
        return reverse("contests:contest", args=[self.pk])

    @property
    def is_setup(self):
        return self.state == self.State.SETUP


class PartOfContestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(contest__in=Contest.objects.visible_to(user))


class ContestStage(models.Model):
    """A stage by date: it opens and closes rights by the database's clock."""

    class Kind(models.TextChoices):
        ACCEPTANCE = "acceptance", "Приём заявок"
        CHECK = "check", "Техническая экспертиза"
        REMOTE = "remote", "Заочный тур"
        ONSITE = "onsite", "Очный тур"
        JURY = "jury", "Голосование общественного жюри"
        RESULTS = "results", "Подведение итогов"

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="stages")
    kind = models.CharField("этап", max_length=10, choices=Kind)
    starts_at = models.DateTimeField("начало")
    ends_at = models.DateTimeField("окончание")

    objects = PartOfContestQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "kind"], name="stage_once",
                                    violation_error_message="Такой этап в конкурсе уже есть."),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="stage_in_order",
                                   violation_error_message="Этап заканчивается раньше, чем начинается."),
        ]

    def __str__(self):
        return self.get_kind_display()

    def is_open(self, moment):
        """From the first moment, until the last: a deadline of 18:00 ends with 18:00 itself."""
        return self.starts_at <= moment <= self.ends_at


class Nomination(models.Model):
    """A nomination: its own fields of the entry, its own criteria."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="nominations")
    title = models.CharField("номинация", max_length=300)
    about = models.TextField("для каких работ", blank=True)
    most_authors = models.PositiveSmallIntegerField("авторов не больше", default=5)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfContestQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "title"], name="nomination_once",
                                               violation_error_message="Такая номинация уже есть.")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("contests:nomination", args=[self.pk])


class PartOfNominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(nomination__in=Nomination.objects.visible_to(user))


class EntryField(models.Model):
    """A question of the entry's form, with its limit in signs."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="fields")
    label = models.CharField("вопрос", max_length=300)
    help = models.CharField("подсказка", max_length=500, blank=True)
    limit = models.PositiveIntegerField("знаков не больше", default=2000)
    is_required = models.BooleanField("обязательный", default=True)
    names_authors = models.BooleanField("не показывать экспертам, если авторы скрыты", default=False)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfNominationQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(limit__gte=1, limit__lte=20_000), name="limit_in_reason",
                                              violation_error_message="Предел – от 1 до 20 000 знаков.")]

    def __str__(self):
        return self.label


class Criterion(models.Model):
    """What an expert marks: weight, highest mark, words of each level; an independent one stays outside the total."""

    class Round(models.TextChoices):
        REMOTE = "remote", "Заочный тур"
        ONSITE = "onsite", "Очный тур"

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="criteria")
    round = models.CharField("тур", max_length=6, choices=Round, default=Round.REMOTE)
    title = models.CharField("критерий", max_length=300)
    weight = models.DecimalField("вес", max_digits=5, decimal_places=2, default=1)
    maximum = models.PositiveSmallIntegerField("высшая оценка", default=5)
    has_halves = models.BooleanField("можно ставить половины", default=False)
    needs_comment = models.BooleanField("нужен комментарий", default=False)
    counts = models.BooleanField("входит в итог", default=True)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfNominationQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.CheckConstraint(condition=Q(maximum__gte=1, maximum__lte=100), name="maximum_in_reason",
                                   violation_error_message="Высшая оценка – от 1 до 100."),
            models.CheckConstraint(condition=Q(weight__gt=0), name="weight_above_zero",
                                   violation_error_message="Вес больше нуля. Чтобы критерий не влиял на итог, снимите «входит в итог»."),
        ]

    def __str__(self):
        return self.title

    @property
    def words(self):
        """The words of its levels, a line a mark, as they are typed."""
        return "\n".join(str(level) for level in self.levels.all())


class CriterionLevel(models.Model):
    """What a mark means, in words the expert sees before choosing."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels")
    mark = models.PositiveSmallIntegerField("оценка")
    text = models.CharField("что она значит", max_length=500)

    class Meta:
        ordering = ["criterion", "mark"]
        constraints = [models.UniqueConstraint(fields=["criterion", "mark"], name="level_once")]

    def __str__(self):
        return f"{self.mark} – {self.text}"


class TieRule(models.Model):
    """One link of the chain that parts equal totals."""

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="tie_rules")
    rule = models.CharField("правило", max_length=9, choices=[
        (Tie.CRITERION.value, "Выше оценка по критерию"), (Tie.HIGHEST.value, "Больше высших оценок"),
        (Tie.EARLIER.value, "Раньше подана (считается последняя отправка)"), (Tie.CHAIR.value, "Решает председатель"), (Tie.SHARED.value, "Делят место")])
    criterion_title = models.CharField("критерий", max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfContestQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(rule=Tie.CRITERION.value) | ~Q(criterion_title=""), name="tie_names_its_criterion",
                                   violation_error_message="Назовите критерий, по которому разводят равные заявки."),
        ]

    def __str__(self):
        return f"{self.get_rule_display()} «{self.criterion_title}»" if self.criterion_title else self.get_rule_display()


class AwardLevel(models.Model):
    """A word of this contest («Победитель», «Лауреат»), in its order, with the paper that goes with it."""

    class Paper(models.TextChoices):
        DIPLOMA = "diploma", "Диплом"
        CERTIFICATE = "certificate", "Сертификат"

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="award_levels")
    title = models.CharField("название", max_length=100)
    paper = models.CharField("бумага", max_length=11, choices=Paper, default=Paper.DIPLOMA)
    places = models.CharField("места", max_length=60, blank=True, help_text="Например: 1 или 2–3. Пусто – остальным участникам")
    becomes_project = models.BooleanField("входит в портфель", default=False)
    position = models.PositiveIntegerField(default=0)

    objects = PartOfContestQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["contest", "title"], name="award_level_once",
                                               violation_error_message="Такая награда в конкурсе уже есть.")]

    def __str__(self):
        return self.title
