"""Truths about contests that must hold in the data at any time."""
from django.db.models import F

from projectoffice.common.invariants import invariant

from .contest.places import read_places
from .models import AwardLevel, Contest, CriterionLevel

ONCE_ANNOUNCED = (Contest.State.ANNOUNCED, Contest.State.FINISHED)


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
