"""Sheets on paper: the same criteria with empty boxes, lines for the date and the signature; one work or all of an expert."""
from projectoffice.common.filenames import clean_name
from projectoffice.common.lines import line
from projectoffice.common.russian import person_short
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.snapshot import SCHEMA

from ..models import Criterion, Review
from ..models.contest import NAMES_YEAR
from .blind import title_of
from .marks import scale_words
from .page import line_of
from .queue import contents_of
from .reading import in_order, with_entry

COLUMNS = [
    {"key": "number", "title": "№", "width": 7}, {"key": "criterion", "title": "Критерий и что значит оценка", "width": 75},
    {"key": "mark", "title": "Оценка", "width": 18},
]
SECONDS = 60
FOR_TEAM = "участник прочтёт без вашей фамилии"


def blank_pdf(review):
    """One work's sheet without marks."""
    return pdf_of([review])


def packet_pdf(expert):
    """Sheets of everything this expert still has, in the order of the queue, each from a new page."""
    return pdf_of(list(packet_of(expert)))


def packet_of(expert):
    """What goes onto paper: given, without a sheet that is in; nothing in conflict."""
    rows = Review.objects.to_score(expert.person).filter(expert=expert)
    return with_entry(in_order(rows.exclude(sheets__state="submitted")))


def pdf_of(reviews):
    contest = reviews[0].entry.contest
    contents = contents_of(reviews)
    criteria = worded_criteria(reviews)
    sections = [section for place, review in enumerate(reviews)
                for section in sheet_sections(review, contents[review.entry_id], criteria[review.entry.nomination_id, review.round], first=not place)]
    return render_pdf({
        "schema": SCHEMA, "kind": "score_sheet", "columns": [], "stamps": [], "sections": sections,
        "head": {"title": ["Оценочный лист", f"«{contest.title}»", *([] if NAMES_YEAR.search(contest.title) else [f"{contest.year} год"])], "number": "", "basis": ""},
    }, mode="ink", seconds=SECONDS).pdf


def worded_criteria(reviews):
    found: dict = {}
    rows = Criterion.objects.filter(nomination__in={each.entry.nomination_id for each in reviews}).prefetch_related("levels")
    for each in rows.order_by("position", "pk"):
        found.setdefault((each.nomination_id, each.round), []).append(each)
    return found


def sheet_sections(review, content, criteria, *, first):
    entry = review.entry
    title = title_of(content, blind=entry.contest.is_blind)
    told = [f"Работа № {entry.number}: {title}", f"Номинация: {entry.nomination.title}", f"Эксперт: {review.expert.person.full_name}"]
    yield part(review, "work", "text", "" if first else "Оценочный лист", "after" if first else "appendix", lines=[line(words) for words in told])
    yield part(review, "marks", "table", "", columns=COLUMNS, rows=[row_of(each, number) for number, each in enumerate(criteria, start=1)])
    for place, label in enumerate(comment_labels(entry.contest)):
        yield part(review, f"comment-{place}", "text", label, lines=[line("_" * 74), line("_" * 74)])
    yield part(review, "signed", "pair", left="Подпись ____________________", right="«___» ______________ 20__ г.")


def part(review, name, kind, title="", place="after", **more):
    return {"uid": f"{name}-{review.pk}", "kind": kind, "title": title, "place": place, **more}


def comment_labels(contest):
    return [f"Комментарий для участника ({FOR_TEAM})", *(["Для комиссии"] if contest.asks_panel_comment else [])]


def row_of(criterion, number):
    quiet = line_of(criterion)
    words = [line(f"{criterion.title}{f' ({quiet})' if quiet else ''}")]
    levels = [line(f"{level.mark} – {level.text}") for level in criterion.levels.all()] or [line(scale_words(criterion))]
    note = [line(f"Почему такая оценка ({FOR_TEAM}):"), line("_" * 40)] if criterion.needs_comment else []
    return {"uid": f"criterion-{criterion.pk}", "cells": {"number": str(number), "criterion": words + levels + note, "mark": ""}}


def blank_name(review):
    return clean_name(f"Лист, работа {review.entry.number}.pdf", "pdf")


def packet_name(expert):
    return clean_name(f"Листы, {person_short(expert.person)}.pdf", "pdf")
