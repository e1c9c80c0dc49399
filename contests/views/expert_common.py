"""What the views about experts share."""
from django.shortcuts import get_object_or_404

from ..models import Expert


def find_expert(request, pk):
    """An expert this person may see: the office anyone, an expert oneself; 404 otherwise."""
    return get_object_or_404(Expert.objects.visible_to(request.user).select_related("person", "contest"), pk=pk)


def whole_number(text):
    """A number of an address, or None: what stands there is nobody's promise."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
