"""Where a document stands on its way: which stamps are signed, whose turn it is. Reads only."""
from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects

from projectoffice.accounts.models import Substitution

from .models import Decision, Document, Sheet, Stamp

LATER, OPEN, SIGNED, RETURNED = "later", "open", "signed", "returned"
NOT_SENT = "not_sent"


@dataclass(frozen=True)
class Standing:
    """One stamp with its state and the decision that made it so."""

    stamp: Stamp
    state: str
    decision: Decision | None = None

    @property
    def is_open(self):
        return self.state == OPEN


def turn(stamp):
    """Order of the turns: by steps, approval strictly after everything else."""
    return (stamp.kind == Stamp.Kind.APPROVE, stamp.step)


def standings(document):
    """The stamps of a document in the order of their turns, each with its state.

    A stamp is signed when its latest decision carries the content that goes round now. Two queries,
    none when stamps and decisions were prefetched by ``with_route``.
    """
    stamps = sorted(active_stamps(document), key=lambda s: (turn(s), s.position, s.pk))
    latest = latest_decisions(document)
    if document.state != Document.State.IN_APPROVAL:
        return [Standing(stamp, NOT_SENT, latest.get(stamp.pk)) for stamp in stamps]
    current = document.current_sheet.content_hash
    signed = {stamp.pk for stamp in stamps if is_signed(stamp, latest.get(stamp.pk), current)}
    waiting = [turn(stamp) for stamp in stamps if stamp.pk not in signed]
    first = min(waiting, default=None)
    return [
        Standing(stamp, SIGNED if stamp.pk in signed else OPEN if turn(stamp) == first else LATER, latest.get(stamp.pk))
        for stamp in stamps
    ]


def active_stamps(document):
    """Stamps that stand on the paper; no query when they were prefetched."""
    return [stamp for stamp in document.stamps.all() if not stamp.removed]


def latest_decisions(document):
    """The newest decision per stamp about the edition being prepared."""
    latest = {}
    for decision in sorted(document.decisions.all(), key=lambda d: (d.moment, d.pk)):
        if is_about(decision, document):
            latest[decision.stamp_id] = decision
    return latest


def is_about(decision, document):
    """Whether a decision belongs to the edition at hand; the code tells a revision from an abandoned one of its number."""
    if decision.edition_number != document.edition_number:
        return False
    prepared = document.state in (Document.State.DRAFT, Document.State.IN_APPROVAL)
    return not prepared or decision.code == document.coming_code


def code_of(document):
    """The code printed on the sheet that goes round, or on the edition in force."""
    return document.in_force.public_code if document.state == Document.State.ISSUED else document.coming_code


def is_signed(stamp, decision, current_hash):
    if decision is None:
        return stamp.is_by_act and bool(stamp.basis_number or stamp.basis_date)
    return decision.verdict == Decision.Verdict.SIGNED and decision.content_hash == current_hash


def is_named(stamp, person):
    """Whether the printed name of a stamp is this person's."""
    return person is not None and plain_name(stamp.name) == plain_name(person.signature_name)


def plain_name(name):
    return "".join(name.split()).casefold().replace("ё", "е")


def post_of(stamp, person):
    """The post a person decides in: the printed one belongs to the printed name alone, anybody else has one's own."""
    if is_named(stamp, person):
        return " ".join(stamp.post.split()) or str(person.current_post or "")
    return str(person.current_post or "")


def acting_for(stamp, day=None):
    """Substitutions of the stamp's signer on a day (today)."""
    held = Substitution.objects.on(day) if day else Substitution.objects.current()
    return held.filter(absent=stamp.signer_id).select_related("acting")


def open_stamps(document):
    return [standing.stamp for standing in standings(document) if standing.is_open]


def open_since(document):
    """The moment since which the open stamps wait: the sending, or the last decision made after it."""
    after = [d.moment for d in document.decisions.all() if d.moment >= document.sent_at]
    return max([document.sent_at, *after])


def on_the_way():
    """What ``standings`` and its readers need of a document: three queries for any number of documents."""
    decisions = Decision.objects.select_related("by", "recorded_by", "substitution__absent")
    return [Prefetch("stamps", Stamp.objects.active().select_related("signer")), Prefetch("decisions", decisions)]


def with_route(documents):
    """A queryset with what ``standings`` reads, so that a list costs the same for 3 and 50 rows.

    The bytes and the content of the sheets are left in the database until somebody asks for them.
    """
    return documents.prefetch_related(*on_the_way(), Prefetch("current_sheet", Sheet.objects.defer("pdf", "snapshot")))


def with_papers(contents, through="document__"):
    """What holds a document, with its edition in force, the sheet on the way without its bytes, and who sent it.

    A draft has none of the three and asks for none; joined to it they would double the time of finding it.
    """
    return contents.prefetch_related(
        f"{through}in_force", Prefetch(f"{through}current_sheet", Sheet.objects.defer("pdf")), f"{through}sent_by")


def load_route(document):
    """The same for one document that is already there: stamps and decisions in two queries."""
    prefetch_related_objects([document], Prefetch("stamps", Stamp.objects.active().select_related("signer")), "decisions")


def may_be_decided_by(stamp, user):
    """Whether the user is this stamp's signer or acts for the signer today."""
    return stamp.signer_id is not None and stamp.signer_id in deciding_for(user)


def deciding_for(user):
    """Ids of the people whose stamps this user decides: one's own and of those one acts for."""
    return {user.pk, *(substitution.absent_id for substitution in user.substitutions)}


def substitution_for(stamp, user):
    """The substitution under which the user decides this stamp; None for one's own."""
    if stamp.signer_id == user.pk:
        return None
    return next(s for s in user.substitutions if s.absent_id == stamp.signer_id)


def waiting_documents(user):
    """Documents on the route that have an open stamp of this user or of somebody the user acts for."""
    on_route = Document.objects.filter(
        Q(stamps__signer__in=deciding_for(user), stamps__removed=False), state=Document.State.IN_APPROVAL
    ).distinct()
    return [document for document in with_route(on_route.order_by("sent_at", "pk")) if stamps_asking(document, user)]


def stamps_asking(document, user):
    """Open stamps this user is asked to decide on the portal; who signs on paper is asked with the folder."""
    return [
        stamp
        for stamp in open_stamps(document)
        if stamp.method == Stamp.Method.ELECTRONIC and may_be_decided_by(stamp, user)
    ]
