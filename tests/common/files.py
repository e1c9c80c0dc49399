"""Files made by hand for tests: good ones of every kind, and the hostile ones."""
import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
opened = []
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def upload(name, content):
    """As a browser's file reaches a view: a temporary file on disk."""
    file = TemporaryUploadedFile(name, "application/octet-stream", len(content), None)
    file.write(content)
    file.seek(0)
    opened.append(file)
    return file


def small(name, content):
    return SimpleUploadedFile(name, content)


def zipped(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(kind="docx", **extra):
    return zipped({"[Content_Types].xml": TYPES, MAIN[kind]: b"<?xml version='1.0'?><w/>", **extra})


def picture(kind="png", size=(20, 10)):
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, {"png": "PNG", "jpg": "JPEG"}[kind])
    return out.getvalue()


def huge_png(width=60_000, height=60_000):
    """A few bytes that say they are 3.6 billion points."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def encrypted():
    data = bytearray(office())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + offset] |= 1
            start += 4
    return bytes(data)


def lying_about_size():
    """The directory says a part has 10 bytes; it has 60 MiB."""
    data = bytearray(zipped({"[Content_Types].xml": TYPES, "word/document.xml": b"\0" * (60 << 20)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        where = data.rfind(signature)
        data[where + offset: where + offset + 4] = struct.pack("<I", 10)
    return bytes(data)


GOOD = {
    "письмо.pdf": PDF,
    "письмо.docx": office("docx"),
    "смета.xlsx": office("xlsx"),
    "доклад.pptx": office("pptx"),
    "скан.jpg": picture("jpg"),
    "скан.jpeg": picture("jpg"),
    "СКАН.JPG": picture("jpg"),
    "схема.png": picture("png"),
    "без окончания": PDF,
}

EXE = b"MZ\x90\x00" + b"\0" * 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

HOSTILE = {
    "пустой": ("a.pdf", b""),
    "программа под именем pdf": ("отчёт.pdf", EXE),
    "программа": ("setup.exe", EXE),
    "программа Linux": ("a.pdf", b"\x7fELF\x02\x01\x01" + b"\0" * 100),
    "сценарий": ("a.pdf", b"#!/bin/sh\nrm -rf /\n"),
    "двойное окончание": ("отчёт.pdf.exe", PDF),
    "pdf под именем html": ("a.html", PDF),
    "веб-страница": ("a.html", HTML),
    "веб-страница под именем pdf": ("a.pdf", HTML),
    "веб-страница под именем jpg": ("a.jpg", b"  \n" + HTML),
    "веб-страница с меткой порядка байтов": ("a.docx", b"\xef\xbb\xbf" + HTML),
    "веб-страница в UTF-16": ("a.docx", HTML.decode().encode("utf-16")),
    "svg": ("a.svg", SVG),
    "svg под именем png": ("a.png", SVG),
    "svg с объявлением xml": ("a.png", b'<?xml version="1.0"?>' + SVG),
    "mhtml": ("a.docx", b"MIME-Version: 1.0\nContent-Type: multipart/related\n"),
    "старый word": ("a.docx", OLE),
    "старый excel": ("a.xls", OLE),
    "rtf": ("a.docx", b"{\\rtf1 hello}"),
    "rar": ("a.docx", b"Rar!\x1a\x07\x00" + b"\0" * 50),
    "7z": ("a.docx", b"7z\xbc\xaf\x27\x1c" + b"\0" * 50),
    "gzip": ("a.docx", b"\x1f\x8b\x08" + b"\0" * 50),
    "простой zip": ("a.docx", zipped({"a.txt": b"x"})),
    "jar": ("a.docx", zipped({"META-INF/MANIFEST.MF": b"x", "A.class": b"\xca\xfe\xba\xbe"})),
    "zip без оглавления": ("a.docx", office()[:-40]),
    "один заголовок zip": ("a.docx", b"PK\x03\x04" + b"\0" * 60),
    "zip-бомба": ("a.docx", office(**{"word/big.xml": b"\0" * (60 << 20)})),
    "zip-бомба в пределах одной части": ("a.docx", office(**{f"word/{n}.xml": b"\0" * (30 << 20) for n in range(4)})),
    "много частей": ("a.docx", office(**{f"word/{n}.xml": b"x" for n in range(2100)})),
    "ложь о размере": ("a.docx", lying_about_size()),
    "зашифрованный": ("a.docx", encrypted()),
    "выход из каталога": ("a.docx", office(**{"../../etc/passwd": b"x"})),
    "абсолютный путь": ("a.docx", office(**{"/etc/passwd": b"x"})),
    "путь windows": ("a.docx", office(**{"C:\\x": b"x"})),
    "макросы": ("a.docx", office(**{"word/vbaProject.bin": b"x"})),
    "вложенная программа": ("a.docx", office(**{"word/embeddings/run.EXE": b"x"})),
    "сущности xml": ("a.docx", office(**{"word/x.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'})),
    "docx под именем xlsx": ("a.xlsx", office("docx")),
    "png под именем jpg": ("a.jpg", picture("png")),
    "обрезанный pdf": ("a.pdf", PDF[:40]),
    "обрезанная картинка": ("a.png", picture("png")[:20]),
    "заголовок jpg и больше ничего": ("a.jpg", b"\xff\xd8\xff\xe0abc"),
    "картинка-бомба": ("a.png", huge_png()),
    "нули": ("a.pdf", b"\0" * 5000),
    "случайный текст": ("a.pdf", "Просто текст".encode()),
    "gif": ("a.png", b"GIF89a" + b"\0" * 100),
    "видео": ("a.pdf", b"\x00\x00\x00\x18ftypmp42" + b"\0" * 100),
    "ярлык windows": ("a.pdf", b"L\x00\x00\x00\x01\x14\x02\x00" + b"\0" * 100),
    "кадр swf": ("a.pdf", b"CWS\x0a" + b"\0" * 100),
    "postscript": ("a.pdf", b"%!PS-Adobe-3.0\n"),
}
