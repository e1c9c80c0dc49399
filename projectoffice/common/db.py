"""Questions only the database can answer the same for everybody."""
import json

from django.db import connection, transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL


def now():
    """The database's clock: deadlines and moments of record never trust the clock of a web server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


PKS = object()  # stands among the parameters where the ids go


class Prepared:
    """A question about rows by their ids, put into SQL once: Django takes as long to write it as the database to answer.

    Takes a ``values_list`` of columns whose values no field of Django turns into something else. What is jsonb comes as
    text: read it with ``told_in``.
    """

    def __init__(self, rows):
        column = f'"{rows.model._meta.db_table}"."{rows.model._meta.pk.column}" = ANY(%s)'
        self.sql, self.params = rows.filter(RawSQL(column, (PKS,), BooleanField())).query.sql_with_params()  # noqa: S611

    def of(self, pks):
        """The rows of these; one query, none for none."""
        if not pks:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [list(pks) if value is PKS else value for value in self.params])
            return cursor.fetchall()


def told_in(text):
    """What a JSON column of ``Prepared`` tells; None of nothing."""
    return None if text is None else json.loads(text)


def locked(obj):
    """The same row, freshly read and locked until the end of the transaction.

    Locks are taken in one order: document, contest, then its parts, then counters.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock outlives nothing outside a transaction.")
    return obj.__class__._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
