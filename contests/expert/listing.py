"""The office's list of experts, the same for its page and the Excel file. Reads only."""
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from projectoffice.accounts.models import Post
from projectoffice.common.russian import moment_short

from ..models import Expert, Recusal, Review
from .words import badge, load_words, nomination_words

State = Expert.State
ORDER = (State.ACCEPTED, State.INVITED, State.LISTED, State.DECLINED, State.REMOVED)


def with_all(experts):
    """Experts with what a line of the list tells: the same few queries for any number."""
    posts = Prefetch("person__posts", Post.objects.current().select_related("institution"), to_attr="posts_today")
    conflicts = Prefetch("recusals", Recusal.objects.in_force().select_related("institution", "entry"), to_attr="conflicts")
    return experts.select_related("person", "contest").prefetch_related("nominations", posts, conflicts).annotate(
        load=Count("reviews", filter=Q(reviews__state=Review.State.GIVEN), distinct=True))


@dataclass(frozen=True)
class Row:
    expert: Expert

    @property
    def badge(self):
        return badge(self.expert)

    @property
    def place(self):
        post = next(iter(self.expert.person.posts_today), None)
        return str(post) if post else ""

    @property
    def load(self):
        return load_words(self.expert.load, self.expert.most_entries)

    @property
    def nominations(self):
        return nomination_words(self.expert)

    @property
    def conflicts(self):
        return len(self.expert.conflicts)

    @property
    def since(self):
        """When the state came about, in words."""
        expert = self.expert
        if expert.state == State.INVITED:
            return f"напоминание {moment_short(expert.reminded_at)}" if expert.reminded_at else f"письмо {moment_short(expert.invited_at)}"
        return expert.reason or (moment_short(expert.answered_at) if expert.answered_at and expert.state != State.LISTED else "")

    @property
    def without_mail(self):
        return not self.expert.person.email

    @property
    def without_login(self):
        return self.expert.state == State.ACCEPTED and not self.expert.person.username


def rows_of(contest, user):
    """Everybody on the list: those who score first, then by name."""
    found = with_all(Expert.objects.visible_to(user).filter(contest=contest))
    return [Row(each) for each in sorted(found, key=lambda each: (ORDER.index(each.state), str(each.person).lower(), each.pk))]


def counts_of(rows):
    """``[(word, number)]`` of the states that occur."""
    return [(State(code).label, number) for code in ORDER if (number := sum(row.expert.state == code for row in rows))]


HEADINGS = ["Эксперт", "Должность и учреждение", "Состояние", "Причина или день", "Работ", "Не больше", "Номинации", "Только третий эксперт",
            "Конфликтов заявлено", "Почта", "Телефон"]


def exported(rows):
    for row in rows:
        expert = row.expert
        yield [expert.person.full_name, row.place, row.badge[1], row.since, expert.load, expert.most_entries or "", row.nominations,
               "да" if expert.is_arbiter else "", row.conflicts, expert.person.email, expert.person.phone]
