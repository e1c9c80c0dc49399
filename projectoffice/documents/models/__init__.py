from .annulment import Annulment
from .attachment import Attachment
from .decision import Decision
from .document import Document, PaperQuerySet, Stamp
from .edition import Counter, Edition, EditionFile, Sheet

__all__ = [
    "Annulment",
    "Attachment",
    "Counter",
    "Decision",
    "Document",
    "Edition",
    "EditionFile",
    "PaperQuerySet",
    "Sheet",
    "Stamp",
]
