"""Whose projects are whose, as conditions of the database."""
from django.db.models import Exists, OuterRef, Q

from .models import TeamMember


def kept_by(people):
    """Projects one of these people heads, or keeps on the portal today."""
    editors = TeamMember.objects.current().filter(project=OuterRef("pk"), role=TeamMember.Role.EDITOR, person__in=people)
    return Q(head__in=people) | Exists(editors)
