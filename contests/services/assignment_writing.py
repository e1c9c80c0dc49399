"""Writing what was decided about works: rows, one line of history, a letter to each expert. Part of verbs that hold the contest."""
from collections import Counter

from projectoffice.accounts.access import person_of
from projectoffice.common.db import now
from projectoffice.common.history import record

from ..expert import letters
from ..models import Criterion, Expert, Review

GIVEN = Review.State.GIVEN
ROUNDS = {Criterion.Round.REMOTE: "заочный тур", Criterion.Round.ONSITE: "очный тур"}


def give_pairs(contest, code, pairs, *, by, words="Распределены работы"):
    """Write these pairs (entry, expert) and tell of it; how many. What stands in their way was asked before."""
    if not pairs:
        return 0
    write_pairs(contest, code, pairs, by=by)
    loads = Counter(expert for _, expert in pairs)
    event = record("assign", contest, f"{words} ({ROUNDS[code]}): назначений {len(pairs)}, экспертов {len(loads)}", by=by)
    tell(contest, code, loads, event)
    return len(pairs)


def write_pairs(contest, code, pairs, *, by):
    """The rows alone; a pair that was given up once is one row again."""
    moment, giver = now(), person_of(by)
    again = {(review.entry_id, review.expert_id): review for review in Review.objects.select_for_update(of=("self",)).filter(
        entry__contest=contest, round=code).exclude(state=GIVEN)}
    Review.objects.bulk_create(
        [Review(entry_id=entry, expert_id=expert, round=code, given_by=giver, given_at=moment)
         for entry, expert in pairs if (entry, expert) not in again], batch_size=1000)
    for pair in pairs:
        if pair in again:
            revive(again[pair], moment, giver)


def revive(review, moment, giver):
    """A work that was given up comes back to the same expert: the row is one, the version tells of it."""
    review.state, review.reason, review.is_arbiter, review.given_at, review.given_by = GIVEN, "", False, moment, giver
    review.version += 1
    review.save(update_fields=["state", "reason", "is_arbiter", "given_at", "given_by", "version"])


def tell(contest, code, loads, event):
    term = letters.term_of(contest, code)
    for expert in Expert.objects.filter(pk__in=loads).select_related("person").order_by("pk"):
        letters.assigned(expert, contest, loads[expert.pk], term, f"works_assigned:{event.pk}:{expert.pk}")
