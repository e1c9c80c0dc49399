"""A plan from Word: the file is checked and read, every cell is shown, and only then something is stored."""
from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from projectoffice.accounts.access import require
from projectoffice.accounts.models import Body
from projectoffice.accounts.names import name_key, people_named
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.filenames import clean_name
from projectoffice.common.idempotency import once
from projectoffice.common.policy import policy
from projectoffice.common.russian import plural
from projectoffice.common.terms import parse_term, reading
from projectoffice.documents.models import Stamp
from projectoffice.documents.snapshot import act_line

from ..forms.plan import MissingYearForm, WordPlanForm
from ..imports import read_plan
from ..kinds.plan import rows_of
from ..models import MeetingPlan, PlanImport
from ..plan import difference
from ..services import importing
from .answers import find_plan

CHANGE = "meetings.change_plan"
MOST_NAMED = 12
WORDS = {difference.SAME: "без изменений", difference.CHANGED: "изменится", difference.ADDED: "добавится"}


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request):
    """Take the file, check and read it; what was read waits for the preview."""
    number = request.GET.get("plan", "")
    target = find_plan(request, int(number)) if number.isdecimal() and len(number) < 18 else None
    require(request.user, CHANGE, target.document if target else None)
    main = Body.objects.filter(is_main=True).first()
    form = WordPlanForm(request.POST or None, request.FILES or None, plan=target, initial={"body": main})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if target:
                importing.check_importable(target)
            parsed = read_plan(data["file"], year=target.year if target else data["year"])
            if target:
                parsed.period = (target.period_start, target.period_end)
            kept = importing.keep_import(parsed, by=request.user, body=target.body if target else data["body"] or main,
                                         plan=target, file_name=clean_name(data["file"].name))
            return redirect("meetings:plan_import_preview", key=kept.key)
        except ValidationError as refusal:
            form.add_error("file", refusal.messages)
        except TransitionNotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, "meetings/plan_import.html", {"form": form, "plan": target}, status=422 if form.errors else 200)


@policy(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import_preview(request, key):
    """Every cell with what was recognised; «Импортировать» stores it."""
    kept = get_object_or_404(PlanImport.objects.visible_to(request.user).select_related("body", "plan__document"), key=key)
    parsed = kept.parsed
    form = None if parsed.period else MissingYearForm(request.POST or None)
    if form and form.is_valid():
        parsed.period = form.period()
    target = existing(request, kept, parsed)
    problems = []
    try:
        if target:
            importing.check_importable(target)
        if request.method == "POST" and parsed.period:
            return do_import(request, kept, parsed, target)
    except ValidationError as refusal:
        problems = refusal.messages
    except TransitionNotAllowed as refusal:
        problems = [str(refusal)]
    page = preview(parsed, target) | {"kept": kept, "plan": target, "form": form, "problems": problems}
    refused = request.method == "POST" and (problems or (form and form.errors))
    return render(request, "meetings/plan_import_preview.html", page, status=422 if refused else 200)


def existing(request, kept, parsed):
    if kept.plan_id:
        return kept.plan
    found = importing.plan_for(parsed, kept.body)
    return MeetingPlan.objects.visible_to(request.user).select_related("document", "body").filter(pk=found.pk).first() if found else None


def do_import(request, kept, parsed, target):
    """Sent twice, it is done once; what was read stays until its day is over, so «Назад» finds its page."""

    def store():
        if target:
            importing.apply_import(target, parsed, by=request.user, file_name=kept.file_name)
            return target.get_absolute_url()
        plan = importing.import_plan(parsed, by=request.user, body=kept.body, file_name=kept.file_name)
        return plan.get_absolute_url()

    url = once(request.user, "import_plan", kept.key, store)
    messages.success(request, report(preview(parsed, None)["rows"]))
    return redirect(url)


def report(rows):
    """«Загружено 6 строк. Проверьте две …»: what was done and where to look."""
    doubtful = [row["place"] for row in rows if row["doubtful"]]
    done = f"Загружено: {len(rows)} {plural(len(rows), 'строка,строки,строк')}."
    if not doubtful:
        return f"{done} Сомнений нет."
    shown = ", ".join(map(str, doubtful[:MOST_NAMED])) + ("…" if len(doubtful) > MOST_NAMED else "")
    return f"{done} Проверьте {plural(len(doubtful), 'строку,строки,строки')}: {shown}."


def preview(parsed, target):
    people = people_named([name for item in parsed.items for name in item.responsible] + [one.name for one in parsed.stamps])
    remarks = defaultdict(list)
    for remark in parsed.remarks:
        remarks[remark["row"]].append(remark["message"])
    compared = difference.compare(parsed.items, list(rows_of(target))) if target else None
    pairs = compared.pairs if compared else [difference.Pair(item) for item in parsed.items]
    return {
        "parsed": parsed,
        "stamps": [stamp_shown(stamp, people) for stamp in parsed.stamps],
        "rows": [row_shown(place, pair, parsed.period, people, remarks[place], compared) for place, pair in enumerate(pairs, 1)],
        "general": remarks[None],
        "compared": compared,
        "counts": {kind: compared.count(kind) for kind in ("added", "changed", "removed", "same")} if compared else {},
    }


def stamp_shown(stamp, people):
    signer = people.get(stamp.name)
    return {
        "heading": importing.printed_word(stamp) or Stamp.Kind(stamp.kind).label, "side": "справа" if stamp.side == "right" else "слева",
        "post": stamp.post, "name": stamp.name, "basis": stamp.basis, "signer": signer,
        "act": act_line(stamp.basis, stamp.basis_number, stamp.basis_date),
    }


def row_shown(place, pair, period, people, remarks, compared):
    item = pair.imported
    term = parse_term(item.term, period) if period else None
    names = [{"text": name, "person": people.get(name), "unknown": name_key(name) and name not in people}
             for name in item.responsible]
    unclear = bool(term and not term.understood)
    return {
        "place": place,
        "kind": pair.kind if compared else "",
        "word": WORDS[pair.kind] if compared else "",
        "label": item.label,
        "section": item.section,
        "topics": item.topics,
        "term": item.term,
        "reading": reading(term) if term else "",
        "unclear": unclear,
        "responsible": names,
        "remarks": remarks,
        "doubtful": bool(remarks or unclear or any(one["unknown"] for one in names)),
    }
