"""The bank as visitors read it: what is found and how, what nobody learns, what it costs."""
import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portfolios import duties
from portfolios.models import MethodProduct
from portfolios.product import catalogue
from portfolios.product.catalogue import Asked, laid_over, snippet
from portfolios.product.names import Shown, is_of
from portfolios.services import product as verbs
from projectoffice.accounts.access import system
from projectoffice.accounts.models import Consent
from tests.canary import Canaries
from tests.common.files import PDF, upload
from tests.factories import InstitutionFactory, UserFactory

from .things import (
    PortfolioFactory,
    ProjectFactory,
    fresh,
    led_by,
    published_product,
    ready_product,
    submitted_product,
    withdrawn_product,
)

pytestmark = pytest.mark.django_db
LIST = "/public/products/"


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode())).replace("\xa0", " ")


def titles(client, **query):
    found = re.findall(r'row-name"><a href="/public/products/[^"]+">(.*?)</a>', client.get(LIST, query).content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", title).strip() for title in found]


def consents(person):
    return Consent.objects.create(person=person, text="Согласие", given_on="2026-01-01")


def revoke(person):
    person.consents.update(revoked_on=timezone.localdate())


# What is found

@pytest.mark.parametrize("words", ["праздник", "праздники", "ПРАЗДНИКОВ", "праздничных рассказы", '"первого рассказа"', "рассказам -выпускной", "учет", "учёт"])
def test_a_word_is_found_in_any_of_its_forms(client, words):
    published_product(title="Сценарий праздника первого рассказа", annotation="Праздничная встреча, учёт прочитанного")
    published_product(title="Журнал наблюдений", annotation="Таблица")
    assert titles(client, q=words) == ["Сценарий праздника первого рассказа"]


@pytest.mark.parametrize(("words", "wanted"), [
    ("радио", ["Клуб радио", "Школьный радиоузел"]), ("школьн радиоуз", ["Школьный радиоузел"]), ("радио после слонов", []),
    ("узел после радио", []), ("радиоузел после", ["Школьный радиоузел"]), ("шко", []), ("-радио клуб", ["Клуб рассказа"]), ('"школьный радио"', []),
    ("слонов или радиоуз", ["Школьный радиоузел"]), ("скрыт", [])])
def test_a_word_is_found_by_its_beginning_and_whole_words_come_first(client, words, wanted):
    published_product(title="Клуб радио")
    published_product(title="Школьный радиоузел")
    published_product(title="Клуб рассказа")
    withdrawn_product(title="Скрытый радиоузел")
    assert titles(client, q=words) == wanted


def test_the_beginning_of_a_found_word_marks_it_whole(client):
    published_product(title="Школьный радиоузел")
    assert "<mark>радиоузел</mark>" in client.get(LIST, {"q": "радио"}).content.decode()


def test_found_words_are_marked_in_title_and_annotation_as_they_are_written(client):
    published_product(title="Учёт прочитанного", annotation="Как вести учёт. " + "Слово за словом. " * 60 + "Итог учёта в конце.")
    page = client.get(LIST, {"q": "учета"}).content.decode()
    assert "<mark>Учёт</mark> прочитанного" in page and "Как вести <mark>учёт</mark>" in page and "…" in page


def test_what_is_said_in_the_title_comes_before_what_is_said_below(client):
    published_product(title="Наставник рядом", annotation="О паре")
    published_product(title="О паре", annotation="Есть глава про то, что наставник умеет")
    assert titles(client, q="наставники") == ["Наставник рядом", "О паре"]


def test_without_words_the_newest_come_first(client):
    for title in ("Первый", "Второй", "Третий"):
        published_product(title=title)
    assert titles(client) == ["Третий", "Второй", "Первый"]


def test_filters_narrow_and_stand_as_words_to_take_off(client):
    school = InstitutionFactory()
    portfolio = PortfolioFactory(is_public=True, name="Сильная команда")
    published_product(title="Нужный", kind="tool", year=2025, institution=school, project=ProjectFactory(portfolio=portfolio, is_public=True))
    PortfolioFactory(name="Закрытый портфель")
    published_product(title="Другой", kind="media", year=2024)
    page = client.get(LIST).content.decode()
    assert ">Сильная команда</option>" in page and "Закрытый портфель" not in page and f'<option value="{school}">' in page
    for query in ({"kind": "tool"}, {"year": 2025}, {"institution": str(school)}, {"portfolio": portfolio.pk}):
        assert titles(client, **query) == ["Нужный"], query
    page = client.get(LIST, {"kind": "tool", "year": 2025}).content.decode()
    assert "Вид: Инструмент, шаблон" in page and 'href="?year=2025"' in page and 'href="?kind=tool"' in page


def test_nothing_found_says_what_to_do(client):
    published_product(title="Журнал наблюдений")
    page = client.get(LIST, {"q": "журнал слонов", "kind": ""})
    assert "По этим условиям ничего нет" in text_of(page) and "Искать любое из этих слов" in text_of(page)
    assert titles(client, q="журнал или слонов") == ["Журнал наблюдений"]
    assert "Искать любое" not in text_of(client.get(LIST, {"q": "слонов"}))


def test_an_empty_bank_says_what_comes(client):
    ready_product()
    assert "Здесь пока нет продуктов" in text_of(client.get(LIST))


def test_pages_go_on_and_the_count_is_known(client, monkeypatch):
    monkeypatch.setattr(catalogue, "STEP", 2)
    for number in range(5):
        published_product(title=f"Сценарий {number}")
    assert titles(client, page=3) == ["Сценарий 0"]
    page = client.get(LIST, {"q": "сценарии", "page": 2})
    assert "Показано 4 из 5" in text_of(page) and "page=3" in page.content.decode()
    assert titles(client, page=99) == ["Сценарий 0"]


def test_who_finds_more_than_is_leafed_through_is_told(client, monkeypatch):
    monkeypatch.setattr(catalogue, "STEP", 2)
    monkeypatch.setattr(catalogue, "MOST", 2)
    for number in range(4):
        published_product(title=f"Сценарий {number}")
    page = text_of(client.get(LIST, {"q": "сценарий"}))
    assert "Показано 2 из 4" in page and "Дальше не листаем" in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60), other=st.text(max_size=20), page=st.text(max_size=12))
def test_no_question_breaks_the_catalogue(client, q, other, page):
    query = {"q": q, "kind": other, "year": other, "institution": other, "portfolio": other, "page": page}
    answer = client.get(LIST, {name: value.encode("utf-8", "surrogatepass") for name, value in query.items()})
    assert answer.status_code == 200


def test_large_numbers_and_odd_bytes_are_no_filters(client):
    published_product(title="Виден")
    for odd in ("9" * 30, "\x00", "-1", "1e9", "٣"):
        for name in ("year", "portfolio", "kind", "institution"):
            assert client.get(LIST, {name: odd}).status_code == 200


# What nobody learns

def test_only_what_is_published_is_counted_found_and_opened(client):
    for make, title in ((ready_product, "Черновик журнала"), (submitted_product, "Отправленный журнал"), (withdrawn_product, "Снятый журнал")):
        product = make(title=title, year=2011, kind="programme", institution=InstitutionFactory(own_name=f"Скрытая {title}"))
        assert client.get(product.public_url).status_code == 404
        assert client.get(reverse("portfolios:public_product_file", args=[product.uid, product.files.get().pk])).status_code == 404
    published_product(title="Видимый журнал")
    assert titles(client, q="журналы") == ["Видимый журнал"]
    page = client.get(LIST, {"q": "журнал"}).content.decode()
    assert "Показано 1 из 1" in text_of(client.get(LIST, {"q": "журнал"})) and "2011" not in page and "Скрытая" not in page


def test_a_withdrawn_product_is_gone_at_once_with_its_files(client, cast):
    product = published_product()
    file = reverse("portfolios:public_product_file", args=[product.uid, product.files.get().pk])
    assert client.get(product.public_url).status_code == 200 == client.get(file).status_code
    verbs.withdraw_product(product, by=cast.secretary, version=product.version, reason="Устарел")
    assert client.get(product.public_url).status_code == 404 == client.get(file).status_code


def test_no_remark_no_draft_and_no_moderator_is_told(client, cast):
    canaries = Canaries()
    writer = UserFactory(surname="Писателева")
    product = submitted_product(author=writer, annotation=canaries.plant("public"))
    verbs.return_product(product, by=cast.secretary, version=product.version, remark=canaries.plant("remark"))
    verbs.submit_product(product, by=writer)
    product = fresh(product)
    verbs.publish_product(product, by=cast.secretary, version=product.version)
    ready_product(title=canaries.plant("a draft"), annotation=canaries.plant("of it"), project=product.project)
    answers = [client.get(product.public_url), client.get(LIST), client.get(LIST, {"q": "продукт"})]
    assert canaries.scan(*answers) == {"public"}
    assert not any(name in text_of(answer) for answer in answers for name in ("Писателева", "Сорокина"))
    client.force_login(writer)
    assert "remark" in canaries.scan(client.get(reverse("portfolios:product_history", args=[product.pk])))


def test_an_author_is_named_while_the_consent_holds_and_nowhere_after(client):
    author = UserFactory(surname="Согласова", given_name="Инна", patronymic="Павловна")
    product = published_product(author=author, title="Журнал", annotation="Составила Согласова И.П. для школ")
    project = ProjectFactory(is_public=True)
    MethodProduct.objects.filter(pk=product.pk).update(project=project)
    where = [product.public_url, LIST, f"{LIST}?q=журналы", f"{LIST}?q=Согласова", f"/public/projects/{project.pk}/"]

    def told():
        return [each for each in where if "Согласова" in text_of(client.get(each)).replace("Слова: Согласова", "")]

    assert told() == [] and titles(client, q="Согласова") == [] == titles(client, q="составила Согласовой")
    consents(author)
    assert told() == where[:4] and titles(client, q="согласова инна") == ["Журнал"]
    revoke(author)
    assert told() == [] and titles(client, q="Согласова") == []
    assert "Составила [имя не публикуется] для школ" in text_of(client.get(product.public_url))


def test_neither_a_login_nor_a_mailbox_finds_an_author(client):
    author = UserFactory(surname="Согласова", username="gromova77", email="tajna@example.org")
    consents(author)
    published_product(author=author, title="Журнал")
    assert titles(client, q="gromova77") == titles(client, q="tajna@example.org") == titles(client, q="tajna") == []


def test_a_name_typed_by_hand_is_never_shown(client):
    product = ready_product(title="Журнал", annotation="По замыслу Соколовой М.А.")
    verbs.add_author(product, by=system(), name="Соколова М.А.")
    verbs.submit_product(product, by=system())
    verbs.publish_product(product, by=system(), version=fresh(product).version)
    assert "Соколов" not in text_of(client.get(product.public_url)) + text_of(client.get(LIST))
    assert titles(client, q="Соколова") == [] == titles(client, q="соколовой")


def test_who_came_to_the_portal_later_is_not_found_by_the_surname_next_day(client):
    typed = ready_product(title="Сборник", annotation="По замыслу Соколовой М.А.")
    verbs.add_author(typed, by=system(), name="Соколова М.А.")
    typed = verbs.submit_product(typed, by=system())
    verbs.publish_product(typed, by=system(), version=typed.version)
    product = published_product(title="Журнал", annotation="Для Громовой А.И. и её класса")
    published_product(title="Летопись", annotation="О городе")
    assert titles(client, q="Громова") == ["Журнал"]
    UserFactory(surname="Громова", given_name="Анна", patronymic="Игоревна")
    duties.forget_names_in_words_of_products()
    assert titles(client, q="Громова") == [] == titles(client, q="Соколова") and titles(client, q="класс") == ["Журнал"]
    with CaptureQueriesContext(connection) as captured:
        duties.forget_names_in_words_of_products()
    assert not any(query["sql"].startswith("UPDATE") for query in captured)
    assert fresh(product).annotation == "Для Громовой А.И. и её класса" and fresh(product).version == product.version


def test_a_poet_is_no_person_of_the_portal(client):
    UserFactory(surname="Пушкин", given_name="Олег")
    product = published_product(title="Сказки А.С. Пушкина", annotation="По книгам К.Д. Ушинского")
    page = text_of(client.get(product.public_url))
    assert "Сказки А.С. Пушкина" in page and "К.Д. Ушинского" in page and titles(client, q="Пушкин") == ["Сказки А.С. Пушкина"]


def test_a_name_in_a_file_s_name_is_hidden_on_the_page_and_in_the_download(client):
    author = UserFactory(surname="Громова", given_name="Анна", patronymic="Игоревна")
    product = ready_product(author=author, title="Журнал")
    verbs.add_files(product, [upload("Громова А.И. журнал.pdf", PDF)], by=system())
    verbs.submit_product(product, by=system())
    verbs.publish_product(product, by=system(), version=fresh(product).version)
    row = product.files.present().last()
    address = reverse("portfolios:public_product_file", args=[product.uid, row.pk])
    answer = client.get(address)
    assert "Громова" not in text_of(client.get(product.public_url))
    assert "Громова" not in unquote(answer["Content-Disposition"]) and "Журнал, файл 2.pdf" in unquote(answer["Content-Disposition"])
    consents(author)
    assert "Громова" in unquote(client.get(address)["Content-Disposition"]) and row.file.name == "Громова А.И. журнал.pdf"


def test_a_project_that_is_not_public_is_neither_named_nor_found_by_its_portfolio(client):
    hidden = PortfolioFactory(name="Закрытый портфель")
    shown = PortfolioFactory(name="Открытый портфель", is_public=True)
    for portfolio, project in ((hidden, {"is_public": True}), (shown, {"is_public": False}), (shown, {"is_public": True, "status": "preparing"})):
        product = published_product(project=ProjectFactory(portfolio=portfolio, title=f"Тайный {portfolio} {project}", **project))
        if project != {"is_public": True}:
            assert "Тайный" not in text_of(client.get(product.public_url))
    assert "Закрытый портфель" not in text_of(client.get(LIST))
    assert "Такого портфеля нет" in text_of(client.get(LIST, {"portfolio": hidden.pk}))
    assert titles(client, portfolio=shown.pk) == []


def test_a_file_taken_off_or_of_another_product_is_not_given_out(client, cast):
    product, other = published_product(), published_product()
    [extra] = verbs.add_files(product, [upload("лишний.pdf", PDF)], by=cast.secretary)
    address = reverse("portfolios:public_product_file", args=[product.uid, extra.pk])
    assert client.get(address).status_code == 200
    assert client.get(reverse("portfolios:public_product_file", args=[other.uid, extra.pk])).status_code == 404
    verbs.remove_part(extra, by=cast.secretary)
    assert client.get(address).status_code == 404 and "лишний" not in text_of(client.get(product.public_url))


def test_a_file_goes_out_as_an_attachment_that_runs_nothing(client):
    product = published_product()
    answer = client.get(reverse("portfolios:public_product_file", args=[product.uid, product.files.get().pk]))
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PDF


def test_an_outside_link_is_marked_and_tells_the_other_site_nothing(client):
    product = published_product(link="https://example.org/video")
    page = client.get(product.public_url).content.decode()
    assert 'rel="external noopener noreferrer nofollow"' in page and "Открыть на сайте example.org" in page and "за пределы портала" in page


# The page and the preview

def test_the_preview_is_the_public_page_word_for_word(client, cast):
    author = UserFactory(surname="Согласова")
    consents(author)
    school = InstitutionFactory()
    product = submitted_product(author=author, link="https://example.org/video", institution=school, project=led_by(school, is_public=True, title="Читающая школа"))

    def body(address):
        page = client.get(address).content.decode()
        return re.sub(r'href="[^"]*/files/[^"]*"', "", page[page.index('<dl class="facts">'):page.index("отвечает другой сайт")])

    client.force_login(cast.secretary)
    before = body(reverse("portfolios:product_preview", args=[product.pk]))
    asked = body(reverse("portfolios:product_publish", args=[product.pk]))
    verbs.publish_product(product, by=cast.secretary, version=product.version)
    client.logout()
    assert before == asked == body(product.public_url) and "Согласова" in before and "Читающая школа" in before


def test_a_public_project_and_its_products_lead_to_each_other(client):
    project = ProjectFactory(is_public=True, title="Читающая школа")
    product = published_product(project=project, title="Журнал чтения")
    ready_product(project=project, title="Черновик чтения")
    page = client.get(f"/public/projects/{project.pk}/").content.decode()
    assert product.public_url in page and "Черновик чтения" not in page
    assert f"/public/projects/{project.pk}/" in client.get(product.public_url).content.decode()


def test_the_front_page_leads_to_the_bank(client):
    assert LIST in client.get("/").content.decode()


def test_who_is_signed_in_and_a_stranger_to_it_reads_the_public_page(client, cast):
    product = published_product()
    client.force_login(cast.stranger)
    assert client.get(product.get_absolute_url()).url == product.public_url
    assert client.get(reverse("portfolios:product_file", args=[product.files.get().pk])).status_code == 404


# What it costs

@pytest.mark.parametrize("query", [{}, {"q": "журнал"}, {"q": "журнал", "year": "2026"}])
def test_the_catalogue_costs_the_same_for_few_and_many(client, query):
    costs = []
    for _ in range(2):
        for _ in range(4):
            author = UserFactory(surname="Согласова")
            consents(author)
            published_product(title="Журнал", annotation="Для Ивановой А.А.", author=author, institution=InstitutionFactory(),
                              project=ProjectFactory(is_public=True, portfolio=PortfolioFactory(is_public=True)))
        client.get(LIST, query)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, query)
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 20, costs


def test_the_public_page_costs_the_same_for_one_file_and_for_many(client, cast):
    product = published_product(author=UserFactory(surname="Согласова"))
    costs = []
    for _ in range(2):
        client.get(product.public_url)
        with CaptureQueriesContext(connection) as captured:
            client.get(product.public_url)
        costs.append(len(captured))
        for number in range(6):
            verbs.add_files(product, [upload(f"{number}.pdf", PDF)], by=cast.secretary)
            person = UserFactory()
            consents(person)
            verbs.add_author(product, by=cast.secretary, person=person)
    assert costs[0] == costs[1] <= 20, costs


# Small parts

@pytest.mark.parametrize(("phrase", "surname", "letter", "is_meant"), [
    ("Петровой А.А.", "Петрова", "а", True), ("Петрова Б.А.", "Петрова", "а", True), ("Петрова Б.Б.", "Петрова", "а", False),
    ("А.А. Петровым", "Петров", "а", True), ("Семёновой А.А.", "Семенова", "а", True), ("Кима А.В.", "Ким", "а", True),
    ("К.Д. Ушинского", "Ушин", "к", False), ("Анны Петровны Беловой", "Белова", "а", True), ("Пушкин А.С.", "Пушкин", "п", False),
])
def test_a_declined_surname_is_known_by_its_beginning(phrase, surname, letter, is_meant):
    assert is_of(phrase, {(surname, letter)}) is is_meant


def test_texts_without_names_ask_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Shown(["Журнал наблюдений за погодой"])("Журнал") == "Журнал"


def test_marks_are_laid_over_the_text_as_it_is():
    assert laid_over("Учёт <b>", "\x02Учет\x03  b ") == [("Учёт", True), (" <b>", False)]
    assert laid_over("Учёт", "\x02Уч\x03") == [("Учёт", False)]


def test_a_snippet_holds_the_first_found_word_and_its_neighbours():
    text = "слово " * 100
    found = snippet([(text, False), ("сценарий", True), (" " + text, False)])
    words = "".join(part for part, _ in found)
    assert ("сценарий", True) in found and words.startswith("… слово") and words.endswith(" …") and len(words) < 320


def test_tags_of_a_product_are_words(client):
    product = published_product(title="<b>Журнал</b>", annotation="Знак < меньше & больше >, <script>alert(1)</script> учёт")
    page = client.get(LIST, {"q": "учет"}).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "<mark>учёт</mark>" in page
    assert "&lt;b&gt;Журнал" in client.get(product.public_url).content.decode()


def test_the_words_of_a_question_are_asked_once():
    assert Asked("журнал слонов").any_word == "журнал или слонов" and Asked("журнал").any_word == "" and Asked('"журнал" -слон').any_word == ""
