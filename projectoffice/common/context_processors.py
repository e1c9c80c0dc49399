"""What every template finds: the nonce, the header's links, the office, the reader's appearance."""
from django.utils.functional import SimpleLazyObject

from .appearance import Appearance
from .menu import menu_for, sections_for


def page(request):
    """``sections`` and ``person_menu`` are lazy: error pages show neither and must not ask the database."""
    nonce = getattr(request, "csp_nonce", "")
    return {
        "csp_nonce": nonce,
        "CSP_NONCE": nonce,
        "office": getattr(request, "office", None),
        "appearance": Appearance.read(request),
        "sections": SimpleLazyObject(lambda: sections_for(request)),
        "person_menu": SimpleLazyObject(lambda: menu_for(request)),
    }
