import io
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from portfolios.imports import read_plan
from portfolios.models import Portfolio, Project, TeamMember
from portfolios.services.activities import mark_activity
from portfolios.services.implementation_importing import keep_import
from portfolios.services.implementation_plan import create_plan
from projectoffice.common.uploads import store_upload
from projectoffice.documents.services.route import send
from projectoffice.documents.table.rows import add_row, remove_row
from tests.portfolios.word_implementation import word_file

from . import Row, only

# member_of_school_a keeps the project on the portal, member_of_school_b is in its team, the rest of the others are strangers.
KEEPERS = ("office", "member_of_school_a")
WORKING = ("staff", "member_of_school_a")
STRANGERS = ["member_of_school_b", "stranger", "downgraded", "ended"]
OUTSIDE = ["stranger", "downgraded", "ended"]


def furnish(world):
    cast = world.cast
    project = Project.objects.create(portfolio=Portfolio.objects.create(name="Портфель плана"), title="Проект плана", status="active")
    for person, role in ((cast.member_of_school_a, "editor"), (cast.member_of_school_b, "member")):
        TeamMember.objects.create(project=project, person=person, name=person.short_name, role=role)
    world.kept_project = project
    world.implementation_draft = create_plan(by=cast.secretary, year=2027, project=project)
    world.activity, world.gone_activity = (add_row(world.implementation_draft, by=cast.secretary, values={"term": "май"}) for _ in range(2))
    remove_row(world.gone_activity, by=cast.secretary)
    world.empty_implementation_draft = create_plan(by=cast.secretary, year=2029, project=project)
    world.implementation_plan = issued(cast, create_plan(by=cast.secretary, year=2025, project=project))
    world.city_plan = issued(cast, create_plan(by=cast.secretary, year=2025, name="Городской проект"))
    world.done_activity = world.implementation_plan.activities.get()
    evidence = store_upload(SimpleUploadedFile("отчёт.pdf", b"%PDF-1.4\n%%EOF"), by=cast.secretary)
    mark_activity(world.implementation_plan, world.done_activity.uid, by=cast.secretary, version=0, state="running", evidence=evidence)
    world.kept_implementation = keep_import(read_plan(io.BytesIO(word_file())), by=cast.secretary, file_name="план.docx")


def issued(cast, plan):
    add_row(plan, by=cast.secretary, values={"activity": "Итоги года", "term": "май"})
    plan.document = send(plan.document, by=cast.secretary)
    return plan


def draft(world):
    return [world.implementation_draft.pk]


def empty(world):
    return [world.empty_implementation_draft.pk]


def in_force(world):
    return [world.implementation_plan.pk]


def row(world):
    return [world.implementation_draft.pk, world.activity.uid]


def gone_row(world):
    return [world.implementation_draft.pk, world.gone_activity.uid]


def marked(world):
    return [world.implementation_plan.pk, world.done_activity.uid]


def word(world):
    return {"file": SimpleUploadedFile("план.docx", word_file()), "project": world.kept_project.pk}


def row_form(world):
    return {"label": "7.", "activity": "Дело", "term": "март", "version": world.activity.version}


def mark_form(world):
    return {"state": "running", "version": 1}


# Whoever keeps no project at all is refused before the plan is looked for.
def of_keepers(ok=200, **more):
    return only(*KEEPERS, ok=ok, **more)


ROWS = [
    Row("portfolios:implementation_plans", get=only("known")),
    Row("portfolios:implementation_plan", draft, get=only(*WORKING, hidden_from=STRANGERS), case="a draft"),
    Row("portfolios:implementation_plan", in_force, get=only(*WORKING, "member_of_school_b", hidden_from=OUTSIDE), case="of a project"),
    Row("portfolios:implementation_plan", lambda world: [world.city_plan.pk], get=only("known"), case="of the city"),
    Row("portfolios:implementation_plan_fulfilment", in_force, get=only(*WORKING, "member_of_school_b", hidden_from=OUTSIDE)),
    Row("portfolios:activity_evidence", marked, get=only(*WORKING, "member_of_school_b", hidden_from=OUTSIDE)),
    Row("portfolios:activity_mark", marked, get=of_keepers(), post=of_keepers(ok=302, data=mark_form)),
    Row("portfolios:implementation_plan_new", get=of_keepers(), post=of_keepers(ok=302, data=lambda world: {
        "form_key": uuid.uuid4(), "project": world.kept_project.pk, "year": 2031, "period": "school"})),
    Row("portfolios:implementation_plan_copy", draft, get=of_keepers(), post=of_keepers(ok=302, data=lambda world: {
        "form_key": uuid.uuid4(), "year": 2033, "period": "school"})),
    Row("portfolios:implementation_plan_import", get=of_keepers(), post=of_keepers(ok=302, data=word)),
    Row("portfolios:implementation_plan_import_preview", lambda world: [world.kept_implementation.key], case="one's own",
        get=only("secretary", hidden_from=["office_head", "member_of_school_a"]),
        post=only("secretary", ok=302, hidden_from=["office_head", "member_of_school_a"])),
    *(Row(f"portfolios:implementation_plan_{name}", args, get=get, post=post) for name, args, get, post in (
        ("phones", in_force, None, of_keepers(ok=302, data=lambda world: {"hides": "yes"})),
        ("take_rows", empty, None, of_keepers(ok=302, data=lambda world: {"source": world.implementation_draft.pk})),
        ("title_form", draft, of_keepers(), None),
        ("title", draft, None, of_keepers(ok=302, data=lambda world: {"version": 1, "value": "План\nна год"})),
        ("renumber", draft, None, of_keepers(ok=302)),
        ("acknowledge", draft, None, of_keepers(ok=302, data=lambda world: {"code": "x", "row": world.activity.uid, "fingerprint": "x"})),
        ("rows_sync", draft, None, of_keepers(ok=302)),
        ("rows_reading", draft, None, of_keepers(data=lambda world: {"term": "май"})),
        ("rows_people", draft, of_keepers(), None),
        ("row_add", draft, None, of_keepers(ok=302, data=lambda world: {"uid": uuid.uuid4()})),
        ("rows_paste", draft, None, of_keepers(ok=302)),
        ("rows_unpaste", draft, None, of_keepers(ok=302)),
        ("row", row, of_keepers(), of_keepers(ok=302, data=row_form)),
        ("row_cell", row, None, of_keepers(ok=302, data=lambda world: {"cell": "term", "value": "июнь", "version": 1})),
        ("row_duplicate", row, None, of_keepers(ok=302)),
        ("row_remove", row, None, of_keepers(ok=302)),
        ("row_return", gone_row, None, of_keepers(ok=302)),
        ("row_move", row, None, of_keepers(ok=302, data=lambda world: {"position": 1})),
    )),
]
