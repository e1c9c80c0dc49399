"""Filters and tags every template has without loading them (settings: builtins)."""
import re
from functools import cache, lru_cache

from django import forms, template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.defaulttags import querystring
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from projectoffice.common import russian
from projectoffice.common.lines import to_html
from projectoffice.common.widgets import DrawnSelect

register = template.Library()

# One icon per family, so that no state speaks by colour alone.
FAMILIES = {
    "neutral": "pencil",
    "wait": "hourglass",
    "progress": "arrow-repeat",
    "done": "check-lg",
    "alert": "exclamation-triangle",
    "closed": "x-lg",
}
STAMP_VERBS = {
    "approve": "Утверждает",
    "agree": "Согласует",
    "accept": "Принимает",
    "sign": "Подписывает",
    "certify": "Заверяет",
}
MESSAGE_LOOKS = {
    "success": ("done", "check-circle"),
    "warning": ("wait", "exclamation-triangle"),
    "error": ("alert", "exclamation-triangle"),
}

register.filter("ru_date", russian.date_short)
register.filter("ru_date_long", russian.date_long)
register.filter("ru_datetime", russian.moment_short)
register.filter("number", russian.number)
register.filter("percent", russian.percent)
register.filter("file_size", russian.file_size)
register.filter("person_short", russian.person_short)
register.filter("quoted", russian.quoted)
register.filter("full_stop", russian.full_stop)
register.filter("dialled", russian.dialled)
register.simple_tag(querystring, takes_context=True, name="query_string")


@register.filter
def plural(count, forms):
    """«{{ n }} {{ n|plural:"строка,строки,строк" }}»; a missing number counts as none."""
    return russian.plural(count or 0, forms)


@register.filter
def deadline(value):
    return russian.deadline(value)


@register.filter
def time_hm(value):
    """17:00 in the office's time zone."""
    if value is None or value == "":
        return russian.NOTHING
    local = russian.as_local(value) if hasattr(value, "date") else value
    return f"{local:%H:%M}"


@register.filter
def cell(row, key):
    """One cell of a snapshot's row as HTML: a text, a list of lines or a list of texts; empty is empty.

    A filter and not a template of its own: a sheet of a hundred rows has four hundred cells.
    """
    value = row["cells"].get(key) or ""
    if isinstance(value, str):
        return value
    if isinstance(value[0], dict):
        return format_html('<div class="lines">{}</div>', lines(value))
    return format_html('<ul class="plain-list">{}</ul>', format_html_join("", "<li>{}</li>", ((words,) for words in value)))


@register.filter
def lines(value):
    """Lines (JSON) as paragraphs and real nested lists."""
    return to_html(value or [])


@register.filter
def prose(section):
    """A free text with its bold leading word."""
    return to_html(section.get("lines") or [], section.get("lead", ""))


@register.filter
def stamp_asks(stamp):
    """What the stamp's signer does, for the one line a phone shows: «Согласует Н.П. Орлова»."""
    return STAMP_VERBS.get(stamp.get("kind"), stamp.get("heading", ""))


@register.filter
def of_place(stamps, place):
    return [stamp for stamp in stamps or [] if stamp.get("place", "head") == place]


@register.filter
def of_side(stamps, side):
    return [stamp for stamp in stamps if stamp.get("side", "left") == side]


@register.simple_tag
def icon(name):
    """An outline icon beside a word; hidden from screen readers, since the word is there."""
    return _icon(name)


@cache
def _icon(name):
    svg = render_to_string(f"bs_icon/{name}.svg", {"height": 16})
    # The drawing comes from the icon package, never from a person.
    return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1).replace('class="bi', 'class="icon bi', 1))  # noqa: S308


@register.simple_tag
def badge(family, word):
    """A state: ground, icon and word. An unknown family is a fault of the page, not of the reader."""
    return _badge(family, str(word)) if word else ""


@lru_cache(maxsize=1024)
def _badge(family, word):
    """A list of fifty rows draws a hundred of a dozen looks."""
    return format_html('<span class="badge-po badge-{}">{} {}</span>', family, _icon(FAMILIES[family]), word)


@register.filter
def message_look(message):
    """Family and icon of one message of django.contrib.messages."""
    family, name = MESSAGE_LOOKS.get(message.level_tag, ("info", "info-circle"))
    return {"family": family, "icon": name}


@register.simple_tag
def static_if_present(path):
    """The address of a static file that set-up may have had to leave out (fonts), or nothing."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""


@register.inclusion_tag("components/_field.html")
def field(bound, width="", label=""):
    """One field with label, help and error beside it. ``width``: narrow or medium.

    A field that may stay empty says so, but for one that is only not needed yet (``needed_later``: asked before sending).
    """
    widget = bound.field.widget
    many = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    single_tick = isinstance(widget, forms.CheckboxInput)
    return {
        "field": bound,
        "label": label or bound.label,
        "many": many,
        "grouped": bound.use_fieldset,
        "single_tick": single_tick,
        "optional": not (bound.field.required or single_tick or getattr(bound.field, "needed_later", False)),
        "control": "" if many else control(bound, width),
    }


@register.simple_tag
def control(bound, width=""):
    """The input alone, dressed; for places that write their own label."""
    widget = bound.field.widget
    drawn = DrawnSelect.of(widget) if type(widget) is forms.Select else widget
    return bound.as_widget(drawn, attrs=_control_attrs(bound, width))


def _control_attrs(bound, width):
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return {}
    base = "form-select" if isinstance(widget, forms.Select) else "form-control"
    classes = [base, widget.attrs.get("class", "")]
    if bound.errors:
        classes.append("is-invalid")
    if width:
        classes.append(f"input-{width}")
    return {"class": " ".join(filter(None, classes))}


@register.inclusion_tag("components/_form_errors.html", takes_context=True)
def form_errors(context, form=None):
    """What must be mended, above the form, with a way to each field."""
    form = form or context.get("form")
    if not form or not form.is_bound:
        return {"form": None}
    fields = [bound for bound in form if bound.errors and not bound.is_hidden]
    hidden = [error for bound in form.hidden_fields() for error in bound.errors]
    return {"form": form, "general": [*form.non_field_errors(), *hidden], "fields": fields}


@register.inclusion_tag("components/_sort_head.html", takes_context=True)
def sort_head(context, title, key, numeric=False):
    """A heading that sorts: ``?sort=key``, again for ``?sort=-key``; the page's view checks the key."""
    asked = context["request"].GET
    now = asked.get("sort", "")
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    return {
        "title": title,
        "state": state,
        "numeric": numeric,
        "url": querystring(context, asked, sort=f"-{key}" if state == "ascending" else key, page=None),
    }


UNBROKEN = re.compile(r"(?=.{1,5}$)[^/]*/.*|\+?\d[\d()-]{4,14}\d[,;.]?")


@register.filter
def unbroken(value):
    """Short words with a slash («п/п») and phones («22-78-18») stay on one line; browsers break after the sign otherwise."""
    words = str(value).split()
    return format_html_join(
        " ", "{}", ((format_html('<span class="nowrap">{}</span>', word) if UNBROKEN.fullmatch(word) else word,) for word in words)
    )
