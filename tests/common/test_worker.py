"""The job worker as a process: told to stop, killed, doubled, left without its database."""
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.db import connection
from django_tasks_db.models import DBTaskResult

from projectoffice.common import worker
from projectoffice.common.mail import post
from projectoffice.common.models import DutyRun, MailState

from . import smtp
from .tasks import fail, leave_a_line


@pytest.fixture
def mail_server():
    handler = smtp.Handler()
    controller = smtp.Server(handler, hostname="127.0.0.1", port=smtp.free_port())
    controller.start()
    handler.port = controller.port
    yield handler
    controller.stop()


def environment_of_this_database(data_dir):
    """What a process needs to work on the test's database."""
    base = connection.settings_dict
    url = f"postgres://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}?host={base['HOST'] or base['OPTIONS'].get('host', '')}"
    if base["PORT"]:
        url += f"&port={base['PORT']}"
    return os.environ | {"DATABASE_URL": url, "DATA_DIR": str(data_dir), "SECRET_KEY": "x", "DJANGO_SETTINGS_MODULE": "projectoffice.settings"}


@pytest.fixture
def start(mail_server, tmp_path):
    """Start ``manage.py work`` on the test's database; whatever still runs at the end is killed."""
    environment = environment_of_this_database(tmp_path) | {"EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}"}
    running = []

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work", "--interval=0.1", *arguments],
            cwd=project.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def until(ready, seconds=60):
    limit = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < limit, "it never happened"
        time.sleep(0.05)


def lines(path):
    return path.read_text().split() if path.exists() else []


@pytest.mark.django_db(transaction=True)
class TestTheProcess:
    def test_sends_letters_runs_tasks_does_duties_and_stops_when_told(self, start, mail_server, tmp_path):
        letter = post(key="k", subject="Тема", body="Текст", address="a@example.test")
        leave_a_line.enqueue(str(tmp_path / "task"))
        process = start()
        until(lambda: mail_server.taken and lines(tmp_path / "task") == ["begun", "ended"] and DutyRun.objects.exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        letter.refresh_from_db()
        assert letter.state == MailState.SENT

    def test_finishes_the_task_in_hand_before_it_stops(self, start, tmp_path):
        leave_a_line.enqueue(str(tmp_path / "task"), seconds=2)
        process = start()
        until(lambda: lines(tmp_path / "task"))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert lines(tmp_path / "task") == ["begun", "ended"]
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"

    def test_killed_in_the_middle_of_a_task_leaves_it_to_the_next_one(self, start, tmp_path):
        leave_a_line.enqueue(str(tmp_path / "task"), seconds=60)
        first = start()
        until(lambda: lines(tmp_path / "task"))
        first.kill()
        first.wait()
        start()
        until(lambda: lines(tmp_path / "task") == ["begun", "begun", "ended"])
        until(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")

    def test_leaves_the_task_of_a_living_colleague_alone(self, start, tmp_path):
        leave_a_line.enqueue(str(tmp_path / "task"), seconds=60)
        start()
        until(lambda: lines(tmp_path / "task"))
        assert worker.return_orphans() == 0
        assert DBTaskResult.objects.get().status == "RUNNING"

    def test_outlives_a_cut_of_every_connection(self, start, mail_server):
        process = start()
        until(DutyRun.objects.exists)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE datname = current_database() AND pid <> pg_backend_pid()")
        post(key="after", subject="Тема", body="Текст", address="a@example.test")
        until(lambda: mail_server.taken)
        assert process.poll() is None

    def test_once_does_what_is_due_and_ends(self, start, mail_server, tmp_path):
        post(key="k", subject="Тема", body="Текст", address="a@example.test")
        leave_a_line.enqueue(str(tmp_path / "task"))
        assert start("--once").wait(60) == 0
        assert len(mail_server.taken) == 1
        assert lines(tmp_path / "task") == ["begun", "ended"]


@pytest.mark.django_db
class TestOrphans:
    def orphan(self, tries):
        fail.enqueue()
        names = [f"{worker.PREFIX}gone{number}" for number in range(tries)]
        DBTaskResult.objects.update(status="RUNNING", worker_ids=names)

    def test_go_back_into_the_queue(self):
        self.orphan(1)
        assert worker.return_orphans() == 1
        assert DBTaskResult.objects.get().status == "READY"

    def test_that_kill_every_worker_count_as_failed_in_the_end(self):
        self.orphan(worker.MOST_TRIES)
        worker.return_orphans()
        task = DBTaskResult.objects.get()
        assert (task.status, "killed at every try" in task.traceback) == ("FAILED", True)

    def test_of_somebody_elses_worker_are_left_alone(self):
        fail.enqueue()
        DBTaskResult.objects.update(status="RUNNING", worker_ids=["another"])
        assert worker.return_orphans() == 0
