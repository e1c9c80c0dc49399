"""Papers of past years: registered with their scan, found like any other."""
import hashlib

from django.db import transaction

from projectoffice.accounts.access import require
from projectoffice.common.history import record

from ..archive import CODE
from ..models import Document, Edition, EditionFile
from ..models.document import new_code
from ..scans import as_pdf
from ..snapshot import hash_of, plain_text, take_snapshot


@transaction.atomic
def register_archive(*, by, kind_text, title, date, files, number="", body=None):
    """Register a paper of the past with its PDF or photographs of its pages; it is in force as its only edition."""
    require(by, "documents.register_archive")
    pdf, pages = as_pdf(files)
    document = Document.objects.create(
        kind=CODE, kind_text=kind_text, title=title, body=body, year=date.year, number_text=number, date=date,
        is_archive=True, created_by=by,
    )
    snapshot = take_snapshot(document)
    digest = hashlib.sha256(pdf).hexdigest()
    edition = Edition.objects.create(
        document=document, number=1, title=title, number_text=number, date=date, snapshot=snapshot,
        content_hash=hash_of(snapshot), sha256=digest, pages=pages, public_code=document.coming_code,
        text=plain_text(snapshot), all_ink=True, issued_by=by,
    )
    EditionFile.objects.create(edition=edition, pdf=pdf, sha256=digest)
    document.state, document.in_force, document.coming_code = Document.State.ISSUED, edition, new_code()
    document.save()
    record("register_archive", document, f"Внесён архивный документ: {kind_text}", by=by, changes={"sha256": digest})
    return document
