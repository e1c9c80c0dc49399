"""The team's page of a report: written as typed, sent with one confirmation, files, parts, what was sent, the start page."""
import io
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from portfolios.models import IndicatorValue, ProgressReport, ReportFile, ReportSubmission
from portfolios.report.measured import indicators_of
from portfolios.services import report as verbs
from portfolios.services import report_parts
from portfolios.services.typed import mark
from projectoffice.common.invariants import violations
from projectoffice.common.russian import deadline
from projectoffice.common.waiting import board_of, waiting_for
from projectoffice.documents.services.revision import revise
from tests.canary import Canaries
from tests.common.files import PDF, office, small, zipped
from tests.factories import InstitutionFactory, PostFactory, UserFactory

from .things import (
    PeriodFactory,
    PortfolioFactory,
    accepted,
    filled_passport,
    fresh,
    in_force,
    led_by,
    report_of,
    sent,
    stored_file,
    written,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def head(cast):
    return cast.member_of_school_a


@pytest.fixture
def project(head):
    return led_by(head.current_post.institution, head=head, portfolio=PortfolioFactory(head=UserFactory(surname="Портнова")))


@pytest.fixture
def report(project):
    return report_of(project)


@pytest.fixture
def team(client, head):
    client.force_login(head)
    return client


def page(client, report, query=""):
    answer = client.get(f"/reports/{report.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(client, report):
    """What a browser would send of the page as it is shown."""
    form = client.get(f"/reports/{report.pk}/").context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() not in (None, "")}


def save(client, report, data, json_asked=True):
    headers = {"accept": "application/json"} if json_asked else {}
    return client.post(f"/reports/{report.pk}/save/", data, headers=headers)


class TestWriting:
    def test_is_saved_as_typed_and_goes_on_with_the_answers_version(self, team, report):
        data = form_of(team, report)
        for text in ("Прошли", "Прошли встречи", ""):
            answer = save(team, report, data | {"done": text})
            assert answer.status_code == 200 and answer.json()["saved_at"]
            data["version"] = answer.json()["version"]
        assert fresh(report).done == ""

    @pytest.mark.parametrize("typed, words", [("около 10", "одно число"), ("12,5 %", "единица другая"), ("1e5", "одно число")])
    def test_a_value_that_is_no_number_is_kept_and_told_beside_the_field(self, team, report, typed, words):
        row = report.project.indicators.create(position=1, name="Учителя", unit="человек", target=10)
        name = f"value-{row.uid}-text"
        answer = save(team, report, form_of(team, report) | {name: typed})
        assert answer.status_code == 200 and words in answer.json()["remarks"][name][0]
        shown = page(team, report)
        assert words in shown and f'value="{typed}"' in shown
        assert team.get(f"/reports/{report.pk}/submit/").url.endswith("?check")
        assert words in page(team, report, "?check") and IndicatorValue.objects.get().text == typed

    @pytest.mark.parametrize("typed", ["раз\x00два", "а\u202eб", "\ud800"])
    def test_odd_signs_are_refused_beside_the_field_and_nothing_else_is_lost(self, team, report, typed):
        body = urlencode(form_of(team, report) | {"done": typed, "plans": "Показ"}, errors="surrogatepass")
        answer = team.post(f"/reports/{report.pk}/save/", body, content_type="application/x-www-form-urlencoded",
                           headers={"accept": "application/json"})
        assert answer.status_code in (200, 422) and fresh(report).plans == "Показ"
        assert answer.status_code == 200 or "done" in answer.json()["errors"]

    def test_too_long_a_text_is_refused_in_words_and_stays_on_the_page(self, team, report):
        answer = save(team, report, form_of(team, report) | {"done": "я" * 10_001}, json_asked=False)
        assert answer.status_code == 422 and "я" * 10_001 in answer.content.decode() and fresh(report).done == ""

    def test_two_people_see_both_texts(self, team, cast, client, report):
        mine = form_of(team, report)
        verbs.save_draft(report, {"done": "Их текст"}, {}, by=cast.secretary)
        refused = save(team, report, mine | {"done": "Мой текст"})
        assert refused.status_code == 409 and refused.json()["values"]["done"] == ["Их текст"]
        shown = save(team, report, mine | {"done": "Мой текст"}, json_asked=False)
        assert shown.status_code == 409 and "Сейчас записано: «Их текст»" in shown.content.decode() and "Мой текст" in shown.content.decode()
        version = shown.context["form"]["version"].value()
        assert save(team, report, mine | {"done": "Мой текст", "version": version}).status_code == 200
        assert fresh(report).done == "Мой текст"

    def test_an_indicator_of_another_project_is_told_and_not_stored(self, team, report):
        other = led_by(InstitutionFactory()).indicators.create(position=1, name="Чужой")
        answer = save(team, report, form_of(team, report) | {f"value-{other.uid}-text": "5", "plans": "Показ"})
        assert answer.status_code == 422 and fresh(report).plans == "Показ" and not IndicatorValue.objects.exists()

    def test_a_broken_version_is_no_500(self, team, report):
        for version in ("", "[]", "{", "null", json.dumps({"done": 1}), "1" * 5000):
            assert save(team, report, {"done": "Текст", "version": version}).status_code in (200, 409, 422)

    @pytest.mark.parametrize("button", ["save", "submit"])
    def test_without_a_script_a_value_whose_indicator_is_gone_is_told_with_what_was_typed(self, team, report, button):
        row = report.project.indicators.create(position=1, name="Учителя", target=10)
        data = form_of(team, report) | {f"value-{row.uid}-text": "12", "done": "Прошли", "do": button}
        type(row).objects.filter(pk=row.pk).update(position=None)
        answer = save(team, report, data, json_asked=False)
        text = answer.content.decode()
        assert answer.status_code == 422 and "Учителя: Этого показателя" in text and "«12»" in text and fresh(report).done == "Прошли"
        again = {bound.name: bound.value() for bound in answer.context["form"] if bound.value()} | {"done": "Прошли встречи", "do": button}
        assert save(team, report, again, json_asked=False).status_code == 302 and fresh(report).done == "Прошли встречи"

    def test_without_a_script_the_buttons_save_and_lead_on(self, team, report):
        ready = form_of(team, report) | {"done": "Прошли", "course": "on_track"}
        assert save(team, report, ready | {"do": "save"}, json_asked=False).url == f"/reports/{report.pk}/"
        assert save(team, report, form_of(team, report) | {"do": "submit"}, json_asked=False).url == f"/reports/{report.pk}/submit/"

    def test_costs_the_same_for_few_indicators_and_many(self, team, report):
        def queries():
            page(team, report)  # what a process learns with its first page
            with CaptureQueriesContext(connection) as asked:
                page(team, report)
            return len(asked)

        for count in (1, 12):
            for place in range(count):
                row = report.project.indicators.create(position=count * 20 + place, name=f"Доля {count} {place}", target=5)
                IndicatorValue.objects.create(report=report, indicator=row, text="1", value=1)
                report.files.create(file=stored_file(f"Фото {count} {place}.pdf"))
            if count == 1:
                few = queries()
        assert queries() == few <= 20


class TestSending:
    def test_one_confirmation_repeats_what_goes_where(self, team, report):
        written(report)
        shown = team.get(f"/reports/{report.pk}/submit/").content.decode()
        assert "Портнова" in shown and "Прошли все встречи." in shown and "можно отозвать" in shown
        assert fresh(report).state == "draft"

    def test_twice_in_two_tabs_is_once(self, team, report):
        written(report)
        tabs = [team.get(f"/reports/{report.pk}/submit/").context["form"]["shown"].value() for _ in range(2)]
        for each in tabs:
            assert team.post(f"/reports/{report.pk}/submit/", {"shown": each}).status_code == 302
        assert ReportSubmission.objects.count() == 1

    def test_a_second_after_the_day_it_is_taken_and_marked(self, team, report):
        written(report)
        ProgressReport.objects.filter(pk=report.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        shown = team.get(f"/reports/{report.pk}/submit/")
        assert "после срока" in shown.content.decode()
        team.post(f"/reports/{report.pk}/submit/", {"shown": shown.context["form"]["shown"].value()})
        assert "Сдан после срока" in page(team, report)

    def test_where_no_late_ones_are_taken_the_page_says_so_and_keeps_the_draft(self, team, report):
        written(report)
        type(report.period).objects.update(accepts_late=False)
        shown = team.get(f"/reports/{report.pk}/submit/").context["form"]["shown"].value()
        ProgressReport.objects.filter(pk=report.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        for answer, status in ((team.post(f"/reports/{report.pk}/submit/", {"shown": shown}), 422), (team.get(f"/reports/{report.pk}/submit/"), 200)):
            text = answer.content.decode()
            assert answer.status_code == status and text.count("Приём закончился") == 1 and "Прошли все встречи." in text
            assert "Отчёт примут" not in text and ">Отправить<" not in text and 'name="shown"' not in text
        text = page(team, report)
        assert "Приём закончился" in text and "Проверить и отправить" not in text and "Прошли все встречи." in text

    @pytest.mark.parametrize("state, words", [
        ({"status": "suspended"}, "отчёта по нему не ждут, но отправить его можно"), ({"status": "finished"}, "отчёта по нему не ждут"),
        ({"status": "finished", "archived_at": timezone.now()}, "отправить его нельзя")])
    def test_where_nobody_waits_no_term_stands(self, team, report, state, words):
        type(report.project).objects.update(**state)
        told = page(team, report)
        assert words in told and deadline(report.due_at) not in told and "Черновик<" not in told and "Не ждём" in told
        listed = team.get(report.project.get_absolute_url()).content.decode()
        assert "отчёта не ждут" in listed and deadline(report.due_at) not in listed and "Черновик<" not in listed
        if "archived_at" in state:
            assert "Проект в архиве" in team.get(f"/reports/{report.pk}/submit/", follow=True).content.decode()

    def test_a_text_changed_meanwhile_is_read_again_first(self, team, cast, report):
        written(report)
        shown = team.get(f"/reports/{report.pk}/submit/").context["form"]["shown"].value()
        verbs.save_draft(report, {"plans": "Другое"}, marks_of(report), by=cast.secretary)
        answer = team.post(f"/reports/{report.pk}/submit/", {"shown": shown}, follow=True)
        assert "тем временем изменили" in answer.content.decode() and fresh(report).state == "draft"

    def test_the_office_says_where_it_is_known_from(self, client, cast, report):
        written(report)
        client.force_login(cast.secretary)
        shown = client.get(f"/reports/{report.pk}/submit/").context["form"]["shown"].value()
        assert client.post(f"/reports/{report.pk}/submit/", {"shown": shown}).status_code == 422
        client.post(f"/reports/{report.pk}/submit/", {
            "shown": shown, "source": "письмо", "source_date": timezone.localdate().isoformat(), "source_file": small("письмо.pdf", PDF)})
        row = ReportSubmission.objects.get()
        assert row.recorded_by == cast.secretary and row.source_file.name == "письмо.pdf"
        letter = f"{row.get_absolute_url()}source/"
        page = client.get(row.get_absolute_url()).content.decode()
        assert "Внесено Проектным офисом: письмо" in page and letter in page
        assert letter in client.get(report.get_absolute_url()).content.decode()
        assert b"".join(client.get(letter)) == PDF

    def test_it_is_withdrawn_and_sent_again_and_both_are_compared(self, team, report):
        sent(report, by=report.project.head)
        team.post(f"/reports/{report.pk}/withdraw/")
        sent(fresh(report), by=report.project.head, done="Прошли три встречи.")
        first = team.get(f"/reports/{report.pk}/sent/1/").content.decode()
        assert "Прошли все встречи." in first and "Заменена следующей" in first
        compared = team.get(f"/reports/{report.pk}/compare/").content.decode()
        assert "Что сделано" in compared and "Что дальше" not in compared
        for query in ("?old=1&new=99", "?old=x", "?old=2&new=1", "?new=" + "9" * 40):
            assert team.get(f"/reports/{report.pk}/compare/{query}").status_code == 200

    def test_the_name_of_the_pdf_keeps_its_end_however_long_the_title(self, team, report):
        type(report.period).objects.update(title="за период " + "я" * 190)
        sent(report, by=report.project.head)
        assert team.get(f"/reports/{report.pk}/sent/1/report.pdf")["Content-Disposition"].endswith(".pdf")

    def test_one_withdrawn_after_a_return_is_not_told_as_returned(self, team, cast, report):
        head = report.project.head
        sent(report, by=head)
        verbs.return_report(report, by=cast.secretary, number=1, remark="Подробнее", due_at=timezone.now() + WEEK)
        sent(fresh(report), by=head, done="Прошли три встречи.")
        verbs.withdraw_report(report, by=head)
        assert "Отозвана" in team.get(f"/reports/{report.pk}/sent/2/").content.decode()
        answer = team.get(f"/reports/{report.pk}/sent/2/report.pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages)
        assert "отозвана" in text and "Возвращён" not in text

    def test_in_time_is_not_withdrawn_after_the_day_without_a_word(self, team, report):
        sent(report, by=report.project.head)
        ProgressReport.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        assert "после срока" in page(team, report) and "/withdraw/" in page(team, report)
        type(report.period).objects.update(accepts_late=False)
        assert "Приём отчётов закончился" in page(team, report) and "/withdraw/" not in page(team, report)
        assert "Приём отчётов закончился" in team.post(f"/reports/{report.pk}/withdraw/", follow=True).content.decode()
        assert fresh(report).state == "submitted"

    def test_the_pdf_bears_the_mark_of_receipt(self, team, cast, report):
        report.project.indicators.create(position=1, name="Учителя", unit="человек", target=75)
        accepted(report, report.project.head, cast.secretary)
        answer = team.get(f"/reports/{report.pk}/sent/1/report.pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages)
        assert "Принят" in text and "Учителя" in text and "Прошли все встречи." in text
        assert team.get(f"/reports/{report.pk}/sent/2/report.pdf").status_code == 404

    def test_the_remark_of_a_return_stands_on_top_with_its_author_and_new_day(self, team, cast, report):
        sent(report, by=report.project.head)
        verbs.return_report(report, by=cast.secretary, number=1, remark="Сколько человек?", due_at=timezone.now() + WEEK)
        text = page(team, report)
        assert text.index("Сколько человек?") < text.index("Что сделано") and "Сорокина" in text and "новый срок" in text
        row = next(row for row in waiting_for(report.project.head) if row.url == report.get_absolute_url())
        assert (row.action, row.remark) == ("Исправить", "Сколько человек?")


def marks_of(report):
    return {name: mark(getattr(report, name)) for name in ("done", "plans", "problems", "course")}


HOSTILE = [
    ("огромный.pdf", PDF + b"0" * (21 * 1024 * 1024), "слишком большой"),
    ("отчёт.pdf", b"MZ\x90\x00" + b"\x00" * 200, "Это программа"),
    ("таблица.xlsx", office("docx"), "внутри"),
    ("бомба.docx", zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"0" * (60 * 1024 * 1024)}), "слишком большой объём"),
]


class TestFiles:
    @pytest.mark.parametrize("name, content, words", HOSTILE, ids=lambda value: value if isinstance(value, str) else "")
    def test_what_may_not_be_stored_is_refused_in_words_and_the_text_stays(self, team, report, name, content, words):
        written(report)
        answer = team.post(f"/reports/{report.pk}/files/", {"file": small(name, content)})
        assert answer.status_code == 422 and not ReportFile.objects.exists()
        assert words in answer.content.decode() and "Прошли все встречи." in answer.content.decode()

    @pytest.mark.parametrize("name", ["../../etc/фото.pdf", "фото\u202efdp.pdf", "C:\\фото.pdf"])
    def test_a_name_is_cleaned_and_given_back_as_an_attachment(self, team, report, name):
        team.post(f"/reports/{report.pk}/files/", {"file": small(name, PDF)})
        row = ReportFile.objects.select_related("file").get()
        assert not set(row.file.name) & set("/\\\u202e")
        answer = team.get(f"/reports/files/{row.pk}/")
        assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")

    def test_a_file_goes_and_comes_back(self, team, report):
        row = report.files.create(file=stored_file())
        answer = team.post(f"/reports/files/{row.pk}/remove/")
        assert "Вернуть" in team.get(answer.url).content.decode() and fresh(row).removed
        team.post(f"/reports/files/{row.pk}/remove/", {"back": "1"})
        assert not fresh(row).removed
        assert team.get(f"/reports/{report.pk}/?removed=x{'9' * 30}").status_code == 200

    def test_one_taken_out_before_it_was_sent_is_its_writers_alone(self, team, cast, client, report):
        row, kept = report.files.create(file=stored_file()), report.files.create(file=stored_file("Отчёт.pdf"))
        sent(report, by=report.project.head)
        verbs.withdraw_report(report, by=report.project.head)
        never = report.files.create(file=stored_file("Черновик.pdf"))
        ReportFile.objects.exclude(pk=kept.pk).update(removed=True)
        assert team.get(f"/reports/files/{never.pk}/").status_code == 200
        client.force_login(cast.department_head)
        found = [client.get(f"/reports/files/{each.pk}/").status_code for each in (row, kept, never)]
        assert found == [200, 200, 404]

    def test_nothing_is_added_to_what_was_sent(self, team, report):
        sent(report, by=report.project.head)
        answer = team.post(f"/reports/{report.pk}/files/", {"file": small("фото.pdf", PDF)})
        assert answer.status_code == 302 and not ReportFile.objects.exists()


class TestParts:
    @pytest.fixture
    def part(self, cast, head):
        project = led_by(head.current_post.institution, head=head, kind="network")
        project.institutions.create(institution=cast.member_of_school_b.current_post.institution)
        return report_of(project).parts.get()

    def test_a_partner_writes_sends_and_the_coordinator_takes_it(self, client, cast, head, part):
        client.force_login(cast.member_of_school_b)
        assert [row.action for row in waiting_for(cast.member_of_school_b)] == ["Написать"]
        address, data = f"/reports/parts/{part.pk}/", {"text": "Три встречи", "version": "{}"}
        assert client.post(address, data, headers={"accept": "application/json"}).status_code == 200
        assert client.post(address, data | {"text": "", "do": "send", "version": client.get(address).context["form"]["version"].value()}
                           ).status_code == 422
        version = client.get(address).context["form"]["version"].value()
        assert client.post(address, data | {"do": "send", "version": version}).status_code == 302
        assert fresh(part).sent_at and not waiting_for(cast.member_of_school_b)
        client.force_login(head)
        assert "Прислали 1 из 1" in page(client, part.report)
        client.post(f"/reports/parts/{part.pk}/take/")
        assert "Три встречи" in page(client, part.report) and "Взята в отчёт" in page(client, part.report)
        assert client.post(f"/reports/parts/{part.pk}/return/", {"remark": "Сколько?"}).status_code == 302
        client.force_login(cast.member_of_school_b)
        assert "Сколько?" in client.get(address).content.decode()

    def test_a_partners_draft_is_no_part_of_the_report_and_bars_no_sending(self, client, cast, head, part):
        written(part.report)
        report_parts.save_part(part, "Две", {}, by=cast.member_of_school_b)
        client.force_login(head)
        shown = client.get(f"/reports/{part.report_id}/submit/").context["form"]["shown"].value()
        report_parts.save_part(part, "Две встречи", {"text": mark("Две")}, by=cast.member_of_school_b)
        client.post(f"/reports/{part.report_id}/submit/", {"shown": shown})
        assert ReportSubmission.objects.get().snapshot["parts"][0]["text"] == ""

    def test_of_a_closed_institution_is_marked_as_never_sent(self, client, cast, head, part):
        report_parts.save_part(part, "Две встречи", {}, by=cast.member_of_school_b)
        type(part.place).objects.filter(pk=part.place.pk).update(closed_on=timezone.localdate())
        sent(part.report, by=head)
        client.force_login(head)
        text = client.get(f"/reports/{part.report_id}/sent/1/").content.decode()
        assert "Две встречи" in text and "черновик, часть не прислана" in text
        answer = client.get(f"/reports/{part.report_id}/sent/1/report.pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages)
        assert "не прислана" in text

    def test_are_asked_of_its_own_institution_while_they_can_be_written(self, client, cast, head, part):
        client.force_login(cast.member_of_school_b)
        assert "Написать часть" in page(client, part.report)
        sent(part.report, by=head)
        assert "Написать часть" not in page(client, part.report)
        client.force_login(cast.secretary)
        assert "Написать часть" not in page(client, part.report)

    def test_the_office_tells_where_a_part_is_known_from(self, client, cast, head, part):
        client.force_login(cast.secretary)
        address = f"/reports/parts/{part.pk}/"
        assert "Отправить за учреждение" in client.get(address).content.decode()
        empty = {"text": "", "version": "{}", "do": "send"}
        assert client.post(address, empty).status_code == 422
        answer = client.post(address, empty | {"text": "Три встречи"})
        assert answer["Location"] == f"{address}send/" and fresh(part).sent_at is None
        assert "Три встречи" in client.get(f"{address}send/").content.decode()
        assert "is-invalid" in client.post(f"{address}send/", {}).content.decode() and fresh(part).sent_at is None
        told = {"source": "звонок", "source_date": timezone.localdate().isoformat(), "source_file": small("письмо.pdf", PDF)}
        assert client.post(f"{address}send/", told)["Location"] == address
        assert fresh(part).source_file.name == "письмо.pdf" and client.get(f"{address}send/").status_code == 302
        client.force_login(head)
        here = page(client, part.report)
        assert "внесено офисом: звонок" in here and f"{address}source/" in here
        assert "Внесено Проектным офисом: звонок" in client.get(address).content.decode()
        assert client.get(f"{address}source/")["Content-Disposition"].startswith("attachment")
        day = f"{timezone.localdate():%d.%m.%Y}"
        submission = sent(part.report, by=head).submissions.get()
        assert submission.snapshot["parts"][0]["entered"] == f"внесено офисом: звонок, {day}"
        assert f"Внесено офисом: звонок, {day}" in client.get(submission.get_absolute_url()).content.decode()
        paper = client.get(f"{submission.get_absolute_url()}report.pdf")
        told = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(b"".join(paper.streaming_content))).pages).split())
        assert f"внесено офисом: звонок, {day}" in told
        client.force_login(cast.member_of_school_b)
        assert client.get(f"{address}send/").status_code == 403

    def test_two_of_one_school_see_both_texts(self, client, cast, part):
        other = PostFactory(person=UserFactory(), institution=part.place).person
        report_parts.save_part(part, "Текст коллеги", {}, by=other)
        client.force_login(cast.member_of_school_b)
        answer = client.post(f"/reports/parts/{part.pk}/", {"text": "Мой текст", "version": "{}"})
        assert answer.status_code == 409 and "Текст коллеги" in answer.content.decode() and "Мой текст" in answer.content.decode()

    def test_of_a_closed_institution_is_not_waited_for(self, client, cast, head, part):
        type(part.place).objects.filter(pk=part.place.pk).update(closed_on=timezone.localdate())
        client.force_login(head)
        assert "часть не ждём" in page(client, part.report) and not waiting_for(cast.member_of_school_b)

    def test_parts_cost_the_same_for_few_and_many(self, client, cast, head, part):
        def queries():
            with CaptureQueriesContext(connection) as asked:
                page(client, part.report)
            return len(asked)

        readers, few = (head, cast.member_of_school_b), []
        for reader in readers:
            client.force_login(reader)
            queries()
            few.append(queries())
        for _ in range(8):
            part.report.project.institutions.create(institution=InstitutionFactory())
        report_parts.begin_parts([part.report])
        for reader, count in zip(readers, few, strict=True):
            client.force_login(reader)
            queries()
            assert queries() == count <= 20


class TestAround:
    def test_the_project_lists_its_reports_and_offers_to_begin_one(self, team, project):
        period = PeriodFactory(portfolio=project.portfolio)
        answer = team.get(f"/projects/{project.pk}/").content.decode()
        assert f"Начать отчёт {period}" in answer
        report = team.post(f"/projects/{project.pk}/reports/{period.pk}/start/").url
        answer = team.get(f"/projects/{project.pk}/").content.decode()
        assert report in answer and "Начать отчёт" not in answer

    def test_the_project_tells_what_its_indicators_came_to(self, team, cast, project):
        in_force(filled_passport(project, by=project.head), cast.secretary)
        accepted(report_of(project), project.head, cast.secretary)
        answer = team.get(f"/projects/{project.pk}/").content.decode()
        assert "10\xa0человек" in answer and "−110\xa0человек" in answer

    def test_the_start_page_tells_what_to_write_and_what_was_sent(self, head, report):
        def asked():
            return [row.action for row in waiting_for(head) if row.url.startswith(report.get_absolute_url())]

        assert asked() == ["Начать"]
        sent(report, by=head)
        assert [row.badge for row in board_of(head).sent] == [("wait", "На проверке")]
        assert asked() == []

    def test_the_start_page_counts_the_indicators_of_the_passport_in_force_as_sending_does(self, head, cast, project):
        passport = in_force(filled_passport(project, by=head), cast.secretary)
        asked = indicators_of(project)
        revise(passport.document, by=cast.secretary, basis="приказа")
        report = report_of(project)
        project.indicators.filter(pk=asked[0].pk).update(position=None)
        for place in range(3):
            new = project.indicators.create(position=50 + place, name="Новый в черновике")
        report.values.create(indicator=new, text="5", value=5)

        def counted():
            return next(row.whose for row in waiting_for(head) if row.url.startswith(report.get_absolute_url()))

        assert f"заполнено 0 из {2 + len(asked)}" in counted()
        report.values.create(indicator_id=asked[0].pk, text="5", value=5)
        assert f"заполнено 1 из {2 + len(asked)}" in counted()

    def test_no_word_of_another_schools_report_reaches_a_school(self, cast, client, report):
        canaries = Canaries()
        row = report.project.indicators.create(position=1, name=canaries.plant("показатель"), target=1)
        written(report, done=canaries.plant("сделано"), problems=canaries.plant("мешает"), plans=canaries.plant("дальше"))
        IndicatorValue.objects.filter(indicator=row).update(evidence=canaries.plant("подтверждение"))
        report.files.create(file=stored_file(f"{canaries.plant('файл')}.pdf"))
        sent(fresh(report), by=report.project.head, **{name: getattr(fresh(report), name) for name in ("done", "problems", "plans")})
        addresses = [f"/reports/{report.pk}/", f"/reports/{report.pk}/sent/1/", f"/reports/{report.pk}/sent/1/report.pdf",
                     f"/reports/{report.pk}/compare/", f"/reports/{report.pk}/history/", "/", "/projects/"]
        client.force_login(cast.member_of_school_b)
        for address in addresses:
            assert not canaries.scan(client.get(address))
        client.force_login(report.project.head)
        assert canaries.scan(client.get(addresses[1]))

    def test_the_data_hold_together(self, cast, head, report):
        report.project.indicators.create(position=1, name="Учителя", target=5)
        accepted(report, head, cast.secretary)
        told = ("отчёт", "отправки", "ход проекта", "значения и части")
        assert [each for each in violations() if any(word in str(each).lower() for word in told)] == []
        type(report.project).objects.filter(pk=report.project_id).update(course="lagging")
        assert any("ход не тот" in str(each) for each in violations())
