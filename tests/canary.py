"""Canaries: unique words planted where only some may read, and a search for them in whatever goes out.

    canaries = Canaries()
    plan.note = canaries.plant("the note of a draft")
    assert canaries.scan(client.get("/plans/")) == set()

The search looks through HTML, JSON, headers, cookies, text and metadata and files inside a PDF, parts of Office
files, members of ZIPs at any depth, calendars and letters. A test of absence needs its control: the one who may
read must show the word.
"""
import gzip
import html
import io
import json
import re
import unicodedata
import uuid
import zipfile
from email.header import decode_header, make_header
from urllib.parse import unquote

DEEPEST = 5
SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff-]+")
TAGS = re.compile(r"<[^>]+>")


class Canaries:
    """The words planted so far, each with the place it belongs to."""

    def __init__(self):
        self.places = {}

    def plant(self, place):
        """A word to put into a field; letters and digits only, so that no format splits or escapes it."""
        word = f"кнр{uuid.uuid4().hex[:12]}"
        self.places[word] = place
        return word

    def scan(self, *things):
        """Places whose words appear in these responses, letters, files (bytes) or texts."""
        text = flattened("\n".join(piece for thing in things for piece in pieces(thing)))
        return {place for word, place in self.places.items() if flattened(word) in text}


def flattened(text):
    """One long small-lettered string: a line end or a hyphen inside a word hides nothing."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def pieces(thing, depth=0):
    """Yield every text inside a response, a letter, a file or a string."""
    if depth > DEEPEST or thing is None:
        return
    if isinstance(thing, str):
        yield from text_pieces(thing)
    elif isinstance(thing, bytes | bytearray | memoryview):
        yield from file_pieces(bytes(thing), depth)
    elif hasattr(thing, "headers") and hasattr(thing, "status_code"):
        yield from response_pieces(thing, depth)
    else:
        yield from letter_pieces(thing, depth)


def text_pieces(text):
    yield text
    yield html.unescape(text)
    yield html.unescape(TAGS.sub("", text))
    yield unquote(text)
    try:
        yield json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return


def response_pieces(response, depth):
    for name, value in response.headers.items():
        yield f"{name}: {value}"
        yield unquote(str(value))
        yield str(make_header(decode_header(str(value))))
    for cookie in response.cookies.values():
        yield unquote(cookie.OutputString())
    yield from (str(step) for step in getattr(response, "redirect_chain", []))
    content = b"".join(response.streaming_content) if response.streaming else response.content
    yield from pieces(content, depth + 1)


def file_pieces(content, depth):
    if content.startswith(b"\x1f\x8b"):
        yield from pieces(gzip.decompress(content), depth + 1)
    elif content.startswith(b"%PDF-"):
        yield from pdf_pieces(content, depth)
    elif content.startswith(b"PK\x03\x04"):
        yield from zip_pieces(content, depth)
    else:
        for charset in ("utf-8", "utf-16", "cp1251"):
            try:
                text = content.decode(charset)
            except UnicodeError:
                continue
            yield from text_pieces(text)
            yield re.sub(r"\r?\n[ \t]", "", text)  # a calendar's folded lines


def pdf_pieces(content, depth):
    import pypdf

    yield content.decode("latin-1")
    reader = pypdf.PdfReader(io.BytesIO(content))
    for page in reader.pages:
        yield page.extract_text()
    yield from map(str, (reader.metadata or {}).values())
    if stream := reader.trailer["/Root"].get("/Metadata"):
        yield stream.get_object().get_data().decode("utf-8", "replace")
    yield from outline(reader.outline)
    for name, files in reader.attachments.items():
        yield name
        for file in files:
            yield from pieces(file, depth + 1)


def outline(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from outline(entry)
        else:
            yield str(entry.title)


def zip_pieces(content, depth):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield archive.comment.decode("utf-8", "replace")
        for member in archive.infolist():
            yield member.filename
            yield from pieces(archive.read(member), depth + 1)


def letter_pieces(letter, depth):
    """A row of the outbox, or a message of Django or of the standard library."""
    if hasattr(letter, "message") and callable(letter.message):
        letter = letter.message()
    if hasattr(letter, "walk"):
        for part in letter.walk():
            yield from (str(make_header(decode_header(str(value)))) for value in part.values())
            yield part.get_filename() or ""
            yield from pieces(part.get_payload(decode=True), depth + 1)
        return
    yield from (letter.address, letter.subject, letter.body)
    for attachment in letter.attachments.all():
        yield attachment.name
        yield from pieces(attachment.data, depth + 1)
