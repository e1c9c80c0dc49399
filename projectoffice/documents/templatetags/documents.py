"""``{% load documents %}``: what any content page shows about its document."""
from django import template

from projectoffice.common.lines import html_frame
from projectoffice.common.markup import format_words

from ..compare import DELETED, INSERTED
from ..panel import panel_of
from ..snapshot import cell_text, paper_parts

register = template.Library()
ABOVE_LINES = (("title", '<h2 class="paper-heading">{}</h2>'), ("number", '<span class="paper-number">{}</span>'))


@register.simple_tag(takes_context=True)
def document_panel(context, document):
    """``{% document_panel plan.document as panel %}``, then the partials ``documents/_*.html`` find ``panel``."""
    return panel_of(document, context["user"])


@register.inclusion_tag("documents/_words.html")
def word_difference(difference):
    """A text with what was struck out and what came, in one run."""
    return {"parts": difference.parts, "deleted": DELETED, "inserted": INSERTED}


@register.filter
def of_row(changed, row):
    """The change of one row, or None; a sheet that compares nothing has none."""
    return changed.get(row.get("uid")) if changed else None


@register.filter
def before_signatures(snapshot):
    """Tables, texts and pairs of a snapshot that stand above the signatures, neighbouring rows as one table."""
    return paper_parts(snapshot)[0]


@register.filter
def after_signatures(snapshot):
    """What stands below the signatures: appendices."""
    return paper_parts(snapshot)[1]


@register.filter
def text_class(part):
    """The classes of a free text: a hanging number, its side, an appendix on a page of its own."""
    align = part.get("align")
    return " ".join(filter(None, ("paper-text", "paper-numbered" if part.get("number") else "", f"paper-{align}" if align else "",
                                  "paper-appendix" if part.get("place") == "appendix" else "")))


@register.filter
def text_words(part):
    """Heading, number and lines of a free text."""
    frame, words = text_frame(part)
    return format_words(frame, words) if words else ""


def text_frame(part):
    """A free text as a format and the words for it."""
    lines, lead = part.get("lines") or [], part.get("lead", "")
    above = [(tag, part[name]) for name, tag in ABOVE_LINES if part.get(name)]
    frame, words = html_frame(lines, lead)
    below = f'<div class="lines">{frame}</div>' if words else ""
    return "".join([*(tag for tag, _ in above), below]), [*(words for _, words in above), *words]


@register.filter
def whole_text(part):
    """A free text of which nothing is marked, as ``components/_paper_part.html`` has it; a protocol has hundreds of them."""
    frame, words = text_frame(part)
    return format_words(f'<div id="at-{{}}" class="{{}}">{frame}</div>', [part["uid"], text_class(part), *words])


@register.filter
def place_name(part):
    """What a text of a sheet is called in a remark: its number, its heading, or its first words."""
    name = part.get("number") or part.get("title") or cell_text(part.get("lines") or [])[:40]
    return name.strip().rstrip(".:")
