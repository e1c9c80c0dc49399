"""What an expert reads of a work, and what of it is hidden where the authors are. The one place that says so.

A blind contest shows neither the team, the institution, the partners nor names of files; answers that name authors are
left out; in the other words the names that are known are covered.
"""
import re
from dataclasses import dataclass, field

COVER = "[скрыто]"
INITIALS = r"(?:[А-ЯЁA-Z]\.\s?)?[А-ЯЁA-Z]\."
NUMBER = re.compile(r"№\s*(\d+)")
OWN_NAME = re.compile(r"[«\"]([^«»\"]{3,})[»\"]")


@dataclass(frozen=True)
class WorkFile:
    """A file of the submission: its row, its name as this expert may know it, its kind and size."""

    pk: int
    name: str
    ending: str
    size: int
    link: str


@dataclass(frozen=True)
class Work:
    """An entry as its expert reads it."""

    title: str
    answers: list = field(default_factory=list)
    files: list = field(default_factory=list)
    facts: list = field(default_factory=list)


def read_work(content, number, *, blind):
    """``Work`` of a submission's snapshot."""
    cover = covered(content) if blind else str
    answers = [{"label": each["label"], "text": cover(each["text"])}
               for each in content["answers"] if not (blind and each["names_authors"])]
    return Work(cover(content["title"]), answers, files_of(content, number, blind=blind), [] if blind else facts_of(content))


def facts_of(content):
    authors = "; ".join(", ".join(filter(None, (each["name"], each["post"]))) for each in content["authors"])
    partners = "; ".join(each["name"] for each in content["partners"])
    named = [("Учреждение", content["institution"]["name"]), ("Партнёры", partners), ("Авторы", authors)]
    return [(label, words) for label, words in named if words]


def files_of(content, number, *, blind):
    rows = content["files"]
    return [work_file(row, place, number, len(rows), blind=blind) for place, row in enumerate(rows, start=1)]


def work_file(row, place, number, many, *, blind):
    ending = row["name"].rpartition(".")[2].lower()
    neutral = f"Работа {number}, файл {place}.{ending}" if many > 1 else f"Работа {number}.{ending}"
    link = (f"Открыть файл {place}" if many > 1 else "Открыть работу") if blind else row["name"]
    return WorkFile(row["id"], neutral if blind else row["name"], ending, row["size"], link)


def title_of(content, *, blind):
    """The title of a work; ``content`` needs no more than title, authors, institution, partners."""
    return covered(content)(content["title"]) if blind else content["title"]


def covered(content):
    """A function that covers the known names in a text."""
    shapes = [shape for name in institutions(content) for shape in institution_shapes(name)]
    shapes += [shape for each in content["authors"] for shape in person_shapes(each["name"])]
    if not shapes:
        return str
    found = re.compile("|".join(f"(?:{shape})" for shape in shapes))
    return lambda text: found.sub(COVER, text)


def institutions(content):
    return [content["institution"]["name"], *(each["name"] for each in content["partners"])]


def institution_shapes(name):
    """The whole name, the own name between its quotes, its number."""
    if name:
        yield whole(name)
    yield from (whole(own) for own in OWN_NAME.findall(name))
    yield from (rf"№\s*{number}(?!\d)" for number in NUMBER.findall(name))


def whole(name):
    return r"\s+".join(map(re.escape, name.split())) + r"(?!\w)"


def person_shapes(name):
    """The surname in any case with what stands beside it, and first name with patronymic."""
    words = [word for word in name.split() if word[:1].isupper() and len(word) > 1 and "." not in word]
    if not words:
        return
    surname, first = in_any_case(words[0]), r"\s+".join(in_any_case(word) for word in words[1:3])
    beside = rf"\s?{INITIALS}" + (rf"|\s+{first}" if first else "")
    yield rf"(?:{INITIALS}\s?)?{surname}(?:{beside})?"
    if len(words) > 2:
        yield first


def in_any_case(word):
    """A name with whatever ending Russian gives it."""
    stem = re.escape(word[:-1] if len(word) > 4 else word.rstrip("аяйь") or word)
    return rf"\b{stem}[а-яё]{{0,3}}\b"
