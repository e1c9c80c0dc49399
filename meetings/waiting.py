"""What waits for a person in this app, as rows of the one list of the start page."""
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.urls import reverse

from projectoffice.accounts.access import is_office
from projectoffice.common.russian import date_short
from projectoffice.common.waiting import Waiting, contributes
from projectoffice.documents.route import deciding_for

from .assignment.listing import of_who_left
from .assignment.workflow import judges_own
from .models import Assignment, AssignmentExtension, AssignmentReport

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
    answers = AssignmentReport.objects.filter(verdict=AssignmentReport.Verdict.RETURNED).select_related("decided_by").order_by("-at")
    found = found.select_related("executor").prefetch_related(Prefetch("reports", answers, to_attr="returned_reports"))
    for each in found.order_by("due_end", "pk")[:MOST]:
        returned = each.returned_reports[0] if each.state == STATE.RETURNED and each.returned_reports else None
        yield Waiting(
            what=short(each.text),
            whose="Поручение" if each.executor_id in (None, user.pk) else f"Поручение, исполнитель: {each.executor}",
            url=each.get_absolute_url(),
            action="Исправить отчёт" if returned else "Отчитаться" if each.executor_id == user.pk else "Исполнить",
            due=each.due_end,
            since=each.created_at,
            badge=("alert", "Возвращено") if returned else ("progress", "В работе"),
            remark=returned.answer if returned else "",
            remark_by=f"{returned.decided_by or 'Проектный офис'}, {date_short(returned.decided_at)}" if returned else "",
        )


def controlled(user, words):
    """Assignments whose words (reports, requests) this person answers: as controller or for one; as the office, where
    no controller is at work or where the words are the controller's own."""
    mine = Q(controller__in=deciding_for(user))
    if not is_office(user):
        return mine
    gone = Q(controller__isnull=True) | Q(controller__is_active=False) | Q(controller__left_on__isnull=False)
    return mine | gone | Q(Exists(words.filter(assignment=OuterRef("pk"), verdict="")))


@contributes
def reports_to_check(user):
    waits = AssignmentReport.objects.filter(verdict="").select_related("by")
    own = AssignmentReport.objects.filter(Q(by=OuterRef("controller")) | Q(recorded_by=OuterRef("controller")))
    found = Assignment.objects.filter(controlled(user, own), state=STATE.REPORTED).select_related("controller", "executor")
    for each in found.prefetch_related(Prefetch("reports", waits, to_attr="waiting_reports")).order_by("due_end", "pk")[:MOST]:
        for report in each.waiting_reports:
            if not judges_own(each, user, {report.by_id, report.recorded_by_id}):
                yield Waiting(what=short(each.text), whose=f"отчёт: {report.by or each.executor_text}", url=each.get_absolute_url(),
                              action="Проверить отчёт", since=report.at)


@contributes
def extensions_to_decide(user):
    own = AssignmentExtension.objects.filter(by=OuterRef("controller"))
    open_ones = Assignment.objects.open().filter(controlled(user, own))
    asked = AssignmentExtension.objects.filter(verdict="", assignment__in=open_ones)
    for each in asked.select_related("by", "assignment__controller").order_by("at")[:MOST]:
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
    found = Assignment.objects.to_do().filter(executor__isnull=True).annotate(
        parts=Count("ticks"), done=Count("ticks__done_on")).filter(parts__gt=0, parts=F("done"))
    for each in found.order_by("pk")[:MOST]:
        yield Waiting(what=short(each.text), whose=f"отметили все учреждения: {each.parts}",
                      url=reverse("meetings:assignment_report", args=[each.pk]), action="Отправить отчёт", since=each.created_at)
