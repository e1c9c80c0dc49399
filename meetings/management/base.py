"""What the commands about plans share: a refusal is one Russian sentence and exit code 2."""
import re
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.core.management.base import BaseCommand
from django.db import OperationalError, ProgrammingError

from projectoffice.accounts.models import Body
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.office_time import office_time

from ..models import MeetingPlan
from ..services.plan import FIRST_YEAR, LAST_YEAR

REFUSED = 2
MOST_SENTENCES = 3
NO_TABLE_OR_COLUMN = ("42P01", "42703")
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


class PlanCommand(BaseCommand):
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
            sentence = f"Файл не удалось прочитать или записать: {fault.filename or ''} {fault.strerror or ''}".strip() + "."
        except (ProgrammingError, OperationalError) as fault:
            sentence = no_database(fault)
        self.refuse(sentence)

    def refuse(self, sentence):
        self.stderr.write(one_sentence(sentence))
        raise SystemExit(REFUSED)

    def work(self, **options):
        """What the command does; each of the commands writes its own."""
        raise NotImplementedError


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


def find_body(name=None):
    """The body by its name, or the main one."""
    if name:
        found = Body.objects.filter(name__iexact=name.strip()).first()
        if found is None:
            raise Refusal(f"Органа «{name}» на портале нет. Проверьте наименование.")
        return found
    try:
        return Body.objects.main()
    except ObjectDoesNotExist:
        raise Refusal("Основной орган не указан. Отметьте его на портале или назовите орган: --body «…».") from None


def find_plan(year, body_name=None):
    """The plan whose period begins in the year."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(f"Укажите год от {FIRST_YEAR} до {LAST_YEAR}.")
    body = find_body(body_name)
    plan = MeetingPlan.objects.for_year(year).filter(body=body).select_related("document__in_force").order_by("period_start").first()
    if plan is None:
        raise Refusal(f"Плана на {year} год нет.")
    return plan


def write_file(path, data):
    """Write the whole file or nothing: beside it first, then in its place."""
    target = Path(path)
    beside = target.with_name(f"{target.name}.part")
    beside.write_bytes(data)
    beside.replace(target)
