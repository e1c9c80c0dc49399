"""Demonstration data: each app has a ``demo.py`` with ``create()``; they run in the order of INSTALLED_APPS."""
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction


class DemoNotAllowed(Exception):
    """This database is a real one."""


def demo_modules():
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.demo"):
            yield import_module(f"{config.name}.demo")


def allowed():
    """Only on the portal's own embedded server, or where DEMO=1 says so."""
    return settings.EMBEDDED_POSTGRES or settings.DEMO


@transaction.atomic
def create_demo():
    """Fill an empty database, all or nothing. True when it was filled, False when somebody already lives there."""
    if not allowed():
        raise DemoNotAllowed("Демонстрационные данные создаются только на встроенном сервере или при DEMO=1.")
    if get_user_model().objects.exists():
        return False
    for module in demo_modules():
        module.create()
    return True
