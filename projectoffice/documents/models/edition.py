from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Body, User
from projectoffice.common.models import StoredFile

from .document import Document, PartQuerySet


class Sheet(models.Model):
    """The sheet for signature: the content frozen by "send", rendered as it goes to be signed in ink.

    Sending the same content again gives the same sheet, so earlier decisions still hold.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="sheets")
    edition_number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    snapshot = models.JSONField()
    code = models.CharField(max_length=32, db_index=True, default="", help_text="Код проверки, напечатанный на листе")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64, default="")
    pages = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "edition_number", "content_hash", "code"], name="one_sheet_per_content"
            )
        ]

    def __str__(self):
        return f"{self.document}, лист на подпись"


class EditionQuerySet(PartQuerySet):
    def in_force(self):
        return self.filter(document__in_force=models.F("pk"))

    def published(self):
        """Editions whose very PDF anybody may read, because the publisher recorded a ground."""
        return self.in_force().filter(document__in=Document.objects.published().filter(publish_pdf=True))


class Edition(models.Model):
    """An issued, frozen state of a document. In force, superseded, annulled are computed, never stored."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField("редакция")
    title = models.CharField(max_length=300)
    number_text = models.CharField(max_length=60, blank=True)
    date = models.DateField("дата документа")
    snapshot = models.JSONField()
    content_hash = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    public_code = models.CharField(max_length=32, unique=True)
    basis = models.CharField(max_length=500, blank=True, help_text="Основание одной строкой, как напечатано")
    basis_act = models.CharField(max_length=300, blank=True)
    basis_number = models.CharField(max_length=60, blank=True)
    basis_date = models.DateField(null=True, blank=True)
    basis_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    all_ink = models.BooleanField(default=False)
    text = models.TextField(blank=True, help_text="Текст снимка, по которому ищут")
    stamps = models.JSONField(default=list, help_text="Грифы целиком, чтобы вернуть их при отказе от изменений")
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=timezone.now)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["document", "-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="edition_once")]
        indexes = [
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="edition_text_search"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="edition_title_search"),
        ]

    def __str__(self):
        return f"{self.title}, редакция {self.number}"

    def get_check_url(self):
        return reverse("check", args=[self.public_code])

    @property
    def replaced_words(self):
        """«Заменена редакцией 3»: by the one that came after it."""
        return f"Заменена редакцией {self.number + 1}"

    @property
    def status(self):
        """`in_force`, `superseded` or `annulled`, from the document as it stands now."""
        if self.document.state == Document.State.ANNULLED:
            return "annulled"
        return "in_force" if self.document.in_force_id == self.pk else "superseded"


class EditionFile(models.Model):
    """The bytes of an issued PDF, apart from the edition so that lists never read them."""

    edition = models.OneToOneField(Edition, models.PROTECT, related_name="file")
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self):
        return f"{self.edition}, PDF"


class Counter(models.Model):
    """The last number taken of a kind, a body and a year; its row is locked while a number is taken."""

    kind = models.CharField(max_length=40)
    body = models.ForeignKey(Body, models.PROTECT, null=True)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "body", "year"], name="counter_once", nulls_distinct=False)
        ]

    def __str__(self):
        return f"{self.kind} {self.year}: {self.last}"
