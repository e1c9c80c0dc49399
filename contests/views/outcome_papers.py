"""Papers of the results: score sheets, the summary, thanks, drafts of the orders. Before publication of what would be published."""
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.common.filenames import clean_name
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import moment_short

from ..forms.outcome import SignerForm
from ..outcome import sheets
from .outcome import find_results

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def given_out(content, name, ending, kind="application/pdf"):
    name = content_disposition_header(as_attachment=True, filename=clean_name(f"{name}.{ending}", ending))
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": name})


def content_of(request, pk):
    page = find_results(request, pk)
    return page, page.result.snapshot if page.is_published else page.live


@policy(SIGNED_IN)
@require_safe
def expert_sheet(request, pk, expert):
    """«Оценочный лист» of one expert: every mark, to be signed."""
    _, content = content_of(request, pk)
    found = sheets.expert_sheet(content, expert)
    if found is None:
        raise Http404
    return given_out(sheets.as_pdf(found), f"Оценочный лист {expert}", "pdf")


@policy(SIGNED_IN)
@require_safe
def score_summary(request, pk):
    """«Сводный оценочный лист»."""
    _, content = content_of(request, pk)
    return given_out(sheets.as_pdf(sheets.summary(content)), "Сводный оценочный лист", "pdf")


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def thanks(request, pk):
    """Who signs the letters of thanks to the experts; then all of them in one file."""
    page, content = content_of(request, pk)
    if not content["experts"]:
        raise Http404
    form = SignerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        day = timezone.localtime(page.result.published_at).date() if page.is_published else timezone.localdate()
        return given_out(sheets.thanks_pdf(content, day, **form.cleaned_data), "Благодарности экспертам", "pdf")
    return render(request, "contests/form.html", {
        "form": form, "contest": page.contest, "heading": "Благодарности экспертам", "button": "Скачать PDF", "back_word": "Итоги",
        "back": reverse("contests:results", args=[pk]), "words": f"Получится один файл. Благодарностей: {len(content['experts'])}."},
        status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_safe
def order_to_hold(request, pk):
    """The order on holding the contest, a draft in Word."""
    page = find_results(request, pk)
    stages = [(str(stage), f"{moment_short(stage.starts_at)} – {moment_short(stage.ends_at)}") for stage in page.contest.stages.all()]
    return given_out(sheets.as_word(sheets.order_to_hold(page.contest, stages)), "Приказ о проведении, проект", "docx", WORD)


@policy(SIGNED_IN)
@require_safe
def order_on_results(request, pk):
    """The order on the results, a draft in Word."""
    page, content = content_of(request, pk)
    correction = page.result.protocol if page.is_published else ""
    return given_out(sheets.as_word(sheets.order_on_results(content, *page.protocol_named, correction)), "Приказ об итогах, проект", "docx", WORD)
