"""Equals the chair parts: which entries stand together, and the mark of what was shown. Pure."""
from projectoffice.common.hashing import content_hash

from ..scoring import order_by_chair


def group_with(board, pk):
    """The equals this entry stands among where the chair decides; empty where nothing is to be decided."""
    return next((group for group in board.chair_ties if any(row.key == pk for row in group)), [])


def mark_of(group):
    """Changes when somebody joins or leaves the group, when its totals change, and when it is decided."""
    rows = sorted(group, key=lambda row: row.key)
    return content_hash([f"{row.key}:{row.total}:{order_by_chair(row) or ''}" for row in rows])


def in_chairs_order(group):
    """As the chair put them, those without an order last."""
    return sorted(group, key=lambda row: (order_by_chair(row) is None, order_by_chair(row) or 0, row.key))
