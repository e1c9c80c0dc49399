from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.models import StoredFile

from .dated import Dated
from .institution import Institution


def by_name(prefix=""):
    """Russian order of people that no server locale can change: ё sorts as е, capitals do not matter."""
    return [
        Func(Lower(F(f"{prefix}{field}")), Value("ё"), Value("е"), function="translate")
        for field in ("surname", "given_name", "patronymic")
    ]


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The office sees everybody; others see themselves."""
        if not user.is_authenticated:
            return self.none()
        if user.roles:
            return self
        return self.filter(pk=user.pk)

    def in_order(self):
        return self.order_by(*by_name(), "pk")

    def active(self):
        return self.filter(is_active=True, left_on__isnull=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username=None, password=None, **fields):
        user = self.model(username=username or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person. Without a login name one can still be responsible, present, or sign on paper."""

    username = models.CharField("логин", max_length=60, unique=True, null=True, blank=True)
    surname = models.CharField("фамилия", max_length=100)
    given_name = models.CharField("имя", max_length=100, blank=True)
    patronymic = models.CharField("отчество", max_length=100, blank=True)
    email = models.EmailField("почта", blank=True, db_index=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    is_active = models.BooleanField("доступ открыт", default=True)
    left_on = models.DateField("выбыл(а)", null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["surname"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="login_once", violation_error_message="Такой логин уже занят."
            ),
        ]

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.pk])

    @property
    def initials(self):
        return "".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)

    @property
    def short_name(self):
        """«Орлова Н.П.», for lists."""
        return f"{self.surname}\xa0{self.initials}".strip()

    @property
    def signature_name(self):
        """«Н.П. Орлова», for signatures."""
        return f"{self.initials}\xa0{self.surname}".strip()

    @property
    def full_name(self):
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def can_log_in(self):
        return bool(self.username and self.is_active and self.has_usable_password())

    @cached_property
    def current_post(self):
        """The post of today, or None; the newest when there are several."""
        return self.posts.current().select_related("institution").order_by("-since", "-pk").first()

    @cached_property
    def substitutions(self):
        """Substitutions in which this person acts for somebody today."""
        from .rights import Substitution

        return list(Substitution.objects.current().filter(acting=self).select_related("absent"))

    @cached_property
    def roles(self):
        """Codes of the office-wide roles of today, with those of the people this person acts for."""
        from .rights import RoleAssignment

        holders = [self.pk, *(substitution.absent_id for substitution in self.substitutions)]
        return frozenset(RoleAssignment.objects.current().filter(person__in=holders).values_list("role", flat=True))


class Post(Dated):
    """What somebody is, where, from when to when."""

    person = models.ForeignKey(User, models.CASCADE, related_name="posts")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="posts",
                                    verbose_name="учреждение")
    title = models.CharField("должность", max_length=300)

    class Meta(Dated.Meta):
        ordering = ["-since", "-pk"]

    def __str__(self):
        return f"{self.title}, {self.institution}" if self.institution else self.title


class Consent(models.Model):
    """Consent to publication of one's name: dated, revocable, given here or on paper."""

    person = models.ForeignKey(User, models.CASCADE, related_name="consents")
    text = models.TextField("текст согласия")
    given_on = models.DateField("дано")
    revoked_on = models.DateField("отозвано", null=True, blank=True)
    on_paper = models.BooleanField("на бумаге", default=False)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_on__isnull=True), name="one_consent_in_force"
            )
        ]

    def __str__(self):
        return f"{self.person}: согласие от {self.given_on:%d.%m.%Y}"
