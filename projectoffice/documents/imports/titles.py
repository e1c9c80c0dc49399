"""Title lines and the period they name."""
import re
from collections import Counter

from projectoffice.common.terms import calendar_year, school_year

from .stamps import is_title

_YEAR = r"(?:19|20)\d\d"
_RANGE = re.compile(rf"(?<!\d)({_YEAR})\s*[-–—−/]\s*({_YEAR}|\d\d)(?!\d)\s*(уч[а-я.]*)?", re.IGNORECASE)
_NAMED_YEAR = re.compile(rf"(?<!\d)({_YEAR})\s*(?:-?й\s*)?(?:г(?:од[а-я]*|\.|\b))", re.IGNORECASE)
_BARE_YEAR = re.compile(rf"(?<![\d.])({_YEAR})(?![\d.])")
_MONTH_AND_YEAR = re.compile(rf"(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]*\.?\s*({_YEAR})", re.IGNORECASE)
_DATE = re.compile(rf"\d{{1,2}}\.\d{{1,2}}\.({_YEAR})")
LONGEST_TITLE = 8


def find_period(texts, *, bare=True):
    """(first day, last day) named in the lines, or None. A range of two years is a school year; the last mention wins.

    `bare`: a year without «год» counts when there is no better one.
    """
    text = "\n".join(texts)
    ranges = [(int(found[1]), int(found[1][:4 - len(found[2])] + found[2]), bool(found[3])) for found in _RANGE.finditer(text)]
    pairs = [item for item in ranges if item[1] == item[0] + 1]
    for school in (True, False):
        for first, _, named in reversed(pairs):
            if named == school:
                return school_year(first)
    months = [int(year) for year in _MONTH_AND_YEAR.findall(text)] or [int(year) for year in _DATE.findall(text)]
    if len(months) > 1 and months[-1] == months[-2] + 1:
        return school_year(months[-2])
    rest = _RANGE.sub(" ", text)
    years = _NAMED_YEAR.findall(rest) or _DATE.findall(rest) or (_BARE_YEAR.findall(rest) if bare else [])
    if years:
        return calendar_year(int(years[-1]))
    return calendar_year(ranges[-1][0]) if ranges else None


def guess_period(terms):
    """The year most terms name, when the title names none: a school year if autumn and spring have different years."""
    years = Counter(int(year) for term in terms for year in re.findall(rf"(?<!\d){_YEAR}(?!\d)", term))
    if not years:
        return None
    (year, _), *others = years.most_common(2)
    if others and abs(others[0][0] - year) == 1:
        return school_year(min(year, others[0][0]))
    return calendar_year(year)


def find_title(lines):
    """(title lines, the other lines) of what stands above the table; `lines` are (text, centred or bold)."""
    start = next((index for index, (text, _) in enumerate(lines) if is_title(text)), None)
    if start is None:
        start = next((index for index, (text, special) in enumerate(lines)
                      if re.search(r"план|график|заседани", text, re.IGNORECASE) and (special or len(text) < 150)), None)
    if start is None:
        return [], [text for text, _ in lines]
    end = start + 1
    while end < len(lines) and end - start < LONGEST_TITLE and _goes_on(lines, start, end):
        end += 1
    return [text for text, _ in lines[start:end]], [text for text, _ in [*lines[:start], *lines[end:]]]


def _goes_on(lines, start, end):
    """The title ends with its year; until then it takes what is drawn like its first line, and the next two lines anyway."""
    text, special = lines[end]
    ahead = [later for later, _ in lines[end:end + 3]]
    year_ahead = any(find_period([later], bare=False) for later in ahead)
    so_far = [earlier for earlier, _ in lines[start:end]]
    if find_period(so_far, bare=False) or (find_period(so_far) and not year_ahead):
        return False
    year_ahead = year_ahead or any(map(find_period, ([later] for later in ahead)))
    return len(text) < 300 and (year_ahead or (special and lines[start][1]))
