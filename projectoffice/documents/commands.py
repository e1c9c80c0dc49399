"""What the commands about documents share: a refusal is one Russian sentence and exit code 2."""
import json
import re
from abc import ABC, abstractmethod
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError

from projectoffice.accounts.access import system
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.office_time import office_time

from .imports.storing import apply_import, check_importable
from .models import Document
from .printing import draft_sheet
from .table.content import FIRST_YEAR, LAST_YEAR

REFUSED = 2
MOST_SENTENCES = 3
NO_TABLE_OR_COLUMN = ("42P01", "42703")
PART = ".part"
FILE_FAULTS = [(FileNotFoundError, "такого файла или папки нет"), (PermissionError, "нет доступа"), (IsADirectoryError, "это папка")]
NOT_READY = "База ещё не подготовлена: выполните make setup."
# What the parser of the command line finds wrong (its words are English), and how it is said here.
WRITTEN_WRONG = [
    (r"argument year: invalid int", "Год укажите числом: {prog} 2027"),
    (r"argument meeting: invalid int", "Номер заседания укажите числом: {prog} 7"),
    (r"argument (?P<what>--year): invalid int", "Год укажите числом: --year 2027"),
    (r"argument (?P<what>\S+): expected one argument", "После {what} не хватает значения"),
    (r"argument (?P<what>\S+): not allowed with argument (?P<other>\S+)", "Укажите что-то одно: {what} или {other}"),
    (r"the following arguments are required: (?P<what>.+)", "В команде не хватает: {what}"),
    (r"unrecognized arguments: (?P<what>.+)", "В команде есть лишнее: {what}"),
]


class Refusal(Exception):
    """What cannot be done, as a sentence for the person at the shell."""


class DocumentCommand(BaseCommand):
    """``work(**options)`` does it; whatever refuses is told in one sentence on stderr."""

    def create_parser(self, prog_name, subcommand, **kwargs):
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = lambda message: self.refuse(written_wrong(message, subcommand))
        return parser

    def handle(self, *args, **options):
        try:
            with office_time():
                return self.work(**options)
        except ValidationError as refusal:
            sentence = " ".join(refusal.messages[:MOST_SENTENCES])
        except (Refusal, TransitionNotAllowed, PermissionDenied) as refusal:
            sentence = str(refusal)
        except OSError as fault:
            sentence = file_fault(fault)
        except (ProgrammingError, OperationalError) as fault:
            sentence = no_database(fault)
        self.refuse(sentence)

    def refuse(self, sentence):
        self.stderr.write(one_sentence(sentence))
        raise SystemExit(REFUSED)

    def work(self, **options):
        """What the command does; each of the commands writes its own."""
        raise NotImplementedError


def file_fault(fault):
    """«Файл не удалось прочитать или записать: /корень/план.pdf, нет доступа.»"""
    why = next((words for kind, words in FILE_FAULTS if isinstance(fault, kind)), fault.strerror)
    told = (str(fault.filename).removesuffix(PART) if fault.filename else "", why or "")
    return f"Файл не удалось прочитать или записать: {', '.join(filter(None, told))}."


def no_database(fault):
    """A database without our tables or columns, or none at all; any other fault goes on."""
    if isinstance(fault, OperationalError):
        return "База данных не отвечает: проверьте, что она запущена."
    if getattr(fault.__cause__, "pgcode", "") not in NO_TABLE_OR_COLUMN:
        raise fault
    return NOT_READY


def written_wrong(message, subcommand):
    """The parser's complaint in Russian, with the way to the help."""
    for pattern, sentence in WRITTEN_WRONG:
        if found := re.match(pattern, message):
            return f"{sentence.format(prog=subcommand, **found.groupdict())} (подробнее: {subcommand} --help)."
    return f"Команда написана с ошибкой (подробнее: {subcommand} --help)."


def one_sentence(text):
    """«Файл пустой. Сохраните его.» as one sentence: «Файл пустой; сохраните его.»"""
    parts = re.split(r"(?<=[\w»)][\w»)])[.!?]\s+(?=[«А-ЯЁ])", " ".join(text.split()))
    return "; ".join([parts[0], *(part if part[1:2].isupper() else part[:1].lower() + part[1:] for part in parts[1:])])


def write_file(path, data):
    """Write the whole file or nothing: beside it first, then in its place."""
    target = Path(path)
    if not target.parent.is_dir():
        raise Refusal(f"Папки {target.parent} нет. Создайте её или укажите другую.")
    if target.is_dir():
        raise Refusal(f"{target} – это папка. Допишите имя файла.")
    beside = target.with_name(f"{target.name}{PART}")
    beside.write_bytes(data)
    beside.replace(target)


# ── a table from Word ─────────────────────────────────────────────────────────────────────────────────────

class ImportCommand(DocumentCommand, ABC):
    """Reads a Word file of one kind. A command says how to read, whose it is, what it is about and how a new one is made."""

    def add_arguments(self, parser):
        parser.add_argument("file", help="файл .docx")
        parser.add_argument("--year", type=int, help="первый год периода, если в файле его нет или он другой")
        parser.add_argument("--replace", action="store_true", help="привести к файлу черновик, который уже есть")
        parser.add_argument("--dry-run", action="store_true", help="только прочитать, ничего не сохранять")
        parser.add_argument("--json", action="store_true", help="вывести прочитанное в JSON")

    @abstractmethod
    def read(self, path, year):
        """What stands in the file, as an ImportedTable."""

    @abstractmethod
    def owner(self, options):
        """Whose the plan is: a body, a project."""

    @abstractmethod
    def find(self, parsed, owner):
        """The content the file is about, or None."""

    @abstractmethod
    def create(self, parsed, owner, file_name):
        """A new content with what was read."""

    @abstractmethod
    def counted(self, parsed):
        """«строк: 6, грифов: 2»"""

    def work(self, *, file, year, dry_run, **options):
        if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
        if not Path(file).is_file():
            raise Refusal(f"Файл {file} не найден.")
        parsed = self.read(Path(file), year)
        if not dry_run:
            self.store(parsed, options, Path(file).name)
        self.tell(parsed, options["json"], dry_run)

    def store(self, parsed, options, file_name):
        if parsed.period is None:
            raise Refusal("В файле не нашёлся год плана. Укажите его: --year 2027.")
        owner = self.owner(options)
        found = self.find(parsed, owner)
        if found is None:
            self.create(parsed, owner, file_name)
            return
        check_importable(found)
        if not options["replace"]:
            raise Refusal(f"Черновик «{found.document.title}» уже есть. Чтобы привести его к файлу, добавьте --replace.")
        apply_import(found, parsed, by=system(), file_name=file_name)

    def tell(self, parsed, as_json, dry_run):
        if as_json:
            self.stdout.write(json.dumps(parsed.as_json(), ensure_ascii=False, indent=2))
            return
        self.stdout.write(" ".join(parsed.title))
        self.stdout.write(f"{'Прочитано' if dry_run else 'Загружено'} {self.counted(parsed)}.")
        for remark in parsed.remarks:
            self.stdout.write(f"– {remark['message']}")


# ── the PDF of a document ─────────────────────────────────────────────────────────────────────────────────

def adds_which_pdf(parser):
    """--draft and --ink beside the PDF in force."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--draft", action="store_true", help="как есть сейчас, с надписью «ПРОЕКТ»")
    which.add_argument("--ink", action="store_true", help="лист, который подписывают на бумаге")


def pdf_of(document, name, *, draft=False, ink=False):
    """The bytes that were asked for; ``name`` is what the refusal calls the document («План на 2027 год»)."""
    if draft:
        return draft_sheet(document).pdf
    if ink:
        # The very bytes that will be issued when everybody signs on paper.
        if document.state != Document.State.IN_APPROVAL:
            raise Refusal(f"{name} сейчас не на подписи.")
        return bytes(document.current_sheet.pdf)
    if document.in_force is None:
        raise Refusal(f"{name} ещё не утверждён, готового PDF нет. Проект печатает --draft.")
    return bytes(document.in_force.file.pdf)
