"""Sent twice = done once, for forms that create something.

A form carries a key made by the server: by ``KeyedForm``, or by ``{% form_key %}`` (``{% load keys %}``) in a form
without fields. The view runs its verb through ``once``.
"""
import uuid

from django import forms
from django.db import transaction

from .models import IdempotencyKey

FIELD = "form_key"
LOST_KEY = "Страница устарела. Проверьте введённое и отправьте ещё раз."


def new_key():
    return uuid.uuid4()


class FormKeyField(forms.UUIDField):
    """The hidden key of a form: fresh on an empty form, the same when the form comes back with remarks."""

    widget = forms.HiddenInput
    default_error_messages = {"required": LOST_KEY, "invalid": LOST_KEY}

    def __init__(self, **kwargs):
        super().__init__(**{"label": "", "initial": new_key} | kwargs)


class KeyedForm(forms.Form):
    """A form that creates something; ``cleaned_data["form_key"]`` goes to ``once``."""

    form_key = FormKeyField()


def key_from(request):
    """The key a form without fields carried (``{% form_key %}``); a fresh one when it was lost on the way."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return new_key()


def once(user, action, key, create):
    """Run ``create()`` once for this key and return its result address; the second call returns the first result.

    ``create`` returns the address to go to. The row of the key is locked first, so of two parallel
    requests the second waits and then sees the first one's result.
    """
    with transaction.atomic():
        row, created = IdempotencyKey.objects.get_or_create(
            user=user if user and user.is_authenticated else None, action=action, key=key, defaults={"result": ""}
        )
        if not created:
            row = IdempotencyKey.objects.select_for_update().get(pk=row.pk)
        if not row.result:
            row.result = create()
            row.save(update_fields=["result"])
        return row.result
