"""What the feed of everything keeps from organisers who score: sheets, who has which work, arbiters, ties, hidden authors."""
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from projectoffice.common.history import kept_back

from .models import Contest, Entry, Expert, Nomination, Review, ScoreSheet


@kept_back
def works_while_one_scores(user):
    """All of them while a contest goes on in which this person is an expert; each page tells what may be read of it."""
    asked = Expert.objects.filter(person=user.pk, contest__state=Contest.State.ANNOUNCED).exclude(state=Expert.State.DECLINED)
    if not asked.exists():
        return None
    return Q(content_type__in=ContentType.objects.get_for_models(Entry, Nomination, Review, ScoreSheet).values())
