"""Verbs of the plan of meetings."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.terms import calendar_year, school_year
from projectoffice.common.text import clean_text
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.services.stamps import put_default_stamps

from ..models import MeetingPlan, RemarkAcknowledgement, RowPresence
from .rows import insert_many

FIRST_YEAR, LAST_YEAR = 2000, 2100
TITLE_LIMIT, TITLE_LINES = 600, 6


@transaction.atomic
def create_plan(body, *, by, year, is_school_year=False):
    """An empty plan of a body for a calendar year, or for the school year that begins in ``year``."""
    require(by, "meetings.change_plan")
    start, end = period_of(year, is_school_year)
    if MeetingPlan.objects.filter(body=body, period_start=start).exists():
        raise ValidationError({"year": "План на этот период уже есть. Откройте его в списке планов."})
    words = f"{start.year}/{end.year} учебный год" if is_school_year else f"{year} год"
    document = Document.objects.create(
        kind="meeting_plan", title=f"План заседаний на {words}", body=body, year=year, created_by=person_of(by)
    )
    plan = MeetingPlan.objects.create(
        document=document,
        body=body,
        title=f"План\nзаседаний {body.genitive}\nна {words}",
        period_start=start,
        period_end=end,
    )
    put_default_stamps(document)
    record("create_plan", document, f"Создан план на {words}", by=by)
    return plan


def period_of(year, is_school_year=False):
    """First and last day of a calendar year, or of the school year that begins in it."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValidationError({"year": f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}."})
    return school_year(year) if is_school_year else calendar_year(year)


@transaction.atomic
def save_title(plan, title, *, version, by):
    """Save the title in its printed lines. Raises StaleVersion when somebody changed it after ``version``."""
    document = open_for_edit(plan.document, by)
    plan = MeetingPlan.objects.select_related("document").get(pk=plan.pk)
    title = read_title(title)
    if plan.title == title:
        return plan
    if plan.version != version:
        raise StaleVersion(plan)
    before, plan.title = plan.title, title
    plan.version += 1
    plan.save(update_fields=["title", "version"])
    record("save_title", document, "Изменён заголовок плана", by=by, changes={"before": before, "after": title})
    return plan


def read_title(typed):
    title = clean_text(typed, multiline=True, limit=TITLE_LIMIT)
    lines = [" ".join(line.split(" ")).strip() for line in title.split("\n") if line.strip()]
    if not lines:
        raise ValidationError({"title": "Впишите заголовок: без него план не напечатать."})
    if len(lines) > TITLE_LINES:
        raise ValidationError({"title": f"В заголовке помещается не больше {TITLE_LINES} строк."})
    return "\n".join(lines)


@transaction.atomic
def acknowledge_remark(plan, *, code, row_uid, fingerprint, by):
    """Leave what a warning is about as it is; the leave lapses when the cell changes (another fingerprint)."""
    document = open_for_edit(plan.document, by)
    row, created = RemarkAcknowledgement.objects.get_or_create(
        plan=plan, code=code, row_uid=row_uid, fingerprint=fingerprint, defaults={"by": by}
    )
    if created:
        record("acknowledge_remark", document, "Замечание оставлено как есть", by=by,
               changes={"code": code, "row": str(row_uid or "")})
    return row


@transaction.atomic
def copy_plan(source, *, by, year, is_school_year=None):
    """A new draft of the same body with the rows and stamps of ``source``.

    The texts stay word for word: the years in them are told by the remarks, never changed silently. Terms are
    read anew inside the new period.
    """
    school = source.is_school_year if is_school_year is None else is_school_year
    plan = create_plan(source.body, by=by, year=year, is_school_year=school)
    copy_stamps(source, plan)
    return take_rows(plan, source, by=by)


@transaction.atomic
def take_rows(plan, source, *, by):
    """Put the rows of another plan below the rows of this one: of its edition in force, or of its draft."""
    document = open_for_edit(plan.document, by)
    start = plan.items.present().count()
    insert_many(plan, list(enumerate(printed_rows(source), start=start + 1)), by=by)
    plan.source_years = sorted({*plan.source_years, source.period_start.year, source.period_end.year})
    plan.save(update_fields=["source_years"])
    record("take_rows", document, f"Взяты строки: {source.document.title}", by=by, changes={"source": source.pk})
    return plan


def printed_rows(plan):
    edition = plan.document.in_force
    if edition is None:
        rows = plan.items.present().prefetch_related("responsibles")
        return [{**{cell: getattr(row, cell) for cell in ("section", "label", "topics", "term")},
                 "responsible": [{"text": one.text, "person": one.person_id} for one in row.responsibles.all()]}
                for row in rows]
    return [row["cells"] | {"section": section["title"]} for section in edition.snapshot["sections"] for row in section["rows"]]


def copy_stamps(source, plan):
    stamps = list(source.document.stamps.active())
    if stamps:
        plan.document.stamps.all().delete()
    for stamp in stamps:
        fields = ("kind", "word", "place", "side", "step", "style", "post", "name", "signer", "method", "position")
        Stamp.objects.create(document=plan.document, **{field: getattr(stamp, field) for field in fields})


def note_presence(plan, row_uid, *, by):
    """Remember which row this person has open just now (None: none); says nothing in the history."""
    if row_uid is None:
        RowPresence.objects.filter(plan=plan, person=by).delete()
        return
    RowPresence.objects.update_or_create(
        plan=plan, person=by, defaults={"row_uid": row_uid, "seen_at": timezone.now()}
    )
