"""What the page of a contest shows to one person: what goes on, what comes next, the stages, what this person may do."""
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse

from projectoffice.accounts.access import may
from projectoffice.common.russian import days_since, deadline, moment_short, plural

from ..models import Contest, ContestStage, Expert
from . import workflow
from .words import in_order, totals_of

OFFICE_VERBS = ("edit", "announce", "back_to_setup", "prolong", "cancel", "copy")
AHEAD, GOING, OVER = ("neutral", "Впереди"), ("progress", "Идёт"), ("done", "Завершён")
OVER_WORDS = {ContestStage.Kind.CHECK: "Завершена", ContestStage.Kind.JURY: "Завершено", ContestStage.Kind.RESULTS: "Завершено"}


@dataclass(frozen=True)
class StageRow:
    stage: ContestStage
    badge: tuple[str, str]
    term: str

    @property
    def is_going(self):
        return self.badge == GOING


def stage_rows(contest, moment: datetime):
    """The stages in the order they begin, each with its badge and how long is left."""
    return [stage_row(stage, moment) for stage in contest.stages.all()]


def stage_row(stage, moment):
    if stage.is_open(moment):
        return StageRow(stage, GOING, deadline(stage.ends_at, moment))
    if stage.ends_at < moment:
        return StageRow(stage, ("done", OVER_WORDS.get(stage.kind, "Завершён")), "")
    return StageRow(stage, AHEAD, in_days(stage.starts_at, moment))


def in_days(start, moment):
    """«сегодня», «завтра», «через 12 дней»."""
    days = -days_since(start, moment)
    if days <= 1:
        return "завтра" if days else "сегодня"
    return f"через {days}\u00a0{plural(days, 'день,дня,дней')}"


def now_and_next(contest, moment):
    """Two sentences: what goes on with its deadline, and what comes next with its first moment."""
    rows = stage_rows(contest, moment)
    going = [f"{row.stage} – {row.term}" for row in rows if row.is_going]
    ahead = next((row for row in rows if row.badge == AHEAD), None)
    coming = f"{ahead.stage} – с {moment_short(ahead.stage.starts_at)} · {ahead.term}" if ahead else ""
    return going, coming


def nomination_rows(contest):
    """Nominations with their numbers: questions, criteria, how many points are possible."""
    rows = []
    for nomination in contest.nominations.all():
        criteria = in_order(nomination.criteria.all())
        rows.append({"nomination": nomination, "fields": list(nomination.fields.all()), "criteria": criteria, "totals": totals_of(criteria)})
    return rows


def way(label, name, *args, words=""):
    """A way on; None while its address does not exist."""
    try:
        return {"label": label, "url": reverse(name, args=args), "words": words}
    except NoReverseMatch:
        return None


def ways_on(contest, user, moment):
    """What this person can do in the contest itself now, the first one first; parts of the office stand in ``actions``."""
    ways = []
    runs = may(user, workflow.RUNS)
    if runs and contest.state != Contest.State.SETUP:
        ways.append(way("Заявки", "contests:entries", contest.pk))
    if runs and contest.state != Contest.State.CANCELLED:
        ways.append(way("Эксперты", "contests:experts", contest.pk))
    if runs and contest.state == Contest.State.ANNOUNCED:
        ways.append(way("Распределение работ", "contests:assignment", contest.pk))
        if workflow.stages_of(contest).get(ContestStage.Kind.ONSITE):
            ways.append(way("Очный тур", "contests:onsite", contest.pk))
    if contest.state == Contest.State.ANNOUNCED and workflow.can(contest, "enter", user, moment):
        ways.append(way("Внести заявку" if runs else "Подать заявку", "contests:entry_new", contest.pk))
    if contest.state != Contest.State.SETUP and may(user, "contests.see_scores"):
        ways.append(way("Ход оценивания", "contests:scoring_progress", contest.pk))
        if may(user, "contests.see_tally", contest):
            ways.append(way("Свод оценок", "contests:tally", contest.pk))
    if runs:
        ways.append(way("Общественное жюри", "contests:jury", contest.pk))
    if may(user, "contests.vote", contest):
        ways.insert(0, way("Голосовать", "contests:jury_vote", contest.pk))
    if contest.state in (Contest.State.ANNOUNCED, Contest.State.FINISHED) and may(user, "contests.see_tally", contest):
        ways.append(way("Итоги", "contests:results", contest.pk))
    elif contest.state == Contest.State.FINISHED and contest.results.exists():
        ways.append(way("Итоги", "contests:public_results", contest.pk))
    if contest.state == Contest.State.ANNOUNCED and may(user, "contests.score", contest):
        ways.append(way("Моя очередь", "contests:scoring"))
    if not runs:
        ways.append(way("Мои заявки", "contests:my_entries"))
        if own := Expert.objects.visible_to(user).filter(contest=contest, state__in=["invited", "accepted"]).first():
            ways.append(way("Мои конфликты интересов", "contests:expert_conflicts", own.pk))
    return [each for each in ways if each]


def actions(contest, user, moment):
    """{verb: label} of the office's verbs about the contest itself."""
    return workflow.available(contest, user, OFFICE_VERBS, moment) if may(user, workflow.RUNS, contest) else {}
