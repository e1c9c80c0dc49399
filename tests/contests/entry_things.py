"""Entries of the tests: drafts filled in by a school, sent, checked."""
from datetime import timedelta

from django.utils import timezone

from contests.entry.submission import fingerprint, take
from contests.models import ContestStage, Entry
from contests.services import checking, submitting
from contests.services import entry as verbs
from tests.contests.things import announced


def fresh(entry):
    return Entry.objects.select_related("contest", "nomination", "institution").get(pk=entry.pk)


def draft_of(person, nomination=None, **fields):
    """A draft this person began for the own institution, filled in so that it may be sent."""
    nomination = nomination or announced("acceptance")
    entry = verbs.start_entry(nomination.contest, by=person, nomination=nomination,
                              institution=person.current_post.institution, title=fields.pop("title", "Читающая школа"))
    texts = {f"answer-{each.pk}": f"Ответ: {each.label}" for each in nomination.fields.all()}
    verbs.save_draft(entry, texts, {}, by=person)
    return fresh(entry)


def send(entry, by, **fields):
    """Send the entry as it is now."""
    submission = submitting.submit_entry(entry, by=by, shown=fingerprint(take(fresh(entry))), **fields)
    return submission


def sent_by(person, nomination=None, **fields):
    entry = draft_of(person, nomination, **fields)
    send(entry, person)
    return fresh(entry)


def check(entry, by, outcome, words="", until=None):
    """Write an outcome for what was last sent."""
    if outcome == "returned" and until is None:
        until = timezone.now() + timedelta(days=3)
    number = entry.submissions.values_list("number", flat=True).first()
    return checking.check_entry(entry, by=by, number=number, outcome=outcome, words=words or ("" if outcome == "admitted" else "Нет подписи"),
                                correct_until=until)


def end_acceptance(contest, ago=timedelta(hours=1)):
    """Deadlines are moved, not the clock."""
    ContestStage.objects.filter(contest=contest, kind="acceptance").update(ends_at=timezone.now() - ago)
