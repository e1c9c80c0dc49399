from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from .dated import Dated
from .person import User


class BodyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.is_authenticated else self.none()

    def main(self):
        return self.get(is_main=True)


class Body(models.Model):
    """What meets and whose plan it is: the project office, a working group, a commission."""

    class Quorum(models.TextChoices):
        NONE = "none", "Не требуется"
        HALF = "half", "Не менее половины членов"
        TWO_THIRDS = "two_thirds", "Не менее двух третей членов"

    name = models.CharField("наименование", max_length=300, unique=True)
    genitive = models.CharField(
        "в родительном падеже", max_length=300, help_text="Для заголовков: «План заседаний …»"
    )
    quorum = models.CharField("кворум", max_length=10, choices=Quorum, default=Quorum.HALF)
    is_main = models.BooleanField("основной орган", default=False)
    closed_on = models.DateField("упразднён с", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = "орган"
        ordering = ["-is_main", "name"]
        constraints = [
            models.UniqueConstraint(fields=["is_main"], condition=Q(is_main=True), name="one_main_body")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("accounts:body", args=[self.pk])

    @property
    def is_closed(self):
        return self.closed_on is not None and self.closed_on <= timezone.localdate()


class Membership(Dated):
    """A member of a body: role, order in lists, from when to when."""

    class Role(models.TextChoices):
        CHAIR = "chair", "Председатель"
        DEPUTY = "deputy", "Заместитель председателя"
        SECRETARY = "secretary", "Секретарь"
        MEMBER = "member", "Член"

    body = models.ForeignKey(Body, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="человек")
    role = models.CharField("роль", max_length=10, choices=Role, default=Role.MEMBER)
    position = models.PositiveIntegerField("порядок", default=0)

    class Meta(Dated.Meta):
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.person} – {self.get_role_display().lower()}"
