"""Files of a blind contest without what they say of their makers. Runs in the child process that reads files from outside.

A PDF loses its properties, XMP, attachments and names of those who annotated; a Word, Excel or PowerPoint file its
properties and names of those who wrote remarks and changes; a picture everything but the picture. What a text itself says
is not touched.
"""
import base64
import io
import re
import zipfile

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter

EARLIEST = (1980, 1, 1, 0, 0, 0)
CORE = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
        b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>')
APP = (b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
       b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>')
CUSTOM = APP.replace(b"extended-properties", b"custom-properties")
PROPERTIES = {"docProps/core.xml": CORE, "docProps/app.xml": APP, "docProps/custom.xml": CUSTOM}
NAMED = re.compile(rb'(\b(?:\w+:)?(?:author|initials|userName|displayName|lastModifiedBy|userId|providerId)=")[^"]*(")')
AUTHOR = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</)")
COMMENT_AUTHORS = re.compile(rb'(\bname=")[^"]*(")')


def clean(file, *, ending):
    """The file without its makers, as base64: the answer of a child is JSON."""
    content = file.read()
    cleaned = CLEANERS[ending](content)
    return base64.b64encode(cleaned).decode()


def clean_pdf(content):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.metadata = None
    root = writer.root_object
    for name in ("/Metadata", "/PieceInfo", "/AF"):
        root.pop(name, None)
    if "/Names" in root:
        root["/Names"].get_object().pop("/EmbeddedFiles", None)
    for page in writer.pages:
        page.pop("/PieceInfo", None)
        page.pop("/Metadata", None)
        for remark in page.get("/Annots", None) or []:
            remark.get_object().pop("/T", None)
    writer.compress_identical_objects(remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def clean_office(content):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if not part.filename.startswith("docProps/thumbnail"):
                new.writestr(zipfile.ZipInfo(part.filename, EARLIEST), clean_part(part.filename, old.read(part)), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def clean_part(name, content):
    if name in PROPERTIES:
        return PROPERTIES[name]
    if not name.endswith((".xml", ".rels")):
        return clean_picture(content) if name.lower().endswith((".jpg", ".jpeg", ".png")) else content
    if name.endswith("_rels/.rels"):
        return re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
    content = AUTHOR.sub(rb"\1\2", NAMED.sub(rb"\1\2", content))
    return COMMENT_AUTHORS.sub(rb"\1\2", content) if name.endswith("commentAuthors.xml") else content


def clean_picture(content):
    with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as image:
        kind, upright = image.format, ImageOps.exif_transpose(image)
        upright.info = {}
        out = io.BytesIO()
        upright.save(out, kind, **({"quality": 92} if kind == "JPEG" else {}))
    return out.getvalue()


CLEANERS = {"pdf": clean_pdf, "docx": clean_office, "xlsx": clean_office, "pptx": clean_office, "jpg": clean_picture, "jpeg": clean_picture,
            "png": clean_picture}
