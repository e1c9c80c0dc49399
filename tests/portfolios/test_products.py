"""The bank of methodical products inside: who writes, what is checked, what becomes of it, who is told."""
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portfolios.handover import hand_over_products, products_in_work
from portfolios.models import MethodProduct, ProductFile
from portfolios.product.waiting import products_in_hand
from portfolios.services import product as verbs
from projectoffice.accounts.access import system
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail, StoredFile
from projectoffice.common.waiting import board_of, waiting_for
from tests.common.files import EXE, HOSTILE, PDF, office, upload
from tests.factories import InstitutionFactory, PostFactory, UserFactory

from .things import (
    ProductFactory,
    ProjectFactory,
    fresh,
    led_by,
    published_product,
    ready_product,
    submitted_product,
    with_editor,
    withdrawn_product,
)

pytestmark = pytest.mark.django_db
State = MethodProduct.State


def told(product):
    return [event.verb for event in history_of(product)][::-1]


def letters_to(person):
    return list(OutgoingMail.objects.filter(person=person).values_list("subject", flat=True))


def address(name, *args):
    return reverse(f"portfolios:{name}", args=args)


def school_of(person):
    return person.current_post.institution


# The way to publication

def test_a_product_goes_from_a_draft_over_a_remark_to_the_public(cast):
    writer = cast.member_of_school_a
    product = ready_product(author=writer)
    verbs.submit_product(product, by=writer)
    product = fresh(product)
    verbs.return_product(product, by=cast.secretary, version=product.version, remark="Подпишите рисунки")
    assert fresh(product).state == State.RETURNED and fresh(product).remark == "Подпишите рисунки"
    verbs.submit_product(product, by=writer)
    product = fresh(product)
    assert product.remark == ""
    verbs.publish_product(product, by=cast.office_head, version=product.version)
    assert fresh(product).state == State.PUBLISHED and fresh(product).published_at
    assert told(product)[-4:] == ["submit_product", "return_product", "submit_product", "publish_product"]
    assert letters_to(writer) == [  # the newest first
        f"Продукт опубликован: «{product}»", f"Продукт возвращён с замечанием: «{product}»"]


def test_done_twice_it_is_done_once(cast):
    product = submitted_product()
    for _ in range(2):
        verbs.submit_product(product, by=system())
    for _ in range(2):
        verbs.publish_product(product, by=cast.secretary, version=fresh(product).version)
    assert told(product).count("publish_product") == 1 and told(product).count("submit_product") == 1
    for _ in range(2):
        verbs.withdraw_product(product, by=cast.secretary, version=fresh(product).version, reason="Устарел")
    assert told(product).count("withdraw_product") == 1


def test_the_second_decision_with_other_words_is_refused_and_they_stay(cast, client):
    product = submitted_product()
    read = product.version
    verbs.return_product(product, by=cast.office_head, version=read, remark="Подпишите рисунки")
    page = posted(client, cast.secretary, "product_return", product.pk, version=read, words="Добавьте список литературы").content.decode()
    assert "уже решил" in page and "Добавьте список литературы" in page
    assert fresh(product).remark == "Подпишите рисунки" and told(product).count("return_product") == 1
    assert posted(client, cast.secretary, "product_return", product.pk, version=read, words="Подпишите рисунки").status_code == 302


def test_what_is_not_ready_is_not_sent_and_says_what_is_missing(cast):
    product = ProductFactory(annotation="", created_by=cast.member_of_school_a)
    with pytest.raises(ValidationError, match=r"аннотацию .* файл или ссылку .* хотя бы одного автора"):
        verbs.submit_product(product, by=cast.member_of_school_a)
    assert fresh(product).state == State.DRAFT


def test_a_link_is_enough_where_there_is_no_file(cast):
    product = ProductFactory(link="https://example.org/video", created_by=cast.member_of_school_a)
    verbs.add_author(product, by=cast.member_of_school_a, name="Ким А.В.")
    assert verbs.submit_product(product, by=cast.member_of_school_a).state == State.SUBMITTED


def test_the_office_alone_decides(cast):
    product = submitted_product(author=cast.member_of_school_a)
    for act in (lambda by: verbs.publish_product(product, by=by, version=product.version),
                lambda by: verbs.return_product(product, by=by, version=product.version, remark="Поправьте")):
        for person in (cast.member_of_school_a, cast.department_head, cast.administrator, cast.stranger):
            with pytest.raises(PermissionDenied):
                act(person)
    assert fresh(product).state == State.SUBMITTED


def test_a_decision_needs_words_and_the_text_that_was_read(cast):
    product = submitted_product()
    with pytest.raises(ValidationError, match="Напишите, что исправить"):
        verbs.return_product(product, by=cast.secretary, version=product.version, remark="  \n ")
    shown = product.version
    verbs.add_author(product, by=cast.office_head, name="Ким А.В.")
    with pytest.raises(StaleVersion, match="Пока вы читали"):
        verbs.publish_product(product, by=cast.secretary, version=shown)
    assert fresh(product).state == State.SUBMITTED


def test_a_withdrawn_product_comes_back_under_its_first_day_and_address(cast):
    product = withdrawn_product()
    day, uid = product.published_at, product.uid
    verbs.publish_product(product, by=cast.secretary, version=fresh(product).version)
    assert (fresh(product).published_at, fresh(product).uid, fresh(product).remark) == (day, uid, "")


@pytest.mark.parametrize(("make", "verb", "words"), [
    (ready_product, "publish", "Опубликовать можно"), (published_product, "recall", "Забрать можно"), (published_product, "return", "Вернуть можно"),
    (published_product, "remove", "только черновик"), (withdrawn_product, "submit", "Отправить можно"), (submitted_product, "withdraw", "Снять можно"),
])
def test_the_wrong_moment_is_a_sentence(cast, make, verb, words):
    product, by = make(), cast.secretary
    version = product.version
    acts = {
        "recall": lambda: verbs.recall_product(product, by=by), "submit": lambda: verbs.submit_product(product, by=by),
        "remove": lambda: verbs.remove_product(product, by=by), "publish": lambda: verbs.publish_product(product, by=by, version=version),
        "return": lambda: verbs.return_product(product, by=by, version=version, remark="Поправьте"),
        "withdraw": lambda: verbs.withdraw_product(product, by=by, version=version, reason="Устарел"),
    }
    with pytest.raises(TransitionNotAllowed, match=words):
        acts[verb]()


# Who writes

def test_who_made_it_and_who_keeps_its_project_write_and_colleagues_read(cast):
    writer, school = cast.member_of_school_a, school_of(cast.member_of_school_a)
    keeper, colleague = UserFactory(), UserFactory()
    PostFactory(person=colleague, title="педагог", institution=school)
    project = led_by(school)
    with_editor(project, keeper)
    product = ready_product(author=writer, institution=school, project=project)
    for person in (writer, keeper, cast.secretary):
        product = verbs.save_product(fresh(product), by=person, version=fresh(product).version, annotation=f"Написал {person.pk}")
    for person in (colleague, cast.department_head):
        assert MethodProduct.objects.belonging_to(person).filter(pk=product.pk).exists()
        with pytest.raises(PermissionDenied):
            verbs.save_product(product, by=person, version=product.version, annotation="Чужое")
    assert not MethodProduct.objects.belonging_to(cast.member_of_school_b).exists()


def test_an_author_reads_the_draft_but_does_not_write_it(cast):
    product = ready_product(author=cast.member_of_school_b, created_by=cast.secretary)
    assert MethodProduct.objects.belonging_to(cast.member_of_school_b).get() == product
    with pytest.raises(PermissionDenied):
        verbs.submit_product(product, by=cast.member_of_school_b)


@pytest.mark.parametrize(("make", "words"), [
    (submitted_product, "заберите его на доработку"), (published_product, "меняет только Проектный офис"),
    (withdrawn_product, "меняет только Проектный офис")])
def test_what_is_sent_or_published_is_changed_by_the_office_alone(cast, make, words):
    product = make(author=cast.member_of_school_a)
    with pytest.raises(TransitionNotAllowed, match=words):
        verbs.save_product(product, by=cast.member_of_school_a, version=product.version, title="Другое")
    with pytest.raises(TransitionNotAllowed, match=words):
        verbs.remove_part(product.files.get(), by=cast.member_of_school_a)
    assert verbs.save_product(product, by=cast.secretary, version=product.version, title="Другое").title == "Другое"


def test_what_visitors_read_keeps_what_it_was_sent_with(cast):
    product = published_product()
    for act in (lambda: verbs.save_product(fresh(product), by=cast.secretary, version=fresh(product).version, annotation=""),
                lambda: verbs.remove_part(product.files.get(), by=cast.secretary),
                lambda: verbs.remove_part(product.authors.get(), by=cast.secretary)):
        with pytest.raises(ValidationError, match="Без этого продукт не показывают"):
            act()
    assert product.files.present().count() == 1 and product.authors.present().count() == 1


def test_a_school_names_its_own_institution_or_that_of_the_project(cast):
    writer, foreign = cast.member_of_school_a, InstitutionFactory()
    with pytest.raises(ValidationError, match="своё учреждение"):
        verbs.create_product(by=writer, title="Продукт", institution=foreign)
    project = led_by(foreign, head=writer)
    assert verbs.create_product(by=writer, title="Продукт", institution=foreign, project=project)
    assert verbs.create_product(by=writer, title="Продукт", institution=school_of(writer))
    assert verbs.create_product(by=cast.secretary, title="Продукт", institution=foreign)


def test_a_project_one_may_not_see_is_not_named(cast):
    with pytest.raises(ValidationError, match="такого проекта нет"):
        verbs.create_product(by=cast.member_of_school_a, title="Продукт", project=ProjectFactory())


def test_who_belongs_to_no_institution_offers_nothing(cast):
    with pytest.raises(PermissionDenied):
        verbs.create_product(by=cast.stranger, title="Продукт")


# The pages

def posted(client, by, name, *args, **data):
    client.force_login(by)
    return client.post(address(name, *args), data)


CARD = {"title": "Сценарий праздника", "kind": "scenario", "annotation": "Для начальной школы", "version": 1,
        "key": "7b0a3a52-8f0f-4c8e-9a53-6e8f4a1c2d3e"}


def test_the_form_sent_twice_makes_one_product(cast, client):
    answers = [posted(client, cast.member_of_school_a, "product_new", **CARD) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302} and answers[0].url == answers[1].url
    assert MethodProduct.objects.get().created_by == cast.member_of_school_a


def test_a_year_of_four_digits_only_and_typed_words_stay(cast, client):
    for year in ("10000000000000000000000000000000", "двадцать", "-5", "1700"):
        answer = posted(client, cast.member_of_school_a, "product_new", **CARD | {"year": year})
        assert answer.status_code == 200 and "Сценарий праздника" in answer.content.decode() and not MethodProduct.objects.exists()
        assert "Год – " in answer.content.decode()


@pytest.mark.parametrize("link", ["javascript:alert(1)", "JaVaScRiPt://example.org/%0aalert(1)", "data:text/html,<script>", "ftp://example.org/a",
                                  "file:///etc/passwd", "//example.org", "просто слова", "https://" + "a" * 600, "https://exa\u202emple.org"])
def test_a_link_is_an_address_of_the_web_or_nothing(cast, client, link):
    answer = posted(client, cast.member_of_school_a, "product_new", **CARD | {"link": link})
    assert MethodProduct.objects.filter(link__startswith="https://example.org").exists() or (
        answer.status_code == 200 and not MethodProduct.objects.exists() and "id_link_error" in answer.content.decode())
    assert not MethodProduct.objects.exclude(link__startswith="https://").exists()


def test_two_editors_see_both_texts(cast, client):
    product = ready_product(author=cast.member_of_school_a, title="Прежнее")
    data = CARD | {"version": product.version, "title": "Название школы"}
    verbs.save_product(product, by=cast.secretary, version=product.version, title="Название офиса")
    answer = posted(client, cast.member_of_school_a, "product_edit", product.pk, **data)
    page = answer.content.decode()
    assert "Название школы" in page and "Сейчас записано: «Название офиса»" in page and fresh(product).title == "Название офиса"


def test_the_office_that_read_another_text_reads_the_new_one_first(cast, client):
    product = submitted_product(title="Как было")
    shown = product.version
    verbs.save_product(product, by=cast.office_head, version=shown, title="Как стало")
    answer = posted(client, cast.secretary, "product_publish", product.pk, version=shown)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Пока вы читали" in page and "Как стало" in page and fresh(product).state == State.SUBMITTED
    assert posted(client, cast.secretary, "product_publish", product.pk, version=fresh(product).version).status_code == 302
    assert fresh(product).state == State.PUBLISHED


def test_after_a_decision_the_moderator_is_led_to_the_next_that_waits(cast, client):
    first, second, third = (submitted_product(title=title) for title in ("Первый", "Второй", "Третий"))
    for product, name, words, following in (
            (third, "product_return", {"words": "Подпишите рисунки"}, first), (first, "product_publish", {}, second), (second, "product_publish", {}, None)):
        shown = client.get(posted(client, cast.secretary, name, product.pk, version=product.version, **words).url).content.decode()
        assert f'href="{following.get_absolute_url()}">К следующему' in shown if following else "Больше на проверке ничего нет" in shown
    assert "Больше на проверке" not in client.get(second.get_absolute_url()).content.decode()
    client.force_login(second.created_by)
    assert "Больше на проверке" not in client.get(f"{second.get_absolute_url()}?decided=1").content.decode()


def test_a_new_product_says_who_else_reads_the_draft(cast, client):
    client.force_login(cast.member_of_school_a)
    page = client.get(address("product_new")).content.decode()
    assert all(word in page for word in ("соавторы", "указанного учреждения", "ведёт проект", "Проектный офис", "руководители и администраторы"))


def test_a_remark_typed_over_another_text_stays_in_the_field(cast, client):
    product = submitted_product()
    answer = posted(client, cast.secretary, "product_return", product.pk, version=product.version + 7, words="Подпишите рисунки")
    assert "Подпишите рисунки" in answer.content.decode() and "Пока вы читали" in answer.content.decode()
    assert posted(client, cast.secretary, "product_return", product.pk, version=product.version, words="Подпишите рисунки").status_code == 302


def test_the_project_is_found_by_a_part_of_its_title_among_those_one_sees(cast, client):
    school = school_of(cast.member_of_school_a)
    mine = led_by(school, title="Читающая школа")
    ProjectFactory(title="Читающий сад")
    posted(client, cast.member_of_school_a, "product_new", **CARD | {"project": "читающ"})
    assert MethodProduct.objects.get().project == mine
    led_by(school, title="Читающая семья")
    answer = posted(client, cast.member_of_school_a, "product_new", **CARD | {"project": "читающ", "key": "7b0a3a52-8f0f-4c8e-9a53-6e8f4a1c2d00"})
    assert "Подходят несколько: Читающая семья, 2026; Читающая школа, 2026" in answer.content.decode()
    answer = posted(client, cast.member_of_school_a, "product_new", **CARD | {"project": "Читающий сад", "key": "7b0a3a52-8f0f-4c8e-9a53-6e8f4a1c2d01"})
    assert "такого нет" in answer.content.decode()


def test_the_same_project_of_another_year_is_told_by_its_year(cast, client):
    from datetime import date

    school = school_of(cast.member_of_school_a)
    led_by(school, title="Наставник рядом", start=date(2025, 9, 1), end=None)
    now = led_by(school, title="Наставник рядом")
    posted(client, cast.member_of_school_a, "product_new", **CARD | {"project": "Наставник рядом, 2026"})
    assert MethodProduct.objects.get().project == now


def test_a_new_product_is_proposed_with_the_project_one_came_from(cast, client):
    project = led_by(school_of(cast.member_of_school_a), title="Читающая школа")
    client.force_login(cast.member_of_school_a)
    page = client.get(address("product_new"), {"project": project.pk}).content.decode()
    assert 'value="Читающая школа, 2026" maxlength' in page and str(school_of(cast.member_of_school_a)) in page
    assert 'value="Читающая школа, 2026" maxlength' not in client.get(address("product_new"), {"project": "9" * 30}).content.decode()


def test_buttons_are_what_one_may_do_now(cast, client):
    product = submitted_product(author=cast.member_of_school_a)
    client.force_login(cast.member_of_school_a)
    page = client.get(product.get_absolute_url()).content.decode()
    assert "Забрать на доработку" in page and "Опубликовать" not in page and "Вернуть с замечанием" not in page
    client.force_login(cast.secretary)
    page = client.get(product.get_absolute_url()).content.decode()
    assert "Прочитать и опубликовать" in page and "Вернуть с замечанием" in page


@pytest.mark.parametrize("count", [1, 12])
def test_the_work_page_costs_the_same_for_one_author_and_for_many(cast, client, django_assert_max_num_queries, count):
    product = ready_product(author=cast.member_of_school_a)
    for number in range(count):
        verbs.add_author(product, by=system(), person=UserFactory())
        verbs.add_files(product, [upload(f"{number}.pdf", PDF)], by=system())
    client.force_login(cast.member_of_school_a)
    client.get(product.get_absolute_url())
    with django_assert_max_num_queries(20) as captured:
        client.get(product.get_absolute_url())
    COSTS.setdefault("page", set()).add(len(captured))
    assert len(COSTS["page"]) == 1


COSTS: dict = {}


def test_the_list_costs_the_same_for_few_and_many(cast, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(cast.secretary)
    costs = []
    for _ in range(2):
        for _ in range(5):
            submitted_product(institution=InstitutionFactory(), project=ProjectFactory())
        client.get(address("products"))
        with CaptureQueriesContext(connection) as captured:
            client.get(address("products"))
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 20


# The list

def test_the_office_reads_first_what_waits_longest_and_a_school_what_came_back(cast, client):
    writer = cast.member_of_school_a
    names = {}
    for name, make in (("Черновик", ready_product), ("Ждёт", submitted_product), ("Опубликован", published_product)):
        names[name] = make(author=writer, title=f"{name} продукт")
    returned = submitted_product(author=writer, title="Возвращён продукт")
    verbs.return_product(returned, by=system(), version=returned.version, remark="Поправьте")
    other = submitted_product(title="Чужой продукт")

    def order(person):
        client.force_login(person)
        page = client.get(address("products")).content.decode()
        titles = [product.title for product in MethodProduct.objects.all() if product.title in page]
        return sorted(titles, key=page.index)

    assert order(cast.secretary)[:2] == ["Ждёт продукт", "Чужой продукт"]
    assert order(writer) == ["Возвращён продукт", "Черновик продукт", "Ждёт продукт", "Опубликован продукт"]
    assert other.title not in order(writer)


def test_filters_narrow_and_odd_ones_are_passed_over(cast, client):
    school = InstitutionFactory()
    submitted_product(title="Ждёт", kind="tool", institution=school)
    published_product(title="Виден", kind="media")
    client.force_login(cast.secretary)
    for query, there, absent in (({"state": "submitted"}, "Ждёт", "Виден"), ({"kind": "media"}, "Виден", "Ждёт"), ({"q": "вид"}, "Виден", "Ждёт"),
                                 ({"institution": str(school)}, "Ждёт", "Виден")):
        page = client.get(address("products"), query).content.decode()
        assert f">{there}</a>" in page and f">{absent}</a>" not in page
    for odd in ({"state": "x"}, {"kind": "\x00"}, {"institution": "нет такого"}, {"page": "9" * 40}, {"q": "\ud800"}):
        assert client.get(address("products"), {name: value.encode("utf-8", "surrogatepass") for name, value in odd.items()}).status_code == 200


# What waits, letters, handover

def test_the_office_sees_how_many_wait_and_since_when(cast):
    assert waiting_for(cast.secretary) == []
    first = submitted_product()
    submitted_product()
    [row] = waiting_for(cast.secretary)
    assert row.what == "Проверить продукты: 2" and row.since == first.state_at and row.url == "/products/?state=submitted"
    assert waiting_for(cast.department_head) == [] == waiting_for(cast.administrator)


def test_what_waits_is_counted_without_reading_it(cast):
    submitted_product()
    with CaptureQueriesContext(connection) as captured:
        assert [row.what for row in products_in_hand(cast.secretary)] == ["Проверить продукты: 1"]
    of_products = [query["sql"] for query in captured if "portfolios_methodproduct" in query["sql"]]
    assert len(of_products) == 2 and "COUNT(" in of_products[0] and "'submitted'" not in of_products[1]


def test_the_writer_sees_what_came_back_with_the_remark(cast):
    writer = cast.member_of_school_a
    product = submitted_product(author=writer)
    assert [row.badge[1] for row in board_of(writer).sent] == ["На проверке"]
    verbs.return_product(product, by=cast.secretary, version=product.version, remark="Подпишите рисунки")
    [row] = waiting_for(writer)
    assert row.remark == "Подпишите рисунки" and row.url == product.get_absolute_url() and row.action == "Исправить"
    assert waiting_for(cast.member_of_school_b) == []


def test_a_published_author_without_consent_learns_how_to_be_named(cast):
    from projectoffice.accounts.models import Consent

    writer, named = cast.member_of_school_a, UserFactory()
    Consent.objects.create(person=named, text="Согласие", given_on="2026-01-01")
    product = ready_product(author=writer)
    verbs.add_author(product, by=writer, person=named)
    verbs.submit_product(product, by=writer)
    verbs.publish_product(product, by=cast.secretary, version=fresh(product).version)
    bodies = {letter.person: letter.body for letter in OutgoingMail.objects.all()}
    assert "/me/consent/" in bodies[writer] and "/me/consent/" not in bodies[named]
    assert all(product.public_url in body for body in bodies.values())


def test_where_the_writer_has_left_the_head_of_the_project_is_told(cast):
    gone, head = UserFactory(is_active=False), UserFactory()
    product = submitted_product(author=gone, project=ProjectFactory(head=head))
    verbs.return_product(product, by=cast.secretary, version=product.version, remark="Поправьте")
    assert letters_to(head) and not letters_to(gone)


def test_what_is_in_work_goes_to_the_successor_and_what_is_published_stays(cast):
    writer, successor = cast.member_of_school_a, UserFactory()
    products = [make(author=writer) for make in (ready_product, submitted_product, published_product)]
    assert products_in_work(writer).count() == 2
    assert hand_over_products(writer, successor, cast.secretary) == 2
    assert [fresh(product).created_by for product in products] == [successor, successor, writer]
    assert told(products[0])[-1] == "hand_over_product"


# Authors and files

def test_authors_stand_in_their_order_and_come_back(cast):
    product = ready_product(author=UserFactory(surname="Первова"))
    second = verbs.add_author(product, by=system(), name="Вторых А.А.")
    third = verbs.add_author(product, by=system(), name="Третьяк Б.Б.")
    verbs.move_part(third, by=system(), up=True)
    names = [row.name for row in product.authors.present()]
    assert names[1:] == ["Третьяк Б.Б.", "Вторых А.А."]
    verbs.move_part(fresh(second), by=system(), up=False)  # at the edge already
    verbs.remove_part(third, by=system())
    verbs.remove_part(third, by=system())
    verbs.return_part(fresh(third), by=system())
    assert [row.name for row in product.authors.present()][1:] == ["Вторых А.А.", "Третьяк Б.Б."]


def test_an_author_stands_there_once(cast):
    product = ready_product(author=cast.member_of_school_a)
    author = product.authors.get()
    with pytest.raises(ValidationError, match="уже указан"):
        verbs.add_author(product, by=system(), person=cast.member_of_school_a)
    verbs.remove_part(author, by=system())
    verbs.add_author(product, by=system(), person=cast.member_of_school_a)
    with pytest.raises(ValidationError, match="уже указан"):
        verbs.return_part(author, by=system())


def test_a_school_chooses_authors_among_its_own_people(cast, client):
    product = ready_product(author=cast.member_of_school_a, institution=school_of(cast.member_of_school_a))
    colleague = UserFactory(surname="Коллегина")
    PostFactory(person=colleague, title="педагог", institution=school_of(cast.member_of_school_a))
    client.force_login(cast.member_of_school_a)
    page = client.get(address("product_author_new", product.pk)).content.decode()
    assert "Коллегина" in page and "Лисина" not in page
    answer = posted(client, cast.member_of_school_a, "product_author_new", product.pk, person=cast.member_of_school_b.pk, key=CARD["key"])
    assert answer.status_code == 200 and product.authors.count() == 1


def test_several_files_are_added_ordered_removed_and_come_back(cast, client):
    product = ready_product(author=cast.member_of_school_a)
    client.force_login(cast.member_of_school_a)
    data = {"files": [upload("план.docx", office()), upload("таблица.xlsx", office("xlsx"))], "key": CARD["key"]}
    assert client.post(address("product_file_add", product.pk), data).status_code == 302
    assert [str(row) for row in product.files.present()] == ["материал.pdf", "план.docx", "таблица.xlsx"]
    last = product.files.present().last()
    client.post(address("product_file_move", last.pk), {"up": "1"})
    assert [str(row) for row in product.files.present()] == ["материал.pdf", "таблица.xlsx", "план.docx"]
    answer = client.post(address("product_file_remove", last.pk), follow=True)
    assert "Убран файл «таблица.xlsx»" in answer.content.decode() and product.files.present().count() == 2
    assert client.get(address("product_file", last.pk)).status_code == 404
    client.post(address("product_file_return", last.pk))
    assert [str(row) for row in product.files.present()][-1] == "таблица.xlsx"


def test_the_same_files_sent_twice_stand_there_once(cast, client):
    product = ready_product(author=cast.member_of_school_a)
    for _ in range(2):
        client.force_login(cast.member_of_school_a)
        client.post(address("product_file_add", product.pk), {"files": upload("план.docx", office()), "key": CARD["key"]})
    assert product.files.count() == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_beside_the_field_and_nothing_of_it_is_kept(cast, client, name):
    product = ready_product(author=cast.member_of_school_a)
    answer = posted(client, cast.member_of_school_a, "product_file_add", product.pk, files=upload(*HOSTILE[name]), key=CARD["key"])
    assert answer.status_code == 422 and "field-error" in answer.content.decode() and product.files.count() == 1
    assert StoredFile.objects.count() == 1


def test_one_bad_file_among_good_ones_stops_them_all(cast, client):
    product = ready_product(author=cast.member_of_school_a)
    answer = posted(client, cast.member_of_school_a, "product_file_add", product.pk, files=[upload("план.docx", office()), upload("отчёт.pdf", EXE)], key=CARD["key"])
    assert "программа" in answer.content.decode() and product.files.count() == 1


def test_fifty_megabytes_are_too_much_and_told_so(cast, client):
    product = ready_product(author=cast.member_of_school_a)
    answer = posted(client, cast.member_of_school_a, "product_file_add", product.pk,
                    files=upload("большой.pdf", PDF + b"\0" * (50 * 1024 * 1024)), key=CARD["key"])
    assert "Файл слишком большой" in answer.content.decode() and product.files.count() == 1


@pytest.mark.parametrize(("raw", "kept"), [("../../etc/passwd.pdf", "passwd.pdf"), ("акт\u202efdp.pdf", "актfdp.pdf"), ("a\x00b.pdf", "ab.pdf"),
                                           ("C:\\тайна\\план.pdf", "план.pdf")])
def test_the_name_of_a_file_is_no_path_and_reads_one_way(cast, raw, kept):
    product = ready_product(author=cast.member_of_school_a)
    [row] = verbs.add_files(product, [upload("x.pdf", PDF)], by=system())
    assert row.file.name == "x.pdf"
    file = upload("x.pdf", PDF)
    file._name = raw
    [row] = verbs.add_files(product, [file], by=system())
    assert ProductFile.objects.get(pk=row.pk).file.name == kept


def test_there_is_an_end_to_files_and_authors(cast, monkeypatch):
    monkeypatch.setattr(verbs, "MOST_FILES", 1)
    monkeypatch.setattr(verbs, "MOST_AUTHORS", 1)
    product = ready_product()
    with pytest.raises(ValidationError, match="не больше 1 файлов"):
        verbs.add_files(product, [upload("x.pdf", PDF)], by=system())
    with pytest.raises(ValidationError, match="не больше 1 авторов"):
        verbs.add_author(product, by=system(), name="Ким А.В.")
    author, file = product.authors.get(), product.files.get()
    verbs.remove_part(author, by=system())
    verbs.remove_part(file, by=system())
    verbs.add_author(product, by=system(), name="Ким А.В.")
    verbs.add_files(product, [upload("y.pdf", PDF)], by=system())
    for part, words in ((author, "не больше 1 авторов"), (file, "не больше 1 файлов")):
        with pytest.raises(ValidationError, match=words):
            verbs.return_part(part, by=system())


def test_a_removed_draft_leaves_no_file_behind(cast, client):
    product = ready_product(author=cast.member_of_school_a)
    assert posted(client, cast.member_of_school_a, "product_remove", product.pk).status_code == 302
    assert not MethodProduct.objects.exists() and not StoredFile.objects.exists()


def test_truths_of_the_bank_hold_and_a_lie_is_found(cast):
    product = published_product(title="Сценарий праздника", annotation="Для Петровой А.А. и её класса")
    assert not [each for each in violations() if "родукт" in str(each)]
    MethodProduct.objects.filter(pk=product.pk).update(title_words="чужое слово", published_at=None)
    found = " ".join(str(each) for each in violations())
    assert f"Продукт {product.pk}: ищется по словам" in found and "день публикации не записан" in found
