"""What a table gives to «Передать дела»: rows of drafts the leaver answers for."""
from functools import partial
from itertools import groupby

from django.db.models import F
from django.utils import timezone

from projectoffice.accounts.handover import contributes
from projectoffice.common.history import record

from ..models import Document
from ..services.content import open_for_edit


def gives_rows(table, label):
    """Register the rows of this table; ``label`` says what they are in the list of the leaver's work."""
    contributes(label, count=lambda person: open_responsibles(table, person).count(), hand_over=partial(hand_over, table))


def open_responsibles(table, person):
    """Places of the person in rows of drafts; what was sent or issued stays as it is."""
    return table.responsible.objects.filter(
        person=person, item__position__isnull=False, item__plan__document__state=Document.State.DRAFT
    ).select_related("item__plan__document").order_by("item__plan__document_id", "item_id", "pk")


def hand_over(table, person, successor, by):
    """The successor answers for the rows; the printed name changes, a printed role or collective stays."""
    rows = list(open_responsibles(table, person))
    for document, same in groupby(rows, key=lambda row: row.item.plan.document):
        open_for_edit(document, by)
        group = list(same)
        for row in group:
            row.person, row.text = successor, renamed(row.text, person, successor)
            for name, value in table.people.parts_of(row.text).items():
                setattr(row, name, value)
        table.responsible.objects.bulk_update(group, ["person", "text", *table.people.parts_of("")])
        table.row.objects.filter(pk__in={row.item_id for row in group}).update(
            version=F("version") + 1, changed_by=by.pk, changed_at=timezone.now()
        )
        record("hand_over_rows", document, f"Отвечает {successor} вместо: {person}. Строк: {len(group)}", by=by)
    return len(rows)


def renamed(text, person, successor):
    """The text with the leaver's name replaced in the very form it was written in."""
    for form in ("full_name", "short_name", "signature_name"):
        for name in (getattr(person, form), getattr(person, form).replace("\xa0", " ")):
            if name and name in text:
                return text.replace(name, getattr(successor, form))
    return text
