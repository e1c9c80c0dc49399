"""The minutes as they are written: fields, decisions, questions added at the table. JSON for the script, ordinary forms else."""
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import require
from projectoffice.accounts.models import Institution
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.text import showable
from projectoffice.documents.table.answers import asks_json, local_time, read_uid, sent, who_wrote, whole_number

from ..minutes import addressees, day, typed
from ..minutes.problems import missing_of
from ..minutes.questions import flat, questions_of
from ..minutes.quorum import quorum_of
from ..models import AgendaItem, Meeting, Resolution
from ..services import agenda, outcomes, resolutions

CHANGE = "meetings.change_meeting"
NOT_YOURS = "Записывать ход заседания могут сотрудники Проектного офиса и секретарь заседания."
GONE = "Этого уже нет на странице: обновите её."


def find_meeting(request, pk):
    """The meeting this person may write down; 404 when it is not to be seen, 403 when it is only to be read."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user).select_related("body"), pk=pk)
    require(request.user, CHANGE, meeting)
    return meeting


def find_item(request, meeting, uid):
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
    return get_object_or_404(items.select_related("meeting"), uid=uid)


def find_resolution(request, meeting, uid):
    rows = Resolution.objects.visible_to(request.user).filter(item__meeting=meeting)
    return get_object_or_404(rows.select_related("item__meeting"), uid=uid)


def verb(view):
    """A verb of the secretary's page: ``view(request, meeting, …)`` does it and names the question it was about.

    Every refusal is told in words: as JSON beside the field for the script, as a message for a form.
    """

    @wraps(view)
    def answer(request, pk, **kwargs):
        try:
            meeting = find_meeting(request, pk)
            request.sent = sent(request)
            more = view(request, meeting, **kwargs) or {}
        except StaleVersion as stale:
            return refused(request, pk, 409, str(stale), stale=other_text(stale.current, request.sent.get("cell", ""), request.user))
        except ValidationError as refusal:
            errors = refusal.message_dict if hasattr(refusal, "error_dict") else {}
            return refused(request, pk, 422, " ".join(refusal.messages), errors=errors)
        except TransitionNotAllowed as refusal:
            return refused(request, pk, 409, str(refusal), closed=True)
        except PermissionDenied:
            return refused(request, pk, 403, NOT_YOURS, closed=True)
        except Http404:
            return refused(request, pk, 404, GONE)
        if asks_json(request):
            return JsonResponse(day_answer(request, meeting, **more))
        if more.get("message"):
            messages.success(request, more["message"])
        return redirect(more.get("back") or page_address(meeting, more.get("item")))

    return answer


def refused(request, pk, status, message, **more):
    if asks_json(request):
        return JsonResponse({"message": message, **more}, status=status)
    if status == 403:
        raise PermissionDenied
    if status == 404:
        raise Http404
    messages.error(request, message)
    return redirect("meetings:meeting_day", pk)


def other_text(current, cell, user):
    """What somebody else wrote meanwhile: the text one edits, how it reads, who and when."""
    fields = typed.ITEM if isinstance(current, AgendaItem) else typed.RESOLUTION if isinstance(current, Resolution) else {}
    source, words = (fields[cell].source(current), fields[cell].words(current)) if cell in fields else (
        day.here_source(current), day.here_words(current))
    wrote = day.last_writer(current, cell, reader=user)
    return {"text": words, "source": source, "version": getattr(current, "version", 0),
            "who": who_wrote(wrote and wrote.actor, user), "at": local_time(wrote.moment) if wrote else ""}


def page_address(meeting, item=None):
    anchor = f"question-{item.uid}" if item else ""
    return f"{day.day_base(meeting)}?at={anchor}#{anchor}" if anchor else day.day_base(meeting)


def day_answer(request, meeting, item=None, **more):
    """What the script lays over the page: the question as it is now, the agenda, who is present, what is missing."""
    meeting = Meeting.objects.visible_to(request.user).select_related("body").get(pk=meeting.pk)
    questions = questions_of(meeting)
    participants = list(meeting.participants.select_related("person"))
    remaining = day.remaining(missing_of(meeting, questions, participants))
    standing = flat(questions)
    asked = next((each for each in standing if item is not None and each.uid == item.uid), None)
    return {
        "saved": f"{timezone.localtime():%H:%M}",
        "html": question_html(request, meeting, asked) if asked else "",
        "presence": day.presence(meeting.body, participants),
        "marks": {str(each.uid): render_to_string("meetings/_agenda_mark.html", {"question": day.mark_of(each)}) for each in standing},
        "remaining": render_to_string("meetings/_remaining.html", {
            "meeting": meeting, "remaining": remaining, "no_quorum": quorum_of(meeting.body, participants).warning}, request),
        **{name: value for name, value in more.items() if name in ("message", "added")},
    }


def question_html(request, meeting, item):
    return render_to_string("meetings/_outcome_form.html", {"question": day.shown_question(meeting, item, {})}, request)


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────

def cell_of(request):
    """(field, typed text, version, base) of a save from the script."""
    data = request.sent
    base = data.get("base")
    version = whole_number(data.get("version"), "Не видно, с какого места вы пишете. Обновите страницу.")
    return str(data.get("cell")), data.get("value"), version, base if isinstance(base, str) else None


@verb
def outcome_cell(request, meeting, uid):
    cell, value, version, base = cell_of(request)
    item = outcomes.save_field(find_item(request, meeting, uid), cell, value, version=version, by=request.user, base=base)
    return {"item": item}


@policy(SIGNED_IN)
@require_POST
@verb
def resolution_save(request, meeting, uid):
    cell, value, version, base = cell_of(request)
    row = resolutions.save_resolution(find_resolution(request, meeting, uid), cell, value, version=version, by=request.user, base=base)
    return {"item": row.item}


@policy(SIGNED_IN)
@require_POST
@verb
def resolution_add(request, meeting, uid):
    item = find_item(request, meeting, uid)
    resolutions.add_resolution(item, by=request.user, uid=read_uid(request.sent.get("value")))
    return {"item": item}


@policy(SIGNED_IN)
@require_POST
@verb
def resolution_remove(request, meeting, uid):
    row = resolutions.remove_resolution(find_resolution(request, meeting, uid), by=request.user)
    return {"item": row.item}


@policy(SIGNED_IN)
@require_POST
@verb
def resolution_return(request, meeting, uid):
    place = request.sent.get("place")
    place = whole_number(place, "Не видно, куда вернуть решение.") if place else None
    row = resolutions.return_resolution(find_resolution(request, meeting, uid), by=request.user, position=place)
    return {"item": row.item}


@policy(SIGNED_IN)
@require_POST
@verb
def resolution_move(request, meeting, uid):
    row = find_resolution(request, meeting, uid)
    step = whole_number(request.sent.get("step"), "Не видно, куда переставить решение.")
    row = resolutions.move_resolution(row, by=request.user, position=max(1, (row.position or 1) + step))
    return {"item": row.item}


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def resolution_institutions(request, pk, uid):
    """The tick list of a charge given to many: a page, or a part of one for the script."""
    meeting = find_meeting(request, pk)
    row = find_resolution(request, meeting, uid)
    if request.method == "POST":
        return choose_institutions(request, pk, uid=uid)
    chosen = set(row.institutions.values_list("pk", flat=True))
    places = list(Institution.objects.visible_to(request.user).open())
    kinds = sorted({place.kind for place in places})
    return render(request, "meetings/resolution_institutions.html", {
        "meeting": meeting, "row": row, "chosen": chosen, "back": page_address(meeting, row.item),
        "kinds": [(kind or "Другие", [place for place in places if place.kind == kind]) for kind in kinds],
    })


@verb
def choose_institutions(request, meeting, uid):
    """``on`` and ``off`` from the script; from the form what is ticked of what was shown."""
    row = find_resolution(request, meeting, uid)
    if asks_json(request):
        on, off = keys(request.sent.get("on")), keys(request.sent.get("off"))
    else:
        on = keys(request.POST.getlist("on"))
        off = keys(request.POST.getlist("was")) - on
        on -= keys(request.POST.getlist("was"))
    row = resolutions.choose_institutions(row, by=request.user, on=on, off=off)
    return {"item": row.item, "message": "Список учреждений сохранён."}


def keys(values):
    """Numbers of rows from a list of texts or numbers; what is none is left out."""
    texts = [str(value)[:20] for value in values] if isinstance(values, list) else []
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and int(text) < 2**63}


@policy(SIGNED_IN)
@require_POST
@verb
def outcome_move(request, meeting, uid):
    """The question one place up or down among those of its level: the order may change at any time."""
    item = find_item(request, meeting, uid)
    step = whole_number(request.sent.get("step"), "Не видно, куда переставить вопрос.")
    return {"item": agenda.move_item(item, by=request.user, position=max(1, (item.position or 1) + step), parent=item.parent)}


@policy(SIGNED_IN)
@require_safe
def outcome_people(request, pk):
    """Whom one may mean by what is typed: groups of institutions and people."""
    find_meeting(request, pk)
    text = showable(request.GET.get("q", ""))[:100].strip()
    if len(text) < 2:
        return JsonResponse({"found": []})
    words = [group for group in addressees.groups() if text.lower() in group]
    return JsonResponse({"found": words + typed.people_for(text.split(",")[0])})


@policy(SIGNED_IN)
@require_POST
@verb
def outcome_sync(request, meeting):
    """What others wrote meanwhile."""
    uid = read_uid(request.sent.get("item"))
    return {"item": find_item(request, meeting, uid)} if uid else {}


# ── what a form sent ──────────────────────────────────────────────────────────────────────────────────────

def typed_value(data, name, uid):
    """The text of a field; of one made of several boxes their texts with «|» between. None when the form has none."""
    if f"{name}-{uid}" in data:
        return plain(data[f"{name}-{uid}"])
    boxes = [f"{name}.{place}-{uid}" for place in range(4)]
    # An empty tick box sends nothing, so the last text box says how many there are.
    count = max((place + 1 for place, box in enumerate(boxes) if box in data), default=0)
    return "|".join(data.get(box, "").strip() for box in boxes[:count]) if count else None


def plain(text):
    return text.replace("\r\n", "\n")
