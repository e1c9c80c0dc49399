"""A contest from its regulation to the winner's project, in the browser; between the parts its stages are moved, not the clock."""
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contests.models import AwardLevel, ContestStage, Entry, Expert, TieRule
from projectoffice.common import jobs
from tests.browser.seeing import arrives, enter, faults_of, follow, press
from tests.contests.expert_things import token_of
from tests.contests.things import admitted, expert, set_up
from tests.factories import UserFactory
from tests.portfolios.things import ModelFactory

WINNER, SECOND, THIRD = "Читающая школа", "Тёплый двор", "Школьный сад"
# The experts part over the winner by more than the rules allow; the other two works come out equal.
MARKS = {WINNER: [(3, 3), (3, 2), (0, 1)], SECOND: [(2, 1)] * 3, THIRD: [(1, 2)] * 3}
STAGES = ("acceptance", "remote", "results")


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def contest(cast):
    """All that can be set up beforehand; the regulation and the announcement are the office's in the browser."""
    nomination = set_up(title="Смотр-конкурс", about="Для школ города", divergence=3, is_blind=True)
    contest = nomination.contest
    AwardLevel.objects.create(contest=contest, title="Победитель", places="1", becomes_project=True, position=1)
    AwardLevel.objects.create(contest=contest, title="Лауреат", places="2–3", position=2)
    TieRule.objects.create(contest=contest, rule="chair")
    begin = timezone.now() + timedelta(days=1)
    for number, kind in enumerate(STAGES):
        ContestStage.objects.create(contest=contest, kind=kind, starts_at=begin + timedelta(days=10 * number),
                                    ends_at=begin + timedelta(days=10 * number + 9))
    return contest


def move_to(contest, kind):
    """This stage began yesterday; those before it are over, those after it are ahead."""
    for number, each in enumerate(STAGES):
        begin = timezone.now() + timedelta(days=10 * (number - STAGES.index(kind)) - 1)
        ContestStage.objects.filter(contest=contest, kind=each).update(starts_at=begin, ends_at=begin + timedelta(days=9))


def told(page, words):
    expect(page.locator("#messages")).to_contain_text(words)


def downloaded(page, name):
    with page.expect_download() as got:
        page.get_by_role("link", name=name).first.click()
    return got.value


def announce(page, contest, regulation):
    page.goto(f"{contest.get_absolute_url()}edit/")
    page.get_by_label("Положение").set_input_files(regulation)
    press(page, "Сохранить")
    expect(page.locator("#about")).to_contain_text("Положение о конкурсе.pdf")
    follow(page, "Проверить и объявить")
    press(page, "Объявить конкурс")
    told(page, "Конкурс объявлен")


def send_entry(phone, contest):
    phone.goto(contest.get_absolute_url())
    follow(phone, "Подать заявку")
    phone.get_by_label("Номинация").select_option(index=1)
    press(phone, "Начать заявку")
    phone.get_by_label("Название работы").fill(WINNER)
    phone.get_by_label("О чём работа").fill("Про чтение вслух.")
    expect(phone.locator("[data-save-state]")).to_contain_text("Сохранено в")
    follow(phone, "Проверить и отправить")
    press(phone, "Отправить")
    expect(phone.locator("body")).to_contain_text("Заявка № 1 отправлена")


def admit(page, contest, school):
    page.goto(contest.get_absolute_url())
    follow(page, "Заявки")
    follow(page, "Проверить: 1")
    expect(page.locator("main")).to_contain_text(school)
    page.get_by_label("Допущена", exact=True).check()
    press(page, "Записать исход")
    told(page, "исход записан")


def invite(page, contest, person):
    page.goto(contest.get_absolute_url())
    follow(page, "Эксперты")
    follow(page, "Добавить экспертов")
    page.get_by_label("Или сразу несколько").fill(person.full_name)
    press(page, "Добавить в список")
    follow(page, "Пригласить: 1")
    press(page, "Отправить 1\u00a0письмо")
    expect(page.get_by_role("row", name=person.full_name)).to_contain_text("Приглаш")
    return Expert.objects.get(person=person)


def accept(visitor, invited):
    visitor.goto(f"/expert/{token_of(invited)}/")
    assert faults_of(visitor) == []
    press(visitor, "Согласиться оценивать")
    expect(visitor.get_by_text("Вы согласились", exact=True)).to_be_visible()


def distribute(page, contest):
    page.goto(contest.get_absolute_url())
    follow(page, "Распределение работ")
    expect(page.get_by_text("Будет назначено: 9.")).to_be_visible()
    assert faults_of(page) == []
    press(page, "Назначить и написать экспертам")
    expect(page.get_by_text("У каждой работы столько экспертов, сколько нужно.")).to_be_visible()


def hand_in(phone, marks, comment=""):
    """The work that is open: marks by tapping, the comment, yes to the question."""
    expect(phone.locator("[data-criterion]")).to_have_count(len(marks))
    for place, mark in enumerate(marks):
        phone.locator("[data-criterion]").nth(place).locator("label").nth(mark).tap()
    if comment:
        phone.locator("#id_comment").fill(comment)
    expect(phone.locator("[data-progress]")).to_have_text("2 из 2")
    press(phone, "Сдать лист")
    expect(phone.get_by_role("heading", name="Сдать лист?")).to_be_visible()
    press(phone, "Сдать лист")
    told(phone, "Лист сдан")


def score_all(phone, number, school):
    """One expert from the start page through the queue; which work comes next is the portal's choice."""
    phone.goto("/scoring/")
    follow(phone, "Следующая работа")
    for left in (2, 1, 0):
        expect(phone.locator("[data-progress]")).to_have_text("0 из 2")  # a sheet that is in has the same heading
        title = phone.get_by_role("heading", level=1).inner_text()
        if number == 0 and title == WINNER:
            assert faults_of(phone) == []
            expect(phone.locator("body")).not_to_contain_text(school)
        hand_in(phone, MARKS[title][number], comment="Живо и по делу." if number == 0 else "")
        follow(phone, "Следующая работа" if left else "К моей очереди")
    expect(phone.get_by_text("Спасибо!")).to_be_visible()


def decide(page, contest, phone, arbiter, live_server):
    """The third expert parts those who disagree, the chair parts the equals."""
    page.goto(contest.get_absolute_url())
    follow(page, "Свод оценок")
    expect(page.get_by_text("Ещё не всё решено")).to_be_visible()
    assert faults_of(page) == []
    follow(page, "Назначить третьего эксперта")
    page.get_by_label(arbiter.person.surname).check()
    press(page, "Назначить")
    told(page, "Третий эксперт назначен")
    enter(phone, arbiter.person, live_server)
    phone.goto("/scoring/")
    follow(phone, WINNER)
    hand_in(phone, (3, 2))
    page.reload()
    expect(page.locator("#left")).not_to_contain_text("разошлись")
    follow(page, "Записать решение председателя")
    page.get_by_label(SECOND).select_option("2")
    page.get_by_label(THIRD).select_option("1")
    page.get_by_label("На чём основано решение").fill("Протокол жюри № 2")
    press(page, "Записать решение")
    expect(page.get_by_text("Всё решено")).to_be_visible()
    places = [re.sub(r"\s+", " ", words) for words in page.locator("table.tally-table tbody tr").all_inner_texts()]
    assert [next(title for title in MARKS if title in row) for row in places] == [WINNER, THIRD, SECOND]


def publish(page, contest):
    page.goto(contest.get_absolute_url())
    follow(page, "Итоги")
    expect(page.get_by_text("Всё готово к публикации")).to_be_visible()
    expect(page.get_by_role("row", name=SECOND)).to_contain_text("решил председатель")
    assert faults_of(page) == []
    follow(page, "Опубликовать итоги")
    press(page, "Опубликовать")
    expect(page.get_by_text("Итоги опубликованы", exact=True).first).to_be_visible()


def make_papers(page, contest, chair, secretary):
    results = f"{contest.get_absolute_url()}results/"
    assert downloaded(page, "Сводный оценочный лист").suggested_filename.endswith(".pdf")
    follow(page, "Протокол экспертной комиссии")
    page.get_by_label("Председатель экспертной комиссии").fill(chair.full_name)
    page.get_by_label("Секретарь").fill(secretary.full_name)
    press(page, "Начать протокол")
    expect(page.locator("body")).to_contain_text(f"Присвоить звание «Победитель»: «{WINNER}»")
    assert faults_of(page) == []
    page.goto(results)
    follow(page, "Сделать дипломы: 3")
    press(page, "Сделать дипломы")
    told(page, "Дипломы делаются")
    jobs.run_due()
    # The page of the job asks by itself how far it is.
    expect(page.get_by_role("link", name="Скачать:")).to_be_visible()
    assert downloaded(page, "Скачать:").suggested_filename.endswith(".pdf")
    page.goto(results)
    follow(page, "Посмотреть письма")
    press(page, "Отправить", exact=False)
    expect(page.get_by_text("Ждут проверки: 0")).to_be_visible()
    page.goto(results)
    assert faults_of(page) == []


def read_result(phone, entry):
    phone.goto(entry.get_absolute_url())
    follow(phone, "Итог")
    expect(phone.locator("dl.facts").first).to_contain_text("Победитель")
    expect(phone.locator("dl.facts").first).to_contain_text("5 из 6")
    expect(phone.locator("body")).to_contain_text("Живо и по делу.")
    expect(phone.locator("body")).to_contain_text("решил третий эксперт")
    assert faults_of(phone) == []
    assert downloaded(phone, "Скачать:").path().read_bytes().startswith(b"%PDF-")


def make_project(page, contest, entry, model):
    page.goto(f"{contest.get_absolute_url()}results/")
    follow(page, "Сделать проектом")
    page.get_by_label("Управленческая модель").select_option(value=str(model.pk))
    press(page, "Сделать проектом")
    told(page, "Проект создан")
    expect(page.get_by_role("heading", level=1)).to_contain_text(WINNER)
    project = page.url
    follow(page, "работа № 1, Победитель")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Итоги")
    expect(page.locator("main")).to_contain_text(WINNER)
    page.goto(entry.get_absolute_url())
    with arrives(page):
        page.locator("main").get_by_role("link", name="Проект", exact=True).click()
    page.wait_for_url(project)


def test_a_contest_from_its_regulation_to_the_winner_s_project(cast, contest, page, phone, open_page, live_server, tmp_path):
    regulation = tmp_path / "Положение о конкурсе.pdf"
    regulation.write_bytes(b"%PDF-1.4\n%%EOF")
    school = cast.member_of_school_a
    enter(page, cast.secretary, live_server)
    announce(page, contest, regulation)

    move_to(contest, "acceptance")
    send_entry(enter(phone, school, live_server), contest)
    entry = Entry.objects.get()
    nomination = contest.nominations.get()
    for title in (SECOND, THIRD):
        admitted(nomination, title=title)
    admit(page, contest, str(entry.institution))

    invited = invite(page, contest, UserFactory(surname="Рябинина"))
    accept(open_page(360), invited)
    panel = [invited, expert(contest), expert(contest)]
    arbiter = expert(contest, UserFactory(surname="Третьякова"), is_arbiter=True)
    distribute(page, contest)

    move_to(contest, "remote")
    for number, each in enumerate(panel):
        score_all(enter(phone, each.person, live_server), number, str(entry.institution))

    move_to(contest, "results")
    decide(page, contest, phone, arbiter, live_server)
    publish(page, contest)
    make_papers(page, contest, cast.office_head, cast.department_head)
    read_result(enter(phone, school, live_server), entry)
    make_project(page, contest, entry, ModelFactory())
