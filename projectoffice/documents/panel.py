"""What a page says about a document beside its content: state, route, bands, grey line, buttons. Reads only."""
from dataclasses import dataclass
from functools import cached_property

from django.db.models import prefetch_related_objects

from projectoffice.accounts.access import may
from projectoffice.accounts.models import Substitution
from projectoffice.common.history import history_of
from projectoffice.common.russian import date_long, date_short

from . import actions, route
from .models import Decision, Document, Stamp
from .workflow import can, stamps_permission

STATE = Document.State
DONE_WORDS = {
    Stamp.Kind.APPROVE: "Утверждено", Stamp.Kind.AGREE: "Согласовано", Stamp.Kind.ACCEPT: "Рассмотрено",
    Stamp.Kind.SIGN: "Подписано", Stamp.Kind.CERTIFY: "Заверено",
}
STEP_WORDS = {Stamp.Kind.APPROVE: "На утверждении", Stamp.Kind.AGREE: "На согласовании", Stamp.Kind.ACCEPT: "На согласовании"}
ENDINGS = {"m": "", "f": "а", "n": "о", "p": "ы"}


def gendered(document, stem):
    """«Отменён», «Отменена», «Отменено»: the word agrees with the paper. ``stem`` is masculine, in -ён or -н."""
    ending = ENDINGS[document.spec.gender]
    return stem if not ending else stem[:-2] + "ен" + ending if stem.endswith("ён") else stem + ending


@dataclass(frozen=True)
class Place:
    """One stamp of the route as a line: who, in which state (badge), what is worth knowing about the decision."""

    stamp: Stamp
    family: str
    word: str
    note: str = ""
    remark: str = ""

    @property
    def who(self):
        return who_decides(self.stamp)


def who_decides(stamp):
    """Whose word a stamp waits for."""
    return stamp.signer.short_name if stamp.signer else stamp.name or stamp.basis


def place_of(standing, document, standings=()):
    stamp, decision = standing.stamp, standing.decision
    returned = decision and decision.verdict == Decision.Verdict.RETURNED
    if returned and document.state == STATE.DRAFT:
        return Place(stamp, "alert", "Возвращено", decision_note(decision), decision.comment)
    signed = standing.state == route.SIGNED or (
        document.state in (STATE.ISSUED, STATE.ANNULLED) and (decision or stamp.is_by_act)
    )
    if signed:
        return Place(stamp, "done", done_word(stamp, decision), decision_note(decision), remark_of(standing, standings))
    if standing.state == route.OPEN:
        return Place(stamp, "wait", "Ждём решения", acting_note(stamp))
    if standing.state == route.LATER:
        return Place(stamp, "neutral", "Очередь не подошла")
    return Place(stamp, "neutral", "")


def done_word(stamp, decision):
    if decision and decision.method == Stamp.Method.INK:
        return f"Подписано на бумаге {date_short(decision.signed_on)}"
    return DONE_WORDS[stamp.kind]


def decision_note(decision):
    """«Орлова Н.П., 08.06.2027», with who recorded a paper and for whom somebody acted."""
    if decision is None:
        return ""
    if decision.method == Stamp.Method.INK:
        return f"внесено: {decision.recorded_by.short_name}"
    who = f"{decision.by.short_name}, {date_short(decision.signed_on)}"
    return f"{who}, за: {decision.substitution.absent.short_name}" if decision.substitution else who


def remark_of(standing, standings):
    """What an auditor would ask about: another signer, post or basis, and a day before those who sign earlier."""
    found = [difference(standing.stamp, standing.decision), order_of_days(standing, standings)]
    return ", ".join(part for part in found if part)


def order_of_days(standing, standings):
    """«дата раньше, чем …»: on paper the days may stand in any order, but the page says so."""
    if standing.decision is None:
        return ""
    before = [each.decision.signed_on for each in standings if each.decision and route.turn(each.stamp) < route.turn(standing.stamp)]
    latest = max(before, default=standing.decision.signed_on)
    if latest <= standing.decision.signed_on:
        return ""
    return f"дата {date_short(standing.decision.signed_on)} раньше предыдущей подписи ({date_short(latest)})"


def difference(stamp, decision):
    """The actual signer, post or basis where they differ from what is printed."""
    if decision is None:
        return ""
    found = []
    if decision.name and route.plain_name(decision.name) != route.plain_name(stamp.name):
        found.append(f"на деле подпись: {decision.name}")
    if decision.post and decision.post != " ".join(stamp.post.split()):
        found.append(decision.post)
    if decision.basis:
        found.append(decision.basis)
    return ", ".join(found)


def acting_note(stamp):
    if stamp.signer is None:
        return ""
    acting = Substitution.objects.current().filter(absent=stamp.signer).select_related("acting").first()
    return f"сейчас решает {acting.acting.short_name}" if acting else ""


class Panel:
    """Everything the partials of ``templates/documents/_*.html`` show about one document to one person."""

    def __init__(self, document, user):
        self.document, self.user = document, user
        # Asked once here, read by every partial and every button.
        prefetch_related_objects([document], *route.on_the_way(), "annulments__proposed_by")

    @cached_property
    def reads_working(self):
        return may(self.user, "documents.read_working", self.document)

    @cached_property
    def title(self):
        """The title this person may read: a change being prepared stays in the office."""
        in_force = self.document.in_force
        return self.document.title if self.reads_working or in_force is None else in_force.title

    @cached_property
    def shows_route(self):
        """Whether this person may see the signatures: those of a coming edition, and its remarks, stay in the office."""
        in_force = self.document.in_force
        return self.reads_working or in_force is not None and self.document.edition_number == in_force.number

    @cached_property
    def standings(self):
        return route.standings(self.document)

    @cached_property
    def actions(self):
        return actions.available(self.document, self.user)

    @property
    def primary(self):
        return next((action for action in self.actions if action.primary), None)

    @property
    def outlined(self):
        return [action for action in self.actions if action.place == actions.OUTLINED][:2]

    @property
    def more(self):
        shown = {self.primary, *self.outlined}
        return [action for action in self.actions if action not in shown]

    def action(self, code):
        """The action of this code, or None: for a band that repeats a button."""
        return next((action for action in self.actions if action.code == code), None)

    @cached_property
    def places(self):
        return [place_of(standing, self.document, self.standings) for standing in self.standings]

    @cached_property
    def waits_for(self):
        return [place.who for place in self.places if place.family == "wait"]

    @property
    def badge(self):
        return self.badges[0]

    @cached_property
    def badges(self):
        """``(family, word)`` pairs: the state, and beside it what is being prepared."""
        return badges(self.document, reads_working=self.reads_working, standings=self.standings,
                      asked=bool(actions.decision_word(self.document, self.user)), annulment=self.annulment)

    @cached_property
    def annulment(self):
        return next((each for each in self.document.annulments.all() if each.declined_at is None), None)

    @cached_property
    def returned(self):
        """The decision that sent this draft back, or None."""
        latest = max(self.document.decisions.all(), key=lambda decision: (decision.moment, decision.pk), default=None)
        is_return = latest and latest.verdict == Decision.Verdict.RETURNED
        return latest if is_return and self.document.is_draft and route.is_about(latest, self.document) else None

    @cached_property
    def last_event(self):
        return history_of(self.document).first() if self.reads_working else None

    @cached_property
    def sent_on(self):
        return date_long(self.document.sent_at)

    @cached_property
    def stamps(self):
        """Active stamps; each knows who acts for its signer today (``stamp.acting``). One query."""
        found = route.active_stamps(self.document)
        acting = {s.absent_id: s for s in Substitution.objects.current().filter(
            absent__in=[stamp.signer_id for stamp in found if stamp.signer_id]).select_related("acting")}
        for stamp in found:
            found_acting = acting.get(stamp.signer_id)
            stamp.acting = found_acting if found_acting and not route.is_named(stamp, found_acting.acting) else None
        return found

    @property
    def stamp_sides(self):
        return [[stamp for stamp in self.stamps if stamp.side == side] for side in Stamp.Side.values]

    @property
    def has_two_sides(self):
        return any(stamp.place == Stamp.Place.HEAD for stamp in self.stamps)

    @cached_property
    def can_edit(self):
        return can(self.document, "edit", self.user)

    @cached_property
    def can_stamp(self):
        return self.can_edit and may(self.user, stamps_permission(self.document), self.document)


def badges(document, *, reads_working, standings, asked=False, annulment=None):
    """State and what is being prepared, as ``(family, word)``; lists and pages say the same."""
    issued = ("done", document.spec.issued_word)
    if document.state == STATE.ANNULLED:
        return [("closed", gendered(document, "Отменён"))]
    if annulment and annulment.confirmed_at is None and document.state == STATE.ISSUED:
        return [issued, ("wait", "Ждёт подтверждения отмены")]
    if document.state == STATE.ISSUED or not reads_working and document.in_force_id:
        return [issued]
    if asked:
        return [("wait", "Ждёт вашего решения")]
    working = working_badge(document, standings)
    if document.in_force_id:
        return [issued, working if document.state == STATE.IN_APPROVAL else ("neutral", f"Готовится редакция {document.edition_number}")]
    return [working]


def working_badge(document, standings):
    if document.state == STATE.IN_APPROVAL:
        kinds = [standing.stamp.kind for standing in standings if standing.is_open]
        return ("wait", STEP_WORDS.get(kinds[0] if kinds else "", "На подписи"))
    latest = max((s.decision for s in standings if s.decision), key=lambda decision: (decision.moment, decision.pk), default=None)
    if latest and latest.verdict == Decision.Verdict.RETURNED:
        return ("alert", gendered(document, "Возвращён"))
    return ("neutral", "Черновик")


def panel_of(document, user):
    """The panel of a document for a person; made once per object, so that every partial shares its queries."""
    panel = getattr(document, "_panel", None)
    if panel is None or panel.user != user:
        panel = document._panel = Panel(document, user)
    return panel
