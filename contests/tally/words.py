"""What places, totals and the rules that part equals are called, on pages, in files and for programs."""
from decimal import ROUND_HALF_UP, Decimal

from projectoffice.common.russian import NOTHING, number, quoted

from ..contest.words import counted_points
from ..scoring import Tie

PLACES = Decimal("0.01")
DECIDED = {
    Tie.HIGHEST: "При равных баллах решило число высших оценок", Tie.EARLIER: "При равных баллах решило время подачи, считая последнюю отправку",
    Tie.CHAIR: "При равных баллах решил председатель", Tie.SHARED: "Баллы равны, место общее",
}


def rounded(value):
    """Hundredths of a total or a mean, halves up; None stays None."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator) if hasattr(value, "denominator") else Decimal(value)
    return exact.quantize(PLACES, ROUND_HALF_UP)


def shown_points(value):
    """«12,67», «12», and a dash for nothing."""
    return NOTHING if value is None else number(rounded(value).normalize() + 0)


def points_words(value):
    """«12,67 балла», «12 баллов»: a total in a sentence."""
    return counted_points(rounded(value).normalize() + 0)


def place_words(row):
    """«1», «2–3» of a shared place, nothing for an entry without one."""
    if row.place is None:
        return ""
    return f"{row.place}–{row.last_place}" if row.shares_place else str(row.place)


def rule_words(board, row):
    """The rule that parted this entry from one with the same total; empty when none was needed."""
    decided = row.decided
    if decided is None:
        return ""
    if decided.rule != Tie.CRITERION:
        return DECIDED[decided.rule]
    title = next((each.title for each in board.criteria if each.pk == decided.criterion), "")
    return f"При равных баллах решил критерий {quoted(title)}"


# For programs

def as_data(board):
    """A nomination with its ranking as plain data."""
    return {"nomination": str(board.nomination), "id": board.nomination.pk, "entries": [row_data(board, row) for row in board.ranked]}


def row_data(board, row):
    entry = board.entries[row.key]
    return {
        "id": entry.pk, "number": entry.number, "title": entry.title, "place": row.place, "last_place": row.last_place,
        "total": as_float(row.total), "passed": row.passed, "public_share": as_float(row.public), "awaits_arbiter": row.awaits_arbiter,
        "rule": str(row.decided.rule) if row.decided else None, "rule_words": rule_words(board, row),
        "remote": round_data(row.remote), "onsite": round_data(row.onsite),
    }


def round_data(total):
    return {
        "totals": {str(expert): as_float(value) for expert, value in total.totals.items()}, "count": total.count,
        "mean": as_float(total.mean), "median": as_float(total.median), "spread": as_float(total.spread),
        "diverges": total.diverges, "arbiter": as_float(total.arbiter), "combined": as_float(total.combined),
    }


def as_float(value):
    return None if value is None else round(float(value), 6)
