"""The access map: URL × role × relation → what comes back. Each app has a file of rows here.

A row names a URL, builds its arguments from the world, and says for GET and POST who gets what::

    Row("common:letter", args=lambda world: [world.letter.pk], get=only("office", "administrator"))

A page with several relations has several rows with a ``case`` each («a draft», «an issued one»).
``furnish(world)`` in such a file puts into the world what its rows are about. Who is nobody's friend (a
visitor, a disabled account whose session lives) is sent to the login page or gets what visitors get.
"""
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace

GROUPS = {
    "office": {"secretary", "office_head"},
    "heads": {"office_head", "department_head", "acting"},
    "administrator": {"administrator"},
    "staff": {"secretary", "office_head", "department_head", "acting", "administrator"},
    "known": {
        "secretary", "office_head", "department_head", "acting", "administrator",
        "member_of_school_a", "member_of_school_b", "stranger", "downgraded", "ended",
    },
    "visitors": {"anonymous", "disabled"},
}
GROUPS["everybody"] = GROUPS["known"] | GROUPS["visitors"]
GROUPS["others"] = GROUPS["known"] - GROUPS["staff"]
TO_LOGIN = "to the login page"


def members(groups: Iterable[str]) -> set[str]:
    """Actors of these groups; a name that is no group is an actor."""
    found = set()
    for name in groups:
        found |= GROUPS.get(name, {name})
    unknown = found - GROUPS["everybody"]
    assert not unknown, f"nobody is called {unknown}"
    return found


@dataclass(frozen=True)
class Answer:
    """Who gets ``ok``; of the rest, those it is hidden from get 404 and the others ``refused``."""

    allowed: frozenset
    ok: int = 200
    refused: int = 403
    hidden_from: frozenset = frozenset()
    data: Callable | None = None
    public: bool = False

    def expected(self, actor):
        if actor in self.allowed:
            return self.ok
        if actor in GROUPS["visitors"] and not self.public:
            return TO_LOGIN
        return 404 if actor in self.hidden_from else self.refused


def only(*groups, ok=200, refused=403, hidden_from=(), data=None):
    """For a page behind a login: these groups get ``ok``. ``data(world)`` is what a POST carries."""
    return Answer(frozenset(members(groups)), ok, refused, frozenset(members(hidden_from)), data)


def everybody(ok=200, data=None):
    """For a public page that answers all alike."""
    return Answer(frozenset(GROUPS["everybody"]), ok, data=data, public=True)


def public(*groups, ok=200, refused=404, data=None):
    """For a public page that still tells people apart."""
    return Answer(frozenset(members(groups)), ok, refused, data=data, public=True)


@dataclass(frozen=True)
class Row:
    name: str
    args: Callable = field(default=lambda world: [])
    get: Answer | None = None
    post: Answer | None = None
    case: str = ""
    query: str = ""

    def __str__(self):
        return f"{self.name} ({self.case})" if self.case else self.name


APPS = (
    "home",
    "common",
    "accounts",
    "documents",
    "meetings",
    "meeting_day",
    "briefs",
    "assignments",
    "fulfilment",
    "meetings_held",
    "protocols",
    "implementation_plans",
    "portfolios",
    "entries",
    "experts",
    "reports",
    "contests",
    "outcome",
    "products",
    "report_collecting",
    "scoring",
    "tally",
)


def parts():
    return [import_module(f"tests.access.{name}") for name in APPS]


def rows():
    return [row for part in parts() for row in part.ROWS]


def make_world():
    """People with live sessions, and the objects of every app's rows."""
    from .actors import make_actors

    world = SimpleNamespace()
    world.cast, world.clients = make_actors()
    for part in parts():
        getattr(part, "furnish", lambda world: None)(world)
    return world
