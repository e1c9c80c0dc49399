from projectoffice.documents.models import Document
from projectoffice.documents.printing import draft_sheet

from ..base import PlanCommand, Refusal, find_plan, write_file


class Command(PlanCommand):
    help = "Записать PDF плана: утверждённый, проект или лист на подпись"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int, help="первый год периода")
        parser.add_argument("--out", required=True, help="куда записать PDF")
        parser.add_argument("--body", help="чей план; без него – основного органа")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--draft", action="store_true", help="как есть сейчас, с надписью «ПРОЕКТ»")
        which.add_argument("--ink", action="store_true", help="лист, который подписывают на бумаге")

    def work(self, *, year, out, body, draft, ink, **options):
        plan = find_plan(year, body)
        write_file(out, draft_pdf(plan) if draft else ink_pdf(plan) if ink else stored_pdf(plan))
        self.stdout.write(f"Записано: {out}")


def draft_pdf(plan):
    return draft_sheet(plan.document).pdf


def ink_pdf(plan):
    """The very bytes that will be issued when everybody signs on paper."""
    if plan.document.state != Document.State.IN_APPROVAL:
        raise Refusal(f"План на {plan.year} год сейчас не на подписи.")
    return bytes(plan.document.current_sheet.pdf)


def stored_pdf(plan):
    if plan.document.in_force is None:
        raise Refusal(f"План на {plan.year} год ещё не утверждён, готового PDF нет. Проект печатает --draft.")
    return bytes(plan.document.in_force.file.pdf)
