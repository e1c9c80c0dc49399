"""Parts of partner institutions: written and sent by them, taken into the report or sent back by who keeps the project."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.accounts.services.on_behalf import check_source
from projectoffice.common.db import locked, now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record

from ..models import ProgressReport, Project, ProjectInstitution, ReportPart
from ..report import letters
from ..report.workflow import demand, enters_part_for_another
from .report_door import lock_report, save
from .typed import Saved, judge

OF_MANY = (Project.Kind.NETWORK, Project.Kind.CROSS_CUTTING)
TEXT_LIMIT = 10_000
EMPTY = "Напишите, что сделано в вашем учреждении."
NO_ROOM = ("Часть не помещается: в «Что сделано» входит не больше 10 000 знаков. Сократите, что там уже написано, "
           "или верните часть с просьбой сократить её.")


def begin_parts(reports):
    """An empty part for each open partner of these reports' network and cross-cutting projects, where there is none yet.

    Part of the verbs that make a report or add a partner; two queries for any number of reports.
    """
    today = timezone.localdate()
    by_project: dict = {}
    for report in reports:
        by_project.setdefault(report.project_id, []).append(report)
    partners = ProjectInstitution.objects.filter(
        Q(institution__closed_on__isnull=True) | Q(institution__closed_on__gt=today),
        project__in=by_project, project__kind__in=OF_MANY, role=ProjectInstitution.Role.PARTNER)
    ReportPart.objects.bulk_create(
        [ReportPart(report=report, institution=row) for row in partners for report in by_project[row.project_id]],
        ignore_conflicts=True, batch_size=500)


def join_open_reports(project):
    """Partners that came later write their parts of the reports not sent yet."""
    begin_parts(list(project.reports.filter(state__in=ProgressReport.TO_WRITE)))


def open_part(part, by, verb="write_part"):
    """Lock project, report and part and answer that this person may do this to it now; returns report and part."""
    report = lock_report(part.report)
    demand(report, verb, by, part)
    part = locked(part)
    part.report = report
    return report, part


@transaction.atomic
def save_part(part, text, shown, *, by):
    """Write the text as it is typed; Collision when somebody else of the institution changed it meanwhile."""
    _, part = open_part(part, by)
    if part.sent_at:
        raise TransitionNotAllowed("Часть уже отправлена координатору. Чтобы дополнить её, попросите вернуть.")
    changed, shown = judge(part, {"text": part.text}, {"text": text}, shown)
    if changed:
        save(part, text=text)
        record("save_part", part, "Изменён текст части", by=by)
    return Saved(shown, sorted(changed))


@transaction.atomic
def send_part(part, *, by, source="", source_date=None, source_file=None):
    """To the coordinator, who is told once everybody has sent. Sent twice is sent once.

    The office sends for the institution: then source and day are kept, and who entered.
    """
    report, part = open_part(part, by)
    if part.sent_at:
        return part
    if part.place.is_closed:
        raise TransitionNotAllowed(f"Учреждение закрыто с {part.place.closed_on:%d.%m.%Y}: его часть не ждут.")
    if not part.text.strip():
        raise ValidationError({"text": EMPTY})
    entered = enters_part_for_another(part, by)
    if entered:
        check_source(source, source_date)
    save(part, sent_at=now(), sent_by=None if entered else person_of(by), remark="", remark_by=None, taken_at=None,
         recorded_by=person_of(by) if entered else None, source=source.strip() if entered else "",
         source_date=source_date if entered else None, source_file=source_file if entered else None)
    words = f"Внесена офисом часть ({part.source}, {part.source_date:%d.%m.%Y})" if entered else "Прислана часть"
    event = record("send_part", report, f"{words}: {part.place}", by=by)
    if not report.parts.missing().exists():
        letters.parts_are_in(report, by=by, event=event)
    return part


@transaction.atomic
def return_part(part, *, by, remark):
    """Back to the institution with what is to be mended; who sent it is told, or its people when the office sent it."""
    report, part = open_part(part, by, "return_part")
    if not remark.strip():
        raise ValidationError({"remark": "Напишите, что исправить."})
    if part.sent_at is None:
        raise TransitionNotAllowed("Эту часть ещё не прислали.")
    sender = part.sent_by
    save(part, sent_at=None, remark=remark.strip(), remark_by=person_of(by), taken_at=None)
    event = record("return_part", report, f"Часть возвращена: {part.place}. {part.remark}", by=by)
    letters.part_returned(part, sender, by=by, event=event)
    return part


@transaction.atomic
def take_part(part, *, by):
    """Add the part's text to «Что сделано» under the name of its institution; taken twice it stands there once."""
    report, part = open_part(part, by, "take_part")
    if part.sent_at is None:
        raise TransitionNotAllowed("Эту часть ещё не прислали.")
    if part.taken_at:
        return report
    paragraph = f"{part.place}:\n{part.text.strip()}"
    done = f"{report.done.rstrip()}\n\n{paragraph}" if report.done.strip() else paragraph
    if len(done) > TEXT_LIMIT:
        raise TransitionNotAllowed(NO_ROOM)
    save(part, taken_at=now())
    save(report, done=done)
    record("take_part", report, f"Взята в отчёт часть: {part.place}", by=by)
    return report


def drop_empty_parts(row):
    """An institution that leaves the project takes its parts along while nothing is written in them."""
    ReportPart.objects.filter(institution=row, report__state__in=ProgressReport.TO_WRITE, text="", sent_at__isnull=True, remark="").delete()
