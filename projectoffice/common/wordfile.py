"""Word and Excel files from outside: what is checked before anybody parses them, and the child that parses them.

`check_docx` and `check_xlsx` read sizes, names and beginnings only, streamed, and refuse with a sentence that says what
to do. `read_in_child` then runs the parser in a process of its own with 20 s of CPU and 1 GB of memory; a file that
breaks it costs the server nothing.
"""
import io
import json
import logging
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
FILE_LIMIT = 20 * MEGABYTE
PART_LIMIT = 50 * MEGABYTE
UNPACKED_LIMIT = 100 * MEGABYTE
ENTRY_LIMIT = 2_000
RATIO_LIMIT = 200
# Below this size a part is harmless whatever its ratio: many rows of the same words shrink a lot, too.
RATIO_MATTERS_FROM = MEGABYTE
DIRECTORY_LIMIT = MEGABYTE
CPU_SECONDS = 20
WALL_SECONDS = 25
MEMORY_LIMIT = 1024 * MEGABYTE
ANSWER_LIMIT = 64 * MEGABYTE
_CHUNK = 64 * 1024


class FileRefused(ValidationError):
    """The file cannot be taken; `sentence` says why and what to do."""

    def __init__(self, sentence, code="bad_file"):
        super().__init__(sentence, code=code)
        self.sentence = sentence


WORD = {
    "name": "Word", "extension": ".docx", "thing": "план",
    "types": ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml"),
    "macros": ("ms-word.document.macroenabled", "ms-word.template.macroenabled"),
    "old": "Это файл старого Word (.doc). Откройте его в Word, сохраните в формате .docx и загрузите снова.",
}
EXCEL = {
    "name": "Excel", "extension": ".xlsx", "thing": "список",
    "types": ("spreadsheetml.sheet.main+xml", "spreadsheetml.template.main+xml"),
    "macros": ("ms-excel.sheet.macroenabled", "ms-excel.template.macroenabled"),
    "old": "Это файл старого Excel (.xls). Откройте его в Excel, сохраните в формате .xlsx и загрузите снова.",
}


def check_docx(file):
    """Refuses whatever is not a sound Word document. `file`: a path, bytes, or an open or uploaded file."""
    _check(file, WORD)


def check_xlsx(file):
    """Refuses whatever is not a sound Excel table."""
    _check(file, EXCEL)


def _check(file, wanted):
    with opened(file) as stream:
        _check_size(stream)
        _check_beginning(stream, wanted)
        _check_directory(stream)
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_entries(archive.infolist())
                _check_kind(archive, wanted)
                _check_parts(archive, wanted)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, struct.error, ValueError,
                RuntimeError, KeyError, OverflowError, MemoryError) as reason:
            raise FileRefused(_damaged(wanted), "damaged") from reason


@contextmanager
def opened(file):
    """The file as a seekable binary stream at its beginning; what was open stays open."""
    if isinstance(file, str | os.PathLike):
        try:
            stream = Path(file).open("rb")  # noqa: SIM115  (closed by the with below)
        except OSError as reason:
            raise FileRefused("Файл не найден или не открывается. Проверьте его имя и права.", "unreadable") from reason
        with stream:
            yield stream
        return
    if isinstance(file, bytes | bytearray | memoryview):
        yield io.BytesIO(file)
        return
    stream = getattr(file, "file", file)
    stream.seek(0)
    try:
        yield stream
    finally:
        stream.seek(0)


def _check_size(stream):
    try:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
    except OSError as reason:
        raise FileRefused("Это не файл. Выберите документ и загрузите его.", "unreadable") from reason
    if size == 0:
        raise FileRefused("Файл пустой: в нём 0 байт. Проверьте, что документ сохранён, и загрузите его снова.", "empty")
    if size > FILE_LIMIT:
        shown = f"{size / MEGABYTE:.0f}" if size < 1000 * MEGABYTE else "больше 1000"
        raise FileRefused(
            f"Файл слишком большой: {shown} МБ, а можно до {FILE_LIMIT // MEGABYTE} МБ. Уберите из документа картинки "
            "или скопируйте таблицу в новый файл.", "too_large")


# ── the beginning of the file ─────────────────────────────────────────────────────────────────────────────

def _check_beginning(stream, wanted):
    try:
        head = stream.read(4096)
    except OSError as reason:
        raise FileRefused("Это не файл. Выберите документ и загрузите его.", "unreadable") from reason
    if head.startswith(b"PK\x03\x04"):
        return
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\x00", b"")[:1024].lower()
    save = f"Сохраните документ в формате {wanted['extension']} и загрузите снова."
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(*_old_office(stream, wanted))
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise FileRefused(_damaged(wanted), "damaged")
    if b"%pdf-" in text:
        raise FileRefused(f"Это PDF, а нужен документ {wanted['name']}. Найдите исходный файл {wanted['extension']} и загрузите "
                          "его.", "pdf")
    if text.startswith(b"{\\rtf"):
        raise FileRefused(f"Это файл RTF. Откройте его в Word. {save}", "rtf")
    if re.match(rb"<!doctype html|<html|<head|<body|<table|<meta|<p[ >]|<div", text) or b"<html" in text:
        raise FileRefused(f"Это веб-страница (HTML) с чужим расширением. Откройте её в {wanted['name']}. {save}", "html")
    if text.startswith((b"<?xml", b"<pkg:", b"<w:")):
        raise FileRefused(f"Это файл XML. Откройте его в {wanted['name']}. {save}", "xml")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")):
        raise FileRefused("Это картинка, текст из неё не прочитать. Загрузите сам документ "
                          f"{wanted['name']} ({wanted['extension']}).", "image")
    if head.startswith((b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
        raise FileRefused("Это архив. Распакуйте его и загрузите сам документ.", "archive")
    if len(head) <= 200 and not text.strip(b" "):
        raise FileRefused(f"В файле нет содержания. {save}", "empty")
    raise FileRefused(f"Это не документ {wanted['name']}: файл устроен иначе. {save}", "unknown")


def _old_office(stream, wanted):
    stream.seek(0)
    directory = stream.read(4 * MEGABYTE)
    if "EncryptedPackage".encode("utf-16-le") in directory:
        return f"Файл защищён паролем. Снимите пароль в {wanted['name']}, сохраните и загрузите снова.", "password"
    if wanted is WORD and "Workbook".encode("utf-16-le") in directory:
        return f"Это таблица Excel, а нужен документ Word. Загрузите {WORD['thing']} в формате .docx.", "other_office"
    if wanted is EXCEL and "WordDocument".encode("utf-16-le") in directory:
        return "Это документ Word, а нужна таблица Excel. Загрузите список в формате .xlsx.", "other_office"
    return wanted["old"], "old_format"


def _damaged(wanted):
    return (f"Файл повреждён или загружен не до конца. Откройте его в {wanted['name']}, сохраните заново в формате "
            f"{wanted['extension']} и загрузите.")


# ── the archive ───────────────────────────────────────────────────────────────────────────────────────────

_TOO_COMPLEX = "Файл устроен необычно: {what}. Скопируйте содержание в новый документ и загрузите его."


def _too_complex(what, code):
    return FileRefused(_TOO_COMPLEX.format(what=what), code)


def _check_directory(stream):
    """Sizes told by the end record, before the list of entries is read into memory."""
    size = stream.seek(0, os.SEEK_END)
    tail_from = max(0, size - 65_557 - 20)
    stream.seek(tail_from)
    tail = stream.read()
    stream.seek(0)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) < place + 22:
        raise FileRefused(_damaged(WORD).replace("Word", "исходной программе").replace(" в формате .docx", ""), "damaged")
    if b"PK\x06\x07" in tail[max(0, place - 20):place]:
        raise _too_complex("архив большого формата (ZIP64)", "zip64")
    entries, directory_size = struct.unpack("<HL", tail[place + 10:place + 16])
    if entries > ENTRY_LIMIT or directory_size > DIRECTORY_LIMIT:
        raise _too_complex(f"в нём больше {ENTRY_LIMIT} частей", "too_many_entries")


def _check_entries(entries):
    if len(entries) > ENTRY_LIMIT:
        raise _too_complex(f"в нём больше {ENTRY_LIMIT} частей", "too_many_entries")
    if len({entry.filename for entry in entries}) != len(entries):
        raise _too_complex("части с одинаковыми именами", "duplicate_names")
    for entry in entries:
        _check_entry(entry)
    if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
        raise _too_complex(f"в распакованном виде он больше {UNPACKED_LIMIT // MEGABYTE} МБ", "unpacked_too_large")


def _check_entry(entry):
    name = entry.orig_filename
    if entry.flag_bits & 0x1:
        raise FileRefused("Файл защищён паролем. Снимите пароль, сохраните и загрузите снова.", "password")
    if name.startswith(("/", "\\")) or re.match(r"[a-zA-Z]:", name) or ".." in re.split(r"[/\\]", name) or "\x00" in name:
        raise _too_complex("имена частей ведут за его пределы", "bad_names")
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        raise _too_complex("ссылки вместо частей", "bad_names")
    if entry.file_size > PART_LIMIT:
        raise _too_complex(f"одна его часть больше {PART_LIMIT // MEGABYTE} МБ", "part_too_large")
    if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
        raise _too_complex("он сжат сильнее, чем бывает у документов", "ratio")


def _check_kind(archive, wanted):
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        raise FileRefused(*_foreign_archive(archive, names, wanted))
    with archive.open("[Content_Types].xml") as part:
        types = part.read(2 * MEGABYTE).replace(b"\x00", b"").decode("latin-1").lower()
    if any(kind in types for kind in wanted["types"]):
        return
    if any(kind in types for kind in wanted["macros"]):
        raise FileRefused(f"Это файл с макросами. Сохраните его в формате {wanted['extension']} без макросов и загрузите снова.",
                          "macros")
    for kind, thing in (("wordprocessingml", "документ Word"), ("spreadsheetml", "таблица Excel"),
                        ("presentationml", "презентация"), ("visio", "схема Visio")):
        if kind in types:
            need = "документ Word (.docx)" if wanted is WORD else "таблица Excel (.xlsx)"
            raise FileRefused(f"Это {thing}, а нужен {need}." if wanted is WORD else f"Это {thing}, а нужна {need}.", "other_office")
    raise FileRefused(f"Это не документ {wanted['name']}. Сохраните его в формате {wanted['extension']} и загрузите снова.", "unknown")


def _foreign_archive(archive, names, wanted):
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            kind = part.read(200)
        if b"opendocument" in kind:
            return (f"Это файл LibreOffice. Сохраните его в формате {wanted['extension']} и загрузите снова.", "opendocument")
    return (f"Это архив, а не документ {wanted['name']}. Распакуйте его и загрузите сам документ.", "archive")


_DOCTYPES = tuple(word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def _check_parts(archive, wanted):
    """Unpacks every part once, a chunk at a time: sizes must be true, checksums right, no DOCTYPE in any XML."""
    for entry in archive.infolist():
        is_xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        tail, size = b"", 0
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > entry.file_size:
                    raise FileRefused(_damaged(wanted), "damaged")
                if is_xml and any(word in tail + chunk for word in _DOCTYPES):
                    raise _too_complex("в нём есть объявление DOCTYPE", "doctype")
                tail = chunk[-32:]


# ── the child process ─────────────────────────────────────────────────────────────────────────────────────

def read_in_child(file, reader, **options):
    """What `reader` ("package.module:function") makes of the file; a JSON value.

    The function gets the open file and the options, returns JSON, and may raise FileRefused. It runs in a process with
    limits on CPU, memory and time. Whatever else happens there is a FileRefused here.
    """
    with opened(file) as stream, tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as answer, \
            tempfile.TemporaryFile() as complaints:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        command = [sys.executable, "-m", "projectoffice.common.wordfile", reader, json.dumps(options)]
        environment = {key: os.environ[key] for key in ("PATH", "LANG", "TZ", "HOME", "VIRTUAL_ENV", "LD_LIBRARY_PATH") if key in os.environ}
        paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
        environment |= {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONIOENCODING": "utf-8"}
        try:
            finished = subprocess.run(
                command, stdin=copy, stdout=answer, stderr=complaints, env=environment, timeout=WALL_SECONDS, check=False)
            code = finished.returncode
        except subprocess.TimeoutExpired:
            code = None
        return _answer(code, answer, complaints)


def read_docx_in_child(file, reader, **options):
    """`check_docx`, then `read_in_child`."""
    check_docx(file)
    return read_in_child(file, reader, **options)


_TOO_HARD = ("Файл слишком сложный, прочитать его за {seconds} секунд не удалось. Скопируйте таблицу в новый документ и загрузите "
             "его.")


def _answer(code, answer, complaints):
    answer.seek(0)
    body = answer.read(ANSWER_LIMIT)
    if code == 0:
        return json.loads(body)
    if code == 3:
        refusal = json.loads(body)
        raise FileRefused(refusal["sentence"], refusal["code"])
    complaints.seek(0)
    logger.warning("An uploaded file was not read, code %s: %s", code, complaints.read(MEGABYTE).decode(errors="replace")[-2000:])
    if code is None or code < 0 or code == 4:  # out of time, killed by a limit, out of memory
        raise FileRefused(_TOO_HARD.format(seconds=CPU_SECONDS), "too_hard")
    raise FileRefused(_damaged(WORD), "damaged")


def main(reader, options):
    """Runs in the child."""
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_LIMIT, ANSWER_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, function = reader.split(":")
    # The class as importers know it: this module itself runs under the name __main__.
    refused = import_module("projectoffice.common.wordfile").FileRefused
    try:
        result = getattr(import_module(module), function)(sys.stdin.buffer, **options)
        sys.stdout.write(json.dumps(result))
    except refused as refusal:
        sys.stdout.write(json.dumps({"sentence": refusal.sentence, "code": refusal.code}))
        return 3
    except MemoryError:
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
