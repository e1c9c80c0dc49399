"""The office's page of the results: what bars them, who gets what, what is published, what changed since."""
from functools import cached_property

from django.db.models import prefetch_related_objects

from projectoffice.accounts.access import may
from projectoffice.common.db import now
from projectoffice.common.models import Job, MailState, OutgoingMail
from projectoffice.common.russian import date_long

from ..contest.workflow import available
from ..models import Contest, JuryProtocol, Result
from ..tally.board import standings
from .awarding import awards_of
from .missing import problems_of
from .snapshot import fingerprint, take

VERBS = ("publish", "award", "correct", "papers")


class ResultsPage:
    """The results of a contest as they would be published now, and as they are."""

    def __init__(self, contest, user):
        prefetch_related_objects([contest], "stages", "award_levels", "tie_rules")
        self.contest, self.user, self.moment = contest, user, now()
        self.result = Result.objects.filter(contest=contest).select_related("by", "protocol_file").order_by("-number").first()
        self.verbs = available(contest, user, VERBS, self.moment)
        self.runs = may(user, "contests.run_contests", contest)

    @cached_property
    def boards(self):
        return standings(self.contest)

    @cached_property
    def awards(self):
        return awards_of(self.contest, self.boards)

    @cached_property
    def live(self):
        return take(self.contest, self.boards, self.awards)

    @cached_property
    def shown(self):
        return fingerprint(self.live)

    @cached_property
    def problems(self):
        return problems_of(self.contest, self.boards, self.moment)

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
        snapshot = self.result.snapshot if self.is_published else self.live
        numbers = {award.entry_id: award for award in self.published_awards}
        return [{"title": each["title"], "greatest": each["greatest"],
                 "rows": [{"entry": entry, "award": numbers.get(entry["id"])} for entry in each["entries"]]}
                for each in snapshot["nominations"]]

    @property
    def experts(self):
        return (self.result.snapshot if self.is_published else self.live)["experts"]

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
        return list(Result.objects.filter(contest=self.contest, number__lt=self.result.number)) if self.is_published else []


def outcomes(snapshot):
    """What a team would notice of a result: ``{entry: (number, title, place, total, award)}``."""
    return {entry["id"]: (entry["number"], entry["title"], entry["place"], entry["total"], (entry["award"] or {}).get("title", ""))
            for nomination in snapshot["nominations"] for entry in nomination["entries"]}


def words_of(outcome):
    if outcome is None:
        return "нет в итогах"
    _, _, place, total, award = outcome
    return ", ".join(each for each in (f"место {place}" if place else "без места", f"{total} б." if total else "", award or "без награды") if each)
