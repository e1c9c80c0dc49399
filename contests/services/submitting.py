"""Verbs that send an entry, take it back, take it out."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.on_behalf import check_source
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record

from ..entry import letters
from ..entry.missing import lacks_of
from ..entry.submission import fingerprint, take
from ..entry.workflow import TO_WRITE, WRITE, demand, enters_for_another
from ..models import Entry, EntrySubmission
from .entry_door import lock_entry, open_entry, save

STATE = Entry.State
OTHER_CONTENT = "Заявку тем временем изменили. Прочитайте её ещё раз и отправьте."


@transaction.atomic
def submit_entry(entry, *, by, shown, source="", source_date=None, source_file=None):
    """Freeze the entry as it was shown (``shown`` is its fingerprint) and send it to the technical check; the submission.

    The database's clock is read once contest and entry are locked: a moment after the deadline nothing is sent, and
    what was written stays. Its number is given the first time and kept for good. Sent twice is sent once. The office
    enters for the team: then source and day are kept, and who entered.
    """
    entry = lock_entry(entry)
    require(by, WRITE, entry)
    if sent := sent_already(entry, shown):
        return sent
    moment = demand(entry, "submit", by)
    entered = enters_for_another(entry, by)
    if entered:
        check_source(source, source_date)
    if lacks := lacks_of(entry):
        raise ValidationError([each.words for each in lacks])
    snapshot = take(entry)
    if fingerprint(snapshot) != shown:
        raise StaleVersion(entry, OTHER_CONTENT)
    submission = EntrySubmission.objects.create(
        entry=entry, number=entry.submissions.count() + 1, snapshot=snapshot, by=None if entered else person_of(by), at=moment,
        recorded_by=person_of(by) if entered else None, source=source.strip() if entered else "",
        source_date=source_date if entered else None, source_file=source_file if entered else None,
    )
    save(entry, number=entry.number or next_number(entry.contest), state=STATE.SUBMITTED, submitted_at=entry.submitted_at or moment)
    words = f"Заявка № {entry.number} внесена офисом: {source.strip()}" if entered else f"Заявка № {entry.number} отправлена"
    record("submit_entry", entry, words, by=by, changes={"number": submission.number})
    letters.submitted(entry, submission)
    return submission


def next_number(contest):
    """The next number of the contest, which is locked: nobody else counts at the same time."""
    return (contest.entries.aggregate(last=Max("number"))["last"] or 0) + 1


def sent_already(entry, shown):
    """The submission of this very content, when it went a moment ago from another tab."""
    if entry.state != STATE.SUBMITTED:
        return None
    last = entry.submissions.first()
    return last if last and fingerprint(last.snapshot) == shown else None


@transaction.atomic
def take_back(entry, *, by):
    """A draft again, or what waits to be mended: while it may still be sent and nobody has checked it."""
    entry = lock_entry(entry)
    if entry.state in TO_WRITE:
        require(by, WRITE, entry)
        return entry
    demand(entry, "take_back", by)
    save(entry, state=STATE.RETURNED if entry.correct_until else STATE.DRAFT, state_reason=words_of_return(entry), withdrawn_by_office=False)
    record("take_back_entry", entry, f"Заявка возвращена в черновик {'офисом' if enters_for_another(entry, by) else 'командой'}", by=by)
    return entry


def words_of_return(entry):
    """The remark an entry is being mended by; nothing for a draft."""
    if not entry.correct_until:
        return ""
    last = entry.submissions.filter(checks__outcome="returned").order_by("-checks__at").values_list("checks__words", flat=True).first()
    return (last or "")[:1000]


@transaction.atomic
def withdraw_entry(entry, *, by, reason=""):
    """Out of the contest with a reason; a draft nobody has seen goes without one. Its number stays its own, its turn to speak goes.

    What the office took out comes back by the office alone.
    """
    entry, _ = open_entry(entry, by, "withdraw")
    reason = reason.strip()
    if entry.number and not reason:
        raise ValidationError({"reason": "Напишите, почему заявку отзывают: причину увидит офис."})
    save(entry, state=STATE.WITHDRAWN, state_reason=reason, onsite_order=None, withdrawn_by_office=enters_for_another(entry, by))
    record("withdraw_entry", entry, f"Заявка отозвана: {reason}" if reason else "Черновик убран", by=by)
    if entry.number:
        letters.withdrawn(entry, by=by)
    return entry
