"""What the start page tells of the bank of products: what waits for the office, what came back, what was sent."""
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import SHORT, Sent, Waiting, contributes

from ..models import MethodProduct
from .words import badge
from .workflow import MODERATE

WORDS = ("title_words", "text_words")


@contributes
def products_in_hand(user):
    """From one reading: a row for all that wait for the office, a row for each that came back, and the last ones sent.

    Of the office's own products nobody is reminded.
    """
    State = MethodProduct.State
    own = MethodProduct.objects.written_by(user).order_by()
    wanted = Q(pk__in=own.filter(state=State.RETURNED).values("pk"))
    moderates = may(user, MODERATE)
    if moderates:
        wanted |= Q(state=State.SUBMITTED)
    newest = own.filter(state__in=[State.SUBMITTED, State.PUBLISHED]).order_by("-state_at", "-pk").values("pk")[:SHORT]
    if user.is_outside:
        wanted |= Q(pk__in=newest)
    found = MethodProduct.objects.filter(wanted).select_related("institution").defer("annotation", "vector", *WORDS)
    found = list(found.annotate(is_own=Exists(own.filter(pk=OuterRef("pk")))).order_by("state_at", "pk"))
    submitted = [product for product in found if product.state == State.SUBMITTED]
    if moderates and submitted:
        yield to_check(submitted)
    for product in found:
        if product.state == State.RETURNED:
            yield returned(product)
        elif product.is_own and user.is_outside:
            yield sent(product)


def to_check(products):
    return Waiting(
        what=f"Проверить продукты: {len(products)}", whose="Банк методических продуктов", since=products[0].state_at,
        url=f"{reverse('portfolios:products')}?state={MethodProduct.State.SUBMITTED.value}", action="Проверить",
    )


def returned(product):
    return Waiting(
        what=f"Методический продукт «{product}»", whose=str(product.institution or "Банк методических продуктов"),
        url=product.get_absolute_url(), action="Исправить", since=product.state_at, badge=badge(product), gender="m",
        remark=product.remark, remark_by=f"Проектный офис, {date_short(timezone.localtime(product.state_at))}",
    )


def sent(product):
    return Sent(
        what=f"Методический продукт «{product}»", whose=str(product.institution or ""), url=product.get_absolute_url(),
        at=product.state_at, badge=badge(product),
    )
