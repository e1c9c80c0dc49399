"""What runs without a page keeps the office's time all the same."""
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from projectoffice.accounts.models import OfficeProfile
from projectoffice.common import duties, worker
from projectoffice.common.management.commands import check_invariants
from projectoffice.common.office_time import office_time, zone_of

KAMCHATKA = "Asia/Kamchatka"


@pytest.fixture
def far_office(db):
    return OfficeProfile.objects.create(pk=1, city="Город", department="Департамент", time_zone=KAMCHATKA)


@pytest.fixture
def zones(monkeypatch):
    """A duty due at once writes down the zone it ran in."""
    monkeypatch.setattr(duties, "_duties", {})
    seen = []
    duties.every(minutes=1)(lambda: seen.append(timezone.get_current_timezone_name()))
    return seen


def test_the_workers_duties_run_in_the_offices_time(transactional_db, far_office, zones):
    worker.work_once()
    assert zones == [KAMCHATKA]
    assert timezone.get_current_timezone_name() == "Europe/Samara"


def test_the_morning_of_a_daily_duty_is_the_offices_morning(far_office, zones):
    runs = []
    duties.daily(hour=8)(lambda: runs.append(1))
    evening = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # half past eight in the morning there, midnight in Samara
    with office_time():
        for moment in (evening - timedelta(hours=13), evening - timedelta(hours=1), evening):
            duties.run_due(moment)
    assert len(runs) == 2


def test_commands_speak_of_the_offices_days(far_office, monkeypatch):
    seen = []
    monkeypatch.setattr(check_invariants, "violations", lambda: seen.append(timezone.get_current_timezone_name()) or [])
    call_command("check_invariants")
    assert seen == [KAMCHATKA]


def test_a_zone_nobody_knows_is_passed_over(db):
    assert zone_of("Нигде/Ничто") == zone_of("../etc/passwd") == timezone.get_default_timezone()
