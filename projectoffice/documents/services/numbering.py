"""Numbers of documents: without gaps, taken under the lock of their counter."""
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.accounts.access import require

from ..models import Counter


def take_number(document, year):
    """The next number of this kind, body and year, without gaps: the counter row is locked until commit."""
    counter = locked_counter(document.kind, document.body, year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def set_first_number(kind, body, year, first, *, by):
    """Let the year's numbers begin at ``first``; only before the first number of the year is taken."""
    require(by, "documents.register_archive")
    counter = locked_counter(kind, body, year)
    if counter.last:
        raise ValidationError({"first": f"Номера за {year} год уже идут, последний взятый – {counter.last}."})
    counter.last = first - 1
    counter.save(update_fields=["last"])


def locked_counter(kind, body, year):
    key = {"kind": kind, "body": body, "year": year}
    Counter.objects.get_or_create(**key)
    return Counter.objects.select_for_update().get(**key)
