"""Verbs of the second key: set up, confirm, enter, spare codes, take away."""
import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record

from ..access import require
from ..models import User
from ..second_key import key_of

SPARE_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letters that look like digits
WRONG = "Код не подошёл. Проверьте время на телефоне и введите код, который показан сейчас."
WAIT = "Слишком много неверных кодов. Подождите немного и попробуйте снова."


@transaction.atomic
def begin_second_key(person):
    """A fresh unconfirmed key of the person; an earlier unconfirmed one is forgotten."""
    person = locked(person)
    if key_of(person):
        raise TransitionNotAllowed("Второй ключ уже подключён.")
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    return TOTPDevice.objects.create(user=person, name="Приложение на телефоне", confirmed=False)


@transaction.atomic
def confirm_second_key(person, *, code):
    """Confirm the key by its first code; returns ``(device, spare codes)``. Other sessions end."""
    person = locked(person)
    device = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=False).first()
    if device is None:
        raise TransitionNotAllowed("Подключение не начато или уже закончено.")
    refusal = refusal_of(device, code)
    if refusal:
        return None, refusal
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    User.objects.filter(pk=person.pk).update(session_number=person.session_number + 1)
    record("confirm_second_key", person, "Подключён второй ключ", by=person)
    return device, new_spare_codes(person)


def refusal_of(device, code):
    """Try a code; the sentence that refuses it, or None. Wrong codes slow the next ones down."""
    allowed, _ = device.verify_is_allowed()
    if not allowed:
        return WAIT
    return None if device.verify_token(code) else WRONG


def new_spare_codes(person):
    """Ten codes for the day the phone is lost; the earlier ones stop working. Shown once."""
    device, _ = StaticDevice.objects.get_or_create(user=person, defaults={"name": "Запасные коды"})
    device.token_set.all().delete()
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(8)) for _ in range(SPARE_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def renew_spare_codes(person):
    person = locked(person)
    if not key_of(person):
        raise TransitionNotAllowed("Сначала подключите второй ключ.")
    record("renew_spare_codes", person, "Выданы новые запасные коды", by=person)
    return new_spare_codes(person)


@transaction.atomic
def enter_second_key(person, *, code):
    """The device that accepted the code; a spare code works once. Returns ``(device, refusal)``."""
    is_spare = not (code.isascii() and code.isdigit())
    model = StaticDevice if is_spare else TOTPDevice
    device = model.objects.select_for_update().filter(user=person, confirmed=True).first()
    if device is None:
        return None, WRONG
    refusal = refusal_of(device, code)
    if refusal:
        return None, refusal
    if is_spare:
        record("use_spare_code", person, "Вход по запасному коду", by=person)
    return device, None


@transaction.atomic
def remove_second_key(person, *, by):
    """Take the second key away: its owner, or an administrator when the phone is lost. Sessions of the person end."""
    if by.pk != person.pk:
        require(by, "accounts.manage_roles")
    person = locked(person)
    if not key_of(person):
        raise ValidationError("Второго ключа нет.")
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    User.objects.filter(pk=person.pk).update(session_number=person.session_number + 1)
    record("remove_second_key", person, "Второй ключ отключён", by=by)
    return person
