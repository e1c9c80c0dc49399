"""Verbs about people: who they are, their posts, their roles, their access."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.errors import StaleVersion
from projectoffice.common.hashing import content_hash
from projectoffice.common.history import record
from projectoffice.common.mail import post

from ..access import require
from ..models import Invitation, LoginLink, OfficeProfile, Post, Role, RoleAssignment, User
from .changing import check_version, lay_over, plain, save_checked
from .login import require_power_over, signature

NAMES = ("surname", "given_name", "patronymic")


@transaction.atomic
def create_person(*, by, post_title="", institution=None, since=None, **fields):
    """A person without a login, with the first post when one is given."""
    require(by, "accounts.manage_people")
    person = User(**fields)
    person.set_unusable_password()
    save_checked(person, exclude=["password"])
    record("create_person", person, "Человек внесён в список", by=by)
    if post_title:
        add_post(person, by=by, title=post_title, institution=institution, since=since)
    return person


@transaction.atomic
def save_person(person, *, by, version, **fields):
    """Change names and contacts; StaleVersion when somebody changed them after ``version`` was read.

    The mail of a head, of who acts for one and of an administrator is changed by an administrator or by the person.
    """
    require(by, "accounts.manage_people")
    person = locked(person)
    check_version(person, version)
    if fields.get("email", person.email) != person.email:
        require_power_over(by, person)
    return store_person(person, by=by, fields=fields)


@transaction.atomic
def save_own_contacts(person, *, email, phone, version):
    """One's own mail and phone."""
    person = locked(person)
    check_version(person, version)
    return store_person(person, by=person, fields={"email": email, "phone": phone})


def note_start_read(person):
    """«Понятно» on the start page: its words for a first visit are shown no more. Nothing the history would tell."""
    User.objects.filter(pk=person.pk, start_read_at__isnull=True).update(start_read_at=timezone.now())


def store_person(person, *, by, fields):
    old_address = person.email
    changes = lay_over(person, fields)
    if not changes:
        return person
    person.version += 1
    save_checked(person, exclude=["password"])
    event = record("save_person", person, "Изменены данные: " + words_of(person, changes), by=by, changes=changes)
    if "email" in changes and person.username and old_address:
        tell_old_address(person, old_address, event)
    return person


def words_of(obj, changes):
    return ", ".join(str(obj._meta.get_field(name).verbose_name) for name in changes)


def tell_old_address(person, address, event):
    """The old mailbox learns that links will go elsewhere: the last chance to notice a takeover."""
    LoginLink.objects.usable().filter(person=person).update(expires_at=timezone.now())
    Invitation.objects.usable().filter(person=person).update(expires_at=timezone.now())
    post(
        key=f"address:{event.pk}", subject="Адрес почты изменён", address=address, about=person,
        body="\n\n".join([
            "Здравствуйте!",
            f"Для входа на портал ({person.full_name}) теперь записан другой адрес почты.",
            "Если это сделали не вы, сразу позвоните в офис.",
            signature(OfficeProfile.load()),
        ]),
    )


# Posts

@transaction.atomic
def add_post(person, *, by, title, institution=None, since=None, until=None):
    require(by, "accounts.manage_people")
    person = locked(person)
    added = save_checked(Post(person=person, title=title, institution=institution, since=since, until=until))
    record("add_post", person, f"Добавлена должность: {added}", by=by)
    return added


@transaction.atomic
def save_post(post_, *, by, shown, **fields):
    """Change a post; ``shown`` are the values the form was opened with, so that nobody's change is overwritten."""
    require(by, "accounts.manage_people")
    person = locked(post_.person)
    post_ = Post.objects.select_for_update().get(pk=post_.pk)
    refuse_if_changed(post_, shown)
    changes = lay_over(post_, fields)
    if changes:
        save_checked(post_)
        record("save_post", person, f"Изменена должность: {post_}", by=by, changes=changes)
    return post_


@transaction.atomic
def remove_post(post_, *, by):
    """Take away a post entered by mistake; a post that ended gets its last day instead."""
    require(by, "accounts.manage_people")
    person = locked(post_.person)
    title = str(post_)
    Post.objects.filter(pk=post_.pk).delete()
    record("remove_post", person, f"Удалена должность: {title}", by=by)
    return person


def fingerprint(obj, names):
    """What a form was opened with, as one string for its hidden field."""
    return content_hash([plain(getattr(obj, name)) for name in names])


def refuse_if_changed(obj, shown):
    """Refuse a change typed over other values; the fingerprint of today goes along as ``version`` of the row."""
    names, value = shown
    obj.version = fingerprint(obj, names)
    if obj.version != value:
        raise StaleVersion(obj)


# Roles

@transaction.atomic
def give_role(person, *, by, role, since=None, until=None):
    """Give an office-wide role; administrators only."""
    require(by, "accounts.manage_roles")
    person = locked(person)
    same = person.role_assignments.filter(role=role).exclude(until__lt=since or timezone.localdate())
    if until:
        same = same.exclude(since__gt=until)
    if same.exists():
        raise ValidationError({"role": "Эта роль в эти дни у человека уже есть."})
    given = save_checked(RoleAssignment(person=person, role=role, since=since, until=until))
    record("give_role", person, f"Дана роль: {given.get_role_display()}", by=by,
           changes={"since": plain(since), "until": plain(until)})
    return given


@transaction.atomic
def end_role(assignment, *, by):
    """Take a role away from now on. The last administrator keeps the role: somebody must be able to give it."""
    require(by, "accounts.manage_roles")
    guard_roles()
    person = locked(assignment.person)
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.role == Role.ADMINISTRATOR and assignment.is_current():
        refuse_last_administrator(person)
    yesterday = timezone.localdate() - timedelta(days=1)
    if assignment.since and assignment.since > yesterday:
        assignment.delete()
    elif assignment.until is None or assignment.until > yesterday:
        assignment.until = yesterday
        assignment.save(update_fields=["until"])
    record("end_role", person, f"Снята роль: {assignment.get_role_display()}", by=by,
           changes={"role": assignment.role, "until": plain(yesterday)})
    return person


def guard_roles():
    """One at a time: two administrators who take the role from each other must not both succeed."""
    list(RoleAssignment.objects.select_for_update(of=("self",)).filter(role=Role.ADMINISTRATOR).order_by("pk"))


def refuse_last_administrator(person):
    """An administrator who can log in and whose role has no end must be left."""
    others = RoleAssignment.objects.current().filter(
        role=Role.ADMINISTRATOR, until__isnull=True, person__is_active=True, person__username__isnull=False
    ).exclude(person=person)
    if not others.exists():
        raise ValidationError("Это последний администратор. Сначала дайте роль администратора кому-то ещё, без даты окончания.")


# Access

@transaction.atomic
def close_access(person, *, by, left_on=None):
    """Close the way in at once: sessions end, links and invitations stop; ``left_on`` when the person has left."""
    require(by, "accounts.manage_people")
    guard_roles()
    person = locked(person)
    require_power_over(by, person)
    if by.pk == person.pk:
        raise ValidationError("Закрыть доступ самому себе нельзя: попросите другого сотрудника.")
    if Role.ADMINISTRATOR in person.own_roles and person.is_active:
        refuse_last_administrator(person)
    changes = lay_over(person, {"is_active": False} | ({"left_on": left_on} if left_on else {}))
    if not changes:
        return person
    person.session_number += 1
    person.version += 1
    person.save()
    now = timezone.now()
    LoginLink.objects.usable().filter(person=person).update(expires_at=now)
    Invitation.objects.usable().filter(person=person).update(expires_at=now)
    record("close_access", person, "Доступ закрыт" + (f", выбыл(а) {left_on:%d.%m.%Y}" if left_on else ""), by=by)
    return person


@transaction.atomic
def open_access(person, *, by):
    """Open the way in again; the login and the password are the old ones."""
    require(by, "accounts.manage_people")
    person = locked(person)
    require_power_over(by, person)
    changes = lay_over(person, {"is_active": True, "left_on": None})
    if changes:
        person.version += 1
        person.save()
        record("open_access", person, "Доступ открыт", by=by, changes=changes)
    return person
