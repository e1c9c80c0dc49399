"""Verbs about institutions."""
from django.db import transaction

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..access import require
from ..models import Institution
from .changing import check_version, lay_over, save_checked
from .people import words_of


@transaction.atomic
def create_institution(*, by, **fields):
    require(by, "accounts.manage_institutions")
    institution = save_checked(Institution(**fields))
    record("create_institution", institution, f"Внесено учреждение: {institution}", by=by)
    return institution


@transaction.atomic
def save_institution(institution, *, by, version, **fields):
    """Change what is known about an institution; StaleVersion when somebody else just did."""
    require(by, "accounts.manage_institutions")
    institution = locked(institution)
    check_version(institution, version)
    changes = lay_over(institution, fields)
    if changes:
        institution.version += 1
        save_checked(institution)
        record("save_institution", institution, "Изменено: " + words_of(institution, changes), by=by, changes=changes)
    return institution


@transaction.atomic
def close_institution(institution, *, by, closed_on):
    """From this day it is not offered any more; its people and papers stay."""
    require(by, "accounts.manage_institutions")
    institution = locked(institution)
    if lay_over(institution, {"closed_on": closed_on}):
        institution.version += 1
        institution.save()
        record("close_institution", institution, f"Закрыто с {closed_on:%d.%m.%Y}", by=by)
    return institution


@transaction.atomic
def open_institution(institution, *, by):
    """Undo a closing."""
    require(by, "accounts.manage_institutions")
    institution = locked(institution)
    if lay_over(institution, {"closed_on": None}):
        institution.version += 1
        institution.save()
        record("open_institution", institution, "Снова работает", by=by)
    return institution
