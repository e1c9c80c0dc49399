"""The one history and the moment it tells."""
from datetime import timedelta

import pytest
from django.utils import timezone

from projectoffice.common.history import history_of, record, record_many, told_at
from projectoffice.common.house.places import PROJECT
from tests.factories import InstitutionFactory


@pytest.mark.django_db
def test_a_demonstration_tells_its_past_and_nobody_else_does():
    place, long_ago = InstitutionFactory(), timezone.now() - timedelta(days=400)
    with told_at(long_ago):
        record("open", place, "Открыто", by=None)
        record_many("save", [(place, "Записано")], by=None)
    record("close", place, "Закрыто", by=None)
    assert [each.moment == long_ago for each in history_of(place)] == [False, True, True]
    users = {path.parent.name for app in ("projectoffice", "portfolios", "meetings", "contests") for path in (PROJECT / app).rglob("*.py")
             if "told_at(" in path.read_text() and path.name != "history.py"}
    assert users <= {"demo"}
