"""What became of the letters: for staff, with those to phone about. Keys of one-time links are never shown."""
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import history_of
from projectoffice.common.mail import dressed
from projectoffice.common.models import MailState, OutgoingMail
from projectoffice.common.policy import policy
from projectoffice.common.services import outbox
from projectoffice.common.text import CleanCharField

PAGE = 50


class Filters(forms.Form):
    q = CleanCharField(label="Адрес, тема или фамилия", required=False, max_length=200)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *MailState.choices])


@policy("accounts.view_mail")
@require_safe
def mail(request):
    """All letters, newest first, with a filter and the list of those to phone about."""
    form = Filters(request.GET)
    letters = OutgoingMail.objects.visible_to(request.user).select_related("person").defer("body")
    if form.is_valid():
        letters = filtered(letters, form.cleaned_data)
    page = Paginator(letters, PAGE).get_page(request.GET.get("page"))
    return render(request, "common/mail.html", {
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "letters": [dressed(letter) for letter in page],
        "page": page,
        "shown": page.end_index(),
        "undelivered": OutgoingMail.objects.visible_to(request.user).filter(state=MailState.FAILED).count(),
        "configured": settings.EMAIL_CONFIGURED,
    })


def filtered(letters, chosen):
    if chosen["state"]:
        letters = letters.filter(state=chosen["state"])
    return letters.found(chosen["q"]) if chosen["q"] else letters


@policy("accounts.view_mail")
@require_safe
def undelivered(request):
    """Whom to phone: letters that did not go, by person, with the phone."""
    letters = outbox.undelivered().visible_to(request.user)
    page = Paginator(letters, PAGE).get_page(request.GET.get("page"))
    return render(request, "common/undelivered.html", {
        "letters": [dressed(letter) for letter in page], "page": page, "shown": page.end_index(),
    })


@policy("accounts.view_mail")
@require_safe
def letter(request, pk):
    """One letter: to whom, what became of it, its text."""
    found = get_object_or_404(OutgoingMail.objects.visible_to(request.user).select_related("person"), pk=pk)
    return render(request, "common/letter.html", {
        "letter": dressed(found),
        "files": found.attachments.values("name", "content_type"),
        "server_words": found.last_error.partition("\n")[2],
        "may_resend": found.state in (MailState.FAILED, MailState.RETRY),
        "events": history_of(found),
        "configured": settings.EMAIL_CONFIGURED,
    })


@policy("accounts.view_mail")
@require_POST
def mail_resend(request, pk):
    found = get_object_or_404(OutgoingMail.objects.visible_to(request.user), pk=pk)
    try:
        found = outbox.resend(found, by=request.user)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Письмо снова в очереди: {found.address}.")
    return redirect(found)
