"""How assignments begin and end: issued with a protocol, given by hand, taken off control."""
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record, record_many
from projectoffice.common.russian import NBSP
from projectoffice.documents.models import Document, Edition

from ..assignment import letters
from ..assignment.due import read_due
from ..assignment.words import due_change, today
from ..assignment.workflow import demand
from ..models import Assignment, AssignmentTick, Resolution

CHANGED = "Поручение только что изменилось. Посмотрите, что с ним теперь, и повторите, если всё ещё нужно."


DUE = ("due", "due_start", "due_end", "is_permanent")
GIVEN, GIVEN_ANEW = "Поручение дано", "Поручение дано заново"
TICKED = ("done_on", "note", "by_id", "at")


# With a protocol

def charges_of(source):
    """Every decision of a protocol's source that is a charge, as ``{uid: charge}``; each knows whether its question is closed."""
    found = {}
    for item in source["items"]:
        for each, closed in [(item, item["closed"]), *((child, item["closed"] or child["closed"]) for child in item["children"])]:
            found |= {one["uid"]: one | {"closed": closed} for one in each["resolutions"] if one["is_charge"]}
    return found


def same_charge(old, new, *, due=DUE):
    """Whether two editions ask the same of the same people until the same day; numbers and commas after names may differ."""
    keys = ["text", "executor", "controller", *due]
    keys += [] if new["executor"] else ["executor_text"]
    lists = ("co_executors", "institutions")
    return all(old[key] == new[key] for key in keys) and all(sorted(old[key]) == sorted(new[key]) for key in lists)


@transaction.atomic
def create_from_protocol(document, edition):
    """Give what an edition of a protocol charges people with; called inside the transaction of its issue.

    The first edition gives all of it. A later one is laid beside the one before it, not beside the rows: an extended
    due date or a new executor is no change of the protocol. The same charge stays as it is, another one ends the old
    assignment and gives a new one, a missing one ends it; what was done stays done. Called again for the same
    edition it does nothing. One letter to each person. Returns the assignments given.

    What an annulled protocol of the meeting asked in the same words, or this one until another day, is given anew,
    unless it was done; parts that institutions ticked stay ticked, reports stay with the assignment they were written to.
    """
    new, old = charges_of(edition.snapshot["source"]), charges_before(document, edition)
    kept = {uid for uid in new if uid in old and same_charge(old[uid], new[uid])}
    close_what_is_closed(document, new, kept)
    asked = {uid: charge for uid, charge in new.items() if uid not in kept}
    changed = list(open_of(document, edition, besides=kept))  # locked first: nobody finishes one of them meanwhile
    moved = asked_until_another_day(document, edition, old, asked)
    ended = end_changed(changed, moved, edition)
    before = asked_before(document, asked) | moved
    given = give_all(document, edition, with_ticks(asked, before), before)
    tell_all(document, edition, ended, given, moved)
    return given


def end_changed(assignments, moved, edition):
    """Take off control what the edition asks no more, or asks until another day; each learns which of the two it is."""
    paper, by = f"редакцией {edition.number} протокола{number_words(edition)}", edition.issued_by
    moving = {each.pk for each in moved.values()}
    other_day, others = ([each for each in assignments if (each.pk in moving) is wanted] for wanted in (True, False))
    return [*end_all(other_day, "Срок изменён", paper, by=by), *end_all(others, "Решение изменено", paper, by=by)]


def tell_all(document, edition, ended, given, moved):
    """One letter to each; where the day alone has changed for the same people, it says just that."""
    was, ended = {each.resolution_id: each for each in moved.values()}, {each.pk: each for each in ended}
    other_day = [(was[each.resolution_id], each) for each in given if each.resolution_id in was]
    other_day = [(old, new) for old, new in other_day if old.pk in ended and same_people(old, new)]
    told = {each.pk for pair in other_day for each in pair}
    bundle = letters.Bundle(f"assignments:{document.pk}:{edition.number}", document, edition)
    bundle.ended(each for each in ended.values() if each.pk not in told)
    bundle.moved(other_day)
    bundle.given(each for each in given if each.pk not in told)
    bundle.send()


def same_people(old, new):
    """Whether nobody has been handed it over since."""
    return old.controller == new.controller and set(letters.executors(old)) == set(letters.executors(new))


def number_words(edition):
    return f" №{NBSP}{edition.number_text}" if edition.number_text else ""


def charges_before(document, edition):
    before = document.editions.filter(number__lt=edition.number).order_by("-number").first()
    return charges_of(before.snapshot["source"]) if before else {}


def with_people(assignments):
    return assignments.select_related("executor", "controller").prefetch_related("co_executors", "ticks")


def open_of(document, edition, *, besides):
    """Open assignments of earlier editions whose charge is no longer the same, locked."""
    found = Assignment.objects.open().filter(document=document, edition_number__lt=edition.number)
    return with_people(found.exclude(resolution__uid__in=besides).select_for_update(of=("self",)).order_by("pk"))


def end_all(assignments, reason, paper, *, by):
    """Take these off control; the paper of a closed question is not named to who may not know of it."""
    ended = list(assignments)
    for each in ended:
        each.state, each.version = Assignment.State.CANCELLED, each.version + 1
        each.cancel_reason = reason if each.closed else f"{reason} {paper}"
    Assignment.objects.bulk_update(ended, ["state", "version", "cancel_reason"])
    record_many("cancel_assignment", [(each, f"Снято с контроля. {each.cancel_reason}") for each in ended], by=by)
    return ended


def close_what_is_closed(document, charges, kept):
    """A question may be closed or opened by a later edition: that is no change of the charge, but of who knows where it is from.

    What was done or ends with this edition is closed too, also what an annulled protocol gave; opened is only what
    goes on in the words of the open question.
    """
    closed, opened = ([uid for uid in asked if charges[uid]["closed"] is wanted] for asked, wanted in ((charges, True), (kept, False)))
    Assignment.objects.filter(resolution__uid__in=closed, closed=False).update(closed=True)
    Assignment.objects.filter(document=document, resolution__uid__in=opened, closed=True).update(closed=False)


def asked_before(document, charges):
    """``{uid: Assignment}``: the last one an annulled protocol gave for the same decision in the same words."""
    ended = Assignment.objects.filter(resolution__uid__in=charges, document__state=Document.State.ANNULLED).exclude(document=document)
    last = {str(each.uid): each for each in ended.annotate(uid=F("resolution__uid")).order_by("pk")}
    editions = Edition.objects.filter(document__in={each.document_id for each in last.values()}) if last else ()
    said: dict = {(edition.document_id, edition.number): charges_of(edition.snapshot["source"]) for edition in editions}
    return {uid: each for uid, each in last.items() if same_charge(said[each.document_id, each.edition_number][uid], charges[uid])}


def asked_until_another_day(document, edition, old, charges):
    """``{uid: Assignment}``: the last one an edition before gave for a charge of which nothing but the due date differs."""
    uids = [uid for uid, charge in charges.items() if uid in old and same_charge(old[uid], charge, due=())]
    found = Assignment.objects.filter(document=document, edition_number__lt=edition.number, resolution__uid__in=uids)
    return {str(each.uid): each for each in with_people(found.annotate(uid=F("resolution__uid"))).order_by("pk")}


def with_ticks(charges, before):
    """The charges with what institutions have ticked ``before`` in them, as ``{institution: fields}``."""
    uids = {each.pk: uid for uid, each in before.items()}
    ticked = defaultdict(dict)
    for tick in AssignmentTick.objects.filter(assignment__in=uids, done_on__isnull=False) if uids else ():
        ticked[uids[tick.assignment_id]][tick.institution_id] = {name: getattr(tick, name) for name in TICKED}
    return {uid: charge | {"ticked": ticked[uid]} for uid, charge in charges.items()}


def give_all(document, edition, charges, before):
    """Rows for these charges, except those this edition has given already and those done ``before``."""
    charges = {uid: charge for uid, charge in charges.items() if uid not in before or before[uid].state != Assignment.State.DONE}
    there = Assignment.objects.filter(document=document, edition_number=edition.number).values_list("resolution__uid", flat=True)
    charges = {uid: charge for uid, charge in charges.items() if uid not in set(map(str, there))}
    if not charges:
        return []
    resolutions = {str(uid): pk for uid, pk in Resolution.objects.filter(uid__in=charges).values_list("uid", "pk")}
    given = Assignment.objects.bulk_create(
        Assignment(
            **{name: charge[name] for name in ("text", "executor_text", "due", "is_permanent", "number", "closed")},
            executor_id=charge["executor"], controller_id=charge["controller"],
            due_start=charge["due_start"], due_end=charge["due_end"], first_due_end=charge["due_end"],
            resolution_id=resolutions[uid], meeting_id=edition.snapshot["source"]["meeting"]["pk"],
            document=document, edition_number=edition.number, created_by=edition.issued_by,
        )
        for uid, charge in charges.items()
    )
    add_people(zip(given, charges.values(), strict=True))
    earlier = {each.resolution_id: each for each in before.values()}
    told = [(each, given_words(each, earlier.get(each.resolution_id))) for each in given]
    record_many("give_assignment", told, by=edition.issued_by)
    return list(with_people(Assignment.objects.filter(pk__in=[each.pk for each in given])).order_by("pk"))


def given_words(assignment, earlier):
    """What the history says of its beginning; ``earlier`` is what it stands in for."""
    if earlier is None:
        return GIVEN
    return due_change(earlier, assignment) if earlier.document_id == assignment.document_id else GIVEN_ANEW


def add_people(pairs):
    """Co-executors and the tick list of each new assignment, in two queries."""
    helps, through = [], Assignment.co_executors.through
    ticks = []
    for assignment, charge in pairs:
        helps += [through(assignment=assignment, user_id=pk) for pk in charge["co_executors"]]
        ticked = charge.get("ticked", {})
        ticks += [AssignmentTick(assignment=assignment, institution_id=pk, **ticked.get(pk, {})) for pk in charge["institutions"]]
    through.objects.bulk_create(helps)
    AssignmentTick.objects.bulk_create(ticks)


@transaction.atomic
def cancel_from_protocol(document):
    """Take off control whatever a protocol that has been annulled still asks; what was done stays done."""
    found = Assignment.objects.open().filter(document=document).select_for_update(of=("self",)).order_by("pk")
    edition = document.in_force
    paper = f"протокола{number_words(edition) if edition else ''}"
    ended = end_all(with_people(found), "Поручение отменено", f"вместе с отменой {paper}", by=None)
    bundle = letters.Bundle(f"assignments:{document.pk}:annulled", document)
    bundle.ended(ended)
    bundle.send()
    return ended


# By hand

@transaction.atomic
def give_assignment(*, by, text, ground="", executor=None, executor_text="", co_executors=(), controller=None, due="",
                    institutions=()):
    """Give an assignment without a protocol; everybody named gets a letter. Raises ValidationError beside the field."""
    require(by, "meetings.give_assignment")
    meant = read_due(due, today())
    if executor is None and not institutions and not executor_text:
        raise ValidationError({"executor": "Укажите, кому поручено: человека или учреждения."})
    if meant.end and meant.end < today():
        raise ValidationError({"due": "Этот срок уже прошёл. Укажите день не раньше сегодняшнего."})
    assignment = Assignment.objects.create(
        text=text, ground=ground, executor=executor, executor_text=executor_text or (executor.short_name if executor else ""),
        controller=controller, created_by=person_of(by),
        due=due, due_start=meant.start, due_end=meant.end, first_due_end=meant.end, is_permanent=meant.is_permanent,
    )
    people = {person.pk for person in co_executors} - {executor.pk if executor else None}
    add_people([(assignment, {"co_executors": people, "institutions": [place.pk for place in institutions]})])
    record("give_assignment", assignment, GIVEN, by=by)
    letters.given_by_hand(with_people(Assignment.objects.all()).get(pk=assignment.pk))
    return assignment


@transaction.atomic
def cancel_assignment(assignment, *, by, reason, version):
    """Take an assignment off control with a reason everybody concerned reads. Raises StaleVersion when it has moved on."""
    assignment = locked(assignment)
    demand(assignment, "cancel", by)
    if assignment.version != version:
        raise StaleVersion(assignment, CHANGED)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему поручение снимают с контроля: это увидит исполнитель."})
    assignment.state, assignment.cancel_reason = Assignment.State.CANCELLED, reason.strip()
    assignment.version += 1
    assignment.save(update_fields=["state", "cancel_reason", "version"])
    record("cancel_assignment", assignment, f"Снято с контроля: {assignment.cancel_reason}", by=by)
    letters.cancelled(assignment)
    return assignment


