"""Sending an entry, taking it back, taking it out."""
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.uploads import SCANS, store_upload

from ..entry.page import EntryPage
from ..entry.submission import fingerprint, take
from ..forms.entry import SubmitForAnotherForm, SubmitForm, WithdrawForm
from ..services import submitting as verbs
from .entry import for_writing
from .entry_common import ask, attempt, attempt_with_message

SENT = "Заявка № {} отправлена. Письмо с номером ушло вам и автору для связи."
ENTERED = "Заявка № {} внесена. Письмо с номером ушло команде."


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_submit(request, pk):
    """One page that repeats what will be sent and what happens then; or says what is missing."""
    found = for_writing(request, pk)
    page = EntryPage(found, request.user, request.office)
    kind = SubmitForAnotherForm if page.enters_for_another else SubmitForm
    form = kind(request.POST or None, request.FILES or None, initial={"shown": fingerprint(take(found))})
    if request.method == "POST" and attempt(form, lambda: send(request, found, form)):
        messages.success(request, (ENTERED if page.enters_for_another else SENT).format(found.number))
        return redirect(found)
    if not page.to_send:
        return redirect(found)
    content = take(found)
    if request.method == "POST":
        form.data = form.data.copy()
        form.data["shown"] = fingerprint(content)
    return render(request, "contests/entry_submit.html", {"page": page, "entry": found, "form": form, "content": content},
                  status=422 if form.errors else 200)


def send(request, entry, form):
    words = form.cleaned_data
    with transaction.atomic():
        letter = words.get("source_file")
        stored = store_upload(letter, by=request.user, allowed=SCANS) if letter else None
        submission = verbs.submit_entry(entry, by=request.user, shown=words["shown"], source=words.get("source", ""),
                                        source_date=words.get("source_date"), source_file=stored)
    entry.number = submission.entry.number
    return submission


@policy(SIGNED_IN)
@require_POST
def entry_take_back(request, pk):
    found = for_writing(request, pk)
    attempt_with_message(request, lambda: verbs.take_back(found, by=request.user),
                         "Заявка снова у вас. Не забудьте отправить её до срока.")
    return redirect(found)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_withdraw(request, pk):
    """Out of the contest; what was sent says why."""
    found = for_writing(request, pk)
    page = EntryPage(found, request.user, request.office)
    if request.method != "POST" and not page.may("withdraw"):
        messages.info(request, "Эту заявку сейчас не отзывают.")
        return redirect(found)
    form = WithdrawForm(request.POST or None)
    if not found.number:
        form.fields["reason"].required = False
    return ask(request, form, lambda: verbs.withdraw_entry(found, by=request.user, reason=form.cleaned_data["reason"]),
               heading=f"Отозвать: {found.title or 'заявка без названия'}", button="Отозвать заявку", back=found.get_absolute_url(),
               done="Заявка отозвана.", words=withdraw_words(page))


def withdraw_words(page):
    if not page.entry.number:
        return "Черновик уйдёт из ваших дел. Пока идёт приём, его можно вернуть."
    only_office = page.enters_for_another or page.entry.state == "admitted"
    back = " Вернуть её сможет только офис." if only_office else " Пока идёт приём, её можно вернуть в черновик."
    return f"Заявка № {page.entry.number} больше не участвует в конкурсе, команда получит письмо.{back}"
