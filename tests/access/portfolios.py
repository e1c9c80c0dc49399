"""Portfolios, projects, passports: two projects of two schools, each with what belongs to it."""
import io
import uuid
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from portfolios.models import Milestone, PortfolioIndicator, ProjectInstitution, Stage
from portfolios.services.importing import check_import
from portfolios.services.passport import start_passport
from projectoffice.common.sheets import write_xlsx
from tests.factories import InstitutionFactory, UserFactory
from tests.portfolios.things import ModelFactory, PortfolioFactory, filled_passport, in_force, led_by, with_editor

from . import Row, everybody, only

HEADINGS = ["Учреждение", "Название", "Портфель"]


def furnish(world):
    cast = world.cast
    world.portfolio = PortfolioFactory(is_public=True)
    world.empty_portfolio = PortfolioFactory()
    world.model = ModelFactory(portfolio=world.portfolio)
    world.goal = PortfolioIndicator.objects.create(portfolio=world.portfolio, name="Доля проектов", target=10)
    school = cast.member_of_school_a.current_post.institution
    world.project = led_by(school, portfolio=world.portfolio, head=cast.member_of_school_a, is_public=True)
    world.partner = ProjectInstitution.objects.create(project=world.project, institution=InstitutionFactory())
    world.editor = with_editor(world.project, UserFactory())
    world.point = Milestone.objects.create(project=world.project, position=1, name="Показ", due=date(2026, 11, 10))
    world.draft_passport = start_passport(world.project, by=cast.secretary)
    world.gone_stage = Stage.objects.create(project=world.project, position=None, name="Убранный")
    shared = led_by(school, portfolio=world.portfolio, head=cast.member_of_school_a)
    shared.institutions.create(institution=cast.member_of_school_b.current_post.institution)
    world.passport_in_force = in_force(filled_passport(shared), cast.secretary)
    world.bare_project = led_by(school, portfolio=world.portfolio, head=cast.member_of_school_a)
    world.finished = led_by(school, portfolio=world.portfolio, status="finished")
    world.check = check_import(by=cast.secretary, file_name="проекты.xlsx",
                               rows=[(1, HEADINGS), (2, [str(school), "Новое дело", world.portfolio.name])])


def portfolio(world):
    return [world.portfolio.pk]


def project(world):
    return [world.project.pk]


def passport(world):
    return [world.project.pk]


def issued(world):
    return [world.passport_in_force.project_id]


def xlsx(world):
    content = write_xlsx(HEADINGS, [["МБОУ школа", "Дело", "Портфель"]])
    return {"file": SimpleUploadedFile("проекты.xlsx", io.BytesIO(content).read())}


def key():
    return str(uuid.uuid4())


# Who sees the project of school A: the staff and the school; an editor, told by the truth table, is no stranger.
OUTSIDERS = ["member_of_school_b", "stranger", "downgraded", "ended"]
KEEPERS = ("office", "member_of_school_a")
SEES = only("staff", "member_of_school_a", hidden_from=OUTSIDERS)
KEEPS = only(*KEEPERS, hidden_from=OUTSIDERS)


def kept(ok=302, **data):
    return only(*KEEPERS, ok=ok, hidden_from=OUTSIDERS, data=lambda world: filled(world, data))


def by_office(ok=302, hidden=OUTSIDERS, **data):
    return only("office", ok=ok, hidden_from=hidden, data=lambda world: filled(world, data))


def filled(world, data):
    return {name: value(world) if callable(value) else value for name, value in data.items()}


def manages(url, args, /, **data):
    """A page of the office about portfolios, which everybody signed in may see."""
    return Row(url, args, get=only("office"), post=only("office", ok=302, data=lambda world: filled(world, data)))


ROWS = [
    Row("portfolios:public_portfolios", get=everybody()),
    Row("portfolios:public_project", project, get=everybody(), case="public"),
    Row("portfolios:public_project", issued, get=everybody(ok=404), case="not public"),
    Row("portfolios:portfolios", get=only("known")),
    Row("portfolios:portfolio", portfolio, get=only("known")),
    Row("portfolios:portfolio_attention", portfolio, get=only("office", "heads")),
    Row("portfolios:portfolio_history", portfolio, get=only("office", "heads")),
    manages("portfolios:portfolio_new", lambda world: [], name="Новый портфель", version=1, key=lambda world: key()),
    manages("portfolios:portfolio_edit", portfolio, name="Другое имя", version=1, key=lambda world: key()),
    manages("portfolios:portfolio_close", lambda world: [world.empty_portfolio.pk], closed_on="2027-06-01"),
    Row("portfolios:portfolio_open", portfolio, post=only("office", ok=302)),
    Row("portfolios:portfolio_publish", portfolio, post=only("office", ok=302, data=lambda world: {"yes": "1"})),
    manages("portfolios:model_new", portfolio, name="Новая модель", version=1, key=lambda world: key()),
    manages("portfolios:model_edit", lambda world: [world.model.pk], name="Модель", version=1, key=lambda world: key()),
    Row("portfolios:model_remove", lambda world: [world.model.pk], post=only("office", ok=302)),
    manages("portfolios:goal_new", portfolio, name="Ещё доля", version=1, key=lambda world: key()),
    manages("portfolios:goal_edit", lambda world: [world.goal.pk], name="Доля", version=1, key=lambda world: key()),
    Row("portfolios:goal_remove", lambda world: [world.goal.pk], post=only("office", ok=302)),
    Row("portfolios:projects", get=only("known")),
    Row("portfolios:projects_export", get=only("known")),
    manages("portfolios:project_new", lambda world: [], title="Дело", kind="city", portfolio=lambda world: world.portfolio.pk,
            version=1, key=lambda world: key()),
    Row("portfolios:projects_import", get=only("office"), post=only("office", ok=302, data=xlsx)),
    Row("portfolios:projects_import_template", get=only("office")),
    Row("portfolios:projects_import_check", lambda world: [world.check.pk], get=only("secretary", hidden_from=["office_head"])),
    Row("portfolios:projects_import_apply", lambda world: [world.check.pk],
        post=only("secretary", ok=302, hidden_from=["office_head"])),
    Row("portfolios:project", project, get=SEES),
    Row("portfolios:project", lambda world: [world.passport_in_force.project_id], case="a partner's",
        get=only("staff", "member_of_school_a", "member_of_school_b", hidden_from=["stranger", "downgraded", "ended"])),
    Row("portfolios:project_history", project, get=SEES),
    Row("portfolios:project_edit", project, get=KEEPS, post=only(*KEEPERS, ok=302, hidden_from=OUTSIDERS, data=lambda world: {
        "title": "Дело", "kind": "city", "portfolio": world.portfolio.pk, "version": world.project.version, "key": key()})),
    Row("portfolios:project_head", project, get=only("office", hidden_from=OUTSIDERS), post=by_office(
        head=lambda world: world.cast.office_head.full_name, version=lambda world: world.project.version, key=lambda world: key())),
    Row("portfolios:project_status", lambda world: [world.project.pk, "suspend"], get=only("office", hidden_from=OUTSIDERS),
        post=by_office(reason="Ремонт")),
    Row("portfolios:project_archive", lambda world: [world.finished.pk],
        post=only("office", ok=302, hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"])),
    Row("portfolios:project_copy", project, get=only("office"), post=only("office", ok=302, data=lambda world: {
        "start": "2027-09-01", "version": 1, "key": key()})),
    Row("portfolios:project_publish", project, post=only("office", ok=302, data=lambda world: {"yes": "1"})),
    Row("portfolios:team_new", project, get=KEEPS, post=kept(name="Ким А.В.", role="member", key=lambda world: key())),
    Row("portfolios:team_edit", lambda world: [world.editor.pk], get=KEEPS, post=kept(ok=200, role="member", version="old")),
    Row("portfolios:team_end", lambda world: [world.editor.pk], post=kept()),
    Row("portfolios:institution_add", project, get=KEEPS, post=kept(
        institution=lambda world: str(InstitutionFactory()), role="partner")),
    Row("portfolios:institution_lead", lambda world: [world.partner.pk], post=kept()),
    Row("portfolios:institution_remove", lambda world: [world.partner.pk], post=kept()),
    Row("portfolios:milestone_reach", lambda world: [world.point.pk], get=KEEPS, post=kept(on="2026-10-01", evidence="")),
    Row("portfolios:milestone_drop", lambda world: [world.point.pk], get=KEEPS, post=kept(reason="Не нужна")),
    Row("portfolios:milestone_take_back", lambda world: [world.point.pk], post=kept()),
    Row("portfolios:passport_start", lambda world: [world.bare_project.pk],
        post=only("office", "member_of_school_a", ok=302, hidden_from=["member_of_school_b", "stranger", "downgraded", "ended"])),
    Row("portfolios:passport", passport, get=SEES, case="a draft"),
    Row("portfolios:passport", issued, case="in force",
        get=only("staff", "member_of_school_a", "member_of_school_b", hidden_from=["stranger", "downgraded", "ended"])),
    Row("portfolios:passport_step", lambda world: [world.project.pk, "goal"], get=KEEPS, post=kept(goal="Учиться", do="next")),
    Row("portfolios:passport_row_return", lambda world: [world.project.pk, "stage", world.gone_stage.uid], post=kept()),
]
