"""The files of docs/operations are run, not only read: the application role, backup and restore."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from projectoffice.common.house.places import PROJECT
from projectoffice.common.house.postgres import Server, serving
from tests.walls import as_the_portal, insert_only_tables

OPERATIONS = PROJECT / "docs" / "operations"


@pytest.fixture
def portal_app(db):
    with as_the_portal() as cursor:
        yield cursor


def refused(cursor, sql):
    try:
        with transaction.atomic():
            cursor.execute(sql)
    except DatabaseError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


IMMUTABLE = [
    "common_event", "contests_award", "contests_diploma", "contests_entrysubmission", "contests_result", "contests_technicalcheck",
    "documents_decision", "documents_edition", "documents_editionfile", "documents_sheet", "portfolios_reportsubmission",
]


@pytest.mark.parametrize("table", IMMUTABLE)
@pytest.mark.parametrize("attempt", [
    "UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE", "DROP TABLE {0} CASCADE",
    "ALTER TABLE {0} DISABLE TRIGGER ALL",
])
def test_the_application_role_cannot_touch_what_never_changes(portal_app, table, attempt):
    assert refused(portal_app, attempt.format(table))


@pytest.mark.parametrize("attempt", [
    "CREATE TABLE mine (id int)", "SET session_replication_role = replica", "INSERT INTO django_migrations DEFAULT VALUES",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
])
def test_the_application_role_cannot_get_round_the_guards(portal_app, attempt):
    assert refused(portal_app, attempt)


def test_the_application_role_can_do_its_ordinary_work(portal_app):
    kind = ContentType.objects.create(app_label="office", model="paper")
    kind.model = "folder"
    kind.save()
    kind.delete()
    for table in IMMUTABLE:
        portal_app.execute(f"SELECT count(*) FROM {table}")


def test_every_table_that_never_changes_is_known_to_this_test(db):
    assert insert_only_tables() == IMMUTABLE


def test_a_table_of_which_some_rows_may_change_is_still_written(portal_app):
    """A guard with a condition («the text of a submitted report») does not make the table insert-only."""
    portal_app.execute("UPDATE portfolios_progressreport SET course = course WHERE false")



# Backup and restore, with the real programs

@pytest.fixture
def tools(monkeypatch):
    """pg_dump, pg_restore and psql of the embedded server."""
    for name in ("DATABASE_URL", "EMBEDDED_POSTGRES", "PGHOST", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    with serving(throwaway=True) as server:
        yield server


def run(server: Server, script, *arguments, data: Path, backups: Path, database):
    path = f"{server.bin}:{os.environ['PATH']}"
    return subprocess.run(
        [OPERATIONS / script, *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "AS_POSTGRES": "", "FILES_OWNER": "", "DATA_DIR": str(data),
             "BACKUPS": str(backups), "DATABASE": database},
    )


def psql(server, database, sql):
    return subprocess.run([server.bin / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database], input=sql,
                          capture_output=True, text=True, check=True).stdout.strip()


def manage(*arguments, **environment):
    done = subprocess.run([sys.executable, "manage.py", *arguments], cwd=PROJECT, env={**os.environ, **environment},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_application_role_does_the_work_of_an_office(tools, tmp_path):
    psql(tools, "portal", (OPERATIONS / "roles.sql").read_text().replace("DATABASE portal", "DATABASE office"))

    def address(role):
        return f"postgres://{role}@/{tools.sockets}/office"

    manage("migrate", "--verbosity", "0", DATABASE_URL=address("portal_owner"))
    psql(tools, "office", "SET ROLE portal_owner;" + (OPERATIONS / "grants.sql").read_text())
    said = manage("create_demo", DATABASE_URL=address("portal_app"), DEMO="1", DATA_DIR=str(tmp_path))

    assert "созданы" in said
    assert int(psql(tools, "office", "SELECT count(*) FROM documents_edition")) > 0
    assert manage("check_invariants", DATABASE_URL=address("portal_app"), DATA_DIR=str(tmp_path)) is not None


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="there is no sha256sum")
def test_a_backup_is_restored_whole_and_only_into_an_empty_place(tools, tmp_path):
    old, new, backups = tmp_path / "old", tmp_path / "new", tmp_path / "backups"
    (old / "uploads").mkdir(parents=True)
    (old / "uploads" / "скан.pdf").write_bytes(b"%PDF")
    manage("migrate", "--verbosity", "0")
    psql(tools, "portal", "CREATE ROLE portal_owner; CREATE ROLE portal_app; CREATE DATABASE empty OWNER portal_owner;")
    psql(tools, "portal", "INSERT INTO django_session VALUES ('key', 'data', now() + '1 day')")
    psql(tools, "portal", "INSERT INTO common_cache VALUES ('session', 'data', now() + '1 day')")
    psql(tools, "portal", "INSERT INTO common_outgoingmail (key, address, subject, body, message_id, state, attempts,"
                          " next_attempt_at, last_error, created_at)"
                          " VALUES ('k', 'a@example.org', 's', 'b', 'm', 'queued', 0, now(), '', now())")

    saved = run(tools, "backup.sh", data=old, backups=backups, database="portal")
    assert saved.returncode == 0, saved.stderr
    (backup,) = backups.iterdir()
    restored = run(tools, "restore.sh", backup, data=new, backups=backups, database="empty")
    assert restored.returncode == 0, restored.stderr

    assert (new / "uploads" / "скан.pdf").read_bytes() == b"%PDF"
    assert psql(tools, "empty", "SELECT (SELECT count(*) FROM django_session) + (SELECT count(*) FROM common_cache)") == "0"
    assert psql(tools, "empty", "SELECT state FROM common_outgoingmail") == "failed"
    assert psql(tools, "empty", "SELECT has_table_privilege('portal_app', 'common_event', 'DELETE')") == "f"
    again = run(tools, "restore.sh", backup, data=new, backups=backups, database="empty")
    assert again.returncode == 1
    assert "не пуста" in again.stderr


def test_a_damaged_backup_is_not_restored(tools, tmp_path):
    (tmp_path / "uploads").mkdir()
    run(tools, "backup.sh", data=tmp_path, backups=tmp_path / "backups", database="portal")
    (backup,) = (tmp_path / "backups").iterdir()
    with (backup / "database.dump").open("ab") as dump:
        dump.write(b"!")
    done = run(tools, "restore.sh", backup, data=tmp_path / "new", backups=tmp_path, database="portal")
    assert done.returncode == 1
    assert "database.dump" in done.stdout
