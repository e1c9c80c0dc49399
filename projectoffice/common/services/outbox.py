"""Sending the letters of the outbox, and what staff do with those that did not go.

A letter is claimed for a few minutes, sent outside any transaction, and its fate is written down. Killed
in between, it is tried again under the same Message-ID: at least once, and mail programs show it once.
«Доставлено» is never said, because nobody knows.
"""
import logging
import re
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from email import encoders
from email.message import Message
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import F

from projectoffice.common.db import locked, now
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.common.mail import hide_secrets
from projectoffice.common.models import MailState, OutgoingMail
from projectoffice.common.policy import require_right

DELAYS = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4), timedelta(hours=24)]
CLAIMED_FOR = timedelta(minutes=5)
DUE = [MailState.QUEUED, MailState.RETRY]
logger = logging.getLogger(__name__)


class ServerDown(Exception):
    """Our own mail server cannot be reached or does not let us in: no letter's fault."""


@dataclass(frozen=True)
class Refusal:
    """Why a letter did not go: a sentence for staff, the server's words, and whether trying again helps."""

    sentence: str
    detail: str
    permanent: bool = False

    def __str__(self):
        return f"{self.sentence}\n{self.detail}".strip()[:2000]


def send_due(limit=100, stopping=lambda: False):
    """Send what is due, one by one; returns how many letters were tried.

    Raises ServerDown when the mail server cannot be reached, after noting it on the letter in hand.
    """
    if not settings.EMAIL_CONFIGURED:
        return 0
    tried = 0
    with Postman() as postman:
        while tried < limit and not stopping() and (letter := claim()):
            tried += 1
            deliver(letter, postman)
    return tried


@transaction.atomic
def claim():
    """The next due letter, out of reach of other workers for a while; None when nothing is due."""
    moment = now()
    due = OutgoingMail.objects.filter(state__in=DUE, next_attempt_at__lte=moment).order_by("next_attempt_at", "pk")
    letter = due.select_for_update(skip_locked=True).first()
    if letter:
        letter.attempts += 1
        letter.next_attempt_at = moment + CLAIMED_FOR
        letter.save(update_fields=["attempts", "next_attempt_at"])
    return letter


def deliver(letter, postman):
    """Send one claimed letter and write down its fate; a letter that breaks something breaks only itself."""
    try:
        postman.send(letter)
    except ServerDown as error:
        put_off(letter, Refusal("Почтовый сервер офиса не отвечает. Письмо ждёт.", str(error)))
        raise
    except Exception as error:
        put_off(letter, explain(error, letter.address))
    else:
        note(letter, state=MailState.SENT, sent_at=now(), last_error="", body=hide_secrets(letter.body))


def put_off(letter, refusal):
    """Try again later, or give up: at once when the refusal is final, otherwise after the last delay."""
    if refusal.permanent or letter.attempts > len(DELAYS):
        logger.warning("Letter %s was not taken: %s", letter.pk, refusal.detail)
        note(letter, state=MailState.FAILED, last_error=str(refusal))
    else:
        later = now() + DELAYS[letter.attempts - 1]
        note(letter, state=MailState.RETRY, next_attempt_at=later, last_error=str(refusal))


def note(letter, **fields):
    """Only for the try in hand: a claim that ran out belongs to somebody else by now."""
    OutgoingMail.objects.filter(pk=letter.pk, attempts=letter.attempts, state__in=DUE).update(**fields)


class Postman:
    """One connection to the mail server, opened for the first letter and again after a fault."""

    def __init__(self):
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.hang_up()

    def send(self, letter):
        message = compose(letter)
        self.open()
        message.connection = self.connection
        try:
            message.send()
        except BaseException:
            self.hang_up()
            raise

    def open(self):
        if self.connection is not None:
            return
        connection = get_connection()
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise ServerDown(f"{type(error).__name__}: {error}") from error
        self.connection = connection

    def hang_up(self):
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                logger.info("The mail server hung up first.")


class Unwritable(ValueError):
    """The letter cannot be put into the form of mail: a fault of its address or text."""


class LetterMessage(EmailMultiAlternatives):
    """A message whose parts keep the parameters of their type and every byte of what was stored."""

    def _create_mime_attachment(self, content, mimetype):
        header = Message()
        header["Content-Type"] = mimetype
        params: dict[str, Any] = dict((header.get_params() or [])[1:])
        part = MIMENonMultipart(header.get_content_maintype(), header.get_content_subtype(), **params)
        part.set_payload(content.encode() if isinstance(content, str) else content)
        encoders.encode_base64(part)
        return part


def compose(letter):
    """The message as it goes out, with the same Message-ID at every try."""
    message = LetterMessage(
        subject=letter.subject,
        body=letter.body,
        to=[letter.address],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    )
    for part in letter.attachments.all():
        put(message, part.name, bytes(part.data), part.content_type)
    try:
        message.message().as_bytes()
    except (ValueError, UnicodeError) as error:
        raise Unwritable(str(error)) from error
    return message


def put(message, name, data, kind):
    """A file beside the letter. What asks a calendar to act is another form of the letter itself (RFC 6047):
    mail programs offer it with buttons when it stands beside the text, the rest open the file.
    """
    if kind.startswith("text/calendar;") and "method=" in kind:
        message.attach_alternative(data.decode(), kind)
        kind = "application/ics"
    message.attach(name, data, kind)


# By the enhanced code or by the plain one (RFC 3463, RFC 5321), the most telling first.
REASONS = (
    (r"\b5\.1\.[0-36]\b", "такого ящика нет"),
    (r"\b5\.1\.[27]\b|\b5\.4\.4\b", "такого почтового сервера нет"),
    (r"\b5\.2\.1\b", "ящик отключён"),
    (r"\b5\.2\.2\b", "ящик переполнен"),
    (r"\b5\.2\.3\b|\b5\.3\.4\b", "письмо слишком большое"),
    (r"\b5\.7\.\d+\b", "почтовый сервер получателя не пропускает письмо"),
    (r"^55[013]\b", "такого ящика нет"),
    (r"^552\b", "ящик переполнен"),
)


def explain(error, address):
    """What an exception of sending means for people."""
    if isinstance(error, Unwritable):
        return Refusal(f"Письмо на адрес {address} не составить: в адресе или тексте ошибка.", str(error), permanent=True)
    code, words = answer_of(error)
    detail = f"{code} {words}".strip() if code else f"{type(error).__name__}: {error}"
    if isinstance(error, smtplib.SMTPSenderRefused) or not 500 <= code < 600:
        return Refusal(f"Письмо на адрес {address} пока не принято. Попробуем ещё.", detail)
    reason = next((reason for pattern, reason in REASONS if re.search(pattern, detail)), "почтовый сервер отказал")
    return Refusal(
        f"Письмо на адрес {address} не принято: {reason}. Исправьте адрес или позвоните.", detail, permanent=True
    )


def answer_of(error):
    """Code and words of the mail server's answer; zero when it gave none."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused) and error.recipients:
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


@transaction.atomic
def resend(letter, *, by):
    """«Отправить снова»: a letter that did not go starts over, to the address its person has now.

    Raises PermissionDenied, TransitionNotAllowed.
    """
    letter = locked(letter)
    require_right(by, "accounts.view_mail")
    if letter.state not in (MailState.FAILED, MailState.RETRY):
        raise TransitionNotAllowed("Это письмо уже передано почтовому серверу или стоит в очереди.")
    address = letter.person.email if letter.person and letter.person.email else letter.address
    changes = {} if address == letter.address else {"address": [letter.address, address]}
    letter.state, letter.address, letter.attempts = MailState.QUEUED, address, 0
    letter.next_attempt_at, letter.last_error = now(), ""
    letter.save(update_fields=["state", "address", "attempts", "next_attempt_at", "last_error"])
    record("resend", letter, "Письмо отправлено снова", by=by, changes=changes)
    return letter


@transaction.atomic
def release(letters):
    """Let held letters go; returns how many. Part of a verb that asked for the right: twice is once."""
    return letters.filter(state=MailState.HELD).update(state=MailState.QUEUED, next_attempt_at=now())


def undelivered():
    """Letters that did not go, with their people: whom to phone."""
    return OutgoingMail.objects.filter(state=MailState.FAILED).select_related("person").order_by(
        F("person__surname").asc(nulls_last=True), "-created_at"
    )
