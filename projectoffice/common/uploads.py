"""Uploads and downloads: checked by content, streamed, kept under random names, given out as attachments."""
import errno
import hashlib
import logging
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat

from .duties import daily
from .filecheck import DOCUMENTS, IMAGES, KINDS, MIB, SCANS, kind_of
from .filenames import clean_name, ending_of
from .models import StoredFile

__all__ = ["DOCUMENTS", "IMAGES", "MOST_BYTES", "SCANS", "CheckedFileField", "ManyFilesField", "check_upload", "send_file", "store_upload"]

MOST_BYTES = 20 * MIB
MOST_FILES = 10  # at once in one field
KEEP_FREE = 200 * MIB  # the database next door needs room to say that there is none
ORPHAN_AGE = timedelta(hours=24)
logger = logging.getLogger(__name__)


def check_upload(uploaded, *, allowed=DOCUMENTS, most=MOST_BYTES):
    """The Kind of an uploaded file when it may be stored; ValidationError with one sentence when not."""
    if uploaded.size > most:
        raise ValidationError(
            f"Файл слишком большой: {filesizeformat(uploaded.size)}. Можно до {filesizeformat(most)}.", code="size"
        )
    kind = kind_of(uploaded.file if isinstance(uploaded, File) else uploaded, uploaded.size)
    if kind.ending not in allowed:
        raise ValidationError(f"Это {kind.title}. Сюда можно загрузить: {titles(allowed)}.", code="kind")
    named = ending_of(uploaded.name or "")
    if named and named != kind.ending:
        raise ValidationError(
            f"Файл назван «.{named[:10]}», а внутри {kind.title}. Сохраните его с окончанием .{kind.ending} "
            "и загрузите снова.", code="name",
        )
    return kind


def titles(allowed):
    return ", ".join(kind.title for ending, kind in KINDS.items() if ending in allowed)


class HashedFile(File):
    """Counts and hashes what passes through while it is copied."""

    def __init__(self, uploaded):
        super().__init__(uploaded.file if isinstance(uploaded, File) else uploaded, uploaded.name)
        self.digest, self.passed = hashlib.sha256(), 0

    def chunks(self, chunk_size=None):
        self.file.seek(0)
        while chunk := self.file.read(chunk_size or MIB):
            self.digest.update(chunk)
            self.passed += len(chunk)
            yield chunk


def store_upload(uploaded, *, by, allowed=DOCUMENTS, most=MOST_BYTES):
    """Check, copy in chunks and record an upload; returns its StoredFile. Raises ValidationError.

    The bytes are on the disk before the row is; a transaction rolled back later leaves a file without a
    row, which the janitor takes away.
    """
    kind = check_upload(uploaded, allowed=allowed, most=most)
    stored = StoredFile(
        name=clean_name(uploaded.name, kind.ending),
        content_type=kind.mime,
        uploaded_by=by if by is not None and by.is_authenticated else None,
    )
    content = HashedFile(uploaded)
    if stored.data.storage.room() < uploaded.size + KEEP_FREE:
        raise no_room()
    try:
        stored.data.save(uploaded.name, content, save=False)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise no_room() from error
        raise
    stored.sha256, stored.size = content.digest.hexdigest(), content.passed
    with transaction.atomic():
        stored.save()
    return stored


def no_room():
    logger.error("No room for uploads.")
    return ValidationError(
        "На сервере закончилось место для файлов. Файл не загружен, остальное сохранено. Позвоните в офис.", code="room"
    )


class CheckedFileField(forms.FileField):
    """A form's file that has been looked into: what is wrong with it stands beside the field."""

    default_error_messages = {
        "required": "Выберите файл.",
        "invalid": "Файл не дошёл. Выберите его ещё раз.",
        "missing": "Файл не дошёл. Выберите его ещё раз.",
        "empty": "Файл пустой. Выберите другой.",
        "max_length": "Имя файла слишком длинное. Переименуйте файл и загрузите снова.",
    }

    def __init__(self, *, allowed=DOCUMENTS, most=MOST_BYTES, **kwargs):
        super().__init__(**kwargs)
        self.allowed, self.most = allowed, most
        self.widget.attrs.setdefault("accept", ",".join(f".{ending}" for ending in KINDS if ending in allowed))

    def clean(self, data, initial=None):
        uploaded = super().clean(data, initial)
        if uploaded and uploaded is not initial:
            check_upload(uploaded, allowed=self.allowed, most=self.most)
        return uploaded


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(CheckedFileField):
    """Some checked files, or none; cleans to a list."""

    def __init__(self, *, most_files=MOST_FILES, **kwargs):
        super().__init__(widget=ManyFilesInput(), **{"required": False} | kwargs)
        self.most_files = most_files

    def clean(self, data, initial=None):
        files = [each for each in (data if isinstance(data, (list, tuple)) else [data]) if each]
        if len(files) > self.most_files:
            raise ValidationError(f"Можно приложить не больше {self.most_files} файлов.")
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        return [super(ManyFilesField, self).clean(each, initial) for each in files]


def send_file(stored, *, inline=False):
    """The stored file as a response; always an attachment, except a picture that a page shows (``inline``).

    The caller has asked for the right to the object that owns the file.
    """
    try:
        content = stored.data.open("rb")
    except FileNotFoundError:
        logger.error("Stored file %s has lost its bytes.", stored.pk)
        raise Http404("Файл не найден.") from None
    show = inline and ending_of(stored.name) in IMAGES
    response = FileResponse(content, as_attachment=not show, filename=stored.name, content_type=stored.content_type)
    return locked_down(response)


def locked_down(response):
    """Headers of anything that was not made here: no guessing, no scripts, no origin."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@daily(hour=3)
def sweep_orphan_files():
    """Delete files no row knows, a day after they were last touched: uploads that were killed or rolled back."""
    storage = StoredFile._meta.get_field("data").storage
    names = list(storage.older_than(ORPHAN_AGE))
    known = set(StoredFile.objects.filter(data__in=names).values_list("data", flat=True))
    orphans = [name for name in names if name not in known]
    for name in orphans:
        storage.delete(name)
    return len(orphans)
