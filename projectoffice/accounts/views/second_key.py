"""Setting up the second key, spare codes, taking it away."""
from base64 import b32encode

import segno
from django.contrib import auth, messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as pass_second_key
from django_otp.plugins.otp_totp.models import TOTPDevice

from projectoffice.common.policy import SIGNED_IN, policy

from ..forms.login import CodeForm, OwnPasswordForm
from ..models import User
from ..second_key import DUE, before_second_key, is_due, is_required_of, key_of
from ..services import second_key as keys
from .login import way_on
from .refusals import attempt, attempt_with_message


@policy(SIGNED_IN)
@before_second_key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_key_setup(request):
    """What the second key is, the drawing for the phone's application, the first code."""
    person = request.user
    if key_of(person):
        return redirect("accounts:second_key" if is_due(request) else "accounts:me")
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: keys.confirm_second_key(person, code=form.cleaned_data["code"]))
        if done and done[0]:
            return show_codes(request, *done)
        if done:
            form.add_error("code", done[1])
    required = is_required_of(person, request.office)
    return render(request, "accounts/second_key_setup.html", {
        "form": form, "device": device, "required": required, "next": way_on(request), **drawing(device),
    })


def drawing(device):
    """The QR as an inline picture of our own making, and the same key to be typed."""
    if device is None:
        return {}
    key = b32encode(device.bin_key).decode().rstrip("=")
    return {
        "qr": segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4),
        "key": " ".join(key[start:start + 4] for start in range(0, len(key), 4)),
    }


def show_codes(request, device, codes):
    """The spare codes are on the screen once: they are the answer to the very POST that made them."""
    person = User.objects.get(pk=request.user.pk)
    person.backend = request.session[auth.BACKEND_SESSION_KEY]
    auth.update_session_auth_hash(request, person)
    request.session.pop(DUE, None)
    if device:
        pass_second_key(request, device)
    return render(request, "accounts/spare_codes.html", {"codes": codes, "next": way_on(request)})


@policy(SIGNED_IN)
@before_second_key
@require_POST
def second_key_begin(request):
    attempt_with_message(request, lambda: keys.begin_second_key(request.user), "Отсканируйте рисунок телефоном.")
    return redirect(f"{request.resolver_match.namespace}:second_key_setup")


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def spare_codes(request):
    """New spare codes; the password is asked, because they open the door."""
    form = OwnPasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        codes = attempt(form, lambda: keys.renew_spare_codes(request.user))
        if codes:
            return show_codes(request, None, codes)
    return render(request, "accounts/confirm_with_password.html", {
        "form": form, "question": "Выдать новые запасные коды?", "yes": "Выдать коды",
        "consequence": "Прежние запасные коды перестанут работать.",
    })


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_key_remove(request):
    """Take one's own second key away."""
    if is_required_of(request.user, request.office):
        messages.error(request, "Для вашей роли второй ключ обязателен. Сменить телефон поможет администратор.")
        return redirect("accounts:me")
    form = OwnPasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and attempt(form, lambda: keys.remove_second_key(request.user, by=request.user)):
        person = User.objects.get(pk=request.user.pk)
        auth.update_session_auth_hash(request, person)
        messages.success(request, "Второй ключ отключён.")
        return redirect("accounts:me")
    return render(request, "accounts/confirm_with_password.html", {
        "form": form, "question": "Отключить второй ключ?", "yes": "Отключить",
        "consequence": "Для входа будет достаточно пароля или ссылки из письма.",
    })
