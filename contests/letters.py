"""What this app writes to people. Letters go to the outbox in the transaction of the verb."""
from django.db.models import Q

from projectoffice.accounts.models import User
from projectoffice.common.mail import absolute, post
from projectoffice.common.russian import quoted

from .contest.dates import NAMES
from .models import ContestStage, Entry, Expert

Kind = ContestStage.Kind
BEING_WRITTEN = (Entry.State.DRAFT, Entry.State.RETURNED)
ALIVE = (*BEING_WRITTEN, Entry.State.SUBMITTED, Entry.State.ADMITTED)
ASKED = (Expert.State.INVITED, Expert.State.ACCEPTED)


def link(obj):
    return absolute(obj.get_absolute_url())


def teams(contest, states):
    """People who write the entries of this contest that stand in these states, each once."""
    entries = Entry.objects.filter(contest=contest, state__in=states)
    return User.objects.active().filter(
        Q(pk__in=entries.values("created_by")) | Q(pk__in=entries.filter(authors__person__isnull=False).values("authors__person")))


def experts(contest, states=ASKED):
    return User.objects.active().filter(expert_in__in=contest.experts.filter(state__in=states))


def jurors(contest):
    return User.objects.active().filter(jury_in__in=contest.jury.filter(left_at__isnull=True))


WHO_COUNTS_ON = {
    Kind.ACCEPTANCE: lambda contest: teams(contest, BEING_WRITTEN),
    Kind.REMOTE: experts,
    Kind.ONSITE: lambda contest: experts(contest) | teams(contest, [Entry.State.ADMITTED]),
    Kind.JURY: jurors,
}


def dates_changed(contest, changes, reason, *, by, event):
    """Each who counts on a date that moved hears of those dates, in one letter; ``changes`` is ``{kind: [before, after]}``."""
    told: dict = {}
    for kind in changes:
        for person in WHO_COUNTS_ON.get(kind, lambda contest: ())(contest):
            told.setdefault(person, []).append(kind)
    for person, kinds in told.items():
        lines = "\n".join(f"{NAMES[kind]}: теперь {changes[kind][1]} (было {changes[kind][0]})." for kind in kinds)
        post(key=f"contest_dates:{event.pk}:{person.pk}", person=person, about=contest, subject=f"Изменились сроки: {quoted(contest.title)}",
             body=f"В конкурсе {quoted(contest.title)} изменились сроки.\n\n{lines}\nПричина: {reason}\n\nКонкурс: {link(contest)}\n")


def cancelled(contest, *, by, event):
    """Teams, experts and the public jury learn that nothing is expected of them any more."""
    people = {*teams(contest, ALIVE), *experts(contest), *jurors(contest)}
    for person in sorted(people, key=lambda each: each.pk):
        post(key=f"contest_cancelled:{event.pk}:{person.pk}", person=person, about=contest, subject=f"Конкурс отменён: {quoted(contest.title)}",
             body=f"Конкурс {quoted(contest.title)} отменён. Причина: {contest.state_reason}\n\n"
                  f"Написанное сохранено, делать больше ничего не нужно.\nКонкурс: {link(contest)}\n")
