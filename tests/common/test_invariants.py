"""``manage.py check_invariants`` finds what is wrong and is content with what is right."""
import io

import pytest
from django.core.management import CommandError, call_command

from projectoffice.common import uploads
from projectoffice.common.mail import post
from projectoffice.common.models import MailState, OutgoingMail, StoredFile

from . import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with files.upload("Письмо.pdf", files.PDF) as uploaded:
        return uploads.store_upload(uploaded, by=None)


def findings():
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_invariants", stdout=out)
    return out.getvalue()


def test_good_data_is_said_to_be_good(stored):
    out = io.StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == "Всё сходится.\n"


def test_a_lost_file_is_found(stored):
    stored.data.storage.delete(stored.data.name)
    assert "«Письмо.pdf»: на диске его нет" in findings()


def test_a_shortened_file_is_found(stored):
    StoredFile.objects.update(size=3)
    assert "вместо 3" in findings()


def test_letters_that_do_not_know_their_fate_are_found():
    for state in (MailState.SENT, MailState.FAILED):
        letter = post(key=state, address="a@example.test", subject="Тема", body="Текст")
        OutgoingMail.objects.filter(pk=letter.pk).update(state=state)
    text = findings()
    assert "время не записано" in text
    assert "причина не записана" in text
