"""Tasks that exist for tests of the worker alone."""
import time
from pathlib import Path

from django_tasks import task


@task()
def leave_a_line(path, seconds=0):
    """One line when it begins, one when it ends; only the first run takes its time."""
    place = Path(path)
    first = not place.exists()
    with place.open("a") as file:
        file.write("begun\n")
    if first:
        time.sleep(seconds)
    with place.open("a") as file:
        file.write("ended\n")


@task()
def fail():
    raise ValueError("never works")
