"""The second key (TOTP): who must have one, and whether this session still has to show it. Reads only."""
from django_otp.plugins.otp_totp.models import TOTPDevice

from .models import Role

DUE = "second_key_due"  # in the session: the person has a key and has not entered it yet
REQUIRED_ROLES = frozenset({Role.DEPARTMENT_HEAD, Role.OFFICE_HEAD, Role.ADMINISTRATOR})


def before_second_key(view):
    """Mark a view that works before the second key was entered: the key itself and the way out."""
    view.before_second_key = True
    return view


def key_of(person):
    """The confirmed device of a person, or None."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def is_required_of(person, office):
    return office.totp_required and bool(REQUIRED_ROLES & person.roles)


def is_due(request):
    """Whether this session must show the second key, or its owner must set one up, before anything else."""
    person = request.user
    if not person.is_authenticated:
        return False
    if request.session.get(DUE):
        return True
    return is_required_of(person, request.office) and not person.is_verified()
