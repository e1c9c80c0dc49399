import hashlib

from django.core.management.base import BaseCommand, CommandError

from projectoffice.documents.models import EditionFile


class Command(BaseCommand):
    help = "Сверяет каждый сохранённый PDF с его хэшем SHA-256."

    def handle(self, **options):
        checked, wrong = 0, 0
        files = EditionFile.objects.select_related("edition").defer("edition__snapshot", "edition__text")
        for file in files.order_by("pk").iterator(chunk_size=20):
            checked += 1
            digest = hashlib.sha256(bytes(file.pdf)).hexdigest()
            if not digest == file.sha256 == file.edition.sha256:
                wrong += 1
                self.stderr.write(f"Не совпадает: {file.edition}, код {file.edition.public_code}")
        if wrong:
            raise CommandError(f"Проверено документов: {checked}, не совпадает: {wrong}.")
        self.stdout.write(f"Проверено документов: {checked}, все совпадают.")
