"""The one history: verbs write it, pages read it."""
from django.contrib.contenttypes.models import ContentType

from .models import Event


def record(verb, target, sentence, *, by, on_behalf_of=None, changes=None):
    """Add one insert-only line about ``target``, in the transaction of the verb that calls it.

    ``sentence`` is what readers see («План направлен на согласование»); ``changes`` is plain JSON.
    ``by`` without a row of its own (the portal itself, in a command) leaves the actor empty.
    """
    return Event.objects.create(
        actor=by if by is not None and by.pk else None,
        on_behalf_of=on_behalf_of,
        verb=verb,
        sentence=sentence[:300],
        content_type=ContentType.objects.get_for_model(target),
        object_id=target.pk,
        changes=changes or {},
    )


def record_many(verb, targets, *, by):
    """``record`` for many objects of one model at once: ``targets`` are ``(object, sentence)``."""
    targets = list(targets)
    if not targets:
        return
    kind = ContentType.objects.get_for_model(targets[0][0])
    Event.objects.bulk_create(
        [
            Event(actor=by, verb=verb, sentence=sentence[:300], content_type=kind, object_id=target.pk)
            for target, sentence in targets
        ],
        batch_size=500,
    )


def history_of(target):
    """Events about one object, newest first, with the people in them."""
    return Event.objects.about(target).select_related("actor", "on_behalf_of")
