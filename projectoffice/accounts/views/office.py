"""The office's profile and its emblem."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import history_of
from projectoffice.common.policy import PUBLIC, policy
from projectoffice.common.uploads import send_file

from ..forms.office import STAMP_KINDS, DefaultStampFormSet, OfficeProfileForm, stamps_of
from ..models import OfficeProfile
from ..second_key import before_second_key
from ..services import office as verbs
from ..services.consent import DEFAULT_TEXT
from .refusals import attempt

FIELDS = ("city", "department", "name", "phone", "hours", "email", "time_zone", "zone_name", "attendance_limit", "consent_text",
          "totp_required", "version")
STAMP_FIELDS = ("kind", "side", "style", "step", "post", "name", "method")


@policy("accounts.manage_profile")
@require_http_methods(["GET", "HEAD", "POST"])
def office(request):
    profile = OfficeProfile.load()
    initial = {name: getattr(profile, name) for name in FIELDS}
    initial["consent_text"] = profile.consent_text or DEFAULT_TEXT
    form = OfficeProfileForm(request.POST or None, request.FILES or None, initial=initial)
    stamps = (
        DefaultStampFormSet(request.POST, prefix="stamps") if request.method == "POST"
        else DefaultStampFormSet(initial=[as_initial(stamp) for stamp in profile.default_stamps], prefix="stamps")
    )

    def verb():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "no_emblem"}
        try:
            return verbs.save_profile(by=request.user, default_stamps=stamps_of(stamps),
                                      no_emblem=form.cleaned_data["no_emblem"], **fields)
        except StaleVersion as error:
            show_stored_stamps(form, stamps_of(stamps), error.current.default_stamps)
            raise

    if request.method == "POST" and stamps.is_valid() and attempt(form, verb):
        messages.success(request, "Сохранено.")
        return redirect("accounts:office")
    return render(request, "accounts/office.html", {
        "form": form, "stamps": stamps, "profile": profile,
        "events": history_of(profile)[:20] if profile.pk else [],
    })


def show_stored_stamps(form, typed, stored):
    """The other person's stamps in words: saving again puts the typed ones in their place."""
    if typed != stored:
        kinds = dict(STAMP_KINDS)
        words = "; ".join(f"«{kinds.get(stamp['kind'], '')}» – {stamp.get('name', '')}" for stamp in stored) or "ни одного"
        form.add_error(None, f"Грифы, которые записаны сейчас: {words}. В полях – ваши.")


def as_initial(stamp):
    return {name: stamp.get(name) for name in STAMP_FIELDS} | {"signer": stamp.get("signer_id")}


@policy(PUBLIC)
@before_second_key
@require_safe
def emblem(request):
    """The emblem in the header, for everybody."""
    stored = request.office.emblem
    if stored is None:
        raise Http404
    response = send_file(stored, inline=True)
    response["Cache-Control"] = "public, max-age=3600"
    return response
