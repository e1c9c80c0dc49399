"""Stamps above a plan: «Утверждаю», «Согласовано», «Принято», wherever the office has put them.

They stand in the cells of a table without lines, in paragraphs with tabs between left and right, in paragraphs at the right
edge, in text boxes or in newspaper columns. A place (left, middle, right) gathers its lines; a heading word begins a stamp.
"""
import re
from dataclasses import dataclass, field
from datetime import date

from projectoffice.common.terms import calendar_year, parse_term
from projectoffice.common.worddoc import Paragraph, Table

from .people import PERSON

RIGHT_FROM = 3_600  # twips: an indentation that is half a page
_WORD = re.compile(r"(?P<word>утвержд(?:аю|[её]но|[её]на|[её]ны|[её]н)|согласов(?:ано|ана|аны|ан|ываю)|принят(?:о|а|ы)?|рассмотрен(?:о|а|ы)?|одобрен(?:о|а|ы)?"
                   r"|рекомендован(?:о|а|ы)?)(?![а-я])", re.IGNORECASE)
_KINDS = {"утв": "approve", "сог": "agree"}
_QUOTES = "«»\"“”„'‹›<>"
_BASIS = re.compile(r"(?:приказ|распоряжени|постановлени|решени|протокол|на\s+(?:\S+\s+)?заседани|на\s+(?:\S+\s+)?(?:педагогическ|совет|собрани|совещани)"
                    r"|общим|педагогическим|методическим|управляющим|экспертным|проектным|\S+ым\s+(?:совет|собрани)|совет(?:ом|а)\b|собрани|комисси"
                    r"|коллеги|от\s+[«\"_\d]|№|заседани[ея]м?\b)", re.IGNORECASE)
_AFTER_WORD = re.compile(rf"(?:{_BASIS.pattern}|глав|директор|руковод|начальник|заведующ|председател|и\.\s?о|врио|замест|_)", re.IGNORECASE)
_DATE_LINE = re.compile(r"(?:от\s*)?[«\"„“]?\s*(?:_{1,}|\d{1,2})\s*[»\"“”]\s*(?:_{2,}|[а-яё]+)?\s*(?:_{2,}|(?:19|20)[\d_]{0,4})?\s*(?:г(?:ода|\.)?)?\.?$"
                        r"|(?:от\s*)?(?:дата:?\s*)?_*\s*\d{1,2}\.\d{1,2}\.\d{2,4}\s*(?:г(?:ода|\.)?)?\.?$"
                        r"|\d{1,2}\s+[а-яё]+\s+(?:19|20)\d\d\s*(?:г(?:ода|\.)?)?\.?$|_*\s*20_*\s*г(?:ода|\.)?$", re.IGNORECASE)
_TITLE = re.compile(r"[\W_]*(?:(?:годовой|перспективный|тематический|календарный|примерный|рабочий|комплексный|учебно-тематический|проект)\s+)*"
                    r"(?:п\s?л\s?а\s?н|график|циклограмма|повестк[аи])(?![а-яё])", re.IGNORECASE)
_RULE = re.compile(r"_{2,}|…{2,}|\.{5,}|—{3,}|-{5,}")
_NAME = re.compile(rf"{PERSON}\.?")
_NAME_AT_END = re.compile(rf"^(?P<post>.*?)[\s/]+(?P<name>{PERSON})\s*/?\.?$", re.DOTALL)
_NAME_AT_START = re.compile(rf"^(?P<name>{PERSON})\s*[,–—-]\s*(?P<post>.+)$", re.DOTALL)
_UNDER_RULE = re.compile(r"\((?:личная\s+)?(?:подпись|расшифровка|ф\.?\s?и\.?\s?о|и\.?\s?о|фио|инициалы|дата)[^)]*\)|(?<![А-ЯЁа-яё])М\.?\s?П\.?(?![А-ЯЁа-яё])", re.IGNORECASE)
_ACT = re.compile(r"приказ|распоряжени|постановлени|решени|протокол", re.IGNORECASE)
_ACT_DATE = re.compile(r"\s*от\s+[«\"„“]?(\d{1,2})[»\"“”]?([. ]\s?[\dа-яё]+[. ]\s?\d{4})(?:\s*г(?:ода\b|\.)?)?", re.IGNORECASE)
_ACT_NUMBER = re.compile(r"\s*№\s*([\w/.-]*\w)", re.IGNORECASE)


@dataclass
class ImportedStamp:
    """A stamp as it stands in the file. `post` and `basis` keep their lines; one of `name` and `basis` is usually empty."""
    kind: str
    side: str
    post: str = ""
    name: str = ""
    basis: str = ""
    basis_number: str = ""
    basis_date: date | None = None
    heading: str = ""
    style: str = "office"
    place: str = "head"


@dataclass
class Head:
    """What stands above the table: stamps, and the other lines as (text, centred or bold)."""
    stamps: list = field(default_factory=list)
    lines: list = field(default_factory=list)


def heading_of(text):
    """(kind, heading as printed, what follows it on the line), or None when the line begins no stamp."""
    bare = text.strip(" \t\u00a0")
    spaced = re.match(rf"[{_QUOTES}]*((?:[А-ЯЁ] ){{5,}}[А-ЯЁ])(?![а-яё])", bare)
    shown = bare.replace(spaced[1], spaced[1].replace(" ", ""), 1) if spaced else bare
    found = _WORD.match(shown.lstrip(_QUOTES + " "))
    if not found:
        return None
    lead = len(shown) - len(shown.lstrip(_QUOTES + " "))
    rest = shown[lead + found.end():]
    closing = re.match(rf"[{_QUOTES}:. ]*", rest).group()
    rest = rest[len(closing):].strip()
    if rest and not _AFTER_WORD.match(rest):
        return None
    return _KINDS.get(found["word"][:3].lower(), "accept"), (shown[:lead] + found["word"] + closing.rstrip(" :.")).strip(), rest


# ── gathering lines by place ──────────────────────────────────────────────────────────────────────────────

class _Places:
    """Lines of left, middle and right while stamps last."""

    def __init__(self):
        self.lines, self.column = {}, ""

    @property
    def open(self):
        return bool(self.lines)

    def add(self, place, text):
        if heading_of(text) or place in self.lines:
            self.lines.setdefault(place, []).append(text)

    def complete(self):
        return self.open and all(_ends(lines) for lines in self.lines.values())

    def waiting(self):
        """The only place whose stamp still lacks its end, or "" when that cannot be told."""
        waiting = [place for place, lines in self.lines.items() if not _ends(lines)]
        return waiting[0] if len(waiting) == 1 else ""

    def close(self):
        stamps = [stamp for place, lines in self.lines.items() for stamp in _stamps(lines, place)]
        self.lines, self.column = {}, ""
        return stamps


def _ends(lines):
    """The last stamp of the lines has its name, or its act with date or number."""
    last = next((index for index in range(len(lines) - 1, -1, -1) if heading_of(lines[index])), 0)
    stamp = _stamp(lines[last:], "left")
    return bool(stamp and (stamp.name or stamp.basis_date or stamp.basis_number))


def read_head(blocks, *, newspaper=False):
    """The Head of the blocks above a plan (or below it)."""
    head, places = Head(), _Places()
    for block in blocks:
        if isinstance(block, Table):
            head.stamps.extend(places.close())
            _read_table(block, head)
        else:
            _read_paragraph(block, places, head, newspaper=newspaper)
    head.stamps.extend(places.close())
    for stamp in head.stamps:
        stamp.side = "left" if stamp.side == "left" else "right"
    return head


def _read_paragraph(paragraph, places, head, *, newspaper):
    if paragraph.column_break and newspaper:
        places.column = "right"
    for text in paragraph.text.split("\n"):
        if not text.strip():
            continue
        chunks = _chunks(text)
        special = paragraph.bold or paragraph.align == "center"
        if _leaves_stamps(text, chunks, places, centred=paragraph.align == "center"):
            head.stamps.extend(places.close())
        if not places.open and not any(heading_of(chunk) for _, chunk in chunks):
            head.lines.append((" ".join(text.split("\t")).strip(), special))
            continue
        for place, chunk in _placed(chunks, paragraph, places):
            places.add(place, chunk)


def _leaves_stamps(text, chunks, places, *, centred):
    if not places.open or any(heading_of(chunk) for _, chunk in chunks):
        return False
    if _TITLE.match(text):
        return True
    finished = places.complete() and not _DATE_LINE.match(text.strip()) and not _RULE.search(text) and not _BASIS.match(text.strip())
    return finished and (centred or len(chunks) == 1)


def _chunks(text):
    """Pieces of a line set apart by tabs or many blanks, as (offset, text); a rule stays with the name after it."""
    pieces = [(found.start(), found.group().strip()) for found in re.finditer(r"(?:[^\t ]| {1,3}(?! ))+", text.replace("\u00a0", " "))]
    pieces = [piece for piece in pieces if piece[1]]
    joined = []
    for offset, piece in pieces:
        if joined and _is_only_rule(joined[-1][1]) or joined and _is_rest_of_signature(joined[-1][1], piece):
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {piece}")
        else:
            joined.append((offset, piece))
    return joined


def _is_only_rule(text):
    return bool(_RULE.search(text)) and not _UNDER_RULE.sub("", _RULE.sub("", text)).strip(" /\\«»\"г.") and not re.search(r"[«\"]|20", text)


def _is_rest_of_signature(before, piece):
    """«Директор ______» and then «И.И. Иванов»: one signature, unless the line before has its name already."""
    return bool(_RULE.search(before)) and before.rstrip(" /").endswith("_") and bool(_NAME.fullmatch(piece.strip("/ ")))


def _placed(chunks, paragraph, places):
    """Which place every chunk of a line belongs to."""
    if paragraph.side or places.column:
        return [(paragraph.side or places.column, chunk) for _, chunk in chunks]
    if len(chunks) == 1:
        return [(_place_of_one(chunks[0], paragraph, places), chunks[0][1])]
    names = ["left", "right"] if len(chunks) == 2 else ["left", *["middle"] * (len(chunks) - 2), "right"]
    return list(zip(names, (chunk for _, chunk in chunks), strict=True))


def _place_of_one(chunk, paragraph, places):
    at_right = paragraph.align == "right" or paragraph.indent >= RIGHT_FROM or paragraph.left >= RIGHT_FROM or chunk[0] >= 2
    if places.open and not heading_of(chunk[1]):
        if len(places.lines) == 1:
            return next(iter(places.lines))
        place = "right" if at_right else "left"
        if place in places.lines and _ends(places.lines[place]) and not _DATE_LINE.match(chunk[1]) and places.waiting():
            return places.waiting()
        return place
    return "right" if at_right else "left"


def _read_table(table, head):
    """A table above the plan: its grid columns are places when a stamp is in it, otherwise its text is plain lines."""
    cells = [cell for row in table.rows for cell in row.cells if not cell.merged_up]
    if not any(heading_of(chunk) for cell in cells for paragraph in cell.paragraphs for line in paragraph.text.split("\n")
               for _, chunk in _chunks(line)):
        head.lines.extend((text.strip(), paragraph.bold or paragraph.align == "center") for cell in cells
                          for paragraph in cell.paragraphs for text in paragraph.text.split("\n") if text.strip())
        return
    for members in _gathered(table):
        whole = members[0].span >= table.columns
        share = _share(table, members[0])
        paragraphs = [paragraph for cell in members for paragraph in cell.paragraphs]
        inner = read_head([_flat(paragraph, keep_place=whole) for paragraph in paragraphs])
        for stamp in inner.stamps:
            if not whole:
                stamp.side = "left" if share < 0.45 else "right"
        head.stamps.extend(inner.stamps)
        head.lines.extend(inner.lines)


def _gathered(table):
    """Cells that stand below one another; a cell across the whole table stands alone."""
    rows = [[cell for cell in row.cells if not cell.merged_up] for row in table.rows]
    parted = [row for row in rows if len(row) > 1 or (row and row[0].span < table.columns)]
    even = len({len(row) for row in parted}) == 1
    places = {}
    for number, row in enumerate(rows):
        for index, cell in enumerate(row):
            if cell.span >= table.columns:
                key = ("whole", number)
            else:
                key = ("column", index) if even else ("half", _share(table, cell) >= 0.45)
            places.setdefault(key, []).append(cell)
    return list(places.values())


def _share(table, cell):
    """Where the middle of the cell is, from 0 to 1 of the table's width."""
    edges = _edges(table)
    return (edges[cell.column] + edges[min(cell.column + cell.span, len(edges) - 1)]) / 2 / (edges[-1] or 1)


def _edges(table):
    widths = table.widths if len(table.widths) >= table.columns and all(table.widths) else [1] * table.columns
    edges = [0]
    for width in widths[:table.columns]:
        edges.append(edges[-1] + width)
    return edges


def _flat(paragraph, *, keep_place):
    """Inside a cell alignment only centres the lines; it tells no side."""
    if keep_place:
        return paragraph
    return Paragraph(re.sub(r"^[ \t\u00a0]+", "", paragraph.text, flags=re.MULTILINE), bold=False)


# ── one stamp ─────────────────────────────────────────────────────────────────────────────────────────────

def _stamps(lines, side):
    starts = [index for index, text in enumerate(lines) if heading_of(text)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if stamp := _stamp(lines[start:end], side):
            yield stamp


def _stamp(lines, side):
    found = heading_of(lines[0]) if lines else None
    if not found:
        return None
    kind, heading, rest = found
    style = "gost" if heading.isupper() and not any(sign in heading for sign in _QUOTES) else "office"
    stamp = ImportedStamp(kind, side, heading=heading, style=style)
    posts, acts, dates = [], [], []
    for text in [rest, *lines[1:]]:
        _read_line(text.strip(), stamp, posts, acts, dates)
    if not re.search(r"(?:аю|ываю)", heading, re.IGNORECASE) and acts and not stamp.name:
        # «ПРИНЯТО / на педагогическом совете / школы № 12 / протокол …»: all of it names the act.
        acts, posts = [text.strip() for text in [rest, *lines[1:]] if text.strip() and not _is_blank_date(text)], []
    stamp.post = "\n".join(posts)
    _set_basis(stamp, acts)
    return stamp


def _name_at_end(text):
    found = _NAME_AT_END.match(text)
    return None if found and re.search(r"(?:^|\s)им(?:ени|\.)$", found["post"]) else found


def _is_blank_date(text):
    return bool(_DATE_LINE.match(text.strip())) and "_" in text


def _read_line(text, stamp, posts, acts, dates):
    if not text:
        return
    if _DATE_LINE.match(text):
        if acts and "_" not in text:
            acts.append(text)
        dates.append(text)
        return
    has_rule = bool(_RULE.search(text))
    bare = re.sub(r"\s+", " ", _UNDER_RULE.sub(" ", _RULE.sub(" ", text))) if has_rule else _UNDER_RULE.sub(" ", text)
    bare = bare.strip(" /\\|")
    if _NAME.fullmatch(bare.strip("() ")):
        bare = bare.strip("() ")
    if not bare or (has_rule and re.fullmatch(r"[\W_]*(?:20)?\W*г?\.?", bare)):
        return
    if not stamp.name and _NAME.fullmatch(bare):
        stamp.name = bare
    elif not stamp.name and not _BASIS.match(bare) and (found := _name_at_end(bare)) and (has_rule or posts or len(found["post"]) > 3):
        stamp.name = found["name"].strip()
        if found["post"].strip(" ,/"):
            posts.append(found["post"].strip(" /"))
    elif not stamp.name and not posts and (found := _NAME_AT_START.match(bare)):
        stamp.name = found["name"].strip()
        posts.append(found["post"].strip())
    elif _BASIS.match(bare) or (acts and not stamp.name and not posts and re.match(r"от\b|№", bare)):
        acts.append(bare)
    elif not stamp.name:
        posts.append(bare)


def _set_basis(stamp, acts):
    if not acts:
        return
    stamp.basis = "\n".join(acts)
    joined = " ".join(acts)
    if found := _ACT_DATE.search(joined):
        term = parse_term(found[1] + found[2], calendar_year(2020))
        stamp.basis_date = term.start if term.understood and term.start == term.end else None
    # «школы № 12, протокол № 3»: the number is that of the act.
    act = max((word.start() for word in _ACT.finditer(joined)), default=found.start() if found else 0)
    if number := _ACT_NUMBER.search(joined, act):
        stamp.basis_number = number[1]


def says_nothing(text):
    """A rule, «(подпись)», «М.П.» or a line for the date: what stands around a signature and is no text of the plan."""
    bare = _UNDER_RULE.sub(" ", _RULE.sub(" ", text)).strip(" _\t\u00a0/\\|.,")
    return not bare or bool(_DATE_LINE.match(text.strip()) or _DATE_LINE.match(bare))


def is_title(text):
    """The line begins the title: «План», «ПЛАН работы», «График заседаний»."""
    return bool(_TITLE.match(text))
