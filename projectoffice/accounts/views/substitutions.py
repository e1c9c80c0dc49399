"""Substitution («и.о.»): list, new, change, end."""
from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.idempotency import once
from projectoffice.common.policy import policy

from ..access import may
from ..forms.bodies import SubstitutionForm
from ..models import Substitution, User
from ..services import substitutions as verbs
from ..services.people import fingerprint
from .people import page_of
from .person import form_page
from .refusals import attempt, attempt_with_message

LIST = ("/substitutions/", "Замещения")


def visible(user):
    people = User.objects.visible_to(user)
    return Substitution.objects.filter(Q(absent__in=people) | Q(acting__in=people)).select_related("absent", "acting")


@policy("accounts.view_people")
@require_safe
def substitutions(request):
    today = timezone.localdate()
    page = page_of(request, visible(request.user).order_by("-until", "-pk"))
    for row in page:
        row.badge = look_of(row, today)
    return render(request, "accounts/substitutions.html", {
        "page": page, "today": today, "may_manage": may(request.user, "accounts.manage_substitutions"),
    })


def look_of(row, today):
    if row.is_over:
        return "closed", "Закончено"
    return ("progress", "Идёт") if row.since <= today else ("neutral", "Предстоит")


@policy("accounts.manage_substitutions")
@require_http_methods(["GET", "HEAD", "POST"])
def substitution_new(request):
    form = SubstitutionForm(request.POST or None, initial={"absent": absent_of(request)})

    def verb():
        fields = {name: form.cleaned_data[name] for name in verbs.FIELDS}
        return once(request.user, "substitution_new", form.cleaned_data["key"],
                    lambda: verbs.create_substitution(by=request.user, **fields) and "/substitutions/")

    address = attempt(form, verb) if request.method == "POST" else None
    if address:
        messages.success(request, "Замещение оформлено.")
        return redirect(address)
    return form_page(request, form, "Новое замещение", "Оформить замещение", LIST,
                     words="В эти дни замещающий решает и подписывает за отсутствующего; в документе печатается его "
                           "имя и должность «И.о. …».")


def absent_of(request):
    """The person whose card the button stood on."""
    asked = request.GET.get("absent", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return User.objects.visible_to(request.user).filter(pk=int(asked)).first()
    return None


def find_substitution(request, pk):
    return get_object_or_404(visible(request.user), pk=pk)


@policy("accounts.manage_substitutions")
@require_http_methods(["GET", "HEAD", "POST"])
def substitution_edit(request, pk):
    found = find_substitution(request, pk)
    names = verbs.FIELDS
    found.version = fingerprint(found, names)
    form = SubstitutionForm(request.POST or None, initial={name: getattr(found, name) for name in (*names, "version")})
    if request.method == "POST" and attempt(form, lambda: verbs.save_substitution(
        found, by=request.user, shown=(names, form.cleaned_data["version"]),
        **{name: form.cleaned_data[name] for name in names},
    )):
        messages.success(request, "Сохранено.")
        return redirect("accounts:substitutions")
    return form_page(request, form, "Замещение", "Сохранить", LIST)


@policy("accounts.manage_substitutions")
@require_POST
def substitution_end(request, pk):
    found = find_substitution(request, pk)
    attempt_with_message(request, lambda: verbs.end_substitution(found, by=request.user), "Замещение закончено.")
    return redirect("accounts:substitutions")
