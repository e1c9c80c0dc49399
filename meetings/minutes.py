"""What is missing before the minutes can become a protocol, and what is doubtful in a charge. Reads only."""
from django.db.models import Prefetch

from projectoffice.accounts.models import Institution
from projectoffice.documents.kinds import Problem

from .addressees import works
from .models import AgendaItem, AgendaSpeaker, Participant, Resolution
from .votes import total

NONE = AgendaItem.Outcome.NONE


def questions_of(meeting):
    """The standing questions as a list of top ones, each with ``number``, ``parts`` (sub-questions) and ``decisions``.

    A fixed number of queries, whatever their number. Of the institutions of a charge only the keys are read.
    """
    decisions = Resolution.objects.present().order_by("position", "pk").select_related(
        "executor", "controller", "changed_by").prefetch_related(
            "co_executors", Prefetch("institutions", Institution.objects.order_by().only("pk")))
    items = list(meeting.items.present().order_by("position", "pk").select_related("plan_item", "origin__meeting", "changed_by")
                 .prefetch_related(Prefetch("speakers", AgendaSpeaker.objects.select_related("person")), Prefetch("resolutions", decisions, to_attr="decisions")))
    for item in items:
        item.meeting = meeting
        for decision in item.decisions:
            decision.item = item
    return in_tree(items)


def in_tree(items):
    """Numbers 1, 2, 2.1 … in the order of the agenda; printed ones are taken anew when the protocol is made."""
    top = [item for item in items if item.parent_id is None]
    for place, item in enumerate(top, start=1):
        item.number = str(place)
        item.parts = [part for part in items if part.parent_id == item.pk]
        for part_place, part in enumerate(item.parts, start=1):
            part.number, part.parts = f"{place}.{part_place}", []
    return top


def flat(questions):
    """Every question in reading order: a top one, then its parts."""
    return [each for question in questions for each in (question, *question.parts)]


def missing(meeting):
    """What bars making the protocol, as sentences with the anchor of the place that mends each."""
    participants = list(meeting.participants.select_related("person"))
    return missing_of(meeting, questions_of(meeting), participants)


def missing_of(meeting, questions, participants):
    """The same from what a page has read already."""
    found = [] if questions else [Problem("В повестке нет вопросов.", "agenda")]
    for question in flat(questions):
        found += question_problems(question, meeting, participants)
    return [*found, *people_problems(participants)]


def question_problems(item, meeting, participants):
    number, anchor = item.number, f"question-{item.uid}"
    if not item.parts and item.outcome == NONE and not any(each.text for each in item.decisions):
        yield Problem(f"Вопрос {number} – нет решения.", anchor)
    present = sum(each.votes and each.attendance == "present" for each in participants)
    for vote in (item.vote, item.inclusion_vote):
        if total(vote) > present:
            yield Problem(f"Вопрос {number} – голосов {total(vote)}, а присутствуют {present}.", f"vote-{item.uid}")
    for place, decision in enumerate(item.decisions, start=1):
        for remark in charge_remarks(decision, meeting):
            yield Problem(f"Решение {number}.{place} – {remark}.", f"decision-{decision.uid}")


def charge_remarks(decision, meeting):
    """What is doubtful in a charge, in words that follow a dash: said beside it, and before the protocol."""
    if not decision.is_charge:
        return
    if decision.due_end and meeting.date and decision.due_end < meeting.date:
        yield f"срок {decision.due_end:%d.%m.%Y} раньше дня заседания"
    for word, person in (("исполнитель", decision.executor), ("контролёр", decision.controller)):
        if person and not works(person):
            yield f"{word} {person.short_name} {'больше не работает' if person.left_on else 'не имеет доступа'}"


def people_problems(participants):
    roles = {each.role for each in participants}
    if Participant.Role.CHAIR not in roles:
        yield Problem("Председатель не указан.", "attendance")
    if Participant.Role.SECRETARY not in roles:
        yield Problem("Секретарь не указан.", "attendance")
    if not any(each.attendance == Participant.Attendance.PRESENT for each in participants):
        yield Problem("Никто не отмечен присутствующим.", "attendance")
