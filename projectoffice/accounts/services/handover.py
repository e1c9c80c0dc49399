"""All open work of a leaver to a successor in one transaction, and this app's own share of it."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from projectoffice.common.history import record

from .. import handover
from ..access import require
from ..models import Membership, OfficeProfile, Substitution, User
from .people import close_access
from .substitutions import require_power, stop


@transaction.atomic
def hand_over(person, successor, *, by, left_on=None):
    """Give everything open to the successor; with ``left_on`` the leaver's access is closed too.

    Effects: whatever the apps' shares do, history of both people. Returns the sentence of what went.
    """
    require(by, "accounts.hand_over")
    if person.pk == successor.pk:
        raise ValidationError({"successor": "Передать дела самому себе нельзя."})
    if left_on and by.pk == person.pk:
        raise ValidationError({"left_on": "Закрыть доступ самому себе нельзя: попросите другого сотрудника."})
    people = {p.pk: p for p in User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, successor.pk]).order_by("pk")}
    person, successor = people[person.pk], people[successor.pk]
    if not successor.is_active or successor.left_on:
        raise ValidationError({"successor": f"{successor} уже не работает на портале. Выберите другого человека."})
    gone = [(share.label, share.hand_over(person, successor, by)) for share in handover.all_shares()]
    gone = [(label, count) for label, count in gone if count]
    sentence = "; ".join(f"{label}: {count}" for label, count in gone) or "открытых дел не было"
    record("hand_over", person, f"Дела переданы: {successor} – {sentence}", by=by, changes=dict(gone))
    record("take_over", successor, f"Приняты дела: {person}. {sentence}", by=by, changes=dict(gone))
    if left_on:
        close_access(person, by=by, left_on=left_on)
    return f"{sentence[:400].capitalize()}."


def refuse_to_oneself(by, successor):
    """A signature that is waited for, of the leaver's own or as acting, is never taken by who hands it over."""
    if by.pk == successor.pk:
        raise ValidationError({"successor": "Среди дел есть подписи или замещения. Передать их себе нельзя: "
                                            "это оформляет другой сотрудник."})


# Memberships of bodies

def memberships_of(person):
    today = timezone.localdate()
    return Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=today), person=person, body__closed_on__isnull=True
    )


def hand_over_memberships(person, successor, by):
    """The successor takes the same place from today; a place one already holds is only left by the other."""
    today = timezone.localdate()
    moved = 0
    for membership in memberships_of(person).select_for_update(of=("self",)).select_related("body"):
        body = membership.body
        already = body.memberships.filter(person=successor).filter(Q(until__isnull=True) | Q(until__gte=today)).first()
        if already is None:
            body.memberships.create(
                person=successor, role=membership.role, position=membership.position,
                since=max(today, membership.since or today), until=membership.until,
            )
        elif already.role == Membership.Role.MEMBER and membership.role != Membership.Role.MEMBER:
            already.role = membership.role
            already.save(update_fields=["role"])
        end_membership(membership, today)
        record("hand_over_membership", body, f"{successor} вместо: {person}", by=by)
        moved += 1
    return moved


def end_membership(membership, today):
    if membership.since and membership.since >= today:
        membership.delete()
        return
    membership.until = today - timedelta(days=1)
    membership.save(update_fields=["until"])


# Stamps every new document begins with

def default_stamps_of(person):
    return [stamp for stamp in OfficeProfile.load().default_stamps if stamp.get("signer_id") == person.pk]


def hand_over_default_stamps(person, successor, by):
    count = len(default_stamps_of(person))
    if not count:
        return 0
    office = OfficeProfile.objects.select_for_update().get(pk=1)
    method = {} if successor.can_log_in else {"method": "ink"}
    office.default_stamps = [
        stamp | {"signer_id": successor.pk, "name": successor.signature_name} | method
        if stamp.get("signer_id") == person.pk else stamp
        for stamp in office.default_stamps
    ]
    office.version += 1
    office.save()
    record("hand_over_stamps", office, f"В грифах по умолчанию {successor} вместо: {person}", by=by)
    return count


# Substitutions in which the leaver acts for somebody

def acting_of(person):
    return Substitution.objects.going_on_or_coming().filter(acting=person).exclude(absent=person)


def hand_over_acting(person, successor, by):
    """From today the successor acts; a substitution of the successor oneself just ends.

    It is a substitution arranged anew, so the same rules hold: nobody hands the signature of another to oneself.
    """
    today = timezone.localdate()
    rows = list(acting_of(person).select_for_update(of=("self",)).select_related("absent"))
    for row in rows:
        require_power(by, row.absent)
        since, until = max(row.since, today), row.until
        stop(row)
        if row.absent_id != successor.pk:
            refuse_to_oneself(by, successor)
            Substitution.objects.create(
                absent=row.absent, acting=successor, since=since, until=until, post=row.post, basis=row.basis
            )
        record("hand_over_acting", row.absent, f"Обязанности исполняет {successor} вместо: {person}", by=by)
    return len(rows)


handover.contributes("места в органах", count=lambda person: memberships_of(person).count(),
                     hand_over=hand_over_memberships)
handover.contributes("грифы по умолчанию", count=lambda person: len(default_stamps_of(person)),
                     hand_over=hand_over_default_stamps)
handover.contributes("замещения", count=lambda person: acting_of(person).count(), hand_over=hand_over_acting)
