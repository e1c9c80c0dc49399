"""Background jobs with progress: long work over many items, seen while it goes on, gone on with after a ``kill -9``.

An app names what it can do for many in a module that ``AppConfig.ready`` imports::

    @handles("contest_diplomas", permission="contests.run_contests", batch=20)
    def make(job, items): ...

and a verb orders it, in its own transaction: ``start("contest_diplomas", items, title=…, by=…, about=result)``. The list
of items is frozen with the job. The worker takes them a batch at a time, and **what became of a batch and how far the
job is are one transaction** under the lock of the job's row: whoever is killed in between has done nothing, and two
workers share a job without doing an item twice. An item that fails is noted with its sentence and passed over; one
that kills the worker again and again ends the job.
"""
import logging
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction

from .db import locked, now
from .errors import TransitionNotAllowed
from .history import record
from .job_kinds import HANDLERS, handles
from .models import Job
from .office_time import office_time
from .policy import require_right

__all__ = ["ItemRefused", "again", "handles", "run_due", "start"]

MOST_TRIES = 3
KILLED = "Работу трижды прервали на одном и том же месте. Сообщите администратору."
BROKEN = "Не получилось из-за ошибки портала. Сообщите администратору."
logger = logging.getLogger(__name__)


class ItemRefused(Exception):
    """This item cannot be done; the text is a sentence for people. The job goes on with the next one."""


def start(kind, items: Sequence, *, title, by, about, back="", arguments=None):
    """Order a job in the transaction of the verb; the one already under way for the same object is returned instead.

    ``items`` and ``arguments`` are plain JSON, ``back`` the address its page leads back to. The caller holds the lock of ``about``.
    """
    found = Job.objects.about(about).filter(kind=kind, state__in=Job.GOING).first()
    return found or Job.objects.create(kind=kind, title=title[:300], items=list(items), total=len(items), about=about, back=back,
                                       arguments=arguments or {}, by=by if by is not None and by.pk else None)


@transaction.atomic
def again(job, *, by):
    """What was passed over or never reached is taken up once more. Raises PermissionDenied, TransitionNotAllowed."""
    job = locked(job)
    require_right(by, HANDLERS[job.kind].permission)
    if job.state in Job.GOING:
        return job
    left = job.items[job.done:] + [fault["item"] for fault in job.faults]
    if not left and job.state == Job.State.DONE:
        raise TransitionNotAllowed("Всё уже сделано, повторять нечего.")
    job.items = [item for item in job.items if item not in left] + left
    job.done, job.faults, job.tries, job.words = len(job.items) - len(left), [], 0, ""
    job.state, job.ended_at = Job.State.QUEUED, None
    job.save()
    record("job_again", job, f"Запущено снова: {job.title}", by=by)
    return job


# The worker's side

def run_due(stopping=lambda: False):
    """Go on with every job that waits, batch by batch, the oldest first. A kind unknown here is left to who knows it."""
    for pk in Job.objects.filter(state__in=Job.GOING, kind__in=HANDLERS).order_by("pk").values_list("pk", flat=True):
        while not stopping() and step(pk):
            continue


def step(pk):
    """One batch of the job, done or passed over; whether there may be more to do here."""
    job = claim(pk)
    if job is None:
        return False
    if job.tries > MOST_TRIES:
        give_up(job, KILLED)
        return False
    handler = HANDLERS[job.kind]
    with office_time():
        # First a whole batch; after a fault or a kill one item, so that a bad one costs nobody else's.
        size = handler.batch if job.tries == 1 else 1
        return advance(job, handler, job.done, min(job.done + size, job.total))


@transaction.atomic
def claim(pk):
    """The job when nobody is at it this moment; the try is counted before it is made, so a kill is remembered."""
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=pk, state__in=Job.GOING).first()
    if job:
        job.tries += 1
        job.state = Job.State.RUNNING
        job.started_at = job.started_at or now()
        job.save(update_fields=["tries", "state", "started_at"])
    return job


def advance(job, handler, first, last):
    """Do these items; True when the job has a next step. A fault of one item is written down and passed over."""
    try:
        ready = handler.before_finish(job) if handler.before_finish and last == job.total else None
        return do(job, handler, first, last, ready)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if last - first > 1:
            return True  # the try is counted: the next step takes them one by one
        logger.log(logging.WARNING if isinstance(error, ItemRefused) else logging.ERROR, "Job %s, item %s: %s", job.pk, first, error,
                   exc_info=not isinstance(error, ItemRefused))
        return pass_over(job, first, last, sentence_of(error))


def sentence_of(error):
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return str(error) if isinstance(error, ItemRefused) else BROKEN


@transaction.atomic
def do(job, handler, first, last, ready=None):
    """The items and the count of them, in one transaction; nothing when somebody else did them meanwhile."""
    job = locked(job)
    if job.done != first or job.state not in Job.GOING:
        return job.state in Job.GOING
    if first < last:
        handler.run(job, job.items[first:last])
    job.done, job.tries = last, 0
    if job.done == job.total:
        if handler.finish:
            handler.finish(*((job, ready) if handler.before_finish else (job,)))
        job.state, job.ended_at = Job.State.FAILED if job.faults else Job.State.DONE, now()
    job.save()
    return job.state in Job.GOING


@transaction.atomic
def pass_over(job, first, last, words):
    job = locked(job)
    if job.done != first or job.state not in Job.GOING:
        return True
    if first == last:  # all items are done, the end of the job itself failed
        return fail(job, words)
    job.faults = [*job.faults, {"item": job.items[first], "words": words}]
    job.done, job.tries = last, 0
    job.save()
    return True


@transaction.atomic
def give_up(job, words):
    fail(locked(job), words)


def fail(job, words):
    job.state, job.words, job.ended_at = Job.State.FAILED, words, now()
    job.save()
    return False
