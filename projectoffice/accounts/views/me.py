"""One's own page: contacts, password, second key, consent, substitutions."""
from django.contrib import auth, messages
from django.db.models import Q
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.policy import SIGNED_IN, policy

from ..forms.login import PasswordForm
from ..forms.people import OwnContactsForm
from ..models import Substitution, User
from ..second_key import is_required_of, key_of
from ..services import consent as consents
from ..services import login as ways
from ..services import people
from .login import BY_LINK, came_by_link
from .refusals import attempt, attempt_with_message


@policy(SIGNED_IN)
@never_cache
@require_safe
def me(request):
    person = request.user
    return render(request, "accounts/me.html", {
        "person": person,
        "posts": person.posts.current().select_related("institution"),
        "memberships": person.memberships.current().filter(body__closed_on__isnull=True).select_related("body"),
        "assignments": person.role_assignments.current(),
        "substitutions": Substitution.objects.going_on_or_coming().filter(Q(absent=person) | Q(acting=person))
        .select_related("absent", "acting").order_by("since"),
        "key": key_of(person),
        "key_required": is_required_of(person, request.office),
        "consent": person.consents.filter(revoked_on__isnull=True).first(),
        "consent_text": consents.consent_text(),
        "by_link": came_by_link(request),
    })


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me_edit(request):
    """One's own mail and phone; the rest is kept by the office."""
    person = User.objects.get(pk=request.user.pk)
    form = OwnContactsForm(
        request.POST or None, person=person,
        initial={"email": person.email, "phone": person.phone, "version": person.version},
    )
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        if attempt(form, lambda: people.save_own_contacts(
            person, email=words["email"], phone=words["phone"], version=words["version"]
        )):
            messages.success(request, "Сохранено.")
            return redirect("accounts:me")
    return render(request, "accounts/form.html", {
        "form": form, "heading": "Почта и телефон", "verb": "Сохранить", "back": "/me/", "back_title": "Мой профиль",
    })


@policy(SIGNED_IN)
@never_cache
@sensitive_post_parameters("old_password", "new_password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request):
    """Set a new password; without the old one after a login by mailed link."""
    person = User.objects.get(pk=request.user.pk)
    form = PasswordForm(request.POST or None, person=person, ask_old=not came_by_link(request))
    if request.method == "POST" and form.is_valid():
        changed = attempt(form, lambda: ways.set_password(person, by=person, password=form.cleaned_data["new_password"]))
        if changed:
            auth.update_session_auth_hash(request, changed)
            request.session.pop(BY_LINK, None)
            messages.success(request, "Пароль изменён. На других устройствах нужно войти заново.")
            return redirect("accounts:me")
    return render(request, "accounts/form.html", {
        "form": form, "heading": "Новый пароль", "verb": "Сохранить пароль", "back": "/me/", "back_title": "Мой профиль", "width": "medium",
    })


@policy(SIGNED_IN)
@require_POST
def consent(request):
    """Give or revoke the consent to publication of one's own name."""
    if "revoke" in request.POST:
        attempt_with_message(request, lambda: consents.revoke_consent(request.user, by=request.user),
                             "Согласие отозвано. Ваше имя скрыто с открытых страниц.")
    else:
        shown = request.POST.get("text", "").replace("\r\n", "\n")
        attempt_with_message(
            request, lambda: consents.give_consent(request.user, by=request.user, shown_text=shown),
            "Спасибо! Согласие записано, отозвать его можно в любой день.",
        )
    return redirect("accounts:me")
