"""A sheet that is in, files of the work, the blank sheet, giving a work up."""
import base64

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.accounts.views.person import form_page
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import locked_down, send_file
from projectoffice.common.wordfile import FileRefused, read_in_child
from projectoffice.documents.views.pdf import PDF, answer

from ..forms.sheet import ReasonForm, RecuseForm
from ..services import sheet as verbs
from ..sheet.page import ReviewPage
from ..sheet.printing import blank_name, blank_pdf
from ..sheet.read import SheetPage
from .sheet_common import find_review, find_sheet

GIVEN_UP = "Работа передана другому эксперту. Если это вышло случайно, позвоните в офис."
NOT_CLEANED = "Из этого файла не удалось убрать сведения об авторах, поэтому портал его не открывает. Позвоните в офис."


@policy(SIGNED_IN)
@require_safe
def sheet(request, pk):
    """Marks and comments of a sheet, who entered it, other sheets of the work this person may read."""
    page = SheetPage(find_sheet(request, pk), request.user)
    return render(request, "contests/sheet.html", {"page": page, "sheet": page.shown, "entry": page.entry})


@policy(SIGNED_IN)
@require_safe
def review_print(request, pk):
    """The sheet with empty boxes, for a pen."""
    found = find_review(request, pk)
    return answer(blank_pdf(found), PDF, blank_name(found), inline=True)


@policy(SIGNED_IN)
@require_safe
def review_file(request, pk, file):
    """A file of what was submitted; in a blind contest under a neutral name and without its properties."""
    found = find_review(request, pk)
    page = ReviewPage(found, request.user)
    named = next((each for each in page.work.files if each.pk == file), None)
    row = found.entry.files.select_related("file").filter(pk=file).first() if named else None
    if row is None:
        raise Http404
    if not page.contest.is_blind:
        return send_file(row.file)
    try:
        with row.file.data.open("rb") as content:
            cleaned = base64.b64decode(read_in_child(content, "contests.sheet.cleaning:clean", ending=named.ending))
    except FileRefused:
        return render(request, "contests/file_closed.html", {"review": found, "words": NOT_CLEANED}, status=422)
    except FileNotFoundError:
        raise Http404 from None
    return locked_down(answer(cleaned, row.file.content_type, named.name))


# ── given up ──────────────────────────────────────────────────────────────────────────────────────────────

@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def review_recuse(request, pk):
    """Not for this expert: by one button of the scoring screen, or with the reason in own words."""
    found = find_review(request, pk)
    form = RecuseForm(request.POST or None)
    words = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if request.method == "POST" and attempt(form, lambda: verbs.recuse(found, by=request.user, ground=words["ground"], words=words["words"])):
        messages.success(request, GIVEN_UP)
        return redirect("contests:scoring")
    return form_page(request, form, f"Не могу оценивать работу № {found.entry.number}", "Отказаться от работы", found.get_absolute_url(),
                     words="Ничего страшного: работу передадут другому эксперту. Если лист уже сдан, он не войдёт в итог.")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def review_abstain(request, pk):
    """No conflict, yet this expert would rather not judge this work."""
    found = find_review(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: verbs.abstain(found, by=request.user, reason=form.cleaned_data["reason"])):
        messages.success(request, GIVEN_UP)
        return redirect("contests:scoring")
    return form_page(request, form, f"Не берусь оценивать работу № {found.entry.number}", "Воздержаться", found.get_absolute_url(),
                     words="Например: тема не моя. Причину увидит комиссия, работу передадут другому эксперту.")
