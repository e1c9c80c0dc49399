"""How one field of the minutes is saved: the meeting is locked, the very field is compared, nobody is overwritten."""
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.accounts.access import person_of
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record
from projectoffice.common.models import Event

# Texts are saved while they are typed: one line of history tells of a field, a person and ten minutes.
SAME_WORK = timedelta(minutes=10)


def save(row, fields, name, typed, *, version, base, by, meeting):
    """Whether anything changed. Sent twice, the second call changes nothing.

    Raises StaleVersion when the row changed since ``version`` was read, unless ``base`` (the text the editor began
    from) is still what the field says; ValidationError, keyed by the field, for what cannot be stored.
    """
    field = fields.get(name)
    if field is None or not isinstance(typed, str):
        raise ValidationError("Такого поля нет. Обновите страницу.")
    try:
        value = field.read(typed, row)
    except ValidationError as refusal:
        raise ValidationError({name: refusal.messages}) from refusal
    if field.stored(row) == value:
        return False
    if row.version != version and (base is None or not field.says(row, base)):
        raise StaleVersion(row)
    before = field.words(row)
    field.write(row, value)
    touch(row, by)
    tell(meeting, f"Записано: {field.title}", row, name, before, by)
    return True


def touch(row, by):
    """Store a row of a plan or of the minutes as changed just now by this person, one version on."""
    row.version += 1
    row.changed_by, row.changed_at = person_of(by), timezone.now()
    row.save()


def tell(meeting, sentence, row, name, before, by):
    """One line of history, unless this person's work on this field is told already."""
    recent = Event.objects.about(meeting).filter(
        actor=person_of(by), verb="write_minutes", moment__gt=timezone.now() - SAME_WORK,
        changes__row=str(row.uid), changes__field=name,
    )
    if not recent.exists():
        record("write_minutes", meeting, sentence, by=by, changes={"row": str(row.uid), "field": name, "before": before})
