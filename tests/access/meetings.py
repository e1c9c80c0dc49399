import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from meetings.imports import read_plan
from meetings.services.importing import keep_import
from meetings.services.rows import add_row, remove_row
from projectoffice.common.models import CalendarDay
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.route import send
from tests.access.word import word_plan
from tests.factories import BodyFactory, MeetingPlanFactory, StampFactory

from . import Row, everybody, only


def furnish(world):
    secretary = world.cast.secretary
    world.body = BodyFactory(is_main=True)
    world.draft = MeetingPlanFactory(body=world.body, by=secretary)
    world.row, world.gone_row = (add_row(world.draft, by=secretary, values={"term": "май"}) for _ in range(2))
    remove_row(world.gone_row, by=secretary)
    world.word_plan = word_plan(2041)
    world.kept = keep_import(read_plan(io.BytesIO(world.word_plan)), by=secretary, body=world.body, file_name="план.docx")
    world.moved_day = CalendarDay.objects.create(date="2027-02-20", is_off=False)
    world.published_plan = published_plan(world)
    world.empty_draft = MeetingPlanFactory(body=world.body, year=2029, by=secretary)


def published_plan(world):
    secretary, plan = world.cast.secretary, MeetingPlanFactory(body=world.body, year=2025, by=world.cast.secretary)
    add_row(plan, by=secretary, values={"topics": "Итоги года", "term": "май"})
    StampFactory(document=plan.document, kind="approve", signer=world.cast.office_head, method="ink")
    document = send(plan.document, by=secretary)
    record_ink(document.stamps.active().get(kind="approve"), by=secretary, signed_on=timezone.localdate())
    publish(document, by=secretary)
    return plan


def draft(world):
    return [world.draft.pk]


def empty(world):
    return [world.empty_draft.pk]


def row(world):
    return [world.draft.pk, world.row.uid]


def gone_row(world):
    return [world.draft.pk, world.gone_row.uid]


def row_form(world):
    return {"label": "7.", "topics": "Тема", "term": "март", "responsible": "", "version": world.row.version}


def word_file(world):
    return {"file": SimpleUploadedFile("план.docx", world.word_plan), "body": world.body.pk}


def import_in_hand(world):
    return [world.kept.key]


def changing(name, args=draft, *, get=None, **data):
    """A verb of the editor: office staff only; ``data`` is what its form carries."""
    return Row(name, args, get=get, post=only("office", ok=302, data=lambda world: {
        key: value(world) if callable(value) else value for key, value in data.items()
    }))


STAFF_READS = only("staff", hidden_from=["others"])

ROWS = [
    Row("meetings:plans", get=only("known")),
    Row("meetings:plan", draft, get=STAFF_READS, case="a draft"),
    Row("meetings:plan", lambda world: [world.published_plan.pk], get=only("known"), case="in force"),
    Row("meetings:public_plans", get=everybody()),
    Row("meetings:public_plan", lambda world: [world.published_plan.pk], get=everybody(ok=302), case="published"),
    Row("meetings:public_plan", draft, get=everybody(ok=404), case="not published"),
    Row("meetings:calendar", get=only("office"), post=only("office", ok=302, data=lambda world: {
        "days": "22.02.2027", "is_off": "off", "note": ""})),
    Row("meetings:calendar_forget", lambda world: [world.moved_day.pk], post=only("office", ok=302)),
    changing("meetings:plan_new", lambda world: [], get=only("office"),
             year=2031, period="calendar", body=lambda world: world.body.pk),
    changing("meetings:plan_copy", get=only("office"), year=2033, period="calendar"),
    changing("meetings:plan_take_rows", empty, source=lambda world: world.draft.pk),
    Row("meetings:plan_import", get=only("office"), post=only("office", ok=302, data=word_file)),
    Row("meetings:plan_import_preview", import_in_hand, case="one's own",
        get=only("secretary", hidden_from=["office_head"]),
        post=only("secretary", ok=302, hidden_from=["office_head"])),
    Row("meetings:plan_title_form", draft, get=only("office")),
    changing("meetings:plan_title", version=1, value="План\nна 2027 год"),
    changing("meetings:plan_renumber"),
    changing("meetings:plan_acknowledge", code="no_term", row=lambda world: world.row.uid, fingerprint="x"),
    changing("meetings:plan_rows_sync"),
    Row("meetings:plan_rows_reading", draft, post=only("office", data=lambda world: {"term": "май"})),
    Row("meetings:plan_rows_people", draft, get=only("office"), query="?q=Орл"),
    changing("meetings:plan_row_add", uid=lambda world: uuid.uuid4()),
    changing("meetings:plan_rows_paste"),
    changing("meetings:plan_rows_unpaste"),
    Row("meetings:plan_row", row, get=only("office"), post=only("office", ok=302, data=row_form)),
    changing("meetings:plan_row_cell", row, cell="term", value="июнь", version=1),
    changing("meetings:plan_row_duplicate", row),
    changing("meetings:plan_row_remove", row),
    changing("meetings:plan_row_return", gone_row),
    changing("meetings:plan_row_move", row, position=1),
]
