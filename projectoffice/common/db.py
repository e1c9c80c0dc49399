"""Questions only the database can answer the same for everybody."""
from django.db import connection, transaction


def now():
    """The database's clock: deadlines and moments of record never trust the clock of a web server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def locked(obj):
    """The same row, freshly read and locked until the end of the transaction.

    Locks are taken in one order: document, contest, then its parts, then counters.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock outlives nothing outside a transaction.")
    return obj.__class__._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
