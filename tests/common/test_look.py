"""Tags, components and the frame, rendered as pages render them. Widths and colours are looked at in the browser."""
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from lxml import html

from projectoffice.common import menu
from projectoffice.common.appearance import COOKIE, Appearance
from projectoffice.common.context_processors import page


def render(source, **context):
    return engines["django"].from_string(source).render(context)


def dom(source, **context):
    return html.fragment_fromstring(render(source, **context), create_parent="div")


def request_of(path="/", user=None, **cookies):
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request.COOKIES.update(cookies)
    return request


def somebody():
    return SimpleNamespace(is_authenticated=True, is_active=False, pk=7, short_name="Орлова\xa0Н.П.")


class Letter(forms.Form):
    title = forms.CharField(label="Название", help_text="Так, как будет напечатано.")
    note = forms.CharField(label="Примечание", required=False, widget=forms.Textarea)
    way = forms.ChoiceField(label="Как", choices=[("a", "на портале"), ("b", "на бумаге")], widget=forms.RadioSelect)
    public = forms.BooleanField(label="Показать всем", required=False)


class TestFilters:
    def test_a_missing_count_reads_as_none_at_all(self):
        assert render('{{ n|plural:"строка,строки,строк" }}', n=None) == "строк"

    def test_time_without_a_moment_is_a_dash(self):
        assert render("{{ nothing|time_hm }}", nothing=None) == "–"

    def test_time_is_in_the_zone_of_the_office(self):
        moment = timezone.datetime(2027, 5, 14, 13, 0, tzinfo=timezone.get_fixed_timezone(0))
        with timezone.override("Europe/Samara"):
            assert render("{{ moment|time_hm }}", moment=moment) == "17:00"

    def test_text_of_people_is_escaped_in_every_kind_of_cell(self):
        evil = "<script>alert(1)</script>"
        for cell in (evil, [evil], [{"text": evil, "level": 0, "marker": "dash"}]):
            shown = render('{{ row|cell:"x" }}', row={"cells": {"x": cell}})
            assert "<script" not in shown
            assert "&lt;script&gt;" in shown


class TestTags:
    def test_a_badge_is_an_icon_and_a_word(self):
        badge = dom('{% badge "wait" word %}', word="На <утверждении>").find("span")
        assert badge.get("class") == "badge-po badge-wait"
        assert badge.text_content().strip() == "На <утверждении>"
        assert badge.find("svg").get("aria-hidden") == "true"

    def test_a_badge_without_a_word_is_nothing(self):
        assert render('{% badge "wait" word %}', word="") == ""

    def test_a_family_nobody_drew_is_a_fault_of_the_page(self):
        with pytest.raises(KeyError):
            render('{% badge "pink" "Черновик" %}')

    def test_the_address_keeps_its_other_words(self):
        template = engines["django"].from_string("{% query_string page=3 %}")
        assert template.render({}, request_of("/?q=план&page=2")) == "?q=%D0%BF%D0%BB%D0%B0%D0%BD&amp;page=3"

    def test_a_heading_sorts_one_way_and_then_the_other(self):
        def head(address):
            return dom('<table><tr>{% sort_head "Срок" "due" %}</tr></table>', request=RequestFactory().get(address)).find(".//th")

        assert head("/?page=3").get("aria-sort") is None
        assert head("/?page=3").find("a").get("href") == "?sort=due"
        assert head("/?sort=due").get("aria-sort") == "ascending"
        assert head("/?sort=due").find("a").get("href") == "?sort=-due"
        assert head("/?sort=-due").get("aria-sort") == "descending"


class TestFields:
    def test_label_help_and_error_belong_to_the_control(self):
        row = dom("{% field form.title %}", form=Letter({})).find("div")
        control = row.find(".//input")
        assert row.find("label").get("for") == control.get("id")
        assert control.get("aria-invalid") == "true"
        described = control.get("aria-describedby").split()
        assert [row.get_element_by_id(name) is not None for name in described] == [True, True]
        assert "is-invalid" in control.get("class")

    def test_what_may_stay_empty_says_so_and_what_may_not_does_not(self):
        assert "необязательно" in render("{% field form.note %}", form=Letter())
        assert "необязательно" not in render("{% field form.title %}", form=Letter())

    def test_choices_stand_in_a_named_group(self):
        group = dom("{% field form.way %}", form=Letter()).find("fieldset")
        assert group.find("legend").text_content().strip() == "Как"
        assert [label.text_content().strip() for label in group.findall(".//label")] == ["на портале", "на бумаге"]

    def test_a_tick_has_its_label_beside_it(self):
        row = dom("{% field form.public %}", form=Letter()).find("div")
        assert row.find(".//label").get("for") == row.find(".//input").get("id")

    def test_what_was_typed_stays_and_is_escaped(self):
        shown = render("{% field form.note %}", form=Letter({"note": "</textarea><b>"}))
        assert "</textarea><b>" not in shown
        assert "&lt;/textarea&gt;&lt;b&gt;" in shown

    def test_the_list_of_errors_leads_to_each_field(self):
        form = Letter({"way": "x"})
        form.is_valid()
        form.add_error(None, "Так не бывает.")
        box = dom("{% form_errors %}", form=form).find("div")
        assert [link.get("href") for link in box.findall(".//a")] == ["#id_title", "#id_way"]
        assert "Так не бывает." in box.text_content()

    def test_a_form_nobody_sent_has_no_errors(self):
        assert render("{% form_errors %}", form=Letter()).strip() == ""


class TestComponents:
    def test_messages_stand_in_a_polite_live_region(self):
        shown = render_to_string("components/_messages.html", {"messages": [Message(25, "План утверждён.", "")]})
        region = html.fragment_fromstring(shown.split("#}")[-1].strip())
        assert region.get("aria-live") == "polite"
        assert "message-done" in region.find("div").get("class")

    def test_the_pager_always_knows_the_count(self):
        shown = render_to_string("components/_pager.html", {"shown": 50, "total": 12500, "next_url": "?page=2"})
        assert "Показано 50 из 12\xa0500" in shown
        assert "Показать ещё 50" in shown
        assert "Показать ещё" not in render_to_string("components/_pager.html", {"shown": 3, "total": 3})

    def test_a_confirmation_repeats_what_will_happen_and_leaves_a_way_out(self):
        form = html.fragment_fromstring(render_to_string(
            "components/_confirm.html", {"question": "Утвердить план?", "yes": "Утвердить", "back_url": "/plans/1/"}
        ).strip())
        assert [button.text_content() for button in form.findall(".//button")] == ["Утвердить"]
        assert form.find(".//a").get("href") == "/plans/1/"
        assert form.find(".//a").text_content() == "Не сейчас"

    def test_the_sheet_shows_stamps_on_their_sides_and_every_kind_of_cell(self):
        sheet = html.fragment_fromstring(render_to_string("components/_paper_table.html", {"snapshot": SNAPSHOT, "changed": {"r2": "changed"}}).strip())
        left, right = sheet.find_class("stamps-side")[:2]
        assert "«Согласовано»" in left.text_content()
        assert "«Утверждаю»" in right.text_content()
        assert [column.get("class") for column in sheet.iter("col")] == ["wide-7", "wide-54", "wide-16", "wide-23"]
        first, second = sheet.findall(".//tbody/tr")
        assert [item.text for item in first.findall(".//td//li")] == ["отчёты", "Орлова Н.П.", "Белов С.И."]
        assert second.get("class") == "changed-row"
        assert second.findall("td")[-1].get("class") == "none"

    def test_a_phone_reads_the_stamps_as_one_line(self):
        sheet = html.fragment_fromstring(render_to_string("components/_paper_table.html", {"snapshot": SNAPSHOT}).strip())
        assert sheet.find_class("stamps-line")[0].text_content() == "Согласует Н.П. Орлова · Утверждает К.А. Зимин"

    def test_an_empty_history_says_so(self):
        assert "Пока ничего не происходило." in render_to_string("components/_history.html", {"events": []})


class TestFrame:
    def context(self, request):
        return {"request": request, "user": request.user, **page(request)}

    def frame(self, request):
        return html.document_fromstring(render_to_string("base.html", self.context(request)))

    def test_the_section_being_read_is_marked(self, monkeypatch):
        monkeypatch.setattr(menu, "SECTIONS", (("Мои дела", "home"), ("Вид", "appearance"), ("Ещё нет", "nowhere:at_all")))
        links = self.frame(request_of("/appearance/", somebody())).find_class("sections")[0].findall(".//a")
        assert [(link.text, link.get("aria-current")) for link in links] == [("Мои дела", None), ("Вид", "page")]

    def test_a_visitor_sees_no_sections_and_no_menu_of_a_person(self):
        frame = self.frame(request_of("/"))
        assert not frame.find_class("sections")
        assert "Выйти" not in frame.text_content()

    def test_the_first_thing_a_keyboard_meets_leads_to_the_content(self):
        frame = self.frame(request_of("/"))
        first = next(link for link in frame.iter("a"))
        assert frame.get_element_by_id(first.get("href")[1:]).tag == "main"

    def test_no_style_and_no_script_stands_in_the_page_itself(self):
        frame = self.frame(request_of("/", somebody()))
        assert not list(frame.iter("style"))
        assert all(script.get("src") and not script.text for script in frame.iter("script"))
        assert not frame.xpath("//*[@style or @onclick or @onload]")

    def test_entries_of_the_menu_are_for_those_who_may(self, monkeypatch):
        monkeypatch.setattr(menu, "_entries", [])
        menu.adds_to_menu("Вид", "appearance", lambda user: user.pk == 7)
        menu.adds_to_menu("Вид", "appearance", lambda user: True)
        assert [link.title for link in menu.menu_for(request_of("/", somebody()))] == ["Вид"]
        assert menu.menu_for(request_of("/", SimpleNamespace(is_authenticated=True, pk=8))) == []
        assert menu.menu_for(request_of("/")) == []


class TestAppearance:
    @pytest.mark.parametrize("cookie", ["", "100", "300.white.on", "150.pink.on", "150.white.maybe", "a.b.c.d", "150.white.on\" x"])
    def test_a_cookie_that_is_not_ours_is_the_ordinary_look(self, cookie):
        assert Appearance.read(request_of(appearance=cookie)) == Appearance()

    @pytest.mark.django_db
    def test_the_choice_is_kept_and_leads_back(self, client):
        answer = client.post("/appearance/", {"size": "200", "scheme": "black", "images": "off", "next": "/appearance/?a=1"})
        assert answer["Location"] == "/appearance/?a=1"
        assert 'class="size-200 scheme-black no-images"' in client.get("/appearance/").content.decode()

    @pytest.mark.django_db
    def test_the_ordinary_look_comes_back_with_one_button(self, client):
        client.cookies[COOKIE] = "200.black.off"
        client.post("/appearance/", {"reset": "1"})
        assert "scheme-black" not in client.get("/appearance/").content.decode()

    @pytest.mark.django_db
    def test_nobody_is_led_to_a_foreign_site(self, client):
        chosen = {"size": "150", "scheme": "plain", "images": "on"}
        for foreign in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
            assert client.post("/appearance/", {**chosen, "next": foreign})["Location"] == "/"

    @pytest.mark.django_db
    def test_an_answer_nobody_offered_is_told_and_changes_nothing(self, client):
        answer = client.post("/appearance/", {"size": "900", "scheme": "black", "images": "on"})
        assert answer.status_code == 200
        assert COOKIE not in answer.cookies


class TestErrorPages:
    @pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
    def test_open_without_people_and_without_a_database(self, name):
        shown = render_to_string(f"{name}.html")
        assert f"Для звонка: {name.split('_')[0]}" in shown

    def test_tell_the_phone_of_the_office_when_it_is_known(self):
        office = SimpleNamespace(name="Офис", phone="00-00-00", hours="9–18")
        assert "00-00-00" in render_to_string("404.html", {"office": office})

    def test_a_fault_of_ours_shows_what_the_request_already_knows(self):
        from projectoffice.common.views.errors import server_error

        request = request_of("/", **{COOKIE: "150.white.on"})
        request.office = SimpleNamespace(name="Офис", phone="00-00-00", hours="")
        answer = server_error(request)
        assert answer.status_code == 500
        assert "00-00-00" in answer.content.decode()
        assert "size-150 scheme-white" in answer.content.decode()


SNAPSHOT = {
    "head": {"title": ["План", "на 2027 год"], "basis": ""},
    "stamps": [
        {"uid": "a", "kind": "agree", "place": "head", "side": "left", "style": "office", "heading": "«Согласовано»",
         "post": "Руководитель\nофиса", "name": "Н.П. Орлова", "basis": ""},
        {"uid": "b", "kind": "approve", "place": "head", "side": "right", "style": "gost", "heading": "«Утверждаю»",
         "post": "Директор", "name": "К.А. Зимин", "basis": ""},
    ],
    "columns": [
        {"key": "label", "title": "№ п/п", "width": 7}, {"key": "topics", "title": "Тема заседаний", "width": 54},
        {"key": "term", "title": "Срок", "width": 16}, {"key": "responsible", "title": "Ответственный", "width": 23},
    ],
    "sections": [{"uid": "s", "title": "", "rows": [
        {"uid": "r1", "cells": {
            "label": "1.", "term": "февраль", "responsible": ["Орлова Н.П.", "Белов С.И."],
            "topics": [{"text": "Итоги", "level": 0, "marker": "paragraph"}, {"text": "отчёты", "level": 0, "marker": "dash"}],
        }},
        {"uid": "r2", "cells": {"label": "2.", "topics": [], "term": "", "responsible": []}},
    ]}],
}


def test_a_short_word_with_a_slash_is_not_broken():
    assert render("{{ title|unbroken }}", title="№ п/п") == '№ <span class="nowrap">п/п</span>'
    assert render("{{ title|unbroken }}", title="Результат-эффект/ <b>") == "Результат-эффект/ &lt;b&gt;"


def test_an_address_that_only_takes_a_form_answers_a_visit_with_a_page(client, cast):
    client.force_login(cast.secretary, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    answer = client.get("/logout/")
    assert answer.status_code == 405
    assert "Этот адрес только принимает форму" in answer.content.decode()
