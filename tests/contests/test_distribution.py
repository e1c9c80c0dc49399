"""Who scores what: feasible where a flow says so, within limits and conflicts, and even."""
from collections import deque

from hypothesis import given, settings
from hypothesis import strategies as st

from contests.distribution import Expert, distribute


@st.composite
def cases(draw):
    entries, experts = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    barred = {entry: set(draw(st.lists(st.integers(1, experts), max_size=experts))) for entry in range(1, entries + 1)}
    people = [Expert(key, draw(st.none() | st.integers(0, 6))) for key in range(1, experts + 1)]
    return list(barred), people, draw(st.integers(1, 4)), barred


def greatest_flow(entries, experts, each, barred):
    """Edmonds–Karp, written plainly: how many pairs there can be at all."""
    room = {("from", entry): each for entry in entries}
    limit = {expert.key: len(entries) if expert.limit is None else expert.limit for expert in experts}
    edge = {(entry, key): 1 for entry in entries for key in limit if key not in barred[entry]}
    total = 0
    while True:
        came, queue = {}, deque(("entry", entry) for entry in entries if room["from", entry])
        came.update(dict.fromkeys(queue))
        end = None
        while queue and end is None:
            kind, at = node = queue.popleft()
            if kind == "expert" and limit[at]:
                end = node
                break
            for (entry, key), open_edge in edge.items():
                step = ("expert", key) if kind == "entry" and entry == at and open_edge else (
                    ("entry", entry) if kind == "expert" and key == at and not open_edge else None)
                if step and step not in came:
                    came[step] = node
                    queue.append(step)
        if end is None:
            return total
        limit[end[1]] -= 1
        while came[end] is not None:
            before = came[end]
            pair = (before[1], end[1]) if before[0] == "entry" else (end[1], before[1])
            edge[pair] = 0 if before[0] == "entry" else 1
            end = before
        room["from", end[1]] -= 1
        total += 1


@settings(max_examples=300)
@given(cases())
def test_as_many_pairs_as_there_can_be_and_none_that_may_not(case):
    entries, experts, each, barred = case
    made = distribute(entries, experts, each, barred)
    limits = {expert.key: expert.limit for expert in experts}
    assert len(made.new) == greatest_flow(entries, experts, each, barred)
    assert all(expert not in barred[entry] for entry, expert in made.new)
    assert all(limits[key] is None or load <= limits[key] for key, load in made.loads.items())
    assert all(len(keys) <= each for keys in made.pairs.values())
    assert {row.entry: row.missing for row in made.shortages} == {
        entry: each - len(keys) for entry, keys in made.pairs.items() if len(keys) < each}


@settings(max_examples=300)
@given(cases())
def test_no_single_exchange_makes_the_loads_more_even(case):
    entries, experts, each, barred = case
    made = distribute(entries, experts, each, barred)
    limits = {expert.key: expert.limit for expert in experts}
    for entry, keys in made.pairs.items():
        for giver in keys:
            for taker in set(made.loads) - keys - barred[entry]:
                full = limits[taker] is not None and made.loads[taker] >= limits[taker]
                assert full or made.loads[taker] > made.loads[giver] - 2


def test_what_is_fixed_stays_and_counts_in_the_load():
    made = distribute([1, 2, 3], [Expert(1), Expert(2)], 1, {}, fixed={1: {1}, 2: {1}})
    assert made.pairs == {1: {1}, 2: {1}, 3: {2}}
    assert (made.new, made.loads) == ([(3, 2)], {1: 2, 2: 1})


def test_a_full_expert_is_freed_by_an_exchange():
    """The second entry may have the first expert alone, who was given away already."""
    made = distribute([1, 2], [Expert(1, 1), Expert(2, 1)], 1, {2: {2}})
    assert made.pairs == {1: {2}, 2: {1}}


def test_a_shortage_says_what_stands_in_the_way():
    row = distribute([1, 2], [Expert(1, 1), Expert(2, 5), Expert(3, 5)], 3, {2: {3}}).shortages[-1]
    assert (row.entry, row.missing, row.barred, row.full) == (2, 2, 1, 1)


def test_loads_of_a_large_contest_differ_by_one():
    experts = [Expert(key) for key in range(1, 61)]
    made = distribute(range(1, 301), experts, 3, {entry: {entry % 60 + 1} for entry in range(1, 301)})
    assert set(made.loads.values()) == {15}
