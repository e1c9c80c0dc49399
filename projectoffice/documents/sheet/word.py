"""The sheet as an editable Word file: the same layout, real lists, a repeated heading; a working copy, never the document itself."""
import io
import zipfile
from itertools import count

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from projectoffice.common.lines import nested

from .flow import SIGNS
from .layout import Section, plan_sheet
from .text import clean

FONT = "Times New Roman"
MARGINS = {"left_margin": Mm(30), "right_margin": Mm(15), "top_margin": Mm(20), "bottom_margin": Mm(20)}
HEADER = Mm(10)
STAMP_WIDTHS = (Mm(85), Mm(80))
SIGNATURE_SHARES = (45, 30, 25)
LINE = "______________"
DATE_LINE = "«___» ______________ 20__ г."
LEVELS = 6
NUMBERING_FROM = 100
CELL_MARGIN = 108
TALL_ROW = Mm(9)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
CENTER, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
ALIGNS = {"center": CENTER, "right": RIGHT}
INDENT = Mm(12.5)


def render_docx(snapshot, *, note="рабочая копия"):
    """Return the bytes of a .docx with the layout of the sheet; same input, same bytes; nobody's name in its properties."""
    sheet = plan_sheet(snapshot)
    copy = _Copy(sheet)
    copy.header(clean(note))
    copy.stamps(sheet.head_stamps)
    copy.title()
    for part in sheet.parts:
        copy.part(part)
    copy.stamps(sheet.foot_stamps, before=True)
    for stamp in sheet.foot_lines:
        copy.signature(stamp)
    for part in sheet.after:
        copy.part(part)
    return _settled(copy.document)


class _Copy:
    """A Word document being written from top to bottom."""

    def __init__(self, sheet):
        self.sheet, self.document = sheet, Document()
        self.lists = _Lists(self.document)
        _set_text(self.document)
        self.width = _set_page(self.document.sections[0], sheet.landscape)
        _set_properties(self.document, sheet.plain_title)

    def paragraph(self, text="", *, bold=False, align=None):
        paragraph = self.document.add_paragraph()
        _write(paragraph, text, bold=bold)
        paragraph.alignment = align
        return paragraph

    def header(self, note):
        """The note on every page, the page's number at the top centre from the second page on."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        first, later = section.first_page_header.paragraphs[0], section.header.paragraphs[0]
        first.alignment = RIGHT
        _write(first, note, size=10)
        later.paragraph_format.tab_stops.clear_all()
        later.paragraph_format.tab_stops.add_tab_stop(self.width // 2, WD_TAB_ALIGNMENT.CENTER)
        later.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT)
        later.add_run("\t")
        _field(later, "PAGE")
        later.add_run("\t")
        _write(later, note, size=10)

    def stamps(self, pairs, *, before=False):
        if not pairs:
            return
        if before:
            self.paragraph()
        rows = [[_stamp_lines(stamp, _tallest(pair)) for stamp in pair] for pair in pairs]
        self._plain_table([[[(text, False) for text in [*lines, ""]] for lines in row] for row in rows],
                          [STAMP_WIDTHS[0], self.width - STAMP_WIDTHS[0]] if not self.sheet.landscape
                          else [self.width - STAMP_WIDTHS[1], STAMP_WIDTHS[1]])

    def title(self):
        for text in self.sheet.above:
            self.paragraph(text, align=CENTER)
        if self.sheet.above:
            self.paragraph()
        for text in self.sheet.title:
            self.paragraph(text, bold=True, align=CENTER)
        if self.sheet.basis:
            self.paragraph(self.sheet.basis, align=CENTER)
        self.paragraph()
        self.ends(self.sheet.ends)
        for text in self.sheet.place:
            self.paragraph(text, align=CENTER)

    def ends(self, ends):
        if not any(ends):
            return
        paragraph = self.paragraph(ends[0])
        paragraph.paragraph_format.tab_stops.add_tab_stop(self.width, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run("\t")
        _write(paragraph, ends[1])
        paragraph.paragraph_format.space_after = Pt(6)

    def part(self, sections):
        first = sections[0]
        if first.new_page and first.kind != "text":
            self.paragraph().add_run().add_break(WD_BREAK.PAGE)
        if first.kind == "pair":
            self.ends(first.ends)
        elif first.kind == "text":
            self.prose(first)
        else:
            self.table(sections)

    def prose(self, section):
        align = ALIGNS.get(section.align, JUSTIFY)
        printed = []
        if section.title:
            printed.append(self.paragraph(section.title, bold=True, align=ALIGNS.get(section.align)))
            heading = printed[0].paragraph_format
            heading.keep_with_next, heading.space_before = True, Pt(8)
        lines = list(self.lists.numbered(section.lines))
        if (section.lead or section.number) and (not lines or lines[0][3] != "paragraph"):
            lines.insert(0, ("", 0, None, "paragraph"))
        for place, (text, level, number, marker) in enumerate(lines):
            printed.append(self.paragraph(align=align))
            if not place:
                _lead(printed[-1], section, text, len(lines) > 1)
            _write(printed[-1], text)
            _place(printed[-1], level, number, marker)
            if marker == "paragraph":
                _indent(printed[-1].paragraph_format, section, hangs=not place)
        if printed and not (section.title or section.number or section.lead):
            printed[0].paragraph_format.space_before = Pt(6)
        if section.new_page and printed:
            printed[0].paragraph_format.page_break_before = True

    def table(self, sections):
        own = sections[0].columns
        columns, size = own or self.sheet.columns, 10 if self.sheet.small else None
        if own and sections[0].title:
            above = self.paragraph(sections[0].title, bold=True).paragraph_format
            above.keep_with_next, above.space_before, above.space_after = True, Pt(12), Pt(4)
        widths = [int(self.width * column.width / 100) for column in columns]
        table = self._table(widths, borders=True)
        heading = [[(column.title, True)] for column in columns]
        self._row(table, widths, heading, size=size, aligns=[CENTER] * len(columns), heading=True)
        for section in sections if any(section.rows or section.title and not own for section in sections) else [Section("table", "", [[[]] * len(columns)])]:
            if section.title and not own:
                self._row(table, [sum(widths)], [[(section.title, True)]], size=size, aligns=[CENTER], span=len(columns))
            for row in section.rows:
                self._lines_row(table, widths, row, size)
        self.document.element.body.sectPr.addprevious(table)
        # Word wants a paragraph after a table; a tiny one adds no empty page.
        self.paragraph().paragraph_format.line_spacing = Pt(1)

    def signature(self, stamp):
        widths = [self.width * share // 100 for share in SIGNATURE_SHARES]
        self.paragraph()
        if stamp.heading:
            self.paragraph(stamp.heading)
        cells = [[(text, False) for text in stamp.post], [("" if stamp.by_act else LINE, False)], [(stamp.name, False)]]
        self._plain_table([cells], widths, aligns=(None, CENTER, RIGHT), bottom=True)
        for text in stamp.basis:
            self.paragraph(text)
        if stamp.dated:
            self.paragraph(DATE_LINE)

    def _plain_table(self, rows, widths, *, aligns=None, bottom=False):
        table = self._table(widths, borders=False)
        for cells in rows:
            self._row(table, widths, cells, aligns=aligns, bottom=bottom)
        self.document.element.body.sectPr.addprevious(table)

    def _table(self, widths, *, borders):
        table = _element("w:tbl")
        facts = _element("w:tblPr")
        if borders:
            facts.append(_element("w:tblStyle", val="TableGrid"))
        facts.append(_element("w:tblW", w=str(_twips(sum(widths))), type="dxa"))
        # The frame, or the text where there is none, begins at the margin like the rest of the sheet.
        facts.append(_element("w:tblInd", w=str(CELL_MARGIN if borders else 0), type="dxa"))
        facts.append(_element("w:tblLayout", type="fixed"))
        if not borders:
            facts.append(_no_margins())
        grid = _element("w:tblGrid")
        grid.extend(_element("w:gridCol", w=str(_twips(width))) for width in widths)
        table.append(facts)
        table.append(grid)
        return table

    def _row(self, table, widths, cells, *, size=None, aligns=None, heading=False, span=1, bottom=False):
        row = _table_row(heading)
        for width, lines, align in zip(widths, cells, aligns or [None] * len(cells), strict=True):
            cell = _cell(width, span, bottom=bottom)
            for text, bold in lines or [("", False)]:
                paragraph = _paragraph_in(cell)
                _write(paragraph, text, bold=bold, size=size)
                paragraph.alignment = align
            row.append(cell)
        table.append(row)

    def _lines_row(self, table, widths, cells, size):
        row = _table_row(False)
        if self.sheet.tall:
            facts = _element("w:trPr")
            facts.append(_element("w:trHeight", val=str(_twips(TALL_ROW)), hRule="atLeast"))
            row.append(facts)
        for width, lines in zip(widths, cells, strict=True):
            cell = _cell(width)
            for text, level, number, marker in self.lists.numbered(lines) if lines else [("", 0, None, "paragraph")]:
                paragraph = _paragraph_in(cell)
                _write(paragraph, text, size=size)
                _place(paragraph, level, number, marker)
            row.append(cell)
        table.append(row)


class _Lists:
    """Word's own lists: bullets and dashes share one definition each, every numbered list starts its own count."""

    def __init__(self, document):
        self.root = document.part.numbering_part.element
        self.ids = count(NUMBERING_FROM)
        self.shapes, self.shared = {}, {}
        for marker in ("bullet", "dash", "number"):
            self._define(marker)

    def numbered(self, lines):
        """Yield (text, level, id of the Word list or None, marker) for each line."""
        yield from self._walk(nested(lines))

    def _walk(self, blocks):
        for block in blocks:
            number = None if block.marker == "paragraph" else self._list(block.marker, block.level)
            for entry in block.entries:
                yield entry.text, block.level, number, block.marker
                yield from self._walk(entry.inside)

    def _list(self, marker, level):
        if marker == "number":
            return self._number(marker, restart=level)
        if marker not in self.shared:
            self.shared[marker] = self._number(marker)
        return self.shared[marker]

    def _number(self, marker, restart=None):
        number = next(self.ids)
        item = _element("w:num", numId=str(number))
        item.append(_element("w:abstractNumId", val=str(self.shapes[marker])))
        if restart is not None:
            override = _element("w:lvlOverride", ilvl=str(restart))
            override.append(_element("w:startOverride", val="1"))
            item.append(override)
        self.root.append(item)
        return number

    def _define(self, marker):
        self.shapes[marker] = next(self.ids)
        shape = _element("w:abstractNum", abstractNumId=str(self.shapes[marker]))
        shape.append(_element("w:multiLevelType", val="hybridMultilevel"))
        shape.extend(self._level(marker, level) for level in range(LEVELS))
        first = self.root.find(qn("w:num"))
        if first is None:
            self.root.append(shape)
        else:
            first.addprevious(shape)

    def _level(self, marker, level):
        item = _element("w:lvl", ilvl=str(level))
        item.append(_element("w:start", val="1"))
        item.append(_element("w:numFmt", val="decimal" if marker == "number" else "bullet"))
        item.append(_element("w:lvlText", val=f"%{level + 1}." if marker == "number" else SIGNS[marker]))
        item.append(_element("w:lvlJc", val="left"))
        place = _element("w:pPr")
        place.append(_element("w:ind", left=str(284 * (level + 1)), hanging="284"))
        item.append(place)
        face = _element("w:rPr")
        face.append(_element("w:rFonts", ascii=FONT, hAnsi=FONT, cs=FONT))
        item.append(face)
        return item


def _tallest(pair):
    return max(len(stamp.post) + len(stamp.basis) for stamp in pair if stamp)


def _stamp_lines(stamp, height):
    """The lines of a stamp; empty ones bring the signatures of one row to one level."""
    if stamp is None:
        return []
    lines = [stamp.heading, *stamp.post, *stamp.basis]
    if stamp.by_act:
        return lines
    return [*lines, *[""] * (height - len(lines) + 1), "", f"{LINE} {stamp.name}".rstrip(), *([DATE_LINE] if stamp.dated else [])]


def _set_text(document):
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.0
    face = style.element.get_or_add_rPr()
    for name in ("w:cs", "w:eastAsia"):
        face.rFonts.set(qn(name), FONT)
    face.append(_element("w:lang", val="ru-RU", eastAsia="ru-RU"))


def _set_page(section, landscape):
    width, height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = width, height
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.header_distance = HEADER
    return width - MARGINS["left_margin"] - MARGINS["right_margin"]


def _set_properties(document, title):
    facts = document.core_properties
    facts.title, facts.language = title[:250], "ru-RU"
    facts.author = facts.last_modified_by = facts.comments = facts.keywords = facts.subject = ""


def _no_margins():
    margins = _element("w:tblCellMar")
    margins.extend(_element(f"w:{side}", w="0", type="dxa") for side in ("left", "right"))
    return margins


def _table_row(heading):
    row = _element("w:tr")
    if heading:
        facts = _element("w:trPr")
        facts.append(_element("w:cantSplit"))
        facts.append(_element("w:tblHeader"))
        row.append(facts)
    return row


def _cell(width, span=1, *, bottom=False):
    cell, facts = _element("w:tc"), _element("w:tcPr")
    facts.append(_element("w:tcW", w=str(_twips(width)), type="dxa"))
    if span > 1:
        facts.append(_element("w:gridSpan", val=str(span)))
    if bottom:
        facts.append(_element("w:vAlign", val="bottom"))
    cell.append(facts)
    return cell


def _paragraph_in(cell):
    paragraph = _element("w:p")
    cell.append(paragraph)
    return Paragraph(paragraph, None)


def _write(paragraph, text, *, bold=False, size=None):
    if not text:
        return
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    if size:
        run.font.size = Pt(size)


def _place(paragraph, level, number, marker):
    if marker == "paragraph":
        if level:
            paragraph.paragraph_format.left_indent = Mm(5 * level)
        return
    facts = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    facts.get_or_add_ilvl().val = level
    facts.get_or_add_numId().val = number


def _lead(paragraph, section, text, has_more):
    """The number a text hangs on, the bold word it begins with."""
    if section.number:
        _write(paragraph, f"{section.number}\t")
    if section.lead:
        _write(paragraph, f"{section.lead} " if text else section.lead, bold=True)
        paragraph.paragraph_format.space_before = Pt(6)
        paragraph.paragraph_format.keep_with_next = has_more


def _indent(layout, section, *, hangs):
    """The first line of a paragraph goes in by the standard's indent, or out to the number it hangs on."""
    if section.number:
        layout.left_indent = INDENT
        if hangs:
            layout.first_line_indent, layout.space_before = -INDENT, Pt(3)
    elif section.indent:
        layout.first_line_indent = INDENT


def _field(paragraph, name):
    for kind in ("begin", "instr", "end"):
        run = paragraph.add_run()
        if kind == "instr":
            item = _element("w:instrText")
            item.text = name
        else:
            item = _element("w:fldChar", fldCharType=kind)
        run._r.append(item)


def _element(tag, **attributes):
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _twips(length):
    return round(length / 635)


def _settled(document):
    """The file with fixed dates inside, so that the same content is the same bytes."""
    draft, package = io.BytesIO(), document.part.package
    for key in [key for key, link in package.rels.items() if link.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        # The library's blank document brings a picture of itself.
        del package.rels[key]
    document.save(draft)
    result = io.BytesIO()
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(zipfile.ZipInfo(item.filename, ZIP_TIME), source.read(item), zipfile.ZIP_DEFLATED)
    return result.getvalue()
