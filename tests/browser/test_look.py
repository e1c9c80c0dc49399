"""The look in a real browser: every scheme and size, the phone, keyboard, saving as typed, uploading."""
import pytest
from playwright.sync_api import expect

from tests.browser import look_pages
from tests.browser.seeing import faults_of, until

PAGES = ["/sheet/", "/register/", "/report/", "/upload/", "/appearance/"]


@pytest.fixture(autouse=True)
def only_test_pages(settings):
    settings.ROOT_URLCONF = "tests.browser.look_pages"
    look_pages.server.clear()


def see_everything_well(page):
    for address in PAGES:
        page.goto(address)
        assert faults_of(page) == [], address


@pytest.mark.parametrize(
    ("width", "look"),
    [(1280, "100.plain.on"), (640, "100.plain.on"), (360, "100.plain.on"), (1280, "100.white.on"), (1280, "100.black.on"),
     (1280, "100.blue.on"), (1280, "200.plain.off"), (360, "200.plain.on")],
)
def test_pages_are_legible_in_every_scheme_and_never_scroll_sideways(open_page, live_server, width, look):
    page = open_page(width)
    page.context.add_cookies([{"name": "appearance", "value": look, "url": live_server.url}])
    see_everything_well(page)


def test_without_scripts_everything_is_read_and_menus_open(open_page):
    page = open_page(360, java_script_enabled=False)
    page.goto("/sheet/")
    page.locator(".phone-menu summary").click()
    expect(page.locator(".phone-menu").get_by_role("link", name="Версия для слабовидящих")).to_be_visible()
    expect(page.get_by_text("Строка 3: номер 2 уже есть выше.")).to_be_visible()


def test_the_menu_is_worked_by_keyboard_alone(page):
    page.goto("/sheet/")
    menu = page.locator(".title-actions .menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Скачать Word")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Скачать Word")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_on_a_phone_a_row_of_a_table_is_a_block_and_stays_a_row_for_readers(phone):
    phone.goto("/register/")
    row = phone.get_by_role("row").filter(has_text="Протокол № 3")
    expect(row).to_be_visible()
    expect(row.get_by_text("–", exact=True)).to_be_hidden()
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    # Chromium itself forgets that a block is a row; what is written on the element stays.
    assert row.get_attribute("role") == "row"


def test_on_a_phone_remarks_fold_into_one_line_and_the_filled_button_is_the_bar_below(phone):
    phone.goto("/sheet/")
    expect(phone.get_by_text("Замечания: 1")).to_be_visible()
    expect(phone.get_by_text("номер 2 уже есть выше")).to_be_hidden()
    box = phone.get_by_role("button", name="Направить на согласование").bounding_box()
    assert box["y"] + box["height"] == 740
    assert box["width"] == 360


class TestAutosave:
    def test_text_is_saved_as_typed_and_said_in_the_grey_line(self, page):
        page.goto("/report/")
        page.get_by_label("Что сделано").fill("Проведена стажировка")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["report"]["text"] == "Проведена стажировка"
        page.get_by_label("Что сделано").fill("Проведены две стажировки")
        expect(page.locator('[name="version"]')).to_have_value("3")

    def test_what_was_typed_before_the_script_came_is_saved_too(self, page):
        held = []
        page.route("**/js/autosave.js", lambda route: held.append(route))
        with page.expect_request("**/js/autosave.js"):
            page.goto("/report/", wait_until="commit")
        page.get_by_label("Что сделано").fill("Набрано сразу")
        held[0].continue_()
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["report"]["text"] == "Набрано сразу"

    def test_a_text_under_the_hands_is_not_called_saved(self, page):
        page.goto("/report/")
        page.get_by_label("Что сделано").fill("Первое")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        page.route("**/report/save/", lambda route: None)  # however slow one types on, no answer comes between
        page.get_by_label("Что сделано").fill("Второе")
        expect(page.locator("[data-save-state]")).not_to_contain_text("Сохранено")

    def test_a_button_pressed_during_a_save_waits_for_it_and_for_what_was_typed_meanwhile(self, page):
        held = []
        page.route("**/report/save/", lambda route: route.continue_() if held else held.append(route))
        page.goto("/report/")
        with page.expect_request("**/report/save/"):
            page.get_by_label("Что сделано").fill("Раз")
        page.get_by_label("Что сделано").fill("Раз два")
        page.get_by_role("button", name="Дальше").click()
        assert "pressed" not in look_pages.server
        with page.expect_navigation():
            held[0].continue_()
        assert look_pages.server["pressed"]["text"] == "Раз два"
        assert look_pages.server["pressed"]["version"] == "3"

    def cut_off(self, page):
        """The text cannot leave; the pages themselves still open."""
        page.witness.expect("report/save/|ERR_FAILED")
        page.route("**/report/save/", lambda route: route.abort())

    def test_when_the_connection_is_back_the_text_sends_itself(self, page):
        page.goto("/report/")
        page.witness.expect("ERR_INTERNET_DISCONNECTED")
        page.context.set_offline(True)
        page.get_by_label("Что сделано").fill("Написано в дороге")
        expect(page.locator("[data-save-state]")).to_have_text("Нет связи – текст хранится на этом устройстве")
        expect(page.locator("#live")).to_have_text("Нет связи – текст хранится на этом устройстве")
        page.context.set_offline(False)
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["report"]["text"] == "Написано в дороге"

    def test_a_text_that_could_not_be_sent_survives_the_page(self, page):
        page.goto("/report/")
        self.cut_off(page)
        page.get_by_label("Что сделано").fill("Написано в дороге")
        expect(page.locator("[data-save-state]")).to_contain_text("Нет связи")
        page.unroute("**/report/save/")
        page.reload()
        expect(page.get_by_label("Что сделано")).to_have_value("Написано в дороге")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["report"]["text"] == "Написано в дороге"

    def test_a_text_older_than_the_servers_is_offered_and_never_put_over_it(self, page):
        page.goto("/report/")
        self.cut_off(page)
        page.get_by_label("Что сделано").fill("Мой текст")
        expect(page.locator("[data-save-state]")).to_contain_text("Нет связи")
        look_pages.server["report"].update(text="Чужой текст", version=9)
        page.unroute("**/report/save/")
        page.reload()
        expect(page.get_by_label("Что сделано")).to_have_value("Чужой текст")
        page.get_by_role("button", name="Взять мой текст").click()
        expect(page.get_by_label("Что сделано")).to_have_value("Мой текст")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["report"]["text"] == "Мой текст"

    def test_an_answer_lost_on_its_way_is_not_taken_for_a_strangers_text(self, page):
        page.goto("/report/")
        page.witness.expect("409")
        look_pages.server["report"].update(text="Тот же текст", version=2)
        page.get_by_label("Что сделано").fill("Тот же текст")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        expect(page.locator('[name="version"]')).to_have_value("2")

    def test_what_somebody_saved_in_between_is_not_overwritten(self, page):
        page.goto("/report/")
        page.witness.expect("409")
        look_pages.server["report"].update(text="Чужой текст", version=9)
        page.get_by_label("Что сделано").fill("Мой текст")
        expect(page.locator("[data-save-state]")).to_contain_text("Не сохранено")
        assert look_pages.server["report"]["text"] == "Чужой текст"
        page.get_by_role("button", name="Взять текст с портала").click()
        expect(page.get_by_label("Что сделано")).to_have_value("Чужой текст")

    def test_a_sentence_about_bad_input_stands_beside_its_field(self, page):
        page.goto("/report/")
        page.witness.expect("422")
        page.get_by_label("Что сделано").fill("Сделано")
        page.get_by_label("Срок").fill("32.13")
        row = page.locator(".form-row").filter(has_text="Срок")
        expect(row.locator(".field-error")).to_have_text("Введите правильную дату.")
        expect(page.get_by_label("Срок")).to_have_value("32.13")
        page.get_by_label("Срок").fill("14.05.2027")
        expect(page.locator(".field-error")).to_have_count(0)


class TestRowsSavedByHtmx:
    def type(self, page, words):
        page.get_by_label("Тема").fill(words)
        page.get_by_label("Тема").blur()

    def test_saving_is_told_in_the_grey_line(self, page):
        page.goto("/row/")
        self.type(page, "Итоги года")
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["row"] == "Итоги года"
        until(page, "localStorage.length === 0")

    def test_a_refusal_is_shown_as_the_server_words_it_and_the_text_stays(self, page):
        page.goto("/row/")
        page.witness.expect("422")
        self.type(page, "а")
        self.type(page, "")
        expect(page.locator("#answer")).to_have_text("Впишите тему или удалите строку.")
        expect(page.locator("[data-save-state]")).to_have_text("Не сохранено: проверьте отмеченное")

    def test_a_fault_of_the_server_is_a_calm_sentence_without_its_words(self, page):
        page.goto("/row/")
        page.witness.expect("500|Response Status Error")
        self.type(page, "сбой")
        expect(page.locator("#messages")).to_have_text("Не получилось. Текст на экране цел: повторите через минуту.")
        expect(page.get_by_label("Тема")).to_have_value("сбой")

    def test_a_row_written_without_a_connection_sends_itself_later(self, page):
        page.goto("/row/")
        page.witness.expect("ERR_INTERNET_DISCONNECTED|htmx:")
        page.context.set_offline(True)
        self.type(page, "Написано в дороге")
        expect(page.locator("[data-save-state]")).to_have_text("Нет связи – текст хранится на этом устройстве")
        page.context.set_offline(False)
        expect(page.locator("[data-save-state]")).to_contain_text("Сохранено в ")
        assert look_pages.server["row"] == "Написано в дороге"

    def test_a_row_that_outlived_its_page_unsent_is_shown_until_put_away(self, page):
        page.goto("/row/")
        page.witness.expect("row/save/|ERR_FAILED|htmx:")
        page.route("**/row/save/", lambda route: route.abort())
        self.type(page, "Написано в дороге")
        expect(page.locator("[data-save-state]")).to_contain_text("Нет связи")
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto("/row/")
        expect(page.locator("#messages")).to_contain_text("Написано в дороге")
        page.get_by_role("button", name="Убрать").click()
        page.reload()
        expect(page.locator("#messages")).not_to_contain_text("Написано в дороге")


class TestUpload:
    def send(self, page, name, content):
        page.get_by_label("Скан подписанного листа").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})

    def test_the_size_is_shown_and_the_message_of_the_next_page_is_not_lost(self, page):
        page.goto("/upload/")
        self.send(page, "план.pdf", b"%PDF-1.7 " + b"x" * 100)
        expect(page.locator("[data-upload-chosen]")).to_have_text("план.pdf, 109\xa0байт")
        page.get_by_role("button", name="Загрузить").click()
        page.wait_for_url("**/register/")
        expect(page.locator("#messages")).to_have_text("Скан загружен.")
        assert look_pages.server["scan"] == "план.pdf"

    def test_a_file_that_is_too_big_is_told_before_it_goes(self, page):
        page.goto("/upload/")
        self.send(page, "план.pdf", b"%PDF" + b"x" * 2000)
        page.get_by_role("button", name="Загрузить").click()
        expect(page.locator("[data-upload-error]")).to_contain_text("Файл занимает 2\xa0КБ, а принимаем до 1000\xa0байт.")
        assert "scan" not in look_pages.server

    def test_the_answer_about_a_wrong_file_stands_beside_the_field(self, page):
        page.goto("/upload/")
        self.send(page, "план.pdf", b"PK")
        page.get_by_role("button", name="Загрузить").click()
        expect(page.locator(".form-row .field-error")).to_contain_text("Это не PDF.")
        self.send(page, "план.pdf", b"%PDF")
        page.get_by_role("button", name="Загрузить").click()
        page.wait_for_url("**/register/")

    def test_without_scripts_the_form_is_sent_as_any_other(self, open_page):
        page = open_page(java_script_enabled=False)
        page.goto("/upload/")
        self.send(page, "план.pdf", b"%PDF")
        page.get_by_role("button", name="Загрузить").click()
        expect(page.locator("#messages")).to_contain_text("Скан загружен.")
