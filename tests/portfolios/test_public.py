"""What visitors read: only what is marked public, from what is in force, names with consent."""
import pytest

from portfolios.models import Portfolio, Project, TeamMember
from portfolios.services import product as products
from portfolios.services import project as verbs
from projectoffice.accounts.access import system
from projectoffice.accounts.models import Consent
from projectoffice.documents.services.revision import revise
from tests.canary import Canaries
from tests.factories import UserFactory

from .things import (
    PortfolioFactory,
    ProjectFactory,
    filled_passport,
    in_force,
    led_by,
    published_product,
    ready_product,
)

pytestmark = pytest.mark.django_db
LIST = "/public/portfolios/"


def address(project):
    return f"/public/projects/{project.pk}/"


def consents(person):
    Consent.objects.create(person=person, text="Согласие", given_on="2026-01-01")
    return person


def test_only_what_is_marked_public_and_begun_is_there(client):
    shown = PortfolioFactory(is_public=True, name="Открытый портфель")
    public = ProjectFactory(portfolio=shown, title="Открытый", is_public=True)
    for hidden in (ProjectFactory(portfolio=shown, title="Закрытый"), ProjectFactory(portfolio=shown, title="Готовится", is_public=True, status="preparing")):
        assert client.get(address(hidden)).status_code == 404
    ProjectFactory(title="В закрытом портфеле", is_public=True)
    page = client.get(LIST).content.decode()
    assert "Открытый портфель" in page and "Открытый</a>" in page
    assert not any(word in page for word in ("Закрытый", "Готовится", "В закрытом портфеле"))
    assert client.get(address(public)).status_code == 200


def test_taken_off_it_is_gone_at_once(client, cast):
    project = ProjectFactory(is_public=True)
    verbs.publish_project(project, by=cast.secretary, yes=False)
    assert client.get(address(project)).status_code == 404


def test_in_the_archive_it_is_gone_from_every_page_and_from_its_products(client, cast):
    portfolio = PortfolioFactory(is_public=True)
    project = ProjectFactory(portfolio=portfolio, is_public=True, status="finished", title="Читающая школа")
    product = published_product(project=project, title="Журнал")
    pages = (address(project), LIST, product.public_url, f"/public/products/?portfolio={portfolio.pk}")

    def told():
        return [client.get(page).content.decode() for page in pages]

    assert all(word in page for word, page in zip(("Читающая школа", "Читающая школа", "Читающая школа", "Журнал"), told(), strict=True))
    verbs.archive(project, by=cast.secretary)
    assert client.get(address(project)).status_code == 404
    assert not any("Читающая школа" in page for page in told()) and product.public_url not in told()[3]
    client.force_login(cast.secretary)
    assert "закрыта, пока проект в архиве" in client.get(project.get_absolute_url()).content.decode()


def test_an_author_typed_by_hand_is_hidden_in_the_titles_of_its_products(client):
    project = ProjectFactory(is_public=True)
    product = ready_product(project=project, title="Сборник Ким А.В.")
    products.add_author(product, by=system(), name="Ким А.В.")
    product = products.submit_product(product, by=system())
    products.publish_product(product, by=system(), version=product.version)
    page = client.get(address(project)).content.decode()
    assert "Сборник" in page and "Ким" not in page


def test_a_name_stands_there_only_while_its_person_consents(client):
    project = ProjectFactory(is_public=True, head=UserFactory(surname="Согласова"), portfolio=PortfolioFactory(is_public=True, head=UserFactory(surname="Портнова")))
    member = UserFactory(surname="Участнова")
    TeamMember.objects.create(project=project, person=member, name="Участнова А.И.")
    TeamMember.objects.create(project=project, name="Соколова М.А.")
    page = client.get(address(project)).content.decode() + client.get(LIST).content.decode()
    assert not any(name in page for name in ("Согласова", "Участнова", "Портнова", "Соколова"))
    for person in (project.head, member, project.portfolio.head):
        consents(person)
    page = client.get(address(project)).content.decode() + client.get(LIST).content.decode()
    assert all(name in page for name in ("Согласова", "Участнова", "Портнова")) and "Соколова" not in page
    Consent.objects.update(revoked_on="2026-02-01")
    page = client.get(address(project)).content.decode() + client.get(LIST).content.decode()
    assert not any(name in page for name in ("Согласова", "Участнова", "Портнова"))


def test_it_tells_what_is_in_force_and_no_word_of_what_is_being_written(client, cast):
    canaries = Canaries()
    passport = filled_passport(ProjectFactory(is_public=True))
    assert "Учить друг друга" not in client.get(address(passport.project)).content.decode()
    passport.goal = f"Учить. Отвечает Тайнова А.И. {canaries.plant('in force')}"
    passport.resources = canaries.plant("resources")
    passport.save()
    passport = in_force(passport, cast.secretary)
    revise(passport.document, by=cast.secretary, basis="приказа")
    passport.goal = canaries.plant("draft")
    passport.save()
    answer = client.get(address(passport.project))
    assert canaries.scan(answer) == {"in force"} and "Тайнова" not in answer.content.decode()


def test_a_name_typed_into_title_goal_or_result_is_hidden(client):
    project = ProjectFactory(is_public=True, status="finished", title="Класс Тайновой Анны Игоревны", result="Вела Тайнова А.И.",
                             portfolio=PortfolioFactory(is_public=True, goal="Куратор Тайнова А.И."))
    assert "Тайнова А.И." not in client.get(address(project)).content.decode() + client.get(LIST).content.decode()
    assert "Вела [имя не публикуется]" in client.get(address(project)).content.decode()


def test_institutions_are_told(client, cast):
    project = led_by(cast.member_of_school_a.current_post.institution, is_public=True)
    assert str(cast.member_of_school_a.current_post.institution) in client.get(address(project)).content.decode()


@pytest.mark.parametrize("query", ["?page=0", "?page=99", "?page=x", "?page=²"])
def test_odd_pages_are_answered(client, query):
    assert client.get(f"{LIST}{query}").status_code == 200 and not Portfolio.objects.exists() and not Project.objects.exists()
