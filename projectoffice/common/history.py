"""The one history: verbs write it, pages read it."""
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from .models import Event

_KEPT_BACK = []
_TOLD_AT = ContextVar("told_at", default=None)


@contextmanager
def told_at(moment):
    """For demonstrations alone, whose past is written today: what is recorded inside happened at this moment."""
    before = _TOLD_AT.set(moment)
    try:
        yield
    finally:
        _TOLD_AT.reset(before)


def moment_told():
    return _TOLD_AT.get() or timezone.now()


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
        moment=moment_told(),
    )


def record_many(verb, targets, *, by):
    """``record`` for many objects of one model at once: ``targets`` are ``(object, sentence)``."""
    targets = list(targets)
    if not targets:
        return
    kind = ContentType.objects.get_for_model(targets[0][0])
    Event.objects.bulk_create(
        [
            Event(actor=by, verb=verb, sentence=sentence[:300], content_type=kind, object_id=target.pk, moment=moment_told())
            for target, sentence in targets
        ],
        batch_size=500,
    )


JUST_NOW = timedelta(minutes=3)


def writing_now(targets, *, besides):
    """{object: person} of those that somebody else saves as typed just now (verbs ``save_…``); one question for all."""
    known = {(ContentType.objects.get_for_model(target).pk, target.pk): target for target in targets}
    if not known:
        return {}
    saves = Event.objects.filter(
        moment__gte=timezone.now() - JUST_NOW, actor__isnull=False, verb__startswith="save_",
        content_type__in={kind for kind, _ in known}, object_id__in={pk for _, pk in known},
    ).exclude(actor=besides).select_related("actor").order_by("moment")
    keys = [((event.content_type_id, event.object_id), event.actor) for event in saves]
    return {known[key]: actor for key, actor in keys if key in known}


def history_of(target):
    """Events about one object, newest first, with the people in them."""
    return Event.objects.about(target).select_related("actor", "on_behalf_of")


def kept_back(find):
    """Register what the feed of everything leaves out: ``find(user)`` is a Q of events, None for nothing."""
    _KEPT_BACK.append(find)
    return find


def feed_of(user):
    """What happened to everything, newest first, for who may read of every object but what an app keeps from this person."""
    events = Event.objects.select_related("actor", "on_behalf_of").prefetch_related("target")
    for hidden in filter(None, (find(user) for find in _KEPT_BACK)):
        events = events.exclude(hidden)
    return events
