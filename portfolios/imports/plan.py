"""What was read from a Word file of an implementation plan, before anything is stored."""
from itertools import groupby

from projectoffice.common.lines import plain
from projectoffice.documents.imports.plan import ImportedTable, iso
from projectoffice.documents.table.linting import is_number

from ..contacts import parse_contact


class ImportedImplementationPlan(ImportedTable):
    def as_json(self):
        """What `import_implementation_plan --json` prints."""
        return {
            "title": "\n".join(self.title),
            "period": [iso(day) for day in self.period] if self.period else None,
            "sections": [{"name": name, "activities": [activity(item) for item in items]}
                         for name, items in groupby(self.items, key=lambda item: item.section)],
            "remarks": self.remarks,
        }


def activity(item):
    return {
        "label": item.label,
        "activity": plain(item.topics),
        "term": item.term,
        "term_start": iso(item.term_start),
        "term_end": iso(item.term_end),
        "participants": item.extra["participants"],
        "count": number(item.extra["count"]),
        "responsible": [responsible(text) for text in item.responsible],
        "result": plain(item.extra["result"]),
    }


def number(text):
    """The number, when the cell holds one; otherwise what stands there."""
    return int("".join(text.split())) if is_number(text) else text


def responsible(text):
    contact = parse_contact(text)
    return {"name": contact.name, "post": contact.post, "phone": contact.phone}
