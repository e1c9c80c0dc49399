"""The office's profile: names, emblem, time, default stamps."""
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageOps

from projectoffice.common.history import record
from projectoffice.common.uploads import IMAGES, store_upload

from ..access import may, require
from ..models import OfficeProfile
from .changing import check_version, lay_over, save_checked
from .people import words_of

MOST_PIXELS = 25_000_000
EMBLEM_SIDE = 512


@transaction.atomic
def save_profile(*, by, version, default_stamps, emblem=None, no_emblem=False, **fields):
    """Change the profile; ``emblem`` is an upload, redrawn here, ``no_emblem`` takes the old one away.

    Whether the second key is required is an administrator's decision.
    """
    require(by, "accounts.manage_profile")
    OfficeProfile.objects.get_or_create(pk=1, defaults={"city": "", "department": ""})
    office = OfficeProfile.objects.select_for_update().get(pk=1)
    check_version(office, version)
    if fields.get("totp_required", office.totp_required) != office.totp_required and not may(by, "accounts.manage_roles"):
        raise ValidationError({"totp_required": "Это решает администратор."})
    if emblem:
        fields["emblem"] = store_upload(redrawn(emblem), by=by, allowed=IMAGES)
    elif no_emblem:
        fields["emblem"] = None
    changes = lay_over(office, fields | {"default_stamps": default_stamps})
    if changes:
        office.version += 1
        save_checked(office)
        record("save_profile", office, "Изменено: " + words_of(office, changes), by=by, changes=changes)
    return office


def redrawn(uploaded):
    """The picture drawn anew as a small PNG: nothing of the uploaded bytes, no EXIF, no hidden part stays."""
    uploaded.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(uploaded, formats=["PNG", "JPEG"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValidationError({"emblem": "Картинка слишком большая: нужно не больше 25 миллионов точек."})
                picture.thumbnail((EMBLEM_SIDE, EMBLEM_SIDE))
                drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Warning, Image.DecompressionBombError) as error:
        raise ValidationError({"emblem": "Картинка не открылась. Сохраните её заново как PNG и загрузите снова."}) from error
    drawn.info.clear()
    content = BytesIO()
    drawn.save(content, "PNG", optimize=True)
    return SimpleUploadedFile("emblem.png", content.getvalue(), "image/png")
