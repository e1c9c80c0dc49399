"""The job worker: letters of the outbox, periodic duties, jobs with progress, queued tasks, and tasks that a killed worker left.

Any number of workers may run; whatever one does, it does under a lock or a claim. Nothing is kept in
memory that a ``kill -9`` could lose.
"""
import logging
import signal
import threading
import time
import uuid

from django.db import InterfaceError, OperationalError, close_old_connections, connection, reset_queries, transaction
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker
from django_tasks_db.models import DBTaskResult

from . import duties, jobs
from .frames import with_room
from .office_time import office_time
from .services import outbox

LOCKS = 0x504F02  # the family of «this worker is alive»; the second half is the hash of its name
PREFIX = "work-"
MOST_TRIES = 3
EVERY = {"duties": 20.0, "reap": 30.0}  # seconds
MAIL_PAUSE = 60.0
GRACE = 8.0
logger = logging.getLogger(__name__)


class Worker:
    """One loop for letters and duties, a thread for tasks, a thread for jobs."""

    def __init__(self, interval=1.0):
        self.interval = interval
        self.name = PREFIX + uuid.uuid4().hex
        self.stopping = threading.Event()
        self.alive_on = None
        self.next_at = {"duties": 0.0, "reap": 0.0, "mail": 0.0}
        self.tasks = task_worker(self.name, interval, batch=False)

    def run(self):
        """Until told to stop by SIGTERM or SIGINT; what is in hand is finished first."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        self.step()  # the lock that says «alive» is taken before the first task is
        threads = [threading.Thread(target=with_room(run), name=name, daemon=True) for name, run in (("tasks", self.run_tasks), ("jobs", self.run_jobs))]
        for thread in threads:
            thread.start()
        logger.info("Worker %s is at work.", self.name)
        while not self.stopping.wait(self.interval):
            self.step()
        for thread in threads:
            thread.join(GRACE)
        connection.close()
        logger.info("Worker %s has stopped.", self.name)

    def stop(self, number=None, frame=None):
        if self.stopping.is_set():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # the second Ctrl-C means it
        self.stopping.set()
        self.tasks.running = False

    def step(self):
        """One round of the loop. A database that is away is waited for, not died of."""
        try:
            close_old_connections()
            reset_queries()
            self.show_alive()
            self.when_due("reap", return_orphans)
            with office_time():
                self.send_letters()
                self.when_due("duties", lambda: duties.run_due(stopping=self.stopping.is_set))
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database is away: %s", error)
            connection.close()
            self.stopping.wait(2)

    def when_due(self, what, do):
        if time.monotonic() >= self.next_at[what]:
            do()
            self.next_at[what] = time.monotonic() + EVERY[what]

    def send_letters(self):
        if time.monotonic() < self.next_at["mail"]:
            return
        try:
            outbox.send_due(stopping=self.stopping.is_set)
        except outbox.ServerDown as error:
            logger.warning("The mail server cannot be reached: %s", error)
            self.next_at["mail"] = time.monotonic() + MAIL_PAUSE

    def show_alive(self):
        """Hold this worker's lock on the connection in use; it ends with the connection, hence with the process."""
        connection.ensure_connection()
        if self.alive_on is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCKS, self.name])
            self.alive_on = connection.connection

    def run_tasks(self):
        while not self.stopping.is_set():
            try:
                self.tasks.run()
            except Exception:
                logger.exception("The queue of tasks stumbled.")
                connection.close()
                self.stopping.wait(2)
        connection.close()

    def run_jobs(self):
        """A job's batch is a transaction: one that the grace is too short for is begun anew by the next worker."""
        while not self.stopping.wait(self.interval):
            try:
                close_old_connections()
                reset_queries()
                jobs.run_due(stopping=self.stopping.is_set)
            except (OperationalError, InterfaceError) as error:
                logger.warning("A job met a database that is away: %s", error)
                connection.close()
                self.stopping.wait(2)
            except Exception:
                logger.exception("The jobs stumbled.")
                connection.close()
                self.stopping.wait(2)
        connection.close()


class OfficeTaskWorker(TaskWorker):
    """Runs each task in the office's time."""

    def run_task(self, db_task_result):
        with office_time():
            super().run_task(db_task_result)


def task_worker(name, interval, *, batch):
    return OfficeTaskWorker(
        queue_names=["*"], excluded_queue_names=[], interval=interval, batch=batch, backend_name="default",
        startup_delay=False, max_tasks=None, worker_id=name,
    )


def work_once():
    """Everything that is due now, once: for a timer instead of a running worker, and for tests."""
    worker = Worker(interval=0)
    worker.step()
    jobs.run_due()
    task_worker(worker.name, 0, batch=True).run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCKS, worker.name])


@transaction.atomic
def return_orphans():
    """Put tasks of workers that are gone back into the queue; after the third try they count as failed.

    Returns how many. Tasks are written so that a second run does no harm.
    """
    left = [task for task in DBTaskResult.objects.running().select_for_update(skip_locked=True) if is_orphan(task)]
    for task in left:
        if len(task.worker_ids) >= MOST_TRIES:
            task.set_failed(RuntimeError("The worker was killed at every try."))
        else:
            DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY, started_at=None)
        logger.warning("Task %s was left by a worker that is gone.", task.pk)
    return len(left)


def is_orphan(task):
    """Whether the worker that took the task holds its lock no more; others' workers are none of our business."""
    name = task.worker_ids[-1] if task.worker_ids else ""
    if not name.startswith(PREFIX):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::bigint::oid AND objid = (hashtext(%s)::bigint & 4294967295)::oid)",
            [LOCKS, name],
        )
        return cursor.fetchone()[0]
