"""``make bench``: the figures of the portal on a database of its own that is thrown away afterwards."""
import os
import shutil
import subprocess
import sys
import tempfile

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.test.utils import override_settings

from projectoffice.common.benchmark import ROUNDS, Stand, all_figures
from projectoffice.common.house.cluster import throwaway_home
from projectoffice.common.house.postgres import Server, serving


class Command(BaseCommand):
    help = "Измерить страницы, PDF и загрузку из Word на временной базе с вымышленными данными."

    def add_arguments(self, parser):
        parser.add_argument("--rounds", type=int, default=ROUNDS, help="повторов каждого замера (%(default)s)")
        parser.add_argument("--here", action="store_true", help="на базе DATABASE_URL, только если она пустая")

    def handle(self, *, rounds, here, **options):
        if here:
            self.measure(rounds)
        elif self.in_a_new_cluster("--rounds", str(rounds)):
            raise CommandError("Замер не удался.")

    def in_a_new_cluster(self, *arguments):
        """The same command in a process whose only database is a new one; with fsync, as in real life."""
        home = throwaway_home(lambda old: Server(old).in_use())
        before = os.environ.pop("DATABASE_URL", None)
        try:
            with serving(home):
                return subprocess.run([sys.executable, "manage.py", "bench", "--here", *arguments],
                                      cwd=settings.BASE_DIR, check=False).returncode
        finally:
            if before:
                os.environ["DATABASE_URL"] = before
            shutil.rmtree(home, ignore_errors=True)

    def measure(self, rounds):
        call_command("migrate", interactive=False, verbosity=0)
        with tempfile.TemporaryDirectory(prefix="po-bench-") as files, override_settings(
            ROOT_URLCONF="projectoffice.common.bench_urls", MEDIA_ROOT=files, EMAIL_CONFIGURED=False,
        ):
            missed = self.table(Stand(new_person(), rounds))
        if missed:
            self.stderr.write(f"Выше цели: {missed}.")

    def table(self, stand):
        """Print each figure as soon as it is known; how many are over their target."""
        missed = 0
        self.stdout.write(f"{'Показатель':<78}{'Значение':>12}{'Цель':>12}\n{'─' * 104}")
        for figure in all_figures(stand):
            target = f"≤ {number(figure.target)} {figure.unit}" if figure.target is not None else ""
            missed += not figure.kept
            verdict = "" if figure.target is None else "да" if figure.kept else "нет"
            self.stdout.write(f"{figure.name:<78}{number(figure.value) + ' ' + figure.unit:>12}{target:>12} {verdict}".rstrip())
            self.stdout.flush()
        return missed


def new_person():
    """A member of the office's staff; refuses where somebody already lives."""
    from django.apps import apps

    user, role = apps.get_model("accounts.User"), apps.get_model("accounts.RoleAssignment")
    if user.objects.exists():
        raise CommandError("В этой базе уже есть люди. Замер идёт только на пустой.")
    person = user.objects.create_user("bench", None, surname="Замерова", given_name="Анна")
    role.objects.create(person=person, role="office_staff")
    return person


def number(value):
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
