"""The secretary's page: the meeting as it goes, or the next day from notes; who came; the sheet to sign in."""
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.views.pdf import PDF, answer

from .. import day, minutes
from ..models import Participant
from ..printed_lists import sign_in_snapshot
from ..services import attendance, outcomes
from .answers import asks_json, short_text
from .minutes import find_meeting, plain, typed_value, verb
from .rows import read_uid


@policy(SIGNED_IN)
@require_safe
def meeting_day(request, pk):
    return show_day(request, find_meeting(request, pk), at=request.GET.get("at", ""), removed=read_uid(request.GET.get("removed")))


def show_day(request, meeting, *, at="", refused=None, removed=None, lost=(), status=200):
    """The page with the question ``at`` points to. ``refused`` and ``lost``: what a form could not store."""
    participants = list(meeting.participants.in_order().select_related("person"))
    questions = minutes.questions_of(meeting)
    context = day.frame(meeting, questions, participants, at=at, refused=refused)
    return render(request, "meetings/meeting_day.html", context | day.tools(meeting, request.user) | {
        "lost": lost, "removed": removed, "base": day.day_base(meeting),
    }, status=status)


@policy(SIGNED_IN)
@require_POST
@verb
def meeting_start(request, meeting):
    outcomes.start_meeting(meeting, by=request.user)
    return {"message": "Заседание начато."}


@policy(SIGNED_IN)
@require_POST
@verb
def attendance_mark(request, meeting, participant):
    """One person, as the box beside the name says; ``base`` is what the box said."""
    who = get_object_or_404(Participant.objects.visible_to(request.user).filter(meeting=meeting), pk=participant)
    value, base = request.sent.get("value"), request.sent.get("base")
    if not isinstance(value, str):
        raise ValidationError("Не видно, что отметить. Обновите страницу.")
    attendance.mark_attendance(who, *day.read_here(value), by=request.user, base=day.read_here(base) if isinstance(base, str) else None)
    return {"message": "Отмечено."}


@policy(SIGNED_IN)
@require_POST
@verb
def attendance_save(request, meeting):
    """The whole list at once, as from the paper sheet: what differs from what the page showed is marked."""
    if asks_json(request):
        raise ValidationError("Этот список отправляют формой. Обновите страницу.")
    for who in meeting.participants.all():
        value, base = typed_value(request.POST, "here", who.pk), plain(request.POST.get(f"base-here-{who.pk}", ""))
        if value is not None and value != base:
            attendance.mark_attendance(who, *day.read_here(value), by=request.user, base=day.read_here(base))
    guests = request.POST.get("guests", "")
    if guests.strip():
        attendance.add_guests(meeting, guests, by=request.user)
    return {"message": "Явка сохранена.", "back": f"{day.day_base(meeting)}#attendance"}


@policy(SIGNED_IN)
@require_POST
@verb
def attendance_guest(request, meeting):
    """«Пришёл приглашённый»: one or several typed names."""
    attendance.add_guests(meeting, short_text(request.sent.get("guests"), 20_000), by=request.user)
    return {"message": "Записано в список.", "back": f"{day.day_base(meeting)}#attendance"}


@policy(SIGNED_IN)
@require_safe
def sign_in_sheet(request, pk):
    """«Явочный лист»: who is expected, room to sign, ten blank rows."""
    meeting = find_meeting(request, pk)
    participants = list(meeting.participants.in_order().select_related("person"))
    sheet = render_pdf(sign_in_snapshot(meeting, participants), mode="ink")
    return answer(sheet.pdf, PDF, "Явочный лист.pdf", inline=True)
