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
# What stands before a number or an own name, however it is shortened: «школе 5», «СОШ №5», «лицей «ИСКРА»».
KINDS = (r"\b(?:про)?гимнази\w*|\bшкол\w*|\bлице[йяюе]\w*|\bинтернат\w*|\bсад\w{0,3}|\bцентр\w{0,3}|\bдворе?ц\w{0,3}|\bколледж\w*"
         r"|\bтехникум\w*|\bучилищ\w*|\b[сон]ош|\bд/с|\bм?[бак]?д?оу")
SHORT_ENDINGS = "(?:ого|ому|ой|ей|ом|ем|ым|а|я|у|ю|е|ы|и)?"
SHORT = 4
NO_NAMES = {"оглы", "кызы", "фон", "де", "ван", "дер"}


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
    """A function that covers the known names in a text, in capitals or not, with «ё» or without."""
    shapes = [shape for name in institutions(content) for shape in institution_shapes(name)]
    shapes += [shape for each in content["authors"] for shape in person_shapes(each["name"])]
    if not shapes:
        return str
    found = re.compile("|".join(f"(?:{shape})" for shape in shapes), re.IGNORECASE)
    return lambda text: found.sub(COVER, text)


def institutions(content):
    return [content["institution"]["name"], *(each["name"] for each in content["partners"])]


def institution_shapes(name):
    """The whole name, its number after any word for its kind, its own name in quotes, after such a word, or with a capital."""
    if name:
        yield whole(name)
    for number in NUMBER.findall(name):
        yield rf"(?:(?:{KINDS})\s+)?(?:№|\bN)\s*{number}(?!\d)"
        yield rf"(?:{KINDS})[\s«\"–-]*{number}(?!\d)"
        yield rf"(?<!\d){number}-?(?:я|й|ю|ая|ой|ую|го|му|м|е)\s+(?:{KINDS})"
    for own in OWN_NAME.findall(name):
        words = r"\s+".join(in_any_case(word) for word in own.split())
        yield rf"[«\"„“]{words}[»\"“”]"
        yield rf"(?:{KINDS})\s+{words}"
        yield rf"(?=(?-i:[А-ЯЁA-Z])){words}"


def whole(name):
    return r"(?<!\w)" + r"\s+".join(map(spelled, name.split())) + r"(?!\w)"


def person_shapes(name):
    """The surname in any case with the names or initials before or behind it, and first name with patronymic."""
    words = [word for word in name.split() if len(word) > 1 and "." not in word and word.lower() not in NO_NAMES]
    if not words:
        return
    surname, names = in_any_case(words[0]), [in_any_case(word) for word in words[1:3]]
    if len(words[0]) <= SHORT:
        surname = rf"(?=(?-i:[А-ЯЁA-Z])){surname}"
    behind = "|".join([rf"\s?(?-i:{INITIALS})", *([rf"\s+{names[0]}" + "".join(rf"(?:\s+{each})?" for each in names[1:])] if names else [])])
    before = "|".join([rf"(?-i:{INITIALS})\s?", *([rf"{names[0]}\s+" + "".join(rf"(?:{each}\s+)?" for each in names[1:])] if names else [])])
    yield rf"(?:{before})?{surname}(?:{behind})?"
    if len(names) > 1:
        yield r"\s+".join(names)


def in_any_case(word):
    """A name with whatever ending Russian gives it; a short one with the usual endings alone, lest it becomes another word."""
    if not word[-1].isalpha():
        return spelled(word)
    if len(word) > SHORT:
        return rf"\b{spelled(word[:-1])}[а-яё]{{0,3}}\b"
    return rf"\b{spelled(word.rstrip('аяйь') or word)}{SHORT_ENDINGS}\b"


def spelled(text):
    """The text as a pattern, «е» and «ё» alike."""
    return re.sub("[её]", "[её]", re.escape(text))
