"""Truths about plans, meetings, protocols and assignments that must hold in the data at any time."""
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from projectoffice.common.invariants import invariant
from projectoffice.documents.models import Document
from projectoffice.documents.table import truths

from .kinds.extract import chosen_items
from .kinds.protocol import every, has_closed
from .models import (
    AgendaItem,
    Assignment,
    AssignmentReport,
    Meeting,
    MeetingPlan,
    Protocol,
    ProtocolEntry,
    ProtocolExtract,
    Resolution,
)
from .services.assignments import charges_of
from .table import PLAN


@invariant("строки плана стоят подряд")
def rows_stand_in_a_row():
    yield from truths.rows_stand_in_a_row(PLAN)


@invariant("темы – строки известного вида")
def topics_are_lines():
    yield from truths.cells_are_lines(PLAN)


@invariant("план и его документ говорят об одном")
def plan_agrees_with_its_document():
    for plan in MeetingPlan.objects.select_related("document"):
        if plan.document.kind != "meeting_plan" or plan.document.body_id != plan.body_id or plan.document.year != plan.year:
            yield f"План {plan.pk}: вид, орган или год документа другие."


@invariant("изданная строка осталась в плане")
def issued_rows_are_kept():
    yield from truths.issued_rows_are_kept(PLAN)


# What a protocol in force tells, and what was made of it

def protocols_in_force():
    """Protocols with an edition in force, with its content; those that ended apart from these."""
    living = Protocol.objects.filter(document__in_force__isnull=False).exclude(document__state=Document.State.ANNULLED)
    return living.select_related("document__in_force", "meeting").order_by("pk").iterator(chunk_size=20)


@invariant("протокол и его заседание говорят об одном")
def protocol_agrees_with_its_meeting():
    for protocol in Protocol.objects.select_related("document", "meeting"):
        document, meeting = protocol.document, protocol.meeting
        if document.kind != "protocol" or document.body_id != meeting.body_id:
            yield f"Протокол {protocol.pk}: вид или орган документа другие."
        if meeting.state != Meeting.State.HELD or meeting.date is None:
            yield f"Протокол {protocol.pk}: заседание не отмечено проведённым."
        if protocol.annulled != (document.state == Document.State.ANNULLED):
            yield f"Протокол {protocol.pk}: отменён ли он, документ говорит иначе."


@invariant("действующий протокол ищут по его же словам")
def entries_are_those_of_the_edition():
    for protocol in protocols_in_force():
        edition = protocol.document.in_force
        told = {(uid, closed) for uid, closed in uids_of(edition.snapshot["source"]["items"])}
        found = ProtocolEntry.objects.filter(document=protocol.document_id).values_list("uid", "closed")
        if {(str(uid), closed) for uid, closed in found} != told or len(found) != len(told):
            yield f"Протокол {protocol.pk}: записи для поиска не те, что в редакции {edition.number}."
    ended = ProtocolEntry.objects.filter(document__state=Document.State.ANNULLED).values_list("document", flat=True)
    for pk in ended.order_by().distinct():
        yield f"Документ {pk}: отменён, а в поиске остался."


def uids_of(items, closed=False):
    """(uid, whether closed) of every question and decision."""
    for item in items:
        hidden = closed or item["closed"]
        yield item["uid"], hidden
        yield from ((each["uid"], hidden) for each in item["resolutions"])
        yield from uids_of(item["children"], hidden)


@invariant("поручения протокола – те, что в его действующей редакции")
def assignments_are_those_of_the_edition():
    for protocol in protocols_in_force():
        charges = charges_of(protocol.document.in_force.snapshot["source"])
        given = Assignment.objects.filter(document=protocol.document_id)
        done_before = Assignment.objects.filter(document__protocol__meeting=protocol.meeting_id, document__protocol__annulled=True,
                                                state=Assignment.State.DONE)
        known = {str(uid) for found in (given, done_before) for uid in found.values_list("resolution__uid", flat=True)}
        for uid in charges.keys() - known:
            yield f"Протокол {protocol.pk}: поручение {uid} не дано."
        for pk, uid, closed in given.open().values_list("pk", "resolution__uid", "closed"):
            if str(uid) not in charges:
                yield f"Поручение {pk}: в действующей редакции протокола его нет."
            elif closed != charges[str(uid)]["closed"]:
                yield f"Поручение {pk}: закрыт ли его вопрос, протокол говорит иначе."
    for each in Assignment.objects.open().filter(document__state=Document.State.ANNULLED):
        yield f"Поручение {each.pk}: протокол отменён, а поручение на контроле."


@invariant("протокол и выписка помнят о закрытом вопросе")
def closed_questions_are_remembered():
    for protocol in protocols_in_force():
        if not protocol.had_closed and has_closed(protocol.document.in_force.snapshot["source"]):
            yield f"Протокол {protocol.pk}: в нём закрытый вопрос, а читать его разрешено всем участникам."
    extracts = ProtocolExtract.objects.filter(document__in_force__isnull=False, closed=False)
    for extract in extracts.select_related("protocol__document__in_force"):
        if any(item["closed"] for item in every(chosen_items(extract))):
            yield f"Выписка {extract.pk}: в ней закрытый вопрос, а читать её разрешено."


@invariant("вопросы повестки и решения стоят подряд")
def questions_and_decisions_stand_in_a_row():
    for rows, name, parent in ((AgendaItem, "Заседание", ("meeting_id", "parent_id")), (Resolution, "Вопрос", ("item_id",))):
        present = rows.objects.present().order_by().values(*parent).annotate(rows=Count("pk"), first=Min("position"), last=Max("position"))
        for each in present.exclude(first=1, last=F("rows")):
            yield f"{name} {each[parent[0]]}: строк {each['rows']}, места от {each['first']} до {each['last']}."
    strangers = AgendaItem.objects.filter(parent__isnull=False).exclude(parent__meeting=F("meeting"), parent__parent__isnull=True)
    for item in strangers:
        yield f"Вопрос {item.pk}: стоит под вопросом другого заседания или под подвопросом."


@invariant("поручение на проверке имеет отчёт, исполненное – принятый")
def state_of_an_assignment_agrees_with_its_reports():
    reports = AssignmentReport.objects.filter(assignment=OuterRef("pk"))
    waits, accepted = Exists(reports.filter(verdict="")), Exists(reports.filter(verdict="accepted"))
    for each in Assignment.objects.annotate(waits=waits, accepted=accepted).filter(
        Q(state="reported", waits=False) | Q(state__in=["active", "returned", "done"], waits=True) | Q(state="done", accepted=False)
    ):
        yield f"Поручение {each.pk}: «{each.get_state_display()}», а отчёты говорят другое."


@invariant("перенесённый срок посчитан")
def extensions_are_counted():
    granted = Count("extensions", filter=Q(extensions__verdict="granted"))
    for each in Assignment.objects.annotate(granted=granted).exclude(granted=F("extension_count")):
        yield f"Поручение {each.pk}: переносов {each.granted}, записано {each.extension_count}."
