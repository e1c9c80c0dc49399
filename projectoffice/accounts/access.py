"""The one place that answers "may this user?".

Permissions are names bound to predicates of the ``rules`` library in the apps' ``rules.py``. A name
nobody registered is an error, never a quiet no (``user.has_perm`` would even say yes to some).
"""
import rules
from django.core.exceptions import PermissionDenied
from rules.permissions import permissions

from .models import Role


class System:
    """The portal itself: who acts when a command is run in a shell with no person behind it.

    Whoever has the shell has the database, so nothing is refused; the history shows no actor. It never comes
    from a request: a request's user is a row of the database or anonymous.
    """

    pk = None
    is_authenticated = is_active = True
    roles = frozenset()
    substitutions = ()

    def __str__(self):
        return "портал"


_SYSTEM = System()


def system():
    """The actor of management commands, the only one that is no person."""
    return _SYSTEM


def person_of(actor):
    """The person to store as the author of a change; None for the portal itself."""
    return None if actor is _SYSTEM else actor


def may(user, permission, obj=None):
    """Whether this user has the permission, asked in general (no object) or about one object."""
    if permission not in permissions:
        raise LookupError(f"Nobody registered the permission {permission!r}.")
    if user is _SYSTEM:
        return True
    return bool(user and user.is_authenticated and user.is_active and rules.has_perm(permission, user, obj))


def require(user, permission, obj=None):
    """Raise PermissionDenied unless the user may."""
    if not may(user, permission, obj):
        raise PermissionDenied(permission)


def has_role(*codes):
    """A predicate: the user holds one of these office-wide roles today, oneself or acting for another."""
    wanted = frozenset(codes)

    @rules.predicate(name="has_role(" + ", ".join(sorted(wanted)) + ")")
    def check(user):
        return bool(wanted & user.roles)

    return check


is_signed_in = rules.is_authenticated
is_office = has_role(Role.OFFICE_STAFF, Role.OFFICE_HEAD)
is_head = has_role(Role.OFFICE_HEAD, Role.DEPARTMENT_HEAD)
is_administrator = has_role(Role.ADMINISTRATOR)
