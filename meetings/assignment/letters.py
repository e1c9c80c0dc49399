"""What assignments write to people. Letters go to the outbox in the transaction of the verb."""
from collections import defaultdict

from django.urls import reverse

from projectoffice.accounts.addressees import speakers_for, with_acting
from projectoffice.accounts.models import OfficeProfile, Substitution, User
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import date_short, plural

from .words import accepted_words, due_change, due_long, due_words, protocol_words
from .workflow import judge

EXECUTES, HELPS, CONTROLS, TICKS = "Вам поручено", "Вы помогаете исполнить", "Вы контролируете", "Поручено вашему учреждению"
ENDED, MOVED = "Снято с контроля", "Срок изменился"


def signed(body):
    """The letter with whom to ask at its end, as an invitation has it."""
    return "\n\n".join(filter(None, [body.strip(), OfficeProfile.load().whom_to_ask])) + "\n"


def in_subject(assignment):
    return assignment.text[:120]


def link(assignment):
    return absolute(assignment.get_absolute_url())


def tell(people, *, key, subject, body, assignment):
    """One letter to each of these people and who acts for them."""
    for person in with_acting(people):
        post(key=f"{key}:{person.pk}", person=person, subject=subject, body=signed(f"{body}\n\nОткрыть: {link(assignment)}"),
             about=assignment)


def executors(assignment):
    return [assignment.executor, *assignment.co_executors.all()]


def everybody(assignment):
    return [*executors(assignment), assignment.controller]


# What an edition of a protocol has given or taken away: one letter per person, however many assignments

class Bundle:
    """Lines for each person and mailbox, gathered while a protocol is issued, sent as one letter each."""

    def __init__(self, key, about, edition=None):
        self.key, self.about, self.edition = key, about, edition
        self.people: dict[int, User] = {}
        self.lines = defaultdict(list)
        self.was = {}

    def given(self, assignments):
        """``assignments`` come with executor, controller, co-executors and ticks at hand."""
        assignments = list(assignments)
        speakers = speakers_of(assignments)
        for each in assignments:
            self.add(EXECUTES, [each.executor], each)
            self.add(HELPS, each.co_executors.all(), each)
            self.add(CONTROLS, [each.controller], each)
            self.add(TICKS, speakers[each.pk], each)

    def moved(self, pairs):
        """``(before, now)`` of what is asked of the same people until another day."""
        pairs = list(pairs)
        speakers = speakers_of([now for _, now in pairs])
        for before, now in pairs:
            self.was[now.pk] = before
            self.add(MOVED, [*everybody(now), *speakers[now.pk]], now)

    def ended(self, assignments):
        for each in assignments:
            self.add(ENDED, everybody(each), each)

    def add(self, role, receivers, assignment):
        for receiver in receivers:
            if isinstance(receiver, str):
                self.note(receiver, role, assignment)
            elif receiver is not None and receiver.is_active and not receiver.left_on:
                self.people[receiver.pk] = receiver
                self.note(receiver.pk, role, assignment)

    def note(self, receiver, role, assignment):
        known = [told for _, told in self.lines[receiver]]
        if assignment not in known:
            self.lines[receiver].append((role, assignment))

    def send(self):
        """To each receiver, and a copy to who acts for a person today."""
        acting = defaultdict(list)
        for each in Substitution.objects.current().filter(absent__in=list(self.people)).select_related("acting"):
            acting[each.absent_id].append(each.acting)
        for receiver, lines in list(self.lines.items()):
            for whom in [receiver] if isinstance(receiver, str) else [self.people[receiver], *acting[receiver]]:
                self.post(receiver, whom, lines)

    def post(self, receiver, whom, lines):
        to = {"address": whom} if isinstance(whom, str) else {"person": whom}
        name = whom if isinstance(whom, str) else whom.pk
        post(
            key=f"{self.key}:{receiver}:{name}"[:200], about=self.about, **to,
            subject=self.subject(lines),
            body=signed("\n\n".join(self.paragraph(role, each) for role, each in lines)
                        + f"\n\nВсе ваши поручения: {absolute(reverse('meetings:assignments'))}"),
        )

    def subject(self, lines):
        """What one line is about, or how many there are."""
        (role, assignment), *others = lines
        if others:
            return f"Проектный офис: {len(lines)} {plural(len(lines), 'поручение,поручения,поручений')}"
        return f"{role if role in (ENDED, MOVED) else 'Поручение'}: {in_subject(assignment)}"

    def paragraph(self, role, assignment):
        """One assignment in a letter. What comes from a closed question names neither the protocol nor the meeting."""
        ground = "" if assignment.closed or not self.edition else f" ({protocol_words(self.edition)}, п. {assignment.number})"
        told = f"Поручение: {assignment.text}"
        if role == ENDED:
            return f"{role}.\n{told}\nПочему: {assignment.cancel_reason}"
        if role == MOVED:
            return f"{due_change(self.was[assignment.pk], assignment)}{ground}\n{told}\n{link(assignment)}"
        return f"{role}{ground}.\n{told}\nСрок: {due_long(assignment)}\n{link(assignment)}"


def speakers_of(assignments):
    """``{assignment: whom to write}`` about the parts that institutions have not ticked yet."""
    places = speakers_for({tick.institution_id for each in assignments for tick in each.ticks.all()})
    by_place = {place.pk: whom for place, whom in places.items()}
    left = {each.pk: [tick.institution_id for tick in each.ticks.all() if not tick.done_on] for each in assignments}
    return {pk: [whom for place in own for whom in by_place[place]] for pk, own in left.items()}


# What happens to one assignment

def given_by_hand(assignment):
    bundle = Bundle(f"assignment-given:{assignment.pk}", assignment)
    bundle.given([assignment])
    bundle.send()


def reported(assignment, report):
    whose = report.by.signature_name if report.by else assignment.executor_text or "Исполнители"
    tell([judge(assignment)], key=f"assignment-report:{report.pk}", assignment=assignment,
         subject=f"Отчёт на проверку: {in_subject(assignment)}",
         body=f"{whose} сообщает об исполнении поручения.\n\nПоручение: {assignment.text}\nСделано "
              f"{date_short(report.done_on)}: {report.text}")


def decided(assignment, report):
    accepted = report.verdict == report.Verdict.ACCEPTED
    tell([*executors(assignment), report.by, report.recorded_by], key=f"assignment-verdict:{report.pk}", assignment=assignment,
         subject=f"{'Отчёт принят' if accepted else 'Отчёт возвращён'}: {in_subject(assignment)}",
         body=f"{accepted_words(assignment) if accepted else 'Отчёт возвращён, поручение снова в работе'}.\n"
              f"Поручение: {assignment.text}" + (f"\n\n{report.answer}" if report.answer else ""))


def extension_asked(assignment, extension):
    tell([judge(assignment)], key=f"assignment-extension:{extension.pk}", assignment=assignment,
         subject=f"Просят перенести срок: {in_subject(assignment)}",
         body=f"{extension.by.signature_name if extension.by else 'Проектный офис'} просит перенести срок с "
              f"{date_short(extension.due_before)} на {date_short(extension.due_after)}.\nПричина: {extension.reason}\n\n"
              f"Поручение: {assignment.text}")


def extension_decided(assignment, extension):
    granted = extension.verdict == extension.Verdict.GRANTED
    words = f"Срок перенесён на {date_short(assignment.due_end)}." if granted else "В переносе срока отказано."
    tell([*executors(assignment), extension.by], key=f"assignment-extension-verdict:{extension.pk}", assignment=assignment,
         subject=f"{'Срок перенесён' if granted else 'Срок остаётся прежним'}: {in_subject(assignment)}",
         body=f"{words}\nПоручение: {assignment.text}" + (f"\n\n{extension.answer}" if extension.answer else ""))


def cancelled(assignment):
    tell(everybody(assignment), key=f"assignment-cancelled:{assignment.pk}", assignment=assignment,
         subject=f"Снято с контроля: {in_subject(assignment)}",
         body=f"Поручение снято с контроля, исполнять его больше не нужно.\nПоручение: {assignment.text}\n"
              f"Причина: {assignment.cancel_reason}")


def handed_over(assignments, role, successor, before, *, by):
    """One letter to the successor about everything taken over in this role."""
    words = "\n".join(f"– {each.text[:200]} ({due_words(each)}): {link(each)}" for each in assignments)
    marks = "-".join(f"{each.pk}.{each.version}" for each in assignments)[:120]
    post(key=f"assignments-taken:{role}:{successor.pk}:{marks}", person=successor,
         subject=f"Вам переданы поручения: {len(assignments)}",
         body=signed(f"{by.signature_name if by.pk else 'Проектный офис'} передаёт вам поручения: прежде отвечает {before.signature_name}, "
              f"теперь вы {role}.\n\n{words}\n\nВсе ваши поручения: {absolute(reverse('meetings:assignments'))}"))


def reminder(receiver, soon, overdue, day):
    """One letter a day per receiver (a person or a mailbox) about what ends soon and what is late."""
    to = {"address": receiver} if isinstance(receiver, str) else {"person": receiver}
    parts = [part for title, rows in (("Срок прошёл", overdue), ("Срок скоро", soon)) if rows
             for part in [f"{title}:\n" + "\n".join(f"– {each.text[:300].rstrip(' .')}: до {date_short(each.due_end)}, {link(each)}" for each in rows)]]
    count = len(soon) + len(overdue)
    post(key=f"assignments-remind:{receiver if isinstance(receiver, str) else receiver.pk}:{day:%Y-%m-%d}"[:200], **to,
         subject=f"Напоминание о поручениях: {count}",
         body=signed("Напоминаем о поручениях, которые ждут вашего отчёта.\n\n" + "\n\n".join(parts)
                     + f"\n\nВсе ваши поручения: {absolute(reverse('meetings:assignments'))}"))
