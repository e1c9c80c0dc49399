"""Sent twice = done once, for forms that create something."""
import uuid

from django.db import transaction

from .models import IdempotencyKey


def new_key():
    return uuid.uuid4()


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
