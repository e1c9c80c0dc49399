"""Text with lists, as a JSON list of lines `{"text", "level", "marker"}`.

Marker: paragraph, bullet, dash or number; level 0–5. Here is the only code that validates such lists, reads
them from typed text or Word's clipboard, and turns them into HTML and plain text. Everything else that prints
lines (PDF, Word) goes through `nested` or `labelled`, so a list looks the same everywhere.
"""
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from lxml import etree, html

from .markup import format_words
from .text import TOPIC_LIMIT, clean_text, scrub, without_signs

MARKERS = ("paragraph", "bullet", "dash", "number")
MAX_LEVEL = 5
MAX_LINES = 500
CLIPBOARD_LIMIT = 2_000_000
INDENT = "  "

DASHES = "-–—−‐‑‒―"
BULLETS = "•·●○◦▪▫■□♦◆►▶➢➤✓✔*\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d"
GLYPHS = {"paragraph": "", "bullet": "•", "dash": "–"}

_TYPED_DASH = re.compile(rf"[{DASHES}][ \t\u00a0]+")
_TYPED_BULLET = re.compile(rf"(?:[{re.escape(BULLETS)}][ \t\u00a0]+|[•●▪\uf0b7\uf0a7][ \t\u00a0]*)")
_TYPED_NUMBER = re.compile(r"\d{1,3}[.)][ \t\u00a0]+")
_INDENTATION = re.compile(r"[ \t\u00a0]*")


def line(text, level=0, marker="paragraph"):
    return {"text": text, "level": level, "marker": marker}


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────

def validate(lines, *, limit=TOPIC_LIMIT):
    """The lines as they may be stored, a new list: texts cleaned, empty lines left out.

    Raises ValidationError (in Russian) for anything that is not such a list or is longer than `limit` characters.
    """
    if not isinstance(lines, list):
        raise ValidationError("Текст пришёл не в том виде. Обновите страницу и повторите.", code="lines_shape")
    if len(lines) > MAX_LINES:
        raise ValidationError(f"Здесь помещается не больше {MAX_LINES} абзацев. Разделите текст.", code="too_many_lines")
    checked = [_validate_line(item) for item in lines]
    checked = [item for item in checked if item["text"]]
    clean_text("".join(item["text"] for item in checked), limit=limit)
    return checked


def _validate_line(item):
    shape = isinstance(item, dict) and set(item) == {"text", "level", "marker"}
    if not shape or not isinstance(item["text"], str) or item["marker"] not in MARKERS:
        raise ValidationError("Текст пришёл не в том виде. Обновите страницу и повторите.", code="lines_shape")
    level = item["level"]
    if type(level) is not int or not 0 <= level <= MAX_LEVEL:
        raise ValidationError(f"В списке может быть не больше {MAX_LEVEL + 1} уровней.", code="lines_level")
    return line(clean_text(item["text"]), level, item["marker"])


# ── typed text ────────────────────────────────────────────────────────────────────────────────────────────

def from_text(typed):
    """Lines from what was typed in a textarea.

    «– » or «- » is a dash, «• » or «* » a bullet, «1. » or «1) » a number, two spaces or a tab one level in,
    anything else a paragraph. A backslash before the first sign takes its meaning away («\\- » stays as typed).
    Raises ValidationError for control characters; length is left to `validate`.
    """
    return [read_line(row) for row in without_signs(typed, multiline=True).split("\n") if row.strip()]


def read_line(row):
    """One typed line without its line end."""
    indent = _INDENTATION.match(row).group()
    level = min(MAX_LEVEL, indent.count("\t") + (len(indent) - indent.count("\t")) // len(INDENT))
    text = " ".join(row[len(indent):].rstrip().split("\t"))
    if text.startswith("\\"):
        return line(text[1:].strip(), level)
    marker, length = typed_marker(text)
    return line(text[length:].strip(), level, marker)


def typed_marker(text):
    """(marker, length of the typed sign with its blanks); («paragraph», 0) when there is none."""
    for marker, pattern in (("dash", _TYPED_DASH), ("bullet", _TYPED_BULLET), ("number", _TYPED_NUMBER)):
        if (found := pattern.match(text)) and text[found.end():].strip():
            return marker, found.end()
    return "paragraph", 0


def to_text(lines):
    """The text that `from_text` reads back to the same lines."""
    rows = []
    for item, glyph in labelled(lines):
        text = item["text"]
        if item["marker"] == "paragraph" and (text.startswith("\\") or typed_marker(text)[1]):
            text = "\\" + text
        elif item["marker"] != "paragraph":
            text = f"{glyph} {text}"
        rows.append(INDENT * item["level"] + text)
    return "\n".join(rows)


def plain(lines):
    """The text for search, letters and comparison: one line each, with its sign."""
    return "\n".join(f"{INDENT * item['level']}{glyph} {item['text']}".rstrip() if glyph
                     else INDENT * item["level"] + item["text"] for item, glyph in labelled(lines))


# ── the shape of lists ────────────────────────────────────────────────────────────────────────────────────

@dataclass
class Entry:
    """One line of a list, with what stands inside it."""
    text: str
    number: int = 0
    inside: list = field(default_factory=list)


@dataclass
class Block:
    """A paragraph (one entry) or a list of entries; `inside` of an entry holds blocks again."""
    marker: str
    level: int
    entries: list


def nested(lines):
    """The lines as blocks: paragraphs and lists inside lists. A level that jumps is one step deeper, no more."""
    top, open_lists = [], []
    for item in lines:
        while open_lists and _closes(open_lists[-1], item):
            open_lists.pop()
        siblings = open_lists[-1].entries[-1].inside if open_lists and open_lists[-1].level < item["level"] else top
        if open_lists and open_lists[-1].level == item["level"]:
            block = open_lists[-1]
        else:
            block = Block(item["marker"], item["level"], [])
            siblings.append(block)
            if item["marker"] != "paragraph":
                open_lists.append(block)
        block.entries.append(Entry(item["text"], len(block.entries) + 1))
    return top


def _closes(block, item):
    return block.level > item["level"] or (block.level == item["level"] and block.marker != item["marker"])


def labelled(lines):
    """Pairs (line, its printed sign): «•», «–», «1.», or nothing for a paragraph."""
    numbers = _numbers(nested(lines))
    return [(item, f"{number}." if item["marker"] == "number" else GLYPHS[item["marker"]])
            for item, number in zip(lines, numbers, strict=True)]


def _numbers(blocks):
    for block in blocks:
        for entry in block.entries:
            yield entry.number
            yield from _numbers(entry.inside)


def to_html(lines, lead=""):
    """Real nested lists: `<p>`, `<ul class="lines-dash">`, `<ul class="lines-bullet">`, `<ol class="lines-number">`.

    `lead` is a bold word before the first paragraph, or over the list the text begins with.
    """
    frame, words = html_frame(lines, lead)
    return format_words(frame, words) if words else ""


def html_frame(lines, lead=""):
    """The same as a format and the words for it, for who puts more around it: a paper has hundreds of them."""
    if not lead:
        return _lines_frame(lines)
    first, rest = (lines[0]["text"], lines[1:]) if lines and lines[0]["marker"] == "paragraph" else ("", lines)
    frame, words = _lines_frame(rest)
    return "<p><strong>{}</strong> {}</p>" + frame, [lead, first, *words]


def _lines_frame(lines):
    """Paragraphs alone, the most of what is printed, need no tree."""
    if all(each["marker"] == "paragraph" for each in lines):
        return "<p>{}</p>" * len(lines), [each["text"] for each in lines]
    return "{}", [_blocks_html(nested(lines))]


def _blocks_html(blocks):
    return format_html_join("", "{}", ((_block_html(block),) for block in blocks))


def _block_html(block):
    if block.marker == "paragraph":
        return format_html("<p>{}</p>", block.entries[0].text)
    entries = format_html_join("", "<li>{}{}</li>", ((entry.text, _blocks_html(entry.inside) if entry.inside else "") for entry in block.entries))
    tag = "ol" if block.marker == "number" else "ul"
    return format_html('<{0} class="lines-{1}">{2}</{0}>', tag, block.marker, entries)


# ── Word's clipboard ──────────────────────────────────────────────────────────────────────────────────────

_MSO_LIST = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d+)", re.IGNORECASE)
_SIGN_OF_ORDER = re.compile(r"\(?(?:\d+|[ivxlcdm]+|[a-zа-я])[.)]|\d", re.IGNORECASE)
_BLOCK_TAGS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "blockquote", "pre"}
_SKIPPED_TAGS = {"style", "script", "head", "title", "meta", "link", "template", "xml"}


def from_word_clipboard(pasted):
    """Lines from Word's, LibreOffice's or a browser's clipboard: HTML when there is some, otherwise plain text.

    Never refuses: what cannot be stored is removed. At most CLIPBOARD_LIMIT characters are read.
    """
    pasted = scrub(str(pasted)[:CLIPBOARD_LIMIT])
    if not re.search(r"<(p|div|ul|ol|li|table|html|body|span|br)\b", pasted, re.IGNORECASE):
        return from_text(pasted)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(pasted.encode(), parser=parser)
    except etree.ParserError:  # tags without any content
        return []
    reader = _ClipboardReader()
    reader.read(root)
    return reader.finish()


class _ClipboardReader:
    """Walks the pasted HTML in reading order and gathers lines."""

    def __init__(self):
        self.lines, self.pending, self.kind = [], [], ("paragraph", 0, False)

    def read(self, root):
        # An explicit stack: pasted HTML may be nested thousands deep.
        stack = [("enter", root, [])]
        while stack:
            step, node, lists = stack.pop()
            if step == "text":
                self.pending.append(node)
            elif step == "leave":
                self.flush()
                self.kind = ("paragraph", 0, False)
            else:
                stack.extend(reversed(self._steps(node, lists)))

    def _steps(self, node, lists):
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _SKIPPED_TAGS or not tag or ":" in tag and tag != "o:p":
            return []
        style = node.get("style", "")
        if "mso-list" in style.lower() and "ignore" in style.lower():
            # The sign Word draws itself: it tells the marker and is no part of the text.
            self._marker_from_sign("".join(node.itertext()))
            return []
        block = tag in _BLOCK_TAGS or tag == "li"
        if block or tag in {"ul", "ol", "br"}:
            self.flush()
        if tag == "br":
            return []
        if tag in {"ul", "ol"}:
            lists = [*lists, "number" if tag == "ol" else "bullet"]
        if tag == "li" and lists:
            self.kind = (lists[-1], min(MAX_LEVEL, len(lists) - 1), True)
        elif found := _MSO_LIST.search(style):
            self.kind = ("bullet", min(MAX_LEVEL, max(0, int(found.group(1)[:2]) - 1)), True)
        steps = [("text", node.text, lists)] if node.text else []
        for child in node:
            steps.append(("enter", child, lists))
            if child.tail:
                steps.append(("text", child.tail, lists))
        if block:
            steps.append(("leave", None, lists))
        return steps

    def _marker_from_sign(self, sign):
        sign = sign.strip(" \u00a0\t\n")
        marker = "number" if _SIGN_OF_ORDER.match(sign) else "dash" if sign and sign[0] in DASHES else "bullet"
        self.kind = (marker, self.kind[1], True)

    def flush(self):
        text = " ".join("".join(self.pending).replace("\n", " ").split())
        self.pending = []
        if not text:
            return
        marker, level, is_list = self.kind
        if not is_list:
            marker, length = typed_marker(text)
            text = text[length:]
        self.lines.append(line(text, level, marker))

    def finish(self):
        self.flush()
        return self.lines
