import uuid
from datetime import date, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from meetings.models import AssignmentTick
from meetings.services.assignment_work import ask_extension, report_done
from projectoffice.common.models import StoredFile
from tests.factories import AssignmentFactory, UserFactory

from . import Row, only


def furnish(world):
    """School A executes; school B stands on the list of institutions of another one; a letter and a file lie with a report."""
    executor, controller = world.cast.member_of_school_a, UserFactory(surname="Проверкин")
    due = timezone.localdate() + timedelta(days=30)
    facts = {"executor": executor, "controller": controller, "due_end": due}
    world.assignment = AssignmentFactory(**facts)
    world.assignment_on_check = AssignmentFactory(**facts)
    world.report = report_done(world.assignment_on_check, by=executor, text="Сделано.", done_on=timezone.localdate(),
                               files=[stored_file("отчёт.pdf")])
    world.assignment_extended = AssignmentFactory(**facts)
    world.extension = ask_extension(world.assignment_extended, by=executor, due_after=date(2099, 1, 1), reason="Каникулы")
    world.controlled_by_b = AssignmentFactory(controller=world.cast.member_of_school_b)
    world.report_to_b = report_done(world.controlled_by_b, by=world.controlled_by_b.executor, text="Сделано.", done_on=timezone.localdate())
    world.listed = AssignmentFactory(executor=None)
    world.tick = AssignmentTick.objects.create(
        assignment=world.listed, institution=world.cast.member_of_school_b.current_post.institution)


def stored_file(name):
    stored = StoredFile(name=name, content_type="application/pdf", size=4, sha256="0" * 64)
    stored.data.save(name, ContentFile(b"%PDF"), save=True)
    return stored


def of(name, *more):
    return lambda world: [getattr(world, each).pk for each in (name, *more)]


def sends(**data):
    return lambda world: {"form_key": uuid.uuid4()} | {
        name: value(world) if callable(value) else value for name, value in data.items()}


def today(world):
    return timezone.localdate().isoformat()


STAFF = ("staff", "member_of_school_a")
STRANGERS = ["member_of_school_b", "stranger", "downgraded", "ended"]
REPORT = sends(text="Готово.", done_on=today, source="письмо", source_date=today)
CANCEL = sends(reason="Не нужно", version=lambda world: world.assignment.version)

ROWS = [
    Row("meetings:assignments", get=only("known")),
    Row("meetings:assignments_export", get=only("known")),
    Row("meetings:assignment_new", get=only("office"), post=only("office", ok=302, data=sends(
        text="Дело", executor=lambda world: world.cast.stranger.full_name))),
    Row("meetings:discipline", get=only("office", "heads")),
    Row("meetings:discipline_export", get=only("office", "heads")),
    Row("meetings:assignment", of("assignment"), get=only(*STAFF, hidden_from=STRANGERS)),
    Row("meetings:assignment", of("listed"), case="on the list of an institution",
        get=only("staff", "member_of_school_b", hidden_from=["member_of_school_a", "stranger", "downgraded", "ended"])),
    Row("meetings:assignment_report", of("assignment"), get=only("office", "member_of_school_a", hidden_from=STRANGERS),
        post=only("office", "member_of_school_a", ok=302, hidden_from=STRANGERS, data=REPORT)),
    Row("meetings:assignment_report", of("listed"), case="of a whole list",
        get=only("office", hidden_from=["member_of_school_a", "stranger", "downgraded", "ended"]),
        post=only("office", ok=302, hidden_from=["member_of_school_a", "stranger", "downgraded", "ended"], data=REPORT)),
    Row("meetings:assignment_accept", of("assignment_on_check"), post=only("office", ok=302, hidden_from=STRANGERS, data=sends(
        report=lambda world: world.report.pk))),
    Row("meetings:assignment_accept", of("controlled_by_b"), case="by the controller", post=only(
        "office", "member_of_school_b", ok=302, hidden_from=["member_of_school_a", "stranger", "downgraded", "ended"],
        data=sends(report=lambda world: world.report_to_b.pk))),
    Row("meetings:assignment_return", of("assignment_on_check"), get=only("office", hidden_from=STRANGERS),
        post=only("office", ok=302, hidden_from=STRANGERS, data=sends(report=lambda world: world.report.pk, reason="Мало"))),
    Row("meetings:assignment_extend", of("assignment"), get=only("office", "member_of_school_a", hidden_from=STRANGERS),
        post=only("office", "member_of_school_a", ok=302, hidden_from=STRANGERS, data=sends(due_after="2099-01-01", reason="Отпуск"))),
    Row("meetings:assignment_extension_decide", of("assignment_extended", "extension"), get=only("office", hidden_from=STRANGERS),
        post=only("office", ok=302, hidden_from=STRANGERS, data=sends())),
    Row("meetings:assignment_tick", of("listed"), post=only(
        "office", "member_of_school_b", ok=302, hidden_from=["member_of_school_a", "stranger", "downgraded", "ended"],
        data=lambda world: {"tick": world.tick.pk})),
    Row("meetings:assignment_cancel", of("assignment"), get=only("office", hidden_from=STRANGERS),
        post=only("office", ok=302, hidden_from=STRANGERS, data=CANCEL)),
    Row("meetings:assignment_file", lambda world: [world.report.pk, world.report.files.get().pk],
        get=only(*STAFF, hidden_from=STRANGERS)),
]
