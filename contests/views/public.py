"""What visitors read about a contest: nothing before it is announced, no name without consent."""
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projectoffice.common.db import now
from projectoffice.common.policy import PUBLIC, policy
from projectoffice.documents.public import consented_names, shown

from ..contest import page, workflow
from ..contest.reading import whole
from ..contest.words import badge_of, scoring_words
from ..models import Contest


@policy(PUBLIC)
@require_safe
def public_contest(request, pk):
    """An announced contest: what it is about, its regulation, nominations with criteria, stages, awards, whom to call."""
    found = whole(Contest.objects.public().filter(pk=pk)).first()
    if found is None:
        raise Http404
    names, moment, published = consented_names(), now(), found.results.count()
    going, coming = page.now_and_next(found, moment) if found.state == Contest.State.ANNOUNCED else ([], "")
    return render(request, "contests/public_contest.html", {
        "contest": found, "title": shown(found.title, names), "about": shown(found.about, names),
        "badge": badge_of(found, moment, published), "published": published, "going": going, "coming": coming,
        "stages": page.stage_rows(found, moment), "rules": list(scoring_words(found)), "awards": list(found.award_levels.all()),
        "ties": list(found.tie_rules.all()), "accepts": not workflow.refusal(found, "enter", moment),
        "nominations": [row | {"about": shown(row["nomination"].about, names)} for row in page.nomination_rows(found)],
    })
