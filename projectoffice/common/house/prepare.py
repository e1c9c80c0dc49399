"""Fonts, migrations, static files, demonstration data: what a start needs, and only what is not there yet.

One process for all of it, because each start of Django costs a second. Progress goes to stderr; the
demonstration logins, when there are any, to stdout.
"""
import os
import sys
from pathlib import Path

from projectoffice.common.house.fonts import make_fonts
from projectoffice.common.house.places import data_dir, digest, no_rights, say, use_own_secret
from projectoffice.common.house.postgres import PostgresError, serving
from projectoffice.common.house.setup import SetupError


def main(arguments):
    try:
        prepare(arguments)
    except (PostgresError, SetupError) as error:
        sys.exit(str(error))
    except PermissionError as error:
        sys.exit(no_rights(error))
    except KeyboardInterrupt:
        sys.exit(130)


def prepare(arguments):
    if not os.environ.get("DATABASE_URL"):
        use_own_secret()
    elif not os.environ.get("SECRET_KEY"):
        sys.exit("Задан DATABASE_URL, но не задан SECRET_KEY: на настоящем сервере нужен свой секретный ключ.")
    with serving():
        make_fonts()
        start_django()
        migrate()
        collect_static_files()
        if "--demo" in arguments:
            fill_with_demo()


def start_django():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "projectoffice.settings")
    import django

    django.setup()


def migrate():
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise PostgresError(f"База данных из DATABASE_URL не отвечает:\n{str(error).strip()}") from error
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Обновляю структуру базы данных…")
        call_command("migrate", interactive=False, verbosity=0)


def collect_static_files():
    """Compressing takes twenty seconds, so only when a source file changed."""
    from django.conf import settings
    from django.core.management import call_command

    mark = data_dir() / "static-made-of"
    sources = static_sources()
    if mark.exists() and mark.read_text() == sources and Path(settings.STATIC_ROOT).exists():
        return
    say("Собираю и сжимаю статические файлы…")
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(sources)


def static_sources():
    """A fingerprint of how files are stored and of each the finders know: its place, size and time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    facts = [settings.STORAGES["staticfiles"]["BACKEND"]]
    for finder in get_finders():
        for path, storage in finder.list([]):
            file = Path(storage.path(path)).stat()
            facts.append(f"{getattr(storage, 'prefix', '')}/{path} {file.st_size} {file.st_mtime_ns}")
    return digest("\n".join(sorted(facts)).encode())


def fill_with_demo():
    from django.core.management import call_command

    from projectoffice.common.demonstration import allowed, create_demo

    if not allowed() or os.environ.get("DEMO") == "0":
        return
    if create_demo():
        say("Демонстрационные данные созданы.")
    call_command("demo_logins")


if __name__ == "__main__":
    main(sys.argv[1:])
