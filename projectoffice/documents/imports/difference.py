"""How a table read from a file differs from the rows there are. Rows that are recognised keep their uid."""
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from projectoffice.common.lines import plain

ALIKE = 0.55
MOST_COMPARISONS = 20_000
SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass
class Pair:
    """A row of the file, the row of the table it is, and the cells that differ."""

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
    """``pairs`` in the order of the file; ``removed`` are rows of the table the file does not have."""

    pairs: list
    removed: list

    def count(self, kind):
        return len(self.removed) if kind == REMOVED else sum(pair.kind == kind for pair in self.pairs)

    @property
    def is_empty(self):
        order = [pair.item.position for pair in self.pairs if pair.item]
        return not self.removed and all(pair.kind == SAME for pair in self.pairs) and order == sorted(order)


def compare(table, imported_items, items):
    """Pairs of rows: first those with the same main text, then the same number and like text, then like text."""
    free = list(items)
    found = {}
    texts = {id(row): plain(row.topics) for row in imported_items}
    texts |= {id(row): plain(getattr(row, table.main)) for row in items}
    for matches in (same_text, same_label, alike):
        for index, imported in enumerate(imported_items):
            if index not in found and (item := matches(imported, free, texts)):
                found[index] = item
                free.remove(item)
    pairs = [paired(table, imported, found.get(index)) for index, imported in enumerate(imported_items)]
    return Difference(pairs, free)


def same_text(imported, free, texts):
    return next((item for item in free if texts[id(item)] == texts[id(imported)]), None)


def same_label(imported, free, texts):
    with_label = [item for item in free if item.label.strip() == imported.label.strip() and imported.label.strip()]
    return closest(imported, with_label, texts)


def alike(imported, free, texts):
    return closest(imported, free, texts) if len(free) ** 2 <= MOST_COMPARISONS else None


def closest(imported, candidates, texts):
    """The candidate whose text is most like, when they are like enough."""
    best, likeness = None, ALIKE
    matcher = SequenceMatcher(b=texts[id(imported)], autojunk=False)
    for item in candidates:
        matcher.set_seq1(texts[id(item)])
        if matcher.real_quick_ratio() > likeness and matcher.quick_ratio() > likeness and (ratio := matcher.ratio()) > likeness:
            best, likeness = item, ratio
    return best


def paired(table, imported, item):
    if item is None:
        return Pair(imported)
    values = values_of(table, imported)
    return Pair(imported, item, [cell.key for cell in table.cells if values[cell.key] != cell.printed(item)])


def values_of(table, imported):
    """The cells of a row of the file, by the keys of the table."""
    return {**imported.extra, "label": imported.label, table.main: imported.topics, "term": imported.term,
            "responsible": imported.responsible, "section": imported.section}
