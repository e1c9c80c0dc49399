"""What the page says beside the plan."""
from projectoffice.documents.table.remarks import edges, of

__all__ = ["edges", "of"]
