"""What this app gives to «Передать дела»: rows of draft implementation plans the leaver answers for."""
from projectoffice.documents.table.handover import gives_rows

from .table import IMPLEMENTATION_PLAN

gives_rows(IMPLEMENTATION_PLAN, "строки в черновиках планов реализации")
