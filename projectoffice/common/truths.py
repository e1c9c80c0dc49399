"""What must hold of files and letters at any time."""
from .invariants import invariant
from .models import MailState, OutgoingMail, StoredFile


@invariant("Загруженный файл лежит на диске целиком")
def files_are_whole():
    storage = StoredFile._meta.get_field("data").storage
    for stored in StoredFile.objects.only("data", "size", "name").iterator(chunk_size=500):
        try:
            size = storage.size(stored.data.name)
        except OSError:
            yield f"Файл {stored.pk} «{stored.name}»: на диске его нет."
            continue
        if size != stored.size:
            yield f"Файл {stored.pk} «{stored.name}»: на диске {size} байт вместо {stored.size}."


@invariant("Переданное письмо знает, когда ушло")
def sent_letters_know_when():
    for letter in OutgoingMail.objects.filter(state=MailState.SENT, sent_at=None).only("pk"):
        yield f"Письмо {letter.pk} передано, а время не записано."


@invariant("Не доставленное письмо знает почему")
def failed_letters_know_why():
    for letter in OutgoingMail.objects.filter(state=MailState.FAILED, last_error="").only("pk"):
        yield f"Письмо {letter.pk} не доставлено, а причина не записана."
