"""How much of the plan is done, by the month of the term and in all. Pure.

Held counts whole, partly considered counts half, what was taken off the plan does not count at all.
"""
from dataclasses import dataclass

from . import judging

MONTHS = ("Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь")
WITHOUT_TERM = "Без срока"
ALL = "Всего"
HOW = ("Проведённый вопрос идёт в счёт целиком, рассмотренный частично – наполовину, снятый не идёт. "
       "Месяц – тот, в котором кончается срок.")


@dataclass(frozen=True)
class Group:
    """Lines whose term ends in one month, counted by what became of them."""

    title: str
    total: int
    held: int
    partly: int
    moved: int
    cancelled: int
    not_held: int
    ahead: int

    @property
    def counted(self):
        return self.total - self.cancelled

    @property
    def percent(self):
        """Whole percents, halves up; None where nothing counts, or all of it is still ahead."""
        if self.counted == self.ahead:
            return None
        return (200 * self.held + 100 * self.partly + self.counted) // (2 * self.counted)


def groups(lines):
    """Groups by month from pairs (last day of the term or None, State); lines without a term come last."""
    months = sorted({(end.year, end.month) for end, _ in lines if end})
    found = [group(f"{MONTHS[month - 1]} {year}", [state for end, state in lines if end and (end.year, end.month) == (year, month)])
             for year, month in months]
    undated = [state for end, state in lines if end is None]
    return found + ([group(WITHOUT_TERM, undated)] if undated else [])


def group(title, states):
    codes = [state.code for state in states]
    return Group(title, len(codes), codes.count(judging.HELD), codes.count(judging.PARTLY), codes.count(judging.MOVED),
                 codes.count(judging.CANCELLED), codes.count(judging.NOT_HELD),
                 codes.count(judging.SCHEDULED) + codes.count(judging.UPCOMING))
