"""A meeting as a file for one's own calendar."""
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from projectoffice.accounts.models import OfficeProfile
from projectoffice.common.policy import SIGNED_IN, policy

from ..meeting.agendas import numbered
from ..meeting.calendar_file import PUBLISH, calendar_file
from ..meeting.telling import event_of, link_for
from ..models import AgendaItem, Meeting


@policy(SIGNED_IN)
@require_safe
def meeting_ics(request, pk):
    """The meeting with the agenda as this reader may see it; without a day there is nothing for a calendar."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body"), pk=pk)
    if meeting.date is None:
        messages.info(request, "Дата заседания не назначена: добавлять в календарь пока нечего.")
        return redirect(meeting)
    questions = numbered(list(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting).agenda()))
    event = event_of(
        meeting, OfficeProfile.load(), questions, url=link_for(meeting, request.user),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        is_tentative=meeting.state in (Meeting.State.DRAFT, Meeting.State.MOVED),
    )
    return HttpResponse(calendar_file(event, PUBLISH), headers={
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": content_disposition_header(True, f"Заседание {meeting.date:%d.%m.%Y}.ics"),
    })
