"""What the portal needs to be able to work, each as a yes or no."""
import subprocess
from functools import cache

from django.core.files.storage import default_storage
from django.db import connection

from .uploads import KEEP_FREE
from .worker import LOCKS

PAPER_FONT = "Liberation Serif"


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def disk():
    return default_storage.room() > KEEP_FREE


@cache
def fonts():
    """Whether the typeface of our papers is installed; without it a PDF would look like another office's."""
    try:
        found = subprocess.run(["fc-list", PAPER_FONT], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return PAPER_FONT in found.stdout


def worker():
    """Whether a job worker holds its lock somewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::bigint::oid)", [LOCKS],
        )
        return cursor.fetchone()[0]


CHECKS = {"database": database, "disk": disk, "fonts": fonts, "worker": worker}
NEEDED = ("database", "disk", "fonts")
