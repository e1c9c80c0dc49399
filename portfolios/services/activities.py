"""What became of an activity: marked by those who keep the plan, for a row of what is in force."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.documents.snapshot import rows_of

from ..models import ActivityMark
from .implementation_plan import CHANGE

FIELDS = ("state", "date", "note", "link")


@transaction.atomic
def mark_activity(plan, uid, *, by, version, state, date=None, note="", link="", evidence=None, drops_evidence=False):
    """Say what became of an activity; the same words twice change nothing.

    ``version`` is 0 for the first mark. Raises TransitionNotAllowed when nothing is in force or the row is not in it,
    ValidationError for a day in the future or words that are missing, StaleVersion when somebody marked it meanwhile.
    """
    document = locked(plan.document)
    require(by, CHANGE, document)
    name = name_in_force(document, uid)
    demand_words(state, date, note)
    if date and date > timezone.localdate() and state != ActivityMark.State.MOVED:
        raise ValidationError({"date": "Этот день ещё не наступил. Проверьте дату."})
    mark = ActivityMark.objects.filter(plan=plan, row_uid=uid).first() or ActivityMark(plan=plan, row_uid=uid, version=0)
    changed = {"state": state, "date": date, "note": note, "link": link}
    if evidence or drops_evidence:
        changed["evidence"] = evidence
    if mark.pk and all(getattr(mark, field) == value for field, value in changed.items()):
        return mark
    if mark.version != version:
        raise StaleVersion(mark)
    for field, value in changed.items():
        setattr(mark, field, value)
    mark.version += 1
    mark.by, mark.at = person_of(by), timezone.now()
    mark.save()
    record("mark_activity", document, f"{mark.get_state_display()}: {name}", by=by, changes={"row": f"{uid}", "state": state})
    return mark


def demand_words(state, date, note):
    """What a mark must say to be of use: when it was done, the new term, why it was not done."""
    if state == ActivityMark.State.DONE and date is None:
        raise ValidationError({"date": "Укажите день, когда это выполнено."})
    if state == ActivityMark.State.MOVED and date is None:
        raise ValidationError({"date": "Укажите новый срок: на какой день перенесено."})
    if state == ActivityMark.State.NOT_DONE and not note.strip():
        raise ValidationError({"note": "Напишите, почему не выполнено."})


def name_in_force(document, uid):
    """The first words of the row, as history tells it; only rows of the edition in force are marked."""
    if document.in_force is None or document.state == document.State.ANNULLED:
        raise TransitionNotAllowed("Отмечать можно действующий план.")
    row = next((row for row in rows_of(document.in_force.snapshot) if row["uid"] == f"{uid}"), None)
    if row is None:
        raise TransitionNotAllowed("В действующей редакции этой строки нет.")
    text = " ".join(line["text"] for line in row["cells"]["activity"])
    return text if len(text) <= 100 else f"{text[:100].rsplit(' ', 1)[0]}…"
