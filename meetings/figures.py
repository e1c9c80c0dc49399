"""Figures of the plan for ``make bench``: the editor, saving a row, a plan of 500 rows from Word."""
import io
import subprocess
import sys
import time
from functools import partial
from itertools import count

from django.conf import settings
from django.urls import reverse

from projectoffice.accounts.models import Body
from projectoffice.common.benchmark import Figure

from .imports import read_plan
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
