"""A plan of meetings from the Word file of an office.

`read_plan` checks the file, reads it in a child process and hands back an ImportedPlan; nothing is stored here.
"""
from projectoffice.common.wordfile import FileRefused, read_docx_in_child
from projectoffice.documents.imports.stamps import ImportedStamp

from .plan import ImportedItem, ImportedPlan

__all__ = ["FileRefused", "ImportedItem", "ImportedPlan", "ImportedStamp", "read_plan"]


def read_plan(file, *, year=None):
    """The ImportedPlan of a Word file (a path, bytes, or an uploaded file).

    `year` is the first year of the period and outweighs the title. Raises FileRefused with a sentence when the file
    is not a sound Word document or holds no plan.
    """
    return ImportedPlan.from_wire(read_docx_in_child(file, "meetings.imports.reader:read_plan_stream", year=year))
