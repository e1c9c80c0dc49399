from projectoffice.documents.commands import DocumentCommand, write_file
from projectoffice.documents.models import Document
from projectoffice.documents.sheet import render_docx
from projectoffice.documents.snapshot import take_snapshot

from ..base import find_plan


class Command(DocumentCommand):
    help = "Записать рабочую копию плана в Word"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="первый год периода")
        parser.add_argument("--out", required=True, help="куда записать .docx")
        parser.add_argument("--body", help="чей план; без него – основного органа")

    def work(self, *, year, out, body, **options):
        document = find_plan(year, body).document
        issued = document.in_force and document.state in (Document.State.ISSUED, Document.State.ANNULLED)
        write_file(out, render_docx(document.in_force.snapshot if issued else take_snapshot(document)))
        self.stdout.write(f"Записано: {out}")
