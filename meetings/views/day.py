"""The secretary's page: the meeting as it goes, or the next day from notes; who came; the sheet to sign in."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.text import showable
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.table.answers import asks_json, read_uid, short_text
from projectoffice.documents.views.pdf import PDF, answer

from ..minutes import day
from ..minutes.questions import questions_of
from ..minutes.sign_in_sheet import sign_in_snapshot
from ..models import Participant
from ..services import attendance, outcomes
from .minutes import find_item, find_meeting, page_address, plain, typed_value, verb


@policy(SIGNED_IN)
@require_safe
def meeting_day(request, pk):
    return show_day(request, find_meeting(request, pk), at=request.GET.get("at", ""), removed=read_uid(request.GET.get("removed")))


def show_day(request, meeting, *, at="", refused=None, removed=None, lost=(), new=None, came=None, status=200):
    """The page with the question ``at`` points to; the other words are what a form could not store, to be shown again."""
    participants = list(meeting.participants.in_order().select_related("person"))
    questions = questions_of(meeting)
    context = day.frame(meeting, questions, participants, at=at, refused=refused)
    return render(request, "meetings/meeting_day.html", context | day.tools(meeting, request.user) | {
        "lost": lost, "removed": removed, "base": day.day_base(meeting),
        "new": new, "came": came,
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
    told = [who.name for who in meeting.participants.all() if not is_marked(request, who)]
    if told:
        messages.warning(request, f"Тем временем отметку изменил кто-то другой: {', '.join(told)}. Проверьте её. Остальное сохранено.")
    return {"message": "" if told else "Явка сохранена.", "back": f"{day.day_base(meeting)}#attendance"}


def is_marked(request, who):
    """Whether the boxes of this person are stored; not when somebody marked otherwise meanwhile."""
    value, base = typed_value(request.POST, "here", who.pk), plain(request.POST.get(f"base-here-{who.pk}", ""))
    if value is None or value == base:
        return True
    try:
        attendance.mark_attendance(who, *day.read_here(value), by=request.user, base=day.read_here(base))
    except StaleVersion:
        return False
    return True


@policy(SIGNED_IN)
@require_POST
def attendance_guest(request, pk):
    """«Пришёл приглашённый»: one or several typed names."""
    if asks_json(request):
        return guests_from_script(request, pk)
    meeting = find_meeting(request, pk)
    typed = request.POST.get("guests", "")
    try:
        attendance.add_guests(meeting, typed, by=request.user)
    except ValidationError as refusal:
        return show_day(request, meeting, came=kept({"guests": typed}, refusal), status=422)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{day.day_base(meeting)}#attendance")


@verb
def guests_from_script(request, meeting):
    attendance.add_guests(meeting, short_text(request.sent.get("guests"), 20_000), by=request.user)


@policy(SIGNED_IN)
@require_POST
def outcome_add(request, pk):
    """«Добавить вопрос»: a title and a speaker; under «Разное» a sub-question."""
    if asks_json(request):
        return question_from_script(request, pk)
    meeting = find_meeting(request, pk)
    typed = {name: request.POST.get(name, "") for name in ("title", "speaker", "parent", "uid")}
    try:
        item = added_question(request, meeting, typed)
    except ValidationError as refusal:
        return show_day(request, meeting, new=kept(typed, refusal), status=422)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(day.day_base(meeting))
    return redirect(page_address(meeting, item))


@verb
def question_from_script(request, meeting):
    item = added_question(request, meeting, request.sent)
    return {"item": item, "added": page_address(meeting, item)}


def added_question(request, meeting, data):
    parent = read_uid(data.get("parent")) if data.get("parent") else None
    title, speaker = (data.get(name) if isinstance(data.get(name), str) else "" for name in ("title", "speaker"))
    return outcomes.add_question(meeting, title, by=request.user, speaker=speaker, uid=read_uid(data.get("uid")),
                                 parent=find_item(request, meeting, parent) if parent else None)


def kept(typed, refusal):
    """What was typed into a small form, with the sentences why it was not stored."""
    return {name: showable(text) for name, text in typed.items()} | {"errors": [showable(one) for one in refusal.messages]}


@policy(SIGNED_IN)
@require_safe
def sign_in_sheet(request, pk):
    """«Явочный лист»: who is expected, room to sign, ten blank rows."""
    meeting = find_meeting(request, pk)
    participants = list(meeting.participants.in_order().select_related("person"))
    sheet = render_pdf(sign_in_snapshot(meeting, participants), mode="ink")
    return answer(sheet.pdf, PDF, "Явочный лист.pdf", inline=True)
