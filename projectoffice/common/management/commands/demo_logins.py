from django.core.management.base import BaseCommand

from projectoffice.common.demonstration import allowed, demo_modules


class Command(BaseCommand):
    help = "Напечатать демонстрационные логины; на настоящем сервере не печатает ничего."

    def handle(self, **options):
        if not allowed():
            return
        for module in demo_modules():
            for login, about in getattr(module, "logins", list)():
                self.stdout.write(f"{login:<14}{module.PASSWORD:<18}{about}")
