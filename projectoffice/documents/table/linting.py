"""What linters of paper tables share: remarks, numbers, terms, people. Pure: rows as data in, remarks out.

A row is anything with ``uid``, ``label``, ``term``, ``section`` and ``responsible`` (a list of DraftResponsible). An error
bars sending. A warning may be left as it is; the acknowledgement is tied to the fingerprint of the cell and lapses when the
cell changes.
"""
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import combinations, product

from projectoffice.common.terms import parse_term

ERROR, WARNING = "error", "warning"
MOST_YEARS_TRIED = 8


@dataclass(frozen=True)
class Mend:
    """A value that one click puts into a cell, while it still says ``base``."""
    words: str
    cell: str
    value: str
    base: str


@dataclass(frozen=True)
class Remark:
    """`row` is the uid of the row or None; `fix` the code of a one-click mend of the table ("renumber") or ""."""
    code: str
    severity: str
    message: str
    row: object = None
    position: int | None = None
    fix: str = ""
    fingerprint: str = ""
    mend: Mend | None = None

    @property
    def bars_sending(self):
        return self.severity == ERROR

    @property
    def key(self):
        """What an acknowledgement is kept under."""
        return self.code, str(self.row) if self.row else None, self.fingerprint


@dataclass(frozen=True)
class DraftResponsible:
    """`active` is None for typed text, otherwise whether the chosen person still works."""
    text: str
    active: bool | None = None


def in_order(remarks):
    """Errors first, then by row."""
    return sorted(remarks, key=lambda remark: (remark.severity != ERROR, remark.position or 0))


def without_acknowledged(remarks, acknowledged):
    """Without the warnings somebody left as they are; `acknowledged` holds keys (code, row uid as text or None, fingerprint)."""
    keys = {(code, str(row) if row else None, fingerprint) for code, row, fingerprint in acknowledged}
    return [remark for remark in remarks if remark.bars_sending or remark.key not in keys]


def fingerprint_of(*cells):
    return sha256("\x1f".join(cells).encode("utf-8", "replace")).hexdigest()


def warning(code, row, position, text, *cells, mend=None):
    return Remark(code, WARNING, f"Строка {position}: {text}", row.uid, position, fingerprint=fingerprint_of(*cells), mend=mend)


def short(text, limit=60):
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0]}…"


# ── where a row stands ────────────────────────────────────────────────────────────────────────────────────

_WHERE = re.compile(r"(Строка|Строки|Ошибка в строке) (\d+(?:, \d+)*)(?=:)")


def where(rows, positions):
    """««Методическая», № 1, 3; «Информационная», № 2»: as the paper shows it where numbers begin anew in every section."""
    numbers, found = numbers_in_sections(rows), {}
    for position in positions:
        section = rows[position - 1].section
        found.setdefault(section, []).append(numbers[position - 1] if section else str(position))
    return "; ".join(f"«{short(section)}», №\xa0{', '.join(some)}" if section else plain_where(some) for section, some in found.items())


def plain_where(places):
    return f"{'строка' if len(places) == 1 else 'строки'} {', '.join(map(str, places))}"


def numbers_in_sections(rows):
    """The printed number of every row; where there is none, its place in the section."""
    numbers, section, place = [], None, 0
    for row in rows:
        place = place + 1 if row.section == section else 1
        section = row.section
        found = _LABEL.match(row.label.strip())
        numbers.append(found[1] if found else str(place))
    return numbers


def in_sections(message, rows):
    """A sentence about «Строка 4» told by its section and number."""
    found = _WHERE.match(message)
    if not found:
        return message
    words = where(rows, [int(place) for place in found[2].split(", ")])
    words = f"Ошибка, {words}" if found[1].startswith("Ошибка") else f"{words[:1].upper()}{words[1:]}"
    return words + message[found.end():]


def is_number(text):
    """A whole number, thousands parted or not."""
    return re.fullmatch(r"\d{1,9}", re.sub(r"\s", "", text)) is not None


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────

_LABEL = re.compile(r"(\d{1,4})([.)]?)$")


def numbering_faults(labels, sections=None, *, anew=False):
    """(position, code, message) for printed numbers that repeat, skip or go back.

    A new section may begin with 1 again; with `anew` it must.
    """
    sections = sections or [""] * len(labels)
    seen, previous, section = set(), 0, None
    any_number = any(_LABEL.match(label.strip()) for label in labels)
    for position, (label, own_section) in enumerate(zip(labels, sections, strict=True), 1):
        found = _LABEL.match(label.strip())
        number = int(found[1]) if found else None
        if own_section != section and (number == 1 or anew):
            seen, previous = set(), 0
        section = own_section
        if number is None:
            if any_number and not label.strip():
                yield position, "number_missing", f"Строка {position}: нет номера."
            continue
        if number in seen:
            yield position, "number_repeated", f"Строка {position}: номер {number} уже есть выше."
        elif number < previous:
            yield position, "number_out_of_order", f"Строка {position}: номер {number} стоит после номера {previous}."
        elif number > previous + 1:
            yield position, "number_skipped", f"Строка {position}: {_skipped(previous, number)}."
        seen.add(number)
        previous = number


def _skipped(previous, number):
    missing = range(previous + 1, number)
    if len(missing) == 1:
        return f"перед номером {number} пропущен номер {missing[0]}"
    return f"перед номером {number} пропущены номера {missing[0]}–{missing[-1]}"


def renumbered(labels, sections=None):
    """Labels counted from 1 in the way most of them are written («1.» or «1»); in sections that begin with 1, from 1 again."""
    sections = sections or [""] * len(labels)
    endings = Counter(found[2] for label in labels if (found := _LABEL.match(label.strip())))
    ending = endings.most_common(1)[0][0] if endings else "."
    number, section, counted = 0, None, []
    for label, own_section in zip(labels, sections, strict=True):
        found = _LABEL.match(label.strip())
        if own_section != section and found and int(found[1]) == 1:
            number = 0
        section = own_section
        number += 1
        counted.append(f"{number}{ending}")
    return counted


def about_numbers(rows, *, anew=False):
    labels, sections = [row.label for row in rows], [row.section for row in rows]
    for position, code, message in numbering_faults(labels, sections, anew=anew):
        row = rows[position - 1]
        yield Remark(code, WARNING, message, row.uid, position, "renumber", fingerprint_of(code, row.label))


# ── terms ─────────────────────────────────────────────────────────────────────────────────────────────────

def about_terms(rows, period, calendar, *, in_order=True, reach=None):
    """Terms that are missing, not understood, outside the period, on a day off; with `in_order` also those that go back.

    `reach` is what still counts as inside, when that is more than the period.
    """
    reach = reach or period
    before = None
    for position, row in enumerate(rows, 1):
        term = parse_term(row.term, period)
        if not row.term.strip():
            yield warning("term_missing", row, position, "не указан срок.", row.term)
            continue
        if not term.understood:
            yield warning("term_not_understood", row, position, f"срок «{short(row.term)}» не распознан. Проверьте, нет ли опечатки.", row.term)
            continue
        outside = is_outside(term, reach)
        if outside:
            yield about_outside(row, position, period, reach)
        yield from _days_off(row, position, term, calendar)
        if in_order and term.start and not _is_whole(term, period):
            if before and term.start < before[1] and not outside:
                yield warning("term_before_previous", row, position, f"срок раньше, чем в строке {before[0]}.", row.term, before[2])
            before = (position, term.start, row.term) if not outside else before


def about_outside(row, position, period, reach):
    """The sentence about a term outside the period, with the mend when another year would set it right."""
    mended = with_a_fitting_year(row.term, period, reach)
    mend = Mend(mend_words(row.term, mended), "term", mended, row.term) if mended else None
    return warning("term_outside_period", row, position, f"срок «{short(row.term)}» выходит за период плана "
                   f"({period[0]:%d.%m.%Y}–{period[1]:%d.%m.%Y}).", row.term, *map(str, period), mend=mend)


def is_outside(term, period):
    """Some day of the term lies outside the period: before it, after it, or over its edge."""
    days = [day for point in term.points for day in point if day]
    return any(not period[0] <= day <= period[1] for day in days)


_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_POINTS = re.compile(r"[\n,;]")


def with_a_fitting_year(text, period, reach):
    """The term with as few years changed as it takes to stand inside the period; empty when no such change helps."""
    mentions = list(_YEAR.finditer(text))[:MOST_YEARS_TRIED]
    years = sorted({f"{day.year}" for day in period})
    for count in range(1, len(mentions) + 1):
        for chosen in combinations(mentions, count):
            for values in product(years, repeat=count):
                tried = _with_years(text, chosen, values)
                term = parse_term(tried, period)
                if term.understood and term.points and not is_outside(term, reach):
                    return tried
    return ""


def mend_words(text, mended):
    """«Исправить «Апрель 2021 г.» на «Апрель 2022 г.»»: only the points of the term that change."""
    pairs = zip(_POINTS.split(text), _POINTS.split(mended), strict=True)
    changed = [(old.strip(), new.strip()) for old, new in pairs if old != new]
    return f"Исправить «{short(', '.join(old for old, _ in changed))}» на «{short(', '.join(new for _, new in changed))}»"


def _with_years(text, mentions, values):
    for found, value in reversed(list(zip(mentions, values, strict=True))):
        text = text[:found.start()] + value + text[found.end():]
    return text


def _is_whole(term, period):
    return term.points == (period,) or (term.start <= period[0] and (term.end or date.max) >= period[1])


def _days_off(row, position, term, calendar):
    days = {day: None for point in term.points for day in point if day and _is_named(day, row.term)}
    for day in days:
        if reason := calendar.why_off(day):
            yield warning("term_on_day_off", row, position, f"{day:%d.%m.%Y} – {reason}.", row.term, str(day))


def _is_named(day, text):
    """The text gives the very day, not only its month."""
    return bool(re.search(rf"(?<!\d)0?{day.day}(?!\d)", text)) and not re.search(rf"(?<!\d)0?{day.day}\s*[-–]?\s*(?:[а-я]+\s+)?(?:квартал|полугод|декад|раз)",
                                                                           text.lower())


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────

_SURNAME = r"([А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?)"
_SHORT_NAME = re.compile(rf"{_SURNAME}\s*([А-ЯЁ])\.\s*(?:([А-ЯЁ])\.?(?![а-яё]))?")
_SHORT_NAME_REVERSED = re.compile(rf"(?<![А-ЯЁа-яё])([А-ЯЁ])\.\s*(?:([А-ЯЁ])\.)?\s*{_SURNAME}")
_FULL_NAME = re.compile(rf"{_SURNAME}\s+([А-ЯЁ])[а-яё]+\s+([А-ЯЁ])[а-яё]+(?:вич|вна|ична|инична|ьич|оглы|кызы)(?![а-яё])")


def name_key(text):
    """(surname, first initial, second initial) of the first person named in the text, or None for a role or a collective."""
    text = text.replace("\u00a0", " ")
    if found := _FULL_NAME.search(text):
        parts = found[1], found[2], found[3]
    elif found := _SHORT_NAME.search(text):
        parts = found[1], found[2], found[3]
    elif found := _SHORT_NAME_REVERSED.search(text):
        parts = found[3], found[1], found[2]
    else:
        return None
    return tuple((part or "").lower().replace("ё", "е") for part in parts)


def about_people(rows, known_people):
    """Rows nobody answers for, and names of people who do not work here. `known_people` are names in any form."""
    known = {name_key(name) for name in known_people}
    for position, row in enumerate(rows, 1):
        texts = [responsible.text for responsible in row.responsible if responsible.text.strip()]
        if not texts:
            yield warning("no_responsible", row, position, "не указан ответственный.", *texts)
    yield from _about_strangers(rows, known)


def _about_strangers(rows, known):
    """One remark per person, however many rows name him: the same name five times is one question, left with one click."""
    places = {}
    for position, row in enumerate(rows, 1):
        for responsible in row.responsible:
            if responsible.active is False or (responsible.active is None and _is_unknown(responsible.text, known)):
                places.setdefault(responsible.text, []).append((position, row.uid))
    for text, found in places.items():
        position, uid = found[0]
        where = f"Строка {position}" if len(found) == 1 else "Строки " + ", ".join(str(place) for place, _ in found)
        yield Remark("responsible_unknown", WARNING, f"{where}: {short(text)} – такого человека нет среди работающих. "
                     "Выберите из списка или оставьте как есть.", uid, position, "", fingerprint_of(text))


def _is_unknown(text, known):
    key = name_key(text)
    if key is None or key in known:
        return False
    # «Орлова Н.» is Орлова Н.П., as long as the given initials agree.
    return not any(key[0] == other[0] and key[1] == other[1] and not (key[2] and other[2]) for other in known if other)


# ── years ─────────────────────────────────────────────────────────────────────────────────────────────────

def years_in(text):
    """Years the text names, in order, each once; «2026–2027» gives both."""
    return list(dict.fromkeys(int(found) for found in re.findall(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)", text)))


def about_title(title, period):
    """A title that names another year than the table's."""
    named = years_in(title)
    if named and not {period[0].year, period[1].year} & set(named):
        yield Remark("title_year", WARNING, f"В заголовке стоит {named[-1]} год, а план – на {period_name(period)}.",
                     fingerprint=fingerprint_of("title", title))


def period_name(period):
    first, last = period[0].year, period[1].year
    return f"{first} год" if first == last else f"{first}–{last} учебный год"
