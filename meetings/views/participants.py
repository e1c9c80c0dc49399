"""The list of participants: the body's members, people of the portal, typed names."""
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from projectoffice.accounts.access import may
from projectoffice.accounts.services.people import fingerprint
from projectoffice.accounts.views.person import form_page
from projectoffice.accounts.views.refusals import attempt
from projectoffice.common.idempotency import once
from projectoffice.common.policy import SIGNED_IN, policy
from projectoffice.common.russian import plural

from ..forms.participants import NewParticipantForm, ParticipantForm
from ..models import Participant
from ..services import participants as verbs
from .agenda import told
from .meeting import confirm, demand, find_meeting, refused_moment


def find_participant(request, pk, participant):
    seen = Participant.objects.visible_to(request.user).filter(meeting=pk)
    return get_object_or_404(seen.select_related("meeting__body", "meeting__plan", "person"), pk=participant)


def to_the_list(meeting):
    return f"{meeting.get_absolute_url()}#participants"


def to_its_tools(meeting, *, gone=False):
    """The list as one is changing it: the next name is one click away."""
    return f"{meeting.get_absolute_url()}?people=edit{'&gone' if gone else ''}#participants"


@policy(SIGNED_IN)
@require_POST
@refused_moment
def participant_take_members(request, pk):
    meeting = find_meeting(request, pk)
    added = []
    if told(request, lambda: added.extend(verbs.take_members(meeting, by=request.user))):
        count = len(added)
        messages.success(request, f"Из состава органа: {count} {plural(count, 'участник,участника,участников')}." if count
                         else "Весь состав органа уже в списке." if meeting.participants.exists()
                         else "На этот день в составе органа никого нет. Внесите членов на странице органа.")
    return redirect(to_the_list(meeting))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def participant_add(request, pk):
    meeting = find_meeting(request, pk)
    demand(meeting, "edit", request.user)
    form = NewParticipantForm(request.POST or None, suggests=may(request.user, "accounts.suggest_people"))

    def add():
        data = form.cleaned_data
        person, name = data["who"]
        verbs.add_participant(meeting, by=request.user, person=person, name=name, post=data["post"], role=data["role"])
        return to_the_list(meeting)

    if request.method == "POST":
        made = attempt(form, lambda: once(request.user, "participant_add", form.cleaned_data["form_key"], add))
        if made:
            return redirect(made)
    return form_page(request, form, "Добавить участника", "Добавить", meeting)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def participant_edit(request, pk, participant):
    found = find_participant(request, pk, participant)
    demand(found.meeting, "edit", request.user)
    names = verbs.FIELDS
    found.version = fingerprint(found, names)
    form = ParticipantForm(request.POST or None, initial={name: getattr(found, name) for name in (*names, "version")})
    if request.method == "POST" and attempt(form, lambda: verbs.save_participant(
        found, by=request.user, shown=(names, form.cleaned_data["version"]),
        **{name: form.cleaned_data[name] for name in names},
    )):
        messages.success(request, "Сохранено.")
        return redirect(to_its_tools(found.meeting))
    return form_page(request, form, f"{found.name}: участие", "Сохранить", (to_its_tools(found.meeting), str(found.meeting)))


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@refused_moment
def participant_remove(request, pk, participant):
    """Off the list; who was invited is told, so that asks once."""
    found = find_participant(request, pk, participant)
    demand(found.meeting, "edit", request.user)
    if request.method != "POST":
        return confirm(request, found.meeting, f"Убрать из участников: {found.name}?", "Убрать из участников", (
            "Уйдёт письмо: участие больше не требуется, событие исчезнет из календаря." if found.told else "Письма не будет."))
    gone = []
    if not told(request, lambda: gone.append(verbs.remove_participant(found, by=request.user))):
        return redirect(to_its_tools(found.meeting))
    request.session["removed_participant"] = gone[0] | {"meeting": found.meeting_id}
    return redirect(to_its_tools(found.meeting, gone=True))


@policy(SIGNED_IN)
@require_POST
@refused_moment
def participant_return(request, pk):
    """Undo the last removal this person made."""
    meeting = find_meeting(request, pk)
    demand(meeting, "edit", request.user)
    was = request.session.get("removed_participant")
    if not was or was["meeting"] != meeting.pk:
        messages.info(request, "Возвращать некого.")
        return redirect(to_its_tools(meeting))
    if told(request, lambda: verbs.return_participant(meeting, was, by=request.user)):
        del request.session["removed_participant"]
    return redirect(to_its_tools(meeting))
