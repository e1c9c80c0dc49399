"""A real mail server on loopback that misbehaves on demand."""
import asyncio
import socket
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Handler:
    """``answers`` maps an address to what is said to RCPT; ``after_data`` to what is said at the end."""

    def __init__(self):
        self.taken = []
        self.answers = {}
        self.after_data = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address, "250 OK")
        if answer == "hang":
            await asyncio.sleep(30)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.taken.append((envelope.rcpt_tos[0], message_from_bytes(envelope.content)))
        answer = self.after_data.get(envelope.rcpt_tos[0], "250 Message accepted")
        if answer == "die":
            server.transport.abort()
        return answer

    def ids(self):
        return [message["Message-ID"] for _, message in self.taken]


class Server(Controller):
    def factory(self):
        return SMTP(self.handler, enable_SMTPUTF8=False, hostname="mail.test")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def mail_settings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_CONFIGURED = True
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 1
    return settings


@pytest.fixture
def server(mail_settings):
    handler = Handler()
    controller = Server(handler, hostname="127.0.0.1", port=mail_settings.EMAIL_PORT)
    controller.start()
    yield handler
    controller.stop()
