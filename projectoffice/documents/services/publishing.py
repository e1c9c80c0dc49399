"""What the town may read: the HTML copy, and the issued PDF only with a ground."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projectoffice.common.db import locked
from projectoffice.common.history import record

from ..public import names_withdrawn
from ..workflow import demand


@transaction.atomic
def publish(document, *, by, with_pdf=False, ground=""):
    """Show the edition in force on the public pages; the PDF itself, with its names, only with a recorded ground."""
    document = locked(document)
    demand(document, "publish", by)
    if with_pdf and not ground.strip():
        raise ValidationError({"ground": "Укажите, на каком основании публикуется PDF: в нём видны имена."})
    if with_pdf and (barred := document.spec.bars_public_pdf(document)):
        raise ValidationError({"with_pdf": barred})
    withdrawn = names_withdrawn(document.in_force) if with_pdf else []
    if withdrawn:
        names = ", ".join(person.short_name for person in withdrawn)
        raise ValidationError({"with_pdf": f"В PDF есть имя того, кто отозвал согласие: {names}. Опубликуйте без PDF."})
    document.published_at = timezone.now()
    document.publish_pdf, document.publish_ground = with_pdf, ground.strip() if with_pdf else ""
    document.save(update_fields=["published_at", "publish_pdf", "publish_ground"])
    record("publish", document, "Опубликовано на сайте" + (" вместе с PDF" if with_pdf else ""), by=by,
           changes={"ground": document.publish_ground})
    return document


@transaction.atomic
def unpublish(document, *, by):
    """Take the document off the public pages."""
    document = locked(document)
    demand(document, "unpublish", by)
    document.published_at, document.publish_pdf = None, False
    document.save(update_fields=["published_at", "publish_pdf"])
    record("unpublish", document, "Снято с публикации", by=by)
    return document
