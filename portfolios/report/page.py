"""What the page of a report shows one person: its state, what is asked, its content, its parts, what may be done."""
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.history import history_of

from ..models import ReportPart
from . import words
from .missing import lacks_of
from .submission import take
from .workflow import CHECK, NOT_WITHDRAWN, available, enters_for_another, is_moment, is_waited_for

LAST_EVENTS, MOST_EVENTS = 8, 80
LATE_ONCE_WITHDRAWN = "Отчёт сдан вовремя. Если отозвать его сейчас, новая отправка будет отмечена как сданная после срока."


@dataclass
class ReportPage:
    """A report as one person meets it."""

    report: object
    user: object

    @cached_property
    def actions(self):
        return available(self.report, self.user)

    @property
    def is_written(self):
        return "write" in self.actions

    @property
    def badges(self):
        return words.badges(self.report)

    @property
    def term(self):
        return words.term(self.report)

    @cached_property
    def submissions(self):
        """What was sent, the newest first, each with what became of it."""
        rows = list(self.report.submissions.select_related("by", "recorded_by").defer("snapshot"))
        return [(row, words.fate(row, self.report, rows[0].number)) for row in rows]

    @cached_property
    def content(self):
        """What is written now, or what was sent and is being checked."""
        if self.report.is_to_write:
            return words.told(take(self.report))
        return words.told(self.report.submissions.first().snapshot)

    @cached_property
    def files(self):
        return list(self.report.files.filter(removed=False).select_related("file"))

    @cached_property
    def parts(self):
        rows = ReportPart.objects.filter(report=self.report).select_related("institution__institution", "sent_by", "recorded_by", "remark_by")
        return [(part, *words.part_state(part)) for part in rows.order_by("institution__position", "pk")]

    @property
    def parts_in(self):
        return sum(1 for part, *_ in self.parts if part.sent_at)

    @property
    def own_parts(self):
        """Parts this person's institution writes, while they can be written. One query for any number of parts."""
        if self.is_written or not is_moment(self.report, "write_part"):
            return []
        own = set(ReportPart.objects.filter(report=self.report, sent_at=None).of_institutions(self.user).values_list("pk", flat=True))
        return [part for part, *_ in self.parts if part.pk in own]

    @cached_property
    def events(self):
        """The last ones; texts saved as typed by one person in a row are told once, by the last moment."""
        told = []
        for event in history_of(self.report)[:MOST_EVENTS]:
            before = told[-1] if told else None
            if not (before and event.verb == before.verb == "save_report" and event.actor_id == before.actor_id):
                told.append(event)
        return told[:LAST_EVENTS]

    @property
    def saved_at(self):
        """When a text of it was last saved."""
        return next((event.moment for event in self.events if event.verb == "save_report"), None)

    @property
    def is_closed(self):
        """The day is over and no late report is taken."""
        return self.report.is_to_write and self.takes_no_more

    @property
    def takes_no_more(self):
        return self.is_past and not self.report.period.accepts_late

    @property
    def is_past(self):
        return self.report.due_at < timezone.now()

    @property
    def is_withdrawable(self):
        return "withdraw" in self.actions and not self.takes_no_more

    @property
    def withdrawing_words(self):
        """What who may withdraw must know first: it can be done no more, or what was sent in time would be late."""
        if "withdraw" not in self.actions or not self.is_past:
            return ""
        if self.takes_no_more:
            return NOT_WITHDRAWN
        return "" if self.report.is_late else LATE_ONCE_WITHDRAWN

    @property
    def closed_words(self):
        return words.closed(self.report)

    @property
    def remark(self):
        """The remark of the last return, while it is being mended or checked again."""
        return self.report.remark

    @property
    def lacks(self):
        return lacks_of(self.report)

    @property
    def waits_for(self):
        return words.waits_for(self.report)

    @property
    def is_checked_here(self):
        return may(self.user, CHECK, self.report)

    @property
    def is_waited_for(self):
        return is_waited_for(self.report)

    @property
    def for_another(self):
        return enters_for_another(self.report, self.user)
