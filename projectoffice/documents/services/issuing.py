"""Issuing: what happens with the last decision, inside its transaction. No PDF, no issue."""
from django.utils import timezone

from projectoffice.common.history import record

from .. import letters, printing, route
from ..models import Decision, Document, Edition, EditionFile, Stamp
from ..models import document as document_module
from ..snapshot import act_line, plain_text
from .stamps import stamp_values


def issue(document, *, by):
    """Store the edition with its PDF and hash, put it in force, tell those who sent it.

    Expects the document locked and on the route with nothing left to sign. Signed in ink throughout, the
    issued PDF is the sheet that was signed, byte for byte; otherwise it carries the electronic marks.
    """
    sheet = document.current_sheet
    decisions = [standing.decision for standing in route.standings(document) if standing.decision]
    all_ink = not any(decision.method == Stamp.Method.ELECTRONIC for decision in decisions)
    rendered = printing.stored(sheet) if all_ink else printing.issued_sheet(document, sheet.snapshot, decisions)
    edition = Edition.objects.create(
        document=document,
        number=document.edition_number,
        title=document.title,
        number_text=document.number_text or str(document.number or ""),
        date=document_date(document, decisions),
        snapshot=sheet.snapshot,
        content_hash=sheet.content_hash,
        sha256=rendered.sha256,
        pages=rendered.pages,
        public_code=document.coming_code,
        basis=act_line(document.basis, document.basis_number, document.basis_date),
        basis_act=document.basis,
        basis_number=document.basis_number,
        basis_date=document.basis_date,
        basis_file=document.basis_file,
        all_ink=all_ink,
        text=plain_text(sheet.snapshot),
        stamps=stamp_values(document),
        issued_by=by,
    )
    EditionFile.objects.create(edition=edition, pdf=rendered.pdf, sha256=rendered.sha256)
    document.state, document.in_force, document.current_sheet = Document.State.ISSUED, edition, None
    # The ground was recorded for another file: the new one, with its names, is shown when somebody says so anew.
    document.publish_pdf, document.publish_ground = False, ""
    document.date = edition.date
    document.coming_code = document_module.new_code()
    document.changed_at = timezone.now()
    document.save()
    document.spec.on_issued(document, edition)
    record("issue", document, f"{document.spec.issued_word}: редакция {edition.number}", by=by,
           changes={"edition": edition.number, "sha256": edition.sha256})
    letters.issued(document, edition)
    return edition


def document_date(document, decisions: list[Decision]):
    """The day of the meeting for a protocol (the kind says), otherwise of the last decision."""
    own = document.spec.date(document)
    return own or max((decision.signed_on for decision in decisions), default=timezone.localdate())
