"""Verbs about a contest itself: new, its card, dates and rules, announced, back, prolonged, cancelled."""
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.changing import lay_over, plain, save_checked
from projectoffice.accounts.services.people import fingerprint, words_of
from projectoffice.common.db import now
from projectoffice.common.errors import StaleVersion
from projectoffice.common.hashing import content_hash
from projectoffice.common.history import record
from projectoffice.common.russian import moment_short

from .. import letters
from ..contest.checking import problems_of
from ..contest.dates import NAMES, ORDER, clashes
from ..contest.reading import whole
from ..contest.workflow import RUNS
from ..models import Contest, ContestStage
from .door import open_contest
from .parts import step

CARD = ("title", "year", "about", "regulation")
RULES = ("experts_per_entry", "combining", "pass_mark", "divergence", "rounds", "onsite_share", "public_weight", "votes_each", "is_blind",
         "shows_others", "asks_panel_comment", "needs_signed_scan")
# Written by verbs alone: no form asks for them.
UNASKED = ("copied_from", "announced_at", "created_by")
State = Contest.State


@transaction.atomic
def create_contest(*, by, **fields):
    """A contest that is being set up, seen by the office alone."""
    require(by, RUNS)
    contest = save_checked(Contest(created_by=person_of(by), **fields), exclude=UNASKED)
    record("create_contest", contest, "Создан конкурс", by=by)
    return contest


@transaction.atomic
def save_contest(contest, *, by, shown, **fields):
    """Change some of its own fields (card or rules); StaleVersion when those are not what the form showed.

    ``shown`` is ``(names, fingerprint)``: whoever changes the rules does not disturb who changes the card.
    """
    contest = open_contest(contest, by)
    names, mark = shown
    current = fingerprint(contest, names)
    if current != mark:
        contest.version = current
        raise StaleVersion(contest)
    changes = lay_over(contest, fields)
    if changes:
        contest.version += 1
        save_checked(contest, exclude=UNASKED)
        record("save_contest", contest, f"Изменено: {words_of(contest, changes)}", by=by, changes=changes)
    return contest


# Dates

def stages_of(contest):
    """``{kind: stage}`` as they are stored now."""
    return {stage.kind: stage for stage in ContestStage.objects.filter(contest=contest)}


def mark_of_stages(stages):
    """What a form of dates was opened with, as one string."""
    return content_hash([[kind, plain(stages[kind].starts_at), plain(stages[kind].ends_at)] for kind in ORDER if kind in stages])


def refuse_if_stages_changed(stages, shown):
    """StaleVersion with the dates of now under the names of the form's fields."""
    mark = mark_of_stages(stages)
    if mark == shown:
        return
    current = {}
    for kind in ORDER:
        stage = stages.get(kind)
        current |= {f"{kind}_starts": stage and stage.starts_at, f"{kind}_ends": stage and stage.ends_at}
    raise StaleVersion(SimpleNamespace(version=mark, **current))


def to_the_minute(moment):
    return moment and moment.replace(second=0, microsecond=0)


@transaction.atomic
def save_stages(contest, *, by, shown, dates):
    """Set the stages of a contest being set up; ``dates`` is ``{kind: (starts, ends)}``, a kind left out is no stage.

    Dates that do not follow one another may be saved: what is wrong with them is told until it is mended.
    """
    contest = open_contest(contest, by)
    stages = stages_of(contest)
    refuse_if_stages_changed(stages, shown)
    changes = {}
    for kind in ORDER:
        before, after = stages.get(kind), dates.get(kind)
        words = [dates_words(before and (before.starts_at, before.ends_at)), dates_words(after)]
        if words[0] != words[1]:
            changes[kind] = words
            put_stage(contest, kind, before, after)
    if changes:
        step(contest)
        record("save_stages", contest, "Сроки: " + ", ".join(NAMES[kind] for kind in changes), by=by, changes=changes)
    return contest


def put_stage(contest, kind, before, after):
    if after is None:
        before.delete()
        return
    stage = before or ContestStage(contest=contest, kind=kind)
    stage.starts_at, stage.ends_at = after
    save_checked(stage)


def dates_words(dates):
    return f"{moment_short(dates[0])} – {moment_short(dates[1])}" if dates else ""


@transaction.atomic
def prolong(contest, *, by, shown, dates, reason):
    """Later dates for stages of an announced contest, with the reason; nothing announced comes sooner.

    Effects: history; letters to those who count on the dates: teams with drafts, experts, the public jury.
    """
    contest = open_contest(contest, by, "prolong")
    stages = stages_of(contest)
    refuse_if_stages_changed(stages, shown)
    later = later_dates(stages, dates, now())
    if not later:
        raise ValidationError("Сроки остались прежними. Измените хотя бы один.")
    all_dates = {kind: (stage.starts_at, stage.ends_at) for kind, stage in stages.items()} | later
    errors = {f"{clash.kind}_{clash.end}": clash.sentence for clash in clashes(all_dates)}
    if errors:
        raise ValidationError(errors)
    changes = {kind: [dates_words((stages[kind].starts_at, stages[kind].ends_at)), dates_words(moved)] for kind, moved in later.items()}
    for kind, moved in later.items():
        put_stage(contest, kind, stages[kind], moved)
    step(contest)
    words = "; ".join(f"{NAMES[kind]}: {after}" for kind, (_, after) in changes.items())
    event = record("prolong", contest, f"Изменены сроки. {words}. Причина: {reason}", by=by, changes=changes | {"reason": reason})
    letters.dates_changed(contest, changes, reason, by=by, event=event)
    return contest


def later_dates(stages, dates, moment):
    """``{kind: (starts, ends)}`` of the stages that move; ValidationError beside the field of one that may not move so."""
    later, errors = {}, {}
    for kind, stage in stages.items():
        starts, ends = dates.get(kind, (stage.starts_at, stage.ends_at))
        starts = stage.starts_at if to_the_minute(starts) == to_the_minute(stage.starts_at) else starts
        ends = stage.ends_at if to_the_minute(ends) == to_the_minute(stage.ends_at) else ends
        if starts != stage.starts_at and (stage.starts_at <= moment or starts < stage.starts_at):
            errors[f"{kind}_starts"] = ("Этап уже начался: его начало не меняют." if stage.starts_at <= moment else
                                        f"Раньше объявленного начать нельзя: {moment_short(stage.starts_at)}.")
        if ends != stage.ends_at and (ends < stage.ends_at or ends <= moment):
            errors[f"{kind}_ends"] = (f"Срок можно только продлить: объявлено {moment_short(stage.ends_at)}." if ends < stage.ends_at else
                                      "Этот момент уже прошёл.")
        if ends != stage.ends_at and kind == ContestStage.Kind.JURY and stage.ends_at <= moment:
            # Its sums are open by now: whoever voted again would know them.
            errors[f"{kind}_ends"] = "Голосование закончилось, его суммы открыты: начать его снова нельзя."
        if (starts, ends) != (stage.starts_at, stage.ends_at):
            later[kind] = (starts, ends)
    if errors:
        raise ValidationError(errors)
    return later


# States

@transaction.atomic
def announce(contest, *, by):
    """Open it to everybody and close its structure; ValidationError with all that is missing."""
    contest = open_contest(contest, by, "announce")
    moment = now()
    missing = [problem.sentence for problem in problems_of(whole(Contest.objects.filter(pk=contest.pk)).get(), moment) if problem.stops]
    if missing:
        raise ValidationError(missing)
    contest.state, contest.announced_at = State.ANNOUNCED, moment
    step(contest, "state", "announced_at")
    record("announce", contest, "Конкурс объявлен", by=by)
    return contest


@transaction.atomic
def back_to_setup(contest, *, by):
    """Out of sight again, to be mended, while nobody has begun an entry."""
    contest = open_contest(contest, by, "back_to_setup")
    contest.state, contest.announced_at = State.SETUP, None
    step(contest, "state", "announced_at")
    record("back_to_setup", contest, "Возвращён в подготовку", by=by)
    return contest


@transaction.atomic
def cancel(contest, *, by, reason):
    """It does not take place. Effects: history; letters to teams, experts and the public jury."""
    contest = open_contest(contest, by, "cancel")
    contest.state, contest.state_reason = State.CANCELLED, reason
    step(contest, "state", "state_reason")
    event = record("cancel", contest, f"Конкурс отменён: {reason}", by=by, changes={"reason": reason})
    if contest.announced_at:
        letters.cancelled(contest, by=by, event=event)
    return contest
