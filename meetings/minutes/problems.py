"""What is missing before the minutes can become a protocol, and what is doubtful in a charge. Reads only."""
from projectoffice.documents.kinds import Problem

from ..models import AgendaItem, Participant
from .addressees import works
from .questions import decision_number, flat, questions_of
from .votes import total

NONE = AgendaItem.Outcome.NONE


def missing(meeting):
    """What bars making the protocol, as sentences with the anchor of the place that mends each."""
    participants = list(meeting.participants.select_related("person"))
    return missing_of(meeting, questions_of(meeting), participants)


def missing_of(meeting, questions, participants):
    """The same from what a page has read already."""
    found = [] if questions else [Problem("В повестке нет вопросов.", "agenda")]
    present = sum(each.votes and each.attendance == "present" for each in participants)
    for question in flat(questions):
        found += question_problems(question, meeting, present)
    return [*found, *people_problems(participants)]


def question_problems(item, meeting, present):
    number, anchor = item.number, f"question-{item.uid}"
    if not item.parts and item.outcome == NONE and not any(each.text for each in item.decisions):
        yield Problem(f"Вопрос {number} – нет решения.", anchor)
    for vote in (item.vote, item.inclusion_vote):
        if total(vote) > present:
            yield Problem(f"Вопрос {number} – голосов {total(vote)}, а присутствуют {present}.", f"vote-{item.uid}")
    for place, decision in enumerate(item.decisions, start=1):
        for remark in charge_remarks(decision, meeting):
            yield Problem(f"Решение {decision_number(item, place)} – {remark}.", f"decision-{decision.uid}")


def charge_remarks(decision, meeting):
    """What is doubtful in a charge, in words that follow a dash: said beside it, and before the protocol."""
    if not decision.is_charge:
        return
    if decision.due_end and meeting.date and decision.due_end < meeting.date:
        yield f"срок {decision.due_end:%d.%m.%Y} раньше дня заседания"
    helpers = (("соисполнитель", person) for person in decision.co_executors.all())
    for word, person in (("исполнитель", decision.executor), *helpers, ("контролёр", decision.controller)):
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
