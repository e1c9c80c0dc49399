"""Verbs about nominations, the questions of their entries and their criteria."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.common.history import record
from projectoffice.common.russian import quoted

from ..models import Criterion, CriterionLevel, EntryField, Nomination
from . import parts
from .door import open_contest

NOMINATION = ("title", "about", "most_authors")
FIELD = ("label", "help", "limit", "is_required", "names_authors")
CRITERION = ("round", "title", "weight", "maximum", "has_halves", "needs_comment", "counts")


@transaction.atomic
def add_nomination(contest, *, by, **fields):
    contest = open_contest(contest, by)
    return parts.add_part(Nomination(contest=contest, **fields), contest.nominations.all(), contest, "Добавлена номинация", by=by)


@transaction.atomic
def save_nomination(nomination, *, by, shown, **fields):
    contest = open_contest(nomination.contest, by)
    return parts.save_part(nomination, contest, fields, "Номинация", by=by, shown=shown)


def remove_nomination(nomination, *, by):
    """With its questions and criteria."""
    return parts.remove_part(nomination, nomination.contest, "Убрана номинация", by=by)


def move_nomination(nomination, *, by, up):
    return parts.move_part(nomination, Nomination.objects.filter(contest=nomination.contest_id), nomination.contest, by=by, up=up)


# Questions of the entry

@transaction.atomic
def add_field(nomination, *, by, **fields):
    contest = open_contest(nomination.contest, by)
    return parts.add_part(EntryField(nomination=nomination, **fields), nomination.fields.all(), contest,
                          f"{quoted(nomination)}: добавлен вопрос", by=by)


@transaction.atomic
def save_field(field, *, by, shown, **fields):
    contest = open_contest(field.nomination.contest, by)
    return parts.save_part(field, contest, fields, f"{quoted(field.nomination)}: вопрос", by=by, shown=shown)


def remove_field(field, *, by):
    return parts.remove_part(field, field.nomination.contest, f"{quoted(field.nomination)}: убран вопрос", by=by)


def move_field(field, *, by, up):
    return parts.move_part(field, EntryField.objects.filter(nomination=field.nomination_id), field.nomination.contest, by=by, up=up)


# Criteria

def criteria_of(nomination, title, but=None):
    return Criterion.objects.filter(nomination=nomination, title=title).exclude(pk=but)


def refuse_twins(nomination, title, but=None):
    """Tie rules name a criterion by its title, so in one nomination a title stands once."""
    if criteria_of(nomination, title, but).exists():
        raise ValidationError({"title": "Критерий с таким названием в этой номинации уже есть."})


def put_levels(criterion, levels):
    CriterionLevel.objects.bulk_create(CriterionLevel(criterion=criterion, mark=mark, text=words) for mark, words in levels.items())


@transaction.atomic
def add_criterion(nomination, *, by, levels, **fields):
    """A criterion with the words of its levels, ``{mark: words}``."""
    contest = open_contest(nomination.contest, by)
    refuse_twins(nomination, fields["title"])
    criterion = Criterion(nomination=nomination, **fields)
    parts.add_part(criterion, nomination.criteria.filter(round=criterion.round), contest, f"{quoted(nomination)}: добавлен критерий", by=by)
    put_levels(criterion, levels)
    return criterion


@transaction.atomic
def save_criterion(criterion, *, by, shown, levels, **fields):
    """Change the scale, the weight, the words; StaleVersion when any of it is not what the form showed."""
    contest = open_contest(criterion.nomination.contest, by)
    refuse_twins(criterion.nomination, fields["title"], criterion.pk)
    criterion = parts.save_part(criterion, contest, fields, f"{quoted(criterion.nomination)}: критерий", by=by, shown=shown)
    if levels != {level.mark: level.text for level in criterion.levels.all()}:
        criterion.levels.all().delete()
        put_levels(criterion, levels)
        parts.step(contest)
        record("save_levels", contest, f"{quoted(criterion.nomination)}: слова оценок критерия {quoted(criterion)}", by=by)
    return criterion


def remove_criterion(criterion, *, by):
    return parts.remove_part(criterion, criterion.nomination.contest, f"{quoted(criterion.nomination)}: убран критерий", by=by)


def move_criterion(criterion, *, by, up):
    """Among the criteria of its round."""
    siblings = Criterion.objects.filter(nomination=criterion.nomination_id, round=criterion.round)
    return parts.move_part(criterion, siblings, criterion.nomination.contest, by=by, up=up)
