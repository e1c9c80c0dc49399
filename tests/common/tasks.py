"""Tasks and jobs that exist for tests of the worker alone."""
import time
import uuid
from pathlib import Path

from django_tasks import task

from projectoffice.common.jobs import ItemRefused, handles
from projectoffice.common.mail import post

LINES = "lines of tests"


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


@handles(LINES, permission="accounts.view_mail", batch=3)
def write_letters(job, items):
    """A letter for each item: what a job has done can be counted in the database."""
    for item in items:
        if item == "bad":
            raise ItemRefused("Эту не сделать.")
        if item == "broken":
            raise RuntimeError("a fault of the code")
        # Without a fixed key a second doing of the same item would leave a second letter.
        post(key=uuid.uuid4().hex, subject=str(item), body="", address="a@example.test", about=job)
        if str(item).startswith("slow"):
            time.sleep(0.2)
