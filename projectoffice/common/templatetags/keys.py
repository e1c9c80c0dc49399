"""``{% form_key %}``: the key of a form that has no fields of its own. See ``common/idempotency.py``."""
from django import template
from django.utils.html import format_html

from projectoffice.common.idempotency import FIELD, new_key

register = template.Library()


@register.simple_tag
def form_key():
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_key())
