"""What comes in as a file and how it goes out."""
import errno
import hashlib
import os
import re
import resource
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from projectoffice.common import uploads
from projectoffice.common.filenames import clean_name
from projectoffice.common.models import StoredFile
from projectoffice.common.storage import DurableStorage

from . import files

REFUSAL = re.compile(r"^[А-Я«][^\n]*[.]$")


@pytest.fixture(autouse=True)
def closed_files():
    yield
    while files.opened:
        files.opened.pop().close()


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def on_disk(media):
    return sorted(path.relative_to(media).as_posix() for path in media.glob("*/*"))


@pytest.mark.parametrize("name", files.GOOD)
def test_an_ordinary_document_is_stored_whole_under_a_random_name(name, media, db):
    content = files.GOOD[name]
    stored = uploads.store_upload(files.upload(name, content), by=None)
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    assert stored.size == len(content)
    assert on_disk(media) == [stored.data.name]
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", stored.data.name)
    assert (media / stored.data.name).read_bytes() == content
    assert (media / stored.data.name).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("what", files.HOSTILE)
def test_a_hostile_file_is_refused_with_one_clear_sentence_and_leaves_nothing(what, media, db):
    name, content = files.HOSTILE[what]
    for make in (files.upload, files.small):
        with pytest.raises(ValidationError) as refusal:
            uploads.store_upload(make(name, content), by=None)
        [sentence] = refusal.value.messages
        assert REFUSAL.match(sentence), sentence
    assert not StoredFile.objects.exists()
    assert on_disk(media) == []


def test_the_corpus_is_wide_enough():
    assert len(files.HOSTILE) >= 30


def test_a_hostile_file_costs_no_memory_to_speak_of():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, content in files.HOSTILE.values():
        with pytest.raises(ValidationError):
            uploads.check_upload(files.upload(name, content))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_pdf_is_refused_where_only_pictures_are_asked_for(media, db):
    with pytest.raises(ValidationError, match=r"Это PDF\. Сюда можно загрузить: фотография JPG, картинка PNG\."):
        uploads.store_upload(files.upload("a.pdf", files.PDF), by=None, allowed=uploads.IMAGES)


def test_a_file_over_the_limit_is_refused_before_it_is_looked_into():
    with pytest.raises(ValidationError, match="слишком большой"):
        uploads.check_upload(files.upload("a.pdf", files.PDF + b" " * 100), most=50)


def test_a_full_disk_is_a_sentence_and_no_half_file(media, db, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ValidationError, match="закончилось место"):
        uploads.store_upload(files.upload("a.pdf", files.PDF), by=None)
    assert on_disk(media) == []


def test_a_file_is_on_the_disk_before_its_name_is(media, db, monkeypatch):
    seen = []
    sync, link = os.fsync, os.link
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append("sync"), sync(handle)))
    monkeypatch.setattr(os, "link", lambda *names: (seen.append("name"), link(*names)))
    uploads.store_upload(files.upload("a.pdf", files.PDF), by=None)
    assert seen == ["sync", "name", "sync"]


class TestTheForm:
    class Form(forms.Form):
        scan = uploads.CheckedFileField(label="Скан", allowed=uploads.SCANS)

    def test_says_beside_the_field_what_is_wrong(self):
        form = self.Form({}, {"scan": files.upload("a.pdf", files.HTML)})
        assert form.errors == {"scan": ["Это веб-страница или рисунок с кодом, а не документ. "
                                        "Сохраните его как PDF и загрузите снова."]}

    def test_takes_a_good_file_and_leaves_it_ready_to_be_stored(self, media, db):
        form = self.Form({}, {"scan": files.upload("a.pdf", files.PDF)})
        assert form.is_valid()
        assert uploads.store_upload(form.cleaned_data["scan"], by=None).size == len(files.PDF)

    def test_without_a_file_asks_for_one(self):
        assert self.Form({}, {}).errors == {"scan": ["Выберите файл."]}

    def test_shows_the_browser_what_it_takes(self):
        assert 'accept=".pdf,.jpg,.png"' in str(self.Form()["scan"])


class TestGivingOut:
    def test_a_document_is_always_an_attachment_in_a_sandbox(self, media, db):
        response = uploads.send_file(uploads.store_upload(files.upload("Отчёт за год.pdf", files.PDF), by=None))
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert unquote(response["Content-Disposition"]).endswith("Отчёт за год.pdf")
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert b"".join(response) == files.PDF
        response.close()

    def test_only_a_picture_can_be_shown_in_a_page(self, media, db):
        pdf = uploads.store_upload(files.upload("a.pdf", files.PDF), by=None)
        png = uploads.store_upload(files.upload("a.png", files.picture()), by=None)
        for stored, how in ((pdf, "attachment"), (png, "inline")):
            response = uploads.send_file(stored, inline=True)
            assert response["Content-Disposition"].startswith(how)
            response.close()

    def test_lost_bytes_are_not_found_rather_than_an_error(self, media, db):
        stored = uploads.store_upload(files.upload("a.pdf", files.PDF), by=None)
        (media / stored.data.name).unlink()
        with pytest.raises(uploads.Http404):
            uploads.send_file(stored)


class TestNames:
    @pytest.mark.parametrize(
        ("raw", "cleaned"),
        [
            ("../../etc/passwd.pdf", "passwd.pdf"),
            (r"C:\Users\Анна\отчёт.pdf", "отчёт.pdf"),
            ("счёт\u202efdp.exe.pdf", "счётfdp.exe.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("a\x00b.pdf", "ab.pdf"),
            ("план", "план.pdf"),
            ("фото.JPEG.pdf", "фото.JPEG.pdf"),
            ("con.pdf", "_con.pdf"),
            ("...", "файл.pdf"),
            ("", "файл.pdf"),
            ("\ud800.pdf", "файл.pdf"),
            ('a"<b>.pdf', "a__b_.pdf"),
        ],
    )
    def test_are_cleaned(self, raw, cleaned):
        assert clean_name(raw, "pdf") == cleaned

    def test_are_cut_to_255_bytes_without_losing_the_ending(self):
        name = clean_name("я" * 300 + ".pdf", "pdf")
        assert len(name.encode()) <= 255
        assert name.endswith("я.pdf")

    @given(st.text(max_size=300))
    def test_are_harmless_whatever_comes(self, raw):
        name = clean_name(raw, "pdf")
        assert name.endswith(".pdf")
        assert len(name.encode()) <= 255
        assert not set(name) & set('/\\<>:"|?*\r\n\0')
        assert clean_name(name, "pdf") == name


class TestTheJanitor:
    def age(self, path, hours):
        moment = time.time() - timedelta(hours=hours).total_seconds()
        os.utime(path, (moment, moment))

    def test_takes_away_what_a_rolled_back_transaction_left(self, media, db):
        kept = uploads.store_upload(files.upload("a.pdf", files.PDF), by=None)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            lost = uploads.store_upload(files.upload("b.pdf", files.PDF), by=None)
            raise ZeroDivisionError
        half = DurableStorage().part()
        half.write_bytes(b"half of a fi")
        for path in (media / kept.data.name, media / lost.data.name, half):
            self.age(path, 25)
        assert uploads.sweep_orphan_files() == 2
        assert on_disk(media) == [kept.data.name]

    def test_leaves_alone_what_is_just_being_stored(self, media, db):
        half = DurableStorage().part()
        half.write_bytes(b"half of a fi")
        assert uploads.sweep_orphan_files() == 0
        assert half.exists()
