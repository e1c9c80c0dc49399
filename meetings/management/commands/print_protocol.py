from projectoffice.documents.commands import DocumentCommand, Refusal, write_file
from projectoffice.documents.models import Document, Edition
from projectoffice.documents.sheet import render_pdf

from ...models import Protocol
from ...protocol.printed import SHORT, protocol_content
from ...services.plan import FIRST_YEAR, LAST_YEAR
from ..base import find_body


class Command(DocumentCommand):
    help = "Записать PDF подписанного протокола: выпущенный или в другой форме"

    def add_arguments(self, parser):
        parser.add_argument("number", help="номер протокола, как на нём напечатано")
        parser.add_argument("--year", type=int, required=True, help="год заседания")
        parser.add_argument("--out", required=True, help="куда записать PDF")
        parser.add_argument("--body", help="чей протокол; без него – основного органа")
        parser.add_argument("--short", action="store_true", help="краткая форма: вопросы, докладчики, решения")

    def work(self, *, number, year, out, body, short, **options):
        protocol = find_protocol(number, year, body)
        write_file(out, pdf_of(protocol.document.in_force, SHORT if short else None))
        self.stdout.write(f"Записано: {out}")


def find_protocol(number, year, body_name):
    """The protocol in force with this printed number; an annulled one is no protocol any more."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
    body = find_body(body_name)
    wanted = number.strip().removeprefix("№").strip()
    papers = Document.objects.filter(kind=Protocol.KIND, body=body, year=year)
    numbered = Edition.objects.filter(document__in=papers, number_text=wanted)
    found = Protocol.objects.filter(document__in_force__in=numbered).select_related("document__in_force", "meeting")
    protocol = found.order_by("annulled", "pk").first()
    if protocol is None:
        raise Refusal(f"Подписанного протокола № {wanted[:60]} за {year} год нет.")
    if protocol.annulled:
        raise Refusal(f"Протокол № {wanted[:60]} за {year} год отменён.{instead_of(protocol)}")
    return protocol


def instead_of(protocol):
    """« Вместо него – № 4.», when the same meeting has another protocol in force that bears a number."""
    other = protocol.meeting.protocol
    number = other.document.in_force.number_text if other and other.document.in_force else ""
    return f" Вместо него – № {number}." if number else ""


def pdf_of(edition, form):
    """The issued bytes when they have this form (or none is asked for), otherwise the other form of the same edition."""
    source = edition.snapshot["source"]
    if form in (None, source["form"]):
        return bytes(edition.file.pdf)
    return render_pdf(other_form(edition.snapshot, form), mode="ink").pdf


def other_form(snapshot, form):
    """The snapshot in the other form, full or short; head and signatures stay."""
    content = protocol_content(snapshot["source"], number=snapshot["head"].get("number", ""), form=form)
    return snapshot | {"sections": content["sections"]}
