"""People: list, card, new, edit, suggestions."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from projectoffice.common.history import history_of
from projectoffice.common.idempotency import once
from projectoffice.common.policy import policy
from projectoffice.common.text import showable

from ..access import may
from ..forms.fields import label_of, labelled_people
from ..forms.people import PeopleFilter, PersonForm, PersonNewForm
from ..models import Substitution, User
from ..reading import badge_of, filtered, with_invitation, with_row
from ..second_key import key_of
from ..services import people as verbs
from ..services.login import may_act_on
from .refusals import attempt

PAGE = 50
FIRST_SUGGESTION = 3  # letters
SUGGESTIONS = 10


def page_of(request, rows):
    """One page of a list; a page number that is none is the first."""
    return Paginator(rows, PAGE).get_page(request.GET.get("page") if request.GET.get("page", "").isascii() else 1)


def read_filter(form):
    """What the filter understood; the rest counts as not chosen."""
    form.is_valid()
    return {name: form.cleaned_data.get(name) for name in form.fields}


@policy("accounts.view_people")
@require_safe
def people(request):
    form = PeopleFilter(request.GET)
    words = read_filter(form)
    found = filtered(User.objects.visible_to(request.user), words)
    page = page_of(request, with_row(found.in_order()))
    for person in page:
        person.badge = badge_of(person)
    return render(request, "accounts/people.html", {
        "form": form, "page": page, "narrowed": any(words.values()),
        "may_manage": may(request.user, "accounts.manage_people"),
    })


@policy("accounts.suggest_people")
@require_safe
def people_suggest(request):
    """Options of a datalist for what is typed; the parameter's name is that of whatever field asks."""
    typed = showable(request.GET.get("q") or next(iter(request.GET.values()), ""))[:100].strip()
    if len(typed) < FIRST_SUGGESTION:
        return render(request, "accounts/_suggestions.html", {"rows": []})
    found = User.objects.visible_to(request.user).active().found_by(typed.split(",")[0]).in_order()
    rows = [(person, label_of(person)) for person in labelled_people(found)[:SUGGESTIONS]]
    return render(request, "accounts/_suggestions.html", {"rows": rows})


def find_person(request, pk):
    return get_object_or_404(with_invitation(User.objects.visible_to(request.user)), pk=pk)


@policy("accounts.view_people")
@require_safe
def person(request, pk):
    """The card: posts, memberships, roles, consents, substitutions, history."""
    found = find_person(request, pk)
    found.badge = badge_of(found)
    return render(request, "accounts/person.html", {
        "person": found,
        "posts": found.posts.select_related("institution").order_by("-until", "-since"),
        "memberships": found.memberships.select_related("body").order_by("-until", "body__name"),
        "assignments": found.role_assignments.order_by("role", "since"),
        "consents": found.consents.select_related("recorded_by", "scan"),
        "substitutions": Substitution.objects.filter(Q(absent=found) | Q(acting=found))
        .select_related("absent", "acting")[:10],
        "events": history_of(found)[:30],
        "has_key": key_of(found) is not None,
        "may_manage": may(request.user, "accounts.manage_people"),
        "may_give_roles": may(request.user, "accounts.manage_roles"),
        "may_reach": may_act_on(request.user, found),
        "may_hand_over": may(request.user, "accounts.hand_over"),
        "today": timezone.localdate(),
    })


@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request):
    """A new person; somebody alike is shown before a double is made."""
    form = PersonNewForm(request.POST or None)
    doubles = []
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        key, knows = words.pop("key"), words.pop("knows_doubles")
        doubles = [] if knows else form.doubles()
        if doubles:
            form.add_error(None, "Похоже, этот человек уже есть в списке. Проверьте.")
        else:
            address = attempt(form, lambda: once(
                request.user, "person_new", key,
                lambda: verbs.create_person(by=request.user, **words).get_absolute_url(),
            ))
            if address:
                messages.success(request, "Человек внесён в список.")
                return redirect(address)
    return render(request, "accounts/person_new.html", {
        "form": form, "doubles": [(double, label_of(double)) for double in doubles],
    })


@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_edit(request, pk):
    found = find_person(request, pk)
    names = ("surname", "given_name", "patronymic", "email", "phone", "version")
    form = PersonForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if not may_act_on(request.user, found):
        form.fields["email"].disabled = True
        form.fields["email"].help_text = "Почту руководителя меняет администратор или сам руководитель"
    if request.method == "POST" and attempt(form, lambda: verbs.save_person(found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Сохранено.")
        return redirect(found)
    return render(request, "accounts/form.html", {
        "form": form, "heading": f"{found.full_name}: изменить", "verb": "Сохранить", "back": found.get_absolute_url(), "back_title": found,
    })
