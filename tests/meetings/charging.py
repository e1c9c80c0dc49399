"""A paper that charges people as a protocol does: issued by the real route, with a source made by hand."""
from meetings.models import Assignment
from meetings.services.assignments import cancel_from_protocol, create_from_protocol
from projectoffice.documents.kinds import Kind, register
from projectoffice.documents.models import Document
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send
from tests.documents import paper
from tests.documents.paper import PAPER
from tests.factories import AgendaItemFactory, MeetingFactory, ResolutionFactory

SOURCES = {}


def content(document):
    return paper.content(document) | {"source": SOURCES[document.pk]}


register(Kind(code="charging", readable=paper.strictly_office, prints_number=True, on_issued=create_from_protocol,
              on_annulled=cancel_from_protocol, **PAPER | {"content": content}))


class Charging:
    """A protocol under way: questions and their decisions, editions issued one after another."""

    def __init__(self, secretary, number=3, **meeting):
        self.secretary = secretary
        self.meeting = MeetingFactory(**meeting)
        self.document = Document.objects.create(
            kind="charging", title="Протокол", year=2027, number=number, created_by=secretary, date=self.meeting.date)
        self.items = {}

    def charge(self, number="1.1", *, closed=False, is_charge=True, **facts):
        """A decision of a question of its own; ``facts`` as in the source of a protocol."""
        item = AgendaItemFactory(meeting=self.meeting, closed=closed)
        resolution = ResolutionFactory(item=item, is_charge=is_charge)
        return self.put(resolution, number, closed=closed, is_charge=is_charge, **facts)

    def put(self, resolution, number, *, closed=False, is_charge=True, **facts):
        charge = {
            "uid": str(resolution.uid), "number": number, "text": "Представить отчёт.", "is_charge": is_charge, "executor": None,
            "executor_text": "", "co_executors": [], "controller": None, "institutions": [], "due": "", "due_start": None,
            "due_end": None, "is_permanent": False,
        } | facts
        self.items[charge["uid"]] = {
            "uid": str(resolution.item.uid), "number": number.split(".")[0], "title": "Вопрос", "closed": closed, "children": [],
            "resolutions": [charge],
        }
        return resolution

    def drop(self, resolution):
        del self.items[str(resolution.uid)]

    def issue(self):
        """The first edition, or the next one; returns the edition."""
        if self.document.in_force_id:
            self.document = revise(self.document, by=self.secretary, basis="приказа", basis_number="84")
        SOURCES[self.document.pk] = {"meeting": {"pk": self.meeting.pk}, "items": list(self.items.values())}
        self.document = send(Document.objects.get(pk=self.document.pk), by=self.secretary)
        self.document = Document.objects.get(pk=self.document.pk)
        return self.document.in_force

    def assignment(self, resolution):
        """The newest assignment of a decision."""
        return Assignment.objects.filter(resolution=resolution).order_by("-pk").first()




