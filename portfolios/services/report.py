"""Verbs of a progress report: written as a draft, submitted, withdrawn, returned, accepted; its files and dates."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.on_behalf import check_source
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.russian import moment_short, moment_words

from ..models import IndicatorValue, ProgressReport, ReportFile, ReportSubmission
from ..report import letters
from ..report.measured import indicators_of, value_of
from ..report.missing import lacks_of
from ..report.submission import TEXTS, fingerprint, take
from ..report.workflow import MANAGE, NOT_WITHDRAWN, WRITE, enters_for_another
from .report_door import lock_period, lock_report, open_report, save
from .report_parts import begin_parts
from .typed import Saved, judge

STATE = ProgressReport.State
MOST_FILES = 20
FIELDS = (*TEXTS, "course")
OTHER_CONTENT = "Отчёт тем временем изменили. Прочитайте его ещё раз и отправьте."
OTHER_SUBMISSION = "Отчёт тем временем отправили заново. Прочитайте его и решите снова."


# ── begun ─────────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def start_report(project, period, *, by):
    """The report of a project for a period it was not asked for at first; asked twice it is the same one."""
    period = lock_period(period)
    project = locked(project)
    require(by, WRITE, project)
    return begin(project, period, by=by)


@transaction.atomic
def add_project(period, project, *, by):
    """The office asks one more project for its report; the team is told. Done twice is done once."""
    require(by, MANAGE, period)
    period = lock_period(period)
    project = locked(project)
    known = period.reports.filter(project=project).first()
    report = known or begin(project, period, by=by)
    if known is None:
        letters.asked([report], period, by=by)
    return report


def begin(project, period, *, by):
    """An empty draft with the parts of the partners; part of the verbs that make one. Expects the period, then the project locked."""
    if project.portfolio_id != period.portfolio_id:
        raise ValidationError({"project": "Этот период собирает отчёты другого портфеля."})
    if project.archived_at is not None:
        raise ValidationError({"project": "Проект в архиве: отчётов по нему не ждут."})
    known = period.reports.filter(project=project).first()
    if known:
        return known
    report = ProgressReport.objects.create(period=period, project=project, due_at=period.due_at)
    begin_parts([report])
    record("start_report", report, f"Начат отчёт {period.title}", by=by)
    return report


# ── written ───────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def save_draft(report, typed, shown, *, by):
    """Write the changed ones of ``typed`` ({name: text}); ``shown`` are the marks of what the page began from.

    Names are fields of the report, or ``value-<uid>-text`` and ``value-<uid>-evidence`` of its own indicators; others
    are nobody's. Raises Collision when somebody else changed one of the same texts meanwhile; nothing is written then.
    """
    report = open_report(report, by)
    indicators = {each.uid: each for each in indicators_of(report.project)}
    changed, shown = judge(report, stored_texts(report, indicators.values()), typed, shown)
    if changed:
        write(report, changed, indicators)
        record("save_report", report, "Изменён текст отчёта", by=by, changes={"fields": sorted(changed)[:50]})
    return Saved(shown, sorted(changed))


def stored_texts(report, indicators):
    """{name: text} of everything one types in a report."""
    texts = {name: getattr(report, name) for name in FIELDS}
    values = {value.indicator_id: value for value in report.values.all()}
    for each in indicators:
        value = values.get(each.pk)
        texts[f"value-{each.uid}-text"] = value.text if value else ""
        texts[f"value-{each.uid}-evidence"] = value.evidence if value else ""
    return texts


def write(report, changed, indicators):
    values: dict = {}
    for name, text in changed.items():
        if name in FIELDS:
            setattr(report, name, text)
        else:
            uid, cell = name.removeprefix("value-").rsplit("-", 1)
            values.setdefault(indicators[uid].pk, {})[cell] = text
    for pk, cells in values.items():
        if "text" in cells:
            cells["value"] = value_of(cells["text"])
        IndicatorValue.objects.update_or_create(report=report, indicator_id=pk, defaults=cells)
    save(report, **{name: getattr(report, name) for name in FIELDS})


# ── sent and taken back ───────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def submit_report(report, *, by, shown, source="", source_date=None, source_file=None):
    """Freeze the report as it was shown (``shown`` is its fingerprint) and send it to be checked; the submission.

    After the report's own day, by the database's clock, it is marked as late, or refused where the period takes no
    late ones. Sent twice is sent once. The office enters for the team: then source and day are kept, and who entered.
    """
    report = lock_report(report)
    require(by, WRITE, report)
    if sent := sent_already(report, shown):
        return sent
    report = open_report(report, by, "submit")
    moment = now()
    is_late = report.due_at < moment
    if is_late and not report.period.accepts_late:
        raise TransitionNotAllowed(closed_words(report))
    entered = enters_for_another(report, by)
    if entered:
        check_source(source, source_date)
    if lacks := lacks_of(report):
        raise ValidationError([each.words for each in lacks])
    snapshot = take(report)
    if fingerprint(snapshot) != shown:
        raise StaleVersion(report, OTHER_CONTENT)
    submission = ReportSubmission.objects.create(
        report=report, number=report.submissions.count() + 1, snapshot=snapshot, by=None if entered else person_of(by), at=moment,
        is_late=is_late, recorded_by=person_of(by) if entered else None, source=source.strip() if entered else "",
        source_date=source_date if entered else None, source_file=source_file if entered else None,
    )
    save(report, state=STATE.SUBMITTED, submitted_at=moment, is_late=is_late)
    words = "Отчёт внесён офисом" if entered else "Отчёт отправлен"
    record("submit_report", report, words + (" после срока" if is_late else ""), by=by, changes={"number": submission.number})
    return submission


def sent_already(report, shown):
    """The submission of this very content, when it went a moment ago from another tab."""
    if report.is_to_write:
        return None
    last = report.submissions.first()
    return last if last and fingerprint(last.snapshot) == shown else None


def closed_words(report):
    return f"Приём закончился {moment_words(report.due_at)}. Черновик сохранён. Если нужно, позвоните в офис."


@transaction.atomic
def withdraw_report(report, *, by):
    """Take it back while nobody has decided: it is what it was before, a draft or a returned one. Done twice is done once."""
    report = lock_report(report)
    if report.is_to_write:
        require(by, WRITE, report)
        return report
    report = open_report(report, by, "withdraw")
    if not report.period.accepts_late and report.due_at < now():
        raise TransitionNotAllowed(NOT_WITHDRAWN)
    save(report, state=STATE.RETURNED if report.remark else STATE.DRAFT)
    record("withdraw_report", report, "Отчёт отозван", by=by)
    return report


# ── checked ───────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def accept_report(report, *, by, number):
    """The submission ``number`` that was read is good; the project's course and last report follow. The team is told."""
    report = lock_report(report)
    if report.state == STATE.ACCEPTED and newest(report) == number:
        require(by, "portfolios.check_report", report)
        return report
    report = open_report(report, by, "accept")
    check_read(report, number)
    save(report, state=STATE.ACCEPTED, remark="", decided_by=person_of(by), decided_at=now())
    tell_project(report.project)
    event = record("accept_report", report, "Отчёт принят", by=by, changes={"number": number})
    letters.accepted(report, by=by, event=event)
    return report


@transaction.atomic
def return_report(report, *, by, number, remark, due_at):
    """Back to the team with what is to be mended and until when; one that was accepted counts no more. The team is told."""
    report = open_report(report, by, "return")
    if not remark.strip():
        raise ValidationError({"remark": "Напишите, что исправить, – без этого автор не поймёт, за что взяться."})
    check_ahead(due_at)
    check_read(report, number)
    counted = report.state == STATE.ACCEPTED
    save(report, state=STATE.RETURNED, remark=remark.strip(), due_at=due_at, decided_by=person_of(by), decided_at=now())
    if counted:
        tell_project(report.project)
    event = record("return_report", report, f"Отчёт возвращён: {report.remark}", by=by,
                   changes={"number": number, "remark": report.remark, "due_at": due_at.isoformat()})
    letters.returned(report, by=by, event=event)
    return report


def newest(report):
    """The number of the last submission; 0 when there is none."""
    return report.submissions.values_list("number", flat=True).first() or 0


def check_read(report, number):
    """Who decides has read the last submission, not an older one."""
    if newest(report) != number:
        raise StaleVersion(report, OTHER_SUBMISSION)


def check_ahead(due_at):
    if due_at is None:
        raise ValidationError({"due_at": "Укажите день и час."})
    if due_at <= now():
        raise ValidationError({"due_at": "Этот срок уже прошёл. Укажите более поздний."})


def tell_project(project):
    """Write into the card what the latest accepted period says: how the project goes and when that was told."""
    last = project.reports.filter(state=STATE.ACCEPTED).select_related("period").order_by("-period__end", "-period__start", "-pk").first()
    project.course = last.course if last else ""
    project.last_report_on = timezone.localtime(last.submitted_at).date() if last else None
    project.version += 1
    project.save(update_fields=["course", "last_report_on", "version"])


@transaction.atomic
def extend_report(report, *, by, due_at, reason):
    """Another day for this one report, with a reason; the team is told."""
    report = open_report(report, by, "extend")
    if not reason.strip():
        raise ValidationError({"reason": "Напишите причину: её увидят в истории отчёта."})
    check_ahead(due_at)
    if report.due_at == due_at:
        return report
    before = report.due_at
    save(report, due_at=due_at)
    event = record("extend_report", report, f"Срок: {moment_short(due_at)} вместо {moment_short(before)}. {reason.strip()}", by=by,
                   changes={"before": before.isoformat(), "after": due_at.isoformat(), "reason": reason.strip()})
    letters.extended(report, reason.strip(), by=by, event=event)
    return report


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def add_file(report, stored, *, by):
    """A file that goes with the report; the very same file a second time is the one that is there."""
    report = open_report(report, by)
    rows = report.files.select_related("file")
    if known := rows.filter(removed=False, file__sha256=stored.sha256, file__name=stored.name).first():
        return known
    check_room(report)
    row = ReportFile.objects.create(report=report, file=stored, added_by=person_of(by))
    save(report)
    record("add_report_file", report, f"Приложен файл «{stored.name}»", by=by)
    return row


def check_room(report):
    """One more file still goes with the report."""
    if report.files.filter(removed=False).count() >= MOST_FILES:
        raise ValidationError({"file": f"К отчёту прикладывают не больше {MOST_FILES} файлов. Лишние можно убрать."})


@transaction.atomic
def remove_file(row, *, by, back=False):
    """Out of the report, or back into it; submissions that name the file keep it."""
    report = open_report(row.report, by)
    row = ReportFile.objects.select_for_update(of=("self",)).select_related("file").get(pk=row.pk)
    if row.removed is back:
        if back:
            check_room(report)
        row.removed = not back
        row.save(update_fields=["removed"])
        save(report)
        words = "Возвращён" if back else "Убран"
        record("return_report_file" if back else "remove_report_file", report, f"{words} файл «{row.file}»", by=by)
    return row
