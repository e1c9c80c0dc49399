#!/usr/bin/env python
"""The office's command line. Without DATABASE_URL the embedded PostgreSQL is entered first."""
import os
import signal
import sys
from contextlib import nullcontext
from importlib.util import find_spec

from projectoffice.common.house.places import VENV, say, use_own_secret

NEED_NO_DATABASE = {"help", "check", "collectstatic", "version", "--help", "--version"}


def main():
    use_the_virtual_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectoffice.settings")
    from projectoffice.common.house.postgres import PostgresError

    try:
        with database():
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except PostgresError as error:
        sys.exit(str(error))


def use_the_virtual_environment():
    """Typed with the system's Python, a command runs in the project's environment all the same."""
    if find_spec("django"):
        return
    python = VENV / "bin" / "python"
    if not python.exists():
        sys.exit("Портал ещё не подготовлен. Выполните: make setup")
    os.execv(python, [str(python), *sys.argv])  # noqa: S606


def database():
    if os.environ.get("DATABASE_URL"):
        return nullcontext()
    from projectoffice.common.house.postgres import serving

    use_own_secret()
    if len(sys.argv) < 2 or sys.argv[1] in NEED_NO_DATABASE:
        return nullcontext()
    signal.signal(signal.SIGTERM, leave_in_order)
    return serving()


def leave_in_order(*_):
    say("Останавливаюсь…")
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    main()
