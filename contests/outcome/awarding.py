"""Which award an entry gets: by its place, or by hand with a reason."""
from dataclasses import dataclass

from ..contest.places import REST, read_places
from ..models import AwardChange, AwardLevel


@dataclass(frozen=True)
class Awarded:
    """The award of an entry; ``proposed`` is what the place brings, ``change`` what was decided by hand."""

    proposed: AwardLevel | None
    change: AwardChange | None = None

    @property
    def level(self):
        return self.change.level if self.change else self.proposed


def by_place(levels, place, passed=True):
    """The level whose places hold this one, otherwise the one for the rest of those who passed; None when there is neither. Pure."""
    rest = None
    for level in levels:
        places = read_places(level.places)
        if places is REST:
            rest = rest or level
        elif place is not None and places[0] <= place <= places[1]:
            return level
    return rest if passed else None


def awards_of(contest, boards):
    """``{entry id: Awarded}`` of all ranked entries, in two queries; nothing is proposed for what nobody has scored."""
    levels = list(contest.award_levels.all())
    changes = {each.entry_id: each for each in AwardChange.objects.filter(entry__contest=contest).select_related("level", "by")}
    return {row.key: Awarded(by_place(levels, row.place, row.passed and row.total is not None), changes.get(row.key))
            for board in boards for row in board.ranked}
