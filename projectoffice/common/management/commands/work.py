"""The job worker: runs until it is told to stop."""
from django.core.management.base import BaseCommand

from projectoffice.common.worker import Worker, work_once


class Command(BaseCommand):
    help = "Отправлять письма, исполнять ежедневные обязанности и отложенные задания, пока не остановят."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="сделать то, что подошло по сроку, и закончить")
        parser.add_argument("--interval", type=float, default=1.0, help="секунд между проверками (%(default)s)")

    def handle(self, *, once, interval, **options):
        if once:
            work_once()
        else:
            Worker(interval).run()
