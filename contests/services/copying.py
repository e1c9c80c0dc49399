"""«Повторить в следующем году»: a contest with the structure and the rules of another, its dates a year on."""
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.accounts.services.changing import save_checked
from projectoffice.common.history import record
from projectoffice.common.russian import quoted

from ..contest.reading import whole
from ..models import AwardLevel, Contest, ContestStage, Criterion, CriterionLevel, EntryField, TieRule
from .contest import RULES, UNASKED
from .door import open_contest

# What a copied row does not take along.
OWN = {"id", "contest", "nomination", "criterion"}


@transaction.atomic
def copy_contest(contest, *, by, title, year):
    """A new contest being set up. The regulation stays behind: each year has its own."""
    open_contest(contest, by, "copy")
    source = whole(Contest.objects.filter(pk=contest.pk)).get()
    copy = Contest(title=title, year=year, about=source.about, copied_from=contest, created_by=person_of(by),
                   **{name: getattr(source, name) for name in RULES})
    save_checked(copy, exclude=UNASKED)
    copy_dates(source, copy)
    for nomination in source.nominations.all():
        copy_nomination(nomination, copy)
    for model, rows in ((TieRule, source.tie_rules), (AwardLevel, source.award_levels)):
        model.objects.bulk_create(twin(row, contest=copy) for row in rows.all())
    record("copy_contest", copy, f"Повторён конкурс {quoted(source.title)}, {source.year}", by=by)
    return copy


def twin(row, **owner):
    """The same row under another owner, not stored yet."""
    fields = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name not in OWN}
    return type(row)(**fields, **owner)


def copy_dates(source, copy):
    years = copy.year - source.year
    ContestStage.objects.bulk_create(
        ContestStage(contest=copy, kind=stage.kind, starts_at=years_on(stage.starts_at, years),
                     ends_at=years_on(stage.ends_at, years, leap=(3, 1)))
        for stage in source.stages.all())


def years_on(moment, years, leap=(2, 28)):
    """The same day and hour of another year by the office's clock; 29 February becomes ``leap``, a month and a day.

    Beginnings take the day before it and ends the day after it, so that no stage ends before it begins.
    """
    local = timezone.localtime(moment)
    month, day = leap if (local.month, local.day) == (2, 29) else (local.month, local.day)
    return timezone.make_aware(local.replace(tzinfo=None, year=local.year + years, month=month, day=day))


def copy_nomination(nomination, contest):
    fresh = twin(nomination, contest=contest)
    fresh.save()
    EntryField.objects.bulk_create(twin(field, nomination=fresh) for field in nomination.fields.all())
    criteria = list(nomination.criteria.all())
    made = Criterion.objects.bulk_create([twin(criterion, nomination=fresh) for criterion in criteria])
    CriterionLevel.objects.bulk_create(
        twin(level, criterion=twin_criterion) for criterion, twin_criterion in zip(criteria, made, strict=True)
        for level in criterion.levels.all())
