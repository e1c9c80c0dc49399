from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

NAMED_BY = ("legal_form", "kind", "number", "own_name")


def name_of(legal_form, kind, number, own_name):
    """«МБОУ школа № 12 «Радуга»» from the fields ``NAMED_BY``, for lists that read no objects."""
    number = f"№\xa0{number}" if number is not None else ""
    own_name = f"«{own_name}»" if own_name else ""
    return " ".join(part for part in (legal_form, kind.lower(), number, own_name) if part)


class InstitutionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=timezone.localdate()))

    def names(self):
        """How each is written in lists, in order."""
        return [name_of(*words) for words in self.values_list(*NAMED_BY)]

    def visible_to(self, user):
        """The list of institutions is public knowledge inside the portal."""
        return self if user.is_authenticated else self.none()


class Institution(models.Model):
    """A school, kindergarten or centre: legal form, number that may be absent, own name that may be absent."""

    legal_form = models.CharField("форма", max_length=60, help_text="МБОУ, МАОУ ДО, МКОУ ДПО…")
    kind = models.CharField("вид", max_length=60, blank=True, help_text="Школа, детский сад, лицей…")
    number = models.PositiveIntegerField("номер", null=True, blank=True)
    own_name = models.CharField("собственное имя", max_length=200, blank=True)
    full_name = models.CharField("полное наименование", max_length=500, blank=True)
    email = models.EmailField("почта", blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    address = models.CharField("адрес", max_length=300, blank=True)
    closed_on = models.DateField("закрыто с", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "number", "own_name", "legal_form"]
        constraints = [
            models.UniqueConstraint(
                fields=["legal_form", "kind", "number", "own_name"],
                name="institution_once",
                nulls_distinct=False,
                violation_error_message="Такое учреждение уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | ~Q(own_name=""),
                name="institution_has_number_or_name",
                violation_error_message="Укажите номер или собственное имя учреждения.",
            ),
        ]

    def __str__(self):
        return name_of(self.legal_form, self.kind, self.number, self.own_name)

    def get_absolute_url(self):
        return reverse("accounts:institution", args=[self.pk])

    @property
    def short_name(self):
        """«Школа № 12», «Центр творчества «Вертикаль»»: as people call it, without the legal form when they can."""
        name = f"№\xa0{self.number}" if self.number is not None else f"«{self.own_name}»"
        kind = self.kind or self.legal_form
        return f"{kind[:1].upper()}{kind[1:]} {name}"

    @property
    def is_closed(self):
        return self.closed_on is not None and self.closed_on <= timezone.localdate()
