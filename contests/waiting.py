"""What waits for people in contests."""
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.access import may
from projectoffice.common.waiting import Waiting, contributes

from .contest import workflow
from .models import Contest, ContestStage

SOON = timedelta(days=14)


@contributes
def contests_to_announce(user):
    """For the office: the acceptance is to begin within two weeks, and nobody knows of the contest yet."""
    if not may(user, workflow.RUNS):
        return
    stages = ContestStage.objects.filter(kind=ContestStage.Kind.ACCEPTANCE, contest__state=Contest.State.SETUP, starts_at__lte=timezone.now() + SOON)
    for stage in stages.select_related("contest"):
        yield Waiting(what="Объявить конкурс", whose=stage.contest.title, action="Проверить и объявить", due=stage.starts_at,
                      url=reverse("contests:contest_announce", args=[stage.contest_id]), badge=("neutral", "Готовится"), gender="m")
