"""A Word document as plain paragraphs and tables, for the importers.

Read with lxml straight from the parts: tracked changes as if accepted, text of hyperlinks, fields, content controls and
text boxes, list marks and numbers from numbering.xml and the styles, merged cells. Formatting is kept only where it tells
what a thing is: alignment, boldness, indentation. Call it for checked files only (`wordfile.check_docx`).
"""
import re
import zipfile
from dataclasses import dataclass, field

from lxml import etree

from .lines import BULLETS, DASHES
from .text import scrub
from .wordfile import FileRefused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode())
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
BLOCK_LIMIT = 60_000


@dataclass(frozen=True)
class ListMark:
    """A list mark drawn by Word: bullet, dash or number; `number` is the printed one («1.»)."""
    marker: str
    list_id: str
    level: int
    number: str = ""
    value: int = 0


@dataclass
class Paragraph:
    """`text` has \\n for line breaks and \\t for tabs; `indent` is where its first sign stands, in twips."""
    text: str
    mark: ListMark | None = None
    align: str = ""
    bold: bool = False
    indent: int = 0
    left: int = 0
    side: str = ""
    column_break: bool = False
    glued: bool = False


@dataclass
class Cell:
    paragraphs: list
    column: int
    span: int = 1
    merged_up: bool = False
    tables: list = field(default_factory=list)

    @property
    def text(self):
        return "\n".join(paragraph.text for paragraph in self.paragraphs).strip()


@dataclass
class Row:
    cells: list

    def at(self, column):
        """The cell that covers the grid column, or None."""
        return next((cell for cell in self.cells if cell.column <= column < cell.column + cell.span), None)


@dataclass
class Table:
    rows: list
    widths: list

    @property
    def columns(self):
        return max((cell.column + cell.span for row in self.rows for cell in row.cells), default=0)


@dataclass
class WordDocument:
    blocks: list
    tracked_changes: bool = False
    newspaper_columns: bool = False

    @property
    def tables(self):
        """Every table, also those inside cells of others, in reading order."""
        return list(_tables(self.blocks))


def _tables(blocks):
    for block in blocks:
        if isinstance(block, Table):
            yield block
            for row in block.rows:
                for cell in row.cells:
                    yield from _tables(cell.tables)


def read_document(stream):
    """The WordDocument of a checked file; FileRefused when its XML is not well-formed."""
    with zipfile.ZipFile(stream) as archive:
        main = _main_part(archive)
        body = _xml(archive, main)
        folder = main.rpartition("/")[0]
        styles = _xml(archive, f"{folder}/styles.xml".lstrip("/"), needed=False)
        numbering = _xml(archive, f"{folder}/numbering.xml".lstrip("/"), needed=False)
    return _Reader(_Styles(styles), numbering).document(body)


def _main_part(archive):
    relations = _xml(archive, "_rels/.rels", needed=False)
    if relations is not None:
        for relation in relations.iter(f"{_REL}Relationship"):
            target = relation.get("Target", "").lstrip("/")
            if relation.get("Type", "").endswith("/officeDocument") and target in archive.namelist():
                return target
    return "word/document.xml"


def _xml(archive, name, *, needed=True):
    if name not in archive.namelist():
        if needed:
            raise FileRefused("В файле нет текста документа: он повреждён. Откройте его в Word, сохраните заново и загрузите.",
                              "damaged")
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
                             remove_pis=True)
    try:
        return etree.fromstring(archive.read(name).replace(*_STRICT), parser)
    except etree.XMLSyntaxError as reason:
        if not needed:
            return None
        raise FileRefused("Текст документа повреждён. Откройте его в Word, сохраните заново и загрузите.", "damaged") from reason


# ── styles and numbering ──────────────────────────────────────────────────────────────────────────────────

def _value(parent, *path):
    """The w:val of the element at the end of the path below `parent`, or None."""
    for name in path:
        parent = parent.find(W + name) if parent is not None else None
    return None if parent is None else parent.get(W + "val", "")


def _is_on(element):
    return element is not None and element.get(W + "val", "1") not in ("0", "false", "off")


def _int(value, default=0):
    try:
        return int(float(str(value).strip()))
    except (TypeError, ValueError, OverflowError):
        return default


_LIST_STYLE = re.compile(r"(?:list (bullet|number)|(маркированный|нумерованный) список)\s*(\d)?$", re.IGNORECASE)


class _Styles:
    """Paragraph properties that come from styles, through basedOn."""

    def __init__(self, root):
        self.by_id, self.default = {}, None
        for style in root.iter(W + "style") if root is not None else ():
            self.by_id.setdefault(style.get(W + "styleId"), style)
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
                self.default = style.get(W + "styleId")
        self._chains = {}

    def chain(self, style_id):
        """The style and what it is based on, nearest first."""
        style_id = style_id or self.default
        if style_id not in self._chains:
            chain, seen, current = [], set(), style_id
            while current in self.by_id and current not in seen:
                seen.add(current)
                chain.append(self.by_id[current])
                current = _value(self.by_id[current], "basedOn")
            self._chains[style_id] = chain
        return self._chains[style_id]

    def list_by_name(self, style_id):
        """(marker, level) of the built-in list styles, which some programs write without numbering; or None."""
        for style in self.chain(style_id):
            if found := _LIST_STYLE.match(_value(style, "name") or ""):
                kind = (found[1] or found[2]).lower()
                return ("bullet" if kind in ("bullet", "маркированный") else "number"), _int(found[3], 1) - 1
        return None


class _Numbering:
    """Lists of numbering.xml, with the counters that give every item its printed number."""

    def __init__(self, root, styles):
        self.styles, self.abstracts, self.nums = styles, {}, {}
        for abstract in root.findall(W + "abstractNum") if root is not None else ():
            self.abstracts[abstract.get(W + "abstractNumId")] = abstract
        for num in root.findall(W + "num") if root is not None else ():
            self.nums[num.get(W + "numId")] = num
        self.counters, self.used, self._levels = {}, set(), {}

    def level(self, num_id, ilvl):
        """(level element, start) or (None, 1)."""
        if (num_id, ilvl) not in self._levels:
            self._levels[num_id, ilvl] = self._find_level(num_id, ilvl)
        return self._levels[num_id, ilvl]

    def _find_level(self, num_id, ilvl):
        num = self.nums.get(num_id)
        if num is None:
            return None, 1
        start = None
        for override in num.findall(W + "lvlOverride"):
            if _int(override.get(W + "ilvl")) == ilvl:
                start = _value(override, "startOverride")
                if (own := override.find(W + "lvl")) is not None:
                    return own, _int(start if start is not None else _value(own, "start"), 1)
        for level in self._abstract_levels(self.abstract_id(num_id)):
            if _int(level.get(W + "ilvl")) == ilvl:
                return level, _int(start if start is not None else _value(level, "start"), 1)
        return None, 1

    def abstract_id(self, num_id):
        return _value(self.nums.get(num_id), "abstractNumId")

    def _abstract_levels(self, abstract_id, depth=0):
        abstract = self.abstracts.get(abstract_id)
        if abstract is None or depth > 5:
            return []
        link = _value(abstract, "numStyleLink")
        for style in self.styles.chain(link) if link else ():
            if linked := _value(style, "pPr", "numPr", "numId"):
                return self._abstract_levels(self.abstract_id(linked), depth + 1)
        return abstract.findall(W + "lvl")

    def level_of_style(self, num_id, style_id):
        for level in self._abstract_levels(self.abstract_id(num_id)):
            if style_id and _value(level, "pStyle") == style_id:
                return _int(level.get(W + "ilvl"))
        return 0

    def mark(self, num_id, ilvl):
        """The next ListMark of the list; None when the list draws nothing."""
        level, start = self.level(num_id, ilvl)
        if level is None:
            return None
        kind, pattern = _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
        if kind == "none" or (kind == "bullet" and not pattern.strip()):
            return None
        if kind == "bullet":
            return ListMark("dash" if pattern.strip()[0] in DASHES + "\uf02d" else "bullet", num_id, ilvl)
        value = self._count(num_id, ilvl, start)
        return ListMark("number", num_id, ilvl, self._printed(num_id, pattern, ilvl), value)

    def _count(self, num_id, ilvl, start):
        # Lists of one abstract list go on counting, unless theirs begins anew with a startOverride.
        counters = self.counters.setdefault(self.abstract_id(num_id), {})
        if num_id not in self.used:
            self.used.add(num_id)
            for override in self.nums[num_id].findall(W + "lvlOverride"):
                if override.find(W + "startOverride") is not None:
                    counters.pop(_int(override.get(W + "ilvl")), None)
        counters[ilvl] = counters[ilvl] + 1 if ilvl in counters else start
        for deeper in [level for level in counters if level > ilvl]:
            del counters[deeper]
        return counters[ilvl]

    def _printed(self, num_id, pattern, ilvl):
        counters = self.counters[self.abstract_id(num_id)]

        def one(found):
            level, start = self.level(num_id, int(found[1]) - 1)
            kind = _value(level, "numFmt") if level is not None else "decimal"
            return _numeral(counters.get(int(found[1]) - 1, start), kind)
        return re.sub(r"%([1-9])", one, pattern).strip() or _numeral(counters[ilvl], "decimal")


_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def _numeral(value, kind):
    if kind in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        text = _roman(value)
        return text if kind == "upperRoman" else text.lower()
    letters = _RUSSIAN if kind and kind.startswith("russian") else _LATIN if kind in ("lowerLetter", "upperLetter") else ""
    if letters and value > 0:
        letter = letters[(value - 1) % len(letters)] * ((value - 1) // len(letters) + 1)
        return letter.upper() if kind in ("upperLetter", "russianUpper") else letter
    return f"{value:02}" if kind == "decimalZero" else str(value)


def _roman(value):
    text = ""
    for size, sign in ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
                       (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")):
        text, value = text + sign * (value // size), value % size
    return text


# ── the text ──────────────────────────────────────────────────────────────────────────────────────────────

_CHANGES = {W + name for name in ("ins", "del", "moveFrom", "moveTo")}
_GONE = {W + name for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr", "footnoteReference", "endnoteReference",
                               "commentReference", "rt", "sdtPr", "tblPr", "trPr", "tcPr")}
_TRANSPARENT_BLOCKS = {W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
# What Word's symbol fonts draw at private code points, as far as plans use it.
_SYMBOLS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf02d": "–", "\uf0be": "–", "\uf0e0": "→", "\uf0a8": "◦"}


class _Reader:
    def __init__(self, styles, numbering):
        self.styles, self.numbering = styles, _Numbering(numbering, styles)
        self.tracked, self.count = False, 0

    def document(self, root):
        body = root.find(W + "body")
        blocks = self.blocks(body if body is not None else root)
        newspaper = any(_int(cols.get(W + "num")) > 1 for cols in root.iter(W + "cols"))
        return WordDocument(blocks, self.tracked, newspaper)

    def blocks(self, parent):
        """Paragraphs and tables below `parent`, in order. Depth is bounded by libxml2 (256)."""
        blocks = []
        for node in parent:
            if node.tag == W + "p":
                blocks.extend(self.paragraph(node))
            elif node.tag == W + "tbl":
                blocks.append(self.table(node))
            elif node.tag in _TRANSPARENT_BLOCKS:
                self.tracked = self.tracked or node.tag in _CHANGES
                blocks.extend(self.blocks(node))
            elif node.tag == _MC + "AlternateContent":
                blocks.extend(self.blocks(_choice(node)))
            elif node.tag in _CHANGES:
                self.tracked = True
        return _join_deleted_marks(blocks)

    def table(self, node):
        widths = [_int(column.get(W + "w")) for column in node.findall(f"{W}tblGrid/{W}gridCol")]
        rows = []
        for row in _rows_of(node):
            properties = row.find(W + "trPr")
            if properties is not None and properties.find(W + "del") is not None:
                self.tracked = True
                continue
            rows.append(self.row(row, properties))
        return Table(rows, widths)

    def row(self, node, properties):
        column, cells = _int(_value(properties, "gridBefore")), []
        for cell in _cells_of(node):
            cell_properties = cell.find(W + "tcPr")
            span = min(63, max(1, _int(_value(cell_properties, "gridSpan"), 1)))
            merge = cell_properties.find(W + "vMerge") if cell_properties is not None else None
            blocks = self.blocks(cell)
            tables = [block for block in blocks if isinstance(block, Table)]
            cells.append(Cell(list(_paragraphs(blocks)), column, span,
                              merge is not None and merge.get(W + "val", "continue") != "restart", tables))
            column += span
        return Row(cells)

    def paragraph(self, node):
        """The paragraphs of its text boxes, then the paragraph itself."""
        self.count += 1
        if self.count > BLOCK_LIMIT:
            raise FileRefused("В документе слишком много абзацев. Скопируйте таблицу плана в новый документ и загрузите его.", "too_long")
        properties = node.find(W + "pPr")
        style_id = _value(properties, "pStyle")
        pieces, boxes = [], []
        self.text(node, pieces, boxes)
        text = scrub("".join(pieces).replace("\x0e", ""))
        mark = self.mark(properties, style_id)
        left, indent = self.indents(properties, style_id, mark)
        made = Paragraph(text, mark, self.align(properties, style_id), self.bold(node, style_id), indent, left,
                         column_break="\x0e" in "".join(pieces),
                         glued=properties is not None and properties.find(f"{W}rPr/{W}del") is not None)
        return [*boxes, made]

    def text(self, node, pieces, boxes):
        for child in node:
            tag = child.tag
            if tag in _CHANGES:
                self.tracked = True
            if tag in _GONE or not isinstance(tag, str):
                continue
            if tag in (W + "t", _MATH_TEXT):
                pieces.append(child.text or "")
            elif tag == W + "r":
                if not _is_on(child.find(f"{W}rPr/{W}vanish")):
                    self.text(child, pieces, boxes)
            elif tag in (W + "br", W + "cr"):
                kind = child.get(W + "type")
                pieces.append({"column": "\x0e", "page": ""}.get(kind, "\n"))
            elif tag in (W + "tab", W + "ptab"):
                pieces.append("\t")
            elif tag == W + "noBreakHyphen":
                pieces.append("-")
            elif tag == W + "sym":
                pieces.append(_symbol(child))
            elif tag == W + "txbxContent":
                boxes.extend(self.box(child))
            elif tag == _MC + "AlternateContent":
                self.text(_choice(child), pieces, boxes)
            else:
                self.text(child, pieces, boxes)

    def box(self, node):
        side = _side_of_box(node)
        paragraphs = list(_paragraphs(self.blocks(node)))
        for paragraph in paragraphs:
            paragraph.side = side
        return paragraphs

    def mark(self, properties, style_id):
        own = properties.find(W + "numPr") if properties is not None else None
        num_id, ilvl = _value(own, "numId"), _value(own, "ilvl")
        for style in self.styles.chain(style_id):
            if num_id is None and (num_id := _value(style, "pPr", "numPr", "numId")) is not None and ilvl is None:
                ilvl = _value(style, "pPr", "numPr", "ilvl")
                if ilvl is None:
                    ilvl = self.numbering.level_of_style(num_id, style.get(W + "styleId"))
        if num_id in (None, "", "0"):
            named = self.styles.list_by_name(style_id) if num_id is None else None
            return ListMark(named[0], f"style {named[0]}", named[1]) if named else None
        return self.numbering.mark(num_id, min(8, max(0, _int(ilvl))))

    def indents(self, properties, style_id, mark):
        """(left, where the first sign stands) in twips: own, else of the list, else of the style."""
        sources = [properties.find(W + "ind") if properties is not None else None]
        if mark is not None:
            level, _ = self.numbering.level(mark.list_id, mark.level)
            sources.append(level.find(f"{W}pPr/{W}ind") if level is not None else None)
        sources.extend(style.find(f"{W}pPr/{W}ind") for style in self.styles.chain(style_id))
        left, hanging = _first(sources, "left", "start"), _first(sources, "hanging")
        left = _int(left)
        return left, left - _int(hanging)

    def align(self, properties, style_id):
        for source in (properties, *(style.find(W + "pPr") for style in self.styles.chain(style_id))):
            if (value := _value(source, "jc")) is not None:
                return {"end": "right", "start": "left", "both": "left"}.get(value, value)
        return ""

    def bold(self, node, style_id):
        runs = [run for run in node.iter(W + "r") if "".join(run.itertext(W + "t")).strip()]
        if not runs:
            return False
        styled = any(_is_on(style.find(f"{W}rPr/{W}b")) for style in self.styles.chain(style_id))
        return all(_is_on(bold) if (bold := run.find(f"{W}rPr/{W}b")) is not None else styled for run in runs)


def _first(sources, *names):
    for source in sources:
        for name in names:
            if source is not None and (value := source.get(W + name)) is not None:
                return value
    return None


def _choice(node):
    """The branch of mc:AlternateContent Word would show; an empty list when there is none."""
    for name in ("Choice", "Fallback"):
        if (branch := node.find(_MC + name)) is not None:
            return branch
    return []


def _rows_of(node):
    for child in node:
        if child.tag == W + "tr":
            yield child
        elif child.tag in _TRANSPARENT_BLOCKS:
            yield from _rows_of(child)


def _cells_of(node):
    for child in node:
        if child.tag == W + "tc":
            yield child
        elif child.tag in _TRANSPARENT_BLOCKS:
            yield from _cells_of(child)


def _paragraphs(blocks):
    """All paragraphs, those of inner tables in reading order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from cell.paragraphs


def _join_deleted_marks(blocks):
    """A tracked deletion of a paragraph's end joins it with the next one."""
    joined = []
    for block in blocks:
        if joined and isinstance(block, Paragraph) and isinstance(joined[-1], Paragraph) and joined[-1].glued:
            joined[-1].text += block.text
            joined[-1].glued = block.glued
        else:
            joined.append(block)
    return joined


def _symbol(node):
    try:
        sign = chr(int(node.get(W + "char", ""), 16))
    except (ValueError, OverflowError):
        return ""
    sign = chr(0xF000 + ord(sign)) if ord(sign) < 0x100 else sign
    return _SYMBOLS.get(sign, "•" if sign in BULLETS or "\ue000" <= sign <= "\uf8ff" else sign)


_HALF_PAGE_EMU = 2_900_000


def _side_of_box(node):
    """left or right, from the position of the text box; empty when it is not told."""
    for parent in node.iterancestors():
        if parent.tag == _WP + "anchor":
            position = parent.find(_WP + "positionH")
            if position is None:
                return ""
            align = position.findtext(_WP + "align")
            if align:
                return align if align in ("left", "right") else ""
            return "right" if _int(position.findtext(_WP + "posOffset")) > _HALF_PAGE_EMU else "left"
        if found := re.search(r"margin-left:\s*([\d.]+)pt", parent.get("style", "")):
            return "right" if float(found[1]) * 12_700 > _HALF_PAGE_EMU else "left"
        if parent.tag == W + "p":
            return ""
    return ""
