"""The protocol of the expert panel: begun, its own words written, the sheet; signing is that of every document."""
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from projectoffice.accounts.access import may, require
from projectoffice.common.lines import to_text
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.panel import panel_of
from projectoffice.documents.route import load_route, with_papers
from projectoffice.documents.services.route import stamp_problems
from projectoffice.documents.snapshot import readable_snapshot, take_snapshot

from ..contest.workflow import RUNS
from ..forms.protocol import ProtocolForm, StartForm
from ..models import JuryProtocol
from ..services import jury_protocol as verbs
from .common import ask, attempt, find_contest
from .outcome import SEES


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def jury_protocol(request, pk):
    """The form while it is a draft, otherwise the sheet; before it is begun the question who signs."""
    readable = JuryProtocol.objects.visible_to(request.user)
    found = with_papers(readable.select_related("contest", "document")).filter(contest=pk).first()
    if found:
        load_route(found.document)
        return edited(request, found) if found.document.is_draft and may(request.user, RUNS) else read(request, found)
    contest = find_contest(request, pk)
    require(request.user, RUNS)
    require(request.user, SEES, contest)
    form = StartForm(request.POST or None, initial={"held_on": timezone.localdate()})
    return ask(request, contest, form, lambda: verbs.start_protocol(contest, by=request.user, **form.cleaned_data), heading="Протокол экспертной комиссии",
               button="Начать протокол", back=contest.get_absolute_url() + "protocol/", done="Протокол начат.", verb="award",
               words="Итоги, награды, самоотводы и голоса жюри впишутся сами. Председатель и секретарь подпишут на портале или на бумаге.")


def read(request, protocol):
    panel = panel_of(protocol.document, request.user)
    return render(request, "contests/jury_protocol.html", {
        "protocol": protocol, "document": protocol.document, "panel": panel, "snapshot": readable_snapshot(protocol.document, panel.reads_working)})


def edited(request, protocol):
    document = protocol.document
    form = ProtocolForm(request.POST or None, initial={
        "held_on": protocol.held_on, "place": protocol.place, "present": to_text(protocol.present), "notes": to_text(protocol.notes),
        "version": protocol.version})
    if request.method == "POST" and attempt(form, lambda: verbs.save_protocol(protocol, by=request.user, **form.values)):
        messages.success(request, "Сохранено.")
        return redirect(protocol)
    panel = panel_of(document, request.user)
    return render(request, "contests/jury_protocol_edit.html", {
        "protocol": protocol, "document": document, "panel": panel, "form": form, "snapshot": take_snapshot(document),
        "problems": [*document.spec.check(document), *stamp_problems(document, panel.stamps)]}, status=422 if form.errors else 200)
