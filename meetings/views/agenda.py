"""The agenda: questions, their order, what comes from the plan and from earlier meetings, files to read.

Every verb leads back to the page of the meeting; a question being edited stands open in its place on that page. The
script asks the same addresses and takes the agenda out of the answer.
"""
import uuid
from collections import defaultdict
from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may
from projectoffice.accounts.views.refusals import attempt, put_errors, show_what_is_stored
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import send_file

from ..forms.agenda import ItemForm, MaterialForm, NewItemForm
from ..meeting import unfinished, words
from ..meeting.page import origin_words, origins_by_number
from ..models import AgendaItem, AgendaMaterial, MeetingPlan
from ..plan.in_force import covered, plans_for, rows_in_force
from ..plan.outline import flat
from ..protocol.declension import about
from ..services import agenda as verbs
from .meeting import demand, find_for_page, find_meeting, meeting_page, refused_moment

FIELDS = ("title", "formula", "minutes", "is_misc", "closed", "version")


def find_item(request, pk, uid):
    """A question of this meeting that this person may see; 404 otherwise."""
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=pk)
    return get_object_or_404(items.select_related("meeting__body", "meeting__plan__document__in_force", "parent"), uid=uid)


def suggests(request):
    return may(request.user, "accounts.suggest_people")


def at(item):
    return f"{item.meeting.get_absolute_url()}#item-{item.uid}"


def told(request, verb, sentence=""):
    """Run a verb of a button; a refusal becomes a message. Whether it was done."""
    try:
        verb()
    except (StaleVersion, TransitionNotAllowed) as refusal:
        messages.error(request, str(refusal))
        return False
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return False
    if sentence:
        messages.success(request, sentence)
    return True


# Questions

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def agenda_add(request, pk):
    """The short form under the agenda, or under a question whose sub-question it adds."""
    meeting = find_for_page(request, pk)
    demand(meeting, "edit", request.user)
    parent = find_parent(request, meeting)
    form = NewItemForm(request.POST or None, suggests=suggests(request))

    def add():
        data = form.cleaned_data
        item = verbs.add_item(meeting, by=request.user, title=data["title"], parent=parent, speakers=data["speaker"],
                              minutes=data["minutes"], is_misc=is_misc(data["title"], meeting, parent), uid=data["form_key"])
        return at(item)

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "agenda_add", form.cleaned_data["form_key"], add))
        if made:
            return redirect(made)
    return meeting_page(request, meeting, add_form=form, add_under=parent, adding=True, status=422 if form.errors else 200)


def find_parent(request, meeting):
    uid = read_uid(request.POST.get("under") or request.GET.get("under"))
    asked = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
    return get_object_or_404(asked, uid=uid) if uid else None


def is_misc(title, meeting, parent):
    """«Разное» typed as a question is the heading under which short ones are gathered."""
    return parent is None and title.strip(" .«»\"").casefold() == "разное" and verbs.misc_of(meeting) is None


def read_uid(text):
    try:
        return uuid.UUID(str(text)) if text else None
    except ValueError:
        return None


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def agenda_edit(request, pk, uid):
    """A question open in its place on the page of the meeting."""
    item = find_item(request, pk, uid)
    demand(item.meeting, "edit", request.user)
    form = item_form(request, item)
    if request.method == "POST" and "take_formula" in request.POST:
        form = with_formula(request, form, item)
    elif request.method == "POST" and form.is_valid() and saved(form, item, request.user):
        return redirect(at(item))
    return meeting_page(request, item.meeting, edited=item, edit_form=form, formula=formula_for(form),
                        status=422 if form.is_bound and form.errors else 200)


def formula_for(form):
    """«О подведении итогов…» for a question whose formula nobody wrote yet; empty where it would say the same."""
    title = form["title"].value() or ""
    return "" if form["formula"].value() or about(title) == title else about(title)


def with_formula(request, form, item):
    """The form as typed with the suggested formula in its field; nothing is saved yet."""
    typed = request.POST.copy()
    typed["formula"] = formula_for(form) or typed.get("formula", "")
    return ItemForm(typed, suggests=suggests(request), item=item)


def item_form(request, item):
    initial = {name: getattr(item, name) for name in FIELDS} | {"speakers": verbs.speakers_of(item)}
    return ItemForm(request.POST or None, initial=initial, suggests=suggests(request), item=item)


def saved(form, item, user):
    data = form.cleaned_data
    try:
        verbs.save_item(item, by=user, **{name: data[name] for name in (*FIELDS, "speakers") if name in data})
    except StaleVersion as stale:
        show_both_texts(form, stale.current)
    except TransitionNotAllowed as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as refusal:
        put_errors(form, refusal)
    return not form.errors


def show_both_texts(form, current):
    """What is stored now beside what was typed, speakers too."""
    show_what_is_stored(form, SimpleNamespace(**{name: getattr(current, name) for name in FIELDS}))
    stored = [text for text, _ in verbs.speakers_of(current)]
    if stored != [text for text, _ in form.cleaned_data.get("speakers", [])]:
        form.add_error("speakers", f"Сейчас записано: «{', '.join(stored) or 'пусто'}».")


@policy(SIGNED_IN)
@require_POST
@refused_moment
def agenda_move(request, pk, uid):
    """One place up or down, to a place counted from 1, into «Разное» or out of it."""
    item = find_item(request, pk, uid)
    told(request, lambda: moved(item, request.POST, request.user))
    return redirect(at(item))


def moved(item, asked, user):
    parent, position = item.parent, item.position or 1
    step = asked.get("step", "")
    if step in ("up", "down"):
        position += 1 if step == "down" else -1
    elif step == "into":
        parent, position = verbs.misc_of(item.meeting), verbs.MOST_ITEMS
        if parent is None:
            raise ValidationError("«Разного» в повестке нет.")
    elif step == "out":
        if parent is None:
            return
        # «Разное» stays the last, any other question is followed by what was under it.
        position, parent = parent.position + (0 if parent.is_misc else 1), None
    else:
        position = place_asked(asked.get("position"))
    verbs.move_item(item, by=user, position=position, parent=parent)


def place_asked(text):
    if not (text and text.isascii() and text.isdecimal() and len(text) < 6):
        raise ValidationError("Не понятно, куда переставить вопрос. Обновите страницу и повторите.")
    return int(text)


@policy(SIGNED_IN)
@require_POST
@refused_moment
def agenda_remove(request, pk, uid):
    item = find_item(request, pk, uid)
    if told(request, lambda: verbs.remove_item(item, by=request.user)):
        return redirect(f"{item.meeting.get_absolute_url()}?removed={item.uid}#agenda")
    return redirect(item.meeting)


@policy(SIGNED_IN)
@require_POST
@refused_moment
def agenda_return(request, pk, uid):
    item = find_item(request, pk, uid)
    told(request, lambda: verbs.return_item(item, by=request.user))
    return redirect(at(item))


@policy(SIGNED_IN)
@require_POST
@refused_moment
def agenda_speakers(request, pk, uid):
    """Who answers for the row of the plan becomes the speakers of its question."""
    item = find_item(request, pk, uid)
    told(request, lambda: verbs.put_suggested_speakers(item, by=request.user))
    return redirect(at(item))


# From the plan, from earlier meetings

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def agenda_take_plan(request, pk):
    """Lines of the plan to tick; those some meeting has already say so."""
    meeting = find_meeting(request, pk, "plan__document__in_force")
    demand(meeting, "edit", request.user)
    plan, plans = plan_to_take(request, meeting)
    if request.method == "POST":
        chosen = lines_chosen(request.POST.getlist("line"))
        rows = [row.item for row in (rows_in_force(plan) if plan else ()) if row.item.pk in chosen]
        for row in rows:
            row.plan = plan
        if told(request, lambda: verbs.take_lines(meeting, rows, by=request.user, lines=chosen), "Вопросы взяты из плана."):
            return redirect(f"{meeting.get_absolute_url()}#agenda")
        return redirect(request.get_full_path())
    return render(request, "meetings/agenda_take_plan.html", {
        "meeting": meeting, "name": words.name_of(meeting), "plan": plan, "plans": plans,
        "rows": rows_to_take(plan, meeting, request.user) if plan else [],
    })


def plan_to_take(request, meeting):
    """The plan to take from and those to choose among: the meeting's own, or the body's plans in force."""
    if meeting.plan:
        return meeting.plan, []
    readable = MeetingPlan.objects.visible_to(request.user)
    plans = list(plans_for(meeting.body, meeting.date).filter(pk__in=readable.values("pk")))
    asked = request.GET.get("plan", "")
    return next((plan for plan in plans if str(plan.pk) == asked), plans[0] if plans else None), plans


def rows_to_take(plan, meeting, user):
    """Rows with their lines: what to tick, and where it is heard already."""
    rows = rows_in_force(plan)
    taken = covered([row.item for row in rows], AgendaItem.objects.visible_to(user))
    found = []
    for row in rows:
        lines = [{
            "value": f"{row.item.pk}:{topic.line}", "text": topic.text, "is_child": above is not None,
            "heard": heard_words(taken.get((row.item.pk, topic.line), ()), meeting),
        } for topic, above in flat(row.outline)]
        found.append({"row": row, "lines": lines})
    return found


def heard_words(items, meeting):
    """«на заседании 12.02.2027», «уже в этой повестке»; nothing for a line nobody has yet."""
    places = dict.fromkeys(
        "уже в этой повестке" if item.meeting_id == meeting.pk
        else f"на заседании {item.meeting.date:%d.%m.%Y}" if item.meeting.date else "на заседании без даты"
        for item in items
    )
    return ", ".join(places)


def lines_chosen(values):
    """{row pk: places of lines} from «12:0»; what is no such pair is passed over."""
    chosen = defaultdict(set)
    for value in values[:verbs.MOST_ITEMS]:
        row, _, line = value.partition(":")
        if all(part.isascii() and part.isdecimal() and len(part) < 10 for part in (row, line)):
            chosen[int(row)].add(int(line))
    return chosen


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def agenda_carry_over(request, pk):
    """Questions the body has not finished, to tick."""
    meeting = find_meeting(request, pk)
    demand(meeting, "edit", request.user)
    found = unfinished.of(meeting, AgendaItem.objects.visible_to(request.user))
    if request.method == "POST":
        wanted = set(request.POST.getlist("item"))
        chosen = [item for item in found if str(item.uid) in wanted]
        if not chosen:
            messages.error(request, "Отметьте хотя бы один вопрос.")
            return redirect("meetings:agenda_carry_over", pk)
        told(request, lambda: verbs.carry_over(meeting, chosen, by=request.user), "Неоконченные вопросы взяты в повестку.")
        return redirect(f"{meeting.get_absolute_url()}#agenda")
    numbers = origins_by_number({item.meeting_id for item in found}, request.user)
    return render(request, "meetings/agenda_carry_over.html", {
        "meeting": meeting, "name": words.name_of(meeting),
        "rows": [{"item": item, "origin": where_from(item, numbers)} for item in found],
    })


def where_from(item, numbers):
    return origin_words(item, numbers.get(item.pk))


# Files to read

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def agenda_material_add(request, pk, uid):
    item = find_item(request, pk, uid)
    demand(item.meeting, "edit", request.user)
    form = MaterialForm(request.POST or None, request.FILES or None)

    def add():
        data = form.cleaned_data
        verbs.add_material(item, data["file"], by=request.user, title=data["title"])
        return at(item)

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "material_add", form.cleaned_data["form_key"], add))
        if made:
            return redirect(made)
    return render(request, "meetings/agenda_material.html", {"item": item, "meeting": item.meeting, "form": form},
                  status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_safe
def agenda_material(request, pk):
    """The file, to whoever may see its question."""
    return send_file(find_material(request, pk).file)


def find_material(request, pk):
    seen = AgendaMaterial.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("file", "item__meeting__body"), pk=pk)


@policy(SIGNED_IN)
@require_POST
def agenda_material_remove(request, pk):
    material = find_material(request, pk)
    if told(request, lambda: verbs.remove_material(material, by=request.user)):
        return redirect(f"{material.item.meeting.get_absolute_url()}?removed_file={material.pk}#item-{material.item.uid}")
    return redirect(at(material.item))


@policy(SIGNED_IN)
@require_POST
def agenda_material_return(request, pk):
    gone = AgendaMaterial.objects.filter(item__in=AgendaItem.objects.visible_to(request.user), removed=True)
    material = get_object_or_404(gone.select_related("item__meeting__body"), pk=pk)
    told(request, lambda: verbs.return_material(material, by=request.user))
    return redirect(at(material.item))
