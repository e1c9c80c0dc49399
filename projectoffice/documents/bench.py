"""Figures of the printed paper for `make bench`: ours beside what one would do otherwise, within one run.

A ratio is worth something only between neighbours in time, so the ways take turns and the medians are compared.
"""
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from html import escape
from pathlib import Path
from statistics import median

from .sheet import render_docx, render_pdf, warm

ROUNDS = 15
TARGET = 1.0
SYSTEM_PYTHON = "/usr/bin/python3"
CLIENT = Path(__file__).with_name("soffice_client.py")
OURS, PLAIN, WORD = "План на 6 строк, PDF (с разметкой, архивный, с QR)", "То же: WeasyPrint без настройки", "То же: Word и LibreOffice"
PLAIN_STYLE = """
@page { size: A4; margin: 20mm 15mm 20mm 30mm; @top-center { content: counter(page) } }
body { font: 12pt "Liberation Serif" } h1 { font-size: 12pt; text-align: center }
.stamp { float: left; width: 50% } table { clear: both; width: 100%; border-collapse: collapse; table-layout: fixed }
td, th { border: .5pt solid; padding: 1.5mm; vertical-align: top }
"""
TOPICS = (
    "Обсуждение порядка работы с проектами образовательных учреждений и дальнейшего развития проектной деятельности. Как учесть "
    "предложения школ при подготовке сквозного проекта «Читающий город», рассчитанного на учеников пятых–седьмых классов.",
    "Обсуждение новых форм мониторинга и показателей, по которым портфели отчитываются за полугодие.",
    "Планирование семинаров для проектных команд.",
)


def pdf_figures(rounds=ROUNDS):
    """Return rows (name, value, unit, ratio to the first way compared, target): medians in milliseconds, within one run."""
    snapshot = sample_plan()
    with ExitStack() as stack:
        ways = {OURS: ours(snapshot), PLAIN: plain(snapshot)}
        if convert := word(snapshot, stack):
            ways[WORD] = convert
        times = take_turns(ways, rounds)
    mine = times[OURS]
    rows = [(OURS, mine, "мс", None, None), *((name, value, "мс", None, None) for name, value in times.items() if name != OURS)]
    return rows + [(f"PDF относительно «{name}»", mine, "мс", mine / times[name], TARGET) for name in (PLAIN, WORD) if name in times]


def take_turns(ways: dict[str, Callable[[int], object]], rounds):
    times = {name: [] for name in ways}
    for way in ways.values():
        way(0)
    for number in range(1, rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way(number)
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: median(values) for name, values in times.items()}


def ours(snapshot):
    """The way of the portal: the warm child, with another code each time, so that nothing is found ready."""
    warm()
    return lambda number: render_pdf(snapshot, mode="ink", check_url=f"https://po.example.ru/v/benchmark-{number:012d}")


def plain(snapshot):
    """The same content through the library as one meets it: own style, no tags, no archive format, no code."""
    from weasyprint import HTML
    page = plain_page(snapshot)
    return lambda number: HTML(string=page).write_pdf()


def word(snapshot, stack):
    """The office's own way: a Word file made and printed by a LibreOffice that is already running; None without one."""
    if not (shutil.which("soffice") and Path(SYSTEM_PYTHON).exists()):
        return None
    scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="po-bench-")))
    office = subprocess.Popen([SYSTEM_PYTHON, CLIENT, scratch], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    stack.callback(office.wait, 30)
    stack.callback(office.stdin.close)
    if office.stdout.readline().strip() != "ready":
        return None

    def convert(number):
        path = scratch / f"{number}.docx"
        path.write_bytes(render_docx(snapshot))
        print(path, file=office.stdin, flush=True)
        return int(office.stdout.readline())

    return convert


def sample_plan():
    """A plan of six rows on two pages, as long as the office's plans are."""
    rows = [
        {"uid": str(number), "cells": {
            "label": f"{number}.", "topics": [{"text": text, "level": 0, "marker": "paragraph"} for text in TOPICS[:2 + number % 2]],
            "term": term, "responsible": ["Орлова Н.П.", "Белов С.И."],
        }} for number, term in enumerate(("февраль", "апрель", "июнь", "сентябрь", "ноябрь", "декабрь"), 1)
    ]
    stamps = [
        {"uid": "agree", "kind": "agree", "side": "left", "post": "Руководитель департамента,\nкоординатор проектов", "name": "Н.П. Орлова"},
        {"uid": "approve", "kind": "approve", "side": "right", "post": "Руководитель\nПроектного офиса", "name": "К.А. Зимин"},
    ]
    widths = (("label", "№ п/п", 7), ("topics", "Тема заседаний", 54), ("term", "Срок", 16), ("responsible", "Ответственный", 23))
    return {
        "schema": 1, "kind": "bench", "head": {"title": ["План", "заседаний Проектного офиса", "на 2027 год"]}, "stamps": stamps,
        "columns": [{"key": key, "title": title, "width": width} for key, title, width in widths],
        "sections": [{"uid": "all", "title": "", "rows": rows}],
    }


def plain_page(snapshot):
    columns = snapshot["columns"]
    stamps = "".join(f'<div class="stamp">{_broken(stamp["post"])}<br>________ {escape(stamp["name"])}</div>' for stamp in snapshot["stamps"])
    heads = "".join(f'<th width="{column["width"]}%">{escape(column["title"])}</th>' for column in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{_cell(row['cells'][column['key']])}</td>" for column in columns) + "</tr>"
        for row in snapshot["sections"][0]["rows"]
    )
    title = _broken("\n".join(snapshot["head"]["title"]))
    return (
        f"<html lang=ru><title>План</title><style>{PLAIN_STYLE}</style>{stamps}<h1>{title}</h1>"
        f"<table><thead><tr>{heads}</tr></thead>{rows}</table></html>"
    )


def _cell(value):
    lines = [value] if isinstance(value, str) else [line["text"] if isinstance(line, dict) else line for line in value]
    return _broken("\n".join(lines))


def _broken(text):
    return "<br>".join(escape(line) for line in text.split("\n"))
