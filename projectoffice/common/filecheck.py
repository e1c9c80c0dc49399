"""What a file really is, told from its content; the name and what the browser says prove nothing.

Nothing is parsed beyond what tells the kind: signatures, the directory of a ZIP, the size of a picture.
"""
import zipfile
import zlib
from dataclasses import dataclass

import puremagic
from django.core.exceptions import ValidationError
from PIL import Image, UnidentifiedImageError

MIB = 1024 * 1024
MOST_ENTRIES = 2_000
MOST_UNPACKED = 100 * MIB
MOST_PART = 50 * MIB
MOST_RATIO = 200
MOST_PIXELS = 100_000_000  # the size in the header is all that is read here


@dataclass(frozen=True)
class Kind:
    """A kind of file the portal takes: its ending, its MIME type and how people call it."""

    ending: str
    mime: str
    title: str
    main_part: str = ""  # of an Office file


OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("pdf", "application/pdf", "PDF")
DOCX = Kind("docx", OFFICE + "wordprocessingml.document", "документ Word", "word/document.xml")
XLSX = Kind("xlsx", OFFICE + "spreadsheetml.sheet", "таблица Excel", "xl/workbook.xml")
PPTX = Kind("pptx", OFFICE + "presentationml.presentation", "презентация PowerPoint", "ppt/presentation.xml")
JPG = Kind("jpg", "image/jpeg", "фотография JPG")
PNG = Kind("png", "image/png", "картинка PNG")
KINDS = {kind.ending: kind for kind in (PDF, DOCX, XLSX, PPTX, JPG, PNG)}

DOCUMENTS = frozenset(KINDS)
IMAGES = frozenset({"jpg", "png"})
SCANS = frozenset({"pdf", "jpg", "png"})

# What people send by mistake, and the way out in one sentence.
OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
     "Это файл старого Word, Excel или PowerPoint (.doc, .xls, .ppt) или файл с паролем. "
     "Откройте его, сохраните в формате .docx, .xlsx или .pptx без пароля и загрузите снова."),
    (b"{\\rtf", "Это файл RTF. Откройте его в Word, сохраните в формате .docx и загрузите снова."),
    (b"MZ", "Это программа, а не документ. Такие файлы портал не принимает."),
    (b"\x7fELF", "Это программа, а не документ. Такие файлы портал не принимает."),
    (b"#!", "Это программа, а не документ. Такие файлы портал не принимает."),
    (b"Rar!", "Это архив. Загрузите документы из него по одному."),
    (b"7z\xbc\xaf", "Это архив. Загрузите документы из него по одному."),
    (b"\x1f\x8b", "Это архив. Загрузите документы из него по одному."),
)
WEB = "Это веб-страница или рисунок с кодом, а не документ. Сохраните его как PDF и загрузите снова."
ARCHIVE = "Это архив. Загрузите документы из него по одному."
BROKEN = "Файл повреждён или обрывается. Откройте его на своём компьютере, сохраните заново и загрузите снова."
BOMB = "Файл распаковывается в слишком большой объём. Портал такие файлы не открывает."
MACROS = "В файле есть макросы или вложенные программы. Сохраните его без них и загрузите снова."
LOCKED = "Файл защищён паролем. Снимите пароль и загрузите файл снова."


def refuse(sentence, code="content"):
    raise ValidationError(sentence, code=code)


def kind_of(file, size):
    """The Kind of an open binary file of this size, told from its content; ValidationError says why it is none."""
    if size == 0:
        refuse("Файл пустой. Выберите другой.", "empty")
    head, tail = edges(file, size)
    if head.startswith(b"%PDF-"):
        return pdf(tail)
    if head.startswith(b"\xff\xd8\xff"):
        return picture(file, JPG, "JPEG")
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return picture(file, PNG, "PNG")
    if head.startswith(b"PK"):
        return office(file, size)
    refuse(what_it_is(head))


def edges(file, size):
    file.seek(0)
    head = file.read(4096)
    file.seek(max(0, size - 4096))
    tail = file.read(4096)
    file.seek(0)
    return head, tail


def what_it_is(head):
    """One sentence about a file of a kind that is not taken."""
    for signature, sentence in OTHERS:
        if head.startswith(signature):
            return sentence
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").lower()
    if start.startswith((b"<", b"mime-version")):
        return WEB
    return f"Портал принимает файлы Word, Excel, PowerPoint, PDF, JPG и PNG, а это {guess(head)}."


def guess(head):
    try:
        ending = puremagic.from_string(head).lstrip(".")
    except (puremagic.PureError, ValueError):
        ending = ""
    return f"файл «{ending}»" if ending.isalnum() else "файл другого вида"


def pdf(tail):
    if b"%%EOF" not in tail:
        refuse(BROKEN)
    return PDF


def picture(file, kind, pillow_format):
    """Only the header is read; a picture is never unpacked here."""
    try:
        with Image.open(file, formats=[pillow_format]) as image:
            width, height = image.size
    except Image.DecompressionBombError:
        refuse(BOMB)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        refuse(BROKEN)
    finally:
        file.seek(0)
    if width * height > MOST_PIXELS:
        refuse(BOMB)
    return kind


def office(file, size):
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            check_parts(parts, size)
            kind = office_kind({part.filename for part in parts})
            unpack_in_full(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, UnicodeError, zlib.error):
        refuse(BROKEN)
    finally:
        file.seek(0)
    return kind


def check_parts(parts, size):
    """Refuse by the directory alone, before a byte is unpacked."""
    if len(parts) > MOST_ENTRIES:
        refuse(BOMB)
    if any(part.flag_bits & 0x1 for part in parts):
        refuse(LOCKED)
    if any(unsafe(part.filename) for part in parts) or len({part.filename for part in parts}) != len(parts):
        refuse(BROKEN)
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > MOST_UNPACKED or any(part.file_size > MOST_PART for part in parts):
        refuse(BOMB)
    if packed > size or unpacked > MOST_RATIO * max(packed, 4096):  # overlapping parts, or a ratio no text reaches
        refuse(BOMB)


def unsafe(name):
    return not name or name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def office_kind(names):
    kind = next((kind for kind in KINDS.values() if kind.main_part in names), None) if "[Content_Types].xml" in names else None
    if kind is None:
        refuse(ARCHIVE)
    if any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".html")) for name in names):
        refuse(MACROS)
    return kind


def unpack_in_full(archive, parts):
    """Unpack to nowhere: a directory may lie about sizes, and a checksum fails only at the end of a part."""
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            while chunk := stream.read(MIB):
                total += len(chunk)
                if total > MOST_UNPACKED:
                    refuse(BOMB)
                if b"<!DOCTYPE" in chunk[:4096] and part.filename.endswith((".xml", ".rels")):
                    refuse(BROKEN)
