"""An implementation plan from a Word file; nothing is stored here."""
from projectoffice.common.wordfile import FileRefused, read_docx_in_child

from .plan import ImportedImplementationPlan

__all__ = ["FileRefused", "ImportedImplementationPlan", "read_plan"]


def read_plan(file, *, year=None):
    """The ImportedImplementationPlan of a Word file (a path, bytes, or an uploaded file).

    `year` is the first year of the period and outweighs the title. Raises FileRefused with a sentence when the file
    is not a sound Word document or holds no such plan.
    """
    return ImportedImplementationPlan.from_wire(
        read_docx_in_child(file, "portfolios.imports.reader:read_plan_stream", year=year))
