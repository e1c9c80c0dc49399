"""Bodies and their members."""
from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.history import history_of
from projectoffice.common.policy import policy

from ..access import may
from ..forms.bodies import BodyForm, MemberForm, NewMemberForm
from ..models import Body, Membership
from ..services import bodies as verbs
from ..services.people import fingerprint
from .kept import Kept, close_page, edit_page, new_page, open_again
from .person import form_page
from .refusals import attempt, attempt_with_message

KEPT = Kept(
    name="body", form=BodyForm, fields=("name", "genitive", "quorum", "is_main"), back=("/bodies/", "Органы"),
    add=verbs.create_body, change=verbs.save_body, close=verbs.close_body, open=verbs.open_body,
    words={
        "new": "Новый орган", "create": "Внести орган", "created": "Орган внесён. Добавьте его членов.",
        "closed_on": "Упразднён с", "closing": "упразднение", "close": "Записать", "closed": "Записано.",
        "consequence": "С этого дня орган не предлагается для новых планов. Его планы и протоколы остаются.",
        "opened": "Орган снова работает.",
    },
)


def find_body(request, pk):
    return get_object_or_404(Body.objects.visible_to(request.user), pk=pk)


def find_member(request, pk):
    bodies = Body.objects.visible_to(request.user)
    return get_object_or_404(Membership.objects.filter(body__in=bodies).select_related("body", "person"), pk=pk)


@policy("accounts.view_people")
@require_safe
def bodies(request):
    today = timezone.localdate()
    current = (Q(memberships__since__isnull=True) | Q(memberships__since__lte=today)) & (
        Q(memberships__until__isnull=True) | Q(memberships__until__gte=today))
    rows = Body.objects.visible_to(request.user).annotate(members=Count("memberships", current))
    return render(request, "accounts/bodies.html", {
        "rows": rows, "may_manage": may(request.user, "accounts.manage_bodies"),
    })


@policy("accounts.view_people")
@require_safe
def body(request, pk):
    """The members of today in their order, those who were and will be, the history."""
    found = find_body(request, pk)
    members = found.memberships.select_related("person")
    now = [member for member in members if member.is_current()]
    return render(request, "accounts/body.html", {
        "body": found, "members": now, "others": [member for member in members if member not in now],
        "events": history_of(found)[:30], "may_manage": may(request.user, "accounts.manage_bodies"),
    })


@policy("accounts.manage_bodies")
@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request):
    return new_page(request, KEPT)


@policy("accounts.manage_bodies")
@require_http_methods(["GET", "HEAD", "POST"])
def body_edit(request, pk):
    return edit_page(request, KEPT, find_body(request, pk))


@policy("accounts.manage_bodies")
@require_http_methods(["GET", "HEAD", "POST"])
def body_close(request, pk):
    return close_page(request, KEPT, find_body(request, pk))


@policy("accounts.manage_bodies")
@require_POST
def body_open(request, pk):
    return open_again(request, KEPT, find_body(request, pk))


# Members

@policy("accounts.manage_bodies")
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request, pk):
    found = find_body(request, pk)
    form = NewMemberForm(request.POST or None)

    def verb():
        words = dict(form.cleaned_data)
        words.pop("version")
        return verbs.add_member(found, by=request.user, **words)

    if request.method == "POST" and attempt(form, verb):
        messages.success(request, "Член добавлен.")
        return redirect(found)
    return form_page(request, form, f"{found}: новый член", "Добавить в состав", found)


@policy("accounts.manage_bodies")
@require_http_methods(["GET", "HEAD", "POST"])
def member_edit(request, pk):
    member = find_member(request, pk)
    names = verbs.MEMBER_FIELDS
    member.version = fingerprint(member, names)
    form = MemberForm(request.POST or None, initial={name: getattr(member, name) for name in (*names, "version")})
    if request.method == "POST" and attempt(form, lambda: verbs.save_member(
        member, by=request.user, shown=(names, form.cleaned_data["version"]),
        **{name: form.cleaned_data[name] for name in names},
    )):
        messages.success(request, "Сохранено.")
        return redirect(member.body)
    return form_page(request, form, f"{member.person.full_name}: место в составе", "Сохранить",
                     member.body, remove_url="accounts:member_end", remove_pk=member.pk,
                     remove_word="Вывести из состава с сегодняшнего дня")


@policy("accounts.manage_bodies")
@require_POST
def member_end(request, pk):
    member = find_member(request, pk)
    attempt_with_message(request, lambda: verbs.end_membership(member, by=request.user), "Человек выведен из состава.")
    return redirect(member.body)


@policy("accounts.manage_bodies")
@require_POST
def member_move(request, pk):
    """One place up or down; the button says which."""
    member = find_member(request, pk)
    verbs.move_member(member, by=request.user, up="up" in request.POST)
    return redirect(f"{member.body.get_absolute_url()}#member-{member.pk}")
