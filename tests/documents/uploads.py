"""Small files as people upload them."""
import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from projectoffice.common.uploads import store_upload


def drawn(kind, size=(60, 80), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **more)
    return out.getvalue()


PDF = drawn("PDF")


def pdf_upload(name="scan.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def picture_upload(name="page.jpg", size=(60, 80), kind="JPEG", exif=b""):
    content = drawn(kind, size, **({"exif": exif} if exif else {}))
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def stored_pdf(by, name="scan.pdf"):
    return store_upload(pdf_upload(name), by=by)
