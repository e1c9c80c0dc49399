"""Photographs of pages turned into one PDF: drawn anew, so that nothing hidden in the files goes along."""
import io

from django.core.exceptions import ValidationError
from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter

A4_AT_300_DPI = (2480, 3508)
MOST_PIXELS = 40_000_000


def as_pdf(files):
    """One PDF as it came, or pictures of pages in their order; returns its bytes and the number of pages (0: unknown).

    A PDF that was uploaded is never opened here. ``files`` have been checked by content.
    """
    if len(files) == 1 and head(files[0]).startswith(b"%PDF"):
        files[0].seek(0)
        return files[0].read(), 0
    if any(head(each).startswith(b"%PDF") for each in files):
        raise ValidationError({"pages": "Загрузите либо один PDF, либо снимки страниц – не вместе."})
    writer = PdfWriter()
    for place, picture in enumerate(files, start=1):
        writer.append(PdfReader(io.BytesIO(page(picture, place))))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue(), len(files)


def head(file):
    file.seek(0)
    return file.read(8)


def page(picture, place):
    """One picture as a page of a PDF, upright, no larger than a printed sheet needs."""
    picture.seek(0)
    try:
        with Image.open(picture, formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError({"pages": f"Снимок {place} слишком большой. Уменьшите его и загрузите снова."})
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError({"pages": f"Снимок {place} не открывается. Сохраните его заново и загрузите снова."}) from error
    upright.thumbnail(A4_AT_300_DPI)
    out = io.BytesIO()
    upright.save(out, "PDF", resolution=max(upright.width / 8.27, 72))
    return out.getvalue()
