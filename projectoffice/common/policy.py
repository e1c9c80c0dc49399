"""Every view declares who may reach it; PolicyMiddleware refuses the ones that do not.

A policy is PUBLIC, SIGNED_IN or the name of a permission asked without an object. What a person
may do with one object is asked again by the service, with the object.
"""
import rules
from django.core.exceptions import PermissionDenied

PUBLIC = "public"
SIGNED_IN = "signed in"


def policy(rule):
    """Mark a view with its policy. Stands above every other decorator of the view."""

    def mark(view):
        view.policy = rule
        return view

    return mark


def has_right(user, permission):
    """The question of ``accounts.access.may`` for the few pages of ``common``, which stands below ``accounts``."""
    return bool(user.is_authenticated and user.is_active and rules.has_perm(permission, user))


def require_right(user, permission):
    if not has_right(user, permission):
        raise PermissionDenied(permission)
