"""Papers made of results, frozen or about to be: the score sheet of an expert, the summary, letters of thanks, drafts of both orders.

Snapshots of results in, snapshots of sheets out; nothing is asked of the database but the office's own name.
"""
from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.lines import from_text
from projectoffice.common.russian import NBSP, date_long, quoted
from projectoffice.documents.sheet import render_awards, render_docx, render_pdf
from projectoffice.documents.snapshot import SCHEMA

from ..models import Criterion
from .papers import head_of_paper, of_year

ROUNDS = dict(Criterion.Round.choices)
SHARE = 35  # percent of the summary's width for its experts
WIDTH, LETTER, PADDING = 252, 2.1, 3.2  # millimetres: of the table, of a bold letter, of a cell's two sides
BLANK, BLANK_NAME = "_" * 20, "_" * 16
BLANK_DAY, BLANK_NUMBER = "«___» ______________ 20__ г.", "______"
EMPTY = "–"


def number(text):
    return text or EMPTY


def plain(content):
    """A text of its own, without a table."""
    return {"kind": "text", "title": "", "lines": from_text(content)}


def signature(uid, post, name="", side="left"):
    return {"uid": uid, "kind": "sign", "place": "foot", "side": side, "step": 1, "style": "office", "heading": "", "post": post,
            "name": name or BLANK_NAME, "basis": ""}


def paper(kind, title, sections, stamps=(), **more):
    return {"schema": SCHEMA, "kind": kind, "head": {"title": title}, "stamps": list(stamps), "columns": [], "sections": sections, **more}


def contest_words(snapshot):
    title, year = snapshot["contest"]["title"], snapshot["contest"]["year"]
    return quoted(title) + of_year(title, year)


# The score sheet of one expert

DATED = {"uid": "dated", "kind": "pair", "place": "after", "left": "Дата", "right": BLANK_DAY}


def expert_sheet(snapshot, expert):
    """All marks of one expert, a table a nomination and round; None when this expert has no sheet that counts."""
    person = next((each for each in snapshot["experts"] if each["id"] == expert), None)
    if person is None:
        return None
    sections = [*(section for nomination in snapshot["nominations"] for section in marks_of(nomination, expert)), DATED]
    return paper("score_sheet", ["Оценочный лист", f"конкурс {contest_words(snapshot)}", f"Эксперт: {person['name']}"], sections,
                 [signature("expert", "Эксперт", person["short"]), signature("secretary", "Секретарь экспертной комиссии")],
                 orientation="landscape")


def marks_of(nomination, expert):
    for code, name in ROUNDS.items():
        criteria = [each for each in nomination["criteria"] if each["round"] == code]
        rows = [row_of(entry, sheet, criteria) for entry in by_number(nomination) for sheet in entry["sheets"]
                if sheet["expert"] == expert and sheet["round"] == code]
        if rows:
            yield table(f"{nomination['id']}-{code}", f"{nomination['title']}. {name}", sheet_columns(criteria), rows)
            yield {"uid": f"legend-{nomination['id']}-{code}", **plain("\n".join(legend(criteria)))}


def legend(criteria):
    for place, each in enumerate(criteria, start=1):
        weight = f", вес {number(each['weight'])}" if each["counts"] and each["weight"] != "1" else ""
        yield f"К{place} – {each['title']}: до {each['maximum']}{weight}{'' if each['counts'] else ', вне итога'}."


def by_number(nomination):
    return sorted(nomination["entries"], key=lambda entry: entry["number"])


def table(uid, title, columns, rows):
    return {"uid": uid, "title": title, "columns": columns, "rows": rows}


def sheet_columns(criteria):
    marks = [{"key": f"k{place}", "title": f"К{place}", "width": 40 / len(criteria)} for place in range(1, len(criteria) + 1)]
    return [{"key": "number", "title": "№ заявки", "width": 9}, {"key": "title", "title": "Работа", "width": 33}, *marks,
            {"key": "total", "title": "Сумма с весом", "width": 10}, {"key": "note", "title": "Примечание", "width": 8}]


def row_of(entry, sheet, criteria):
    marks = {f"k{place}": number(sheet["marks"].get(str(each["id"]))) for place, each in enumerate(criteria, start=1)}
    return {"uid": f"sheet-{sheet['id']}", "cells": {
        "number": str(entry["number"]), "title": entry["title"], **marks, "total": number(sheet["total"]),
        "note": "третий эксперт" if sheet["is_arbiter"] else ""}}


# The summary

def summary(snapshot):
    """Entries × experts: totals, mean, the result, place and award."""
    names = {each["id"]: each["short"] for each in snapshot["experts"]}
    sections = [*(summary_of(nomination, names) for nomination in snapshot["nominations"] if nomination["entries"]), DATED]
    return paper("score_summary", ["Сводный оценочный лист", f"конкурс {contest_words(snapshot)}"], sections,
                 [signature("chair", "Председатель экспертной комиссии"), signature("secretary", "Секретарь экспертной комиссии")],
                 orientation="landscape")


def summary_of(nomination, names):
    experts = sorted({sheet["expert"] for entry in nomination["entries"] for sheet in entry["sheets"]})
    columns = [{"key": f"e{each}", "title": names[each].replace(NBSP, " "), "width": SHARE / len(experts)} for each in experts]
    if not fits(columns):
        columns = [{"key": "experts", "title": "Суммы экспертов", "width": SHARE}]
    columns = [{"key": "number", "title": "№", "width": 7}, {"key": "title", "title": "Работа, учреждение", "width": 23}, *columns,
               {"key": "mean", "title": "Среднее", "width": 8}, {"key": "total", "title": "Итог", "width": 7},
               {"key": "place", "title": "Место", "width": 8}, {"key": "award", "title": "Награда", "width": 12}]
    return table(f"summary-{nomination['id']}", nomination["title"], columns, [summary_row(entry, names) for entry in nomination["entries"]])


def fits(columns):
    """Whether every surname, and the word beside a third expert's sum, stands in its column unbroken."""
    words = ["(третий)", *(word for each in columns for word in each["title"].split())]
    return bool(columns) and WIDTH * columns[0]["width"] / 100 - PADDING >= LETTER * max(map(len, words))


def summary_row(entry, names):
    given = {}
    for sheet in entry["sheets"]:
        word = number(sheet["total"]) + (" (третий)" if sheet["is_arbiter"] else "") + (" (очно)" if sheet["round"] == "onsite" else "")
        given.setdefault(sheet["expert"], []).append(word)
    cells = {f"e{expert}": ", ".join(words) for expert, words in given.items()}
    listed = [f"{names[expert]}: {', '.join(words)}" for expert, words in given.items()]
    return {"uid": f"entry-{entry['id']}", "cells": {
        "number": str(entry["number"]), "title": [entry["title"], entry["institution"]["name"]], **cells, "experts": listed or EMPTY,
        "mean": "; ".join(number(each["mean"]) for each in entry["rounds"]) or EMPTY, "total": number(entry["total"]),
        "place": entry["place"] or EMPTY, "award": (entry["award"] or {}).get("title", EMPTY)}}


# Thanks

def thanks(snapshot, day, post="", name=""):
    """A letter of thanks for each expert, in one file; ``post`` and ``name`` are of who signs."""
    above, contest = head_of_paper(), contest_words(snapshot)
    return [{"heading": "БЛАГОДАРНОСТЬ", "above": above, "date": date_long(day), "lines": [
        {"role": "quiet", "text": "Благодарностью награждается"}, {"role": "who-gets", "text": each["name"]},
        {"role": "work", "text": f"за работу в экспертной комиссии конкурса {contest}"}],
        "post": post, "name": name} for each in snapshot["experts"]]


def thanks_pdf(snapshot, day, post="", name=""):
    return render_awards(thanks(snapshot, day, post, name), title=f"Благодарности экспертам: {snapshot['contest']['title']}").pdf


# Drafts of the orders

def order(title, basis, points):
    """An order as a Word draft: the basis, «приказываю», numbered points, the line to sign."""
    office = OfficeProfile.load()
    sections = [plain(f"{basis}"), {"kind": "text", "title": "", "lead": "ПРИКАЗЫВАЮ:", "lines": []},
                *({"kind": "text", "title": "", "number": f"{place}.", "lines": from_text(point)} for place, point in enumerate(points, start=1))]
    for place, section in enumerate(sections):
        section["uid"] = f"order-{place}"
    head = {"title": ["Приказ", title], "above": [each for each in (office.department, office.name) if each], "place": office.city,
            "date": BLANK_DAY, "number": BLANK_NUMBER}
    return {"schema": SCHEMA, "kind": "order", "head": head, "stamps": [signature("head", "Руководитель")], "columns": [], "sections": sections}


def order_to_hold(contest, stages):
    """The draft of the order on holding the contest; ``stages`` are ``(name, dates)``."""
    points = [
        f"Провести конкурс {quoted(contest.title)} в {contest.year}{NBSP}году.",
        "Утвердить положение о конкурсе (приложение 1).",
        "Утвердить составы экспертной комиссии и общественного жюри (приложения 2 и 3).",
        "Установить сроки:\n" + "\n".join(f"– {name}: {dates}" for name, dates in stages) if stages else "Установить сроки проведения конкурса.",
        "Провести конкурс по номинациям:\n" + "\n".join(f"– {quoted(str(each))}" for each in contest.nominations.all()),
        f"Контроль за исполнением приказа возложить на {BLANK}.",
    ]
    return order(f"О проведении конкурса {quoted(contest.title)}", "В соответствии с планом работы Проектного офиса", points)


def order_on_results(snapshot, number="", day="", correction=""):
    """The draft of the order on the results: who is awarded what.

    ``number`` and ``day`` are of the panel's protocol, written by hand where there are none; ``correction`` names the protocol
    by which the results were corrected.
    """
    points = ["Утвердить итоги конкурса " + contest_words(snapshot) + "."]
    for level in snapshot["levels"]:
        if level["is_rest"]:
            continue
        awarded = [(nomination, entry) for nomination in snapshot["nominations"] for entry in nomination["entries"]
                   if entry["award"] and entry["award"]["level"] == level["id"]]
        if awarded:
            points.append(f"Присвоить звание {quoted(level['title'])}:\n" + "\n".join(
                f"– {entry['institution']['name']}: {quoted(entry['title'])}, номинация {quoted(nomination['title'])}"
                + (f" (авторы: {', '.join(each['name'] for each in entry['authors'])})" if entry["authors"] else "")
                for nomination, entry in awarded))
    points += ["Вручить награждённым дипломы, участникам – сертификаты, экспертам – благодарности.",
               f"Контроль за исполнением приказа возложить на {BLANK}."]
    basis = f"На основании протокола экспертной комиссии от {day or BLANK_DAY} № {number or BLANK_NUMBER}"
    basis += f" и исправления итогов ({correction})" if correction else ""
    return order(f"Об итогах конкурса {quoted(snapshot['contest']['title'])}", basis, points)


def as_pdf(snapshot):
    return render_pdf(snapshot, mode="ink").pdf


def as_word(snapshot):
    return render_docx(snapshot, note="проект приказа")
