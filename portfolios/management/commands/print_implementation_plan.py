from projectoffice.documents.commands import DocumentCommand, adds_which_pdf, pdf_of, write_file

from ...commands import find_implementation_plan


class Command(DocumentCommand):
    help = "Записать PDF плана реализации: утверждённый, проект или лист на подпись"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="первый год периода")
        parser.add_argument("--out", required=True, help="куда записать PDF")
        parser.add_argument("--project", help="часть названия проекта; нужна, когда планов на этот год несколько")
        adds_which_pdf(parser)

    def work(self, *, year, out, project, draft, ink, **options):
        plan = find_implementation_plan(year, project)
        write_file(out, pdf_of(plan.document, f"План реализации на {plan.year} год", draft=draft, ink=ink))
        self.stdout.write(f"Записано: {out}")
