"""Reminders of progress reports: who has not sent, whom to write to, whom to call. What is told goes to the outbox."""
from dataclasses import dataclass

from django.utils import timezone

from projectoffice.accounts.models import Post
from projectoffice.common.mail import post
from projectoffice.common.models import OutgoingMail
from projectoffice.common.russian import until

from .letters import CLOSES, listed, reports_by_person


def not_sent(period):
    """The reports of a period somebody is waited for and can still send."""
    return period.reports.to_remind(timezone.now()).select_related("project__head").order_by("due_at", "pk")


@dataclass(frozen=True)
class Addressee:
    """Somebody who keeps projects and has not sent: with an address gets a letter, without one a call."""

    person: object
    reports: list
    reminded: bool
    phone: str = ""

    @property
    def gets_letter(self):
        return bool(self.person.email) and not self.reminded


@dataclass(frozen=True)
class Addressees:
    """Whom a reminder goes to, whom to call, whose project nobody keeps."""

    people: list
    ownerless: list

    @property
    def by_letter(self):
        return [each for each in self.people if each.gets_letter]

    @property
    def by_phone(self):
        return [each for each in self.people if not each.person.email]

    @property
    def reminded(self):
        return [each for each in self.people if each.person.email and each.reminded]


def addressees(period, day):
    """Everybody a reminder concerns; seven queries for any number of them."""
    reports = list(not_sent(period))
    by_person = {person: own for person, own in reports_by_person(reports).items() if own}
    told = set(OutgoingMail.objects.filter(key__in=[key_of(period, day, person) for person in by_person]).values_list("key", flat=True))
    phones = phones_of(by_person)
    people = [Addressee(person, own, key_of(period, day, person) in told, phones[person]) for person, own in by_person.items()]
    kept = {report.pk for own in by_person.values() for report in own}
    return Addressees(sorted(people, key=lambda each: each.person.full_name), [report for report in reports if report.pk not in kept])


def phones_of(people):
    """``{person: the own number, or the one of an institution where the person works}``; one query."""
    posts = Post.objects.current().filter(person__in=[each.pk for each in people if not each.phone], institution__isnull=False)
    of_places = dict(posts.exclude(institution__phone="").order_by("-pk").values_list("person", "institution__phone"))
    return {each: each.phone or of_places.get(each.pk, "") for each in people}


def key_of(period, day, person):
    return f"report_reminder:{period.pk}:{day:%Y-%m-%d}:{person.pk}"


def send(period, reports, *, day):
    """One letter to each who keeps these projects and has had none of this period today; how many were written."""
    by_person = reports_by_person(reports)
    keys = {key_of(period, day, person): person for person in by_person if person.email}
    told = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
    for key, person in keys.items():
        if key not in told:
            write(period, person, by_person[person], key)
    return len(keys) - len(told & keys.keys())


def write(period, person, reports, key):
    late = [report for report in reports if report.due_at < timezone.now()]
    ahead = [report for report in reports if report not in late]
    parts = []
    if late:
        parts.append(f"Срок прошёл, отчёт ещё ждут:\n{listed(late)}")
    if ahead:
        parts.append(f"Отчёт ждут {until(ahead[0].due_at)}.{'' if period.accepts_late else f' {CLOSES}'}\n{listed(ahead)}")
    subject = f"Просрочен отчёт {period.title}" if late else f"Напоминание: отчёт {period.title}"
    post(key=key, person=person, about=period, subject=subject,
         body="\n\n".join(parts) + "\n\nЕсли отчёт уже отправлен, отвечать на это письмо не нужно.\n")


def office_day(moment):
    return timezone.localtime(moment).date()
