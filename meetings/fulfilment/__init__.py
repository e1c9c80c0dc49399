"""What became of the plan in force: its lines laid beside the agenda and the office's own marks.

``lines`` reads the plan, ``judging`` decides, ``sums`` counts – all three pure; ``reading`` asks the database,
``printing`` makes the paper and the table for Excel.
"""
from .printing import docx, pdf, xlsx_rows
from .reading import Fulfilment, fulfilment_of, with_states

__all__ = ["Fulfilment", "docx", "fulfilment_of", "pdf", "with_states", "xlsx_rows"]
