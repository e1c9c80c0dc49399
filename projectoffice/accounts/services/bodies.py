"""Verbs about bodies and their members."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..access import require
from ..models import Body, Membership
from .changing import check_version, lay_over, save_checked
from .people import refuse_if_changed, words_of

MEMBER_FIELDS = ("role", "since", "until")


@transaction.atomic
def create_body(*, by, is_main=False, **fields):
    require(by, "accounts.manage_bodies")
    if is_main:
        step_down_main()
    body = save_checked(Body(is_main=is_main, **fields))
    record("create_body", body, f"Внесён орган: {body}", by=by)
    return body


@transaction.atomic
def save_body(body, *, by, version, **fields):
    """Change a body; made the main one, it takes the place of the former."""
    require(by, "accounts.manage_bodies")
    body = locked(body)
    check_version(body, version)
    if body.is_main and not fields.get("is_main", True):
        raise ValidationError({"is_main": "Основной орган нужен всегда: отметьте основным другой, и этот уступит сам."})
    changes = lay_over(body, fields)
    if not changes:
        return body
    if changes.get("is_main"):
        step_down_main(but=body)
    body.version += 1
    save_checked(body)
    record("save_body", body, "Изменено: " + words_of(body, changes), by=by, changes=changes)
    return body


def step_down_main(but=None):
    others = Body.objects.filter(is_main=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    others.update(is_main=False, version=F("version") + 1)


@transaction.atomic
def close_body(body, *, by, closed_on):
    """From this day the body meets no more; its plans and protocols stay."""
    require(by, "accounts.manage_bodies")
    body = locked(body)
    if body.is_main:
        raise ValidationError("Основной орган не упраздняют: сначала отметьте основным другой.")
    if lay_over(body, {"closed_on": closed_on}):
        body.version += 1
        body.save()
        record("close_body", body, f"Упразднён с {closed_on:%d.%m.%Y}", by=by)
    return body


@transaction.atomic
def open_body(body, *, by):
    require(by, "accounts.manage_bodies")
    body = locked(body)
    if lay_over(body, {"closed_on": None}):
        body.version += 1
        body.save()
        record("open_body", body, "Снова работает", by=by)
    return body


# Members

@transaction.atomic
def add_member(body, *, by, person, role, since=None, until=None):
    """A member at the end of the list; the same person twice in the same days is refused."""
    require(by, "accounts.manage_bodies")
    body = locked(body)
    refuse_twice(body, person, since, until)
    last = body.memberships.aggregate(last=Max("position"))["last"] or 0
    member = save_checked(Membership(
        body=body, person=person, role=role, since=since, until=until, position=last + 1
    ))
    record("add_member", body, f"В составе: {member}", by=by)
    return member


def refuse_twice(body, person, since, until, but=None):
    rows = body.memberships.filter(person=person)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    if since:
        rows = rows.filter(Q(until__isnull=True) | Q(until__gte=since))
    if until:
        rows = rows.filter(Q(since__isnull=True) | Q(since__lte=until))
    if rows.exists():
        raise ValidationError({"person": "Этот человек в эти дни уже в составе."})


@transaction.atomic
def save_member(member, *, by, shown, **fields):
    """Change role and dates; ``shown`` are the fields and their fingerprint the form was opened with."""
    require(by, "accounts.manage_bodies")
    body = locked(member.body)
    member = Membership.objects.select_for_update().get(pk=member.pk)
    refuse_if_changed(member, shown)
    changes = lay_over(member, fields)
    if changes:
        refuse_twice(body, member.person, member.since, member.until, but=member)
        save_checked(member)
        record("save_member", body, f"Изменено: {member}", by=by, changes=changes)
    return member


@transaction.atomic
def end_membership(member, *, by):
    """The membership ends with yesterday; one that began today was a mistake and goes."""
    require(by, "accounts.manage_bodies")
    body = locked(member.body)
    member = Membership.objects.select_for_update().get(pk=member.pk)
    today = timezone.localdate()
    words = str(member)
    if member.since and member.since >= today:
        member.delete()
    elif member.until is None or member.until >= today:
        member.until = today - timedelta(days=1)
        member.save(update_fields=["until"])
    record("end_membership", body, f"Выведен(а) из состава: {words}", by=by)
    return body


@transaction.atomic
def move_member(member, *, by, up):
    """One place up or down among those who are in the list today; at the edge nothing happens."""
    require(by, "accounts.manage_bodies")
    body = locked(member.body)
    rows = list(body.memberships.current())
    place = next((index for index, row in enumerate(rows) if row.pk == member.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(rows):
        return body
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, start=1):
        row.position = position
    Membership.objects.bulk_update(rows, ["position"])
    record("move_member", body, f"Порядок в составе: {member} {'выше' if up else 'ниже'}", by=by)
    return body
