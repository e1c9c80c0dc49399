"""How far a background job is, what came of it, once more."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common import jobs as verbs
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import Job
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file

FAMILIES = {Job.State.QUEUED: "neutral", Job.State.RUNNING: "progress", Job.State.DONE: "done", Job.State.FAILED: "alert"}


def find_job(request, pk):
    return get_object_or_404(Job.objects.visible_to(request.user).select_related("by", "file"), pk=pk)


@policy(SIGNED_IN)
@require_safe
def job(request, pk):
    """What is being done, how far it is, what was passed over and why."""
    found = find_job(request, pk)
    return render(request, "common/job.html", {"job": found, "family": FAMILIES[found.state], "word": found.get_state_display()})


@policy(SIGNED_IN)
@require_safe
def job_file(request, pk):
    found = find_job(request, pk)
    if found.file is None:
        raise Http404
    return send_file(found.file)


@policy(SIGNED_IN)
@require_POST
def job_again(request, pk):
    found = find_job(request, pk)
    try:
        verbs.again(found, by=request.user)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(found)
