"""Letters: written to the outbox in the transaction of the action, sent later by the job worker."""
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from .masking import hide_secrets
from .models import MailAttachment, MailState, OutgoingMail

__all__ = ["absolute", "dressed", "hide_secrets", "post"]

FAMILIES = {
    MailState.QUEUED: "neutral",
    MailState.RETRY: "wait",
    MailState.SENT: "done",
    MailState.FAILED: "alert",
    MailState.HELD: "wait",
}


def post(*, key, subject, body, person=None, address="", about=None, attachments=(), held=False):
    """Put one letter into the outbox and return it; None when the person has no address.

    ``key`` names the occasion: the same key posts nothing twice. ``attachments`` are
    ``(name, content_type, bytes)``. A ``held`` letter waits until somebody has looked at it (``outbox.release``).
    Call it inside the transaction of the verb.
    """
    address = address or (person.email if person else "")
    if not address:
        return None
    letter, created = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "person": person,
            "address": address,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "state": MailState.HELD if held else MailState.QUEUED,
            "content_type": ContentType.objects.get_for_model(about) if about else None,
            "object_id": about.pk if about else None,
            "message_id": make_msgid(domain=urlsplit(settings.SITE_URL).hostname),
        },
    )
    if created:
        MailAttachment.objects.bulk_create(
            MailAttachment(mail=letter, name=name, content_type=kind, data=data) for name, kind, data in attachments
        )
    return letter


def absolute(path):
    """A link for a letter or a paper: always the address of the office, never the Host of a request."""
    return settings.SITE_URL + path


def dressed(letter):
    """The letter with its badge: for a retry the badge says when."""
    letter.family = FAMILIES[letter.state]
    letter.word = letter.get_state_display()
    if letter.state == MailState.RETRY:
        when = timezone.localtime(letter.next_attempt_at)
        today = when.date() == timezone.localdate()
        letter.word = f"Повторим в {when:%H:%M}" if today else f"Повторим {when:%d.%m в %H:%M}"
    letter.reason = letter.last_error.split("\n")[0]
    return letter
