"""Truths about contests that must hold in the data at any time."""
from django.db.models import Count, Exists, F, Max, OuterRef, Q

from projectoffice.common.invariants import invariant

from .contest.places import read_places
from .models import AwardLevel, Contest, CriterionLevel, Entry, Recusal, Result, Review, ScoreSheet, TechnicalCheck

ONCE_ANNOUNCED = (Contest.State.ANNOUNCED, Contest.State.FINISHED)
State, Outcome = Entry.State, TechnicalCheck.Outcome
SENT = (State.SUBMITTED, State.RETURNED, State.ADMITTED, State.REJECTED)
STANDS = {State.ADMITTED: {Outcome.ADMITTED, Outcome.REMARKS}, State.RETURNED: {Outcome.RETURNED}, State.REJECTED: {Outcome.REJECTED}}


@invariant("слова оценок не выходят за шкалу критерия")
def levels_stay_in_their_scale():
    for level in CriterionLevel.objects.filter(mark__gt=F("criterion__maximum")).select_related("criterion"):
        yield f"Критерий {level.criterion_id}: есть слова оценки {level.mark}, а высшая – {level.criterion.maximum}."


@invariant("места наград записаны понятно")
def places_are_read():
    for level in AwardLevel.objects.exclude(places=""):
        try:
            read_places(level.places)
        except ValueError:
            yield f"Награда {level.pk}: места «{level.places}» непонятны."


@invariant("в объявленном конкурсе есть номинации, и в каждой – критерии")
def announced_contests_can_be_held():
    for contest in Contest.objects.filter(state__in=ONCE_ANNOUNCED, nominations__isnull=True):
        yield f"Конкурс {contest.pk} объявлен без номинаций."
    for contest in Contest.objects.filter(state__in=ONCE_ANNOUNCED, nominations__isnull=False, nominations__criteria__isnull=True).distinct():
        yield f"Конкурс {contest.pk} объявлен, а в его номинации нет критериев."


@invariant("номинация заявки – из её конкурса")
def nomination_of_the_own_contest():
    for entry in Entry.objects.exclude(nomination__contest=F("contest")):
        yield f"Заявка {entry.pk}: номинация чужого конкурса."


@invariant("отправки заявки идут подряд")
def submissions_stand_in_a_row():
    for entry in Entry.objects.prefetch_related("submissions").iterator(chunk_size=500):
        numbers = sorted(each.number for each in entry.submissions.all())
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"Заявка {entry.pk}: отправки {numbers}."
        if entry.state in SENT and not numbers:
            yield f"Заявка {entry.pk}: отправлена, а отправки нет."
        if numbers and entry.number is None:
            yield f"Заявка {entry.pk}: отправлена без номера."


@invariant("отправка говорит о своей заявке")
def submissions_tell_of_their_entry():
    for entry in Entry.objects.filter(state__in=SENT).prefetch_related("submissions").iterator(chunk_size=500):
        last = next(iter(entry.submissions.all()), None)
        if last and entry.state != State.RETURNED and last.snapshot.get("title") != entry.title:
            yield f"Заявка {entry.pk}: название не то, что отправлено."


@invariant("состояние заявки – последний исход экспертизы")
def state_is_the_last_outcome():
    for entry in Entry.objects.filter(state__in=STANDS).prefetch_related("submissions__checks").iterator(chunk_size=500):
        last = next(iter(entry.submissions.all()), None)
        check = next(iter(last.checks.all()), None) if last else None
        if check is None or check.outcome not in STANDS[entry.state]:
            yield f"Заявка {entry.pk}: исход экспертизы другой."


@invariant("номера заявок конкурса идут подряд")
def numbers_have_no_gaps():
    numbered = Entry.objects.filter(number__isnull=False).values("contest").annotate(count=Count("pk"))
    for row in numbered:
        highest = Entry.objects.filter(contest=row["contest"], number__isnull=False).order_by("-number").values_list("number", flat=True)[0]
        if highest != row["count"]:
            yield f"Конкурс {row['contest']}: заявок с номером {row['count']}, а последний номер {highest}."


@invariant("работа назначена эксперту своего конкурса")
def reviews_stay_in_their_contest():
    for review in Review.objects.exclude(entry__contest=F("expert__contest")):
        yield f"Назначение {review.pk}: эксперт чужого конкурса."


@invariant("у кого заявлен конфликт, у того этой работы нет")
def nobody_scores_in_a_declared_conflict():
    """Unless a sheet was in before it became one: then the office decides, and the results wait for it."""
    partners = Entry.partners.through.objects.filter(entry=OuterRef(OuterRef("entry")), institution=OuterRef("institution"))
    barring = Recusal.objects.in_force().filter(expert=OuterRef("expert")).filter(
        Q(entry=OuterRef("entry")) | Q(institution=OuterRef("entry__institution")) | Q(Exists(partners)))
    for review in Review.objects.filter(Exists(barring), state=Review.State.GIVEN, conflict=""):
        yield f"Назначение {review.pk}: эксперт назвал конфликт интересов, а работа у него."


@invariant("работы – у тех, кто согласился оценивать")
def works_are_with_those_who_score():
    """Whoever was removed keeps only works whose sheet is in and counts."""
    counted = ScoreSheet.objects.counted().filter(review=OuterRef("pk"))
    for review in Review.objects.filter(state=Review.State.GIVEN).exclude(expert__state="accepted").exclude(Exists(counted)):
        yield f"Назначение {review.pk}: эксперт не оценивает, а работа у него."


@invariant("у завершённого конкурса есть итоги, их номера идут подряд")
def finished_contests_have_results():
    for contest in Contest.objects.filter(state=Contest.State.FINISHED, results__isnull=True):
        yield f"Конкурс {contest.pk} завершён без итогов."
    for row in Result.objects.order_by().values("contest").annotate(count=Count("pk"), last=Max("number")):
        if row["count"] != row["last"]:
            yield f"Конкурс {row['contest']}: итогов {row['count']}, а последний номер {row['last']}."


@invariant("награды – те, что в опубликованных итогах")
def awards_are_those_of_the_result():
    for result in Result.objects.prefetch_related("awards").iterator(chunk_size=50):
        said = {entry["id"]: entry["award"]["level"] for nomination in result.snapshot.get("nominations", ()) for entry in nomination["entries"]
                if entry["award"]}
        if said != {award.entry_id: award.level_id for award in result.awards.all()}:
            yield f"Итоги {result.pk}: награды не те, что в них записаны."
