"""What the start page tells of assignments and drafts of protocols: what waits for a person, what one has sent."""
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from projectoffice.accounts.access import is_office
from projectoffice.accounts.models import User
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import SHORT, Sent, Waiting, contributes
from projectoffice.documents.route import deciding_for

from .assignment.listing import of_who_left
from .assignment.workflow import judges_own
from .models import Assignment, AssignmentExtension, AssignmentReport, Participant, Protocol

MOST = 50
STATE = Assignment.State


def short(text):
    return text if len(text) <= 140 else f"{text[:139]}…"


@contributes
def assignments_to_do(user):
    """What this person, or the own institution, still has to do; what has no date is no errand of today."""
    executed, helped, ticks = Assignment.done_by(user)
    found = Assignment.objects.to_do().filter(pk__in=executed.union(helped, ticks.filter(done_on__isnull=True)))
    found = found.filter(Q(due_end__isnull=False) | Q(state=STATE.RETURNED))
    found = found.select_related("executor").annotate(told=Subquery(last_answer().values(words=ANSWER)[:1]))
    for each in found.order_by("due_end", "pk")[:MOST]:
        own = each.executor_id == user.pk
        returned = each.told if each.state == STATE.RETURNED else None
        yield Waiting(
            what=short(each.text),
            whose="Поручение" if own or each.executor_id is None else f"Поручение, исполнитель: {each.executor}",
            url=reverse("meetings:assignment_report", args=[each.pk]) if own else each.get_absolute_url(),
            action="Исправить отчёт" if returned else "Отчитаться" if own else "Исполнить",
            due=each.due_end,
            since=each.created_at,
            badge=("alert", "Возвращено") if returned else ("progress", "В работе"),
            remark=returned["answer"] if returned else "",
            remark_by=answered_by(returned) if returned else "",
        )


ANSWER = JSONObject(answer="answer", surname="decided_by__surname", given_name="decided_by__given_name",
                    patronymic="decided_by__patronymic", moment=F("decided_at"))


def last_answer():
    """The words the last report of an assignment was returned with."""
    returned = AssignmentReport.objects.filter(assignment=OuterRef("pk"), verdict=AssignmentReport.Verdict.RETURNED)
    return returned.order_by("-at", "-pk")


def answered_by(returned):
    person = User(**{name: returned[name] for name in ("surname", "given_name", "patronymic")}) if returned["surname"] else None
    return f"{person or 'Проектный офис'}, {date_short(parse_datetime(returned['moment']))}"


REPORT_LOOKS = {"": ("wait", "На проверке"), "accepted": ("done", "Принят")}


@contributes
def reports_sent(user):
    """What this person sent last about assignments and did not get back; of the office's own nobody is reminded."""
    if not user.is_outside:
        return
    mine = AssignmentReport.objects.visible_to(user).filter(Q(by=user) | Q(recorded_by=user), verdict__in=REPORT_LOOKS)
    mine = mine.select_related("assignment")
    for report in mine.order_by("-at", "-pk")[:SHORT]:
        yield Sent(what="Отчёт об исполнении", whose=short(report.assignment.text), url=report.assignment.get_absolute_url(),
                   at=report.at, badge=REPORT_LOOKS[report.verdict])


def controlled(user, words):
    """Assignments whose words (reports, requests) this person answers: as controller or for one; as the office, where
    no controller is at work or where the words are the controller's own."""
    mine = Q(controller__in=deciding_for(user))
    if not is_office(user):
        return mine
    gone = Q(controller__isnull=True) | Q(controller__is_active=False) | Q(controller__left_on__isnull=False)
    helps = Assignment.co_executors.through.objects.filter(assignment=OuterRef("pk"), user=OuterRef("controller"))
    does_it = Q(controller=F("executor")) | Q(Exists(helps))
    return mine | gone | does_it | Q(Exists(words.filter(assignment=OuterRef("pk"), verdict="")))


@contributes
def reports_to_check(user):
    own = AssignmentReport.objects.filter(Q(by=OuterRef("controller")) | Q(recorded_by=OuterRef("controller")))
    found = Assignment.objects.filter(controlled(user, own), state=STATE.REPORTED)
    waits = AssignmentReport.objects.filter(verdict="", assignment__in=found).select_related(
        "by", "assignment__controller", "assignment__executor").prefetch_related("assignment__co_executors")
    for report in waits.order_by("assignment__due_end", "assignment", "pk")[:MOST]:
        each = report.assignment
        if not judges_own(each, user, {report.by_id, report.recorded_by_id}):
            yield Waiting(what=short(each.text), whose=f"отчёт: {report.by or each.executor_text}", url=each.get_absolute_url(),
                          action="Проверить отчёт", since=report.at)


@contributes
def extensions_to_decide(user):
    own = AssignmentExtension.objects.filter(by=OuterRef("controller"))
    open_ones = Assignment.objects.open().filter(controlled(user, own))
    asked = AssignmentExtension.objects.filter(verdict="", assignment__in=open_ones)
    asked = asked.select_related("by", "assignment__controller").prefetch_related("assignment__co_executors")
    for each in asked.order_by("at")[:MOST]:
        if not judges_own(each.assignment, user, {each.by_id}):
            yield Waiting(
                what=short(each.assignment.text), whose=f"просит перенести срок: {each.by or 'Проектный офис'}", since=each.at,
                url=reverse("meetings:assignment_extension_decide", args=[each.assignment_id, each.pk]),
                action="Решить о переносе",
            )


@contributes
def assignments_of_who_left(user):
    """For the office: open assignments whose executor or controller works here no more."""
    if not is_office(user):
        return
    count = Assignment.objects.filter(of_who_left(True)).count()
    if count:
        yield Waiting(what=f"Исполнитель или контролёр выбыл: {count}", whose="Передайте поручения тому, кто работает",
                      url=f"{reverse('meetings:assignments')}?left=on", action="Посмотреть список")


@contributes
def lists_ticked_through(user):
    """For the office: lists of institutions that are ticked through and have nobody of their own to report."""
    if not is_office(user):
        return
    told = AssignmentReport.objects.filter(assignment=OuterRef("pk"), verdict=AssignmentReport.Verdict.ACCEPTED)
    found = Assignment.objects.to_do().filter(executor__isnull=True).exclude(Exists(told), is_permanent=True).annotate(
        parts=Count("ticks"), done=Count("ticks__done_on")).filter(parts__gt=0, parts=F("done"))
    for each in found.order_by("pk")[:MOST]:
        yield Waiting(what=short(each.text), whose=f"отметили все учреждения: {each.parts}",
                      url=reverse("meetings:assignment_report", args=[each.pk]), action="Отправить отчёт", since=each.created_at)


@contributes
def protocols_to_read(user):
    """For the chair: drafts the secretary asked to read, until a remark, «Замечаний нет» or the sending."""
    led = Participant.objects.filter(role=Participant.Role.CHAIR, person__in=deciding_for(user))
    found = Protocol.objects.asked_of_the_chair().filter(meeting__in=led.values("meeting")).select_related("document")
    for protocol in found.order_by("shown_to_chair_at")[:MOST]:
        yield Waiting(what=protocol.document.title, whose="Проект, просят прочитать до отправки на подпись", gender="m",
                      url=protocol.get_absolute_url(), action="Прочитать проект протокола", since=protocol.shown_to_chair_at)
