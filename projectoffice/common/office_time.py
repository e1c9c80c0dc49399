"""The office's own time zone, wherever days and hours are said: pages, letters, duties, commands."""
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.apps import apps
from django.utils import timezone


@contextmanager
def office_time(name=None):
    """Inside, "today" and local hours are the office's. ``name`` spares the question to who has the profile at hand."""
    with timezone.override(zone_of(name or stored_name())):
        yield


def stored_name():
    return apps.get_model("accounts", "OfficeProfile").load().time_zone


def zone_of(name):
    """The zone of this name; the default one when the name is nonsense."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return timezone.get_default_timezone()
