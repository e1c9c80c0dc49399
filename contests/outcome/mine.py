"""What a team reads of its own entry: from the published result alone, without the names of experts."""
from dataclasses import dataclass

from ..models import Criterion
from .papers import entries_by_id

ROUNDS = dict(Criterion.Round.choices)
# With fewer works the mean tells the marks of the others.
FEWEST_FOR_MEAN = 3
BAR = 300


@dataclass(frozen=True)
class Line:
    """A criterion: own mark, the mean of the nomination, and both as lengths of bars."""

    title: str
    round: str
    counts: bool
    maximum: int
    own: str | None
    mean: str | None

    @property
    def own_bar(self):
        return length(self.own, self.maximum)

    @property
    def mean_bar(self):
        return length(self.mean, self.maximum)


def length(mark, maximum):
    return round(float(mark.replace(",", ".")) / maximum * BAR) if mark is not None else 0


@dataclass(frozen=True)
class Mine:
    """The outcome of one entry."""

    entry: dict
    nomination: dict
    lines: list
    has_means: bool
    comments: list
    notes: list
    rounds: list
    stayed: bool
    method: list
    ties: list

    @property
    def works(self):
        return len(self.nomination["entries"])


def outcome_of(result, entry):
    """The page of this entry in this result; None when the entry is no part of it."""
    found = entries_by_id(result.snapshot).get(entry.pk)
    if found is None:
        return None
    nomination, own = found
    has_means = len(nomination["entries"]) >= FEWEST_FOR_MEAN
    several = len({each["round"] for each in nomination["criteria"]}) > 1
    # Where it did not go on there is nothing to read of the hall.
    stayed = several and not own["advanced"]
    read = [each for each in nomination["criteria"] if not (stayed and each["round"] == Criterion.Round.ONSITE)]
    return Mine(
        entry=own, nomination=nomination, has_means=has_means, method=result.snapshot["method"], ties=in_a_sentence(result.snapshot["ties"]),
        lines=[line_of(each, own, nomination, has_means, several) for each in read], stayed=stayed,
        comments=in_no_order(sheet["comment"] for sheet in own["sheets"]), notes=notes_of(own, nomination),
        rounds=[{"title": ROUNDS[each["round"]] if several else "", **each} for each in own["rounds"]],
    )


def in_a_sentence(rules):
    """The chain as one sentence goes through it: the first rule alone begins with a capital."""
    return [*rules[:1], *(rule[:1].lower() + rule[1:] for rule in rules[1:])]


def line_of(criterion, own, nomination, has_means, several):
    key = str(criterion["id"])
    return Line(criterion["title"], ROUNDS[criterion["round"]] if several else "", criterion["counts"], criterion["maximum"],
                own["profile"].get(key), nomination["means"].get(key) if has_means else None)


def in_no_order(texts):
    """Texts in the order of the alphabet: the order of experts would tell which are by one hand."""
    return sorted({text.strip() for text in texts if text.strip()})


def notes_of(own, nomination):
    """Comments under criteria: ``[(criterion, [text])]``."""
    found = [(each["title"], in_no_order(sheet["notes"].get(str(each["id"]), "") for sheet in own["sheets"])) for each in nomination["criteria"]]
    return [(title, texts) for title, texts in found if texts]
