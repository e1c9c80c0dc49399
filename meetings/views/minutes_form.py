"""One question of the minutes as an ordinary form, for those without the script."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.text import showable
from projectoffice.documents.table.answers import asks_json, read_uid

from ..minutes import day, typed
from ..services import outcomes, resolutions
from .day import show_day
from .minutes import find_item, find_meeting, other_text, outcome_cell, page_address, plain, typed_value


@policy(SIGNED_IN)
@require_POST
def outcome_save(request, pk, uid):
    """One field of a question from the script, or the whole form of the question without it."""
    return outcome_cell(request, pk, uid=uid) if asks_json(request) else outcome_form(request, pk, uid)


def outcome_form(request, pk, uid):
    """Save what changed, each field by itself, then do what the button says; what is refused comes back with words."""
    meeting = find_meeting(request, pk)
    item = find_item(request, meeting, uid)
    try:
        kept = save_form(request, item)
        gone = do(request, meeting, item, request.POST.get("do", "")) if not kept else None
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
        return show_day(request, meeting, at=f"question-{item.uid}", lost=typed_texts(request, item), status=409)
    if kept:
        status = 409 if any(each.theirs for each in kept.values()) else 422
        return show_day(request, find_meeting(request, pk), at=f"question-{item.uid}", refused=kept, status=status)
    back = request.POST.get("back", "")
    if not gone and back.startswith("/protocols/"):
        return redirect(back)
    return redirect(page_address(meeting, item).replace("#", f"&removed={gone}#") if gone else page_address(meeting, item))


def save_form(request, item):
    """{uid: Refused} of the rows that could not be stored as typed."""
    kept = {}
    for row, fields, save in rows_of_form(request, item):
        for name in fields:
            value, base = typed_value(request.POST, name, row.uid), plain(request.POST.get(f"base-{name}-{row.uid}", ""))
            if value is None or value == base:
                continue
            try:
                save(row, name, value, version=-1, by=request.user, base=base)
            except ValidationError as refusal:
                refuse(kept, row, name, value).errors[name] = [showable(one) for one in refusal.messages]
            except StaleVersion as stale:
                refuse(kept, row, name, value).theirs[name] = other_text(stale.current, name, request.user)
    return kept


def rows_of_form(request, item):
    """The question and its decisions with their verbs; a new decision is stored when something is written in it."""
    yield item, typed.ITEM, outcomes.save_field
    for row in item.resolutions.present().select_related("item__meeting"):
        yield row, typed.RESOLUTION, resolutions.save_resolution
    known = set(item.resolutions.values_list("uid", flat=True))
    for name, value in request.POST.items():
        uid = read_uid(name.removeprefix("new-")) if name.startswith("new-") else None
        if uid and value == str(item.uid) and uid not in known and any(typed_value(request.POST, each, uid) for each in typed.RESOLUTION):
            yield resolutions.add_resolution(item, by=request.user, uid=uid), typed.RESOLUTION, resolutions.save_resolution


def refuse(kept, row, name, value):
    told = kept.setdefault(str(row.uid), day.Refused())
    told.typed[name] = showable(value)
    return told


def typed_texts(request, item):
    """What was typed and cannot be stored any more, to be copied from the page."""
    names = [(name, item.uid) for name in ("heard", "discussed", "outcome_note")]
    names += [("text", read_uid(name.removeprefix("text-"))) for name in request.POST if name.startswith("text-")]
    texts = [(plain(request.POST.get(f"{name}-{uid}", "")), plain(request.POST.get(f"base-{name}-{uid}", ""))) for name, uid in names]
    return [showable(text) for text, base in texts if text != base]


def do(request, meeting, item, order):
    """The button of the form; returns the uid of a removed decision."""
    word, _, rest = order.partition("-")
    if word == "add":
        resolutions.add_resolution(item, by=request.user)
    elif word == "outcome":
        verbs = {"considered": outcomes.consider, "postponed": outcomes.postpone, "withdrawn": outcomes.withdraw}
        verbs.get(rest, outcomes.reopen)(item, by=request.user)
    elif word in ("up", "down", "remove") and (row := item.resolutions.filter(uid=read_uid(rest)).first()):
        if word == "remove":
            resolutions.remove_resolution(row, by=request.user)
            return row.uid
        resolutions.move_resolution(row, by=request.user, position=max(1, (row.position or 1) + (1 if word == "down" else -1)))
    return None
