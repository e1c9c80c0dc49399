"""The meeting: the list, the page, a new one, what becomes of it."""
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.models import Body
from projectoffice.accounts.views.person import form_page
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.idempotency import key_from, once
from projectoffice.common.policy import SIGNED_IN, policy

from ..forms.agenda import NewItemForm
from ..forms.meeting import CopyMeetingForm, MeetingForm, MeetingsFilter, MoveForm, NewMeetingForm, ReasonForm
from ..meeting import listing, words, workflow
from ..meeting.invited import invited
from ..meeting.page import MeetingPanel, day_remarks
from ..models import AgendaItem, AgendaMaterial, Meeting, MeetingPlan
from ..services import meeting as verbs
from ..services.door import why_closed

CREATE = "meetings.create_meeting"
STATE = Meeting.State
STEP = 50
FIELDS = ("title", "date", "start", "end", "place")
WHEN = ("date", "start", "end", "place")


def find_meeting(request, pk, *related):
    """The meeting this person may see; 404 otherwise."""
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body", *related), pk=pk)


def find_to_change(request, pk, verb="edit"):
    """The meeting to which this person may do it now: 403 for the wrong person, 409 in words for the wrong moment."""
    meeting = find_meeting(request, pk, "plan")
    demand(meeting, verb, request.user)
    return meeting


def demand(meeting, verb, user):
    """The questions the door asks, asked before a form is shown: the person, the moment, the protocol."""
    workflow.demand(meeting, verb, user)
    if closed := why_closed(meeting):
        raise TransitionNotAllowed(closed)


# Reading

@policy(SIGNED_IN)
@require_safe
def meetings(request):
    """Upcoming ones first, then the past by years."""
    form = MeetingsFilter(request.GET, user=request.user)
    form.is_valid()
    filters = {name: value for name, value in form.cleaned_data.items() if value}
    found = listing.found(request.user, filters)
    total = found.count()
    page = page_number(request, total)
    shown = min(page * STEP, total)
    words_of_filters = [(name, getattr(value, "pk", "on" if value is True else value)) for name, value in filters.items()]
    return render(request, "meetings/meetings.html", {
        "form": form,
        "rows": listing.rows(found, (page - 1) * STEP, shown, request.user),
        "total": total,
        "shown": shown,
        "next_url": f"?{urlencode([*words_of_filters, ('page', page + 1)])}" if shown < total else "",
        "chosen": [{"label": filter_label(form, name, filters[name]),
                    "url": f"?{urlencode([pair for pair in words_of_filters if pair[0] != name])}"} for name, _ in words_of_filters],
        "may_create": may(request.user, CREATE),
    })


def page_number(request, total):
    text = request.GET.get("page", "1")
    last = max(1, -(-total // STEP))
    return min(max(int(text), 1), last) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def filter_label(form, name, value):
    if value is True:
        return form.fields[name].label
    choices = dict(form.fields[name].choices) if name in ("state", "year") else {}
    return f"{form.fields[name].label}: {choices.get(value, value)}"


@policy(SIGNED_IN)
@require_safe
def meeting(request, pk):
    return meeting_page(request, find_for_page(request, pk))


def find_for_page(request, pk):
    """The meeting with what its page tells of the plan; the texts of the plan stay in the database until asked for."""
    seen = Meeting.objects.visible_to(request.user).select_related("body", "plan__document__in_force")
    return get_object_or_404(seen.defer("plan__document__in_force__snapshot", "plan__document__in_force__text"), pk=pk)


def meeting_page(request, found, *, status=200, edited=None, add_under=None, **editing):
    """The page of a meeting; ``edited`` or ``add_under`` is the question of the agenda that stands open as a form."""
    panel = MeetingPanel(found, request.user, is_editing=edited is not None, edits_people=request.GET.get("people") == "edit")
    if panel.can_edit:
        editing.setdefault("add_form", NewItemForm(suggests=may(request.user, "accounts.suggest_people")))
    return render(request, "meetings/meeting.html", {
        "meeting": found, "panel": panel, "removed_item": removed_item(request, found, panel),
        "removed_participant": removed_participant(request, found, panel), "removed_file": removed_file(request, found, panel),
        "edited": edited, "opened_uid": str(edited.uid) if edited else "", "under_uid": str(add_under.uid) if add_under else "",
        **editing,
    }, status=status)


def removed_item(request, found, panel):
    """The question just removed, so that it can be brought back."""
    uid = request.GET.get("removed", "")
    if not panel.can_edit or len(uid) != 36:
        return None
    gone = AgendaItem.objects.visible_to(request.user).filter(meeting=found, position__isnull=True)
    return next((item for item in gone if str(item.uid) == uid), None)


def removed_participant(request, found, panel):
    kept = request.session.get("removed_participant") if panel.can_edit and "gone" in request.GET else None
    return kept if kept and kept["meeting"] == found.pk else None


def removed_file(request, found, panel):
    number = request.GET.get("removed_file", "")
    if not panel.can_edit or not (number.isascii() and number.isdecimal() and len(number) < 10):
        return None
    return AgendaMaterial.objects.filter(
        item__in=AgendaItem.objects.visible_to(request.user).filter(meeting=found), removed=True, pk=number).first()


@policy(SIGNED_IN)
@require_safe
def meeting_history(request, pk):
    """Who did what; for those who see every question, because the sentences count them all."""
    found = find_meeting(request, pk)
    if not MeetingPanel(found, request.user).sees_history:
        require(request.user, workflow.PERMISSION, found)
    return render(request, "meetings/meeting_history.html", {
        "meeting": found, "name": words.name_of(found), "events": history_of(found)[:200],
    })


@policy(SIGNED_IN)
@require_safe
def meeting_invitations(request, pk):
    """What became of the letters about the meeting, and whom to phone."""
    found = find_meeting(request, pk)
    require(request.user, workflow.PERMISSION, found)
    return render(request, "meetings/meeting_invitations.html", {
        "meeting": found, "name": words.name_of(found), "invited": invited(found),
        "may_invite": workflow.can(found, "invite", request.user), "may_see_mail": may(request.user, "accounts.view_mail"),
    })


# A new one

@policy(CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request):
    require(request.user, CREATE)
    main = Body.objects.visible_to(request.user).filter(is_main=True).first()
    form = NewMeetingForm(request.POST or None, initial={"body": main})

    def create():
        data = form.cleaned_data
        return verbs.create_meeting(data["body"], by=request.user, **{name: data[name] for name in FIELDS}).get_absolute_url()

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "create_meeting", form.cleaned_data["form_key"], create))
        if made:
            messages.success(request, "Заседание создано. Составьте повестку.")
            return redirect(made)
    return render(request, "meetings/meeting_new.html", {"form": form}, status=422 if form.errors else 200)


@policy(CREATE)
@require_POST
def meeting_from_plan(request, pk, uid):
    """A row of a plan in force becomes a meeting in one click; the same click twice is one meeting."""
    plan = get_object_or_404(MeetingPlan.objects.visible_to(request.user).select_related("document__in_force", "body"), pk=pk)
    row = get_object_or_404(plan.items.all(), uid=uid)
    row.plan = plan

    def create():
        return verbs.meeting_from_plan([row], by=request.user).get_absolute_url()

    try:
        made = once(request.user, "meeting_from_plan", key_from(request), create)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(plan)
    messages.success(request, "Заседание создано. Проверьте повестку, день и место.")
    return redirect(made)


@policy(CREATE)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_copy(request, pk):
    """Agenda and participants of an earlier meeting for a new one."""
    require(request.user, CREATE)
    source = find_meeting(request, pk)
    form = CopyMeetingForm(request.POST or None, initial={
        "title": source.title, "start": source.start, "end": source.end, "place": source.place})

    def copy():
        return verbs.copy_meeting(source, by=request.user, **{name: form.cleaned_data[name] for name in FIELDS}).get_absolute_url()

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "copy_meeting", form.cleaned_data["form_key"], copy))
        if made:
            messages.success(request, "Заседание создано: повестка и участники взяты.")
            return redirect(made)
    return form_page(request, form, "Скопировать заседание", "Создать заседание", source, words=(
        f"{words.name_of(source)}, {words.when(source)}. Повестка с докладчиками и участники перейдут в новое заседание. "
        "Ход, решения, явка и связь с планом останутся у прежнего."))


# What becomes of it

# What these pages lead to: sent twice, the second finds it done.
DONE = {"meeting_announce": STATE.ANNOUNCED, "meeting_cancel": STATE.CANCELLED, "meeting_hold": STATE.HELD, "meeting_redraft": STATE.DRAFT}


def refused_moment(view):
    """A verb asked for at the wrong moment leads back to the page, which says why."""

    @wraps(view)
    def answer(request, pk, **kwargs):
        try:
            return view(request, pk, **kwargs)
        except TransitionNotAllowed as refusal:
            found = find_meeting(request, pk)
            if found.state != DONE.get(view.__name__):
                messages.error(request, str(refusal))
            return redirect(found)

    return answer


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_edit(request, pk):
    found = find_to_change(request, pk)
    form = MeetingForm(request.POST or None, initial={name: getattr(found, name) for name in (*FIELDS, "version")})
    if request.method == "POST" and attempt(form, lambda: verbs.save_meeting(
        found, by=request.user, version=form.cleaned_data["version"], **{name: form.cleaned_data[name] for name in FIELDS},
    )):
        messages.success(request, "Сохранено.")
        return redirect(found)
    return form_page(request, form, f"{words.name_of(found)}: изменить", "Сохранить", found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_announce(request, pk):
    found = find_to_change(request, pk, "announce")
    if request.method == "POST":
        return done(request, found, lambda: verbs.announce_meeting(found, by=request.user), "Заседание объявлено. Приглашения уходят.")
    panel = MeetingPanel(found, request.user)
    if panel.still_missing:
        messages.error(request, " ".join(panel.still_missing))
        return redirect(found)
    return confirm(request, found, f"Объявить заседание на {words.on_day(found)}?", "Объявить и пригласить",
                   verbs.who_will_be_told(found), remarks=panel.remarks)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_invite(request, pk):
    """Tell what changed since people were invited."""
    found = find_to_change(request, pk, "invite")
    if request.method == "POST":
        return done(request, found, lambda: verbs.invite_meeting(found, by=request.user), "Изменения разосланы.")
    to_tell = MeetingPanel(found, request.user).to_tell
    if not to_tell:
        messages.info(request, "Все приглашённые уже знают, как есть. Рассылать нечего.")
        return redirect(found)
    names = ", ".join(each.name for each in to_tell)
    return confirm(request, found, f"Разослать изменения? Писем: {len(to_tell)}", "Разослать изменения",
                   words.ended(f"Письмо с обновлением календаря получат: {names}"), remarks=day_remarks(found.date))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_move(request, pk):
    found = find_to_change(request, pk, "move")
    form = MoveForm(request.POST or None, initial={
        "start": found.start, "end": found.end, "place": found.place, "version": found.version})
    if request.method == "POST" and knows_the_day(form, found) and attempt(form, lambda: verbs.move_meeting(
        found, by=request.user, version=form.cleaned_data["version"], reason=form.cleaned_data["reason"],
        **{name: form.cleaned_data[name] for name in WHEN},
    )):
        messages.success(request, "Заседание перенесено.")
        return redirect(found)
    return form_page(request, form, "Перенести заседание", "Перенести", found,
                     words=f"Сейчас: {words.when(found)}. {verbs.who_will_hear(found)}")


def knows_the_day(form, found):
    """Whether an odd new day was shown to be odd before letters about it go; the announcement shows the same."""
    day = form.cleaned_data["date"] if form.is_valid() else None
    tells = day and day != found.date and found.state == STATE.ANNOUNCED
    if tells and form.cleaned_data["warned"] != day.isoformat() and (remarks := day_remarks(day)):
        form.warn(day, remarks)
        return False
    return True


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_cancel(request, pk):
    found = find_to_change(request, pk, "cancel")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: verbs.cancel_meeting(
            found, by=request.user, reason=form.cleaned_data["reason"])):
        messages.success(request, "Заседание отменено.")
        return redirect(found)
    return form_page(request, form, "Отменить заседание?", "Отменить заседание", found,
                     words=f"{words.name_of(found)}, {words.when(found)}. {verbs.who_will_hear(found)}")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_redraft(request, pk):
    found = find_to_change(request, pk, "redraft")
    verbs.keep_held(found)
    if request.method == "POST":
        return done(request, found, lambda: verbs.redraft_meeting(found, by=request.user), "Заседание снова готовится.")
    told = found.invited_at is not None and found.state != STATE.CANCELLED
    return confirm(request, found, "Вернуть заседание в подготовку?", "Вернуть в подготовку", (
        "Повестка, участники и записи останутся. Участники перестанут видеть заседание, пока вы не объявите его снова." + (
            " Письма не уйдут: в календарях приглашённых оно останется. Если оно не состоится, отмените его." if told else "")))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def meeting_hold(request, pk):
    found = find_to_change(request, pk, "hold")
    if request.method == "POST":
        return done(request, found, lambda: verbs.hold_meeting(found, by=request.user), "Заседание отмечено проведённым.")
    if not found.date:
        messages.error(request, "Сначала укажите день, когда заседание прошло.")
        return redirect(found)
    return confirm(request, found, f"Заседание прошло: {words.when(found)}?", "Отметить проведённым",
                   verbs.about_holding(found), no="Ещё нет")


def done(request, found, verb, sentence):
    """Run a confirmed verb and go back to the meeting with its outcome in words."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, sentence)
    return redirect(found)


def confirm(request, found, question, yes, consequence, **more):
    return render(request, "meetings/meeting_confirm.html", {
        "meeting": found, "name": words.name_of(found), "question": question, "yes": yes, "consequence": consequence, **more,
    })

