"""The end of a test with transactions of its own: what it wrote is deleted, and nothing else is touched.

Django truncates every table and makes its permissions anew, which costs a second each time. Here only the tables that
hold something are emptied. Deleting past the walls and keys takes a superuser, as the throw-away server's is; with
another role on a server from outside Django's own way stays.
"""
from django.db import connection, transaction
from django.test import TransactionTestCase

# Made with the tables, not by a test.
KEPT = {"django_content_type", "auth_permission"}
with_truncate = TransactionTestCase._fixture_teardown


def swept(case):
    if not sweep():
        with_truncate(case)


def sweep():
    """Empty what is full; False when this role may not."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT)
    names = {table: connection.ops.quote_name(table) for table in tables}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            return False
        # A request of the live server that is still on its way ends first, however long a busy machine takes; who of
        # both waits in vain for the other is the request.
        cursor.execute("SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = '90s'; SET LOCAL deadlock_timeout = '10s'")
        cursor.execute(f"LOCK TABLE {', '.join(names.values())} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {name} LIMIT 1)" for table, name in names.items()))
        full = [table for (table,) in cursor.fetchall()]
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in full:
            cursor.execute(f"DELETE FROM {names[table]}")
    return True
