"""How a product is told: its badge, its kind, its files; the words pages and letters share."""
from projectoffice.common.filecheck import KINDS
from projectoffice.common.filenames import ending_of

from ..models import MethodProduct

State = MethodProduct.State
BANK = "Виртуальная сетевая лаборатория идей"
LOOKS = {
    State.DRAFT: ("neutral", "Черновик"),
    State.SUBMITTED: ("wait", "На проверке"),
    State.RETURNED: ("alert", "Возвращён"),
    State.PUBLISHED: ("done", "Опубликован"),
    State.WITHDRAWN: ("closed", "Снят с публикации"),
}


def badge(product):
    return LOOKS[State(product.state)]


def kind_of_file(stored):
    """«документ Word» of a stored file."""
    kind = KINDS.get(ending_of(stored.name))
    return kind.title if kind else "файл"
