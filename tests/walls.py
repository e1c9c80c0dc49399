"""The guards of the tables, as the database itself tells of them, and the role that meets them."""
from contextlib import contextmanager

from django.db import connection

from projectoffice.common.house.places import PROJECT

# Bits of pg_trigger.tgtype: a trigger of rows, on DELETE, on UPDATE, on TRUNCATE.
OF_ROWS, ON_DELETE, ON_UPDATE, ON_TRUNCATE = 1, 8, 16, 32


@contextmanager
def as_the_portal():
    """The connection works as the application's role, with the grants of grants.sql: it owns nothing. Yields a cursor."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_app")
        cursor.execute((PROJECT / "docs" / "operations" / "grants.sql").read_text())
        cursor.execute("SET LOCAL ROLE portal_app")
        yield cursor
        cursor.execute("RESET ROLE")


def triggers(bits):
    """(table, trigger, function) of every trigger of our own with all of these bits, without a condition."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname, proname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE NOT tgisinternal AND tgqual IS NULL AND tgtype & %s = %s ORDER BY 1, 2", [bits, bits])
        return cursor.fetchall()


def insert_only_tables():
    """Tables whose rows are written once, known by their guard as ``docs/operations/grants.sql`` knows them."""
    return [table for table, _, function in triggers(OF_ROWS | ON_DELETE | ON_UPDATE) if function == "refuse_change"]


def lower_walls_against_truncate():
    switch_walls_against_truncate("DISABLE")


def raise_walls_against_truncate():
    switch_walls_against_truncate("ENABLE")


def switch_walls_against_truncate(word):
    walls = triggers(ON_TRUNCATE)
    with connection.cursor() as cursor:
        for table, trigger, _ in walls:
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {trigger}")
