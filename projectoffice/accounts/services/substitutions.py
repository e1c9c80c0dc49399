"""Verbs of substitution («и.о.»): who acts for whom, from when to when, by which order."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.mail import post

from ..access import require
from ..models import Role, Substitution, User
from .changing import lay_over, refusals
from .people import refuse_if_changed

FIELDS = ("absent", "acting", "since", "until", "post", "basis")


def require_power(by, absent):
    """An acting person holds the rights of the absent one: for an administrator only an administrator arranges it."""
    require(by, "accounts.manage_substitutions")
    if Role.ADMINISTRATOR in absent.own_roles:
        require(by, "accounts.manage_roles")


def refuse_for_oneself(by, acting):
    """Nobody gives oneself the signature of another: a second person records the order."""
    if by.pk == acting.pk:
        raise ValidationError({"acting": "Замещение, в котором замещаете вы, оформляет другой сотрудник."})


@transaction.atomic
def create_substitution(*, by, **fields):
    """Arrange a substitution; overlapping ones of the same person are refused, by the database too."""
    absent = locked(fields["absent"])
    require_power(by, absent)
    refuse_for_oneself(by, fields["acting"])
    substitution = check_and_save(Substitution(**fields))
    tell(substitution, "create_substitution", "Оформлено замещение", by)
    return substitution


@transaction.atomic
def save_substitution(substitution, *, by, shown, **fields):
    """Change a substitution that has not ended; one that has begun keeps its people and its first day."""
    lock_people(substitution, fields)
    substitution = Substitution.objects.select_for_update().get(pk=substitution.pk)
    require_power(by, substitution.absent)
    require_power(by, fields["absent"])
    refuse_for_oneself(by, fields["acting"])
    refuse_if_changed(substitution, shown)
    if substitution.is_over:
        raise TransitionNotAllowed("Замещение уже закончилось, изменить его нельзя.")
    began = substitution.since <= timezone.localdate()
    changes = lay_over(substitution, fields)
    if began and changes.keys() & {"absent", "acting", "since"}:
        raise ValidationError("Замещение уже идёт: людей и первый день не меняют. Закончите его и оформите новое.")
    if changes:
        check_and_save(substitution)
        tell(substitution, "save_substitution", "Изменено замещение", by, changes)
    return substitution


def lock_people(substitution, fields):
    ids = {substitution.absent_id, fields["absent"].pk}
    list(User.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def end_substitution(substitution, *, by):
    """The absent person is back: the other acts no more from this moment. One that has not begun goes altogether."""
    locked(substitution.absent)
    substitution = Substitution.objects.select_for_update().get(pk=substitution.pk)
    require_power(by, substitution.absent)
    if substitution.is_over:
        return None
    tell(substitution, "end_substitution", "Замещение закончено", by)
    return stop(substitution)


def stop(substitution):
    """Yesterday was the last day. One of today's goes altogether, or ends this minute when it was signed under.

    Returns the row that stays, or None.
    """
    today = timezone.localdate()
    if substitution.since < today:
        substitution.until = today - timedelta(days=1)
    elif forget(substitution):
        return None
    else:
        substitution.until, substitution.ended_at = substitution.since, timezone.now()
    substitution.save(update_fields=["until", "ended_at"])
    return substitution


def forget(substitution):
    """Delete one that has just begun; what was signed under it today keeps it."""
    try:
        substitution.delete()
    except ProtectedError:
        return False
    return True


def check_and_save(substitution):
    """Every rule with its sentence beside the field it speaks of."""
    for name in ("absent", "acting"):
        person = getattr(substitution, name)
        if not person.is_active or person.left_on:
            raise ValidationError({name: f"{person} уже не работает на портале."})
    try:
        substitution.full_clean()
        with refusals(substitution):
            substitution.save()
    except ValidationError as error:
        raise beside_the_dates(substitution, error) from error
    return substitution


def beside_the_dates(substitution, error):
    """«В эти дни уже замещают» belongs to the dates, and says who and when."""
    clash = Substitution.objects.filter(
        absent=substitution.absent, since__lte=substitution.until, until__gte=substitution.since, ended_at__isnull=True
    ).exclude(pk=substitution.pk).select_related("acting").first()
    if clash is None or hasattr(error, "error_dict") and set(error.error_dict) - {"__all__"}:
        return error
    return ValidationError({
        "since": f"В эти дни этого человека уже замещает {clash.acting}: {clash.since:%d.%m.%Y}–{clash.until:%d.%m.%Y}. "
                 "Измените даты или закончите прежнее замещение."
    })


def tell(substitution, verb, word, by, changes=None):
    """The history of both people, and a letter to each: a signature is never lent behind its owner's back."""
    words = f"{substitution.acting} за: {substitution.absent}, {substitution.since:%d.%m.%Y}–{substitution.until:%d.%m.%Y}"
    for person in (substitution.absent, substitution.acting):
        event = record(verb, person, f"{word}: {words}", by=by, changes={"basis": substitution.basis, **(changes or {})})
        post(
            key=f"substitution:{event.pk}",
            person=person,
            subject=f"{word}: {words}",
            body=f"{word}: {words}.\nОснование: {substitution.basis}.\n\n"
            "Кто замещает, тот решает по документам вместо отсутствующего. Если это ошибка, сообщите в Проектный офис.\n",
            about=person,
        )
