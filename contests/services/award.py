"""Verbs about award levels and the chain of rules that parts equal totals."""
from django.core.exceptions import ValidationError
from django.db import transaction

from ..contest.places import read_places, written_places
from ..models import AwardLevel, TieRule
from . import parts
from .door import open_contest

AWARD = ("title", "paper", "places", "becomes_project")


def as_stored(fields):
    """The fields with places in their one way of writing."""
    try:
        return fields | {"places": written_places(read_places(fields["places"]))}
    except ValueError as error:
        raise ValidationError({"places": str(error)}) from error


@transaction.atomic
def add_award_level(contest, *, by, **fields):
    contest = open_contest(contest, by)
    return parts.add_part(AwardLevel(contest=contest, **as_stored(fields)), contest.award_levels.all(), contest, "Добавлена награда", by=by)


@transaction.atomic
def save_award_level(level, *, by, shown, **fields):
    contest = open_contest(level.contest, by)
    return parts.save_part(level, contest, as_stored(fields), "Награда", by=by, shown=shown)


def remove_award_level(level, *, by):
    return parts.remove_part(level, level.contest, "Убрана награда", by=by)


def move_award_level(level, *, by, up):
    return parts.move_part(level, AwardLevel.objects.filter(contest=level.contest_id), level.contest, by=by, up=up)


# Ties

@transaction.atomic
def add_tie_rule(contest, *, by, rule, criterion_title=""):
    """One more link at the end of the chain; the same link twice parts nothing and is refused."""
    contest = open_contest(contest, by)
    if contest.tie_rules.filter(rule=rule, criterion_title=criterion_title).exists():
        raise ValidationError({"rule": "Такое правило в списке уже есть."})
    return parts.add_part(TieRule(contest=contest, rule=rule, criterion_title=criterion_title), contest.tie_rules.all(), contest,
                          "Равные работы: добавлено правило", by=by)


def remove_tie_rule(rule, *, by):
    return parts.remove_part(rule, rule.contest, "Равные работы: убрано правило", by=by)


def move_tie_rule(rule, *, by, up):
    return parts.move_part(rule, TieRule.objects.filter(contest=rule.contest_id), rule.contest, by=by, up=up)
