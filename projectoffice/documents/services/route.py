"""The verbs of the route: send, withdraw, sign, return, record a signature in ink.

Each locks the document first, checks person and moment, writes the decision, the history and the letters,
and issues the document when nothing is left to sign, all in one transaction.
"""
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import record

from .. import letters, printing, route
from ..kinds import Problem
from ..models import Decision, Document, Sheet, Stamp
from ..snapshot import hash_of, take_snapshot
from ..workflow import demand
from .issuing import issue
from .numbering import take_number

ON_PAPER = "Этот гриф подписывают на бумаге. Чтобы решить на портале, попросите офис сменить способ подписи."
CHANGED = "Документ изменился, пока вы его читали. Посмотрите, что изменилось, и решите снова."


@transaction.atomic
def send(document, *, by, shown_hash=None):
    """Freeze the content, reserve number and code, render the sheet for signature, ask the first signers.

    ``shown_hash`` is what the page showed (``hash_shown``); commands, which show nothing, say None. A document without
    stamps is issued at once. Raises ValidationError with everything that bars sending.
    """
    document = locked(document)
    demand(document, "send", by)
    problems = [*document.spec.check(document), *stamp_problems(document)]
    if problems:
        raise ValidationError([problem.message for problem in problems])
    if shown_hash is not None and shown_hash != hash_shown(document):
        raise StaleVersion(document, CHANGED)
    reserve_number(document)
    snapshot = take_snapshot(document)
    document.current_sheet = sheet_for(document, snapshot)
    document.state = Document.State.IN_APPROVAL
    document.sent_by, document.sent_at = by, timezone.now()
    document.save()
    record("send", document, f"Направлено на подпись: редакция {document.edition_number}", by=by,
           changes={"content_hash": document.current_sheet.content_hash})
    return go_on(document, by=by)


def hash_shown(document):
    """The hash of the content as the page before sending shows it; a number is reserved only afterwards."""
    return hash_of(take_snapshot(document))


def stamp_problems(document, stamps=None):
    """What about the stamps bars sending, as Problems. Kinds that need an approve stamp say so themselves.

    ``stamps`` spares the query to a page that has them, with their signers.
    """
    if stamps is None:
        stamps = document.stamps.active().select_related("signer")
    for stamp in stamps:
        where = f"stamp-{stamp.uid}"
        title = stamp.get_kind_display()
        if not (stamp.signer_id or stamp.name or stamp.basis):
            yield Problem(f"Гриф «{title}»: укажите, кто подписывает, или акт.", where)
        elif stamp.method == Stamp.Method.ELECTRONIC and not somebody_logs_in(stamp):
            name = stamp.signer or stamp.name
            yield Problem(
                f"Гриф «{title}»: {name} не входит на портал. Пригласите или выберите подпись на бумаге.", where
            )


def somebody_logs_in(stamp):
    """Whether the signer, or who acts for the signer today, can sign on the portal."""
    if stamp.signer is None:
        return False
    return stamp.signer.can_log_in or any(each.acting.can_log_in for each in route.acting_for(stamp))


def reserve_number(document):
    if document.spec.prints_number and document.number is None and not document.number_text:
        day = document.spec.date(document)
        document.number = take_number(document, day.year if day else document.year)


def sheet_for(document, snapshot):
    """The sheet of this content; rendered once, found again when the same content is sent again."""
    digest = hash_of(snapshot)
    sheet = document.sheets.filter(
        edition_number=document.edition_number, content_hash=digest, code=document.coming_code
    ).first()
    if sheet:
        return sheet
    rendered = printing.ink_sheet(document, snapshot)
    return Sheet.objects.create(
        document=document,
        edition_number=document.edition_number,
        content_hash=digest,
        snapshot=snapshot,
        code=document.coming_code,
        pdf=rendered.pdf,
        sha256=rendered.sha256,
        pages=rendered.pages,
    )


def go_on(document, *, by):
    """Ask the next signers, or issue when everything is signed. Returns the document."""
    waiting = route.open_stamps(document)
    if not waiting:
        issue(document, by=by)
    for stamp in waiting:
        letters.ask_to_decide(document, stamp)
    return document


@transaction.atomic
def withdraw(document, *, by):
    """Take the document back from the route to draft; the sender or those who may change it.

    Edition, number and code stay. Those who were being asked learn that nothing waits for them.
    """
    document = locked(document)
    demand(document, "withdraw", by)
    asked = route.open_stamps(document)
    to_draft(document)
    record("withdraw", document, "Отозвано с подписи", by=by)
    letters.route_ended(document, asked, "отозван и правится", by=by)
    return document


def to_draft(document):
    document.state, document.current_sheet = Document.State.DRAFT, None
    document.changed_at = timezone.now()
    document.save()


@transaction.atomic
def sign(stamp, *, by, shown_hash, password, comment=""):
    """Agree, approve or sign electronically: the signer confirms with the password the content that was shown.

    Sent twice, the second call changes nothing. Raises PermissionDenied, TransitionNotAllowed,
    StaleVersion (the content changed meanwhile) or ValidationError (password).
    """
    document = locked(stamp.document)
    stamp = document.stamps.active().get(pk=stamp.pk)
    if already_signed(document, stamp, by, shown_hash):
        return document
    substitution = check_turn(document, stamp, by, shown_hash)
    if stamp.method != Stamp.Method.ELECTRONIC:
        raise TransitionNotAllowed(ON_PAPER)
    if not by.check_password(password):
        raise ValidationError({"password": "Пароль не подошёл. Документ не подписан."})
    decision = decide(document, stamp, Decision.Verdict.SIGNED, by, substitution, comment)
    record(verb_of(stamp), document, f"{word_of(stamp)}: {decision.name}", by=by,
           on_behalf_of=substitution.absent if substitution else None,
           changes={"stamp": str(stamp.uid), "content_hash": decision.content_hash})
    return go_on(document, by=by)


def already_signed(document, stamp, by, shown_hash):
    """The same person's same decision on the same sheet, sent again (a double click, F5, Back)."""
    if document.state not in (Document.State.IN_APPROVAL, Document.State.ISSUED):
        return False
    return document.decisions.filter(
        stamp=stamp, by=by, content_hash=shown_hash, verdict=Decision.Verdict.SIGNED, code=route.code_of(document)
    ).exists()


def check_turn(document, stamp, by, shown_hash):
    """Person, moment and content of a decision; returns the Substitution it is made under or None."""
    if not route.may_be_decided_by(stamp, by):
        raise PermissionDenied("documents.decide")
    if document.state != Document.State.IN_APPROVAL:
        raise TransitionNotAllowed("Документ сейчас не на подписи.")
    if shown_hash != document.current_sheet.content_hash:
        raise StaleVersion(document, CHANGED)
    if stamp not in route.open_stamps(document):
        raise TransitionNotAllowed("Очередь этой подписи ещё не подошла или решение уже принято.")
    return route.substitution_for(stamp, by)


def decide(document, stamp, verdict, by, substitution, comment):
    post = substitution.post if substitution else route.post_of(stamp, by)
    return Decision.objects.create(
        document=document,
        stamp=stamp,
        edition_number=document.edition_number,
        content_hash=document.current_sheet.content_hash,
        code=document.current_sheet.code,
        verdict=verdict,
        method=Stamp.Method.ELECTRONIC,
        by=by,
        substitution=substitution,
        post=post,
        name=by.signature_name,
        signed_on=timezone.localdate(),
        comment=comment,
    )


def verb_of(stamp):
    return {Stamp.Kind.APPROVE: "approve", Stamp.Kind.AGREE: "agree", Stamp.Kind.ACCEPT: "accept"}.get(stamp.kind, "sign")


def word_of(stamp):
    return {Stamp.Kind.APPROVE: "Утверждено", Stamp.Kind.AGREE: "Согласовано", Stamp.Kind.ACCEPT: stamp.word or "Рассмотрено",
            Stamp.Kind.CERTIFY: "Заверено"}.get(stamp.kind, "Подписано")


@transaction.atomic
def return_document(stamp, *, by, shown_hash, reason):
    """Send the document back to its author with a reason: draft of the same coming edition, number and code kept."""
    document = locked(stamp.document)
    stamp = document.stamps.active().get(pk=stamp.pk)
    substitution = check_turn(document, stamp, by, shown_hash)
    if not reason.strip():
        raise ValidationError(
            {"reason": "Напишите, что исправить, – без этого автор не поймёт, за что взяться."}
        )
    decision = decide(document, stamp, Decision.Verdict.RETURNED, by, substitution, reason.strip())
    give_back(document, decision, by=by)
    record("return", document, f"Возвращено с замечанием: {by.signature_name}", by=by,
           on_behalf_of=substitution.absent if substitution else None, changes={"reason": reason.strip()})
    return document


def give_back(document, decision, *, by):
    """Make a returned document a draft; tell its author why, and the others who were being asked that it is over."""
    asked = [stamp for stamp in route.open_stamps(document) if stamp != decision.stamp]
    to_draft(document)
    letters.returned(document, decision)
    letters.route_ended(document, asked, "возвращён автору с замечанием", by=by)
