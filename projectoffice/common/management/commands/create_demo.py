from django.core.management.base import BaseCommand, CommandError

from projectoffice.common.demonstration import DemoNotAllowed, create_demo
from projectoffice.common.office_time import office_time


class Command(BaseCommand):
    help = "Наполнить пустую базу демонстрационными данными; в непустой ничего не меняет."

    @office_time()
    def handle(self, **options):
        try:
            created = create_demo()
        except DemoNotAllowed as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write("Демонстрационные данные созданы." if created else "В базе уже есть люди, ничего не изменено.")
