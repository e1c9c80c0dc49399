"""Ways in: mailed one-time links, invitations, passwords. Only hashes of tokens are kept."""
import hashlib
import secrets
from datetime import timedelta

from django.contrib.auth import password_validation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.mail import absolute, post

from .. import second_key
from ..access import may, require
from ..models import Invitation, LoginLink, OfficeProfile, RoleAssignment, Substitution, User
from .changing import refusals

LINK_LIFE = timedelta(minutes=30)
INVITATION_LIFE = timedelta(days=7)
MOST_LETTERS = 3  # per mailbox and LINK_LIFE: nobody's mailbox is flooded from our form
OUTDATED = "Ссылка уже не действует: срок прошёл или по ней уже заходили."


def new_token():
    """A token for the letter, and the hash that is stored."""
    token = secrets.token_urlsafe(32)
    return token, hash_of(token)


def hash_of(token):
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def mail_login_links(address):
    """Mail a one-time link for each person who logs in with this mailbox; silently nothing for unknown ones.

    Effects: LoginLink rows, one letter. Returns nothing, so that the answer cannot depend on it.
    """
    people = list(User.objects.active().filter(email__iexact=address, username__isnull=False).in_order()[:20])
    since = timezone.now() - LINK_LIFE
    sent = LoginLink.objects.filter(person__in=people, created_at__gt=since).count()
    if not people or sent >= MOST_LETTERS * len(people):
        new_token()  # the same work for an unknown address, as far as it is seen from outside
        return
    lines = []
    for person in people:
        token, token_hash = new_token()
        link = LoginLink.objects.create(
            person=person, token_hash=token_hash, expires_at=timezone.now() + LINK_LIFE
        )
        lines.append(f"{person.full_name}:\n{absolute(reverse('accounts:login_link_use', args=[token]))}")
    office = OfficeProfile.load()
    post(
        key=f"login-link:{link.pk}",
        subject="Вход на портал",
        address=people[0].email,
        person=people[0] if len(people) == 1 else None,
        body="\n\n".join([
            "Здравствуйте!",
            "Чтобы войти на портал, откройте ссылку и нажмите «Войти». Она действует 30 минут и один раз.",
            *lines,
            "Если вы не просили о входе, ничего делать не нужно.",
            signature(office),
        ]),
    )


def signature(office):
    return "\n".join(part for part in (office.name, office.phone and f"Телефон: {office.phone}") if part)


def find_link(token):
    """The usable link of this token with its person, or None."""
    link = LoginLink.objects.usable().filter(token_hash=hash_of(token)).select_related("person").first()
    return link if link and link.person.is_active and link.person.username else None


@transaction.atomic
def use_login_link(token):
    """Burn the link and return its person. Raises TransitionNotAllowed when it is used, old or unknown."""
    link = LoginLink.objects.select_for_update(of=("self",)).filter(token_hash=hash_of(token)).first()
    if link is None or link.used_at or link.expires_at <= timezone.now():
        raise TransitionNotAllowed(OUTDATED)
    person = locked(link.person)
    if not (person.is_active and person.username):
        raise TransitionNotAllowed(OUTDATED)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    record("login_by_link", person, "Вход по ссылке из письма", by=person)
    return person


@transaction.atomic
def invite(person, *, by):
    """Mail an invitation to choose a login and a password; earlier ones of the same person stop working.

    Effects: Invitation, a letter, history. Raises ValidationError when there is no address.
    """
    require(by, "accounts.manage_people")
    person = locked(person)
    require_power_over(by, person)
    if not person.is_active:
        raise TransitionNotAllowed("Доступ закрыт. Сначала откройте его.")
    if not person.email:
        raise ValidationError("Впишите адрес почты – на него уйдёт приглашение.")
    Invitation.objects.usable().filter(person=person).update(expires_at=timezone.now())
    token, token_hash = new_token()
    invitation = Invitation.objects.create(
        person=person, invited_by=by, token_hash=token_hash, expires_at=timezone.now() + INVITATION_LIFE
    )
    office = OfficeProfile.load()
    post(
        key=f"invitation:{invitation.pk}", subject="Приглашение на портал", person=person, about=person,
        body="\n\n".join([
            f"Здравствуйте, {' '.join(filter(None, (person.given_name, person.patronymic))) or person.surname}!",
            f"{office.name} приглашает вас на портал. Откройте ссылку и придумайте логин и пароль:",
            absolute(reverse("accounts:invitation", args=[token])),
            "Ссылка действует 7 дней и один раз. Если срок прошёл, попросите офис прислать новую.",
            signature(office),
        ]),
    )
    record("invite", person, f"Составлено приглашение на {person.email}", by=by)
    return invitation


def require_power_over(by, person):
    """Only an administrator may act on the mailbox and the access of a head, of who acts for one, of an administrator.

    Otherwise staff could lead the letters to their own mailbox and sign in the head's name. It holds before the
    first login too: the invitation is exactly what would be led away.
    """
    if not may_act_on(by, person):
        raise PermissionDenied("accounts.manage_roles")


def may_act_on(by, person):
    return person.pk == by.pk or may(by, "accounts.manage_roles") or not powerful_people().filter(pk=person.pk).exists()


def powerful_people():
    """Who holds such a role, oneself or by a substitution, today or on a day to come."""
    today = timezone.localdate()
    holders = RoleAssignment.objects.filter(role__in=second_key.REQUIRED_ROLES).exclude(until__lt=today)
    acting = Substitution.objects.going_on_or_coming().filter(absent__in=holders.values("person"))
    return User.objects.filter(Q(pk__in=holders.values("person")) | Q(pk__in=acting.values("acting")))


def find_invitation(token):
    """The usable invitation of this token with its person, or None."""
    invitation = Invitation.objects.usable().filter(token_hash=hash_of(token)).select_related("person").first()
    return invitation if invitation and invitation.person.is_active else None


@transaction.atomic
def accept_invitation(token, *, username, password):
    """Give the invited person the chosen login and password; the invitation is burnt, earlier sessions end.

    Raises TransitionNotAllowed (used, old, unknown) or ValidationError (login taken, weak password).
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=hash_of(token)).first()
    if invitation is None or invitation.used_at or invitation.expires_at <= timezone.now():
        raise TransitionNotAllowed(OUTDATED)
    person = locked(invitation.person)
    if not person.is_active:
        raise TransitionNotAllowed(OUTDATED)
    check_password(password, person, "new_password")
    person.username = username
    put_password(person, password)
    with refusals(person, field="username"):
        person.save()
    invitation.used_at = timezone.now()
    invitation.save(update_fields=["used_at"])
    record("accept_invitation", person, "Приглашение принято: есть логин и пароль", by=person)
    return person


def check_password(password, person, field):
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


def put_password(person, password):
    person.set_password(password)
    person.session_number += 1
    person.version += 1


@transaction.atomic
def set_password(person, *, by, password):
    """Change one's own password; every other session of the person ends and a letter tells about it."""
    if by.pk != person.pk:
        raise PermissionDenied("Nobody sets the password of another.")
    person = locked(person)
    check_password(password, person, "new_password")
    put_password(person, password)
    person.save(update_fields=["password", "session_number", "version"])
    LoginLink.objects.usable().filter(person=person).update(expires_at=timezone.now())
    event = record("set_password", person, "Пароль изменён", by=by)
    post(
        key=f"password:{event.pk}", subject="Пароль изменён", person=person, about=person,
        body="\n\n".join([
            "Здравствуйте!",
            f"Пароль для входа на портал изменён. Логин: {person.username}.",
            "Если это сделали не вы, сразу позвоните в офис.",
            signature(OfficeProfile.load()),
        ]),
    )
    return person
