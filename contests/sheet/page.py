"""What an expert meets on the page of one work. Reads only; everything a template shows is made here, once."""
from dataclasses import dataclass, field
from functools import cached_property

from portfolios.amounts import shown_amount
from portfolios.services.typed import shown_marks
from projectoffice.common.db import now
from projectoffice.common.russian import deadline, file_size

from ..models import ScoreSheet
from ..scoring import greatest_total
from . import words
from .blind import read_work
from .marks import is_chosen, scale_words, typed_mark
from .reading import criteria_of, lacks_of, left_words, marks_of, own_queue, texts_of
from .workflow import ONSITE, can, refusal, term_of

NOTE, COMMENT = "Почему такая оценка", "Комментарий для участника"
READ_BY_TEAM = "Участник увидит текст без вашей фамилии."


@dataclass(frozen=True)
class Choice:
    """A mark that can be chosen, with the words of its level."""

    value: str
    words: str
    chosen: bool


@dataclass
class CriterionRow:
    """A criterion as the page draws it."""

    pk: int
    number: int
    title: str
    line: str
    weight: str
    counts: bool
    maximum: int
    step: str
    value: str
    choices: list
    levels: list
    hint: str
    needs_note: bool
    note: str
    errors: list = field(default_factory=list)
    note_errors: list = field(default_factory=list)

    @property
    def is_marked(self):
        return bool(self.value)


def row_of(criterion, number, texts, errors):
    value, name = texts[f"mark-{criterion.pk}"], f"note-{criterion.pk}"
    levels = {level.mark: level.text for level in criterion.levels.all()}
    chosen = is_chosen(criterion)
    return CriterionRow(
        pk=criterion.pk, number=number, title=criterion.title, line=line_of(criterion), weight=str(criterion.weight), counts=criterion.counts,
        maximum=criterion.maximum, step="0.5" if criterion.has_halves else "1", value=value,
        choices=[Choice(str(mark), levels.get(mark, ""), value == str(mark)) for mark in range(criterion.maximum + 1)] if chosen else [],
        levels=[] if chosen else sorted(levels.items()), hint="" if chosen else scale_words(criterion),
        needs_note=criterion.needs_comment, note=texts.get(name, ""),
        errors=errors.get(f"mark-{criterion.pk}", []), note_errors=errors.get(name, []))


def line_of(criterion):
    """«вес 2», «не входит в итог»: quiet words beside the name."""
    if not criterion.counts:
        return "не входит в итог"
    return f"вес {shown_amount(criterion.weight)}" if criterion.weight != 1 else ""


class ReviewPage:
    """One work given to this expert, at one moment of the database's clock; ``typed`` stands over what is stored,
    ``queue`` are the ids of all the person has here, where the page is opened by them."""

    read_by_team = READ_BY_TEAM

    def __init__(self, review, user, typed=None, errors=None, queue=None):
        self.known_queue = queue
        self.review, self.entry, self.contest, self.user = review, review.entry, review.entry.contest, user
        self.moment, self.typed, self.errors = now(), typed or {}, errors or {}
        self.stages = list(self.contest.stages.all())

    @cached_property
    def sheets(self):
        rows = ScoreSheet.objects.filter(review=self.review).prefetch_related("scores").select_related("recorded_by", "checked_by")
        return list(rows.order_by("pk"))

    @cached_property
    def sheet(self):
        """The one in force."""
        return next((each for each in self.sheets if each.state != ScoreSheet.State.VOIDED), None)

    @property
    def voided(self):
        """The one that was set aside, while its replacement is being filled in."""
        return next((each for each in reversed(self.sheets) if each.state == ScoreSheet.State.VOIDED), None)

    @cached_property
    def work(self):
        submission = self.entry.submissions.first()
        return read_work(submission.snapshot, self.entry.number, blind=self.contest.is_blind)

    @property
    def title(self):
        return self.work.title or "Без названия"

    @property
    def files(self):
        return [{"pk": each.pk, "words": f"{each.link} ({each.ending.upper()}, {file_size(each.size)})"} for each in self.work.files]

    @cached_property
    def criteria(self):
        return criteria_of(self.review, worded=True)

    @cached_property
    def stored(self):
        return texts_of(self.review, self.sheet, self.criteria)

    @property
    def texts(self):
        return {**self.stored, **{name: text for name, text in self.typed.items() if name in self.stored}}

    @property
    def version(self):
        return shown_marks(self.stored)

    @cached_property
    def rows(self):
        texts = self.texts
        return [row_of(each, number, texts, self.errors) for number, each in enumerate(self.criteria, start=1)]

    @property
    def table(self):
        """Marks as they were given: for reading and for confirming."""
        marks = self.marks
        return [{"row": row, "mark": typed_mark(marks.get(row.pk)) or "–", "words": level_words(row, marks.get(row.pk))} for row in self.rows]

    @property
    def comments(self):
        """The common comments of this contest: name, label, help, text, errors."""
        texts = self.texts
        yield {"name": "comment", "label": COMMENT, "help": READ_BY_TEAM, "text": texts["comment"],
               "errors": self.errors.get("comment", [])}
        if self.contest.asks_panel_comment:
            yield {"name": "panel_comment", "label": "Для комиссии", "help": "Участник этого не увидит.", "text": texts["panel_comment"],
                   "errors": self.errors.get("panel_comment", [])}

    @cached_property
    def marks(self):
        return marks_of(self.sheet)

    @property
    def total(self):
        return words.total_words(self.criteria, self.marks)

    @property
    def greatest(self):
        return shown_amount(greatest_total(self.criteria))

    @property
    def progress(self):
        return f"{sum(row.is_marked for row in self.rows)} из {len(self.rows)}"

    @cached_property
    def lacks(self):
        return list(lacks_of(self.stored, self.criteria))

    @property
    def left(self):
        return left_words(self.lacks)

    @property
    def badge(self):
        return words.badge(self.sheet, len(self.marks), len(self.criteria))

    @cached_property
    def closed(self):
        """Why nothing can be marked now; empty when it can."""
        return self.refusal("score")

    def refusal(self, verb):
        return refusal(self.review, verb, self.sheet, self.stages, self.moment)

    def may(self, verb):
        return can(self.review, verb, self.user, self.sheet, self.stages, self.moment)

    @property
    def recuse_allowed(self):
        return self.may("recuse")

    @property
    def abstain_allowed(self):
        return self.may("abstain")

    @property
    def term(self):
        ends = term_of(self.review, self.stages).ends
        return deadline(ends, self.moment) if ends else ""

    @cached_property
    def place(self):
        """«Работа 4 из 12»; in the hall with the order of speaking."""
        queue = own_queue(self.user, self.review.pk) if self.known_queue is None else self.known_queue
        if self.review.pk not in queue:
            return ""
        said = f"Работа {queue.index(self.review.pk) + 1} из {len(queue)}"
        order = self.entry.onsite_order if self.review.round == ONSITE else None
        return f"{said}, выступает {order}-й" if order else said

    @property
    def round_words(self):
        return "Третий эксперт" if self.review.is_arbiter else self.review.get_round_display() if self.review.round == ONSITE else ""


def level_words(row, mark):
    if mark is None:
        return ""
    return next((each.words for each in row.choices if each.value == typed_mark(mark)), dict(row.levels).get(mark, ""))
