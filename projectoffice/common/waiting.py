"""«Мои дела»: what each app tells the start page. An app registers its sources in ``AppConfig.ready``; home asks them."""
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils import timezone

from . import russian
from .history import writing_now

_NEVER = datetime.max.replace(tzinfo=UTC)
SHORT = 5
REMARK_LINES = 2
REMARK_LENGTH = 240
# «Просрочен отчёт», «просрочена точка», «просрочено поручение»: the word agrees with the thing.
LATE = {"m": ("Просрочен", "был"), "f": ("Просрочена", "была"), "n": ("Просрочено", "было"), "p": ("Просрочены", "были")}


class Sources:
    """Functions ``source(user) -> iterable of rows``, each row one of the five kinds below; used as a decorator."""

    def __init__(self):
        self._sources = []

    def __call__(self, source):
        if source not in self._sources:
            self._sources.append(source)
        return source

    def rows(self, user):
        return [row for source in self._sources for row in source(user)]


contributes = Sources()


def end_of(due):
    """The moment a term ends; a day lasts until its end, by the office's clock."""
    if due is None or isinstance(due, datetime):
        return due
    return timezone.make_aware(datetime.combine(due, time.max))


@dataclass(frozen=True)
class Waiting:
    """One thing a person must do: what, about whose object, until when, and the way there.

    ``due`` is a moment («до 24 ноября, 17:00») or a day («до 24 ноября»). ``gender`` (m, f, n, p) is that of the thing.
    ``place`` names the institution, told to whoever works in several. ``remark`` is why it came back, ``remark_by`` whose
    words and when. ``note`` is one more grey line. ``subject`` is the object whose history tells who saves it as typed: the
    page says in ``busy`` who does so just now. ``closed`` says why nothing can be done any more: the row stays, its button
    is gone.
    """

    what: str
    whose: str
    url: str
    action: str
    due: datetime | date | None = None
    since: datetime | None = None
    badge: tuple[str, str] | None = None
    gender: str = "n"
    place: str = ""
    remark: str = ""
    remark_by: str = ""
    note: str = ""
    subject: Any = None
    busy: str = ""
    closed: str = ""

    @property
    def is_overdue(self):
        return self.due is not None and end_of(self.due) < timezone.now()

    @property
    def is_closed(self):
        return bool(self.closed)

    @property
    def state(self):
        """Family and word of the badge: a passed term outweighs what the row says of itself."""
        if self.is_closed:
            return "closed", "Приём закрыт"
        if not self.is_overdue:
            return self.badge
        days = russian.days_since(self.due)
        late = LATE[self.gender][0]
        return "alert", f"{late} на {days}\xa0{russian.plural(days, 'день,дня,дней')}" if days else late

    @property
    def term(self):
        """«до 21 мая, 17:00 · 7 дней», or «была до 12 мая, 17:00»; nothing without a term."""
        if self.due is None:
            return ""
        return f"{LATE[self.gender][1]} до\xa0{russian.term_words(self.due)}" if self.is_overdue else russian.deadline(self.due)

    @property
    def remark_lines(self):
        """The first lines of the remark; more of it is one click away."""
        lines = [line.strip() for line in self.remark.splitlines() if line.strip()]
        words = " ".join(lines[:REMARK_LINES])
        if len(words) > REMARK_LENGTH:
            return f"{words[:REMARK_LENGTH].rstrip()}…"
        return f"{words} …" if len(lines) > REMARK_LINES else words


@dataclass(frozen=True)
class Sent:
    """Something handed in: what, about whose object, when, what became of it, and the copy with the mark of receipt."""

    what: str
    whose: str
    url: str
    at: datetime
    badge: tuple[str, str]
    file_url: str = ""
    note: str = ""
    place: str = ""


@dataclass(frozen=True)
class Ours:
    """Something the institution carries on: its name, when, its state, and what comes next in it."""

    name: str
    url: str
    badge: tuple[str, str]
    years: str = ""
    coming: str = ""
    place: str = ""


@dataclass(frozen=True)
class Paper:
    """A document in force to be read and printed."""

    title: str
    url: str
    day: date
    file_url: str


@dataclass(frozen=True)
class Coming:
    """A later date and what is asked by then."""

    due: datetime | date
    what: str


@dataclass(frozen=True)
class Board:
    """Everything the start page shows to one person, each list in its order."""

    waiting: list
    sent: list
    ours: list
    papers: list
    coming: Coming | None


def board_of(user, most=SHORT):
    """Ask every source once. ``most`` limits the lists that only remind."""
    rows = contributes.rows(user)
    ahead = [row for row in of_kind(rows, Coming) if end_of(row.due) >= timezone.now()]
    return Board(
        waiting=in_order(with_writers(of_kind(rows, Waiting), user)),
        sent=sorted(of_kind(rows, Sent), key=lambda row: row.at, reverse=True)[:most],
        ours=of_kind(rows, Ours), papers=of_kind(rows, Paper)[:most],
        coming=min(ahead, key=lambda row: end_of(row.due), default=None),
    )


def of_kind(rows, kind):
    return [row for row in rows if isinstance(row, kind)]


def with_writers(rows, user):
    """Rows that say who of the others is writing there just now."""
    busy = writing_now([row.subject for row in rows if row.subject], besides=user)
    return [replace(row, busy=str(busy[row.subject])) if row.subject in busy else row for row in rows]


def in_order(rows):
    """By due date, the undated last; what is closed after what can be done."""
    return sorted(rows, key=lambda row: (row.is_closed, row.due is None, end_of(row.due) or row.since or _NEVER, row.what))


def waiting_for(user):
    """Everything that waits for this person, the nearest first."""
    return board_of(user).waiting
