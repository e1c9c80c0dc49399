"""Russian words for dates, numbers, names and sizes, used by templates and by sentences in the code."""
import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils import timezone

NBSP = "\xa0"
NOTHING = "–"
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)
_PATRONYMIC = re.compile(r"(?:вич|ич|вна|чна|оглы|кызы)$", re.IGNORECASE)
_INITIALS = re.compile(r"^(\S+)\s+((?:[А-ЯЁA-Z]\.\s*){1,2})$")
_KILO = 1024


def plural(count, forms):
    """The form that fits the number: ``plural(21, "строка,строки,строк")`` is «строка»."""
    one, few, many = forms.split(",")
    tail = abs(int(count))
    if tail % 10 == 1 and tail % 100 != 11:
        return one
    if tail % 10 in (2, 3, 4) and tail % 100 not in (12, 13, 14):
        return few
    return many


def as_day(value):
    """A local date from a date, a moment or an ISO string; None when there is none."""
    if isinstance(value, datetime):
        return as_local(value).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def as_local(moment):
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def date_short(value):
    """14.05.2027."""
    day = as_day(value)
    return f"{day:%d.%m.}{day.year:04d}" if day else value or NOTHING


def date_long(value):
    """14 мая 2027 г."""
    day = as_day(value)
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]} {day.year}{NBSP}г." if day else value or NOTHING


def moment_short(value):
    """14.05.2027, 17:00."""
    if not isinstance(value, datetime):
        return date_short(value)
    return f"{date_short(value)}, {as_local(value):%H:%M}"


def term_words(value, now=None):
    """«21 мая, 17:00», «24 ноября»; the year only when it is not the current one."""
    day = as_day(value)
    if not day:
        return value or NOTHING
    words = f"{day.day}{NBSP}{MONTHS[day.month - 1]}"
    if day.year != as_local(now or timezone.now()).year:
        words += f" {day.year}{NBSP}г."
    return f"{words}, {as_local(value):%H:%M}" if isinstance(value, datetime) else words


def moment_words(value, now=None):
    """«1 июня в 18:00», for sentences."""
    return f"{term_words(as_day(value), now)} в\xa0{as_local(value):%H:%M}"


def days_since(value, now=None):
    """Whole days from that day to today, by the office's clock."""
    return (as_local(now or timezone.now()).date() - as_day(value)).days


def deadline(value, now=None):
    """«до 21 мая, 17:00 · 7 дней»; the year only when it is not the current one."""
    day = as_day(value)
    if not day:
        return value or NOTHING
    now = now or timezone.now()
    words, past = term_words(value, now), days_since(value, now)
    # «до» includes the moment named; a day without an hour lasts until its end.
    if (value < now) if isinstance(value, datetime) else past > 0:
        return f"срок прошёл {words}{_ago(past)}"
    return f"до\xa0{words} · {_left(-past)}"


def _left(days):
    if days == 0:
        return "сегодня"
    return "завтра" if days == 1 else f"{days}{NBSP}{plural(days, 'день,дня,дней')}"


def _ago(days):
    return f" · {days}{NBSP}{plural(days, 'день,дня,дней')} назад" if days else " · сегодня"


def until(value, now=None):
    """«до 21 мая, 17:00», for letters: what is read days later counts no days."""
    return f"до\xa0{term_words(value, now)}"


def full_stop(text):
    """The sentence with its full stop, and with one alone after initials."""
    text = str(text)
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def small_first(text):
    """«Заместитель директора» inside a sentence: «заместитель директора»; «МБОУ» stays."""
    text = str(text)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def dialled(phone):
    """«8 (000) 00-12-34, доб. 5» as an address takes it: «8000001234»."""
    number = re.match(r"[^\d+]*([+\d\s()\-–]*)", str(phone))[1]
    return re.sub(r"(?!^\+)\D", "", number)


def quoted(text):
    """«Конкурс „Открытый урок“»: a name in quotation marks; those inside it become the inner ones."""
    return "«" + str(text).replace("«", "„").replace("»", "“") + "»"


def number(value, places=None):
    """Decimal comma, U+00A0 between thousands from five digits, a true minus; None is «–»."""
    if value is None or value == "":
        return NOTHING
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if not exact.is_finite():
        return NOTHING
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):f}".partition(".")
    if len(whole) >= 5:
        whole = f"{int(whole):,}".replace(",", NBSP)
    sign = "−" if exact < 0 else ""
    return f"{sign}{whole},{fraction}" if fraction else f"{sign}{whole}"


def percent(value, places=None):
    """87 % of a value that is already in percent."""
    written = number(value, places)
    return written if written == NOTHING else f"{written}{NBSP}%"


def file_size(size):
    """1,2 МБ; 340 КБ; 12 байт."""
    if size is None:
        return NOTHING
    if size < _KILO:
        return f"{size}{NBSP}{plural(size, 'байт,байта,байт')}"
    amount = Decimal(size) / _KILO
    for unit in ("КБ", "МБ"):
        # 1023,6 КБ would round to 1024 КБ, which nobody says.
        if amount < Decimal("1023.5"):
            return f"{_amount(amount, unit)}{NBSP}{unit}"
        amount /= _KILO
    return f"{_amount(amount, 'ГБ')}{NBSP}ГБ"


def _amount(amount, unit):
    tenths = unit != "КБ" and amount < 10
    written = number(amount, 1 if tenths else 0)
    return written.removesuffix(",0")


def person_short(person):
    """«Орлова Н.П.» of a person or of a full name as typed; a role or a collective stays as typed."""
    if not person:
        return NOTHING
    known = getattr(person, "short_name", None)
    if known:
        return known
    typed = str(person).strip()
    ready = _INITIALS.match(typed)
    if ready:
        return ready[1] + NBSP + "".join(ready[2].split())
    parts = typed.split()
    if len(parts) == 3 and _PATRONYMIC.search(parts[2]) and all(part[0].isupper() for part in parts):
        return f"{parts[0]}{NBSP}{parts[1][0]}.{parts[2][0]}."
    return typed

