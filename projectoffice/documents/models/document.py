import secrets
import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Body, User
from projectoffice.common.models import StoredFile

from .. import kinds


def new_code():
    """128 random bits in 22 characters that survive print and typing in an address."""
    return secrets.token_urlsafe(16)


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user, *codes):
        """Documents of these kinds (of every kind, if none is named) this person may read in some form: the OR of what the kinds say."""
        readable = Q(pk__in=[])
        for kind in map(kinds.kind, codes) if codes else kinds.all_kinds():
            readable |= Q(kind=kind.code) & kind.readable(user)
        return self.filter(readable)

    def in_force(self):
        """Documents with an edition in force, whatever is being prepared beside it."""
        return self.filter(in_force__isnull=False).exclude(state=Document.State.ANNULLED)

    def published(self):
        return self.in_force().filter(published_at__isnull=False)


class Document(models.Model):
    """Any office paper on its way: content that is edited, stamps, the edition in force."""

    class State(models.TextChoices):
        DRAFT = "draft", "Черновик"
        IN_APPROVAL = "in_approval", "На согласовании"
        ISSUED = "issued", "Действует"
        ANNULLED = "annulled", "Отменён"

    kind = models.CharField(max_length=40)
    kind_text = models.CharField("вид", max_length=120, blank=True, help_text="Вид архивного документа, своими словами")
    title = models.CharField("название", max_length=300)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="documents")
    year = models.PositiveSmallIntegerField("год")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    edition_number = models.PositiveSmallIntegerField("редакция", default=1)
    number = models.PositiveIntegerField("номер", null=True, blank=True)
    number_text = models.CharField("номер по внешнему журналу", max_length=60, blank=True)
    date = models.DateField("дата документа", null=True, blank=True)
    coming_code = models.CharField(max_length=32, unique=True, default=new_code)
    current_sheet = models.ForeignKey("Sheet", models.PROTECT, null=True, related_name="+")
    in_force = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")
    basis = models.CharField("основание изменений", max_length=300, blank=True)
    basis_number = models.CharField("номер", max_length=60, blank=True)
    basis_date = models.DateField("дата", null=True, blank=True)
    basis_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    is_archive = models.BooleanField("архивный", default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    publish_pdf = models.BooleanField("показывать и PDF", default=False)
    publish_ground = models.CharField("основание публикации PDF", max_length=300, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "body", "year", "number"], condition=Q(number__isnull=False),
                name="document_number_once", nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state="in_approval") | Q(current_sheet__isnull=True), name="sheet_only_on_the_route"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_approval") | Q(current_sheet__isnull=False), name="route_has_a_sheet"
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(in_force__isnull=False), name="issued_has_an_edition"
            ),
        ]
        indexes = [
            models.Index(fields=["-year", "-id"], name="document_newest_first"),
            models.Index(fields=["kind", "-year"], name="document_register"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="document_title_search"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("documents:document", args=[self.pk])

    @property
    def spec(self):
        return kinds.kind(self.kind)

    @property
    def public_url(self):
        """Where visitors read the published copy; empty for kinds that have none."""
        return self.spec.public_url(self)

    @property
    def kind_name(self):
        """«План заседаний», or what an archive document was called by hand."""
        return self.kind_text or self.spec.name

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_revision(self):
        """A change of something already in force is being prepared or signed."""
        return self.in_force_id is not None and self.state in (self.State.DRAFT, self.State.IN_APPROVAL)


class StampKind(models.TextChoices):
    APPROVE = "approve", "Утверждаю"
    AGREE = "agree", "Согласовано"
    ACCEPT = "accept", "Рассмотрено"
    SIGN = "sign", "Подпись"
    CERTIFY = "certify", "Верно"


# What is printed over the post; a signature at the foot has no heading.
HEADINGS = {
    StampKind.APPROVE: "Утверждаю",
    StampKind.AGREE: "Согласовано",
    StampKind.ACCEPT: "Рассмотрено",
    StampKind.SIGN: "",
    StampKind.CERTIFY: "Верно",
}
APPROVED_BY_ACT = {"m": "Утверждён", "f": "Утверждена", "n": "Утверждено", "p": "Утверждены"}
# Other words papers bear for the same: the printed word of a legal act is kept as it is.
STAMP_WORDS = {
    StampKind.APPROVE: ["Утверждаю", *APPROVED_BY_ACT.values()],
    StampKind.AGREE: ["Согласовано", "Согласован", "Согласована", "Согласованы", "Согласовываю"],
    StampKind.ACCEPT: [f"{stem}{ending}" for ending in ("о", "", "а", "ы")
                       for stem in ("Рассмотрен", "Принят", "Одобрен", "Рекомендован")],
}
STAMP_WORD_CHOICES = [(StampKind(kind).label, [(word, word) for word in words]) for kind, words in STAMP_WORDS.items()]


def kind_of(pk):
    """The code of one document's kind, as a list: to ask its right alone, the right of every kind takes ten times as long."""
    return list(Document.objects.filter(pk=pk).values_list("kind", flat=True))


class PaperQuerySet(models.QuerySet):
    """What a content app keeps of a document of the kind ``model.KIND`` is read by the right to the document."""

    def visible_to(self, user):
        return self.filter(document__in=Document.objects.visible_to(user, self.model.KIND))


class PartQuerySet(models.QuerySet):
    """Parts of a document are read by the right to the document."""

    def visible_to(self, user, *codes):
        return self.filter(document__in=Document.objects.visible_to(user, *codes))


class StampQuerySet(PartQuerySet):
    def active(self):
        return self.filter(removed=False)


class Stamp(models.Model):
    """The printed place of a signature: its kind, where it stands, the post in its lines, a signer or a basis."""

    Kind = StampKind

    class Place(models.TextChoices):
        HEAD = "head", "Над текстом"
        FOOT = "foot", "Под текстом"

    class Side(models.TextChoices):
        LEFT = "left", "Слева"
        RIGHT = "right", "Справа"

    class Style(models.TextChoices):
        OFFICE = "office", "«Утверждаю»"
        GOST = "gost", "УТВЕРЖДАЮ"

    class Method(models.TextChoices):
        ELECTRONIC = "electronic", "На портале"
        INK = "ink", "На бумаге"

    document = models.ForeignKey(Document, models.CASCADE, related_name="stamps")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("вид", max_length=10, choices=StampKind)
    place = models.CharField("где", max_length=4, choices=Place, default=Place.HEAD)
    side = models.CharField("сторона", max_length=5, choices=Side, default=Side.RIGHT)
    step = models.PositiveSmallIntegerField("очередь", default=1)
    word = models.CharField("слово заголовка", max_length=20, blank=True, choices=STAMP_WORD_CHOICES)
    style = models.CharField("вид заголовка", max_length=6, choices=Style, default=Style.OFFICE)
    post = models.TextField("должность", blank=True, help_text="Как напечатать, по строкам")
    name = models.CharField("инициалы и фамилия", max_length=120, blank=True, help_text="Как напечатать")
    signer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="stamps",
                               verbose_name="кто подписывает")
    method = models.CharField("как подписывает", max_length=10, choices=Method, default=Method.INK)
    basis = models.CharField("акт или орган", max_length=300, blank=True,
                             help_text="Например: приказом департамента образования")
    basis_number = models.CharField("номер", max_length=60, blank=True)
    basis_date = models.DateField("дата", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    removed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = StampQuerySet.as_manager()

    class Meta:
        ordering = ["step", "position", "pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name or self.basis}"

    @property
    def heading(self):
        """The word over the post as it is printed: «Утверждаю», УТВЕРЖДАЮ, or «Утверждён» when an act stands for it."""
        word = self.word if self.word in STAMP_WORDS.get(self.kind, ()) else self.usual_word
        if self.kind == StampKind.CERTIFY or not word:
            return word
        return word.upper().replace("Ё", "Е") if self.style == self.Style.GOST else f"«{word}»"

    @property
    def usual_word(self):
        """The word of this kind when the paper asks for no other."""
        by_act = bool(self.basis) and not self.name
        return APPROVED_BY_ACT[self.document.spec.gender] if self.kind == StampKind.APPROVE and by_act else HEADINGS[self.kind]

    @property
    def is_by_act(self):
        """Approved or considered by an order or a body: its date and number stand for a signature."""
        return bool(self.basis) and self.signer_id is None and not self.name
