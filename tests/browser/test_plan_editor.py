"""The editor of a plan as staff use it all day: keyboard, two people, a lost connection, Word's clipboard, a phone."""
import pytest
from playwright.sync_api import expect

from meetings.services.plan import create_plan
from meetings.services.rows import add_row, remove_row, save_cell
from tests.browser.seeing import arrives, enter, faults_of, follow, press, until
from tests.cast import make_cast
from tests.factories import BodyFactory

PASTE = """([html, plain]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", plain);
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""
WORD_LIST = (
    "<p style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Первый</p>"
    "<p style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Внутри</p>"
)
WORD_TABLE = (
    "<table><tr><td>№ п/п</td><td>Тема заседаний</td><td>Срок</td><td>Ответственный</td></tr>"
    "<tr><td>1.</td><td><p>Тема А</p><p>- дефис</p></td><td>январь</td><td><p>Орлова А.И.</p><p>Совет</p></td></tr>"
    "<tr><td>2.</td><td>Тема Б</td><td>май</td><td></td></tr></table>"
)


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def plan(cast):
    plan = create_plan(BodyFactory(), by=cast.secretary, year=2027)
    for place, term in enumerate(("февраль", "апрель", "июнь"), start=1):
        add_row(plan, by=cast.secretary, values={"topics": f"Тема {place}", "term": term, "responsible": "Орлова А.И."})
    return plan


def opened(page, person, plan, live_server):
    enter(page, person, live_server)
    page.goto(plan.get_absolute_url())
    return page


def row(page, place):
    return page.locator("tr[data-row]").nth(place - 1)


def cell(page, place, key):
    return row(page, place).locator(f"[data-cell={key}]")


def saved(page):
    """Wait until nothing is on its way."""
    until(page, "!Object.keys(localStorage).some(key => key.startsWith('table-editor'))")
    until(page, "/Сохранено/.test(document.querySelector('[data-save-state]').textContent)")


def topics(plan):
    return [one.topics[0]["text"] if one.topics else "" for one in plan.items.present().order_by("position")]


def test_a_plan_is_written_by_keyboard_alone(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    cell(page, 1, "topics").locator(".cell-link").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+a")
    page.keyboard.type("Первая тема\n– дефис")
    page.keyboard.press("Enter")
    page.keyboard.type("второй")
    page.keyboard.press("Alt+Shift+ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("II квартал")
    page.get_by_text("01.04–30.06.2027").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("Зим")
    page.get_by_role("option", name="Зимин А.И.").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.locator("tr[data-row]").nth(3).wait_for()
    page.keyboard.type("Совет школ")
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+ArrowDown")
    until(page, "document.querySelectorAll('tr[data-row]')[2].contains(document.activeElement)")
    saved(page)
    rows = list(plan.items.present().order_by("position"))
    assert [(line["text"], line["marker"], line["level"]) for line in rows[0].topics] == [
        ("Первая тема", "paragraph", 0), ("дефис", "dash", 0), ("второй", "dash", 1)]
    assert rows[0].term == "II квартал"
    assert rows[0].responsibles.get().person == cast.department_head
    assert topics(plan) == ["Первая тема", "Тема 2", "", "Тема 3"]
    assert not rows[2].responsibles.exists()


def test_a_removed_row_comes_back_and_a_moved_one_stays_moved(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    row(page, 2).locator("[data-menu]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Удалить").click()
    expect(page.get_by_role("button", name="Вернуть")).to_be_focused()
    assert topics(plan) == ["Тема 1", "Тема 3"]
    page.keyboard.press("Enter")
    until(page, "document.querySelectorAll('tr[data-row]').length === 3")
    assert topics(plan) == ["Тема 1", "Тема 2", "Тема 3"]
    row(page, 3).hover()
    handle, target = row(page, 3).locator("[data-handle]").bounding_box(), row(page, 1).bounding_box()
    page.mouse.move(handle["x"] + 4, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(target["x"] + 20, target["y"] + 4, steps=4)
    page.mouse.up()
    until(page, "document.querySelector('tr[data-row] [data-cell=topics]').textContent.includes('Тема 3')")
    assert topics(plan) == ["Тема 3", "Тема 1", "Тема 2"]


def test_two_people_on_one_cell_see_both_texts_and_nothing_is_lost(open_page, cast, plan, live_server):
    mine = opened(open_page(), cast.secretary, plan, live_server)
    theirs = opened(open_page(), cast.office_head, plan, live_server)
    mine.witness.expect("409")
    cell(mine, 1, "topics").click()
    mine.keyboard.press("End")
    mine.keyboard.type(" моя")
    cell(theirs, 1, "topics").click()
    theirs.get_by_text("правит строку 1").wait_for()
    theirs.keyboard.press("End")
    theirs.keyboard.type(" чужая")
    theirs.keyboard.press("Tab")
    saved(theirs)
    cell(theirs, 1, "term").locator(".cell-field").fill("март")
    theirs.keyboard.press("Enter")
    saved(theirs)
    mine.keyboard.press("Tab")
    notice = mine.locator(".row-notice")
    for words in ("Тема 1 моя", "Тема 1 чужая", "Орлова"):
        expect(notice).to_contain_text(words)
    mine.get_by_role("button", name="Соединить").click()
    mine.keyboard.press("Control+Enter")
    mine.locator("tr[data-row]").nth(3).wait_for()
    first = plan.items.get(position=1)
    assert [line["text"] for line in first.topics] == ["Тема 1 моя", "Тема 1 чужая"]
    assert first.term == "март"


def test_a_text_written_without_connection_is_sent_when_it_is_back(page, cast, plan, live_server):
    page.witness.expect("ERR_INTERNET_DISCONNECTED|failed")
    opened(page, cast.secretary, plan, live_server)
    page.context.set_offline(True)
    cell(page, 1, "topics").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Написано в дороге")
    page.keyboard.press("Tab")
    page.get_by_text("Нет связи – текст хранится на этом устройстве").first.wait_for()
    assert topics(plan)[0] == "Тема 1"
    page.context.set_offline(False)
    page.get_by_text("Сохранено в").first.wait_for()
    saved(page)
    assert topics(plan)[0] == "Написано в дороге"


def test_a_text_being_typed_survives_a_reload(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    cell(page, 1, "topics").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Не успели сохранить")
    page.reload()
    page.get_by_text("Не успели сохранить").wait_for()
    saved(page)
    assert topics(plan)[0] == "Не успели сохранить"


def test_two_tabs_of_one_person_do_not_lose_each_others_text(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    lame = page.context.new_page()
    lame.route("**/cell/", lambda route: route.abort())
    lame.goto(plan.get_absolute_url())
    cell(lame, 1, "topics").click()
    lame.keyboard.press("Control+a")
    lame.keyboard.type("Из вкладки без связи")
    lame.keyboard.press("Tab")
    lame.get_by_text("Нет связи – текст хранится на этом устройстве").first.wait_for()
    cell(lame, 2, "topics").click()
    lame.keyboard.press("End")
    lame.keyboard.type(" и черновик")
    cell(page, 3, "topics").click()
    page.keyboard.press("End")
    page.keyboard.type(" дальше")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    until(page, "/Сохранено в/.test(document.querySelector('[data-save-state]').textContent)")
    lame.close()
    page.reload()
    page.get_by_text("Из вкладки без связи").wait_for()
    saved(page)
    assert topics(plan) == ["Из вкладки без связи", "Тема 2 и черновик", "Тема 3 дальше"]


def test_a_row_removed_by_another_while_i_write_in_it_is_told_and_comes_back(open_page, cast, plan, live_server):
    mine = opened(open_page(), cast.secretary, plan, live_server)
    cell(mine, 2, "topics").click()
    mine.keyboard.press("End")
    mine.keyboard.type(" моя")
    remove_row(plan.items.get(position=2), by=cast.office_head)
    mine.keyboard.press("Tab")
    mine.get_by_text("Строку удалили (Орлова А.И.): ваш текст сохранён в ней.").first.wait_for()
    until(mine, "document.querySelectorAll('.row-notice').length === 1")
    assert topics(plan) == ["Тема 1", "Тема 3"]
    mine.get_by_role("button", name="Вернуть").click()
    until(mine, "!document.querySelector('.row-notice')")
    assert topics(plan) == ["Тема 1", "Тема 2 моя", "Тема 3"]


def test_a_row_nobody_here_touched_goes_without_a_word(open_page, cast, plan, live_server):
    mine = opened(open_page(), cast.secretary, plan, live_server)
    remove_row(plan.items.get(position=2), by=cast.office_head)
    mine.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(mine, "document.querySelectorAll('tr[data-row]').length === 2")
    expect(mine.locator(".row-notice")).to_have_count(0)


def test_escape_returns_the_reading_with_the_term(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    before = cell(page, 1, "term").text_content()
    cell(page, 1, "term").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("май")
    page.get_by_text("01.05–31.05.2027").first.wait_for()
    page.keyboard.press("Escape")
    expect(cell(page, 1, "term")).to_have_text(before)


def test_a_row_changed_by_another_keeps_its_open_menu(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    row(page, 2).locator("[data-menu]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    item = plan.items.get(position=2)
    save_cell(item, "term", "май", version=item.version, by=cast.office_head)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    cell(page, 2, "term").get_by_text("май", exact=True).wait_for()
    expect(page.locator("[data-row-menu]")).to_be_visible()
    until(page, "document.activeElement.dataset.verb === 'down'")
    page.get_by_role("menuitem", name="Удалить").click()
    page.get_by_role("button", name="Вернуть").wait_for()
    assert topics(plan) == ["Тема 1", "Тема 3"]


def test_words_lists_and_rows_are_pasted_as_lists_and_rows(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    cell(page, 1, "topics").click()
    page.keyboard.press("Control+a")
    page.evaluate(PASTE, [WORD_LIST, "Первый\nВнутри"])
    until(page, "document.activeElement.value === '• Первый\\n  • Внутри'")
    page.evaluate(PASTE, [WORD_TABLE, ""])
    page.get_by_text("Вставлено строк: 2.").first.wait_for()
    assert topics(plan) == ["Первый", "Тема А", "Тема Б", "Тема 2", "Тема 3"]
    pasted = plan.items.get(position=2)
    assert [line["marker"] for line in pasted.topics] == ["paragraph", "dash"]
    assert [one.text for one in pasted.responsibles.all()] == ["Орлова А.И.", "Совет"]
    page.get_by_role("button", name="Отменить").click()
    until(page, "document.querySelectorAll('tr[data-row]').length === 3")
    assert topics(plan) == ["Первый", "Тема 2", "Тема 3"]


def test_what_cannot_be_stored_is_told_in_the_cell_and_escape_returns_the_old_text(page, cast, plan, live_server):
    page.witness.expect("422")
    opened(page, cast.secretary, plan, live_server)
    cell(page, 1, "label").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("1" * 30)
    page.keyboard.press("Enter")
    page.get_by_text("не больше 20 знаков").first.wait_for()
    expect(page.locator(":focus")).to_have_value("1" * 30)
    page.keyboard.press("Escape")
    expect(cell(page, 1, "label").locator(".cell-view")).to_have_text("1.")
    assert plan.items.get(position=1).label == "1."


def test_the_remarks_are_mended_at_one_click(page, cast, plan, live_server):
    plan.items.filter(position=3).update(label="7.")
    opened(page, cast.secretary, plan, live_server)
    page.get_by_role("button", name="Перенумеровать всё").click()
    page.get_by_text("Замечаний нет").or_(page.get_by_role("heading", name="Нужно исправить")).first.wait_for()
    until(page, "document.querySelectorAll('tr[data-row] [data-cell=label]')[2].textContent.includes('3.')")
    assert list(plan.items.order_by("position").values_list("label", flat=True)) == ["1.", "2.", "3."]


def test_on_a_phone_a_row_is_a_block_and_a_cell_opens_in_full_width(phone, cast, plan, live_server):
    opened(phone, cast.secretary, plan, live_server)
    assert not faults_of(phone)
    cell(phone, 2, "term").tap()
    field = cell(phone, 2, "term").locator(".cell-field")
    assert field.bounding_box()["width"] > 240
    field.fill("май")
    phone.keyboard.press("Enter")
    saved(phone)
    assert plan.items.get(position=2).term == "май"
    follow(phone, "Как на бумаге")
    assert not faults_of(phone)


def test_the_open_editor_is_clean_for_axe(page, cast, plan, live_server):
    opened(page, cast.secretary, plan, live_server)
    assert not faults_of(page)
    cell(page, 1, "topics").click()
    assert not faults_of(page)
    page.keyboard.press("Escape")
    cell(page, 1, "responsible").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Зим")
    page.get_by_role("option").first.wait_for()
    assert not faults_of(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    row(page, 1).locator("[data-menu]").focus()
    page.keyboard.press("Enter")
    assert not faults_of(page)


def test_without_the_script_every_cell_leads_to_the_form_of_its_row(browser, cast, plan, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = opened(context.new_page(), cast.secretary, plan, live_server)
    with arrives(page):
        cell(page, 2, "topics").click()
    page.get_by_label("Тема").fill("Без скрипта")
    press(page, "Сохранить строку")
    assert "#row-" in page.url
    assert topics(plan)[1] == "Без скрипта"
    context.close()


def test_a_heading_stands_above_its_first_row_wherever_rows_go(page, cast, plan, live_server):
    plan.items.filter(position__gte=2).update(section="II. Методическая работа")
    opened(page, cast.secretary, plan, live_server)
    heads = "() => [...document.querySelectorAll('.row-section')].map((one) => getComputedStyle(one).display).join()"
    assert page.evaluate(heads) == "block,none"
    row(page, 3).locator(".cell-link").first.focus()
    page.keyboard.press("Alt+ArrowUp")
    until(page, "() => document.querySelectorAll('tr[data-row]')[1].innerText.includes('Тема 3')")
    until(page, f"() => ({heads})() === 'block,none'")
    assert not faults_of(page)
    with arrives(page):
        page.locator(".row-section").first.click()
    expect(page.get_by_label("Подзаголовок над строкой")).to_have_value("II. Методическая работа")
