"""The technical check: one of four outcomes for the submission that was read."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import person_of
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.russian import moment_short

from ..entry import letters
from ..models import Entry, TechnicalCheck
from .entry_door import open_entry, save

Outcome = TechnicalCheck.Outcome
STATE = Entry.State
LEADS_TO = {
    Outcome.ADMITTED: STATE.ADMITTED, Outcome.REMARKS: STATE.ADMITTED, Outcome.RETURNED: STATE.RETURNED, Outcome.REJECTED: STATE.REJECTED,
}
OTHER_SUBMISSION = "Заявку тем временем отправили заново. Прочитайте её и решите снова."


@transaction.atomic
def check_entry(entry, *, by, number, outcome, words="", correct_until=None):
    """Write the outcome of submission ``number`` and tell the team; the TechnicalCheck.

    Another outcome instead of the one that stands is another row and says why. The same outcome sent twice is one.
    """
    entry, moment = open_entry(entry, by, "check")
    submission = entry.submissions.first()
    if submission is None or submission.number != number:
        raise StaleVersion(entry, OTHER_SUBMISSION)
    words, outcome = words.strip(), Outcome(outcome)
    until = correct_until if outcome == Outcome.RETURNED else None
    last = submission.checks.first()
    if last and (last.outcome, last.words, last.correct_until) == (outcome, words, until):
        return last
    refuse_incomplete(outcome, words, until, moment, changes=last is not None)
    check = TechnicalCheck.objects.create(submission=submission, outcome=outcome, words=words, correct_until=until, by=person_of(by), at=moment)
    state = LEADS_TO[outcome]
    save(entry, state=state, state_reason="" if outcome == Outcome.ADMITTED else words[:1000], correct_until=until,
         onsite_order=entry.onsite_order if state == STATE.ADMITTED else None)
    term = f" до {moment_short(until)}" if until else ""
    event = record("check_entry", entry, f"{outcome.label}{term}" + (f": {words}" if words else ""), by=by,
                   changes={"submission": number, "outcome": outcome, "words": words})
    letters.checked(entry, check, event=event, changed=last is not None)
    return check


def refuse_incomplete(outcome, words, until, moment, *, changes):
    if outcome != Outcome.ADMITTED and not words:
        raise ValidationError({"words": "Напишите, что не так: без этого команда не поймёт, за что взяться."})
    if changes and not words:
        raise ValidationError({"words": "Исход уже был другим. Напишите, почему он меняется."})
    if outcome != Outcome.RETURNED:
        return
    if until is None:
        raise ValidationError({"correct_until": "Укажите день и час, до которых ждёте исправления."})
    if until <= moment:
        raise ValidationError({"correct_until": "Этот срок уже прошёл. Укажите более поздний."})
