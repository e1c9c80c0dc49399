"""The job worker: runs until it is told to stop."""
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Выполнять отложенные задания, пока не остановят."

    def handle(self, **options):
        call_command("db_worker", queue_name="*", reload=False, verbosity=options["verbosity"])
