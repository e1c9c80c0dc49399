"""What the public jury and those who bring the sheets together must do next, as rows of the one list of the start page."""
from collections import Counter, defaultdict

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Now
from django.urls import reverse

from projectoffice.accounts.access import may
from projectoffice.common.russian import plural, quoted
from projectoffice.common.waiting import Waiting, contributes

from ..models import Contest, ContestStage, Entry, Expert, JuryMember, JuryVote, Review, ScoreSheet, TieRule
from ..scoring import Tie
from .board import standings
from .jury import open_to

RUNS = "contests.run_contests"


@contributes
def votes_to_give(user):
    """For a member of a public jury, while the window is open and votes are left in some nomination."""
    window = ContestStage.objects.filter(contest=OuterRef("contest"), kind=ContestStage.Kind.JURY, starts_at__lte=Now(), ends_at__gte=Now())
    members = JuryMember.objects.filter(person=user.pk, left_at__isnull=True, contest__state=Contest.State.ANNOUNCED).filter(Exists(window))
    for member in members.select_related("contest", "person").annotate(until=window.values("ends_at")[:1]):
        if votes_left(member):
            yield Waiting(what="Проголосовать в общественном жюри", whose=f"Конкурс {quoted(member.contest)}", action="Голосовать",
                          url=reverse("contests:jury_vote", args=[member.contest_id]), due=member.until, gender="n", badge=("progress", "Идёт голосование"))


def votes_left(member):
    """How many votes this member can still give: works of the own institution are not offered."""
    spent = Counter(JuryVote.objects.filter(member=member).values_list("entry__nomination", flat=True))
    works = open_to(member).exclude(votes__member=member).order_by().values("nomination").annotate(works=Count("pk"))
    return sum(max(0, min(each["works"], member.contest.votes_each - spent[each["nomination"]])) for each in works)


def own_contests(user):
    """Contests that go on and whose sheets this person brings together: none in which one scores.

    ``scored`` says whether a sheet is in, ``over`` whether no round goes on or is to come, ``chair`` whether the chair parts equals.
    """
    scores = Expert.objects.scorers().filter(contest=OuterRef("pk"), person=user.pk)
    rounds = ContestStage.objects.filter(contest=OuterRef("pk"), kind__in=[ContestStage.Kind.REMOTE, ContestStage.Kind.ONSITE], ends_at__gte=Now())
    return Contest.objects.filter(~Exists(scores), state=Contest.State.ANNOUNCED).annotate(
        scored=Exists(ScoreSheet.objects.counted().filter(review__entry__contest=OuterRef("pk"))), over=~Exists(rounds),
        chair=Exists(TieRule.objects.filter(contest=OuterRef("pk"), rule=Tie.CHAIR.value))).filter(scored=True).order_by("pk")


@contributes
def sheets_to_bring_together(user):
    """For the office: works whose experts diverge and for which nobody was asked; equals the chair has to part once scoring is over.

    Ties are looked for in the one contest that comes first, so that the page stays quick.
    """
    if not may(user, RUNS):
        return
    contests = list(own_contests(user))
    for contest, count in unasked([each for each in contests if each.divergence is not None]):
        yield row_of(contest, "Назначить третьего эксперта", "Расхождение", f"Эксперты разошлись: {count} {plural(count, 'работа,работы,работ')}")
    for contest in [each for each in contests if each.over and each.chair][:1]:
        groups = sum(len(board.undecided) for board in standings(contest))
        if groups:
            yield row_of(contest, "Записать решение председателя", "Поровну баллов", f"Групп равных работ: {groups}")


def row_of(contest, what, word, note):
    return Waiting(what=what, whose=f"Конкурс {quoted(contest)}", action="Посмотреть", gender="n", badge=("wait", word), note=note,
                   url=f"{reverse('contests:tally', args=[contest.pk])}#left")


def unasked(contests):
    """``(contest, works)`` by the totals of the counted sheets, added up in the database; one query whatever the number."""
    if not contests:
        return
    given = Review.objects.filter(entry=OuterRef("review__entry"), round=OuterRef("review__round"), is_arbiter=True)
    asked = given.filter(Q(state=Review.State.GIVEN) | Q(sheets__in=ScoreSheet.objects.counted()))
    sheets = ScoreSheet.objects.counted().filter(
        review__is_arbiter=False, review__entry__state=Entry.State.ADMITTED, review__entry__contest__in=contests).filter(~Exists(asked))
    rows = sheets.annotate(total=Sum(F("scores__mark") * F("scores__criterion__weight"), filter=Q(scores__criterion__counts=True)))
    totals = defaultdict(list)
    for contest, entry, code, total in rows.values_list("review__entry__contest", "review__entry", "review__round", "total"):
        totals[contest, entry, code].append(total or 0)
    for contest in contests:
        works = {entry for (of, entry, _), values in totals.items() if of == contest.pk and max(values) - min(values) > contest.divergence}
        if works:
            yield contest, len(works)
