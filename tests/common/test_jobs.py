"""Background jobs: each item once, whatever happens to the worker; seen while they go on."""
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from projectoffice.common import jobs
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import Job, OutgoingMail
from tests.cast import make_cast
from tests.races import together

from .tasks import LINES
from .test_worker import environment_of_this_database, until

WORKER = "import django; django.setup(); import tests.common.tasks; from projectoffice.common.worker import Worker; Worker(0.1).run()"
pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


def order(cast, items, about=None):
    with transaction.atomic():
        return jobs.start(LINES, items, title="Строки", by=cast.secretary, about=about or cast.secretary)


def done():
    return sorted(OutgoingMail.objects.values_list("subject", flat=True))


def test_does_every_item_in_batches_and_tells_how_far_it_is(cast):
    job = order(cast, [str(number) for number in range(7)])
    assert jobs.step(job.pk)
    job.refresh_from_db()
    assert (job.done, job.state, len(done())) == (3, "running", 3)
    jobs.run_due()
    job.refresh_from_db()
    assert (job.done, job.state, done()) == (7, "done", [str(number) for number in range(7)])


def test_ordered_twice_is_one_job_and_another_object_has_its_own(cast):
    assert order(cast, ["1"]) == order(cast, ["1"]) != order(cast, ["1"], about=cast.stranger)


def test_a_bad_item_is_passed_over_with_its_sentence_and_taken_up_again(cast):
    job = order(cast, ["1", "bad", "2", "broken", "3"])
    jobs.run_due()
    job.refresh_from_db()
    assert done() == ["1", "2", "3"]
    assert (job.state, [fault["words"] for fault in job.faults]) == ("failed", ["Эту не сделать.", jobs.BROKEN])
    with pytest.raises(PermissionDenied):
        jobs.again(job, by=cast.member_of_school_a)
    job = jobs.again(job, by=cast.secretary)
    assert (job.done, job.items[job.done:]) == (3, ["bad", "broken"])
    jobs.run_due()
    assert done() == ["1", "2", "3"]


def test_what_is_done_is_not_done_again(cast):
    job = order(cast, ["1"])
    jobs.run_due()
    with pytest.raises(TransitionNotAllowed):
        jobs.again(Job.objects.get(pk=job.pk), by=cast.secretary)


def test_an_item_that_kills_every_worker_ends_the_job(cast):
    job = order(cast, ["1", "2"])
    for _ in range(jobs.MOST_TRIES):
        assert jobs.claim(job.pk)  # and never a word again
    assert not jobs.step(job.pk)
    job.refresh_from_db()
    assert (job.state, job.words, done()) == ("failed", jobs.KILLED, [])


def test_the_page_shows_progress_to_who_may_and_asks_again_only_while_it_goes_on(cast, client):
    job = order(cast, ["1", "bad"])
    address = reverse("common:job", args=[job.pk])
    client.force_login(cast.secretary)
    page = client.get(address).content.decode()
    assert 'max="2" value="0"' in page
    assert "every 2s" in page
    jobs.run_due()
    page = client.get(address).content.decode()
    assert "every 2s" not in page
    assert "Эту не сделать." in page
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_workers_share_a_job_and_do_nothing_twice(self, cast):
        order(cast, [f"slow {number}" for number in range(6)])

        def work():
            jobs.run_due()
            jobs.run_due()

        assert together(work, work) == [None, None]
        jobs.run_due()
        assert done() == [f"slow {number}" for number in range(6)]

    def test_killed_in_the_middle_it_is_gone_on_with_and_nothing_is_done_twice(self, cast, tmp_path):
        items = [f"slow {number}" for number in range(9)]
        job = order(cast, items)
        worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=project.BASE_DIR, env=environment_of_this_database(tmp_path))
        try:
            until(lambda: Job.objects.get(pk=job.pk).done >= 3)
        finally:
            worker.kill()
            worker.wait()
        assert Job.objects.get(pk=job.pk).is_going
        jobs.run_due()
        assert (Job.objects.get(pk=job.pk).state, done()) == ("done", items)
