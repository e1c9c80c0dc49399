"""Verbs of a score sheet."""
from projectoffice.accounts.access import person_of
from projectoffice.common.db import locked, now
from projectoffice.common.history import record

from ..models import ScoreSheet

State = ScoreSheet.State


def void_sheet(sheet, reason, by):
    """Take a sheet that is in out of the count, with the reason; the sheet.

    Part of a verb that locked the contest and asked for the right. A draft has nothing to void, and done twice is done once.
    """
    sheet = locked(sheet)
    if sheet.state == State.SUBMITTED:
        sheet.state, sheet.void_reason = State.VOIDED, reason.strip()[:500]
        sheet.voided_by, sheet.voided_at = person_of(by), now()
        sheet.version += 1
        sheet.save(update_fields=["state", "void_reason", "voided_by", "voided_at", "version"])
        record("void_sheet", sheet, f"Лист аннулирован: {sheet.void_reason}", by=by)
    return sheet
