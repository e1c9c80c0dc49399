"""How a plan read from a file differs from the rows there are. Rows that are recognised keep their uid."""
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from projectoffice.common.lines import plain

from . import cells

ALIKE = 0.55
MOST_COMPARISONS = 20_000
SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass
class Pair:
    """A row of the file, the row of the plan it is, and the cells that differ."""

    imported: object
    item: object = None
    changed: list = field(default_factory=list)

    @property
    def kind(self):
        if self.item is None:
            return ADDED
        return CHANGED if self.changed or self.imported.section != self.item.section else SAME


@dataclass
class Difference:
    """``pairs`` in the order of the file; ``removed`` are rows of the plan the file does not have."""

    pairs: list
    removed: list

    def count(self, kind):
        return len(self.removed) if kind == REMOVED else sum(pair.kind == kind for pair in self.pairs)

    @property
    def is_empty(self):
        order = [pair.item.position for pair in self.pairs if pair.item]
        return not self.removed and all(pair.kind == SAME for pair in self.pairs) and order == sorted(order)


def compare(imported_items, items):
    """Pairs of rows: first those with the same topics, then the same number and like topics, then like topics."""
    free = list(items)
    found = {}
    texts = {id(row): plain(row.topics) for row in [*imported_items, *items]}
    for matches in (same_topics, same_label, alike):
        for index, imported in enumerate(imported_items):
            if index not in found and (item := matches(imported, free, texts)):
                found[index] = item
                free.remove(item)
    pairs = [paired(imported, found.get(index)) for index, imported in enumerate(imported_items)]
    return Difference(pairs, free)


def same_topics(imported, free, texts):
    return next((item for item in free if texts[id(item)] == texts[id(imported)]), None)


def same_label(imported, free, texts):
    with_label = [item for item in free if item.label.strip() == imported.label.strip() and imported.label.strip()]
    return closest(imported, with_label, texts)


def alike(imported, free, texts):
    return closest(imported, free, texts) if len(free) ** 2 <= MOST_COMPARISONS else None


def closest(imported, candidates, texts):
    """The candidate whose topics are most like, when they are like enough."""
    best, likeness = None, ALIKE
    matcher = SequenceMatcher(b=texts[id(imported)], autojunk=False)
    for item in candidates:
        matcher.set_seq1(texts[id(item)])
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness and (ratio := matcher.ratio()) > likeness:
            best, likeness = item, ratio
    return best


def paired(imported, item):
    if item is None:
        return Pair(imported)
    return Pair(imported, item, [cell for cell in cells.CELLS if cell_of(imported, cell) != printed(item, cell)])


def cell_of(imported, cell):
    return getattr(imported, cell)


def printed(item, cell):
    return [one.text for one in item.responsibles.all()] if cell == "responsible" else getattr(item, cell)
