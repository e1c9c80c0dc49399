"""Protocols in force for tests that only read them: a meeting, its document, an edition with the agreed source."""
import hashlib
import uuid
from datetime import date

from django.db import transaction

from meetings.models import Meeting, Protocol
from meetings.services.entries import write_entries
from projectoffice.documents.models import Document, Edition, EditionFile
from tests.factories import MeetingFactory

PAPER = b"%PDF-1.7 a protocol"


def lines(*texts):
    return [{"text": text, "level": 0, "marker": "paragraph"} for text in texts]


def decision(text, *, charge=False, uid=None, **more):
    return {"uid": str(uid or uuid.uuid4()), "number": "", "text": text, "is_charge": charge, "executor": None, "executor_text": "",
            "co_executors": [], "controller": None, "institutions": [], "due": "", "due_start": None, "due_end": None,
            "is_permanent": False, **more}


def question(title, *, uid=None, number="1", **more):
    return {"uid": str(uid or uuid.uuid4()), "number": number, "title": title, "formula": "", "is_misc": False, "added": False,
            "inclusion_vote": None, "closed": False, "outcome": "considered", "outcome_note": "", "heard": [], "discussed": [],
            "vote": None, "plan_item": None, "plan_line": None, "speakers": [], "resolutions": [], "children": [], **more}


def source_of(meeting, *items, form="full"):
    return {"form": form, "items": list(items), "meeting": {
        "pk": meeting.pk, "uid": str(meeting.uid), "date": f"{meeting.date}", "start": "14:00", "end": "16:00", "place": "",
        "body": str(meeting.body), "title": ""}}


def issued_protocol(*items, meeting=None, number="3", form="full", **facts):
    """The document of a protocol in force, with its entries; ``facts`` are those of its meeting."""
    meeting = meeting or MeetingFactory(state=Meeting.State.HELD, **facts)
    document = Document.objects.create(kind="protocol", title="Протокол заседания", body=meeting.body, year=meeting.date.year,
                                       date=meeting.date, number_text=number)
    Protocol.objects.create(document=document, meeting=meeting, heading="заседания")
    issue_edition(document, source_of(meeting, *items, form=form), number)
    return document


@transaction.atomic
def issue_edition(document, source, number="3"):
    """The next edition with this source; put in force, and its entries written."""
    digest = hashlib.sha256(PAPER).hexdigest()
    edition = Edition.objects.create(
        document=document, number=document.editions.count() + 1, title=document.title, number_text=number,
        date=date.fromisoformat(source["meeting"]["date"]), sha256=digest, content_hash="0" * 64, public_code=uuid.uuid4().hex,
        snapshot={"schema": 1, "kind": "protocol", "head": {"title": [document.title]}, "stamps": [], "columns": [], "sections": [],
                  "source": source})
    EditionFile.objects.create(edition=edition, pdf=PAPER, sha256=digest)
    document.in_force, document.state = edition, Document.State.ISSUED
    document.save()
    write_entries(document, edition)
    return edition
