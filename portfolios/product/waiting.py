"""What the start page tells of the bank of products: what waits for the office, what came back, what was sent."""
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import Sent, Waiting, contributes

from ..models import MethodProduct
from .words import badge
from .workflow import MODERATE

MOST_SENT = 5
WORDS = ("title_words", "text_words")


@contributes
def products_in_hand(user):
    """One row for all products that wait for the office, a row for each it returned to this person."""
    State = MethodProduct.State
    returned = Q(pk__in=MethodProduct.objects.written_by(user).filter(state=State.RETURNED).order_by().values("pk"))
    wanted = returned | Q(state=State.SUBMITTED) if may(user, MODERATE) else returned
    found = list(MethodProduct.objects.filter(wanted).select_related("institution").defer("annotation", "vector", *WORDS).order_by("state_at"))
    to_check = [product for product in found if product.state == State.SUBMITTED]
    if to_check:
        yield Waiting(
            what=f"Проверить продукты: {len(to_check)}", whose="Банк методических продуктов", since=to_check[0].state_at,
            url=f"{reverse('portfolios:products')}?state={State.SUBMITTED.value}", action="Проверить",
        )
    for product in found:
        if product.state == State.RETURNED:
            yield Waiting(
                what=f"Методический продукт «{product}»", whose=str(product.institution or "Банк методических продуктов"),
                url=product.get_absolute_url(), action="Исправить", since=product.state_at, badge=badge(product), gender="m",
                remark=product.remark, remark_by=f"Проектный офис, {date_short(timezone.localtime(product.state_at))}",
            )


@contributes
def products_sent(user):
    """Products on the office's table and those published last; of the office's own nobody is reminded."""
    if user.roles:
        return
    State = MethodProduct.State
    found = MethodProduct.objects.written_by(user).filter(state__in=[State.SUBMITTED, State.PUBLISHED])
    for product in found.select_related("institution").order_by("-state_at")[:MOST_SENT]:
        yield Sent(
            what=f"Методический продукт «{product}»", whose=str(product.institution or ""), url=product.get_absolute_url(),
            at=product.state_at, badge=badge(product),
        )
