"""Files from outside: forty kinds of bad ones, each answered with a sentence; the good ones pass."""
import io
import os
import resource
import struct
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from projectoffice.common.wordfile import FileRefused, check_docx, check_xlsx, read_docx_in_child, read_in_child

TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
         'wordprocessingml.document.main+xml"/></Types>')
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'


def word_bytes():
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


def excel_bytes():
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in {"[Content_Types].xml": TYPES, "word/document.xml": BODY, **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def encrypted():
    data = bytearray(packed({}))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(sign, place + 1)
    return bytes(data)


def lying_size():
    """The directory says a part is small, the part is large."""
    data = bytearray(packed({"word/big.xml": "а" * 3_000_000}))
    place = data.find(b"word/big.xml", data.find(b"PK\x01\x02")) - 46
    data[place + 24:place + 28] = struct.pack("<L", 100)
    return bytes(data)


def duplicate_names():
    out = io.BytesIO(packed({}))
    with pytest.warns(UserWarning), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", BODY)
    return out.getvalue()


def symlink():
    entry = zipfile.ZipInfo("word/link.xml")
    entry.external_attr = 0o120777 << 16
    out = io.BytesIO(packed({}))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def flipped():
    data = bytearray(word_bytes())
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


def zip64():
    data = packed({})
    place = data.rfind(b"PK\x05\x06")
    return data[:place] + b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 1, 1, 46, 0) + \
        b"PK\x06\x07" + struct.pack("<LQL", 0, place, 1) + data[place:]


HOSTILE = {
    "empty": (lambda: b"", "empty"),
    "old word": (lambda: OLE + "WordDocument".encode("utf-16-le"), "old_format"),
    "old excel": (lambda: OLE + "Workbook".encode("utf-16-le"), "other_office"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "encrypted zip": (encrypted, "password"),
    "pdf": (lambda: b"%PDF-1.7\n" + b"x" * 500, "pdf"),
    "pdf after a blank": (lambda: b"\n\n%PDF-1.4", "pdf"),
    "html": (lambda: b"<!DOCTYPE html><html><body><table></table>", "html"),
    "html of word": (lambda: "\ufeff<html xmlns:w='x'>".encode(), "html"),
    "html in utf-16": (lambda: "<html><p>План</p>".encode("utf-16"), "html"),
    "rtf": (lambda: b"{\\rtf1\\ansi}", "rtf"),
    "flat xml": (lambda: b"<?xml version='1.0'?><pkg:package/>", "xml"),
    "plain text": (lambda: "План заседаний на 2027 год".encode(), "unknown"),
    "random": (lambda: os.urandom(5000).replace(b"PK", b"pk"), "unknown"),
    "lock file of word": (lambda: b"\x00" * 162, "empty"),
    "png": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "image"),
    "jpeg": (lambda: b"\xff\xd8\xff\xe0" + b"\x00" * 100, "image"),
    "rar": (lambda: b"Rar!\x1a\x07\x00", "archive"),
    "gzip": (lambda: b"\x1f\x8b\x08" + b"\x00" * 40, "archive"),
    "too large": (lambda: word_bytes() + b"\x00" * (21 * 1024 * 1024), "too_large"),
    "xlsx": (excel_bytes, "other_office"),
    "presentation": (lambda: packed({"[Content_Types].xml": TYPES.replace("wordprocessingml.document", "presentationml.presentation")}),
                     "other_office"),
    "macros": (lambda: packed({"[Content_Types].xml": TYPES.replace(
        "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "vnd.ms-word.document.macroEnabled.main+xml")}), "macros"),
    "odt": (lambda: zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "opendocument"),
    "zip of something": (lambda: zipped({"a.txt": "b"}), "archive"),
    "unknown content": (lambda: zipped({"[Content_Types].xml": "<Types/>"}), "unknown"),
    "empty zip": (lambda: zipped({}), "damaged"),
    "cut off": (lambda: word_bytes()[:-1000], "damaged"),
    "cut in the middle": (lambda: word_bytes()[:5000], "damaged"),
    "only the signature": (lambda: b"PK\x03\x04", "damaged"),
    "flipped bit": (flipped, "damaged"),
    "lying size": (lying_size, "damaged"),
    "bomb": (lambda: packed({"word/media/a.bin": b"\x00" * 40_000_000}), "ratio"),
    "many bombs": (lambda: packed({f"word/{n}.bin": os.urandom(8_000) * 1_000 for n in range(14)}), "unpacked_too_large"),
    "huge part": (lambda: packed({"word/media/a.bin": b"\x00" * 55_000_000}), "part_too_large"),
    "many entries": (lambda: packed({f"word/{n}.xml": "" for n in range(2_001)}), "too_many_entries"),
    "60 000 entries": (lambda: packed({f"{n}": "" for n in range(60_000)}, zipfile.ZIP_STORED), "too_many_entries"),
    "path up": (lambda: packed({"../../etc/cron.d/x": "a"}), "bad_names"),
    "path up with backslash": (lambda: packed({"word\\..\\..\\x": "a"}), "bad_names"),
    "absolute path": (lambda: packed({"/etc/passwd": "a"}), "bad_names"),
    "drive": (lambda: packed({"C:/x": "a"}), "bad_names"),
    "symlink": (symlink, "bad_names"),
    "duplicate names": (duplicate_names, "duplicate_names"),
    "zip64": (zip64, "zip64"),
    "doctype": (lambda: packed({"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]>" + BODY}), "doctype"),
    "external entity": (lambda: packed({"customXml/item1.xml": "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://x/'><a/>"}), "doctype"),
    "doctype in utf-16": (lambda: packed({"word/styles.xml": "<!DOCTYPE a><a/>".encode("utf-16")}), "doctype"),
    "doctype in relations": (lambda: packed({"_rels/.rels": " " * 65_530 + "<!DOCTYPE a>"}), "doctype"),
}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_file_is_refused_with_one_russian_sentence_or_two(name):
    make, code = HOSTILE[name]
    data = make()
    memory, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with pytest.raises(FileRefused) as refused:
        check_docx(data)
    assert refused.value.code == code, refused.value.sentence
    assert refused.value.sentence.endswith(".")
    assert any("а" <= letter <= "я" for letter in refused.value.sentence)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 50_000
    assert time.perf_counter() - begun < 5


def test_a_renamed_doc_says_what_to_do():
    with pytest.raises(FileRefused, match=r"Это файл старого Word \(\.doc\)\. Откройте его в Word, сохраните в формате \.docx"):
        check_docx(io.BytesIO(HOSTILE["old word"][0]()))


def test_a_gigabyte_is_refused_without_being_read(tmp_path):
    path = tmp_path / "план.docx"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(1024 ** 3)
    with pytest.raises(FileRefused) as refused:
        check_docx(path)
    assert refused.value.code == "too_large"


def test_sound_files_pass_and_stay_readable(tmp_path):
    file = io.BytesIO(word_bytes())
    check_docx(file)
    assert docx.Document(file).paragraphs == []
    check_docx(word_bytes())
    check_xlsx(excel_bytes())
    path = tmp_path / "a.docx"
    path.write_bytes(word_bytes())
    check_docx(path)
    check_docx(str(path))


@pytest.mark.parametrize("data", [word_bytes, lambda: b"", lambda: b"%PDF-", lambda: OLE, lambda: OLE + "WordDocument".encode("utf-16-le")])
def test_excel_has_its_own_sentences(data):
    with pytest.raises(FileRefused) as refused:
        check_xlsx(data())
    assert "план" not in refused.value.sentence


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "нет.docx", tmp_path):
        with pytest.raises(FileRefused):
            check_docx(path)


@pytest.fixture
def readers(monkeypatch):
    """The readers of readers_for_child.py can be found by the child."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return "readers_for_child"


def test_the_child_hands_back_what_the_reader_made_of_the_file(readers):
    assert read_docx_in_child(word_bytes(), f"{readers}:count", extra=5)["parts"] > 10


@pytest.mark.parametrize(("function", "code"), [("refuse", "no_table"), ("eat", "too_hard"), ("fall", "damaged")])
def test_whatever_happens_in_the_child_is_a_sentence_here(readers, function, code):
    with pytest.raises(FileRefused) as refused:
        read_in_child(word_bytes(), f"{readers}:{function}")
    assert refused.value.code == code


def test_a_reader_that_never_ends_is_ended(readers, monkeypatch):
    monkeypatch.setattr("projectoffice.common.wordfile.WALL_SECONDS", 1.5)
    begun = time.perf_counter()
    with pytest.raises(FileRefused, match="слишком сложный"):
        read_in_child(word_bytes(), f"{readers}:spin")
    assert time.perf_counter() - begun < 5


def test_the_office_document_passes():
    folder = Path(os.environ.get("SHARED_DOCUMENTS", Path(__file__).parents[3] / "shared" / "documents"))
    if not folder.is_dir():
        pytest.skip("the real documents are not here")
    for path in folder.glob("*.docx"):
        check_docx(path)
