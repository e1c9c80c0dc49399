"""What the start page tells of the bank of products: what waits for the office, what came back, what was sent."""
from django.db.models import Count, Min, Q
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
    """One row for all that wait for the office; from one reading of one's own, each that came back and the last ones sent.

    Of the office's own products nobody is reminded.
    """
    if may(user, MODERATE):
        yield from to_check()
    State = MethodProduct.State
    own = MethodProduct.objects.written_by(user).order_by()
    wanted = Q(pk__in=own.filter(state=State.RETURNED).values("pk"))
    newest = own.filter(state__in=[State.SUBMITTED, State.PUBLISHED]).order_by("-state_at", "-pk").values("pk")[:SHORT]
    if user.is_outside:
        wanted |= Q(pk__in=newest)
    found = MethodProduct.objects.filter(wanted).select_related("institution").defer("annotation", "vector", *WORDS)
    for product in found.order_by("state_at", "pk"):
        if product.state == State.RETURNED:
            yield returned(product)
        else:
            yield sent(product)


def to_check():
    """How many wait and since when, counted by the database: their texts are not read."""
    asked = MethodProduct.objects.waiting().aggregate(count=Count("pk"), since=Min("state_at"))
    if asked["count"]:
        yield Waiting(
            what=f"Проверить продукты: {asked['count']}", whose="Банк методических продуктов", since=asked["since"],
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
