import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, User
from projectoffice.common.models import StoredFile
from projectoffice.documents.route import deciding_for

from .project import READS_ALL, Project, institutions_of


class MethodProductQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published ones are for everybody; the rest for those they belong to."""
        return self.published() if not user.is_authenticated else self.filter(published() | belongs_to(user))

    def belonging_to(self, user):
        """Whose work pages this person reads: the office all, others their own, of their projects and institutions."""
        return self.filter(belongs_to(user)) if user.is_authenticated else self.none()

    def written_by(self, user):
        """Those this person may mend and send: who made them or keeps their project, oneself or acting for another."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(created_by__in=deciding_for(user)) | Q(project__in=Project.objects.kept_by(user).order_by().values("pk")))

    def published(self):
        return self.filter(published())

    def waiting(self):
        """Sent to the office and not decided."""
        return self.filter(state=MethodProduct.State.SUBMITTED)


def published():
    return Q(state=MethodProduct.State.PUBLISHED)


def belongs_to(user):
    """Products this person has a part in; every one for those who read all."""
    if may(user, READS_ALL):
        return Q(pk__isnull=False)
    mine = deciding_for(user)
    author = ProductAuthor.objects.present().filter(product=OuterRef("pk"), person=user)
    return (Q(created_by__in=mine) | Q(institution__in=institutions_of(user)) | Exists(author)
            | Q(project__in=Project.objects.kept_by(user).order_by().values("pk")))


class MethodProduct(models.Model):
    """A methodical product of the bank «Виртуальная сетевая лаборатория идей»; its address never changes.

    Words are looked for in ``title_words`` and ``text_words``: title and annotation without names of people.
    """

    class Kind(models.TextChoices):
        PROGRAMME = "programme", "Программа"
        GUIDELINES = "guidelines", "Методические рекомендации"
        SCENARIO = "scenario", "Сценарий"
        COLLECTION = "collection", "Сборник"
        TOOL = "tool", "Инструмент, шаблон"
        MEDIA = "media", "Видео, презентация"
        OTHER = "other", "Другое"

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        SUBMITTED = "submitted", "На проверке"
        RETURNED = "returned", "Возвращён"
        PUBLISHED = "published", "Опубликован"
        WITHDRAWN = "withdrawn", "Снят с публикации"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("название", max_length=300)
    kind = models.CharField("вид", max_length=12, choices=Kind, default=Kind.OTHER)
    annotation = models.TextField("аннотация", blank=True)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="products",
                                    verbose_name="учреждение")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="products",
                                verbose_name="проект")
    link = models.URLField("ссылка", max_length=500, blank=True)
    year = models.PositiveSmallIntegerField("год", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_at = models.DateTimeField(default=timezone.now)
    remark = models.TextField("замечание", blank=True, help_text="Почему возвращён или снят с публикации")
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    title_words = models.TextField(default="", editable=False)
    text_words = models.TextField(default="", editable=False)
    vector = models.GeneratedField(
        expression=SearchVector("title_words", weight="A", config="russian") + SearchVector("text_words", weight="B", config="russian"),
        output_field=SearchVectorField(), db_persist=True,
    )

    objects = MethodProductQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            # Of the published alone and without a list of what is yet to be sorted in: otherwise the planner reads them all.
            GinIndex(fields=["vector"], name="product_words", condition=Q(state="published"), fastupdate=False),
            models.Index(fields=["-published_at", "-id"], name="product_newest", condition=Q(state="published")),
            models.Index(fields=["year"], name="product_years", condition=Q(state="published")),
            models.Index(fields=["state_at"], name="product_waiting", condition=Q(state="submitted")),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolios:product", args=[self.pk])

    @property
    def public_url(self):
        return reverse("portfolios:public_product", args=[self.uid])

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED


class PlacedQuerySet(models.QuerySet):
    def present(self):
        """Those that were not taken off; a removed one keeps its row for «Вернуть»."""
        return self.filter(position__isnull=False)

    def belonging_to(self, user):
        return self.filter(product__in=MethodProduct.objects.belonging_to(user))


class Placed(models.Model):
    """A part of a product with a place among its like; position is NULL once it is taken off."""

    position = models.PositiveSmallIntegerField(null=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]


class ProductAuthor(Placed):
    """An author; a person's name stands in public only with the person's consent, a typed one never."""

    product = models.ForeignKey(MethodProduct, models.CASCADE, related_name="authors")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("фамилия и инициалы", max_length=200)

    objects = PlacedQuerySet.as_manager()

    class Meta(Placed.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product", "person"], condition=Q(position__isnull=False),
                                    name="author_once_in_a_product", violation_error_message="Этот автор уже указан."),
        ]

    def __str__(self):
        return self.name


class ProductFileQuerySet(PlacedQuerySet):
    def visible_to(self, user):
        return self.present().filter(product__in=MethodProduct.objects.visible_to(user))


class ProductFile(Placed):
    """A file of a product."""

    product = models.ForeignKey(MethodProduct, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects = ProductFileQuerySet.as_manager()

    class Meta(Placed.Meta):
        pass

    def __str__(self):
        return str(self.file)
