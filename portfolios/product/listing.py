"""The working list of products: one's own, for the office all, what needs a hand first. Reads only."""
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Value, When

from projectoffice.accounts.access import may
from projectoffice.accounts.models.institution import NAMED_BY
from projectoffice.common.russian import date_short
from projectoffice.common.templatetags.office import badge
from projectoffice.common.text import showable

from ..forms.product import ProductFilter
from ..listed import STEP, place_of
from ..models import MethodProduct
from .words import badge as look
from .workflow import DRAFT, MODERATE, RETURNED, SUBMITTED

MOST_WORDS = 6
TOLD = ("title", "kind", "state", "state_at", "published_at", "year", "project__title", *(f"institution__{name}" for name in NAMED_BY))


def drawn(product):
    """A row of the page with every word ready."""
    return {
        "url": product.get_absolute_url(), "title": product.title, "kind": product.get_kind_display(), "badge": badge(*look(product)),
        "since": date_short(product.published_at) if product.is_published else f"с {date_short(product.state_at)}",
        "institution": str(product.institution or ""), "project": str(product.project or ""), "year": product.year or "",
        "is_returned": product.state == RETURNED,
    }


@dataclass
class Listing:
    """What a person asked for (``query`` of the address) of the products that are one's own business."""

    query: object
    user: object
    words: dict = field(init=False)

    def __post_init__(self):
        self.form = ProductFilter(self.query)
        self.form.is_valid()
        self.words = {name: self.form.cleaned_data.get(name) for name in self.form.fields}
        self.is_moderator = may(self.user, MODERATE)

    @cached_property
    def products(self):
        found = MethodProduct.objects.belonging_to(self.user)
        for name in ("state", "kind"):
            if self.words.get(name):
                found = found.filter(**{name: self.words[name]})
        if self.words.get("institution"):
            found = found.filter(institution__in=self.words["institution"].pks)
        for word in (self.words.get("q") or "").split()[:MOST_WORDS]:
            found = found.filter(title__icontains=word)
        return found

    @cached_property
    def total(self):
        return self.products.count()

    @cached_property
    def page(self):
        text = self.query.get("page", "1")
        last = max(1, -(-self.total // STEP))
        return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 7 else 1

    @property
    def shown(self):
        return min(self.page * STEP, self.total)

    @property
    def order_words(self):
        return "Сначала те, что ждут проверки дольше" if self.is_moderator else "Сначала возвращённые"

    @cached_property
    def rows(self):
        first = (SUBMITTED, RETURNED, DRAFT) if self.is_moderator else (RETURNED, DRAFT, SUBMITTED)
        urgency = Case(*(When(state=state, then=Value(place)) for place, state in enumerate(first)), default=Value(3), output_field=IntegerField())
        # Who has waited longest is read first; of the rest, what changed last.
        waited = Case(When(state=SUBMITTED, then="state_at"))
        # First which ones, then what is told of these alone: whole rows of thousands are not sorted.
        pks = list(self.products.order_by(urgency, waited, "-state_at", "-pk").values_list("pk", flat=True)[place_of(self.page)])
        found = MethodProduct.objects.select_related("institution", "project").only(*TOLD).in_bulk(pks)
        return [drawn(found[pk]) for pk in pks if pk in found]

    @property
    def used(self):
        """The filters in use as pairs for an address."""
        return [(name, str(value)) for name, value in self.words.items() if value]

    @property
    def chosen(self):
        return [{"label": self.label(name), "url": f"?{urlencode([pair for pair in self.used if pair[0] != name])}"} for name, _ in self.used]

    def label(self, name):
        choices = dict(getattr(self.form.fields[name], "choices", ()))
        title = "Поиск" if name == "q" else self.form.fields[name].label
        return f"{title}: {showable(choices.get(self.words[name], self.words[name]))}"

    @property
    def next_url(self):
        return f"?{urlencode([*self.used, ('page', self.page + 1)])}" if self.shown < self.total else ""
