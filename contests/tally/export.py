"""All sheets of a contest as lines of a table: every one that was handed in, the annulled ones with their reason."""
from django.contrib.postgres.aggregates import ArrayAgg

from projectoffice.accounts.models.institution import NAMED_BY, name_of
from projectoffice.common.russian import moment_short

from ..contest.words import in_order
from ..models import Criterion, ScoreSheet
from ..scoring import Sheet, sheet_total
from .board import weighed
from .words import rounded

MOST = 20_000
HEAD = ["Номинация", "№", "Работа", "Учреждение", "Тур", "Эксперт", "Третий эксперт", "Состояние", "Причина аннулирования", "Сдан",
        "Внесён с бумаги", "Баллы"]
TAIL = ["Комментарий участнику", "Комментарий комиссии", "Комментарии к критериям"]
NAME = ("review__expert__person__surname", "review__expert__person__given_name", "review__expert__person__patronymic")
ENTRY = ("review__entry__nomination__title", "review__entry__number", "review__entry__title")
INSTITUTION = tuple(f"review__entry__institution__{name}" for name in NAMED_BY)
State = ScoreSheet.State


def table(contest, user):
    """``(headings, rows)``; a column a criterion, those of one name in one round share it."""
    criteria = in_order(Criterion.objects.filter(nomination__contest=contest))
    columns = list(dict.fromkeys((each.round, each.title) for each in criteria))
    headings = HEAD + [f"{title} (очный тур)" if code == Criterion.Round.ONSITE else title for code, title in columns] + TAIL
    return headings, rows_of(contest, user, criteria, columns)


def rows_of(contest, user, criteria, columns):
    known = {each.pk: each for each in criteria}
    places = {each.pk: columns.index((each.round, each.title)) for each in criteria}
    pure, rounds = [weighed(each) for each in criteria], dict(Criterion.Round.choices)
    for sheet in read(contest, user):
        marks = {key: mark for key, mark in zip(sheet["criteria"], sheet["marks"], strict=True) if mark is not None}
        cells: list = [""] * len(columns)
        for key, mark in marks.items():
            cells[places[key]] = mark
        remarks = "\n".join(f"{known[key].title}: {words}" for key, words in zip(sheet["criteria"], sheet["words"], strict=True) if words)
        yield [
            *(sheet[name] for name in ENTRY), name_of(*(sheet[name] for name in INSTITUTION)), rounds[sheet["review__round"]],
            " ".join(filter(None, (sheet[name] for name in NAME))), "да" if sheet["review__is_arbiter"] else "", State(sheet["state"]).label, sheet["void_reason"],
            moment_short(sheet["submitted_at"]), paper_words(sheet), rounded(sheet_total(Sheet(0, marks), pure)), *cells,
            sheet["comment"], sheet["panel_comment"], remarks,
        ]


def read(contest, user):
    """What this person may see of what was handed in, in the order of works; the marks of a sheet as one list."""
    seen = ScoreSheet.objects.visible_to(user).filter(review__entry__contest=contest).exclude(state=State.DRAFT)
    seen = seen.annotate(
        criteria=ArrayAgg("scores__criterion", order_by="scores__pk"), marks=ArrayAgg("scores__mark", order_by="scores__pk"),
        words=ArrayAgg("scores__comment", order_by="scores__pk"))
    return seen.order_by("review__entry__nomination__position", "review__entry__number", "review__round", "pk").values(
        "state", "void_reason", "submitted_at", "source", "recorded_by", "checked_by", "comment", "panel_comment", "criteria", "marks", "words",
        "review__round", "review__is_arbiter", *ENTRY, *INSTITUTION, *NAME)[:MOST]


def paper_words(sheet):
    """Where a sheet keyed from paper comes from, and that it does not count yet."""
    if not sheet["recorded_by"]:
        return ""
    return f"{sheet['source'] or 'да'}{'' if sheet['checked_by'] else ', ещё не сверен'}"
