from projectoffice.documents.commands import DocumentCommand, Refusal, write_file
from projectoffice.documents.printing import draft_sheet

from ...models import Meeting, MeetingBrief


class Command(DocumentCommand):
    help = "Записать PDF оргпроекта встречи: выпущенный, а пока его нет – проект"

    def add_arguments(self, parser):
        parser.add_argument("meeting", type=int, help="номер заседания, как в адресе его страницы")
        parser.add_argument("--out", required=True, help="куда записать PDF")
        parser.add_argument("--draft", action="store_true", help="как есть сейчас, с надписью «ПРОЕКТ»")

    def work(self, *, meeting, out, draft, **options):
        brief = MeetingBrief.objects.filter(meeting=meeting).select_related("document__in_force__file").first()
        if brief is None and not Meeting.objects.filter(pk=meeting).exists():
            raise Refusal(f"Заседания {meeting} нет.")
        if brief is None:
            raise Refusal(f"У заседания {meeting} нет оргпроекта.")
        edition = None if draft else brief.document.in_force
        write_file(out, bytes(edition.file.pdf) if edition else draft_sheet(brief.document).pdf)
        self.stdout.write(f"Записано: {out}" if edition else f"Записан проект: {out}")
