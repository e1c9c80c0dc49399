"""Periodic duties: once, in time, each on its own."""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from projectoffice.common import duties
from projectoffice.common.models import DutyRun
from tests.races import MeetingPlace, together

SAMARA = ZoneInfo("Europe/Samara")
MORNING = datetime(2027, 3, 10, 7, 0, tzinfo=SAMARA)


@pytest.fixture
def registry(monkeypatch):
    """Only the duties of the test are known while it runs."""
    monkeypatch.setattr(duties, "_duties", {})


def test_a_daily_duty_runs_once_a_day_from_its_hour_on(registry, db):
    runs = []

    @duties.daily(hour=6)
    def remind():
        runs.append(1)

    assert duties.run_due(MORNING) == [f"{__name__}.{remind.__name__}"]
    for moment in (MORNING, MORNING + timedelta(hours=16), MORNING + timedelta(hours=22)):
        assert duties.run_due(moment) == []
    assert len(duties.run_due(MORNING + timedelta(hours=23, minutes=30))) == 1
    assert len(runs) == 2


def test_a_duty_missed_while_nobody_was_at_work_is_done_once_afterwards(registry, db):
    runs = []
    duties.daily(hour=6)(lambda: runs.append(1))
    duties.run_due(MORNING)
    duties.run_due(MORNING + timedelta(days=10, hours=5))
    duties.run_due(MORNING + timedelta(days=10, hours=6))
    assert len(runs) == 2


def test_a_frequent_duty_runs_again_after_its_minutes(registry, db):
    runs = []
    duties.every(minutes=10)(lambda: runs.append(1))
    for minutes in (0, 5, 9, 10, 15, 20):
        duties.run_due(MORNING + timedelta(minutes=minutes))
    assert len(runs) == 3


def test_one_that_fails_is_rolled_back_and_does_not_stop_the_others(registry, db):
    runs = []

    @duties.every(minutes=60)
    def breaks():
        DutyRun.objects.create(name="half done")
        raise ValueError("нет связи")

    @duties.every(minutes=60)
    def works():
        runs.append(1)

    duties.run_due(MORNING)
    assert runs == [1]
    assert not DutyRun.objects.filter(name="half done").exists()
    row = DutyRun.objects.get(name__endswith="breaks")
    assert (row.done_at, row.failed_at, row.note) == (None, MORNING, "ValueError: нет связи")


def test_a_failed_duty_is_tried_again_a_little_later_and_not_at_once(registry, db):
    runs = []

    @duties.daily(hour=6)
    def breaks_once():
        runs.append(1)
        if len(runs) == 1:
            raise ValueError

    for minutes in (0, 1, 9, 10, 20):
        duties.run_due(MORNING + timedelta(minutes=minutes))
    assert len(runs) == 2
    assert DutyRun.objects.get(name__endswith="breaks_once").failed_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once(registry, monkeypatch):
    runs, inside = [], MeetingPlace(monkeypatch)

    @duties.every(minutes=10)
    def slow():
        runs.append(1)
        inside.meet()  # until the other was turned away

    # It has run before: on the very first day the unique name alone would keep the second one out.
    DutyRun.objects.create(name=f"{__name__}.slow", done_at=MORNING - timedelta(hours=1))

    assert together(*[lambda: duties.run_due(MORNING)] * 2) == [None, None]
    assert runs == [1]


def test_what_the_portal_registers_itself_runs(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    duties.run_due()
    assert not DutyRun.objects.filter(failed_at__isnull=False)
    assert DutyRun.objects.filter(name="projectoffice.common.uploads.sweep_orphan_files", done_at__isnull=False)
