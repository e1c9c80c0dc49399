"""When a charge is due: what the words people type mean on the day they are given. Pure."""
from dataclasses import dataclass
from datetime import date

from projectoffice.common.terms import FREQUENCIES, NOT_UNDERSTOOD, calendar_year, parse_term, reading

RECURRING = {"daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "permanent"}


@dataclass(frozen=True)
class Due:
    """``words`` is how the text was read: «до 01.07.2027», «постоянно»; what recurs without an end has no dates."""

    start: date | None = None
    end: date | None = None
    is_permanent: bool = False
    words: str = ""

    @property
    def is_unclear(self):
        return self.words == NOT_UNDERSTOOD


def read_due(text, day):
    """What a term means when given on this day: inside its year, or the next when that time of this year has passed."""
    if not text:
        return Due()
    year, following = calendar_year(day.year), calendar_year(day.year + 1)
    term, next_term = parse_term(text, year), parse_term(text, following)
    if term.frequency in RECURRING and term.points in ((), (year,)):
        return Due(is_permanent=True, words=FREQUENCIES[term.frequency])
    if term.end and term.end < day and next_term.end and next_term.end >= day:
        term = next_term
    return Due(term.start, term.end, words=reading(term))
