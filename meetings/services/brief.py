"""Verbs of a meeting's brief («оргпроект встречи»)."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.common import lines
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of, record
from projectoffice.documents.models import Document
from projectoffice.documents.services.content import open_for_edit
from projectoffice.documents.services.stamps import put_default_stamps

from ..meeting.agendas import Agendas
from ..meeting.brief_fields import FIELDS, read, typed
from ..models import Meeting, MeetingBrief

CHANGE = "meetings.change_paper"
FROM_MEETING = {"plan": ("plan",), "when": ("when", "place")}
NAMES = {"title": "заголовок", "goal": "цель", "tasks": "задачи", "results": "планируемый результат",
         "products": "примерный продукт", "plan": "план", "when": "дата и время", "place": "место"}


@transaction.atomic
def create_brief(meeting, *, by):
    """The brief of a meeting, begun with what the meeting tells; the one there is when there is one."""
    require(by, CHANGE, meeting)
    meeting = locked(meeting)
    there = MeetingBrief.objects.filter(meeting=meeting).first()
    if there:
        return there
    if meeting.state == Meeting.State.CANCELLED:
        raise TransitionNotAllowed("Заседание отменено: готовить его не нужно.")
    document = Document.objects.create(
        kind=MeetingBrief.KIND, title=document_title(meeting), body=meeting.body, created_by=person_of(by),
        year=(meeting.date or timezone.localdate()).year,
    )
    brief = MeetingBrief.objects.create(document=document, meeting=meeting, title=title_of(meeting), **from_meeting(meeting))
    put_default_stamps(document)
    record("create_brief", document, "Создан оргпроект встречи", by=by)
    return brief


def document_title(meeting):
    return f"Оргпроект встречи {meeting.date:%d.%m.%Y}" if meeting.date else "Оргпроект встречи"


def title_of(meeting):
    rows = ["Примерный оргпроект встречи", meeting.body.genitive, f"«{meeting.title}»" if meeting.title else ""]
    return "\n".join(filter(None, rows))


def from_meeting(meeting):
    """What the meeting itself tells: its plan, when, where. Closed questions stay out: the paper goes to everybody."""
    return {"plan": plan_of(meeting), "when": when_of(meeting), "place": meeting.place}


def plan_of(meeting):
    """The agenda as the office writes a plan: «Презентация проекта. Белов С.И., Орлова Н.П.»."""
    return [
        lines.line(point(question.item), 1 if question.number.count(".") > 1 else 0, "number")
        for question in Agendas(meeting).of()
    ]


def point(item):
    speakers = ", ".join(speaker.text for speaker in item.speakers.all())
    return " ".join(closed(words) for words in (item.printed, speakers) if words)


def closed(words):
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def when_of(meeting):
    """«25.09.2020, 10.00. – 12.00.», as the office writes it."""
    if meeting.date is None:
        return ""
    hours = " – ".join(f"{moment:%H.%M}." for moment in (meeting.start, meeting.end) if moment)
    return f"{meeting.date:%d.%m.%Y}, {hours}" if hours else f"{meeting.date:%d.%m.%Y}"


@transaction.atomic
def save_brief(brief, values, *, version, by):
    """Save typed texts by field. Saved twice, the second call changes nothing. All errors come together.

    Raises StaleVersion when somebody saved another text after ``version`` was read.
    """
    document = open_for_edit(brief.document, by)
    brief = fresh(brief)
    stored, errors = {}, {}
    for field, text in values.items():
        try:
            stored[field] = read(field, text)
        except ValidationError as refusal:
            errors |= refusal.message_dict
    if errors:
        raise ValidationError(errors)
    changed = {field: value for field, value in stored.items() if getattr(brief, field) != value}
    if not changed:
        return brief
    if brief.version != version:
        raise StaleVersion(brief)
    write(brief, document, changed, "save_brief", f"Изменено: {', '.join(NAMES[field] for field in changed)}", by=by)
    return brief


def fresh(brief):
    return MeetingBrief.objects.select_related("document", "meeting__body").get(pk=brief.pk)


def write(brief, document, values, verb, sentence, *, by):
    before = {field: typed(brief, field) for field in values}
    for field, value in values.items():
        setattr(brief, field, value)
    brief.version += 1
    brief.save(update_fields=[*values, "version"])
    after = {field: typed(brief, field) for field in values}
    return record(verb, document, sentence, by=by, changes={"before": before, "after": after})


@transaction.atomic
def take_from_meeting(brief, what, *, by):
    """Bring the plan, or when and where, in line with the meeting. Returns the event, by which it can be undone;
    None when they say the same already.
    """
    document = open_for_edit(brief.document, by)
    brief = fresh(brief)
    if what not in FROM_MEETING:
        raise ValidationError("Такого в заседании нет. Обновите страницу.")
    told = from_meeting(brief.meeting)
    values = {field: told[field] for field in FROM_MEETING[what] if told[field] and told[field] != getattr(brief, field)}
    if not values:
        return None
    if what == "when" and document.in_force_id is None:
        Document.objects.filter(pk=document.pk).update(title=document_title(brief.meeting))
    names = ", ".join(NAMES[field] for field in values)
    return write(brief, document, values, "take_from_meeting", f"Взято из заседания: {names}", by=by)


@transaction.atomic
def return_text(brief, event, *, by):
    """Put back what ``take_from_meeting`` replaced, unless it was written anew meanwhile (StaleVersion)."""
    document = open_for_edit(brief.document, by)
    brief = fresh(brief)
    taken = history_of(document).filter(pk=event, verb="take_from_meeting").first()
    if taken is None:
        raise ValidationError("Возвращать нечего. Обновите страницу.")
    before = {field: text for field, text in taken.changes["before"].items() if field in FIELDS}
    if all(typed(brief, field) == text for field, text in before.items()):
        return brief
    if any(typed(brief, field) != text for field, text in taken.changes["after"].items()):
        raise StaleVersion(brief, "Этот текст уже изменили, прежний не возвращён. Он есть в истории.")
    values = {field: read(field, text) for field, text in before.items()}
    write(brief, document, values, "return_text", "Возвращён прежний текст", by=by)
    return brief
