"""What came of the questions: heard, discussed, voted, decided – written at the table or the next day from notes."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from projectoffice.common.db import now
from projectoffice.common.history import record
from projectoffice.common.text import clean_text

from .. import addressees, typed
from ..models import AgendaItem, AgendaSpeaker
from .door import open_meeting
from .saving import save, touch

TITLE_LIMIT, SPEAKER_LIMIT, MOST_QUESTIONS = 1000, 300, 200
CONSIDERED, POSTPONED, WITHDRAWN = AgendaItem.Outcome.CONSIDERED, AgendaItem.Outcome.POSTPONED, AgendaItem.Outcome.WITHDRAWN


@transaction.atomic
def start_meeting(meeting, *, by):
    """The meeting is under way from now on; started twice, the first moment stays."""
    meeting = open_meeting(meeting, by, "start")
    if meeting.started_at is None:
        meeting.started_at = now()
        meeting.save(update_fields=["started_at"])
        record("start_meeting", meeting, "Заседание начато", by=by)
    return meeting


@transaction.atomic
def save_field(item, field, value, *, version, by, base=None):
    """Save one field of a question (``typed.ITEM``). The same text twice changes nothing.

    Raises StaleVersion when that very field says something else by now than ``base``, the text one began from;
    ValidationError keyed by the field.
    """
    meeting = open_meeting(item.meeting, by, "minutes")
    item = fresh(item)
    save(item, typed.ITEM, field, value, version=version, base=base, by=by, meeting=meeting, about=about(item))
    return item


@transaction.atomic
def consider(item, *, by):
    """The question was considered, with a decision or without one."""
    return end(item, CONSIDERED, None, by=by)


@transaction.atomic
def postpone(item, *, by, note=None):
    """The question is left for another meeting; ``note`` says why and until when (None: what is written there)."""
    return end(item, POSTPONED, note, by=by)


@transaction.atomic
def withdraw(item, *, by, note=None):
    """The question leaves the agenda without being considered; ``note`` says why."""
    return end(item, WITHDRAWN, note, by=by)


@transaction.atomic
def reopen(item, *, by):
    """The question has no outcome again."""
    return end(item, AgendaItem.Outcome.NONE, None, by=by)


@transaction.atomic
def add_question(meeting, title, *, by, speaker="", uid=None, parent=None):
    """A question nobody announced, added at the table, with who speaks to it; under ``parent`` a sub-question.

    It stands last, before a closing «Разное». ``uid`` given by the page makes the same question sent twice one.
    The vote on its inclusion is a field of its own (``inclusion_vote``).
    """
    meeting = open_meeting(meeting, by, "minutes")
    if uid and (known := AgendaItem.objects.filter(uid=uid).first()):
        return same_question(known, meeting)
    title, speaker = read_question(title, speaker)
    if meeting.items.present().count() >= MOST_QUESTIONS:
        raise ValidationError({"title": f"В повестке помещается не больше {MOST_QUESTIONS} вопросов."})
    item = AgendaItem(meeting=meeting, parent=top_of(meeting, parent), title=title, added=parent is None)
    if uid:
        item.uid = uid
    item.position = place_of_new(meeting, item.parent)
    touch(item, by)
    if speaker:
        found = addressees.read_addressee(speaker)
        AgendaSpeaker.objects.create(item=item, text=found.text, person_id=found.person)
    record("add_question", meeting, f"Добавлен вопрос: {title}", by=by, changes={"item": str(item.uid)})
    return item


# ── inside a verb: the meeting is locked ──────────────────────────────────────────────────────────────────

def fresh(item):
    return AgendaItem.objects.select_related("meeting", "changed_by").get(pk=item.pk)


def about(item):
    return f"Вопрос «{item.title[:120]}»"


def end(item, outcome, note, *, by):
    meeting = open_meeting(item.meeting, by, "minutes")
    item = fresh(item)
    note = item.outcome_note if note is None else read_note(note)
    if (item.outcome, item.outcome_note) == (outcome, note):
        return item
    item.outcome, item.outcome_note = outcome, note
    touch(item, by)
    words = item.get_outcome_display().lower()
    record("end_question", meeting, f"{about(item)}: {words}{f' ({note})' if note else ''}", by=by,
           changes={"item": str(item.uid), "outcome": outcome})
    return item


def settle(item, by):
    """A question with a decision is considered; when its last decision is gone, it is ahead again.

    Who postponed or withdrew it has said so in words: a decision changes nothing of that.
    """
    decided = item.resolutions.present().exclude(text="").exists()
    outcome = {("", True): CONSIDERED, (CONSIDERED, False): AgendaItem.Outcome.NONE}.get((item.outcome, decided))
    if outcome is not None:
        item.outcome = outcome
        touch(item, by)


def read_note(note):
    try:
        return clean_text(note, limit=typed.NOTE_LIMIT)
    except ValidationError as refusal:
        raise ValidationError({"outcome_note": refusal.messages}) from refusal


def read_question(title, speaker):
    errors, read = {}, {}
    for name, text, limit in (("title", title, TITLE_LIMIT), ("speaker", speaker, SPEAKER_LIMIT)):
        try:
            read[name] = clean_text(text, limit=limit)
        except ValidationError as refusal:
            errors[name] = refusal.messages
    if not errors and not read["title"]:
        errors["title"] = ["Впишите вопрос: без него в повестку нечего добавить."]
    if errors:
        raise ValidationError(errors)
    return read["title"], read["speaker"]


def same_question(item, meeting):
    if item.meeting_id != meeting.pk:
        raise ValidationError("Такой вопрос уже есть на другом заседании. Обновите страницу.")
    return item


def top_of(meeting, parent):
    """The parent of a sub-question: a standing question of this meeting that is none itself."""
    if parent is None:
        return None
    found = meeting.items.present().top().filter(pk=parent.pk).first()
    if found is None:
        raise ValidationError("Вопрос, под который вы пишете, из повестки убрали. Обновите страницу.")
    return found


def place_of_new(meeting, parent):
    """After the last one of its level; a closing «Разное» moves down and stays last."""
    level = meeting.items.filter(parent=parent)
    last = level.present().order_by("-position").first()
    if parent is None and last and last.is_misc:
        level.filter(position__gte=last.position).update(position=F("position") + 1)
        return last.position
    return (level.aggregate(last=Max("position"))["last"] or 0) + 1
