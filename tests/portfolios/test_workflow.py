"""States of a project: every verb from every state, reasons, letters, what is closed once it is over."""
import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portfolios import workflow
from portfolios.models import Project
from portfolios.services import project as verbs
from portfolios.services.team import add_member
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.models import OutgoingMail
from tests.factories import UserFactory

from .things import PortfolioFactory, ProjectFactory, fresh

pytestmark = pytest.mark.django_db
# From each state: what the office may do, beside copying and publishing.
TABLE = {
    "preparing": {"edit", "change_head", "start", "stop"},
    "active": {"edit", "change_head", "finish", "suspend", "stop", "prepare"},
    "suspended": {"edit", "change_head", "resume", "finish", "stop"},
    "finished": {"reopen", "save_result", "archive"},
    "stopped": {"reopen", "save_result", "archive"},
}
ALWAYS = {"copy", "publish"}


@pytest.mark.parametrize("status", TABLE)
def test_the_buttons_of_each_state(cast, status):
    assert set(workflow.available(ProjectFactory(status=status), cast.secretary)) == TABLE[status] | ALWAYS


@pytest.mark.parametrize("status", TABLE)
@pytest.mark.parametrize("verb", workflow.MOVES)
def test_a_move_works_where_its_button_is_and_nowhere_else(cast, status, verb):
    project = ProjectFactory(status=status)
    target = workflow.RULES[verb].target
    if verb in TABLE[status]:
        assert verbs.move(project, verb, by=cast.secretary, reason="Так решили", result="Получилось").status == target
    elif status == target:
        assert verbs.move(project, verb, by=cast.secretary).version == project.version  # done twice is done once
    else:
        with pytest.raises(TransitionNotAllowed):
            verbs.move(project, verb, by=cast.secretary, reason="Так решили", result="Получилось")
        assert fresh(project).status == status


@pytest.mark.parametrize("verb, status, field", [
    ("suspend", "active", "reason"), ("stop", "active", "reason"), ("reopen", "finished", "reason"), ("finish", "active", "result")])
def test_what_is_to_be_told_must_be_told(cast, verb, status, field):
    project = ProjectFactory(status=status)
    with pytest.raises(ValidationError) as refusal:
        verbs.move(project, verb, by=cast.secretary, reason="  ", result="  ")
    assert list(refusal.value.message_dict) == [field] and fresh(project).status == status


def test_the_head_of_a_project_does_not_move_it_and_the_head_of_its_portfolio_does(cast):
    portfolio = PortfolioFactory(head=cast.stranger)
    project = ProjectFactory(portfolio=portfolio, head=cast.member_of_school_a)
    with pytest.raises(PermissionDenied):
        verbs.move(project, "suspend", by=cast.member_of_school_a, reason="Отпуск")
    assert verbs.move(project, "suspend", by=cast.stranger, reason="Отпуск").status == "suspended"


def test_a_move_is_told_to_the_head_once_and_written_down(cast):
    project = ProjectFactory(head=cast.member_of_school_a)
    for _ in range(2):
        verbs.move(project, "suspend", by=cast.secretary, reason="Ремонт в школе")
    letter = OutgoingMail.objects.get(person=cast.member_of_school_a)
    assert "Ремонт в школе" in letter.body
    assert [event.sentence for event in history_of(project)] == ["Приостановлен: Ремонт в школе"]


def test_what_is_over_is_closed_until_it_is_reopened(cast):
    project = ProjectFactory(status="finished")
    with pytest.raises(TransitionNotAllowed, match="верните проект в работу"):
        add_member(project, by=cast.secretary, name="Ким А.В.", role="member")
    verbs.move(project, "reopen", by=cast.secretary, reason="Ошибка")
    assert add_member(project, by=cast.secretary, name="Ким А.В.", role="member").pk


def test_the_archive_hides_from_lists_and_gives_back(cast, client):
    project = verbs.archive(ProjectFactory(status="finished", title="Старое дело"), by=cast.secretary)
    client.force_login(cast.secretary)
    assert "Старое дело" not in client.get("/projects/").content.decode()
    assert "Старое дело" in client.get("/projects/?archive=on").content.decode()
    with pytest.raises(TransitionNotAllowed, match="в архиве"):
        verbs.move(project, "reopen", by=cast.secretary, reason="Нужен")
    verbs.unarchive(project, by=cast.secretary)
    assert "Старое дело" in client.get("/projects/").content.decode()


class TestAnotherHead:
    def test_both_are_told_and_the_team_follows(self, cast):
        old, new = UserFactory(), UserFactory()
        project = verbs.create_project(by=cast.secretary, portfolio=PortfolioFactory(), title="Дело", head=old)
        OutgoingMail.objects.all().delete()
        verbs.change_head(project, new, by=cast.secretary, version=project.version, reason="приказ № 4")
        assert set(OutgoingMail.objects.values_list("person", flat=True)) == {old.pk, new.pk}
        assert [(each.person, each.is_current()) for each in project.team.all()] == [(new, True)]  # the other began today
        assert history_of(project)[0].sentence.endswith(". Приказ № 4")

    def test_asked_twice_it_is_done_once(self, cast):
        project, new = ProjectFactory(head=UserFactory()), UserFactory()
        for _ in range(2):
            verbs.change_head(project, new, by=cast.secretary, version=1)
        assert history_of(project).count() == 1 and fresh(project).head == new

    def test_an_old_page_does_not_overwrite_a_newer_choice(self, cast):
        from projectoffice.common.errors import StaleVersion

        project, first = ProjectFactory(), UserFactory()
        verbs.change_head(project, first, by=cast.secretary, version=1)
        with pytest.raises(StaleVersion):
            verbs.change_head(project, UserFactory(), by=cast.office_head, version=1)
        assert fresh(project).head == first

    def test_a_school_does_not_choose_it(self, cast):
        project = ProjectFactory(head=cast.member_of_school_a)
        with pytest.raises(PermissionDenied):
            verbs.change_head(project, cast.member_of_school_b, by=cast.member_of_school_a, version=1)


def test_a_move_that_breaks_half_way_has_not_happened(cast, monkeypatch):
    project = ProjectFactory(head=cast.member_of_school_a)

    def broken(*args, **kwargs):
        raise RuntimeError("the outbox is away")

    monkeypatch.setattr(verbs.letters, "status_changed", broken)
    with pytest.raises(RuntimeError):
        verbs.move(project, "suspend", by=cast.secretary, reason="Ремонт")
    assert Project.objects.get(pk=project.pk).status == "active" and not history_of(project).exists()
