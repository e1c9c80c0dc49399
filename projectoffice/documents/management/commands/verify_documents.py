import hashlib

from django.core.management.base import BaseCommand, CommandError

from projectoffice.documents.models import EditionFile, Sheet


class Command(BaseCommand):
    help = "Сверяет каждый сохранённый PDF, выпущенный и направленный на подпись, с его хэшем SHA-256."

    def handle(self, **options):
        checked, wrong = 0, 0
        for name, pdf, hashes in stored():
            checked += 1
            if {hashlib.sha256(bytes(pdf)).hexdigest()} != hashes:
                wrong += 1
                self.stderr.write(f"Не совпадает: {name}")
        if wrong:
            raise CommandError(f"Проверено файлов: {checked}, не совпадает: {wrong}.")
        self.stdout.write(f"Проверено файлов: {checked}, все совпадают.")


def stored():
    """``(name, bytes, hashes)`` of every PDF that is kept."""
    files = EditionFile.objects.select_related("edition").defer("edition__snapshot", "edition__text")
    for file in files.order_by("pk").iterator(chunk_size=20):
        yield f"{file.edition}, код {file.edition.public_code}", file.pdf, {file.sha256, file.edition.sha256}
    sheets = Sheet.objects.select_related("document").defer("snapshot")
    for sheet in sheets.order_by("pk").iterator(chunk_size=20):
        yield f"{sheet}, код {sheet.code}", sheet.pdf, {sheet.sha256}
