"""The bars of a portfolio: shares that are links, with their table. Pure but for the counting."""
from dataclasses import dataclass
from urllib.parse import urlencode

from . import reading
from .models import Project
from .words import COURSE_LOOKS, NO_DATA, STATUS_LOOKS

WHOLE = 1000  # units of a bar's width
LEAST = 75  # the least of a part that is there: 24 px of a phone's 330
GAP = 4


@dataclass(frozen=True)
class Part:
    """One part of a bar: what it is, how many, where the rows behind it are; ``x`` and ``width`` of the drawing."""

    family: str
    word: str
    count: int
    url: str
    x: int = 0
    width: int = 0


def bar(counts, looks, url):
    """Parts in the order of ``looks``; ``url(code)`` leads to the rows of a part. All parts, the empty ones without width."""
    full = [(code, counts.get(code, 0)) for code in looks]
    present = [(code, count) for code, count in full if count]
    room = WHOLE - LEAST * len(present) - GAP * max(0, len(present) - 1)
    total = sum(count for _, count in present) or 1
    parts, x = [], 0
    for code, count in full:
        width = LEAST + room * count // total if count else 0
        family, word = looks[code]
        parts.append(Part(family, word, count, url(code), x, width))
        x += width + GAP if count else 0
    return parts


def address(base, anchor="#projects", **words):
    return f"{base}?{urlencode(words)}{anchor}"


def rows_link(base):
    """The address of the rows of a state, as ``bar`` asks for it."""
    return lambda code: address(base, status=code)


@dataclass(frozen=True)
class Bars:
    """All bars of a portfolio, from one question: how many projects of each model, state and course."""

    counts: dict
    base: str

    @classmethod
    def of(cls, projects, base):
        return cls(reading.counted(reading.with_course(projects), "model", "status", "going"), base)

    def summed(self, key, when=lambda model, status: True):
        found: dict = {}
        for (model, status, going), count in self.counts.items():
            if when(model, status):
                name = key(status, going)
                found[name] = found.get(name, 0) + count
        return found

    @property
    def total(self):
        return sum(self.counts.values())

    @property
    def statuses(self):
        return bar(self.summed(lambda status, going: status), STATUS_LOOKS, rows_link(self.base))

    @property
    def courses(self):
        """The course of what is being carried out."""
        going_on = self.summed(lambda status, going: going, lambda model, status: status == Project.Status.ACTIVE)
        return bar(going_on, COURSE_LOOKS, lambda code: address(self.base, course=code or NO_DATA))

    def of_models(self, models):
        """``[(model, how many projects, the bar of their courses)]``."""
        return [(model, self.count_of(model), self.courses_of(model)) for model in models]

    def count_of(self, model):
        return sum(count for (pk, _, _), count in self.counts.items() if pk == model.pk)

    def courses_of(self, model):
        active = self.summed(lambda status, going: going,
                             lambda pk, status: pk == model.pk and status == Project.Status.ACTIVE)
        return bar(active, COURSE_LOOKS, lambda code: address(self.base, model=model.pk, course=code or NO_DATA))
