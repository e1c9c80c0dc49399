"""What came of the questions: heard, discussed, voted, decided – written at the table or the next day from notes.

The lines of history name no question by its words: some are closed.
"""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.common.db import now
from projectoffice.common.history import record
from projectoffice.common.text import clean_text

from ..minutes import addressees, typed
from ..models import AgendaItem
from . import agenda
from .door import open_meeting
from .saving import save, touch

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
    save(item, typed.ITEM, field, value, version=version, base=base, by=by, meeting=meeting)
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

    It stands where ``agenda.add_item`` puts new ones. ``uid`` given by the page makes the same question sent twice one.
    The vote on its inclusion is a field of its own (``inclusion_vote``).
    """
    open_meeting(meeting, by, "minutes")
    if uid and AgendaItem.objects.filter(uid=uid).exclude(meeting=meeting).exists():
        raise ValidationError("Такой вопрос уже есть на другом заседании. Обновите страницу.")
    found = addressees.read_addressee(read_speaker(speaker))
    return agenda.add_item(meeting, by=by, title=title, parent=parent, added=parent is None, uid=uid,
                           speakers=[(found.text, found.person)] if found.text else ())


# ── inside a verb: the meeting is locked ──────────────────────────────────────────────────────────────────

def fresh(item):
    return AgendaItem.objects.select_related("meeting", "changed_by").get(pk=item.pk)


def end(item, outcome, note, *, by):
    meeting = open_meeting(item.meeting, by, "minutes")
    item = fresh(item)
    note = item.outcome_note if note is None else read_note(note)
    if (item.outcome, item.outcome_note) == (outcome, note):
        return item
    item.outcome, item.outcome_note = outcome, note
    touch(item, by)
    record("end_question", meeting, f"Итог вопроса: {item.get_outcome_display().lower()}", by=by,
           changes={"item": str(item.uid), "outcome": outcome, "note": note})
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


def read_speaker(speaker):
    try:
        return clean_text(speaker, limit=agenda.NAME_LIMIT)
    except ValidationError as refusal:
        raise ValidationError({"speaker": refusal.messages}) from refusal
