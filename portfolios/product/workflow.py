"""The table of a product's states: what may be done, in which state, by whom. Buttons and verbs obey it alike."""
from dataclasses import dataclass

from projectoffice.accounts.access import may, require
from projectoffice.common.errors import TransitionNotAllowed

from ..models import MethodProduct

DRAFT, SUBMITTED, RETURNED, PUBLISHED, WITHDRAWN = MethodProduct.State.values
CREATE, WRITE, MODERATE = "portfolios.create_product", "portfolios.write_product", "portfolios.moderate_products"
CLOSED = {
    SUBMITTED: "Продукт на проверке у офиса: чтобы менять его, сначала заберите его на доработку.",
    PUBLISHED: "Продукт опубликован: теперь его меняет только Проектный офис.",
    WITHDRAWN: "Продукт снят с публикации: теперь его меняет только Проектный офис.",
}


@dataclass(frozen=True)
class Rule:
    """States in which a verb is possible, the words of its button, those of a refusal, whose right it is.

    ``target`` is the state it leads to; in the states of ``office`` the office alone may do it.
    """

    states: tuple
    label: str
    otherwise: str
    permission: str = WRITE
    target: str = ""
    office: tuple = ()


RULES = {
    "edit": Rule((DRAFT, RETURNED), "Изменить", "Сейчас этот продукт не меняют.", office=(SUBMITTED, PUBLISHED, WITHDRAWN)),
    "submit": Rule((DRAFT, RETURNED), "Отправить на проверку", "Отправить можно черновик или возвращённый продукт.", target=SUBMITTED),
    "recall": Rule((SUBMITTED,), "Забрать на доработку", "Забрать можно продукт, который ждёт проверки.", target=DRAFT),
    "remove": Rule((DRAFT,), "Удалить черновик", "Удалить можно только черновик."),
    "return": Rule((SUBMITTED,), "Вернуть с замечанием", "Вернуть можно продукт, который ждёт проверки.", MODERATE, RETURNED),
    "publish": Rule((SUBMITTED, WITHDRAWN), "Опубликовать", "Опубликовать можно продукт, который ждёт проверки.", MODERATE, PUBLISHED),
    "withdraw": Rule((PUBLISHED,), "Снять с публикации", "Снять можно опубликованный продукт.", MODERATE, WITHDRAWN),
}


def is_moment(product, verb, is_moderator):
    rule = RULES[verb]
    return product.state in rule.states or (is_moderator and product.state in rule.office)


def demand(product, verb, by):
    """PermissionDenied for the wrong person, TransitionNotAllowed for the wrong moment."""
    rule = RULES[verb]
    require(by, rule.permission, product)
    if not is_moment(product, verb, may(by, MODERATE)):
        raise TransitionNotAllowed(CLOSED.get(product.state, rule.otherwise) if verb == "edit" else rule.otherwise)


def available(product, user):
    """{verb: label} of what this person may do now; each right is asked once."""
    held = {permission: may(user, permission, product) for permission in (WRITE, MODERATE)}
    return {verb: rule.label for verb, rule in RULES.items()
            if held[rule.permission] and is_moment(product, verb, held[MODERATE])}
