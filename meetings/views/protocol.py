"""The protocol: put together, read and edited as paper, remarks of the chair."""
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.accounts.access import may, require
from projectoffice.accounts.views.refusals import attempt, attempt_with_message
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.idempotency import key_from, once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.documents.models import Document
from projectoffice.documents.panel import panel_of
from projectoffice.documents.route import load_route, with_papers
from projectoffice.documents.snapshot import readable_snapshot

from ..forms.protocol import AnswerForm, ProtocolForm, RemarkForm, WordingForm
from ..kinds.protocol import source_of
from ..models import AgendaItem, Meeting, Protocol, ProtocolExtract, ProtocolRemark
from ..models.meeting import READS_ALL
from ..protocol import page
from ..services import protocol as verbs

CHANGE = verbs.CHANGE
REMARK = "meetings.remark_protocol"
RELATED = ("document__body", "meeting__body")


def find(request, pk):
    """The protocol this person may read in some form; 404 otherwise."""
    found = with_papers(Protocol.objects.visible_to(request.user).select_related(*RELATED))
    return get_object_or_404(found.annotate(last_number=page.last_number(), question_count=page.question_count()), pk=pk)


def to_change(request, pk):
    """The protocol, for those who may change it at some moment; 403 for its readers."""
    found = find(request, pk)
    require(request.user, CHANGE, found.document)
    return found


@policy(SIGNED_IN)
@require_POST
def protocol_new(request, pk):
    """«Собрать протокол»: the draft, or what is missing for it as messages on the secretary's page."""
    meeting = get_object_or_404(Meeting.objects.visible_to(request.user), pk=pk)
    require(request.user, CHANGE, meeting)
    try:
        return redirect(verbs.create_protocol(meeting, by=request.user))
    except ValidationError as refusal:
        messages.warning(request, "Чтобы собрать протокол, осталось: " + "; ".join(
            sentence.rstrip(".") for sentence in refusal.messages) + ".")
    except TransitionNotAllowed as refusal:
        messages.warning(request, str(refusal))
    return redirect("meetings:meeting_day", meeting.pk)


@policy(SIGNED_IN)
@require_safe
def protocol(request, pk):
    return show(request, find(request, pk))


def show(request, found, *, status=200, remark_form=None):
    """The sheet; a draft is edited right on it by those who may."""
    document = found.document
    load_route(document)
    panel = panel_of(document, request.user)
    may_edit = document.is_draft and may(request.user, CHANGE, document)
    if may_edit:
        edited = request.GET.get("edit", "")
        found.questions = page.questions_for(found, edited)
    snapshot = readable_snapshot(document, panel.reads_working)
    context = {
        "protocol": found,
        "document": document,
        "panel": panel,
        "snapshot": snapshot,
        "may_edit": may_edit,
        "as_paper": "paper" in request.GET,
        "coming_number": page.coming_number(found) if may_edit else None,
        "may_extract": document.in_force_id and document.state != Document.State.ANNULLED and may(request.user, CHANGE, document),
    }
    if may(request.user, READS_ALL) or Meeting.objects.visible_to(request.user).filter(pk=found.meeting_id).exists():
        context["meeting_url"] = found.meeting.get_absolute_url()
    if found.annulled:
        others = Protocol.objects.visible_to(request.user).living().filter(meeting=found.meeting_id)
        context["instead"] = others.select_related("document__in_force").first()
        context["may_collect"] = context["instead"] is None and may(request.user, CHANGE, document)
    if not may_edit:
        extracts = ProtocolExtract.objects.visible_to(request.user).filter(protocol=found).order_by("pk")
        context["extracts"] = extracts.select_related("document")
    if panel.reads_working:
        context |= page.remarks_of(found, request.user, snapshot["source"], remark_form)
    if may_edit:
        context |= page.editor_of(found, snapshot, edited)
    return render(request, "meetings/protocol.html", context, status=status)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def protocol_form(request, pk):
    """Heading, organization, number, lists: what the protocol adds to the minutes."""
    found = to_change(request, pk)
    document = found.document
    names = ("heading", "organization", "decided_word", "attendance_limit", "attachments", "opinions", "version")
    initial = {name: getattr(found, name) for name in names} | {"number_text": document.number_text}
    form = ProtocolForm(request.POST if request.method == "POST" else None, initial=initial)

    def save():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return verbs.save_protocol_form(found, by=request.user, version=form.cleaned_data["version"], **fields)

    if request.method == "POST" and attempt(form, save):
        messages.success(request, "Оформление сохранено.")
        return redirect(found)
    return render(request, "meetings/protocol_form.html", {
        "protocol": found, "document": document, "form": form, "coming_number": page.coming_number(found),
        "is_closed": not document.is_draft,
    }, status=422 if form.errors else 200)


@policy(SIGNED_IN)
@require_POST
def protocol_switch(request, pk):
    """The full or the short form."""
    found = to_change(request, pk)
    is_short = request.POST.get("form") == "short"
    attempt_with_message(request, lambda: verbs.switch_form(found, by=request.user, is_short=is_short),
                         "Краткая форма: вопросы, докладчики, решения." if is_short else "Полная форма.")
    return redirect(found)


@policy(SIGNED_IN)
@require_POST
def protocol_suggest(request, pk):
    found = to_change(request, pk)
    attempt_with_message(request, lambda: verbs.suggest_words(found, by=request.user),
                         "Формулы и падежи предложены там, где было пусто. Проверьте их.")
    return redirect(found)


@policy(SIGNED_IN)
@require_POST
def protocol_signers(request, pk):
    """One click for «Строки подписи расходятся с участниками заседания»."""
    found = to_change(request, pk)
    attempt_with_message(request, lambda: verbs.put_signers(found, by=request.user), "Подписывают председатель и секретарь заседания.")
    return redirect(found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def protocol_wording(request, pk, uid):
    """How one question and its speakers are written; the form stands on the page of the protocol too."""
    found = to_change(request, pk)
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=found.meeting_id, position__isnull=False)
    item = get_object_or_404(items.select_related("meeting").prefetch_related("speakers__person"), uid=uid)
    if request.method != "POST":
        return render(request, "meetings/protocol_wording.html", {"protocol": found, "wording": page.wording_of(item)})
    form = WordingForm(request.POST, speakers=item.speakers.all(), auto_id=f"{item.uid}-%s")

    def save():
        data = form.cleaned_data
        formula = "" if data["formula"] == item.title else data["formula"]
        return verbs.save_wording(item, formula, form.declined, by=request.user, version=data["version"])

    if attempt(form, save):
        return redirect(f"{found.get_absolute_url()}#question-{item.uid}")
    wording = page.wording_of(item, form)
    return render(request, "meetings/protocol_wording.html", {"protocol": found, "wording": wording}, status=422)


@policy(SIGNED_IN)
@require_POST
def protocol_show(request, pk):
    """«Показать председателю»: a letter with the link."""
    found = to_change(request, pk)
    key = key_from(request)
    attempt_with_message(request, lambda: verbs.show_to_chair(found, by=request.user, key=key),
                         "Председателю уйдёт письмо со ссылкой.")
    return redirect(found)


@policy(SIGNED_IN)
@require_POST
def protocol_remark_add(request, pk):
    found = find(request, pk)
    require(request.user, REMARK, found.document)
    form = RemarkForm(request.POST, questions=page.question_choices(source_of(found)))

    def add():
        data = form.cleaned_data
        items = AgendaItem.objects.visible_to(request.user).filter(meeting=found.meeting_id)
        item = get_object_or_404(items, uid=data["item"]) if data["item"] else None

        def create():
            verbs.add_remark(found, data["text"], by=request.user, item=item)
            return f"{found.get_absolute_url()}#remarks"

        return once(request.user, "add_remark", data["form_key"], create)

    address = attempt(form, add)
    return redirect(address) if address else show(request, found, status=422, remark_form=form)


@policy(SIGNED_IN)
@require_POST
def protocol_no_remarks(request, pk):
    """«Замечаний нет»: what the chair was asked to read is read."""
    found = find(request, pk)
    require(request.user, REMARK, found.document)
    attempt_with_message(request, lambda: verbs.no_remarks(found, by=request.user), "Секретарь узнает, что замечаний нет.")
    return redirect(found)


@policy(SIGNED_IN)
@require_POST
def protocol_remark_accept(request, pk):
    return answered(request, pk, verbs.accept_remark, "Замечание учтено.")


@policy(SIGNED_IN)
@require_POST
def protocol_remark_decline(request, pk):
    return answered(request, pk, verbs.decline_remark, "Замечание отклонено, председатель прочитает почему.")


def answered(request, pk, verb, done):
    remarks = ProtocolRemark.objects.visible_to(request.user).select_related("protocol__document", "protocol__meeting")
    remark = get_object_or_404(remarks, pk=pk)
    require(request.user, CHANGE, remark.protocol.document)
    form = AnswerForm(request.POST)
    if form.is_valid():
        attempt_with_message(request, lambda: verb(remark, by=request.user, answer=form.cleaned_data["answer"]), done)
    else:
        messages.error(request, " ".join(sentence for errors in form.errors.values() for sentence in errors))
    return redirect(f"{remark.protocol.get_absolute_url()}#remarks")
