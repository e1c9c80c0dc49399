"""Reads of people for lists: one query each for what a row shows, whatever the number of rows."""
from django.db.models import Exists, OuterRef, Prefetch, Q

from .models import Invitation, Post, RoleAssignment

STATUS_LOOKS = {
    "none": ("neutral", "Без входа"),
    "invited": ("wait", "Приглашение отправлено"),
    "login": ("done", "Входит на портал"),
    "closed": ("closed", "Доступ закрыт"),
    "left": ("closed", "Доступ закрыт"),
}


def with_row(people):
    """People with posts and roles of today and whether an invitation waits."""
    return with_invitation(people).prefetch_related(
        Prefetch("posts", Post.objects.current().select_related("institution"), to_attr="posts_today"),
        Prefetch("role_assignments", RoleAssignment.objects.current(), to_attr="roles_today"),
    )


def with_invitation(people):
    waits = Invitation.objects.usable().filter(person=OuterRef("pk"))
    return people.annotate(is_invited=Exists(waits))


def status_of(person):
    """Code of the state of a person read by ``with_invitation``."""
    if not person.is_active:
        return "left" if person.left_on else "closed"
    if person.username:
        return "login"
    return "invited" if person.is_invited else "none"


def badge_of(person):
    """``(family, word)`` of the badge."""
    return STATUS_LOOKS[status_of(person)]


def filtered(people, words):
    """The list narrowed by what ``PeopleFilter`` understood."""
    if words.get("q"):
        people = people.found_by(words["q"])
    if words.get("institution"):
        at = Post.objects.current().filter(institution=words["institution"], person=OuterRef("pk"))
        people = people.filter(Exists(at))
    if words.get("role"):
        role = RoleAssignment.objects.current().filter(role=words["role"], person=OuterRef("pk"))
        people = people.filter(Exists(role))
    return people.filter(in_status(words.get("status") or ""))


def in_status(code):
    invited = Exists(Invitation.objects.usable().filter(person=OuterRef("pk")))
    return {
        "login": Q(is_active=True, username__isnull=False),
        "none": Q(is_active=True, username__isnull=True) & ~invited,
        "invited": Q(is_active=True, username__isnull=True) & invited,
        "closed": Q(is_active=False, left_on__isnull=True),
        "left": Q(is_active=False, left_on__isnull=False),
    }.get(code, Q())


