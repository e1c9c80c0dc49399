"""Verbs of sheets on paper: keyed by staff with the scan, compared by a second person."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.on_behalf import check_source
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record

from ..models import ScoreSheet
from ..sheet.reading import COMMENTS, criteria_of, fingerprint, sheet_of, texts_of
from ..sheet.workflow import RULES, demand, refuse_scorers
from .sheet import hand_in, open_review, refuse_incomplete, write

State = ScoreSheet.State


@transaction.atomic
def key_sheet(review, typed, *, by, source, source_date, source_file):
    """Write down what an expert marked on paper; the sheet is in and waits for the comparison. ``source_file`` is the scan.

    What the expert had begun on the screen is outweighed by the paper and kept in the history for the expert; a comment
    the paper does not have stays as it was typed. The same paper keyed twice is keyed once.
    """
    review = open_review(review)
    require(by, RULES["key"].permission, review)
    sheet, criteria = sheet_of(review), criteria_of(review)
    before = texts_of(review, sheet, criteria)
    kept = [name for name in COMMENTS if before.get(name) and not typed.get(name, "").strip()]
    wanted = {**dict.fromkeys(before, ""), **typed, **{name: before[name] for name in kept}}
    if sheet and sheet.recorded_by_id and sheet.state == State.SUBMITTED and before == wanted:
        return sheet
    moment = demand(review, "key", by, sheet)
    refuse_scorers(review.entry.contest, by)
    check_source(source, source_date)
    if source_file is None:
        raise ValidationError({"source_file": "Приложите скан: по нему второй сотрудник сверит оценки."})
    refuse_incomplete(wanted, criteria)
    sheet = sheet or ScoreSheet.objects.create(review=review)
    write(sheet, criteria, wanted)
    sheet.refresh_from_db()
    changes = {"screen": {name: text for name, text in before.items() if text and text != wanted[name]}, "kept": kept}
    return hand_in(sheet, moment, by, f"Лист внесён с бумаги: {source.strip()}", changes=changes, source=source.strip(), source_date=source_date,
                   source_file=source_file, recorded_by=person_of(by))


@transaction.atomic
def check_sheet(sheet, *, by, shown):
    """A second person says that the sheet is what stands on paper; from now on it counts. Done twice is done once.

    ``shown`` is the fingerprint of the marks that were compared.
    """
    review = open_review(sheet.review)
    require(by, RULES["compare"].permission, review)
    sheet = locked(sheet)
    if sheet.checked_by_id and sheet.checked_by_id == by.pk:
        return sheet
    demand(review, "compare", by, sheet)
    refuse_scorers(review.entry.contest, by)
    if sheet.recorded_by_id == by.pk:
        raise ValidationError("Лист внесли вы. Сверить его с бумагой должен другой сотрудник.")
    if fingerprint(texts_of(review, sheet, criteria_of(review))) != shown:
        raise StaleVersion(sheet, "Лист тем временем изменился. Сверьте его ещё раз.")
    sheet.checked_by, sheet.version = person_of(by), sheet.version + 1
    sheet.save(update_fields=["checked_by", "version"])
    record("check_sheet", sheet, "Лист сверен с бумагой", by=by)
    return sheet
