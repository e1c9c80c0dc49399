"""Figures of plans and assignments for ``make bench``: the editor, a plan of 500 rows from Word, a long list."""
import io
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from itertools import count

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Body, User
from projectoffice.common.benchmark import Figure, settle

from .imports import read_plan
from .meeting.figures import meeting_figures
from .models import Assignment
from .protocol.search_figures import search_figures
from .services.importing import import_plan
from .services.plan import create_plan
from .services.rows import add_row

ROWS, LONG = 12, 500
TOPIC = "Как школы начали год: первые шаги команд.\n– темы докладов;\n– ведущие площадок;\n  – раздаточные материалы."


def figures(stand):
    body = Body.objects.main()
    yield from word_import(stand.person, body)
    plan = create_plan(body, by=stand.person, year=2027)
    for number in range(ROWS):
        add_row(plan, by=stand.person, values={
            "label": f"{number + 1}.", "topics": TOPIC, "term": "февраль", "responsible": "Орлова Н.П.\nруководители портфелей"})
    yield from stand.page(f"Редактор плана, {ROWS} строк", partial(stand.get, plan.get_absolute_url()),
                          times_floor=8, queries=20)
    yield from saving(stand, plan)
    yield from meeting_figures(stand)
    yield from assignment_figures(stand)
    yield from search_figures(stand)


def saving(stand, plan):
    row = plan.items.present().first()
    address = reverse("meetings:plan_row_cell", args=[plan.pk, row.uid])
    seen = {str(item.uid): item.version for item in plan.items.present()}
    versions = count(row.version)  # each save makes the next one

    def save():
        version = next(versions)
        stand.send_json(address, {"cell": "term", "value": f"март, {version}", "version": version, "seen": seen})

    yield from stand.page("Сохранить ячейку плана", save, times_floor=3)


PEAK = """
import io, resource, sys
import django
django.setup()
from meetings.imports import read_plan
read_plan(io.BytesIO(sys.stdin.buffer.read()))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def word_import(person, body):
    content = word_plan(LONG)
    started = time.perf_counter()
    parsed = read_plan(io.BytesIO(content))
    yield Figure(f"План на {LONG} строк из Word: прочитать", time.perf_counter() - started, "с")
    import_plan(parsed, by=person, body=body)
    yield Figure(f"План на {LONG} строк из Word: прочитать и записать", time.perf_counter() - started, "с", 5)
    yield Figure(f"План на {LONG} строк из Word: память читающего процесса", peak_of_reading(content), "МиБ", 300)
    assert len(parsed.items) == LONG, len(parsed.items)  # noqa: S101


def peak_of_reading(content):
    """MiB of the child that reads, asked of a process that has no other children."""
    asked = subprocess.run([sys.executable, "-c", PEAK], input=content, capture_output=True, check=True, cwd=settings.BASE_DIR)
    return int(asked.stdout) / 1024


def word_plan(rows):
    """A Word file as an office writes it, of so many rows."""
    import docx

    document, out = docx.Document(), io.BytesIO()
    document.add_paragraph("План заседаний Проектного офиса на 2030 год")
    table = document.add_table(rows + 1, 4)
    heads = ("№ п/п", "Тема заседаний", "Срок", "Ответственный")
    texts = [heads, *((f"{n}.", f"Вопрос {n}. {TOPIC}", "февраль", "Орлова Н.П.\nБелов С.И.") for n in range(1, rows + 1))]
    for row, words in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    document.save(out)
    return out.getvalue()


ASSIGNMENTS, EXECUTORS = 100_000, 400


def assignment_figures(stand):
    """The list of assignments and the discipline report over as many as an office gives in a lifetime."""
    fill_assignments(stand.person)
    address = reverse("meetings:assignments")
    yield from stand.page(f"Поручения, 50 строк из {ASSIGNMENTS}", partial(stand.get, address), times_floor=5, queries=20)
    yield from stand.page("Поручения, поиск по слову", partial(stand.get, f"{address}?q=наставников"), times_floor=8, queries=20)
    yield Figure("Исполнительская дисциплина: запросов", stand.queries(partial(stand.get, reverse("meetings:discipline"))), "", 20)


def fill_assignments(person):
    """Of many years, an eighth of them open; written past the verbs: only lists look at them."""
    today = timezone.localdate()
    people = User.objects.bulk_create(User(surname=f"Исполнителев{n}", given_name="Иван") for n in range(EXECUTORS))
    words = ("проектов", "портфелей", "мониторинга", "наставников", "смотра", "семинаров", "площадок")

    def one(n):
        is_open, due = n % 8 == 0, today + timedelta(days=n % 90 - 30)
        return Assignment(
            text=f"Подготовить сведения о ходе {words[n % 7]}, часть {n}", executor=people[n % EXECUTORS], controller=person,
            state="active" if is_open else "done", due_end=due if is_open else due - timedelta(days=90 + n % 3000),
            done_on=None if is_open else due - timedelta(days=88 + n % 3000),
            created_at=timezone.now() - timedelta(days=0 if is_open else n % 3000),
        )

    Assignment.objects.bulk_create((one(n) for n in range(ASSIGNMENTS)), batch_size=5000)
    settle()
