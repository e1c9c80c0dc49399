"""The fields of a meeting's brief: what is printed before each, what people type, what is stored, and the way back."""
from django.core.exceptions import ValidationError

from projectoffice.common import lines
from projectoffice.common.text import clean_text

# In printing order; the word is printed in bold before the text, as on the office's own paper.
LEADS = {
    "goal": "Цель мероприятия:",
    "tasks": "Задачи:",
    "results": "Планируемый результат встречи:",
    "products": "Примерный продукт встречи:",
    "plan": "Примерный план встречи.",
    "when": "Дата и время проведения:",
    "place": "Место проведения:",
}
FIELDS = ("title", *LEADS)
# The sign of a list whose lines were typed without any.
MARKERS = {"tasks": "bullet", "results": "bullet", "products": "bullet", "plan": "number"}
TITLE_LIMIT, TITLE_LINES, GOAL_LIMIT, WHEN_LIMIT, PLACE_LIMIT = 600, 6, 3000, 200, 300


def typed(brief, field):
    """The text one edits, as it stands in the field now."""
    value = getattr(brief, field)
    return lines.to_text(value) if field in MARKERS else value


def read(field, text):
    """The typed text as it may be stored; ValidationError names the field."""
    try:
        return _read(field, text)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal


def _read(field, text):
    if field in MARKERS:
        return read_list(text, MARKERS[field])
    if field == "title":
        return read_title(text)
    if field == "goal":
        return "\n".join(_filled(clean_text(text, multiline=True, limit=GOAL_LIMIT)))
    return clean_text(text, limit=WHEN_LIMIT if field == "when" else PLACE_LIMIT)


def read_list(text, marker):
    """Lines as typed; when no line has a sign, each of them is a point of the list."""
    found = lines.validate(lines.from_text(text))
    if any(item["marker"] != "paragraph" for item in found) or "\\" in text:
        return found
    return [{**item, "marker": marker} for item in found]


def read_title(text):
    rows = [" ".join(row.split()) for row in _filled(clean_text(text, multiline=True, limit=TITLE_LIMIT))]
    if not rows:
        raise ValidationError("Впишите заголовок: без него оргпроект не напечатать.")
    if len(rows) > TITLE_LINES:
        raise ValidationError(f"В заголовке помещается не больше {TITLE_LINES} строк.")
    return "\n".join(rows)


def _filled(text):
    return [row.strip() for row in text.split("\n") if row.strip()]


def says(brief, field, text):
    """Whether the field still says this text, however it was typed."""
    try:
        return getattr(brief, field) == read(field, text)
    except ValidationError:
        return False


def printed(brief, field):
    """The field as lines of the sheet."""
    value = getattr(brief, field)
    return value if field in MARKERS else [lines.line(row) for row in value.split("\n") if row]


def stored(field, printed_lines):
    """What ``printed`` made, back as it is stored."""
    return printed_lines if field in MARKERS else "\n".join(item["text"] for item in printed_lines)
