"""What a team and the office must do next in contests, as rows of the one list of the start page."""
from datetime import timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from portfolios.models.project import institutions_of
from projectoffice.accounts.access import may
from projectoffice.common.db import now
from projectoffice.common.russian import date_short, person_short
from projectoffice.common.waiting import Sent, Waiting, contributes
from projectoffice.documents.route import deciding_for

from .entry.words import badge, call_words, number_words
from .entry.workflow import RUNS, deadline_of
from .models import Contest, ContestStage, Criterion, Entry, EntryAuthor, Expert, Review, ScoreSheet, TechnicalCheck
from .sheet.workflow import term_of

State = Entry.State
SOON = timedelta(days=14)
MOST_SENT = 5


@contributes
def contests_to_announce(user):
    """For the office: the acceptance is to begin within two weeks, and nobody knows of the contest yet."""
    if not may(user, RUNS):
        return
    stages = ContestStage.objects.filter(kind=ContestStage.Kind.ACCEPTANCE, contest__state=Contest.State.SETUP, starts_at__lte=timezone.now() + SOON)
    for stage in stages.select_related("contest"):
        yield Waiting(what="Объявить конкурс", whose=stage.contest.title, action="Проверить и объявить", due=stage.starts_at,
                      url=reverse("contests:contest_announce", args=[stage.contest_id]), badge=("neutral", "Готовится"), gender="m")


def own_work(user):
    """Entries this person writes, oneself or acting for another, in contests that go on.

    Those one began or is an author of; and those of the own institution none of whose authors is on the portal, as
    the office enters them: somebody there must hear of it.
    """
    mine, places = deciding_for(user), institutions_of(user)
    authors = EntryAuthor.objects.filter(entry=OuterRef("pk"))
    own = Q(created_by__in=mine) | Exists(authors.filter(person__in=mine))
    nobodys = Q(institution__in=places) & ~Exists(authors.filter(person__isnull=False))
    found = Entry.objects.filter(own | nobodys, contest__state=Contest.State.ANNOUNCED)
    return found.select_related("contest", "institution").prefetch_related("contest__stages").order_by("pk")


@contributes
def entries_to_write(user):
    """Drafts until their deadline, and what the technical check returned; one reading for both."""
    entries = list(own_work(user).filter(state__in=[State.DRAFT, State.RETURNED]))
    checks = last_checks(entry for entry in entries if entry.state == State.RETURNED)
    moment, call = (now(), call_words()) if any(entry.state == State.DRAFT for entry in entries) else (None, "")
    for entry in entries:
        yield to_send(entry, moment, call) if entry.state == State.DRAFT else to_mend(entry, checks.get(entry.pk))


def to_send(entry, moment, call):
    """A draft; after the deadline it stays, kindly, without a button."""
    due = deadline_of(entry)
    return Waiting(
        what=f"Заявка «{entry.title}»" if entry.title else "Заявка без названия", whose=f"Конкурс «{entry.contest}»",
        url=entry.get_absolute_url(), action="Продолжить", due=due, since=entry.created_at, badge=("neutral", "Черновик"),
        gender="f", place=str(entry.institution), closed=f"Черновик сохранён. {call}" if due and due < moment else "", subject=entry,
    )


def to_mend(entry, check):
    """A returned entry: what is wrong and until when."""
    return Waiting(
        what=f"{number_words(entry)}: исправить и отправить снова", whose=f"«{entry.title}», конкурс «{entry.contest}»",
        url=entry.get_absolute_url(), action="Исправить", due=deadline_of(entry), since=check.at if check else None,
        badge=("wait", "Возвращена"), gender="f", place=str(entry.institution), remark=entry.state_reason, subject=entry,
        remark_by=f"{person_short(check.by)}, {date_short(check.at)}" if check and check.by else "",
    )


def last_checks(entries):
    """``{entry id: the check that returned it last}``; no query for no entries."""
    wanted = [entry.pk for entry in entries]
    if not wanted:
        return {}
    checks = TechnicalCheck.objects.filter(submission__entry__in=wanted, outcome="returned").order_by("at", "pk")
    return {check.submission.entry_id: check for check in checks.select_related("by", "submission")}


def number_of(rows, of="contest"):
    """How many of these belong to the contest of the question around them, as one number of the same question."""
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


@contributes
def work_of_the_office(user):
    """For the office, of every contest that goes on: entries to check, experts to ask, sheets from paper; one reading for all."""
    if not may(user, RUNS):
        return
    experts = Expert.objects.filter(person__is_active=True)
    keyed = ScoreSheet.objects.filter(review__entry__contest=OuterRef("pk"), state=ScoreSheet.State.SUBMITTED, recorded_by__isnull=False,
                                      checked_by__isnull=True).exclude(recorded_by=user.pk).order_by("pk")
    own = Expert.objects.scorers().filter(person=user.pk, contest=OuterRef("pk"))
    contests = Contest.objects.filter(state=Contest.State.ANNOUNCED).annotate(
        to_compare=Case(When(Exists(own), then=None), default=Subquery(keyed.values("pk")[:1])),
        conflicts=Case(When(Exists(own), then=0), default=number_of(Review.objects.to_decide(), "expert__contest")),
        to_check=number_of(Entry.objects.filter(state=State.SUBMITTED)), listed=number_of(experts.filter(state=Expert.State.LISTED)),
        silent=number_of(experts.filter(state=Expert.State.INVITED)), lacking=number_of(works_without_experts()),
        scorers=number_of(experts.filter(state=Expert.State.ACCEPTED)))
    busy = contests.filter(
        Q(to_compare__isnull=False) | Q(conflicts__gt=0) | Q(to_check__gt=0) | Q(listed__gt=0) | Q(silent__gt=0) | Q(lacking__gt=0, scorers__gt=0))
    for contest in busy.prefetch_related("stages").order_by("pk"):
        yield from rows_of_the_office(contest)


def works_without_experts():
    """Admitted works that fewer experts score in the remote round than their contest wants, where that round has criteria."""
    given = Review.objects.filter(entry=OuterRef("pk"), round="remote", state=Review.State.GIVEN, is_arbiter=False)
    many = Coalesce(Subquery(given.order_by().values("entry").annotate(number=Count("pk")).values("number")), 0)
    marked = Criterion.objects.filter(round="remote").values("nomination")
    return Entry.objects.taken_part().filter(nomination__in=marked).annotate(many=many).filter(many__lt=F("contest__experts_per_entry"))


def before(stage):
    """The next moment of a stage by which its experts and works must stand; what is missing in its midst is not yet late."""
    return stage and (stage.starts_at if stage.starts_at > timezone.now() else stage.ends_at)


def rows_of_the_office(contest):
    stages, whose = {each.kind: each for each in contest.stages.all()}, f"Конкурс «{contest}»"
    check, remote = stages.get("check"), stages.get("remote")
    invite = reverse("contests:expert_invite", args=[contest.pk])
    if contest.to_check:
        yield Waiting(what=f"Проверить заявки: {contest.to_check}", whose=whose, url=reverse("contests:entries_check", args=[contest.pk]),
                      action="Проверить", due=check.ends_at if check else None, gender="f")
    if contest.to_compare:
        yield Waiting(what="Сверить листы с бумагой", whose=whose, url=reverse("contests:sheet_check", args=[contest.to_compare]),
                      action="Сверить", gender="p")
    if contest.conflicts:
        yield Waiting(what=f"Разобрать конфликты интересов: {contest.conflicts}", whose=whose, url=reverse("contests:conflicts", args=[contest.pk]),
                      action="Разобрать", gender="p", badge=("wait", "Ждёт решения"), note="Без решения итоги не опубликовать")
    if contest.lacking and contest.scorers and not (remote and remote.ends_at < timezone.now()):
        yield Waiting(what=f"Распределить работы: {contest.lacking}", whose=whose, url=reverse("contests:assignment", args=[contest.pk]),
                      action="Распределить", due=before(remote), gender="f")
    if contest.listed:
        yield Waiting(what=f"Пригласить экспертов: {contest.listed}", whose=whose, url=invite, action="Пригласить",
                      due=before(remote))
    if contest.silent:
        yield Waiting(what=f"Эксперты не ответили: {contest.silent}", whose=whose, url=f"{invite}?who=silent", action="Напомнить",
                      due=before(remote), gender="p")


@contributes
def entries_sent(user):
    """What this person's team has handed in, the newest few."""
    handed = Entry.objects.of_team(user).filter(number__isnull=False).exclude(state__in=[State.DRAFT, State.RETURNED])
    for entry in handed.select_related("contest", "institution").order_by("-submitted_at")[:MOST_SENT]:
        yield Sent(what=number_words(entry), whose=f"«{entry.title}», {entry.institution}", url=entry.get_absolute_url(),
                   at=entry.submitted_at, badge=badge(entry), file_url=reverse("contests:entry_print", args=[entry.pk]))


@contributes
def work_of_an_expert(user):
    """For who is asked to score: yes or no; for who said yes: what is left to score. One reading tells whether there is either."""
    states = (Expert.State.INVITED, Expert.State.ACCEPTED)
    experts = Expert.objects.filter(person=user, state__in=states, contest__state=Contest.State.ANNOUNCED).select_related("contest").order_by("pk")
    for expert in experts:
        if expert.state == Expert.State.INVITED:
            yield Waiting(what="Приглашение в эксперты", whose=f"Конкурс «{expert.contest}»", url=reverse("contests:expert_reply", args=[expert.pk]),
                          action="Ответить", since=expert.invited_at, badge=("wait", "Ждёт ответа"), gender="n")
    if any(expert.state == Expert.State.ACCEPTED for expert in experts):
        yield from works_to_score(user)


def works_to_score(user):
    """One row for each contest and round whose scoring has begun."""
    sheets = ScoreSheet.objects.filter(review=OuterRef("pk"), state=ScoreSheet.State.SUBMITTED)
    reviews = Review.objects.to_score(user).filter(entry__contest__state=Contest.State.ANNOUNCED).annotate(is_in=Exists(sheets))
    parts: dict = {}
    for review in reviews.select_related("entry__contest").prefetch_related("entry__contest__stages").order_by("pk"):
        parts.setdefault((review.entry.contest_id, review.round), []).append(review)
    moment = now() if parts else None
    for found in parts.values():
        left = [review for review in found if not review.is_in]
        term = term_of(max(left, key=lambda each: each.given_at), left[0].entry.contest.stages.all()) if left else None
        if term and term.starts and term.starts <= moment:
            yield Waiting(what=f"Оценить работы: {len(left)} из {len(found)}", whose=f"Конкурс «{left[0].entry.contest}», {term.title.lower()}",
                          url=reverse("contests:scoring"), action="Оценить", due=term.ends, gender="p")
