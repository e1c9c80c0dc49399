"""``{% load protocols %}``: small readings for the page of a protocol."""
from django import template

register = template.Library()


@register.filter
def entry(mapping, key):
    """The value of a dictionary, or nothing."""
    return mapping.get(key) if mapping else None
