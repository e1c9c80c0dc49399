"""Staff and sheets: the paper packet of an expert, marks keyed from paper, the comparison, voiding."""
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.accounts.views.person import form_page
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.db import now
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, send_file, store_upload
from projectoffice.documents.views.pdf import PDF, answer

from ..forms.paper import CheckPaperForm, PaperForm, VoidForm
from ..forms.sheet import read_typed
from ..models import Expert, Review
from ..services import paper as verbs
from ..services.sheet import asks_anew, replace_sheet
from ..sheet.page import ReviewPage
from ..sheet.printing import packet_name, packet_of, packet_pdf
from ..sheet.queue import sheets_of
from ..sheet.read import SheetPage
from ..sheet.reading import criteria_of, fingerprint, in_order, lacks_of, texts_of, with_entry
from ..sheet.words import badge
from ..sheet.workflow import IN, RUNS, can, refuse_scorers
from .sheet_common import find_sheet


def find_expert(request, pk):
    return get_object_or_404(Expert.objects.visible_to(request.user).select_related("contest", "person"), pk=pk)


@policy(RUNS)
@require_safe
def packet_sheets(request, pk):
    """What an expert has to score on paper: the packet to print, the sheets to key and to compare."""
    expert = find_expert(request, pk)
    refuse_scorers(expert.contest, request.user)
    reviews = list(with_entry(in_order(Review.objects.visible_to(request.user).filter(expert=expert, state=Review.State.GIVEN))))
    sheets, moment, stages = sheets_of(reviews), now(), list(expert.contest.stages.all())
    rows = [paper_row(review, sheets.get(review.pk), request.user, stages, moment) for review in reviews]
    return render(request, "contests/packet_sheets.html", {
        "expert": expert, "rows": rows, "to_print": packet_of(expert).exists()})


def paper_row(review, sheet, user, stages, moment):
    return {
        "review": review, "entry": review.entry, "sheet": sheet if sheet and sheet.state == IN else None,
        "badge": badge(sheet if sheet and sheet.state == IN else None), "key": can(review, "key", user, sheet, stages, moment),
        "compare": can(review, "compare", user, sheet, stages, moment) and sheet.recorded_by_id != user.pk,
    }


@policy(SIGNED_IN)
@require_safe
def packet(request, pk):
    """All sheets an expert still has, with empty boxes, as one PDF; for the office and for the expert."""
    expert = find_expert(request, pk)
    if not packet_of(expert).exists():
        raise Http404
    return answer(packet_pdf(expert), PDF, packet_name(expert), inline=True)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def packet_key(request, pk):
    """Marks as they stand on the paper, with the scan."""
    found = get_object_or_404(with_entry(Review.objects.visible_to(request.user)), pk=pk)
    refuse_scorers(found.entry.contest, request.user)
    form = PaperForm(request.POST or None, request.FILES or None)
    typed, raw, errors = read_typed(request.POST, found) if request.method == "POST" else ({}, {}, {})
    if request.method == "POST":
        errors = {**dict(missing(found, typed)), **errors}
        if form.is_bound and errors:
            form.add_error(None, "Проверьте оценки: они вписаны не все или не все читаются.")
        if attempt(form, lambda: key(request, found, typed, form.cleaned_data)):
            messages.success(request, "Лист внесён. В итог он войдёт, когда другой сотрудник сверит его с бумагой.")
            return redirect("contests:packet_sheets", found.expert_id)
    page = PaperPage(found, request.user, raw, errors)
    return render(request, "contests/packet_key.html", {"page": page, "review": found, "form": form, "closed": page.refusal("key")},
                  status=422 if form.errors else 200)


class PaperPage(ReviewPage):
    """The rows of a sheet for those who key it: what the expert began on the screen is nobody else's to see."""

    @property
    def stored(self):
        return blank(self.review)


def blank(review):
    return texts_of(review, None, criteria_of(review))


def missing(review, typed):
    """A sentence beside every criterion without its mark or its words."""
    texts = blank(review) | typed
    for lack in lacks_of(texts, criteria_of(review)):
        name = f"mark-{lack.criterion}"
        yield (f"note-{lack.criterion}", ["Впишите слова к оценке; если на бумаге их нет, поставьте прочерк."]) if texts[name] else (
            name, ["Впишите оценку с бумаги."])


def key(request, review, typed, words):
    with transaction.atomic():
        scan = store_upload(words["source_file"], by=request.user, allowed=SCANS)
        return verbs.key_sheet(review, typed, by=request.user, source=words["source"], source_date=words["source_date"], source_file=scan)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_check(request, pk):
    """The keyed marks beside the scan: a second person says that they are the same."""
    found = find_sheet(request, pk)
    page = SheetPage(found, request.user)
    form = CheckPaperForm(request.POST or None, initial={"shown": fingerprint(page.stored)})
    if request.method == "POST" and attempt(form, lambda: verbs.check_sheet(found, by=request.user, shown=form.cleaned_data["shown"])):
        messages.success(request, "Лист сверен и входит в итог.")
        return redirect("contests:packet_sheets", found.review.expert_id)
    if request.method != "POST" and not page.compare_allowed:
        messages.info(request, "Этот лист сверяет другой сотрудник, или он уже сверен.")
        return redirect(found)
    return render(request, "contests/sheet_check.html", {"page": page, "sheet": found, "form": form}, status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_safe
def sheet_scan(request, pk):
    """The paper itself: for the office and for the expert whose it is."""
    found = find_sheet(request, pk)
    page = SheetPage(found, request.user)
    if found.source_file is None or page.hides_names and not page.is_own:
        raise Http404
    return send_file(found.source_file)


@policy(RUNS)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_void(request, pk):
    """Out of the count with a reason; the expert gets a new sheet with the same marks."""
    found = find_sheet(request, pk)
    page = SheetPage(found, request.user)
    if request.method != "POST" and not page.replace_allowed:
        messages.info(request, page.refusal("replace"))
        return redirect(found)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: replace_sheet(found, by=request.user, reason=form.cleaned_data["reason"])):
        anew = found.review.sheets.in_force().exists()
        told = "Эксперту ушло письмо, прежние оценки ждут его в новом листе." if anew else "Теперь лист можно внести с бумаги заново."
        messages.success(request, f"Лист аннулирован. {told}")
        return redirect(found)
    return form_page(request, form, f"Аннулировать лист, работа № {page.entry.number}", "Аннулировать лист", (found.get_absolute_url(), "К листу"),
                     words="Лист перестанет входить в итог, но останется в деле. " + (
                         "Эксперт получит новый лист с теми же оценками и сдаст его заново." if asks_anew(found, page.review, page.moment) else
                         "Оценки с бумаги можно будет внести заново."))
