from projectoffice.documents.commands import DocumentCommand, adds_which_pdf, pdf_of, write_file

from ..base import find_plan


class Command(DocumentCommand):
    help = "Записать PDF плана: утверждённый, проект или лист на подпись"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="первый год периода")
        parser.add_argument("--out", required=True, help="куда записать PDF")
        parser.add_argument("--body", help="чей план; без него – основного органа")
        adds_which_pdf(parser)

    def work(self, *, year, out, body, draft, ink, **options):
        plan = find_plan(year, body)
        write_file(out, pdf_of(plan.document, f"План на {plan.year} год", draft=draft, ink=ink))
        self.stdout.write(f"Записано: {out}")
