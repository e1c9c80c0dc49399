"""What the office enters for somebody: where it is known from must be told."""
from django.core.exceptions import ValidationError
from django.utils import timezone

from projectoffice.common.db import now


def check_source(source, source_date):
    """Refuse an entry without its source and day, or with a day that has not come (by the database's clock)."""
    if not source.strip():
        raise ValidationError({"source": "Напишите, откуда это известно: письмо, звонок, бумага."})
    if source_date is None:
        raise ValidationError({"source_date": "Укажите день письма или звонка."})
    if source_date > timezone.localtime(now()).date():
        raise ValidationError({"source_date": "Этот день ещё не наступил."})
