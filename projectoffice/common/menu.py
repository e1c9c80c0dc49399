"""The sections of the header and the entries apps add to the person's menu."""
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

# The words of the header, the page of each, and where else one is in it. A section without a page is not shown.
SECTIONS = (
    ("Мои дела", "home"),
    ("Планы", "meetings:plans"),
    ("Заседания", "meetings:meetings", "/protocols/", "/extracts/", "/briefs/", "/assignments/"),
    ("Проекты", "portfolios:projects", "/portfolios/", "/products/"),
    ("Конкурс", "contests:contests", "/entries/"),
)
_entries = []


@dataclass(frozen=True)
class Link:
    title: str
    url: str
    current: bool = False


def adds_to_menu(title, url_name, allowed=lambda user: True):
    """Add an entry to the person's menu; used in ``AppConfig.ready``. ``allowed(user)`` says who sees it."""
    entry = (title, url_name, allowed)
    if entry[:2] not in [known[:2] for known in _entries]:
        _entries.append(entry)


def sections_for(request):
    """Links of the header for a person who is signed in, the one being read marked."""
    if not _is_known(request):
        return []
    found = [(title, url, (url, *places)) for title, name, *places in SECTIONS if (url := _reverse(name))]
    current = _current([place for _, _, places in found for place in places], request.path)
    return [Link(title, url, current in places) for title, url, places in found]


def menu_for(request):
    """What this person finds in the menu under the name, beside the profile."""
    if not _is_known(request):
        return []
    entries = [(title, _reverse(name)) for title, name, allowed in _entries if allowed(request.user)]
    return [Link(title, url, url == request.path) for title, url in entries if url]


def _is_known(request):
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated)


def _reverse(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _current(urls, path):
    """The longest address the path lies under: «/» is only itself, and one section may live inside another."""
    home = _reverse("home")
    under = [url for url in urls if path == url or (url != home and path.startswith(url))]
    return max(under, key=len, default=None)

