"""The bank of products as visitors read it: the catalogue, a product, its files."""
from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projectoffice.common.mail import absolute
from projectoffice.common.policy import PUBLIC, policy
from projectoffice.common.text import showable
from projectoffice.common.uploads import send_file

from ..forms.product import CatalogueForm
from ..listed import address_word
from ..models import MethodProduct, ProductFile
from ..product import catalogue
from ..product import public as reading
from ..product.words import BANK


@policy(PUBLIC)
@require_safe
def public_products(request):
    """The catalogue: words in any form, filters as removable words, the best or the newest first."""
    form = CatalogueForm(request.GET)
    asked = form.asked()
    results = catalogue.results(asked, page_number(request))
    used = [(name, address_word(form.cleaned_data[name])) for name in form.fields if form.cleaned_data.get(name)]
    return render(request, "portfolios/public_products.html", {
        "form": form, "results": results, "by_rank": bool(asked.words), "bank": BANK, "step": catalogue.STEP,
        "chosen": [{"label": label_of(form, name), "url": address([pair for pair in used if pair[0] != name])} for name, _ in used],
        "next_url": address([*used, ("page", results.page + 1)]) if results.has_more else "",
        "any_word_url": address([pair for pair in used if pair[0] != "q"] + [("q", asked.any_word)]) if asked.any_word else "",
        "is_bare": not used and not form.errors,
    })


def page_number(request):
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def address(pairs):
    return f"?{urlencode(pairs)}"


def label_of(form, name):
    value, field = form.cleaned_data[name], form.fields[name]
    words = dict(field.choices).get(value, value) if name == "kind" else value
    return f"{field.label}: {showable(words)}"


@policy(PUBLIC)
@require_safe
def public_product(request, uid):
    """One published product under the address that never changes."""
    found = get_object_or_404(MethodProduct.objects.published().select_related("institution"), uid=uid)
    return render(request, "portfolios/public_product.html", {
        **reading.page(found, file_url=lambda row: reverse("portfolios:public_product_file", args=[uid, row.pk])),
        "bank": BANK, "address": absolute(found.public_url)})


@policy(PUBLIC)
@require_safe
def public_product_file(request, uid, pk):
    """A file of a published product, while it is published."""
    shown = ProductFile.objects.present().filter(product__in=MethodProduct.objects.published())
    row = get_object_or_404(shown.select_related("file", "product"), pk=pk, product__uid=uid)
    return send_file(reading.public_file(row))
