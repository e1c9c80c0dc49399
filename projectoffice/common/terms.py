"""Terms of plans: the words as printed, and the days they mean when they are understood.

The grammar comes from real plans: months, quarters, half-years, exact dates, ranges, lists, «до …», «в течение года»,
frequencies. A term that is not understood is allowed everywhere; it only has no days. Parsing is linear in the
length of the text and never raises.

How it works: `_PHRASES` take the frequencies out, `_tokens` gives the remaining words a meaning, `_atoms` joins them
to the smallest dated things (a day, a month, a quarter), `_fill_*` gives every atom the month, year or kind that its
neighbours spell out, and `_points` joins atoms with «с … по», dashes and commas.
"""
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

NOT_UNDERSTOOD = "Срок не распознан"
LONGEST = 2_000

FREQUENCIES = {
    "daily": "ежедневно", "weekly": "еженедельно", "monthly": "ежемесячно", "quarterly": "ежеквартально",
    "half_yearly": "раз в полугодие", "yearly": "ежегодно", "by_plan": "по плану", "by_agreement": "по согласованию",
    "as_needed": "по необходимости", "permanent": "постоянно",
}


@dataclass(frozen=True)
class Term:
    """A term as printed and as understood.

    `points` are pairs (first day, last day) in the order of the text; `start` and `end` are the first and the last day
    of them all. «До …» has no start, «с …» alone no end. `frequency` is a key of FREQUENCIES or "".
    """
    text: str
    start: date | None = None
    end: date | None = None
    points: tuple = ()
    frequency: str = ""
    understood: bool = True


def calendar_year(year):
    """The period of a calendar year."""
    return date(year, 1, 1), date(year, 12, 31)


def school_year(year):
    """The period of the school year that begins in September of `year`."""
    return date(year, 9, 1), date(year + 1, 8, 31)


def is_school_year(period):
    return period[0].year != period[1].year


def parse_term(text, period):
    """What the typed term means inside `period`, a pair (first day, last day); a Term, always."""
    text = str(text or "").strip()
    if not text.strip(" \t\n\u00a0-–—−_."):
        return Term(text)
    if len(text) > LONGEST:
        return Term(text, understood=False)
    main, aside = _without_brackets(_normal(text))
    if not main.strip(" .,;"):
        main, aside = aside, ""
    try:
        points, frequency = _understand(main, period)
    except (_NotUnderstoodError, ValueError, OverflowError):  # the last two: a day the calendar does not have
        return Term(text, understood=False)
    starts = [start for start, _ in points if start]
    ends = [end for _, end in points if end]
    return Term(text, min(starts, default=None), max(ends, default=None), tuple(points),
                _peel_frequency(aside)[1] or frequency)


def reading(term):
    """The days in small print under the words: «01.02–28.02.2027»; empty for an empty term."""
    if not term.understood:
        return NOT_UNDERSTOOD
    days = "; ".join(_days(start, end) for start, end in term.points)
    return ", ".join(part for part in (days, FREQUENCIES.get(term.frequency, "")) if part)


def _days(start, end):
    if not start:
        return f"до {end:%d.%m.%Y}"
    if not end:
        return f"с {start:%d.%m.%Y}"
    if start == end:
        return f"{start:%d.%m.%Y}"
    return f"{start:%d.%m}–{end:%d.%m.%Y}" if start.year == end.year else f"{start:%d.%m.%Y}–{end:%d.%m.%Y}"


class _NotUnderstoodError(Exception):
    pass


# ── spelling ──────────────────────────────────────────────────────────────────────────────────────────────

_STEMS = {"январ": 1, "феврал": 2, "март": 3, "апрел": 4, "ма": 5, "июн": 6, "июл": 7, "август": 8,
          "сентябр": 9, "октябр": 10, "ноябр": 11, "декабр": 12}
_SHORT = {"янв": 1, "фев": 2, "февр": 2, "мар": 3, "март": 3, "апр": 4, "июн": 6, "июл": 7, "авг": 8, "август": 8,
          "сен": 9, "сент": 9, "окт": 10, "ноя": 11, "нояб": 11, "дек": 12}
MONTHS = _SHORT | {stem + ending: month for stem, month in _STEMS.items()
                   for ending in (("й", "я", "ю", "е", "ем") if stem == "ма" else
                                  ("", "а", "у", "е", "ом") if stem in ("март", "август") else
                                  ("ь", "я", "ю", "е", "ем"))}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINALS = {"перв": 1, "втор": 2, "трет": 3, "четверт": 4}
_ORDINAL = re.compile(r"(перв|втор|трет|четверт)(?:ый|ая|ое|ий|ья|ье|ого|ой|ом|ьего|ьей|ьем|ую|ью|ые|ых)$")

# Latin letters typed inside Russian words, and what stands for Roman numerals on a Russian keyboard.
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_MIXED_WORD = re.compile(r"[а-яa-z]*[а-я][а-яa-z]*")
_TYPED_ROMAN = re.compile(r"(?<![а-яa-z\d])(iу|1у|1v|iv|ш|п|[il!1]{2,3}|[il!])(?=[\s-]*(?:й|ый|ий|ое|е|го|ом|м)?[\s.]*"
                          r"(?:квартал|полугод|полуг|кв\b))")
_UNICODE_ROMAN = str.maketrans({"ⅰ": "i", "ⅱ": "ii", "ⅲ": "iii", "ⅳ": "iv", "і": "i", "ӏ": "i", "ё": "е",
                                "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})
_ENUMERATOR = re.compile(r"(?:^|(?<=\n))\s*\d{1,2}(?:\)|\.(?=\s+[а-я]))\s*")


def _normal(text):
    text = re.sub(r"п\s?/\s?г\b", "полугодие", text.lower().translate(_UNICODE_ROMAN))
    if len(_ENUMERATOR.findall(text)) > 1:
        text = _ENUMERATOR.sub(" ", text)
    text = _TYPED_ROMAN.sub(_roman, text)
    return _MIXED_WORD.sub(lambda word: word.group().translate(_LOOKALIKES), text)


def _roman(found):
    typed = found.group(1)
    return {"iу": "iv", "1у": "iv", "1v": "iv", "iv": "iv", "ш": "iii", "п": "ii"}.get(typed) or "i" * len(typed)


def _without_brackets(text):
    """(text outside brackets, text inside); an unclosed bracket runs to the end."""
    outside, inside, depth = [], [], 0
    for sign in text:
        if sign in "([":
            depth += 1
            outside.append(" ")
        elif sign in ")]":
            depth = max(0, depth - 1)
            inside.append(" ")
        else:
            (inside if depth else outside).append(sign)
    return "".join(outside), "".join(inside)


# ── frequencies ───────────────────────────────────────────────────────────────────────────────────────────

_UNIT = r"(?P<unit>день|дня|дней|сутки|недел|месяц|квартал|полугод|полгода|год)[а-я]*"
_UNITS = {"день": "daily", "дня": "daily", "дней": "daily", "сутки": "daily", "недел": "weekly", "месяц": "monthly",
          "квартал": "quarterly", "полугод": "half_yearly", "полгода": "half_yearly", "год": "yearly"}
_EVERY = {"дневн": "daily", "недельн": "weekly", "месячн": "monthly", "квартальн": "quarterly", "годн": "yearly"}
_PER_YEAR = {"2": "half_yearly", "два": "half_yearly", "двух": "half_yearly", "4": "quarterly", "четыре": "quarterly",
             "12": "monthly"}
_LESS = r"(?:не\s+(?:реже|менее)|минимум)?[\s,]*(?:чем\s+)?"
_PHRASES = (
    (re.compile(rf"{_LESS}(?P<count>\d{{1,2}}|один|одного|два|двух|три|трех|четыре)?\s*раза?\s+в\s+(?:\d|два|три)?\s*{_UNIT}"),
     lambda found: (found["unit"] == "год" and _PER_YEAR.get(found["count"])) or _UNITS[found["unit"]]),
    (re.compile(rf"(?:[а-я]+\s+)?(?:[а-я]+\s+)?кажд[а-я]+\s+{_UNIT}"), lambda found: _UNITS[found["unit"]]),
    (re.compile(r"еже(?P<every>дневн|недельн|месячн|квартальн|годн)(?:о|ый|ая|ое|ые)\b"),
     lambda found: _EVERY[found["every"]]),
    (re.compile(r"(?:постоянно|регулярно|систематически|непрерывно)\b"), lambda found: "permanent"),
    (re.compile(r"(?:по|при|в случае|в случаях)\s+(?:мере\s+)?(?:необходимост|поступлени|потребност|запрос|обращени"
                r"|возникновени|готовност|требовани)[а-я]*[^,;\n]*"), lambda found: "as_needed"),
    (re.compile(r"по\s+согласовани[а-я]*[^,;\n]*"), lambda found: "by_agreement"),
    (re.compile(r"(?:по|согласно|в соответствии со?)\s+(?:[а-я]+\s+){0,3}?"
                r"(?:план|график|приказ|расписани|циклограмм)[а-я]*[^,;\n]*"), lambda found: "by_plan"),
)


def _peel_frequency(text):
    """(the text without frequencies, the first frequency or "")."""
    frequency = ""
    for pattern, meaning in _PHRASES:
        if found := pattern.search(text):
            frequency = frequency or meaning(found)
            text = pattern.sub(" ", text)
    return text, frequency


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────

_TIME = r"(?:[01]?\d|2[0-3])(?:\s?:\s?[0-5]\d|[.](?:00|1[3-9]|[2-5]\d))(?![\d]|[.]\d)[.]?(?:\s*ч(?:ас[а-я]*|\b))?"
_HOURS = re.compile(rf"(?:\b(?:в|с|к)\s+)?(?<![\d.:]){_TIME}(?:\s*(?:-|–|—|до|по)\s*{_TIME})?|\b(?:в|к)\s+\d{{1,2}}\s*ч(?:ас[а-я]*|\b\.?)")
_YEAR = r"(?:19|20|21)\d\d"
_TOKEN = re.compile("|".join((
    rf"(?P<iso>(?P<iy>{_YEAR})-(?P<im>\d\d)-(?P<id>\d\d)(?!\d))",
    rf"(?P<years>(?P<y1>{_YEAR})\s*[-–—/]\s*(?P<y2>{_YEAR}|\d\d)(?=\s*(?:г|уч|год))(?P<school>\s*уч[а-я]*)?)",
    rf"(?P<dashed>(?P<hd>\d{{1,2}})-(?P<hm>\d\d)-(?P<hy>{_YEAR})(?!\d))",
    rf"(?P<date>(?P<dd>\d{{1,2}})\s?[./]\s?(?P<dm>0?[1-9]|1[0-2])(?!\d)(?:\s?[./]\s?(?P<dy>{_YEAR}|\d\d)(?![\d:]))?)",
    rf"(?P<year>(?<!\d){_YEAR}(?!\d))",
    r"(?P<number>(?<!\d)\d{1,2}(?!\d)(?:\s?-?\s?(?:ого|го|ый|ий|й|ое|ом|м|ая|я|ые|е)(?![а-я]))?)",
    r"(?P<until>в\s+срок\s+до\b|не\s+позд?нее\b|не\s+позже\b|до\b)",
    r"(?P<after>начиная\s+со?\b|не\s+ран(?:ее|ьше)\b|после\b|от\b|со?\b)",
    r"(?P<during>в\s*течени[еи]\b|в\s+теч\b|на\s+протяжении\b|вес[ьм][а-я]*\b|всего\b|кругл[а-я]+\b)",
    r"(?P<word>[а-яa-z]+)",
    r"(?P<dash>[-–—−‐‑‒―…]+|\.\.+)",
    r"(?P<sep>[,;+&/\n])",
    r"(?P<blank>[\s.:«»\"'*№_]+)",
    r"(?P<strange>.)",
)))
_NOISE = re.compile(
    r"(?:во?|на|но|за|месяц[а-я]*|мес|числ[а-я]*|включительно|ориентировочно|предварительно|примерно|около|срок[аи]?|дата|даты"
    r"|понедельник[а-я]*|вторник[а-я]*|сред[ауые]|четверг[а-я]*|пятниц[а-я]*|суббот[а-я]*|воскресень[а-я]*|пн|вт|ср|чт|пт|сб"
    r"|вс|день|дни|дня|не|позднее|начал[а-я]*|середин[а-я]*|кон(?:ец|ц[а-я]*)|последн[а-я]+|календарн[а-я]*|текущ[а-я]*"
    r"|отчетн[а-я]*|гг?|планов[а-я]*)$")
_YEAR_WORD = re.compile(r"(?:год[а-я]?|период[а-я]*|срок[а-я]*)$")
_SEPARATORS = {"и", "или", "либо", "а", "также"}


def _tokens(text):
    """Pairs (kind, value) in the order of the text; words without a meaning for the days are left out."""
    for found in _TOKEN.finditer(_HOURS.sub(" ", text)):
        kind = found.lastgroup if found.lastgroup in _TOKEN_KINDS else next(k for k in _TOKEN_KINDS if found[k])
        if kind == "word":
            yield from _word(found.group())
        elif kind != "blank":
            yield _KINDS[kind](found) if kind in _KINDS else (kind, found.group())


def _short_year(digits):
    return int(digits) + 2000 if len(digits) == 2 else int(digits)


_KINDS = {
    "iso": lambda f: ("date", (int(f["id"]), int(f["im"]), int(f["iy"]))),
    "dashed": lambda f: ("date", (int(f["hd"]), int(f["hm"]), int(f["hy"]))),
    "date": lambda f: ("date", (int(f["dd"]), int(f["dm"]), _short_year(f["dy"]) if f["dy"] else None)),
    "years": lambda f: ("years", (int(f["y1"]), int(f["y1"][:4 - len(f["y2"])] + f["y2"]), bool(f["school"]))),
    "year": lambda f: ("year", int(f.group())),
    "number": lambda f: ("number", int(re.match(r"\d+", f.group()).group())),
}
_TOKEN_KINDS = ("iso", "years", "dashed", "date", "year", "number", "until", "after", "during", "word", "dash", "sep",
                "blank", "strange")


def _word(word):
    if word in MONTHS:
        yield "month", MONTHS[word]
    elif word in _ROMAN:
        yield "number", _ROMAN[word]
    elif found := _ORDINAL.match(word):
        yield "number", _ORDINALS[found.group(1)]
    elif word.startswith("квартал") or word == "кв":
        yield "part", "quarter"
    elif word.startswith("полуг"):
        yield "part", "half"
    elif word.startswith("декад"):
        yield "part", "decade"
    elif word.startswith("половин"):
        yield "part", "fortnight"
    elif word.startswith("недел"):
        yield "part", "week"
    elif word.startswith("учебн") or word == "уч":
        yield "school", word
    elif _YEAR_WORD.match(word):
        yield "whole", word
    elif word in _SEPARATORS:
        yield "sep", word
    elif word in ("по", "к"):
        yield "to" if word == "по" else "until", word
    elif not _NOISE.match(word):
        yield "strange", word


# ── atoms ─────────────────────────────────────────────────────────────────────────────────────────────────

@dataclass
class _Atom:
    """The smallest dated thing: a day, a month, a quarter, a year; `joint` says how it joins the one before."""
    joint: str
    number: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    part: str = ""
    window: tuple | None = None

    @property
    def only_number(self):
        return self.number is not None and not (self.part or self.month)

    @property
    def only_year(self):
        return self.year is not None and not (self.month or self.part or self.number)


_RANGE = {"dash", "to", "until"}
_DATED = {"number", "month", "date", "year", "years"}


def _atoms(tokens):
    """(atoms, whole): whole is true when the words name the whole year or period and no date."""
    atoms, joint, during, whole, school = [], "", False, False, False
    for kind, value in tokens:
        if kind == "strange":
            raise _NotUnderstoodError(value)
        if kind in ("dash", "sep", "to", "until", "after"):
            # «с», «по» and «до» outweigh a comma or a line end that stands beside them.
            joint = kind if joint in ("", "sep") or kind in ("until", "after", "to") else joint
        elif kind in _DATED:
            _absorb(atoms, kind, value, joint)
            joint = ""
        elif kind == "part":
            _make_part(atoms, value)
        during, whole, school = during or kind == "during", whole or kind == "whole", school or kind == "school"
    if joint in ("until", "after", "to") and not (whole and not atoms):
        raise _NotUnderstoodError(joint)
    if not atoms:
        return [], (joint or "during") if whole and (during or joint == "until") else ""
    if school and any(atom.part == "half" and atom.year for atom in atoms):
        raise _NotUnderstoodError("half of a school year that is named by one year")
    return atoms, ""


def _absorb(atoms, kind, value, joint):
    """Joins the token to the last atom where it completes it, otherwise begins a new one."""
    last = atoms[-1] if atoms else None
    if kind == "month" and last and last.only_number and joint in ("", "dash"):
        last.day, last.number, last.month = last.number, None, value
    elif kind == "month" and last and last.part in ("decade", "fortnight", "week") and not last.month and not joint:
        last.month = value
    elif kind == "month" and last and last.only_year and joint in ("", "sep"):
        last.month = value
    elif kind == "year" and last and not last.year and not last.only_number and joint in ("", "sep"):
        last.year = value
    elif kind == "years" and last and not last.year and not last.window and not joint:
        last.window = _window(*value)
    else:
        atoms.append(_new_atom(kind, value, joint))


def _new_atom(kind, value, joint):
    if kind == "date":
        return _Atom(joint, day=value[0], month=value[1], year=value[2])
    if kind == "years":
        return _Atom(joint, window=_window(*value))
    return _Atom(joint, **{kind: value})


def _window(first, last, school):
    if last < first or last - first > 10:
        raise _NotUnderstoodError("years")
    if school:
        return date(first, 9, 1), date(last, 8, 31)
    return date(first, 1, 1), date(last, 12, 31)


def _make_part(atoms, part):
    if part == "week" and not (atoms and atoms[-1].only_number):
        return
    if not atoms or not atoms[-1].only_number:
        raise _NotUnderstoodError(part)
    atoms[-1].part = part


def _fill_kinds(atoms):
    """«15, 16 и 20 ноября», «I и II квартал»: a bare number is what its right neighbour is (or its left one)."""
    for index in range(len(atoms) - 1, -1, -1):
        atom = atoms[index]
        if not atom.only_number:
            continue
        neighbour = atoms[index + 1] if index + 1 < len(atoms) else atoms[index - 1] if index else None
        if neighbour is None or not (neighbour.day or neighbour.part):
            raise _NotUnderstoodError("number")
        if neighbour.part:
            atom.part, atom.month = neighbour.part, neighbour.month
        else:
            atom.day, atom.month, atom.number = atom.number, neighbour.month, None
        atom.year, atom.window = atom.year or neighbour.year, neighbour.window


def _fill_years(atoms, period):
    """A year spelt once holds for its neighbours; with no year at all the atom falls inside the period."""
    named = [atom.year for atom in atoms]
    for index in range(len(atoms) - 2, -1, -1):
        atom, right = atoms[index], atoms[index + 1]
        if not atom.year and not atom.window and (right.year or right.window):
            if right.window:
                atom.window = right.window
            else:
                atom.year = _likely(atom, (right.year, right.year - 1), _place(atom) > _place(right), right.joint, period)
    for left, atom in pairwise(atoms):
        if not atom.year and not atom.window and left.year and any(named):
            atom.year = _likely(atom, (left.year, left.year + 1), _place(atom) < _place(left), atom.joint, period)


def _likely(atom, years, crossing, joint, period):
    """The second year when the months run over New Year; in a list, where only one of the two is in the period, that one."""
    if joint in _RANGE:
        return years[crossing]
    inside = [year for year in years if _overlap(_atom_days(atom, year), period) > 0]
    return inside[0] if len(inside) == 1 else years[crossing]


def _place(atom):
    """Where in a year the atom stands: (month, day)."""
    if atom.part == "quarter":
        return atom.number * 3 - 2, 0
    if atom.part == "half":
        return atom.number * 6 - 5, 0
    return atom.month or 0, atom.day or 0


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────

def _atom_days(atom, year):
    """(first day, last day) of the atom in that calendar year."""
    if atom.part in ("quarter", "half"):
        size = 3 if atom.part == "quarter" else 6
        if not 1 <= atom.number <= 12 // size:
            raise _NotUnderstoodError(atom.part)
        last = atom.number * size
        return date(year, last - size + 1, 1), date(year, last, monthrange(year, last)[1])
    if not atom.month:
        return date(year, 1, 1), date(year, 12, 31)
    last_day = monthrange(year, atom.month)[1]
    if atom.part in ("decade", "fortnight"):
        if (atom.part, atom.number) not in _PARTS_OF_MONTH:
            raise _NotUnderstoodError(atom.part)
        first, last = _PARTS_OF_MONTH[atom.part, atom.number]
        return date(year, atom.month, first), date(year, atom.month, min(last, last_day))
    if atom.day:
        if atom.day == 29 and atom.month == 2 and last_day == 28:
            raise _NotUnderstoodError("29 February")
        return date(year, atom.month, atom.day), date(year, atom.month, atom.day)
    return date(year, atom.month, 1), date(year, atom.month, last_day)


_PARTS_OF_MONTH = {("decade", 1): (1, 10), ("decade", 2): (11, 20), ("decade", 3): (21, 31),
                   ("fortnight", 1): (1, 15), ("fortnight", 2): (16, 31)}


def _resolve(atom, period):
    """(first day, last day) of a filled atom."""
    if atom.part in ("decade", "fortnight", "week") and not atom.month:
        raise _NotUnderstoodError(atom.part)
    if atom.year:
        return _atom_days(atom, atom.year)
    window = atom.window or period
    if not (atom.month or atom.part):
        return window
    if atom.part == "half" and atom.number in (1, 2) and is_school_year(window):
        new_year = date(window[1].year, 1, 1)
        return {1: (window[0], new_year - timedelta(days=1)), 2: (new_year, window[1])}[atom.number]
    years = [window[0].year, window[1].year] if window[0].year != window[1].year else [window[0].year]
    days = [_atom_days(atom, year) for year in years if _exists(atom, year)] or [_atom_days(atom, years[0])]
    # Of two equally good years the first; outside a short school year the nearer one.
    return max(days, key=lambda span: _overlap(span, window))


def _exists(atom, year):
    return not atom.day or (atom.month and atom.day <= monthrange(year, atom.month)[1])


def _overlap(span, period):
    """Days in common; negative is the distance when there are none."""
    return (min(span[1], period[1]) - max(span[0], period[0])).days + 1


def _understand(text, period):
    """(points, frequency) of the text without brackets; raises _NotUnderstoodError."""
    text, frequency = _peel_frequency(text)
    atoms, whole = _atoms(_tokens(text))
    if whole:
        return [(None if whole == "until" else period[0], period[1])], frequency
    if not atoms:
        if frequency:
            return ([period] if frequency == "permanent" else []), frequency
        raise _NotUnderstoodError(text)
    _fill_kinds(atoms)
    _fill_years(atoms, period)
    return _points(atoms, period), frequency


def _points(atoms, period):
    points, begun = [], None
    for index, atom in enumerate(atoms):
        start, end = _resolve(atom, period)
        if atom.joint in _RANGE and points and (atom.joint != "until" or begun):
            first = points.pop()[0]
            points.append((first, _not_before(first, atom, end)))
            begun = False
        elif atom.joint in ("until", "to"):
            points.append((None, end))
        elif atom.joint == "after":
            # «с» in a pair is followed by its «по»; alone it has no end.
            begun = True
            following = atoms[index + 1].joint if index + 1 < len(atoms) else ""
            points.append((start, end if following in _RANGE else None))
        else:
            points.append((start, end))
            begun = False
    return points


def _not_before(first, atom, end):
    """The end of a range; without a year of its own it may lie in the next one. Backwards is not understood."""
    if first and end < first and not atom.year:
        end = _atom_days(atom, end.year + 1)[1]
    if not first or end < first:
        raise _NotUnderstoodError("backwards")
    return end
