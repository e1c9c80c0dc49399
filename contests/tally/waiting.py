"""What the public jury and those who bring the sheets together must do next, as rows of the one list of the start page."""
from collections import defaultdict

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.db import now
from projectoffice.common.russian import plural, quoted
from projectoffice.common.waiting import Waiting, contributes

from ..models import Contest, ContestStage, Entry, Expert, JuryMember, Nomination, Review, ScoreSheet
from ..scoring import Tie
from .board import standings

RUNS = "contests.run_contests"


@contributes
def votes_to_give(user):
    """For a member of a public jury, while the window is open and votes are left in some nomination."""
    moment = now()
    window = ContestStage.objects.filter(contest=OuterRef("contest"), kind=ContestStage.Kind.JURY, starts_at__lte=moment, ends_at__gte=moment)
    members = JuryMember.objects.filter(person=user.pk, left_at__isnull=True, contest__state=Contest.State.ANNOUNCED).filter(Exists(window))
    for member in members.select_related("contest").annotate(until=window.values("ends_at")[:1], given=Count("votes")):
        possible = votes_possible(member.contest)
        if member.given < possible:
            yield Waiting(what="Проголосовать в общественном жюри", whose=f"Конкурс {quoted(member.contest)}", action="Голосовать",
                          url=reverse("contests:jury_vote", args=[member.contest_id]), due=member.until, gender="n", badge=("progress", "Идёт голосование"))


def votes_possible(contest):
    """As many votes as a member has in all nominations that have works."""
    works = Nomination.objects.filter(contest=contest).annotate(works=Count("entries", filter=Q(entries__state=Entry.State.ADMITTED)))
    return sum(min(each.works, contest.votes_each) for each in works)


def own_contests(user):
    """Contests that go on and whose sheets this person brings together: none in which one scores."""
    scores = Expert.objects.accepted().filter(contest=OuterRef("pk"), person=user.pk)
    return Contest.objects.filter(~Exists(scores), state=Contest.State.ANNOUNCED)


@contributes
def arbiters_to_ask(user):
    """For the office: works whose experts diverge and for which nobody was asked to decide; one row a contest."""
    if not may(user, RUNS):
        return
    for contest, count in unasked(user).items():
        yield Waiting(what="Назначить третьего эксперта", whose=f"Конкурс {quoted(contest)}", action="Посмотреть", gender="m",
                      url=f"{reverse('contests:tally', args=[contest.pk])}#left", badge=("wait", "Расхождение"),
                      note=f"Эксперты разошлись: {count} {plural(count, 'работа,работы,работ')}")


def unasked(user):
    """``{contest: works}`` by the totals of the counted sheets, added up in the database; one query a kind, whatever the number."""
    given = Review.objects.filter(entry=OuterRef("review__entry"), round=OuterRef("review__round"), is_arbiter=True)
    asked = given.filter(Q(state=Review.State.GIVEN) | Q(sheets__in=ScoreSheet.objects.counted()))
    sheets = ScoreSheet.objects.counted().filter(
        review__is_arbiter=False, review__entry__state=Entry.State.ADMITTED, review__entry__contest__divergence__isnull=False,
        review__entry__contest__in=own_contests(user)).filter(~Exists(asked))
    rows = sheets.annotate(total=Sum(F("scores__mark") * F("scores__criterion__weight"), filter=Q(scores__criterion__counts=True)))
    totals = defaultdict(list)
    for contest, entry, code, total in rows.values_list("review__entry__contest", "review__entry", "review__round", "total"):
        totals[contest, entry, code].append(total or 0)
    contests = {each.pk: each for each in Contest.objects.filter(pk__in={key[0] for key in totals})} if totals else {}
    found: dict = defaultdict(set)
    for (contest, entry, _), values in totals.items():
        if max(values) - min(values) > contests[contest].divergence:
            found[contests[contest]].add(entry)
    return {contest: len(entries) for contest, entries in found.items()}


@contributes
def ties_to_decide(user):
    """For the office, once scoring is over: equals the chair has to part. The one contest that comes first, so that the page stays quick."""
    if not may(user, RUNS):
        return
    scoring = ContestStage.objects.filter(contest=OuterRef("pk"), kind__in=[ContestStage.Kind.REMOTE, ContestStage.Kind.ONSITE])
    over = own_contests(user).filter(tie_rules__rule=Tie.CHAIR.value).filter(Exists(scoring), ~Exists(scoring.filter(ends_at__gte=now())))
    for contest in over.order_by("pk").distinct()[:1]:
        groups = [group for board in standings(contest) for group in board.undecided]
        if groups:
            yield Waiting(what="Записать решение председателя", whose=f"Конкурс {quoted(contest)}", action="Посмотреть", gender="n",
                          url=f"{reverse('contests:tally', args=[contest.pk])}#left", badge=("wait", "Поровну баллов"),
                          note=f"Равных групп работ: {len(groups)}")
