"""The door every change of a project goes through."""
from projectoffice.common.db import locked

from ..workflow import demand


def open_project(project, by, verb="edit"):
    """Lock the project and answer that this person may do this to it now; returns the locked project.

    Raises PermissionDenied or TransitionNotAllowed.
    """
    project = locked(project)
    demand(project, verb, by)
    return project


def step(project, *fields):
    """Save these fields and one step of the version, so that a form opened before this change is told."""
    project.version += 1
    project.save(update_fields=[*fields, "version"])
    return project
