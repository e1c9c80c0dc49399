"""Ask the data everything that must always be true."""
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from projectoffice.common.invariants import violations
from projectoffice.common.office_time import office_time


class Command(BaseCommand):
    help = "Проверить всё, что в данных должно быть верно всегда. Код 1, если что-то не так."

    @transaction.atomic
    @office_time()
    def handle(self, **options):
        found = 0
        for name, sentence in violations():
            found += 1
            self.stdout.write(f"{name}: {sentence}")
        if found:
            raise CommandError(f"Нарушений: {found}.")
        self.stdout.write("Всё сходится.")
