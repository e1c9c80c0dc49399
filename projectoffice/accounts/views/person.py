"""What is done from a person's card: invitation, access, posts, roles, paper consent, second key, handover."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projectoffice.common.idempotency import once
from projectoffice.common.policy import policy
from projectoffice.common.uploads import SCANS, CheckedFileField, send_file, store_upload

from .. import handover as registry
from ..forms.people import CloseForm, HandoverForm, PaperConsentForm, PostForm, RoleForm
from ..models import Consent, Post, RoleAssignment, User
from ..services import consent as consents
from ..services import login as ways
from ..services import people as verbs
from ..services import second_key as keys
from ..services.handover import hand_over
from .people import find_person
from .refusals import attempt, attempt_with_message

POST_FIELDS = ("title", "institution", "since", "until")


def form_page(request, form, heading, verb, back, template="accounts/form.html", **more):
    """A page of one form, drawn by the common template or by one that extends it. ``back`` is the object whose page it belongs to, an address with its title, or an address."""
    url, title = way_back(back)
    return render(request, template, {
        "form": form, "heading": heading, "verb": verb, "back": url, "back_title": title, **more,
    })


def way_back(back):
    """Where a form leads when one thinks again, and what that page is called."""
    if isinstance(back, tuple):
        return back
    return (back, "Назад") if isinstance(back, str) else (back.get_absolute_url(), str(back))


@policy("accounts.manage_people")
@require_POST
def person_invite(request, pk):
    found = find_person(request, pk)
    attempt_with_message(request, lambda: ways.invite(found, by=request.user),
                         f"Приглашение на {found.email} поставлено в очередь писем. Оно действует 7 дней.")
    return redirect(found)


@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_close(request, pk):
    """Close the way in; the page says what stays."""
    found = find_person(request, pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and attempt(form, lambda: verbs.close_access(found, by=request.user, left_on=form.cleaned_data["left_on"])):
        messages.success(request, "Доступ закрыт. Все входы этого человека прекращены.")
        return redirect(found)
    return form_page(
        request, form, f"{found.full_name}: закрыть доступ", "Закрыть доступ", found,
        words="Войти будет нельзя, открытые на других устройствах страницы перестанут работать. Подписи и записи "
              "этого человека остаются. Незаконченные дела сначала передайте.",
    )


@policy("accounts.manage_people")
@require_POST
def person_open(request, pk):
    found = find_person(request, pk)
    attempt_with_message(request, lambda: verbs.open_access(found, by=request.user), "Доступ открыт.")
    return redirect(found)


@policy("accounts.manage_roles")
@require_POST
def person_key_remove(request, pk):
    """The phone is lost: an administrator takes the second key away."""
    found = find_person(request, pk)
    attempt_with_message(request, lambda: keys.remove_second_key(found, by=request.user),
                         "Второй ключ снят. Человек подключит новый при следующем входе.")
    return redirect(found)


# Posts

@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request, pk):
    found = find_person(request, pk)
    form = PostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in POST_FIELDS}
        if attempt(form, lambda: verbs.add_post(found, by=request.user, **fields)):
            messages.success(request, "Должность добавлена.")
            return redirect(found)
    return form_page(request, form, f"{found.full_name}: новая должность", "Добавить должность", found)


def find_post(request, pk):
    return get_object_or_404(
        Post.objects.filter(person__in=User.objects.visible_to(request.user)).select_related("person", "institution"), pk=pk
    )


@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request, pk):
    post = find_post(request, pk)
    shown = verbs.fingerprint(post, POST_FIELDS)
    initial = {name: getattr(post, name) for name in POST_FIELDS} | {"version": shown}
    form = PostForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in POST_FIELDS}
        post.version = shown
        if attempt(form, lambda: verbs.save_post(
            post, by=request.user, shown=(POST_FIELDS, form.cleaned_data["version"]), **fields
        )):
            messages.success(request, "Должность сохранена.")
            return redirect(post.person)
    return form_page(request, form, f"{post.person.full_name}: должность", "Сохранить",
                     post.person, remove_url="accounts:post_remove", remove_pk=post.pk,
                     remove_word="Удалить: внесена по ошибке")


@policy("accounts.manage_people")
@require_POST
def post_remove(request, pk):
    post = find_post(request, pk)
    attempt_with_message(request, lambda: verbs.remove_post(post, by=request.user), "Должность удалена.")
    return redirect(post.person)


# Roles

@policy("accounts.manage_roles")
@require_http_methods(["GET", "HEAD", "POST"])
def role_give(request, pk):
    found = find_person(request, pk)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: verbs.give_role(found, by=request.user, **form.cleaned_data)):
        messages.success(request, "Роль дана.")
        return redirect(found)
    return form_page(request, form, f"{found.full_name}: новая роль", "Дать роль", found,
                     words="Роль действует на всём портале. Пустые даты – без срока.")


@policy("accounts.manage_roles")
@require_POST
def role_end(request, pk):
    assignment = get_object_or_404(RoleAssignment.objects.select_related("person"), pk=pk)
    attempt_with_message(request, lambda: verbs.end_role(assignment, by=request.user), "Роль снята.")
    return redirect(assignment.person)


# Consent on paper

class ScannedConsentForm(PaperConsentForm):
    scan = CheckedFileField(label="Скан согласия", required=False, allowed=SCANS)


@policy("accounts.manage_people")
@require_http_methods(["GET", "HEAD", "POST"])
def person_consent(request, pk):
    """Record a consent given on paper."""
    found = find_person(request, pk)
    form = ScannedConsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        def verb():
            scan = form.cleaned_data["scan"]
            stored = store_upload(scan, by=request.user, allowed=SCANS) if scan else None
            return consents.record_consent(found, by=request.user, given_on=form.cleaned_data["given_on"], scan=stored)

        if attempt(form, verb):
            messages.success(request, "Согласие записано.")
            return redirect(found)
    return form_page(request, form, f"{found.full_name}: согласие на бумаге", "Записать согласие",
                     found, words=consents.consent_text(), multipart=True)


@policy("accounts.manage_people")
@require_POST
def person_consent_revoke(request, pk):
    found = find_person(request, pk)
    attempt_with_message(request, lambda: consents.revoke_consent(found, by=request.user), "Отзыв согласия записан.")
    return redirect(found)


@policy("accounts.manage_people")
@require_safe
def consent_scan(request, pk):
    """The scan of a paper consent, for those who keep the people."""
    found = get_object_or_404(Consent.objects.select_related("scan"), pk=pk, scan__isnull=False,
                              person__in=User.objects.visible_to(request.user))
    return send_file(found.scan)


# Handover

@policy("accounts.hand_over")
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request, pk):
    """«Передать дела»: what there is, to whom, then all of it in one step."""
    found = find_person(request, pk)
    form = HandoverForm(request.POST or None, person=found)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        done = attempt(form, lambda: once(request.user, "handover", words["key"], lambda: hand_over(
            found, words["successor"], by=request.user, left_on=words["left_on"]
        )))
        if done:
            messages.success(request, f"Дела переданы: {words['successor']} – {done}")
            return redirect(found)
    return render(request, "accounts/handover.html", {
        "form": form, "person": found, "shares": registry.open_work(found),
    })
