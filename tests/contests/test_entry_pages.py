"""Pages of an entry: form, confirmation, files, paper, check, lists; who sees what; bad input."""
import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from PIL import Image

from contests.entry.page import for_page
from contests.entry.printing import entry_pdf
from contests.forms.entry import EntryForm
from contests.models import Entry, Review
from contests.services import entry as verbs
from portfolios.services.typed import mark
from tests.canary import Canaries
from tests.contests.entry_things import check, draft_of, end_acceptance, fresh, send, sent_by
from tests.contests.things import announced, expert_of, set_up
from tests.factories import InstitutionFactory, PostFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(cast):
    return cast.member_of_school_a


@pytest.fixture
def draft(author):
    return draft_of(author)


def sent_form(entry):
    """What a browser would send of the entry as it is shown."""
    form = EntryForm(entry=for_page(Entry.objects).get(pk=entry.pk))
    return {bound.name: bound.value() for bound in form if bound.value() not in (None, "")}


def save(client, entry, sent):
    return client.post(f"/entries/{entry.pk}/save/", sent, headers={"accept": "application/json"})


def answer_name(entry):
    return f"answer-{entry.nomination.fields.get().pk}"


def words_of(response):
    return response.content.decode()


class TestTheForm:
    def test_is_saved_as_typed_and_found_again(self, client, author, draft):
        client.force_login(author)
        sent = sent_form(draft)
        for text in ("П", "Про", "Про чтение\r\nв школе"):
            answer = save(client, draft, sent | {answer_name(draft): text})
            assert answer.status_code == 200
            sent["version"] = answer.json()["version"]
        assert "Про чтение\nв школе" in words_of(client.get(f"/entries/{draft.pk}/"))

    def test_says_how_many_signs_are_left_without_a_script(self, client, author, draft):
        client.force_login(author)
        save(client, draft, sent_form(draft) | {answer_name(draft): "ы" * 380})
        assert "осталось 120 знаков" in words_of(client.get(f"/entries/{draft.pk}/"))
        save(client, draft, sent_form(draft) | {answer_name(draft): "ы" * 501})
        page = words_of(client.get(f"/entries/{draft.pk}/"))
        assert "лишних 1 знак" in page and "ы" * 501 in page and "Сократите на 1 знак" in page

    def test_one_wrong_field_keeps_nothing_else_back(self, client, author, draft):
        client.force_login(author)
        only = draft.authors.get()
        answer = save(client, draft, sent_form(draft) | {"title": "Новое имя", f"author-{only.pk}-email": "не почта"})
        assert answer.status_code == 422 and "Проверьте почту" in answer.json()["errors"][f"author-{only.pk}-email"][0]
        assert fresh(draft).title == "Новое имя" and draft.authors.get().email == only.email

    @pytest.mark.parametrize("bad", ["a\x00b", "1" * 70_000, "\x08"])
    def test_what_cannot_be_stored_is_a_sentence(self, client, author, draft, bad):
        client.force_login(author)
        name = answer_name(draft)
        for sent in ({name: bad}, {"contact": bad}, {"version": bad, name: "Текст"}, {f"author-{draft.authors.get().pk}-name": bad}):
            assert save(client, draft, sent_form(draft) | sent).status_code in (200, 409, 422)
            assert client.post(f"/entries/{draft.pk}/save/", sent_form(draft) | sent).status_code in (302, 409, 422)

    def test_two_in_one_text_see_both(self, client, cast, author, draft):
        mine, theirs = sent_form(draft), sent_form(draft)
        name = answer_name(draft)
        client.force_login(cast.secretary)
        save(client, draft, theirs | {name: "Их текст"})
        client.force_login(author)
        refused = save(client, draft, mine | {name: "Мой текст"})
        assert refused.status_code == 409 and refused.json()["values"][name] == ["Их текст"]
        plain = client.post(f"/entries/{draft.pk}/save/", mine | {name: "Мой текст", "do": "save"})
        assert plain.status_code == 409 and "Их текст" in words_of(plain) and "Мой текст" in words_of(plain)
        assert save(client, draft, mine | {name: "Мой текст", "version": refused.json()["version"]}).status_code == 200

    def test_buttons_of_authors_save_what_was_typed_and_act(self, client, author, draft):
        client.force_login(author)
        key = "7b0d3f1e-8f3c-4b66-9d27-0f4f3f5b1a11"
        for _ in range(2):
            client.post(f"/entries/{draft.pk}/save/", sent_form(draft) | {"title": "Имя", "do": "add_author", "form_key": key})
        first, second = draft.authors.all()
        assert fresh(draft).title == "Имя"
        client.post(f"/entries/{draft.pk}/save/", sent_form(draft) | {"do": f"up:{second.pk}"})
        assert list(draft.authors.all()) == [second, first]
        client.post(f"/entries/{draft.pk}/save/", sent_form(draft) | {"do": f"remove:{second.pk}"})
        assert list(draft.authors.all()) == [first]

    def test_ids_of_another_entry_do_nothing(self, client, cast, author, draft):
        other = draft_of(cast.member_of_school_b)
        theirs = other.authors.get()
        client.force_login(author)
        answer = save(client, draft, sent_form(draft) | {f"author-{theirs.pk}-name": "Чужой", "contact": str(theirs.pk)})
        assert answer.status_code == 422
        client.post(f"/entries/{draft.pk}/save/", sent_form(draft) | {"do": f"remove:{theirs.pk}"})
        assert other.authors.get().name == theirs.name and other.authors.get().is_contact and draft.authors.get().is_contact

    def test_a_sent_entry_has_no_form_and_refuses_a_late_save(self, client, author, draft):
        client.force_login(author)
        sent = sent_form(draft)
        send(draft, author)
        assert "data-autosave" not in words_of(client.get(f"/entries/{draft.pk}/"))
        assert save(client, draft, sent | {"title": "Поздно"}).status_code == 409
        assert fresh(draft).title == "Читающая школа"

    def test_after_the_deadline_the_draft_stays_and_says_kindly_whom_to_call(self, client, author, draft):
        end_acceptance(draft.contest)
        client.force_login(author)
        page = words_of(client.get(f"/entries/{draft.pk}/"))
        assert "Приём заявок закончился" in page and "Написанное сохранено" in page and "Позвоните" in page
        assert 'class="btn btn-primary" type="submit">Отправить' not in words_of(client.get(f"/entries/{draft.pk}/submit/"))


class TestBegunOnThePage:
    def test_one_who_works_in_no_institution_is_told_whom_to_call(self, client, cast):
        client.force_login(cast.stranger)
        nomination = announced("acceptance")
        assert "не числитесь ни в одном" in words_of(client.get(f"/contests/{nomination.contest_id}/entries/new/"))

    def test_sent_twice_is_one_draft(self, client, author):
        nomination = announced("acceptance")
        client.force_login(author)
        sent = {"nomination": nomination.pk, "institution": author.current_post.institution_id, "title": "Дело",
                "form_key": "7b0d3f1e-8f3c-4b66-9d27-0f4f3f5b1a12"}
        for _ in range(2):
            assert client.post(f"/contests/{nomination.contest_id}/entries/new/", sent).status_code == 302
        assert Entry.objects.count() == 1

    def test_not_for_another_school_and_not_in_a_contest_being_set_up(self, client, cast, author):
        nomination, hidden = announced("acceptance"), set_up()
        client.force_login(author)
        sent = {"nomination": nomination.pk, "institution": cast.member_of_school_b.current_post.institution_id, "title": "Дело",
                "form_key": "7b0d3f1e-8f3c-4b66-9d27-0f4f3f5b1a13"}
        assert "Выберите" in words_of(client.post(f"/contests/{nomination.contest_id}/entries/new/", sent))
        assert client.get(f"/contests/{hidden.contest_id}/entries/new/").status_code == 404 and not Entry.objects.exists()


class TestSending:
    def test_the_confirmation_repeats_everything_and_sends_it_once(self, client, author, draft):
        client.force_login(author)
        page = client.get(f"/entries/{draft.pk}/submit/")
        assert "Ответ: О чём работа" in words_of(page) and "получит номер" in words_of(page)
        shown = page.context["form"].initial["shown"]
        for _ in range(2):
            assert client.post(f"/entries/{draft.pk}/submit/", {"shown": shown}).status_code == 302
        assert draft.submissions.count() == 1 and fresh(draft).number == 1

    def test_another_tab_is_told_that_the_text_is_another(self, client, cast, author, draft):
        client.force_login(author)
        shown = client.get(f"/entries/{draft.pk}/submit/").context["form"].initial["shown"]
        verbs.save_draft(draft, {"title": "Иначе"}, {"title": mark(draft.title)}, by=cast.secretary)
        refused = client.post(f"/entries/{draft.pk}/submit/", {"shown": shown})
        assert refused.status_code == 422 and draft.submissions.count() == 0 and "Иначе" in words_of(refused)
        assert client.post(f"/entries/{draft.pk}/submit/", {"shown": refused.context["form"].data["shown"]}).status_code == 302

    def test_what_is_missing_bars_it_with_the_way_there(self, client, cast, author, draft):
        verbs.remove_author(draft, draft.authors.get(), by=author)
        client.force_login(author)
        assert "Назовите хотя бы одного автора" in words_of(client.get(f"/entries/{draft.pk}/submit/"))
        answer = client.post(f"/entries/{draft.pk}/submit/", {"shown": "x" * 64})
        assert answer.status_code == 422 and fresh(draft).state == "draft"

    def test_the_office_says_by_which_letter(self, client, cast, draft):
        client.force_login(cast.secretary)
        page = client.get(f"/entries/{draft.pk}/submit/")
        sent = {"shown": page.context["form"].initial["shown"]}
        assert "source" in client.post(f"/entries/{draft.pk}/submit/", sent).context["form"].errors
        letter = SimpleUploadedFile("письмо.pdf", b"%PDF-1.4\n%%EOF")
        client.post(f"/entries/{draft.pk}/submit/", sent | {"source": "письмо № 84", "source_date": "2026-01-12", "source_file": letter})
        submission = draft.submissions.get()
        assert submission.recorded_by == cast.secretary and submission.source_file.name == "письмо.pdf"
        assert "Внесено офисом: письмо № 84" in words_of(client.get(f"/entries/{draft.pk}/"))

    def test_it_is_taken_back_and_withdrawn_with_words(self, client, author):
        entry = sent_by(author)
        client.force_login(author)
        client.post(f"/entries/{entry.pk}/take-back/")
        assert fresh(entry).state == "draft"
        assert client.post(f"/entries/{entry.pk}/withdraw/", {"reason": ""}).status_code == 200
        client.post(f"/entries/{entry.pk}/withdraw/", {"reason": "Передумали"})
        assert fresh(entry).state_reason == "Передумали"


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF"


class TestFiles:
    def add(self, client, entry, *files):
        return client.post(f"/entries/{entry.pk}/files/add/", {"files": list(files)})

    def test_several_at_once_given_out_taken_out_and_brought_back(self, client, author, draft):
        client.force_login(author)
        self.add(client, draft, SimpleUploadedFile("а.pdf", PDF), SimpleUploadedFile("б.pdf", PDF + b" "))
        first = draft.files.first()
        assert draft.files.count() == 2
        given = client.get(f"/entries/files/{first.pk}/")
        assert given["Content-Disposition"].startswith("attachment") and b"".join(given.streaming_content) == PDF
        back = client.post(f"/entries/files/{first.pk}/remove/")
        assert "Вернуть" in words_of(client.get(back.url))
        client.post(f"/entries/files/{first.pk}/return/")
        assert draft.files.filter(removed=False).count() == 2

    @pytest.mark.parametrize(("name", "content", "words"), [
        ("страница.html", b"<script>alert(1)</script>", "страница.html"), ("вирус.pdf", b"MZ\x90\x00" + b"0" * 100, "вирус.pdf"),
        ("пусто.pdf", b"", "пуст"), ("архив.docx", b"PK\x03\x04" + b"0" * 30, "архив.docx"), ("рис.svg", b"<svg onload='x'/>", "рис.svg"),
    ])
    def test_what_is_no_document_is_refused_by_name(self, client, author, draft, name, content, words):
        client.force_login(author)
        refused = self.add(client, draft, SimpleUploadedFile(name, content))
        assert refused.status_code == 422 and words in words_of(refused) and draft.files.count() == 0

    def test_nothing_chosen_and_too_many_at_once_are_sentences(self, client, author, draft):
        client.force_login(author)
        assert "Выберите файл" in words_of(self.add(client, draft))
        many = [SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(11)]
        assert "не больше 10" in words_of(self.add(client, draft, *many)) and draft.files.count() == 0

    def test_the_scan_may_be_photographs_of_the_pages_in_their_order(self, client, author):
        entry = draft_of(author, announced("acceptance", needs_signed_scan=True))
        client.force_login(author)
        photos = [SimpleUploadedFile(f"{place}.jpg", picture(colour)) for place, colour in enumerate(["red", "blue"])]
        assert client.post(f"/entries/{entry.pk}/scan/", {"pages": photos}).status_code == 302
        scan = client.get(f"/entries/{entry.pk}/scan/")
        assert len(pypdf.PdfReader(io.BytesIO(b"".join(scan.streaming_content))).pages) == 2
        broken = client.post(f"/entries/{entry.pk}/scan/", {"pages": [SimpleUploadedFile("x.jpg", b"\xff\xd8\xff\xe0" + b"0" * 50)]})
        assert broken.status_code == 422
        verbs.save_draft(entry, {"title": "Иначе"}, {"title": mark(entry.title)}, by=author)
        assert "После загрузки скана текст заявки меняли" in words_of(client.get(f"/entries/{entry.pk}/"))


def picture(colour):
    out = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(out, "JPEG")
    return out.getvalue()


class TestPaper:
    def text(self, content):
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)

    def test_has_the_text_a_line_for_the_director_and_room_for_the_seal(self, client, author, draft):
        client.force_login(author)
        content = client.get(f"/entries/{draft.pk}/print/")
        text = self.text(content.content)
        for words in ("Читающая школа", "Ответ: О чём работа", "Громова", "Руководитель учреждения", "М.П.", "Метка текста"):
            assert words in text, words
        assert entry_pdf(fresh(draft)) == content.content and author.email not in text

    def test_of_a_sent_entry_is_what_was_sent(self, author, draft):
        send(draft, author)
        Entry.objects.filter(pk=draft.pk).update(title="Подменили")
        text = self.text(entry_pdf(fresh(draft)))
        assert "Читающая школа" in text and "Подменили" not in text and "№ 1" in text.replace("\xa0", " ")


class TestWhoSees:
    def addresses(self, entry, row):
        return [f"/entries/{entry.pk}/", f"/entries/{entry.pk}/history/", f"/entries/{entry.pk}/submit/", f"/entries/{entry.pk}/print/",
                f"/entries/{entry.pk}/withdraw/", f"/entries/{entry.pk}/nomination/", f"/entries/{entry.pk}/scan/", f"/entries/{entry.pk}/check/",
                f"/entries/files/{row.pk}/", f"/contests/{entry.contest_id}/entries/", f"/contests/{entry.contest_id}/entries/export/",
                f"/contests/{entry.contest_id}/check/", "/entries/", "/"]

    def test_no_word_of_an_entry_reaches_anybody_but_its_team_and_the_office(self, client, cast, author):
        secret = Canaries()
        entry = draft_of(author, title=secret.plant("title"))
        only = entry.authors.get()
        verbs.save_draft(entry, {answer_name(entry): secret.plant("answer"), f"author-{only.pk}-post": secret.plant("post"),
                                 f"author-{only.pk}-phone": secret.plant("phone")},
                         {answer_name(entry): mark("Ответ: О чём работа"), f"author-{only.pk}-post": mark(only.post)}, by=author)
        client.force_login(author)
        client.post(f"/entries/{entry.pk}/files/add/", {"files": [SimpleUploadedFile(f"{secret.plant('file')}.pdf", PDF)]})
        row = entry.files.get()
        send(entry, author)
        check(entry, cast.secretary, "admitted")
        reviewer = expert_of(entry.contest, UserFactory())
        Review.objects.create(entry=entry, expert=reviewer)
        for person in (cast.member_of_school_b, cast.stranger, cast.department_head, cast.administrator, reviewer.person):
            client.force_login(person)
            # Who holds an office-wide role reads on the start page what happened last everywhere.
            addresses = self.addresses(entry, row) if not person.roles else self.addresses(entry, row)[:-1]
            answers = [client.get(address) for address in addresses]
            assert secret.scan(*answers) == set(), person
            assert {each.status_code for each in answers[:7]} == {404}
        client.force_login(author)
        assert secret.scan(client.get(f"/entries/{entry.pk}/"), client.get("/entries/")) == {"title", "answer", "post", "file"}
        client.force_login(cast.secretary)
        assert secret.scan(client.get(f"/entries/{entry.pk}/")) == {"title", "answer", "post", "file", "phone"}

    def test_a_colleague_of_the_school_writes_too_and_who_stands_in_for_the_author(self, client, draft):
        colleague = UserFactory()
        PostFactory(person=colleague, institution=draft.institution)
        client.force_login(colleague)
        assert save(client, draft, sent_form(draft) | {"title": "Вместе"}).status_code == 200


class TestTheCheck:
    def test_the_queue_goes_on_to_the_next_and_ends_with_the_list(self, client, cast, author):
        nomination = announced("acceptance")
        first, second = sent_by(author, nomination), sent_by(cast.member_of_school_b, nomination)
        client.force_login(cast.secretary)
        assert client.get(f"/contests/{nomination.contest_id}/check/").url == f"/entries/{first.pk}/check/"
        done = client.post(f"/entries/{first.pk}/check/", {"number": 1, "outcome": "admitted", "do": "next"}, follow=True)
        assert done.redirect_chain[-1][0] == f"/entries/{second.pk}/check/"
        done = client.post(f"/entries/{second.pk}/check/", {"number": 1, "outcome": "remarks", "words": "Опечатка", "do": "next"}, follow=True)
        assert done.redirect_chain[-1][0] == f"/contests/{nomination.contest_id}/entries/"

    @pytest.mark.parametrize(("sent", "words"), [
        ({"outcome": "returned", "words": "Смета"}, "Укажите день и час"), ({"outcome": "returned", "words": "", "correct_until": "2190-01-01T18:00"}, "за что взяться"),
        ({"outcome": "returned", "words": "Смета", "correct_until": "2020-01-01T18:00"}, "уже прошёл"), ({"outcome": "взята"}, "исход"),
        ({"outcome": "returned", "words": "Смета", "correct_until": "99999-01-01T18:00"}, "год"), ({"outcome": "rejected", "words": "a\x00b"}, "знак"),
        ({}, "Выберите исход"), ({"outcome": "admitted", "number": 10**30}, "исход"),
    ])
    def test_what_is_wrong_is_said_and_the_words_stay(self, client, cast, author, sent, words):
        entry = sent_by(author)
        client.force_login(cast.secretary)
        refused = client.post(f"/entries/{entry.pk}/check/", {"number": 1} | sent)
        assert refused.status_code == 422 and words.lower() in words_of(refused).lower() and fresh(entry).state == "submitted"

    def test_the_returned_entry_shows_its_team_the_remark_and_the_day(self, client, cast, author):
        entry = sent_by(author)
        until = timezone.now() + timedelta(days=3)
        check(entry, cast.secretary, "returned", "Приложите смету", until)
        client.force_login(author)
        page = words_of(client.get(f"/entries/{entry.pk}/"))
        assert "Приложите смету" in page and "Сорокина" in page and "время –" in page and "data-autosave" in page


class TestTheList:
    def test_finds_by_word_number_author_state_outcome_and_school(self, client, cast, author):
        nomination = announced("acceptance")
        sent = sent_by(author, nomination, title="Теплица")
        other = draft_of(cast.member_of_school_b, nomination, title="Музей")
        verbs.add_partner(other, author.current_post.institution, by=cast.secretary)
        check(sent, cast.secretary, "rejected", "Не та тема")
        client.force_login(cast.secretary)

        def found(query):
            page = client.get(f"/contests/{nomination.contest_id}/entries/?{query}")
            assert page.status_code == 200
            return [row.entry.title for row in page.context["listing"].rows]

        assert found("q=тепл") == ["Теплица"] and found("q=1") == ["Теплица"] and found("q=лисина") == ["Музей"]
        assert found("state=draft") == ["Музей"] and found("outcome=rejected") == ["Теплица"] and found("outcome=none") == ["Музей"]
        assert sorted(found(f"institution={author.current_post.institution}")) == ["Музей", "Теплица"]
        assert found("sort=-title") == ["Теплица", "Музей"] and found(f"nomination={nomination.pk}&state=admitted") == []
        assert len(found("q=%00&state=x&page=9999999&sort=);&nomination=abc")) in (0, 2)

    def test_the_table_of_outcomes_is_what_is_found(self, client, cast, author):
        entry = sent_by(author, title="=1+1")
        check(entry, cast.secretary, "rejected", "Не та тема")
        sent_by(author, entry.nomination)
        client.force_login(cast.secretary)
        sheet = load_workbook(io.BytesIO(b"".join(client.get(f"/contests/{entry.contest_id}/entries/export/?state=rejected")))).active
        rows = list(sheet.iter_rows(values_only=True))
        assert len(rows) == 2 and rows[1][1] == "=1+1" and "Отклонена" in rows[1] and "Не та тема" in rows[1] and "Сорокина" in rows[1]


def count(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_the_same_number_of_questions_for_few_rows_and_many(client, cast, author):
    nomination = announced("acceptance")
    entry = sent_by(author, nomination)
    draft = draft_of(author, nomination)
    returned = sent_by(author, nomination)
    check(returned, cast.secretary, "returned")
    pages = {cast.secretary: [f"/contests/{nomination.contest_id}/entries/", f"/contests/{nomination.contest_id}/entries/export/",
                              f"/entries/{entry.pk}/check/"],
             author: ["/entries/", f"/entries/{draft.pk}/", f"/entries/{draft.pk}/submit/",
                      f"/entries/{returned.pk}/"]}
    few = {}
    for person, addresses in pages.items():
        client.force_login(person)
        for address in addresses:
            count(client, address)
            few[address] = count(client, address)
    for number in range(4):
        sent_by(author, nomination, title=f"Работа {number}")
        verbs.add_author(draft, by=author)
        verbs.add_partner(draft, InstitutionFactory(), by=author)
    for person, addresses in pages.items():
        client.force_login(person)
        for address in addresses:
            many = count(client, address)
            assert many == few[address] and many <= 20, (address, few[address], many)


def test_the_start_page_asks_the_same_for_one_entry_and_for_many(client, cast, author):
    nomination = announced("acceptance")
    check(sent_by(author, nomination), cast.secretary, "returned")
    draft_of(author, nomination)
    client.force_login(author)
    count(client, "/")
    few = count(client, "/")
    for number in range(3):
        check(sent_by(author, nomination, title=f"Ещё {number}"), cast.secretary, "returned")
        draft_of(author, nomination)
    assert count(client, "/") == few


def test_a_stage_that_was_prolonged_opens_the_sending_again(client, author):
    entry = draft_of(author)
    end_acceptance(entry.contest)
    client.force_login(author)
    assert "Отправить на техническую" not in words_of(client.get(f"/entries/{entry.pk}/submit/"))
    entry.contest.stages.filter(kind="acceptance").update(ends_at=timezone.now() + timedelta(days=1))
    assert "Отправить на техническую" in words_of(client.get(f"/entries/{entry.pk}/submit/"))


