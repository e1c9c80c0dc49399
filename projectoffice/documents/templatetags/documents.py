"""``{% load documents %}``: what any content page shows about its document."""
from django import template

from ..compare import DELETED, INSERTED
from ..panel import panel_of

register = template.Library()


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
    """The change of one row, or None."""
    return changed.get(row["uid"])
