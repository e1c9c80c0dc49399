from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from projectoffice.common.models import StoredFile

from .dated import Dated
from .institution import Institution


def by_name(prefix=""):
    """Russian order of people that no server locale can change: ё sorts as е, capitals do not matter."""
    return [
        Func(Lower(F(f"{prefix}{field}")), Value("ё"), Value("е"), function="translate")
        for field in ("surname", "given_name", "patronymic")
    ]


def name_key():
    """« орлова наталья павловна»: every part of the name after a blank, ready for a search by beginnings."""
    parts = [part for field in ("surname", "given_name", "patronymic") for part in (Value(" "), F(field))]
    name = Lower(Concat(*parts, output_field=models.TextField()))
    return Func(name, Value("ё"), Value("е"), function="translate", output_field=models.TextField())


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

    def with_consent(self):
        """People whose name may stand on public pages today."""
        return self.filter(models.Exists(Consent.objects.in_force().filter(person=models.OuterRef("pk"))))

    def found_by(self, text):
        """Each typed word begins a part of the name, the login or the mail; ё and е are one letter."""
        people = self.annotate(name_key=name_key())
        for word in text.lower().replace("ё", "е").replace(".", " ").split()[:6]:
            people = people.filter(
                Q(name_key__contains=f" {word}") | Q(username__istartswith=word) | Q(email__istartswith=word)
            )
        return people


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
    session_number = models.PositiveIntegerField(default=0, help_text="Каждый шаг закрывает все входы человека")
    start_read_at = models.DateTimeField(null=True, blank=True, help_text="Когда прочитано пояснение на «Мои дела»")
    version = models.PositiveIntegerField(default=1)

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

    @property
    def name_is_public(self):
        """Whether this person's name may stand on public pages today."""
        return self.consents.in_force().exists()

    def _get_session_auth_hash(self, secret=None):
        """Sessions hold while the password and ``session_number`` stay: ending them all is one step of it."""
        value = f"{self.password}:{self.session_number}"
        return salted_hmac("projectoffice.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def current_post(self):
        """The post of today, or None; the newest when there are several."""
        return self.posts.current().select_related("institution").order_by("-since", "-pk").first()

    @cached_property
    def institutions(self):
        """Open institutions where this person holds a post today, the newest post first."""
        posts = self.posts.current().filter(institution__isnull=False).select_related("institution").order_by("-since", "-pk")
        return list(dict.fromkeys(post.institution for post in posts if not post.institution.is_closed))

    @cached_property
    def substitutions(self):
        """Substitutions in which this person acts for somebody today."""
        from .rights import Substitution

        return list(Substitution.objects.current().filter(acting=self).select_related("absent"))

    @property
    def is_outside(self):
        """Whether the person works in an institution, or at least has no role in the office."""
        return not self.roles or bool(self.institutions)

    @cached_property
    def own_roles(self):
        """Codes of the office-wide roles this person holds oneself today."""
        return frozenset(self.role_assignments.current().values_list("role", flat=True))

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


class ConsentQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(revoked_on__isnull=True, given_on__lte=timezone.localdate())


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

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_on__isnull=True), name="one_consent_in_force"
            )
        ]

    def __str__(self):
        return f"{self.person}: согласие от {self.given_on:%d.%m.%Y}"
