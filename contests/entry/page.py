"""What one person sees of an entry and may do with it. Reads only."""
from functools import cached_property

from django.db.models import Prefetch

from projectoffice.accounts.access import may
from projectoffice.accounts.models import OfficeProfile, User
from projectoffice.common.db import now
from projectoffice.common.history import history_of

from ..models import Contest, Entry, EntryAuthor, EntryFile, EntrySubmission, TechnicalCheck
from ..services.entry import colleagues_of
from . import words
from .missing import lacks_of
from .submission import files_of, take
from .workflow import RUNS, TO_WRITE, can, deadline_of, enters_for_another, in_time, refusal

State = Entry.State
NEXT = {
    State.DRAFT: "Конкурс больше не принимает заявок: черновик остался неотправленным.",
    State.SUBMITTED: "Заявку проверяет офис. Об исходе придёт письмо.",
    State.RETURNED: "Конкурс больше не принимает заявок: исправление не отправлено.",
    State.ADMITTED: "Заявка допущена: её оценят эксперты. Итоги придут письмом.",
    State.REJECTED: "Заявка отклонена и в конкурсе не участвует.",
    State.WITHDRAWN: "Заявка отозвана и в конкурсе не участвует.",
}
OVER = {
    Contest.State.FINISHED: "Итоги конкурса опубликованы. Место, оценки и награда – на странице «Итог».",
    Contest.State.CANCELLED: "Конкурс отменён: работу оценивать не будут.",
}
LAST_EVENTS = 10
MOST_COLLEAGUES = 300


def for_page(entries):
    """Entries with what a page of one needs: the same few queries whatever it holds."""
    submissions = EntrySubmission.objects.select_related("by", "recorded_by", "source_file").prefetch_related(
        Prefetch("checks", TechnicalCheck.objects.select_related("by")))
    return entries.select_related("contest", "nomination", "institution", "signed_scan", "created_by").prefetch_related(
        "contest__stages", "nomination__fields", "answers", "partners", Prefetch("submissions", submissions),
        Prefetch("authors", EntryAuthor.objects.select_related("person")), Prefetch("files", EntryFile.objects.select_related("file")))


class EntryPage:
    """One entry as this person meets it, at one moment of the database's clock."""

    def __init__(self, entry, user, office=None):
        self.entry, self.user, self.moment = entry, user, now()
        self.office = office or OfficeProfile.load()

    def may(self, verb):
        return can(self.entry, verb, self.user, self.moment)

    @cached_property
    def editable(self):
        return self.may("write")

    @property
    def check_allowed(self):
        return self.may("check")

    @property
    def take_back_allowed(self):
        return self.may("take_back")

    @property
    def withdraw_allowed(self):
        return self.may("withdraw")

    @property
    def content(self):
        """What was last sent; of a draft nobody may write any more, what was written."""
        return self.submission.snapshot if self.submission else take(self.entry)

    @property
    def what_next(self):
        """One sentence: what happens now and who acts."""
        if self.entry.state == Entry.State.SUBMITTED and self.take_back_allowed:
            return "Заявку проверяет офис. Пока он не решил и идёт приём, её можно вернуть в черновик и поправить."
        if self.entry.state == Entry.State.WITHDRAWN and self.take_back_allowed:
            return "Заявка отозвана. Пока идёт приём, её можно вернуть в черновик."
        if self.entry.state == Entry.State.WITHDRAWN and self.entry.withdrawn_by_office:
            return f"{NEXT[Entry.State.WITHDRAWN]} Её отозвал офис: вернуть её может только он."
        after = OVER.get(self.entry.contest.state) if self.entry.state == Entry.State.ADMITTED else None
        return after or NEXT[Entry.State(self.entry.state)]

    @property
    def badge(self):
        return words.badge(self.entry)

    @property
    def number(self):
        return words.number_words(self.entry)

    @property
    def is_office(self):
        return may(self.user, RUNS)

    @cached_property
    def to_send(self):
        return self.entry.state in TO_WRITE

    @property
    def deadline(self):
        """Until when it may be sent, with the zone; nothing once it was."""
        return words.until_words(deadline_of(self.entry), self.office) if self.to_send else ""

    @cached_property
    def closed(self):
        """Why it cannot be sent any more, or not yet; whom to call."""
        if not self.to_send:
            return ""
        late = refusal(self.entry, "submit", self.user, self.moment)
        if not late:
            return ""
        ended = in_time(self.entry, self.moment, self.user) and (deadline_of(self.entry) or self.moment) < self.moment
        return f"{late} {words.call_words(self.office)}" if ended else late

    @cached_property
    def lacks(self):
        return lacks_of(self.entry)

    @property
    def files(self):
        return files_of(self.entry)

    @property
    def files_size(self):
        return sum(row.file.size for row in self.files)

    @cached_property
    def submission(self):
        """The last one, frozen; None while nothing was sent."""
        return next(iter(self.entry.submissions.all()), None)

    @cached_property
    def checks(self):
        """Every outcome there was, newest first, with the submission it is about."""
        found = [(check, submission) for submission in self.entry.submissions.all() for check in submission.checks.all()]
        return sorted(found, key=lambda pair: (pair[0].at, pair[0].pk), reverse=True)

    @property
    def remark(self):
        """What is to be mended, with who says so; None unless it was returned."""
        if self.entry.state != Entry.State.RETURNED:
            return None
        return next((check for check, _ in self.checks if check.outcome == TechnicalCheck.Outcome.RETURNED), None)

    @property
    def enters_for_another(self):
        return enters_for_another(self.entry, self.user)

    @property
    def colleagues(self):
        """Names offered while an author is typed: those who work in these institutions."""
        return User.objects.active().filter(pk__in=colleagues_of(self.entry)).in_order()[:MOST_COLLEAGUES]

    @cached_property
    def scan_is_older(self):
        """Whether the text was changed after the signed paper was uploaded."""
        if not self.entry.signed_scan_id:
            return False
        changes = {"save_entry", "add_author", "remove_author", "move_author", "add_partner", "remove_partner", "change_nomination"}
        return history_of(self.entry).filter(verb__in=changes, moment__gt=self.entry.signed_scan.uploaded_at).exists()

    @property
    def can_add_author(self):
        return len(self.entry.authors.all()) < self.entry.nomination.most_authors

    @cached_property
    def events(self):
        return list(history_of(self.entry)[:LAST_EVENTS])

    @property
    def last_event(self):
        return self.events[0] if self.events else None
