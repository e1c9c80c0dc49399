"""Who scores what: so many experts for each entry, loads even, limits and conflicts kept. Pure.

Each entry takes the least loaded of its experts; where none is left, a chain of exchanges frees one (an augmenting
path). Then chains from the most loaded to less loaded experts are turned while one exists, which leaves the loads as
even as these conflicts allow (Harvey, Ladner, Lovász, Tamir, «Semi-matchings for bipartite graphs», 2006).
"""
from collections import deque
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True)
class Expert:
    """``limit`` entries at most, None for no limit."""

    key: int
    limit: int | None = None


@dataclass(frozen=True)
class Shortage:
    """An entry that gets fewer experts than wanted, and how many of those it may not have stand in the way."""

    entry: int
    missing: int
    barred: int
    full: int


@dataclass
class Distribution:
    """``pairs`` are all of them, the fixed ones included; ``new`` the ones to be made."""

    pairs: dict[int, set[int]]
    new: list[tuple[int, int]]
    loads: dict[int, int]
    shortages: list[Shortage] = field(default_factory=list)


def distribute(entries: Sequence[int], experts: Sequence[Expert], each: int, barred: Mapping[int, Set[int]],
               fixed: Mapping[int, Set[int]] = MappingProxyType({}), progress: Callable[[int, int], None] = lambda done, of: None) -> Distribution:
    """Give every entry ``each`` experts; ``barred[entry]`` may not score it, ``fixed[entry]`` do already and stay.

    The order of entries decides nothing but who is moved in a chain. ``progress(done, of)`` is called now and then.
    """
    board = Board(experts, barred, fixed, entries)
    for done, entry in enumerate(entries, start=1):
        while len(board.of(entry)) < each and board.place(entry):
            pass
        if done % 50 == 0 or done == len(entries):
            progress(done, len(entries))
    board.even()
    new = [(entry, expert) for entry in entries for expert in sorted(board.chosen[entry])]
    pairs = {entry: set(board.of(entry)) for entry in entries}
    return Distribution(pairs, new, dict(board.loads), board.shortages(entries, each))


def mixed(entry, expert):
    """Another order of equals for each entry, so that the same three do not meet on every one."""
    return (entry * 104_729 + expert * 7_919) % 1_009


class Board:
    """Who has what, while it is being distributed."""

    def __init__(self, experts, barred, fixed, entries):
        self.limits = {expert.key: expert.limit for expert in experts}
        self.fixed = {entry: set(fixed.get(entry, ())) for entry in entries}
        self.chosen: dict[int, set[int]] = {entry: set() for entry in entries}
        self.held: dict[int, set[int]] = {expert.key: set() for expert in experts}
        self.loads = {expert.key: 0 for expert in experts}
        everybody = set(self.limits)
        self.free = {entry: sorted(everybody - set(barred.get(entry, ())) - self.fixed[entry]) for entry in entries}
        for keys in self.fixed.values():
            for key in keys & everybody:
                self.loads[key] += 1

    def of(self, entry):
        return self.fixed[entry] | self.chosen[entry]

    def is_full(self, expert):
        limit = self.limits[expert]
        return limit is not None and self.loads[expert] >= limit

    def place(self, entry):
        """One expert more for the entry; False when there is nobody, whatever is exchanged."""
        found = self.chain([entry], lambda expert: not self.is_full(expert))
        if found:
            self.turn(found)
        return bool(found)

    def chain(self, start, is_end):
        """The shortest chain entry → expert → another entry of that expert → …, to an expert who is an end, or None.

        ``[(entry, expert), …]``: each entry gets that expert and gives up the expert before it in the chain.
        """
        came: dict[int, tuple[int, int | None]] = {}
        queue: deque[tuple[int, int | None]] = deque((entry, None) for entry in start)
        seen = set(start)
        while queue:
            entry, giver = queue.popleft()
            new = [expert for expert in self.free[entry] if expert not in came and expert not in self.chosen[entry]]
            for expert in sorted(new, key=lambda key: (self.loads[key], mixed(entry, key))):
                came[expert] = (entry, giver)
                if is_end(expert):
                    return self.path(came, expert)
                for other in self.held[expert] - seen:
                    seen.add(other)
                    queue.append((other, expert))
        return None

    @staticmethod
    def path(came, expert):
        found, at = [], expert
        while at is not None:
            entry, giver = came[at]
            found.append((entry, at))
            at = giver
        return found[::-1]

    def turn(self, path):
        """Make the exchanges of a chain: the last expert gets one entry more, the others keep their number."""
        for place, (entry, expert) in enumerate(path):
            self.give(entry, expert)
            if place + 1 < len(path):
                self.take(path[place + 1][0], expert)

    def give(self, entry, expert):
        self.chosen[entry].add(expert)
        self.held[expert].add(entry)
        self.loads[expert] += 1

    def take(self, entry, expert):
        self.chosen[entry].discard(expert)
        self.held[expert].discard(entry)
        self.loads[expert] -= 1

    def even(self):
        """Move entries from the most loaded to the less loaded while a chain does it."""
        settled: set[int] = set()
        while True:
            open_ones = [key for key in self.loads if key not in settled and self.held[key]]
            if not open_ones:
                return
            heaviest = max(open_ones, key=lambda key: (self.loads[key], -key))
            if self.relieve(heaviest):
                settled.clear()
            else:
                settled.add(heaviest)

    def relieve(self, heavy):
        """Take one entry off an expert where somebody with at least two fewer can be reached."""
        load = self.loads[heavy]
        if all(other > load - 2 or self.is_full(key) for key, other in self.loads.items()):
            return False
        found = self.chain(sorted(self.held[heavy]), lambda expert: self.loads[expert] <= load - 2 and not self.is_full(expert))
        if not found or any(expert == heavy for _, expert in found):
            return False
        self.take(found[0][0], heavy)
        self.turn(found)
        return True

    def shortages(self, entries, each):
        rows = []
        for entry in entries:
            missing = each - len(self.of(entry))
            if missing > 0:
                allowed = [key for key in self.free[entry] if key not in self.chosen[entry]]
                rows.append(Shortage(entry, missing, len(self.limits) - len(self.free[entry]) - len(self.fixed[entry] & set(self.limits)),
                                     sum(self.is_full(key) for key in allowed)))
        return rows
