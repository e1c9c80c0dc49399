"""Ways in and out: password, mailed link, invitation, second key."""
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib import auth, messages
from django.db.models import Max
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as pass_second_key

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.policy import PUBLIC, SIGNED_IN, policy

from ..backends import name_that_locks
from ..forms.login import CodeForm, InvitationForm, LoginForm, LoginLinkForm
from ..second_key import DUE, before_second_key, key_of
from ..services import login as ways
from ..services import second_key as keys
from .refusals import attempt

BY_LINK = "login_by_link"  # in the session: when; for a while the password may be set anew without the old one
BACKEND = "projectoffice.accounts.backends.LoginOrEmailBackend"


def way_on(request):
    """Where to go after logging in: the page asked for, when it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else reverse(settings.LOGIN_REDIRECT_URL)


def let_in(request, person):
    """Begin a session under a new key; who has a second key must show it first."""
    auth.login(request, person, backend=BACKEND)
    if key_of(person):
        request.session[DUE] = True


def came_by_link(request):
    """Whether this session began with a mailed link a short while ago."""
    return timezone.now().timestamp() - request.session.get(BY_LINK, 0) < ways.LINK_LIFE.total_seconds()


@policy(PUBLIC)
@before_second_key
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request):
    """Login name or e-mail with a password."""
    if request.user.is_authenticated:
        return redirect(way_on(request))
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["username"]
        person = auth.authenticate(request, username=typed, password=form.cleaned_data["password"])
        if person:
            let_in(request, person)
            forget_failures(username=name_that_locks(request), ip=request.axes_ip_address)
            return redirect(way_on(request))
        form.add_error(None, "Логин или пароль не подошли. Проверьте раскладку и заглавные буквы "
                             "или войдите по ссылке из письма.")
    return render(request, "accounts/login.html", {"form": form, "next": way_on(request)})


def locked_out(request, response=None, credentials=None):
    """The answer while name and address are locked: until when, and whom to call. Settings name this function."""
    last = AccessAttempt.objects.filter(
        username=name_that_locks(request, credentials), ip_address=request.axes_ip_address
    ).aggregate(last=Max("attempt_time"))["last"]
    ends = (last or timezone.now()) + get_cool_off(request)
    return render(request, "accounts/locked_out.html", {"ends": ends}, status=429)


@policy(PUBLIC)
@before_second_key
@require_POST
def logout(request):
    auth.logout(request)
    messages.success(request, "Вы вышли.")
    return redirect(settings.LOGOUT_REDIRECT_URL)


@policy(PUBLIC)
@before_second_key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_link(request):
    """Ask for a one-time link; the answer is the same for every address."""
    form = LoginLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        ways.mail_login_links(form.cleaned_data["email"])
        return render(request, "accounts/login_link_sent.html", {"email": form.cleaned_data["email"]})
    return render(request, "accounts/login_link.html", {"form": form})


@policy(PUBLIC)
@before_second_key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_link_use(request, token):
    """Opening the letter's link shows a button; only the button burns it, so that mail scanners do not."""
    if request.method == "POST":
        try:
            person = ways.use_login_link(token)
        except TransitionNotAllowed:
            return render(request, "accounts/link_outdated.html", status=410)
        let_in(request, person)
        request.session[BY_LINK] = timezone.now().timestamp()
        return redirect(settings.LOGIN_REDIRECT_URL)
    link = ways.find_link(token)
    if link is None:
        return render(request, "accounts/link_outdated.html", status=410)
    return render(request, "accounts/login_link_use.html", {"person": link.person})


@policy(PUBLIC)
@before_second_key
@never_cache
@sensitive_post_parameters("new_password", "repeated")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """The invited person chooses a login and a password."""
    found = ways.find_invitation(token)
    if found is None:
        return render(request, "accounts/link_outdated.html", {"invited": True}, status=410)
    form = InvitationForm(request.POST or None, person=found.person, initial={"username": found.person.username})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        person = attempt(form, lambda: ways.accept_invitation(
            token, username=words["username"], password=words["new_password"]
        ))
        if person:
            let_in(request, person)
            messages.success(request, "Всё готово. В следующий раз входите с этим логином и паролем.")
            return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "accounts/invitation.html", {"form": form, "person": found.person})


@policy(SIGNED_IN)
@before_second_key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_key(request):
    """Enter the second key, once per session; who must have one and has none is led to the set-up."""
    if not key_of(request.user):
        return redirect(f"{reverse('accounts:second_key_setup')}?{request.GET.urlencode()}".rstrip("?"))
    if request.user.is_verified():
        return redirect(way_on(request))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device, refusal = keys.enter_second_key(request.user, code=form.cleaned_data["code"])
        if device:
            request.session.pop(DUE, None)
            request.session.cycle_key()
            pass_second_key(request, device)
            return redirect(way_on(request))
        form.add_error("code", refusal)
    return render(request, "accounts/second_key.html", {"form": form, "next": way_on(request)})
