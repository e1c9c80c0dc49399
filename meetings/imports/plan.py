"""What was read from a Word plan, before anything is stored."""
from projectoffice.documents.imports.plan import ImportedItem, ImportedTable, iso

__all__ = ["ImportedItem", "ImportedPlan"]


class ImportedPlan(ImportedTable):
    """A plan of meetings as it stands in a file."""

    def as_json(self):
        """What `import_plan --json` prints. A stamp by an act or a body has its words in `post`."""
        return {
            "title": "\n".join(self.title),
            "year": self.year,
            "stamps": [{"kind": stamp.kind, "side": stamp.side, "post": "\n".join(filter(None, [stamp.post, stamp.basis])),
                        "name": stamp.name} for stamp in self.stamps],
            "items": [{"label": item.label, "topics": item.topics, "term": item.term, "term_start": iso(item.term_start),
                       "term_end": iso(item.term_end), "responsible": item.responsible} for item in self.items],
            "remarks": self.remarks,
        }
