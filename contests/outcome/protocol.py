"""The protocol of the panel in words: results in, sections of a sheet out."""
from projectoffice.common.lines import from_text, plain
from projectoffice.common.russian import date_long, quoted
from projectoffice.common.russian import number as shown_number

from .sheets import number, table

COLUMNS = [{"key": "place", "title": "Место", "width": 9}, {"key": "title", "title": "Работа, учреждение", "width": 47},
           {"key": "experts", "title": "Экспертов", "width": 12}, {"key": "total", "title": "Итог", "width": 11},
           {"key": "award", "title": "Награда", "width": 21}]


def sections_of(snapshot, protocol, recusals, published_on=None, kept=()):
    """``kept`` are rulings by which a sheet counts although its expert is in conflict now. ``published_on`` is the day of results that are out already: then the panel confirms them."""
    yield text("present", protocol.present, lead="Присутствовали:")
    count = sum(len(each["entries"]) for each in snapshot["nominations"])
    yield said("judged", f"Рассмотрено работ: {shown_number(count)}. Экспертов: {len(snapshot['experts'])}. "
                         + " ".join(f"{fact}: {words.lower() if words[:1].isupper() else words}." for fact, words in snapshot["method"][:2]))
    for nomination in snapshot["nominations"]:
        if nomination["entries"]:
            yield table(f"nomination-{nomination['id']}", nomination["title"], COLUMNS, [row(entry) for entry in nomination["entries"]])
    yield from notes_on(snapshot)
    told = [f"{each.expert.person.short_name} – {quoted(str(each.entry)) if each.entry else each.institution}: {each.get_ground_display().lower()}"
            for each in recusals]
    if told:
        yield said("recusals", "Не оценивали из-за конфликта интересов:\n" + "\n".join(f"– {each}" for each in told))
    told = [f"{each.expert.person.short_name} – {quoted(str(each.entry))}: {each}. {each.reason}" for each in kept]
    if told:
        yield said("kept", "Конфликт интересов появился после оценки, лист оставлен:\n" + "\n".join(f"– {each}" for each in told))
    jury = snapshot["jury"]
    if jury["votes"] or jury["annulled"]:
        why = f" Аннулировано: {jury['annulled']} ({'; '.join(jury['reasons'])})." if jury["annulled"] else ""
        yield said("jury", f"Общественное жюри: голосов {jury['votes']}.{why}")
    yield {"uid": "decided", "kind": "text", "title": "", "lead": "РЕШИЛИ:", "lines": []}
    yield from decisions(snapshot, protocol, published_on)


def notes_on(snapshot):
    """Who decided where equals stood and where experts diverged, and awards that differ from the place."""
    for nomination in snapshot["nominations"]:
        for entry in nomination["entries"]:
            words = [entry["rule"][0].lower() + entry["rule"][1:]] if entry["rule"] else []
            words += [f"оценки экспертов разошлись на {number(each['spread'])}, решил третий эксперт: {number(each['arbiter'])}"
                      for each in entry["rounds"] if each["diverges"] and each["arbiter"]]
            words += [f"награда определена комиссией: {entry['award_reason']}"] if entry["award_reason"] else []
            if words:
                yield said(f"note-{entry['id']}", f"Работа № {entry['number']}: {'; '.join(words)}.")


def decisions(snapshot, protocol, published_on):
    points = []
    for level in snapshot["levels"]:
        won = [f"{quoted(entry['title'])} ({entry['institution']['name']})" for nomination in snapshot["nominations"]
               for entry in nomination["entries"] if entry["award"] and entry["award"]["level"] == level["id"]]
        if won and not level["is_rest"]:
            points.append(f"Присвоить звание {quoted(level['title'])}: {'; '.join(won)}.")
    points.append(f"Подтвердить итоги, опубликованные {date_long(published_on)}" if published_on else "Представить итоги на утверждение и опубликовать их.")
    points += [each for each in plain(protocol.notes).split("\n") if each.strip()]
    for place, words in enumerate(points, start=1):
        yield {"uid": f"point-{place}", "kind": "text", "title": "", "number": f"{place}.", "lines": from_text(words)}


def row(entry):
    return {"uid": f"entry-{entry['id']}", "cells": {
        "place": entry["place"] or "–", "title": [f"№ {entry['number']}. {entry['title']}", entry["institution"]["name"]],
        "experts": str(len({sheet["expert"] for sheet in entry["sheets"]})), "total": number(entry["total"]),
        "award": (entry["award"] or {}).get("title", "–")}}


def said(uid, words):
    return {"uid": uid, "kind": "text", "title": "", "lines": from_text(words)}


def text(uid, lines, lead):
    return {"uid": uid, "kind": "text", "title": "", "lead": lead, "lines": lines}
