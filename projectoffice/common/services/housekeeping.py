"""Duties that keep the tables small: what nobody will ask for again goes."""
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django_tasks_db.models import DBTaskResult

from projectoffice.common.db import now
from projectoffice.common.duties import daily
from projectoffice.common.mail import hide_secrets
from projectoffice.common.models import IdempotencyKey, MailAttachment, MailState, OutgoingMail

KEYS_LIVE = timedelta(days=30)
TASKS_LIVE = timedelta(days=30)
ATTACHMENTS_LIVE = timedelta(days=90)
SECRETS_LIVE = timedelta(days=14)


@daily(hour=3)
def forget_old_form_keys():
    """A form left open for a month is not sent a second time by accident."""
    return IdempotencyKey.objects.filter(created_at__lt=now() - KEYS_LIVE).delete()[0]


@daily(hour=3)
def forget_finished_tasks():
    return DBTaskResult.objects.finished().filter(finished_at__lt=now() - TASKS_LIVE).delete()[0]


@daily(hour=3)
def drop_attachments_of_sent_letters():
    """The documents themselves are in the register; the copies in letters only weigh on backups."""
    sent = MailAttachment.objects.filter(mail__state=MailState.SENT, mail__sent_at__lt=now() - ATTACHMENTS_LIVE)
    return sent.delete()[0]


@daily(hour=3)
def hide_secrets_of_stale_letters():
    """One-time links of letters that never went have long expired; their text need not keep them."""
    stale = OutgoingMail.objects.filter(state=MailState.FAILED, created_at__lt=now() - SECRETS_LIVE)
    hidden = 0
    for letter in stale.only("body").iterator():
        text = hide_secrets(letter.body)
        if text != letter.body:
            hidden += OutgoingMail.objects.filter(pk=letter.pk).update(body=text)
    return hidden


@daily(hour=3)
def clear_expired_sessions():
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
