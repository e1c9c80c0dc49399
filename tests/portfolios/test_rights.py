"""Who may do what with a project: the table of persons, and what a school learns of another's project."""
from datetime import timedelta

import pytest
from django.utils import timezone

from portfolios.models import Milestone, Portfolio, Project, TeamMember
from projectoffice.accounts.access import may
from projectoffice.accounts.models import Substitution
from tests.canary import Canaries
from tests.factories import UserFactory

from .things import PortfolioFactory, ProjectFactory, filled_passport, in_force, led_by, with_editor

pytestmark = pytest.mark.django_db
RIGHTS = ("manage_portfolios", "create_project", "change_project", "change_status", "change_head", "publish_project", "see_overview")
TABLE = {
    "secretary": "1111111",
    "office_head": "1111111",
    "department_head": "0000001",
    "administrator": "0000000",
    "stranger": "0000000",
    "head of the project": "0010000",
    "editor": "0010000",
    "member": "0000000",
    "former editor": "0000000",
    "editor of tomorrow": "0000000",
    "head of the portfolio": "0001101",
    "head of another portfolio": "0000000",
    "acting for the head of the project": "0010000",
    "acting for the head of the portfolio": "0001101",
    "was acting for the head": "0000000",
}


@pytest.fixture
def people(cast):
    """Everybody of the table, around one project."""
    today, day = timezone.localdate(), timedelta(days=1)
    portfolio = PortfolioFactory(head=UserFactory(surname="Портнова"))
    PortfolioFactory(head=(other := UserFactory(surname="Другова")))
    project = ProjectFactory(portfolio=portfolio, head=UserFactory(surname="Главина"))
    found = cast.everybody() | {
        "head of the project": project.head, "head of the portfolio": portfolio.head, "head of another portfolio": other,
    }
    for name, facts in {
        "editor": {"role": "editor"}, "member": {"role": "member"}, "former editor": {"role": "editor", "until": today - day},
        "editor of tomorrow": {"role": "editor", "since": today + day},
    }.items():
        found[name] = UserFactory()
        TeamMember.objects.create(project=project, person=found[name], name=name, **facts)
    for name, absent, since, until in [
        ("acting for the head of the project", project.head, today, today + day),
        ("acting for the head of the portfolio", portfolio.head, today, today + day),
        ("was acting for the head", project.head, today - 3 * day, today - day),
    ]:
        found[name] = UserFactory()
        Substitution.objects.create(absent=absent, acting=found[name], since=since, until=until, post="И.о.", basis="приказ")
    return project, found


@pytest.mark.parametrize("name", TABLE)
def test_everybody_may_what_the_table_says_and_no_more(people, name):
    project, found = people
    held = "".join("1" if may(found[name], f"portfolios.{right}", project.portfolio if right == "see_overview" else project) else "0"
                   for right in RIGHTS)
    assert dict(zip(RIGHTS, held, strict=True)) == dict(zip(RIGHTS, TABLE[name], strict=True))


def test_a_school_sees_its_own_projects_and_those_it_takes_part_in(cast):
    mine = led_by(cast.member_of_school_a.current_post.institution)
    other = led_by(cast.member_of_school_b.current_post.institution)
    shared = led_by(cast.member_of_school_b.current_post.institution)
    shared.institutions.create(institution=cast.member_of_school_a.current_post.institution)
    seen = Project.objects.visible_to(cast.member_of_school_a)
    assert set(seen) == {mine, shared} and other in Project.objects.visible_to(cast.member_of_school_b)


@pytest.mark.parametrize("where", ["/projects/", "/projects/?q=", "/projects/export/", "/portfolios/", "portfolio", "/", "/projects/?archive=on"])
def test_no_word_of_another_schools_project_reaches_a_school(cast, client, where):
    canaries = Canaries()
    portfolio = PortfolioFactory()
    led_by(cast.member_of_school_a.current_post.institution, portfolio=portfolio)
    secret = led_by(cast.member_of_school_b.current_post.institution, portfolio=portfolio, title=canaries.plant("title"),
                    head=UserFactory(surname=canaries.plant("head")))
    Milestone.objects.create(project=secret, position=1, name=canaries.plant("point"), due=timezone.localdate() - timedelta(days=5))
    address = portfolio.get_absolute_url() if where == "portfolio" else where
    client.force_login(cast.member_of_school_a)
    assert canaries.scan(client.get(address)) == set()
    client.force_login(cast.secretary)
    shows_to_office = canaries.scan(client.get(address))
    assert shows_to_office or where in ("/", "/portfolios/"), "the control: the office finds it there"


def test_the_numbers_of_a_portfolio_count_only_what_the_reader_sees(cast, client):
    portfolio = PortfolioFactory()
    for _ in range(3):
        led_by(cast.member_of_school_b.current_post.institution, portfolio=portfolio)
    led_by(cast.member_of_school_a.current_post.institution, portfolio=portfolio)
    client.force_login(cast.member_of_school_a)
    assert client.get(portfolio.get_absolute_url()).context["total"] == 1
    client.force_login(cast.secretary)
    assert client.get(portfolio.get_absolute_url()).context["total"] == 4


class TestThePassportBeingWritten:
    def test_a_partner_reads_what_is_in_force_and_not_the_draft_of_the_next_edition(self, cast, client):
        from projectoffice.documents.services.revision import revise

        canaries = Canaries()
        passport = filled_passport(led_by(cast.member_of_school_a.current_post.institution))
        passport.project.institutions.create(institution=cast.member_of_school_b.current_post.institution)
        passport.goal = canaries.plant("goal in force")
        passport.save()
        passport = in_force(passport, cast.secretary)
        revise(passport.document, by=cast.secretary, basis="приказа")
        passport.goal = canaries.plant("goal of the draft")
        passport.save()
        Milestone.objects.filter(project=passport.project).update(name=canaries.plant("point of the draft"))
        addresses = [passport.project.get_absolute_url(), passport.get_absolute_url(), f"/documents/{passport.document_id}/docx/"]
        client.force_login(cast.member_of_school_b)
        assert [canaries.scan(client.get(address)) for address in addresses] == [{"goal in force"}] * 3
        client.force_login(cast.secretary)
        assert "goal of the draft" in canaries.scan(client.get(passport.get_absolute_url()))

    def test_a_draft_is_hidden_from_a_partner_and_open_to_the_editor(self, cast, client):
        passport = filled_passport(led_by(cast.member_of_school_b.current_post.institution))
        with_editor(passport.project, cast.member_of_school_a)
        client.force_login(cast.member_of_school_b)
        assert client.get(passport.get_absolute_url()).status_code == 404
        assert client.get(f"/projects/{passport.project_id}/passport/goal/").status_code == 404
        client.force_login(cast.member_of_school_a)
        assert client.get(passport.get_absolute_url()).status_code == 200

    def test_the_head_of_the_portfolio_reads_the_draft_and_does_not_write_it(self, cast, client):
        passport = filled_passport(led_by(cast.member_of_school_a.current_post.institution, portfolio=PortfolioFactory(head=cast.stranger)))
        client.force_login(cast.stranger)
        assert client.get(passport.get_absolute_url()).status_code == 200
        assert client.get(f"/projects/{passport.project_id}/passport/goal/").status_code == 403
        client.force_login(cast.member_of_school_b)
        assert client.get(passport.get_absolute_url()).status_code == 404

    def test_reading_the_steps_needs_the_right_to_change(self, cast, client):
        passport = in_force(filled_passport(led_by(cast.member_of_school_b.current_post.institution)), cast.secretary)
        client.force_login(cast.member_of_school_b)
        assert client.get(passport.get_absolute_url()).status_code == 200
        assert client.get(f"/projects/{passport.project_id}/passport/goal/").status_code == 403


def test_a_school_chooses_team_members_among_its_own_people_only(cast, client):
    project = led_by(cast.member_of_school_a.current_post.institution, head=cast.member_of_school_a)
    client.force_login(cast.member_of_school_a)
    page = client.get(f"/projects/{project.pk}/team/new/").content.decode()
    assert cast.member_of_school_a.full_name in page and cast.member_of_school_b.full_name not in page
    answer = client.post(f"/projects/{project.pk}/team/new/", {
        "person": cast.member_of_school_b.pk, "role": "member", "key": "a0000000-0000-4000-8000-000000000001"})
    assert answer.status_code == 200 and not project.team.exists()


def test_portfolios_of_a_visitor_are_the_public_ones():
    from django.contrib.auth.models import AnonymousUser

    shown, hidden = PortfolioFactory(is_public=True), PortfolioFactory()
    assert list(Portfolio.objects.visible_to(AnonymousUser())) == [shown] and hidden.pk
