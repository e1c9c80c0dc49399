from django.core.management.base import BaseCommand, CommandError

from projectoffice.common.demonstration import DemoNotAllowed, create_demo


class Command(BaseCommand):
    help = "Наполнить пустую базу демонстрационными данными; в непустой ничего не меняет."

    def handle(self, **options):
        try:
            created = create_demo()
        except DemoNotAllowed as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        self.stdout.write("Демонстрационные данные созданы." if created else "В базе уже есть люди, ничего не изменено.")
