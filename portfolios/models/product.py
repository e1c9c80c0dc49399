import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Institution, User
from projectoffice.common.models import StoredFile
from projectoffice.documents.route import deciding_for

from .project import READS_ALL, Project, institutions_of


class MethodProductQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Published ones are for everybody; the rest for the office, who made them, and their institution."""
        published = Q(state=MethodProduct.State.PUBLISHED)
        if not user.is_authenticated:
            return self.filter(published)
        if may(user, READS_ALL):
            return self
        own = Q(created_by__in=deciding_for(user)) | Q(institution__in=institutions_of(user))
        return self.filter(published | own)

    def published(self):
        return self.filter(state=MethodProduct.State.PUBLISHED)


class MethodProduct(models.Model):
    """A methodical product of the bank «Виртуальная сетевая лаборатория идей»; its address never changes."""

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
    remark = models.TextField("замечание", blank=True)
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    vector = models.GeneratedField(
        expression=SearchVector("title", "annotation", config="russian"), output_field=SearchVectorField(), db_persist=True
    )

    objects = MethodProductQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [
            GinIndex(fields=["vector"], name="product_words"),
            models.Index(fields=["-published_at", "-id"], name="product_newest", condition=Q(state="published")),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("portfolios:product", args=[self.pk])


class ProductAuthor(models.Model):
    """An author; a person's name stands in public only with the person's consent."""

    product = models.ForeignKey(MethodProduct, models.CASCADE, related_name="authors")
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("фамилия и инициалы", max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name


class ProductFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(product__in=MethodProduct.objects.visible_to(user))


class ProductFile(models.Model):
    """A file of a product."""

    product = models.ForeignKey(MethodProduct, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = ProductFileQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return str(self.file)
