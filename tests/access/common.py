from projectoffice.common.mail import post
from projectoffice.common.models import MailState, OutgoingMail

from . import Row, everybody, only


def furnish(world):
    world.letter = post(key="of the map", subject="Тема", body="Текст", address="a@example.test")
    OutgoingMail.objects.filter(pk=world.letter.pk).update(state=MailState.FAILED)


def a_letter(world):
    return [world.letter.pk]


ROWS = [
    Row("appearance", get=everybody(),
        post=everybody(ok=302, data=lambda world: {"size": "150", "scheme": "white", "images": "on"})),
    Row("common:health", get=everybody()),
    Row("common:mail", get=only("office", "administrator")),
    Row("common:undelivered", get=only("office", "administrator")),
    Row("common:letter", a_letter, get=only("office", "administrator")),
    Row("common:mail_resend", a_letter, post=only("office", "administrator", ok=302)),
]
