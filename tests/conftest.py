"""What every test stands on: a real PostgreSQL, and settings that touch nothing of this checkout.

The controller enters a throw-away server before Django is configured; xdist's workers inherit its
address. A DATABASE_URL set from outside is used as it is. DJANGO_SETTINGS_MODULE is set here and not
in pyproject.toml, because pytest-django would read the settings before this file.
"""
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest

from projectoffice.common.house.places import PROJECT
from projectoffice.common.house.postgres import serving

pytest_plugins = ["tests.browsers", "tests.common.smtp"]

# Properties say what is true, not how fast: on a busy machine an example may take its time.
hypothesis.settings.register_profile("house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("house")

house = ExitStack()
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("SHARED_DOCUMENTS", str(PROJECT.parent / "shared" / "documents"))
os.environ["DJANGO_SETTINGS_MODULE"] = "projectoffice.settings"


def pytest_configure(config):
    house.enter_context(serving(throwaway=True))
    scratch = Path(house.enter_context(tempfile.TemporaryDirectory(prefix="po-files-")))
    from django.conf import settings

    settings.MEDIA_ROOT = scratch / "uploads"
    settings.STATIC_ROOT = scratch / "static"
    settings.STATIC_ROOT.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Served by the finders: collecting and compressing is a step of the set-up, not of a test.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"


def pytest_unconfigure(config):
    house.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with transactions of its own ends with TRUNCATE of every table, so the walls against that are lowered.

    ``tests/documents/test_walls.py`` puts them up again and runs against each.
    """
    from django.test import TransactionTestCase

    from tests.sweeping import swept
    from tests.walls import lower_walls_against_truncate

    TransactionTestCase._fixture_teardown = swept
    with django_db_blocker.unblock():
        lower_walls_against_truncate()


@pytest.fixture
def cast(db):
    """The named people of tests/cast.py, in the test's database."""
    from tests.cast import make_cast

    return make_cast()
