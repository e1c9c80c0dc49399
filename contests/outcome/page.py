"""The office's page of the results: what bars them, who gets what, what is published, what changed since."""
from functools import cached_property

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, prefetch_related_objects

from projectoffice.accounts.access import may
from projectoffice.common.db import now
from projectoffice.common.models import Event, Job, MailState, OutgoingMail
from projectoffice.common.russian import date_long

from ..contest.workflow import available
from ..models import Contest, JuryProtocol, Nomination, Result, ScoreSheet
from ..tally.board import standings
from ..tally.words import place_words, rule_words
from .awarding import awards_of
from .missing import problems_of
from .snapshot import award_of, experts_of, fingerprint, take, text

VERBS = ("publish", "award", "correct", "papers")
# What may be done once results are out and may make other ones.
MENDS = ("submit_sheet", "check_sheet", "void_sheet", "give_arbiter", "chair_decide", "annul_vote", "change_award", "reset_award")


class ResultsPage:
    """The results of a contest as they would be published now, and as they are; ``anew`` as ``problems_of`` has it."""

    def __init__(self, contest, user, *, anew=True):
        self.contest, self.user, self.moment, self.anew = contest, user, now(), anew
        found = Result.objects.filter(contest=contest).select_related("by", "protocol_file").order_by("-number")
        self.result = found.first() if contest.state == Contest.State.FINISHED else None
        self.verbs = available(contest, user, VERBS, self.moment)
        self.runs = may(user, "contests.run_contests", contest)

    @cached_property
    def boards(self):
        prefetch_related_objects([self.contest], "stages", "award_levels", "tie_rules")
        return standings(self.contest, self.moment)

    @cached_property
    def awards(self):
        return awards_of(self.contest, self.boards)

    @cached_property
    def live(self):
        return take(self.contest, self.boards, self.awards)

    @property
    def to_publish(self):
        """Exactly what the fingerprint is of."""
        return self.live["nominations"]

    @cached_property
    def shown(self):
        return fingerprint(self.live)

    @cached_property
    def problems(self):
        return problems_of(self.contest, self.boards, self.moment, anew=self.anew)

    @property
    def stops(self):
        return [each for each in self.problems if each.stops]

    @property
    def remarks(self):
        return [each for each in self.problems if not each.stops]

    @property
    def is_published(self):
        return self.contest.state == Contest.State.FINISHED and self.result is not None

    @property
    def is_touched(self):
        """Whether anybody did since the publication what may change the results; what it comes to the page of the correction says."""
        if not self.is_published:
            return False
        kinds = ContentType.objects.get_for_models(ScoreSheet, Nomination, Contest)
        sheets = ScoreSheet.objects.filter(review__entry__contest=self.contest).values("pk")
        of_contest = Q(content_type=kinds[ScoreSheet], object_id__in=sheets) | Q(
            content_type=kinds[Nomination], object_id__in=self.contest.nominations.values("pk")) | Q(
            content_type=kinds[Contest], object_id=self.contest.pk)
        return Event.objects.filter(of_contest, moment__gt=self.result.published_at, verb__in=MENDS).exists()

    @property
    def differs(self):
        """Whether something was changed since the publication and not published."""
        return self.is_published and self.shown != fingerprint(self.result.snapshot)

    @cached_property
    def changes(self):
        """What a correction would change: ``[(number, title, before, after)]``."""
        before, after = outcomes(self.result.snapshot), outcomes(self.live)
        return [(*entry[:2], *(words_of(each.get(key)) for each in (before, after)))
                for key, entry in {**before, **after}.items() if before.get(key) != after.get(key)]

    @property
    def nominations(self):
        """``[{"title", "rows"}]``: of the frozen result when it is published, otherwise as it would be."""
        nominations = self.result.snapshot["nominations"] if self.is_published else preview_of(self.boards, self.awards)
        numbers = {award.entry_id: award for award in self.published_awards}
        return [{"title": each["title"], "rows": [{"entry": entry, "award": numbers.get(entry["id"])} for entry in each["entries"]]}
                for each in nominations]

    @cached_property
    def experts(self):
        return self.result.snapshot["experts"] if self.is_published else experts_of(self.contest)

    @cached_property
    def published_awards(self):
        return list(self.result.awards.select_related("entry__project", "level").prefetch_related("diplomas__file")) if self.is_published else []

    @cached_property
    def letters(self):
        """How many letters of this result wait to be looked at, and how many went on; nothing for who does not run the contest."""
        if not (self.is_published and self.runs):
            return {}
        states = list(OutgoingMail.objects.about(self.result).values_list("state", flat=True))
        held = sum(state == MailState.HELD for state in states)
        return {"held": held, "sent": len(states) - held}

    @cached_property
    def has_protocol(self):
        return JuryProtocol.objects.filter(contest=self.contest).exists()

    @property
    def protocol_named(self):
        """Number and day of the panel's protocol, each empty until it has one."""
        found = JuryProtocol.objects.select_related("document").filter(contest=self.contest, held_on__isnull=False).first()
        return (str(found.document.number or ""), date_long(found.held_on)) if found else ("", "")

    @property
    def jobs(self):
        return list(Job.objects.visible_to(self.user).about(self.result).select_related("file")[:6]) if self.is_published else []

    @property
    def diplomas_left(self):
        return sum(award.diploma is None for award in self.published_awards)

    @property
    def earlier(self):
        if not self.is_published or self.result.number == 1:
            return []
        return list(Result.objects.filter(contest=self.contest, number__lt=self.result.number).defer("snapshot"))


def preview_of(boards, awards):
    """What the table shows before publication, in the shape of the snapshot; sheets, comments and what was sent are not read for it."""
    return [{"title": board.nomination.title, "entries": [preview(board, row, awards[row.key]) for row in board.ranked]} for board in boards]


def preview(board, row, awarded):
    entry = board.entries[row.key]
    return {"id": entry.pk, "number": entry.number, "title": entry.title, "institution": {"name": str(entry.institution)}, "place": place_words(row),
            "total": text(row.total), "passed": row.passed, "rule": rule_words(board, row), **award_of(awarded)}


def outcomes(snapshot):
    """What a team would notice of a result: ``{entry: (number, title, place, total, award)}``."""
    return {entry["id"]: (entry["number"], entry["title"], entry["place"], entry["total"], (entry["award"] or {}).get("title", ""))
            for nomination in snapshot["nominations"] for entry in nomination["entries"]}


def words_of(outcome):
    if outcome is None:
        return "нет в итогах"
    _, _, place, total, award = outcome
    return ", ".join(each for each in (f"место {place}" if place else "без места", f"{total} б." if total else "", award or "без награды") if each)
