"""Everything pages, papers and letters later say of the results, as JSON: frozen when they are published.

Numbers are texts of at most two decimals, as they are shown. Comments for the panel are no part of it, nor phones.
"""
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from projectoffice.common.hashing import content_hash

from ..contest.words import scoring_words
from ..models import EntrySubmission, Expert, JuryVote, ScoreSheet
from ..scoring import average, deciding_sheets, full_marks, sheet_total
from ..tally.board import voting_is_over
from ..tally.words import place_words, rounded, rule_words

SCHEMA = 1


def fingerprint(snapshot):
    return content_hash(snapshot)


def take(contest, boards, awards):
    """The results as they are this moment; the same queries whatever the number of entries."""
    said, sheets = submissions_of(contest), sheets_of(contest)
    return {
        "schema": SCHEMA,
        "contest": {"id": contest.pk, "title": contest.title, "year": contest.year},
        "method": [[fact, words] for fact, words in scoring_words(contest)],
        "ties": [str(rule) for rule in contest.tie_rules.all()],
        "levels": [{"id": level.pk, "title": level.title, "paper": level.paper, "is_rest": not level.places} for level in contest.award_levels.all()],
        "experts": experts_of(contest),
        "jury": jury_of(contest),
        "nominations": [nomination_of(board, awards, said, sheets) for board in boards],
    }


def text(value):
    """A number as it is shown: «8,67», «12»; None stays None."""
    if value is None:
        return None
    value = rounded(value)
    return str(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()).replace(".", ",")


def nomination_of(board, awards, said, sheets):
    profiles = {row.key: profile_of(row, board.weighed) for row in board.ranked}
    return {
        "id": board.nomination.pk, "title": board.nomination.title, "greatest": text(board.greatest), "voters": board.voters,
        "criteria": [{"id": each.pk, "title": each.title, "round": each.round, "weight": text(each.weight), "maximum": each.maximum,
                      "counts": each.counts} for each in board.criteria],
        "means": means_of(profiles.values()),
        "entries": [entry_of(board, row, awards[row.key], said[row.key], sheets[row.key], profiles[row.key]) for row in board.ranked],
    }


def profile_of(row, criteria):
    """``{criterion: mean mark}`` of the sheets that made the total."""
    deciding = list(deciding_sheets(row.entry, (row.remote, row.onsite)))
    found = {}
    for each in criteria:
        marks = [sheet.marks[each.key] for sheet in deciding if each.key in sheet.marks]
        if marks:
            found[str(each.key)] = average(marks)
    return found


def means_of(profiles):
    """The mean of each criterion over the entries of the nomination."""
    marks = defaultdict(list)
    for profile in profiles:
        for key, mark in profile.items():
            marks[key].append(mark)
    return {key: text(Fraction(sum(values)) / len(values)) for key, values in marks.items()}


def entry_of(board, row, awarded, said, sheets, profile):
    entry = board.entries[row.key]
    return {
        "id": entry.pk, "number": entry.number, "title": said["title"], "institution": said["institution"], "partners": said["partners"],
        "authors": [{"name": each["name"], "post": each["post"], "person": each["person"]} for each in said["authors"]],
        "place": place_words(row), "total": text(row.total), "greatest": text(greatest_of(board, row)), "passed": row.passed, "advanced": row.entry.advanced,
        "rule": rule_words(board, row), "votes": row.entry.votes,
        "rounds": [round_of(code, total) for code, total in (("remote", row.remote), ("onsite", row.onsite)) if total.combined is not None],
        "profile": {key: text(mark) for key, mark in profile.items()},
        "sheets": [sheet_of(sheet, board.weighed) for sheet in sheets],
        **award_of(awarded),
    }


def award_of(awarded):
    level = awarded.level
    return {"award": {"level": level.pk, "title": level.title, "paper": level.paper} if level else None,
            "award_reason": awarded.change.reason if awarded.change else ""}


def greatest_of(board, row):
    """What the total could be at most: counted from as many sheets and rounds as the total was."""
    return full_marks(row.remote, row.onsite, row.entry.advanced, board.weighed, board.rules)


def round_of(code, total):
    return {"round": code, "mean": text(total.mean), "median": text(total.median), "spread": text(total.spread), "count": total.count,
            "arbiter": text(total.arbiter), "diverges": total.diverges, "combined": text(total.combined)}


def sheet_of(sheet, criteria):
    marks = {score.criterion_id: score for score in sheet.scores.all()}
    given = {key: score.mark for key, score in marks.items() if score.mark is not None}
    return {
        "id": sheet.pk, "expert": sheet.review.expert_id, "round": sheet.review.round, "is_arbiter": sheet.review.is_arbiter,
        "total": text(sheet_total(Given(given), criteria)),
        "marks": {str(key): text(mark) for key, mark in given.items()},
        "notes": {str(key): score.comment for key, score in marks.items() if score.comment},
        "comment": sheet.comment, "on": sheet.submitted_at.isoformat(),
    }


class Given:
    """Marks as the pure module reads them off a sheet."""

    def __init__(self, marks):
        self.marks = marks


# Reading

def submissions_of(contest):
    """``{entry: snapshot}`` of what was last sent: what was judged, not what is typed since."""
    rows = EntrySubmission.objects.filter(entry__contest=contest).order_by("entry", "number").values_list("entry", "snapshot")
    return dict(rows)


def sheets_of(contest):
    found = defaultdict(list)
    counted = ScoreSheet.objects.counted().filter(review__entry__contest=contest).select_related("review").prefetch_related("scores")
    for sheet in counted.order_by("pk"):
        found[sheet.review.entry_id].append(sheet)
    return found


def experts_of(contest):
    """Who handed in at least one sheet that counts: ``[{"id", "name", "person"}]``."""
    counted = ScoreSheet.objects.counted().filter(review__entry__contest=contest).values("review__expert")
    found = Expert.objects.filter(pk__in=counted).select_related("person").order_by("pk")
    return [{"id": each.pk, "name": each.person.full_name, "short": each.person.short_name, "person": each.person_id} for each in found]


def jury_of(contest):
    """Votes that count, those annulled and why; nothing while the window is not over: interim sums are nobody's."""
    if not voting_is_over(contest):
        return {"votes": 0, "annulled": 0, "reasons": []}
    reasons = list(JuryVote.objects.filter(entry__contest=contest).values_list("annulled_at", "annul_reason"))
    annulled = [why for at, why in reasons if at]
    return {"votes": len(reasons) - len(annulled), "annulled": len(annulled), "reasons": sorted(set(annulled))}
