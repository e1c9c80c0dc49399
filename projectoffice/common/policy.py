"""Every view declares who may reach it; PolicyMiddleware refuses the ones that do not.

A policy is PUBLIC, SIGNED_IN or the name of a permission asked without an object. What a person
may do with one object is asked again by the service, with the object.
"""
PUBLIC = "public"
SIGNED_IN = "signed in"


def policy(rule):
    """Mark a view with its policy. Stands above every other decorator of the view."""

    def mark(view):
        view.policy = rule
        return view

    return mark
