"""What is written to people about progress reports. Letters go to the outbox in the transaction of the verb."""
from collections import defaultdict

from projectoffice.accounts.addressees import speakers_for, with_acting
from projectoffice.accounts.models import Substitution, User
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import moment_short, until

from ..models import ReportPart, TeamMember

MOST_LISTED = 20
CLOSES = "После срока отчёты не принимаем."


def link(obj):
    return absolute(obj.get_absolute_url())


def keepers_of(projects):
    """``{project id: [people]}``: who heads each project or keeps it on the portal today. Two queries for any number."""
    found: dict[int, list] = defaultdict(list)
    heads = User.objects.active().in_bulk([project.head_id for project in projects if project.head_id])
    for project in projects:
        if project.head_id in heads:
            found[project.pk].append(heads[project.head_id])
    editors = TeamMember.objects.current().filter(
        project__in=projects, role=TeamMember.Role.EDITOR, person__is_active=True, person__left_on__isnull=True)
    for row in editors.select_related("person").order_by("pk"):
        if row.person not in found[row.project_id]:
            found[row.project_id].append(row.person)
    return found


def reports_by_person(reports):
    """``{person: [reports]}`` of who is asked for these reports; who acts for somebody today stands beside that person."""
    reports = list(reports)
    keepers = keepers_of([report.project for report in reports])
    by_person: dict = defaultdict(list)
    for report in reports:
        for person in keepers[report.project_id]:
            by_person[person].append(report)
    acting = Substitution.objects.current().filter(absent__in=by_person).select_related("acting", "absent")
    for each in list(acting):
        for report in by_person[each.absent]:
            if report not in by_person[each.acting]:
                by_person[each.acting].append(report)
    return by_person


def listed(reports):
    lines = [f"– «{report.project}»: {link(report)}" for report in reports[:MOST_LISTED]]
    more = len(reports) - MOST_LISTED
    return "\n".join([*lines, *([f"– и ещё {more}: {absolute('/')}"] if more > 0 else [])])


# ── a period ──────────────────────────────────────────────────────────────────────────────────────────────

def term_of(period):
    """Until when, and what becomes of who is late."""
    return f"Срок: {until(period.due_at)}." + ("" if period.accepts_late else f" {CLOSES}")


def asked(reports, period, *, by):
    """The reports of a period are asked for: one letter to each who keeps projects, one to each partner's people."""
    term = term_of(period)
    for person, own in reports_by_person(reports).items():
        if person != by:
            post(key=f"reports_asked:{period.pk}:{person.pk}:{min(report.pk for report in own)}", person=person, about=period,
                 subject=f"Нужен отчёт {period.title}",
                 body=f"Проектный офис собирает отчёты {period.title}.\n{term}\n\n{listed(own)}\n\n"
                      "Текст сохраняется сам: можно писать в несколько приёмов.\n")
    tell_partners(reports, period, term)


def tell_partners(reports, period, term):
    """Partner institutions are asked for their parts."""
    parts = ReportPart.objects.filter(report__in=reports).select_related("institution__institution", "report__project").order_by("pk")
    by_place: dict = defaultdict(list)
    for part in parts:
        by_place[part.place.pk].append(part)
    for place, receivers in speakers_for(by_place).items():
        own = by_place[place.pk]
        words = "\n".join(f"– «{part.report.project}»: {link(part)}" for part in own[:MOST_LISTED])
        for receiver in receivers:
            to, name = addressed(receiver)
            post(key=f"parts_asked:{period.pk}:{place.pk}:{name}:{own[0].pk}"[:200], about=period, **to,
                 subject=f"Нужна часть отчёта {period.title}",
                 body=f"Учреждение участвует в проектах, по которым собирают отчёты {period.title}. Напишите, что сделано у вас, "
                      f"и отправьте координатору проекта.\n{term}\n\n{words}\n")


def due_moved(reports, period, *, by):
    """Another day for a whole period: those who have not sent are told."""
    for person, own in reports_by_person(reports).items():
        if person != by:
            post(key=f"reports_due:{period.pk}:{period.version}:{person.pk}", person=person, about=period,
                 subject=f"Другой срок отчёта {period.title}",
                 body=f"Срок отчёта {period.title} изменён. {term_of(period)}\n\n{listed(own)}\n")


def addressed(receiver):
    """How a person or a mailbox is named to ``post``, and in the key of a letter."""
    return ({"address": receiver}, receiver) if isinstance(receiver, str) else ({"person": receiver}, receiver.pk)


# ── one report ────────────────────────────────────────────────────────────────────────────────────────────

def tell_team(report, subject, body, *, by, event):
    """One letter to each who keeps the project and who acts for one, but not about one's own doing."""
    people = keepers_of([report.project])[report.project_id]
    for person in with_acting(people):
        if person != by:
            post(key=f"report_event:{event.pk}:{person.pk}", person=person, about=report, subject=subject,
                 body=f"{body}\n\nОтчёт: {link(report)}\n")


def returned(report, *, by, event):
    tell_team(report, f"Отчёт возвращён: «{report.project}»",
              f"Отчёт {report.period.title} по проекту «{report.project}» возвращён. Что исправить:\n\n{report.remark}\n\n"
              f"Новый срок: {until(report.due_at)}.", by=by, event=event)


def accepted(report, *, by, event):
    tell_team(report, f"Отчёт принят: «{report.project}»",
              f"Отчёт {report.period.title} по проекту «{report.project}» принят. Больше ничего делать не нужно.", by=by, event=event)


def extended(report, reason, *, by, event):
    tell_team(report, f"Другой срок отчёта: «{report.project}»",
              f"Отчёт {report.period.title} по проекту «{report.project}» теперь ждут до {moment_short(report.due_at)}.\n"
              f"Причина: {reason}", by=by, event=event)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────

def parts_are_in(report, *, by, event):
    """All partners have sent: the report can be assembled."""
    tell_team(report, f"Все части присланы: «{report.project}»",
              f"Учреждения прислали свои части отчёта {report.period.title}. Соберите отчёт и отправьте его: "
              f"{until(report.due_at)}.", by=by, event=event)


def part_returned(part, sender, *, by, event):
    """Who sent the part reads what to mend; the institution's people do when the office sent it, or the sender is gone."""
    receivers = with_acting([sender]) or speakers_for([part.place.pk])[part.place]
    for receiver in receivers:
        if receiver != by:
            to, name = addressed(receiver)
            post(key=f"part_returned:{event.pk}:{name}"[:200], about=part.report, **to,
                 subject=f"Дополните свою часть отчёта: «{part.report.project}»",
                 body=f"Координатор просит дополнить часть отчёта {part.report.period.title} по проекту «{part.report.project}»:\n\n"
                      f"{part.remark}\n\nВаша часть: {link(part)}\n")
