from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.documents.route import deciding_for


class PortfolioQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever is signed in reads the portfolios; visitors those marked public."""
        if user.is_authenticated:
            return self
        return self.filter(is_public=True)

    def headed_by(self, user):
        """Portfolios this person heads, oneself or acting for the head."""
        return self.filter(head__in=deciding_for(user)) if user.is_authenticated else self.none()

    def open(self):
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate()))


class Portfolio(models.Model):
    """The department's group of management models and projects for one goal."""

    name = models.CharField("название", max_length=300, unique=True,
                            error_messages={"unique": "Портфель с таким названием уже есть."})
    goal = models.TextField("цель", blank=True)
    head = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="portfolios_headed",
                             verbose_name="руководитель портфеля")
    position = models.PositiveIntegerField("порядок", default=0)
    is_public = models.BooleanField("виден на открытой странице", default=False)
    closed_on = models.DateField("закрыт с", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PortfolioQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("portfolios:portfolio", args=[self.pk])


class ManagementModelQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(portfolio__in=Portfolio.objects.visible_to(user))


class ManagementModel(models.Model):
    """A theme line inside a portfolio («Методическое сопровождение деятельности педагогов»)."""

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="models")
    name = models.CharField("название", max_length=300)
    goal = models.TextField("цель", blank=True)
    head = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="куратор модели")
    position = models.PositiveIntegerField("порядок", default=0)
    version = models.PositiveIntegerField(default=1)

    objects = ManagementModelQuerySet.as_manager()

    class Meta:
        ordering = ["portfolio", "position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "name"], name="model_once_in_a_portfolio",
                                    violation_error_message="Такая модель в этом портфеле уже есть."),
        ]

    def __str__(self):
        return self.name


class PortfolioIndicatorQuerySet(models.QuerySet):
    def visible_to(self, user):
        seen = Portfolio.objects.visible_to(user)
        return self.filter(Q(portfolio__in=seen) | Q(model__portfolio__in=seen))


class PortfolioIndicator(models.Model):
    """An indicator of a portfolio or a model: what it wants to reach, measured over its projects' years."""

    portfolio = models.ForeignKey(Portfolio, models.CASCADE, null=True, blank=True, related_name="indicators")
    model = models.ForeignKey(ManagementModel, models.CASCADE, null=True, blank=True, related_name="indicators")
    name = models.CharField("показатель", max_length=500)
    unit = models.CharField("единица", max_length=60, blank=True)
    baseline = models.DecimalField("исходное значение", max_digits=16, decimal_places=4, null=True, blank=True)
    target = models.DecimalField("цель", max_digits=16, decimal_places=4, null=True, blank=True)
    actual = models.DecimalField("достигнуто", max_digits=16, decimal_places=4, null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects = PortfolioIndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(portfolio__isnull=False) ^ Q(model__isnull=False), name="indicator_of_a_portfolio_or_a_model"),
        ]

    def __str__(self):
        return self.name

