"""What a team is written about its entry. Letters go to the outbox in the transaction of the verb."""
from projectoffice.accounts.addressees import speakers_for
from projectoffice.common.mail import absolute, post

from ..models import TechnicalCheck
from .words import call_words, moment_words, number_words
from .workflow import enters_for_another

Outcome = TechnicalCheck.Outcome


def link(entry):
    return absolute(entry.get_absolute_url())


def addresses_of(entry, submission=None):
    """``{address: person or None}``: who of the team sent it last, or began it, and the contact; each address once."""
    last = submission or entry.submissions.select_related("by").first()
    sender = last.by if last else entry.created_by
    found = {}
    if sender and sender.email and sender.is_active and not sender.left_on and not enters_for_another(entry, sender):
        found[sender.email.lower()] = sender
    for author in entry.authors.filter(is_contact=True).select_related("person"):
        address = author.email or (author.person.email if author.person else "")
        if address:
            found.setdefault(address.lower(), author.person if author.person and not author.email else None)
    return found or speakers(entry)


def speakers(entry):
    """Who speaks for the institution when nobody of the team has an address: the office entered it."""
    found = speakers_for([entry.institution_id]).get(entry.institution, [])
    return {(each if isinstance(each, str) else each.email).lower(): None if isinstance(each, str) else each for each in found}


def tell(entry, key, subject, body, *, submission=None):
    """One letter to each address of the team, under a key of its own."""
    for address, person in addresses_of(entry, submission).items():
        post(key=f"{key}:{address}"[:200], person=person, address=address, about=entry, subject=subject,
             body=f"{body}\n\nЗаявка: {link(entry)}\n")


def submitted(entry, submission):
    """The receipt: number, moment, what comes next."""
    again = submission.number > 1
    entered = f"Внёс Проектный офис: {submission.source}.\n" if submission.recorded_by_id else ""
    tell(entry, f"entry_receipt:{submission.pk}", f"{number_words(entry)} принята на техническую экспертизу",
         f"Конкурс: {entry.contest}\nРабота: «{entry.title}»\nНоминация: {entry.nomination}\nУчреждение: {entry.institution}\n"
         f"{number_words(entry)}, отправлена {'заново ' if again else ''}{moment_words(submission.at)}.\n{entered}\n"
         "Офис проверит заявку и напишет вам об исходе.", submission=submission)


def withdrawn(entry, *, by):
    tell(entry, f"entry_withdrawn:{entry.pk}:{entry.version}", f"{number_words(entry)} отозвана",
         f"Заявку «{entry.title}» на конкурс «{entry.contest}» отозвал(а) {by}.\nПричина: {entry.state_reason}")


OPENINGS = {
    Outcome.ADMITTED: "прошла техническую экспертизу и допущена к оценке.",
    Outcome.REMARKS: "допущена к оценке с замечаниями. Исправлять заявку не нужно.",
    Outcome.RETURNED: "возвращена на исправление.",
    Outcome.REJECTED: "отклонена.",
}
SUBJECTS = {
    Outcome.ADMITTED: "допущена", Outcome.REMARKS: "допущена с замечаниями", Outcome.RETURNED: "возвращена на исправление",
    Outcome.REJECTED: "отклонена",
}


def checked(entry, check, *, event, changed):
    """The outcome in words; a returned entry says until when and where to mend it."""
    body = f"{number_words(entry)}, «{entry.title}», {OPENINGS[Outcome(check.outcome)]}"
    if changed:
        body += "\nЭто решение заменяет прежнее."
    if check.words:
        heading = {"returned": "Что исправить", "rejected": "Причина"}.get(check.outcome, "Слова офиса")
        body += f"\n\n{heading}:\n{check.words}"
    if check.correct_until:
        body += f"\n\nИсправьте и отправьте снова до {moment_words(check.correct_until)}, даже если приём уже закончился."
    if check.outcome == Outcome.REJECTED:
        body += f"\n\n{call_words()}"
    tell(entry, f"entry_checked:{event.pk}", f"{number_words(entry)}: {SUBJECTS[Outcome(check.outcome)]}", body)


def remind(entry, moment, person, address):
    """A day before the last moment: the entry is still not sent."""
    post(key=f"entry_reminder:{entry.pk}:{moment.isoformat()}:{address}"[:200], person=person, address=address, about=entry,
         subject=f"Заявка «{entry.title or 'без названия'}» ещё не отправлена",
         body=f"Заявка на конкурс «{entry.contest}» ещё не отправлена. Отправить её можно до {moment_words(moment)}.\n\n"
              f"Открыть и отправить: {link(entry)}\n")


def too_late(entry, moment, person, address):
    """Kindly: the term is over, nothing is lost, whom to call."""
    post(key=f"entry_late:{entry.pk}:{moment.isoformat()}:{address}"[:200], person=person, address=address, about=entry,
         subject=f"Заявка «{entry.title or 'без названия'}» осталась черновиком",
         body=f"Приём заявок на конкурс «{entry.contest}» закончился {moment_words(moment)}, а эта заявка не была отправлена.\n"
              f"Всё написанное и файлы сохранены. Если это недоразумение, {call_words()[0].lower()}{call_words()[1:]}\n\n"
              f"Заявка: {link(entry)}\n")
