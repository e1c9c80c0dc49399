"""A sheet as it is read once it is in: by the expert, by others whose own is in, by organisers. Reads only."""
from functools import cached_property

from projectoffice.accounts.access import may
from projectoffice.common.history import history_of
from projectoffice.common.russian import date_short, full_stop, moment_short, person_short

from ..models import ScoreSheet
from . import words
from .blind import read_work
from .page import NOTE, ReviewPage
from .queue import next_review
from .workflow import can

State = ScoreSheet.State


class SheetPage(ReviewPage):
    """One sheet, whatever became of it, as this person meets it."""

    def __init__(self, sheet, user):
        super().__init__(sheet.review, user)
        self.shown = sheet

    @property
    def sheet(self):
        return self.shown

    @cached_property
    def in_force(self):
        return ScoreSheet.objects.in_force().filter(review=self.review).first()

    @property
    def is_own(self):
        return self.review.expert.person_id == self.user.pk

    @cached_property
    def hides_names(self):
        """Whether this reader is to know neither the authors nor who scored: experts of the contest, the office's too."""
        return not may(self.user, "contests.see_scores") or self.scores_here

    @cached_property
    def scores_here(self):
        return self.contest.experts.scorers().filter(person=self.user.pk).exists()

    @cached_property
    def work(self):
        submission = self.entry.submissions.first()
        return read_work(submission.snapshot, self.entry.number, blind=self.contest.is_blind and self.hides_names)

    @property
    def expert_words(self):
        if self.is_own:
            return "Ваш лист"
        return "Лист другого эксперта" if self.hides_names else person_short(self.review.expert.person)

    @property
    def badge(self):
        return words.badge(self.shown, len(self.marks), len(self.criteria))

    @property
    def from_paper(self):
        """«Внесла с бумаги Орлова Н.П. …, сверил …»; empty for a sheet the expert handed in.

        Another expert, who is not to know whose sheet it is, reads no free words about its source and no names.
        """
        sheet = self.shown
        if not sheet.recorded_by_id:
            return ""
        if self.hides_names and not self.is_own:
            return f"Внесён с бумаги. Дата на листе: {date_short(sheet.source_date)}."
        said = f"Внесён с бумаги: {sheet.source}, {date_short(sheet.source_date)}. Внёс: {person_short(sheet.recorded_by)}, {moment_short(sheet.submitted_at)}."
        return f"{said} Сверил: {full_stop(person_short(sheet.checked_by))}" if sheet.checked_by_id else f"{said} В итог войдёт, когда другой сотрудник сверит его с бумагой."

    @cached_property
    def keyed(self):
        """What the history keeps of the keying: ``screen`` that the paper outweighed, ``kept`` that the paper does not have."""
        event = history_of(self.shown).filter(verb="submit_sheet").first() if self.shown.recorded_by_id else None
        return event.changes if event else {}

    @property
    def outweighed(self):
        """``[(label, text)]`` the expert had typed on the screen, for the expert alone."""
        before = self.keyed.get("screen", {}) if self.is_own else {}
        labels = {f"{part}-{row.pk}": f"{row.number}. {row.title}{words}" for row in self.rows for part, words in (("mark", ""), ("note", f": {NOTE.lower()}"))}
        labels |= {comment["name"]: comment["label"] for comment in self.comments}
        return [(labels[name], text) for name, text in before.items() if name in labels]

    @property
    def not_on_paper(self):
        """Labels of the comments that stand here as they were typed on the screen."""
        return [comment["label"] for comment in self.comments if comment["name"] in self.keyed.get("kept", [])]

    @property
    def voided_words(self):
        sheet = self.shown
        by = f"{person_short(sheet.voided_by)}, " if sheet.voided_by_id and not self.hides_names else ""
        return f"Лист аннулирован: {sheet.void_reason} ({by}{moment_short(sheet.voided_at)})." if sheet.state == State.VOIDED else ""

    def may(self, verb):
        in_force = self.shown if self.shown.state != State.VOIDED else None
        return can(self.review, verb, self.user, in_force, self.stages, self.moment)

    @property
    def replace_allowed(self):
        return self.may("replace") and not self.scores_here

    @property
    def compare_allowed(self):
        return self.may("compare") and self.shown.recorded_by_id != self.user.pk and not self.scores_here

    @cached_property
    def others(self):
        """Other sheets of the work in this round that this person may read now; the order says nothing."""
        rows = ScoreSheet.objects.visible_to(self.user).filter(
            review__entry=self.entry, review__round=self.review.round, state=State.SUBMITTED).exclude(pk=self.shown.pk)
        found = list(rows.select_related("review__expert__person", "recorded_by").prefetch_related("scores").order_by("pk"))
        return [self.other(sheet, place) for place, sheet in enumerate(found, start=1)]

    def other(self, sheet, place):
        marks = {score.criterion_id: score.mark for score in sheet.scores.all() if score.mark is not None}
        name = "Ваш лист" if sheet.review.expert_id == self.review.expert_id and self.is_own else (
            f"Другой эксперт {place}" if self.hides_names else person_short(sheet.review.expert.person))
        if sheet.review.is_arbiter:
            name += ", третий эксперт"
        return {"sheet": sheet, "name": name, "total": words.total_words(self.criteria, marks), "badge": words.badge(sheet)}

    @cached_property
    def events(self):
        """Who did what to the sheet; names of staff are for the office."""
        return [] if self.hides_names else list(history_of(self.shown)[:20])

    @cached_property
    def next(self):
        return next_review(self.user) if self.is_own else None
