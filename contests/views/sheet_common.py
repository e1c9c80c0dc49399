"""What the views of scoring share."""
from django.http import Http404
from django.shortcuts import get_object_or_404

from ..models import Review, ScoreSheet
from ..sheet.reading import in_own_queue, with_entry


def find_review(request, pk):
    """What was given to this very person, without a known conflict; 404 for everybody else, the office too."""
    return get_object_or_404(with_entry(Review.objects.to_score(request.user)), pk=pk)


def find_in_queue(request, pk):
    """The same with its queue."""
    found = in_own_queue(request.user, pk)
    if found is None:
        raise Http404
    return found


def find_sheet(request, pk):
    """A sheet that is or was in and that this person may read: what is still being marked is nobody's, the office's neither."""
    rows = ScoreSheet.objects.visible_to(request.user).exclude(state=ScoreSheet.State.DRAFT).select_related(
        "review__entry__contest", "review__entry__nomination", "review__expert__person", "recorded_by", "checked_by", "voided_by", "source_file")
    return get_object_or_404(rows.prefetch_related("scores", "review__entry__contest__stages"), pk=pk)
