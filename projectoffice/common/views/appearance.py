"""«Версия для слабовидящих»: an ordinary form, no script, for visitors as well."""
from django import forms
from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from projectoffice.common.appearance import COOKIE, COOKIE_AGE, IMAGES, SCHEMES, SIZES, Appearance
from projectoffice.common.policy import PUBLIC, policy


class AppearanceForm(forms.Form):
    size = forms.ChoiceField(label="Размер текста", choices=list(SIZES.items()), widget=forms.RadioSelect)
    scheme = forms.ChoiceField(label="Цвета", choices=list(SCHEMES.items()), widget=forms.RadioSelect)
    images = forms.ChoiceField(label="Картинки", choices=list(IMAGES.items()), widget=forms.RadioSelect)


@policy(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request):
    """Show the three questions, or keep the answers in a cookie and go back to the page left for this."""
    back = _way_back(request)
    if request.method == "POST":
        if "reset" in request.POST:
            return _with_cookie(redirect(back), Appearance())
        form = AppearanceForm(request.POST)
        if form.is_valid():
            return _with_cookie(redirect(back), Appearance(**form.cleaned_data))
    else:
        now = Appearance.read(request)
        form = AppearanceForm(initial={"size": now.size, "scheme": now.scheme, "images": now.images})
    return render(request, "common/appearance.html", {"form": form, "back": back})


def _way_back(request):
    """The page the reader came from, if it is ours; otherwise the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else "/"


def _with_cookie(response, wanted):
    if wanted.is_special:
        response.set_cookie(
            COOKIE, wanted.cookie, max_age=COOKIE_AGE, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
