"""Institutions: list, card, new, edit, closing."""
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.history import history_of
from projectoffice.common.policy import SIGNED_IN, policy

from ..access import may
from ..forms.fields import options_of
from ..forms.institutions import InstitutionFilter, InstitutionForm
from ..models import Institution, Post, User
from ..reading import badge_of, with_row
from ..services import institutions as verbs
from .kept import Kept, close_page, edit_page, new_page, open_again
from .people import page_of, read_filter

KEPT = Kept(
    name="institution", form=InstitutionForm, back=("/institutions/", "Учреждения"),
    fields=("legal_form", "kind", "number", "own_name", "full_name", "email", "phone", "address"),
    add=verbs.create_institution, change=verbs.save_institution, close=verbs.close_institution, open=verbs.open_institution,
    words={
        "new": "Новое учреждение", "create": "Внести учреждение", "created": "Учреждение внесено.",
        "closed_on": "Закрыто с", "closing": "закрытие", "close": "Записать закрытие", "closed": "Закрытие записано.",
        "consequence": "С этого дня учреждение не предлагается в списках. Его люди и документы остаются.",
        "opened": "Учреждение снова работает.",
    },
)


@policy("accounts.view_people")
@require_safe
def institutions(request):
    seen = Institution.objects.visible_to(request.user)
    kinds = seen.exclude(kind="").order_by("kind").values_list("kind", flat=True).distinct()
    form = InstitutionFilter(request.GET, kinds=list(kinds))
    words = read_filter(form)
    page = page_of(request, filtered(seen, words).annotate(people=Count("posts", current_posts(), distinct=True))
                   .order_by(*Institution._meta.ordering, "pk"))
    return render(request, "accounts/institutions.html", {
        "form": form, "page": page, "narrowed": any(words.values()),
        "may_manage": may(request.user, "accounts.manage_institutions"),
    })


@policy(SIGNED_IN)
@require_safe
def institution_names(request):
    """Options of a datalist: every institution that works, as lists write it. The browser narrows them while one types.

    A field asks whenever one comes to it, so that a lost connection is made good; a minute long the browser answers itself.
    """
    answer = HttpResponse(options_of(Institution.objects.visible_to(request.user).open().names()))
    patch_cache_control(answer, private=True, max_age=60)
    return answer


def current_posts():
    today = timezone.localdate()
    return Q(posts__until__isnull=True) | Q(posts__until__gte=today)


def filtered(rows, words):
    today = timezone.localdate()
    if words.get("closed") == "yes":
        rows = rows.filter(closed_on__lte=today)
    elif words.get("closed") != "all":
        rows = rows.open()
    if words.get("kind"):
        rows = rows.filter(kind=words["kind"])
    for word in (words.get("q") or "").replace("№", " ").replace("«", " ").replace("»", " ").split()[:6]:
        found = Q(kind__icontains=word) | Q(own_name__icontains=word) | Q(full_name__icontains=word)
        found |= Q(legal_form__istartswith=word) | Q(email__istartswith=word)
        if word.isdecimal() and len(word) < 6:
            found |= Q(number=int(word))
        rows = rows.filter(found)
    return rows


def find_institution(request, pk):
    return get_object_or_404(Institution.objects.visible_to(request.user), pk=pk)


@policy("accounts.view_people")
@require_safe
def institution(request, pk):
    """The card: contacts and the people of today."""
    found = find_institution(request, pk)
    here = Post.objects.current().filter(institution=found, person=OuterRef("pk"))
    page = page_of(request, with_row(User.objects.visible_to(request.user).filter(Exists(here)).in_order()))
    for person in page:
        person.badge = badge_of(person)
        person.posts_here = [post for post in person.posts_today if post.institution_id == found.pk]
    return render(request, "accounts/institution.html", {
        "institution": found, "page": page, "events": history_of(found)[:30],
        "may_manage": may(request.user, "accounts.manage_institutions"),
    })


@policy("accounts.manage_institutions")
@require_http_methods(["GET", "HEAD", "POST"])
def institution_new(request):
    return new_page(request, KEPT)


@policy("accounts.manage_institutions")
@require_http_methods(["GET", "HEAD", "POST"])
def institution_edit(request, pk):
    return edit_page(request, KEPT, find_institution(request, pk))


@policy("accounts.manage_institutions")
@require_http_methods(["GET", "HEAD", "POST"])
def institution_close(request, pk):
    return close_page(request, KEPT, find_institution(request, pk))


@policy("accounts.manage_institutions")
@require_POST
def institution_open(request, pk):
    return open_again(request, KEPT, find_institution(request, pk))
