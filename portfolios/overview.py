"""The bars of a portfolio: shares that are links, with their table. Pure but for the counting."""
from dataclasses import dataclass
from urllib.parse import urlencode

from . import reading
from .models import Project
from .words import COURSE_LOOKS, NO_DATA, ON_CHECK, STATUS_LOOKS, Look

WHOLE = 1000  # units of a bar's width
LEAST = 75  # the least of a part that is there: 24 px of a phone's 330
GAP = 4
Status = Project.Status
UNDER_WAY = (Status.ACTIVE, Status.SUSPENDED)
REST = (Status.PREPARING, Status.FINISHED, Status.STOPPED)
# The one bar of a portfolio: how it goes with what is under way, the worst first; who is silent stands last.
OVERVIEW_LOOKS = {code: look for code, look in COURSE_LOOKS.items() if code} | {
    Status.SUSPENDED.value: Look("closed", STATUS_LOOKS[Status.SUSPENDED].word), "": COURSE_LOOKS[""]}


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


def way_gone(baseline, target, actual):
    """How much of the way from the baseline to the target is gone, in units of a bar; None where it cannot be said."""
    if target is None or actual is None or target == (baseline or 0):
        return None
    share = (actual - (baseline or 0)) / (target - (baseline or 0))
    return int(min(max(share, 0), 1) * WHOLE)


def course_of(status, going):
    return status if status == Status.SUSPENDED else going


def course_link(base, code, **words):
    """The address of the rows of a part of the overview."""
    name, value = ("status", code) if code == Status.SUSPENDED else ("course", code or NO_DATA)
    return address(base, **words, **{name: value})


@dataclass(frozen=True)
class Bars:
    """All bars of a portfolio, from one question: how many projects of each model, state and course."""

    counts: dict
    base: str

    @classmethod
    def of(cls, counts, base):
        """``counts``: {(model, status, standing): how many projects}."""
        return cls({(model, status, reading.course_at(standing)): count for (model, status, standing), count in counts.items()}, base)

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
    def rest(self):
        """What is not under way, as numbers beside the bar: being prepared, over."""
        return bar(self.summed(lambda status, going: status), {code: STATUS_LOOKS[code] for code in REST}, rows_link(self.base))

    @property
    def courses(self):
        """How it goes with what is under way."""
        return self.under_way(lambda model: True)

    @property
    def all_well(self):
        """Whether something is carried out and each course is known and as planned."""
        going = self.summed(course_of, lambda model, status: status == Status.ACTIVE)
        return bool(going) and going.keys() <= {Project.Course.ON_TRACK.value, ON_CHECK}

    def under_way(self, of_model, **words):
        counts = self.summed(course_of, lambda model, status: status in UNDER_WAY and of_model(model))
        return bar(counts, OVERVIEW_LOOKS, lambda code: course_link(self.base, code, **words))

    def of_models(self, models):
        """``[(model, how many projects, the bar of their courses)]``."""
        return [(model, self.count_of(model), self.under_way(lambda pk, wanted=model.pk: pk == wanted, model=model.pk))
                for model in models]

    def count_of(self, model):
        return sum(count for (pk, _, _), count in self.counts.items() if pk == model.pk)
