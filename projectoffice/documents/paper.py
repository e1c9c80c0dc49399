"""What is out for signature on paper, by signer. Reads only."""
from dataclasses import dataclass, field

from projectoffice.accounts.models import Substitution

from . import route
from .models import Document, Stamp


@dataclass(frozen=True)
class Line:
    """One sheet in a folder: whether this signer's turn has come."""

    document: Document
    stamp: Stamp
    is_open: bool


@dataclass
class Folder:
    """The sheets one person signs in ink; ``key`` is the person, or the printed name when there is no person."""

    key: str
    name: str
    acting: str = ""
    lines: list = field(default_factory=list)

    @property
    def pages(self):
        return sum(line.document.current_sheet.pages for line in self.lines)


def folders(user):
    """Folders of all signers, those whose turn has come first; each sheet once."""
    acting = {s.absent_id: s.acting.short_name for s in Substitution.objects.current().select_related("acting")}
    found = {}
    waiting = Document.objects.visible_to(user).filter(state=Document.State.IN_APPROVAL).order_by("sent_at", "pk")
    for document in route.with_route(waiting):
        for standing in route.standings(document):
            if standing.stamp.method == Stamp.Method.INK and standing.state in (route.OPEN, route.LATER):
                put(found, document, standing, acting)
    return sorted(found.values(), key=lambda each: (not any(line.is_open for line in each.lines), each.name))


def put(found, document, standing, acting):
    stamp = standing.stamp
    name = stamp.signer.short_name if stamp.signer else stamp.name or stamp.basis
    key = f"p{stamp.signer_id}" if stamp.signer_id else f"s{stamp.pk}"
    folder = found.setdefault(key, Folder(key, name, acting.get(stamp.signer_id, "")))
    if all(line.document.pk != document.pk for line in folder.lines):
        folder.lines.append(Line(document, stamp, standing.is_open))
