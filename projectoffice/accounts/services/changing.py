"""What every verb of this app needs: fields laid over a row, their difference for the history, refusals in words."""
from contextlib import contextmanager
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from projectoffice.common.errors import StaleVersion


def lay_over(obj, fields):
    """Set the given fields; returns ``{name: [before, after]}`` as plain JSON of those that changed."""
    changes = {}
    for name, value in fields.items():
        before = getattr(obj, name)
        if before != value:
            changes[name] = [plain(before), plain(value)]
            setattr(obj, name, value)
    return changes


def plain(value):
    """A value as JSON of the history may hold it."""
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | float | list | dict | None) else str(value)


def check_version(obj, version):
    """Refuse a change that was typed over something else than what is stored now."""
    if obj.version != version:
        raise StaleVersion(obj)


def save_checked(obj, *, exclude=()):
    """Validate and save; a constraint of the database that only the last moment knows is a sentence too."""
    obj.full_clean(exclude=exclude)
    with refusals(obj):
        obj.save()
    return obj


@contextmanager
def refusals(obj, field=None):
    """Turn a broken constraint of the model into a ValidationError with the constraint's own sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        sentence = sentence_of(obj, error)
        if sentence is None:
            raise
        raise ValidationError({field: sentence} if field else sentence) from error


def sentence_of(obj, error):
    broken = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in obj._meta.constraints:
        if constraint.name == broken:
            return constraint.get_violation_error_message()
    if broken and "username" in broken:
        return "Такой логин уже занят. Придумайте другой."
    return None
