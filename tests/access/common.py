import io

from projectoffice.common.mail import post
from projectoffice.common.models import Job, MailState, OutgoingMail, StoredFile
from tests.common import tasks

from . import Row, everybody, only

OTHERS = ["department_head", "acting", "others"]


def furnish(world):
    world.letter = post(key="of the map", subject="Тема", body="Текст", address="a@example.test")
    OutgoingMail.objects.filter(pk=world.letter.pk).update(state=MailState.FAILED)
    world.job = Job.objects.create(kind=tasks.LINES, title="Строки", state="failed", items=[1], total=1, about=world.letter,
                                   back="/", file=stored("строки.pdf"))


def stored(name):
    file = StoredFile(name=name, content_type="application/pdf", size=5, sha256="0" * 64)
    file.data.save(name, io.BytesIO(b"%PDF-"))
    return file


def a_job(world):
    return [world.job.pk]


def a_letter(world):
    return [world.letter.pk]


ROWS = [
    Row("appearance", get=everybody(),
        post=everybody(ok=302, data=lambda world: {"size": "150", "scheme": "white", "images": "on"})),
    Row("common:health", get=everybody()),
    Row("common:job", a_job, get=only("office", "administrator", hidden_from=OTHERS)),
    Row("common:job_file", a_job, get=only("office", "administrator", hidden_from=OTHERS)),
    Row("common:job_again", a_job, post=only("office", "administrator", ok=302, hidden_from=OTHERS)),
    Row("common:mail", get=only("office", "administrator")),
    Row("common:undelivered", get=only("office", "administrator")),
    Row("common:letter", a_letter, get=only("office", "administrator")),
    Row("common:mail_resend", a_letter, post=only("office", "administrator", ok=302)),
]
