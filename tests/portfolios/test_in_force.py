"""While the next edition of a passport is being prepared, everybody is told what is in force, the writer's own pages alone the draft."""
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portfolios.models import Milestone, Passport, Project
from portfolios.services import copying, milestones
from portfolios.services.passport import add_row, remove_row
from projectoffice.common.invariants import violations
from projectoffice.documents.models import Document
from projectoffice.documents.services.revision import abandon_revision, revise
from tests.canary import Canaries

from .things import document_of, filled_passport, fresh, in_force, led_by, report_of

pytestmark = pytest.mark.django_db
YEAR = {"start": date(2027, 9, 1), "end": date(2028, 5, 31)}


@pytest.fixture
def canaries():
    return Canaries()


@pytest.fixture
def revised(cast, canaries):
    """In force, and the next edition half written: another goal, target, name and day of the point, one more point, no stage."""
    school = cast.member_of_school_a.current_post.institution
    passport = filled_passport(led_by(school, head=cast.member_of_school_a))
    project = passport.project
    passport.goal = canaries.plant("goal in force")
    passport.save()
    Milestone.objects.update(name=canaries.plant("point in force"), due=timezone.localdate() + timedelta(days=5))
    project.end = project.start.replace(year=project.start.year + 2)
    project.save()
    passport = in_force(passport, cast.secretary)
    document = revise(passport.document, by=cast.secretary, basis="приказа")
    passport.document, passport.goal = document, canaries.plant("draft goal")
    passport.save()
    project.milestones.update(name=canaries.plant("draft point"), due=timezone.localdate() - timedelta(days=40))
    new = add_row(passport, "milestone", by=cast.secretary, uid="6e0ad0a6-27a9-4a3e-9a66-0b6f6a1f4a11")
    Milestone.objects.filter(pk=new.pk).update(name=canaries.plant("new point"), due=timezone.localdate() - timedelta(days=41))
    project.indicators.update(target=999)
    remove_row(passport, project.stages.get(), by=cast.secretary)
    return passport


def test_whoever_reads_is_told_what_is_in_force(cast, client, canaries, revised):
    project, head = revised.project, cast.member_of_school_a
    report = report_of(project)
    told = {
        project.get_absolute_url(): {"goal in force", "point in force"}, "/": {"point in force"}, project.portfolio.get_absolute_url(): set(),
        "/projects/": set(), f"/projects/points/{project.milestones.told().get().pk}/reach/": {"point in force"}, report.get_absolute_url(): set(),
    }
    client.force_login(head)
    answers = {address: client.get(address) for address in told}
    assert {address: canaries.scan(answer) for address, answer in answers.items()} == told
    assert "999" not in answers[project.get_absolute_url()].content.decode() + answers[report.get_absolute_url()].content.decode()
    assert "120\xa0человек" in answers[project.get_absolute_url()].content.decode()
    assert canaries.scan(client.get(revised.get_absolute_url())) >= {"draft goal"}
    assert client.get(f"/projects/points/{project.milestones.get(is_told=False).pk}/reach/").status_code == 404
    client.force_login(cast.secretary)
    page = client.get(project.portfolio.get_absolute_url())
    assert "просрочена" not in page.content.decode() and not Milestone.objects.overdue().exists()
    assert list(violations()) == []


def test_marks_stay_live_and_the_next_edition_takes_over(cast, client, canaries, revised):
    point = revised.project.milestones.told().get()
    milestones.reach(point, by=cast.secretary, on=timezone.localdate())
    client.force_login(cast.secretary)
    address = revised.project.get_absolute_url()
    assert "Достигнута" in client.get(address).content.decode()
    assert fresh(point).told_name != fresh(point).name
    revised.project.stages.update(position=1)
    in_force(revised, cast.secretary)
    assert document_of(revised).state == Document.State.ISSUED
    told = canaries.scan(client.get(address))
    assert told == {"draft goal", "draft point", "new point", "point in force"} and list(violations()) == []  # the mark stays in the history
    assert [each.told_name for each in Milestone.objects.overdue()] == [Milestone.objects.get(reached_on=None).name]


def test_an_abandoned_edition_leaves_what_was_told(cast, canaries, client, revised):
    abandon_revision(document_of(revised), by=cast.secretary)
    client.force_login(cast.secretary)
    assert canaries.scan(client.get(revised.project.get_absolute_url())) == {"goal in force", "point in force"} and list(violations()) == []


class TestTheContinuation:
    def test_it_takes_what_is_in_force(self, cast, canaries, revised):
        copy = copying.copy_project(revised.project, by=cast.secretary, **YEAR)
        passport, point = Passport.objects.get(project=copy), copy.milestones.get()
        assert canaries.scan(f"{passport.goal} {point.name}") == {"goal in force", "point in force"}
        assert (copy.indicators.get().baseline, copy.stages.get().name) == (120, "Подготовка")
        assert passport.tasks == revised.tasks

    def test_there_is_one_a_year_and_the_page_leads_to_it(self, cast, client, revised):
        address = f"{revised.project.get_absolute_url()}copy/"
        client.force_login(cast.secretary)
        first = client.get(address)
        sent = {"start": "01.09.2027", "end": "31.05.2028", "version": 1, "key": first.context["form"]["key"].value()}
        answers = [client.post(address, sent) for _ in range(2)]
        copy = Project.objects.get(copied_from=revised.project)
        assert [answer.url for answer in answers] == [copy.get_absolute_url()] * 2
        page = client.get(address)
        assert "Продолжение уже есть" in page.content.decode() and f'href="{copy.get_absolute_url()}"' in page.content.decode()
        again = client.post(address, sent | {"start": "01.10.2027", "key": page.context["form"]["key"].value()})
        assert "Продолжение на 2027 год уже есть" in again.content.decode()
        with pytest.raises(ValidationError, match="уже есть"):
            copying.copy_project(revised.project, by=cast.secretary, **YEAR)
        assert Project.objects.filter(copied_from=revised.project).count() == 1
        copying.copy_project(revised.project, by=cast.secretary, start=date(2028, 9, 1))
