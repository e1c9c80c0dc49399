"""Sheets and the office: keyed from paper and compared by a second person, voided and replaced; the table; files of blind works."""
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader, PdfWriter

from contests.entry.submission import take
from contests.models import Contest, ContestStage, EntryFile, Review, ScoreSheet
from contests.services import paper
from contests.services import sheet as verbs
from contests.sheet.cleaning import clean
from contests.sheet.reading import criteria_of, fingerprint, sheet_of, texts_of
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from projectoffice.common.uploads import store_upload
from projectoffice.common.waiting import waiting_for
from tests.canary import Canaries
from tests.contests.test_sheets import fields, hand_in, print_of, stored
from tests.contests.things import admitted, announced, expert, review, sheet_in

pytestmark = pytest.mark.django_db
SCAN = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def given():
    return review(admitted(announced("remote")))


def scan(name="лист.pdf"):
    return SimpleUploadedFile(name, SCAN)


def keyed(given, by, *marks, source="бумажный лист"):
    return paper.key_sheet(given, fields(given, *marks), by=by, source=source, source_date=timezone.localdate(),
                           source_file=store_upload(scan(), by=by))


class TestPaper:
    def test_counts_only_once_a_second_person_compared_it_and_says_who_entered_it(self, cast, client, given):
        verbs.save_sheet(given, fields(given, 0, 0, comment="Начато на экране"), {}, by=given.expert.person)
        client.force_login(cast.secretary)
        address = reverse("contests:packet_key", args=[given.pk])
        assert "Начато на экране" not in client.get(address).content.decode()
        refused = client.post(address, fields(given, 3, 9, source="бумажный лист", source_date="2026-01-12"))
        words = refused.content.decode()
        assert refused.status_code == 422 and "от 0 до 3." in words and "Приложите скан" in words and 'value="9"' in words
        assert "Проверьте оценки" in words, "the marks are named above the form together with the missing scan"
        client.post(address, fields(given, 3, 2, source="бумажный лист", source_date="2026-01-12", source_file=scan()))
        sheet = sheet_of(given)
        assert stored(given) == ["3", "2", "Начато на экране"] and sheet.recorded_by == cast.secretary and not ScoreSheet.objects.counted().exists()
        own = client.get(reverse("contests:sheet_check", args=[sheet.pk]), follow=True)
        assert "другой сотрудник" in own.content.decode()
        with pytest.raises(ValidationError, match="другой сотрудник"):
            paper.check_sheet(sheet, by=cast.secretary, shown=print_of(given))
        assert any("Сверить листы" in row.what for row in waiting_for(cast.office_head))
        assert not any("Сверить листы" in row.what for row in waiting_for(cast.secretary))
        client.force_login(cast.office_head)
        page = client.get(reverse("contests:sheet_check", args=[sheet.pk]))
        assert "На бумаге этого нет" in page.content.decode() and "Было набрано" not in client.get(sheet.get_absolute_url()).content.decode()
        client.post(reverse("contests:sheet_check", args=[sheet.pk]), {"shown": page.context["form"].initial["shown"]})
        assert ScoreSheet.objects.counted().get() == sheet
        client.force_login(given.expert.person)
        read = client.get(sheet.get_absolute_url()).content.decode()
        assert "Внесён с бумаги" in read and "Сорокина" in read and "Орлова" in read
        assert re.search("Было набрано.*<dt>1. Обоснованность проблемы</dt><dd[^>]*>0</dd>", read, re.DOTALL), "what the paper outweighed is not lost"
        assert client.get(reverse("contests:sheet_scan", args=[sheet.pk])).status_code == 200

    def test_another_expert_reads_neither_whose_it_is_nor_who_keyed_it(self, cast, client, given):
        sheet = keyed(given, cast.secretary, 3, 2, source="лист Петровой, отдала Орлова")
        paper.check_sheet(sheet, by=cast.office_head, shown=print_of(given))
        rival = sheet_in(given.entry).review.expert.person
        for person, told in ((rival, False), (given.expert.person, True), (cast.office_head, True)):
            client.force_login(person)
            read = client.get(sheet.get_absolute_url()).content.decode().split("<main")[1]
            assert "Внесён с бумаги" in read and ("Петровой" in read, "Сорокина" in read) == (told, told), person

    def test_keyed_twice_is_once_and_over_a_sheet_that_is_in_never(self, cast, given):
        assert keyed(given, cast.secretary, 3, 2) == keyed(given, cast.office_head, 3, 2)
        with pytest.raises(TransitionNotAllowed, match="аннулируйте"):
            keyed(given, cast.secretary, 1, 1)
        assert stored(given)[:2] == ["3", "2"]

    def test_paper_that_comes_after_the_round_is_keyed_until_the_results(self, cast, given):
        ContestStage.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
        assert keyed(given, cast.secretary, 3, 2).state == "submitted"
        late = review(admitted(given.entry.nomination))
        Contest.objects.update(state="finished")
        with pytest.raises(TransitionNotAllowed, match="Итоги опубликованы"):
            keyed(late, cast.secretary, 3, 2)

    def test_neither_a_scoring_member_of_the_office_nor_an_outsider_keys_or_compares(self, cast, client, given):
        sheet = keyed(given, cast.secretary, 3, 2)
        other = review(admitted(given.entry.nomination))
        expert(given.entry.contest, cast.office_head)
        for person in (cast.office_head, cast.department_head, cast.stranger, given.expert.person):
            with pytest.raises(PermissionDenied):
                keyed(other, person, 1, 1)
            with pytest.raises(PermissionDenied):
                paper.check_sheet(sheet, by=person, shown=print_of(given))
            client.force_login(person)
            for name, pk in (("packet_sheets", given.expert_id), ("packet_key", other.pk), ("sheet_check", sheet.pk), ("sheet_void", sheet.pk)):
                assert client.get(reverse(f"contests:{name}", args=[pk])).status_code in (403, 404), (person, name)
        assert not other.sheets.exists()

    def test_the_database_lets_nobody_compare_what_one_keyed_oneself(self, cast, given):
        sheet = keyed(given, cast.secretary, 3, 2)
        with pytest.raises(IntegrityError), transaction.atomic():
            ScoreSheet.objects.filter(pk=sheet.pk).update(checked_by=cast.secretary)

    def test_the_packet_holds_what_is_left_and_nothing_in_conflict(self, cast, client, given):
        done = sheet_in(admitted(given.entry.nomination, title="Сданная работа"), given.expert)
        barred = review(admitted(given.entry.nomination, title="Работа друзей"), given.expert)
        given.expert.recusals.create(entry=barred.entry, ground="close")
        client.force_login(cast.secretary)
        page = client.get(reverse("contests:packet", args=[given.expert_id]))
        text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.content)).pages)
        assert given.entry.title in text and "Уровень 3" in text and done.review.entry.title not in text and barred.entry.title not in text
        assert client.get(reverse("contests:packet_sheets", args=[given.expert_id])).status_code == 200


class TestVoiding:
    def test_says_why_writes_to_the_expert_and_begins_a_new_sheet_with_the_same_marks(self, cast, client, given):
        sheet = hand_in(given, 3, 2)
        client.force_login(cast.secretary)
        address = reverse("contests:sheet_void", args=[sheet.pk])
        assert "Напишите" in client.post(address, {"reason": " "}).content.decode()
        client.post(address, {"reason": "Оценки от другой работы"})
        sheet.refresh_from_db()
        new = sheet_of(given)
        assert sheet.state == "voided" and new.pk != sheet.pk and stored(given)[:2] == ["3", "2"] and not ScoreSheet.objects.counted().exists()
        letter = OutgoingMail.objects.get(key=f"sheet_voided:{sheet.pk}")
        assert "Оценки от другой работы" in letter.body and given.entry.title not in letter.body
        client.force_login(given.expert.person)
        assert "Оценки от другой работы" in client.get(given.get_absolute_url()).content.decode()
        assert verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given)) == new
        assert [each.state for each in given.sheets.order_by("pk")] == ["voided", "submitted"]

    def test_twice_is_once_never_the_own_and_after_the_results_nobody_is_asked_anew(self, cast, given):
        sheet = hand_in(given, 3, 2)
        verbs.replace_sheet(sheet, by=cast.secretary, reason="Ошибка")
        verbs.replace_sheet(sheet, by=cast.office_head, reason="Ещё раз")
        sheet.refresh_from_db()
        assert sheet.void_reason == "Ошибка" and given.sheets.count() == 2
        own = hand_in(review(admitted(given.entry.nomination), expert(given.entry.contest, cast.secretary)), 1, 1)
        with pytest.raises(PermissionDenied):
            verbs.replace_sheet(own, by=cast.secretary, reason="Передумала")
        Contest.objects.update(state="finished")
        verbs.replace_sheet(own, by=cast.office_head, reason="Ошибка, исправляем итоги")
        assert [each.state for each in own.review.sheets.all()] == ["voided"]


def test_the_table_saves_each_row_by_itself_and_leaves_out_what_is_in(client, given):
    other = review(admitted(given.entry.nomination), given.expert)
    done = sheet_in(admitted(given.entry.nomination), given.expert)
    client.force_login(given.expert.person)
    address = reverse("contests:review_table", args=[given.entry.contest_id])
    page = client.get(address).content.decode()
    assert given.entry.title in page and other.entry.title in page and done.review.entry.title not in page
    answer = client.post(reverse("contests:review_save", args=[other.pk]), fields(other, 2, 3, back="table", do="save"))
    assert answer.url == f"{address}#r-{other.pk}" and stored(other)[:2] == ["2", "3"] and sheet_of(given) is None
    refused = client.post(reverse("contests:review_save", args=[other.pk]), fields(other, 9, 3, back="table", do="submit"))
    words = refused.content.decode()
    assert refused.status_code == 422 and given.entry.title in words and 'value="9"' in words and "от 0 до 3." in words
    assert any("Оценить работы: 2 из 3" in row.what for row in waiting_for(given.expert.person))


class TestFiles:
    def test_a_blind_work_is_given_out_without_its_makers(self, cast, client):
        canaries = Canaries()
        nomination = announced("remote", is_blind=True)
        entry = admitted(nomination)
        row = EntryFile.objects.create(entry=entry, file=store_upload(
            SimpleUploadedFile(f"{canaries.plant('name')}.pdf", pdf_by(canaries.plant("metadata"))), by=cast.secretary))
        entry.submissions.create(number=2, snapshot=take(entry))
        unsent = EntryFile.objects.create(entry=entry, file=row.file)
        given = review(entry)
        client.force_login(given.expert.person)
        answer = client.get(reverse("contests:review_file", args=[given.pk, row.pk]))
        assert answer.status_code == 200 and canaries.scan(answer, client.get(given.get_absolute_url())) == set()
        assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1
        assert client.get(reverse("contests:review_file", args=[given.pk, unsent.pk])).status_code == 404
        client.force_login(cast.secretary)
        assert canaries.scan(client.get(reverse("contests:entry_file", args=[row.pk]))) == {"name", "metadata"}

    @pytest.mark.parametrize("ending", ["docx", "pptx", "xlsx", "jpg", "png"])
    def test_office_files_and_pictures_lose_their_properties_and_keep_their_content(self, ending):
        import base64

        name = "Тайникова"
        content = picture_by(name, ending) if ending in ("jpg", "png") else office_by(name)
        assert name.encode() in content or any(name.encode() in part for part in parts_of(content))
        cleaned = base64.b64decode(clean(io.BytesIO(content), ending=ending))
        left = parts_of(cleaned) if ending not in ("jpg", "png") else [cleaned]
        assert not [part for part in left if name.encode() in part]
        assert b"Text" in b"".join(left) if ending not in ("jpg", "png") else Image.open(io.BytesIO(cleaned)).size == (8, 8)


def pdf_by(name):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": name, "/Title": name})
    writer.add_attachment(f"{name}.txt", name.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def office_by(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("docProps/core.xml", f"<cp><dc:creator>{name}</dc:creator></cp>")
        file.writestr("word/comments.xml", f'<w:comment w:author="{name}" w:initials="{name}">Text</w:comment>')
        file.writestr("xl/comments1.xml", f"<authors><author>{name}</author></authors>")
        file.writestr("ppt/commentAuthors.xml", f'<p:cmAuthor id="0" name="{name}" initials="{name}"/>')
    return out.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [file.read(name) for name in file.namelist()]


def picture_by(name, ending):
    from PIL.PngImagePlugin import PngInfo

    picture, out = Image.new("RGB", (8, 8)), io.BytesIO()
    if ending == "png":
        words = PngInfo()
        words.add_itxt("Author", name)
        picture.save(out, "PNG", pnginfo=words)
    else:
        exif = picture.getexif()
        exif[0x13B] = name.encode()
        picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_recusal_takes_every_round_of_the_work(given):
    onsite = review(given.entry, given.expert, round="onsite")
    verbs.recuse(given, by=given.expert.person, ground="close")
    assert set(Review.objects.values_list("pk", "state")) == {(given.pk, "recused"), (onsite.pk, "recused")}


def test_fingerprints_tell_sheets_apart(given):
    texts = texts_of(given, None, criteria_of(given))
    assert fingerprint(texts) != fingerprint({**texts, "comment": "x"})
