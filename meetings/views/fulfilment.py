"""What became of the plan: the page, the office's marks, the paper and the table."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.models import OfficeProfile
from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.history import history_of
from projectoffice.common.policy import policy
from projectoffice.common.sheets import xlsx_response
from projectoffice.documents.table.answers import find_content
from projectoffice.documents.views.pdf import DOCX, PDF, answer

from .. import fulfilment
from ..forms.fulfilment import MarkForm, UnmarkForm
from ..fulfilment import printing, sums
from ..plan.in_force import is_in_force
from ..services.fulfilment import mark_line, unmark_line
from ..table import PLAN

SEE = "meetings.see_fulfilment"
MARK = "meetings.mark_plan"
MARKS = ("mark_line", "unmark_line")


@policy(SEE)
@require_safe
def plan_fulfilment(request, pk):
    """Line by line what was held, moved, taken off; ``?line=…`` opens the form of one line in place."""
    plan = find_content(request, PLAN, pk)
    if not is_in_force(plan):
        return render(request, "meetings/fulfilment_none.html", {"plan": plan, "document": plan.document})
    return page(request, plan, opened=request.GET.get("line", ""))


def page(request, plan, *, opened="", form=None, status=200):
    """``opened`` names the line whose form stands open; ``form`` is that form with its remarks."""
    done = fulfilment.fulfilment_of(plan, request.user, timezone.localdate())
    marks = may(request.user, MARK, plan.document)
    rows = [(row, [shown(row, each, done, opened if marks else "", form) for each in row.lines]) for row in done.rows]
    return render(request, "meetings/fulfilment.html", {
        "plan": plan,
        "document": plan.document,
        "fulfilment": done,
        "rows": rows,
        "groups": [*done.groups, done.total],
        "how": sums.HOW,
        "parts_words": printing.parts_words(done.total),
        "period_words": plan.period_words,
        "may_mark": marks,
        "last_mark": history_of(plan.document).filter(verb__in=MARKS).first(),
    }, status=status)


def shown(row, each, done, opened, form):
    """A line as the page shows it: its name in addresses, and the form when it stands open."""
    name = line_name(row.row.uid, each.line.place)
    opened_here = name == opened
    return {"name": name, "uid": row.row.uid, "done": each, "form": (form or mark_form(each, done.edition)) if opened_here else None}


def line_name(uid, place):
    return f"{uid}.{place}"


def mark_form(each, edition):
    """The form as it opens: the mark that stands, or nothing chosen."""
    said = {name: getattr(each.mark, name) for name in ("verdict", "date", "moved_to", "reason")} if each.is_marked else {}
    return MarkForm(initial=said | {"version": each.version, "edition": edition.number})


@policy(MARK)
@require_POST
def plan_line_mark(request, pk, uid, line):
    """Say what became of a line."""
    plan = marked_plan(request, pk)
    form = MarkForm(request.POST)
    if attempt(form, lambda: mark_line(plan, uid, line, by=request.user, **form.values())):
        messages.success(request, "Отметка сохранена.")
        return back_to_line(plan, uid, line)
    return page(request, find_content(request, PLAN, pk), opened=line_name(uid, line), form=form, status=422)


@policy(MARK)
@require_POST
def plan_line_unmark(request, pk, uid, line):
    """Take the office's word back."""
    plan = marked_plan(request, pk)
    form = UnmarkForm(request.POST)
    if form.is_valid():
        attempt_with_message(request, lambda: unmark_line(plan, uid, line, by=request.user, **form.cleaned_data),
                             "Отметка снята: о вопросе снова говорят заседания и срок.")
    else:
        messages.error(request, "Страница устарела. Обновите её и повторите.")
    return back_to_line(plan, uid, line)


def marked_plan(request, pk):
    plan = find_content(request, PLAN, pk)
    require(request.user, MARK, plan.document)
    if not is_in_force(plan):
        raise Http404("Выполнение есть у действующего плана.")
    return plan


def back_to_line(plan, uid, line):
    return redirect(f"{reverse('meetings:plan_fulfilment', args=[plan.pk])}#line-{line_name(uid, line)}")


@policy(SEE)
@require_safe
def plan_fulfilment_pdf(request, pk):
    done = for_file(request, pk)
    return answer(fulfilment.pdf(done, OfficeProfile.load()), PDF, printing.file_name(done, "pdf"), inline=True)


@policy(SEE)
@require_safe
def plan_fulfilment_docx(request, pk):
    done = for_file(request, pk)
    return answer(fulfilment.docx(done, OfficeProfile.load()), DOCX, printing.file_name(done, "docx"))


@policy(SEE)
@require_safe
def plan_fulfilment_xlsx(request, pk):
    done = for_file(request, pk)
    return xlsx_response(printing.title_of(done), printing.XLSX_HEADINGS, fulfilment.xlsx_rows(done))


def for_file(request, pk):
    plan = find_content(request, PLAN, pk)
    if not is_in_force(plan):
        raise Http404("Выполнение есть у действующего плана.")
    return fulfilment.fulfilment_of(plan, request.user, timezone.localdate())
