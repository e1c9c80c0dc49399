import rules
from django.db.models import Q

from projectoffice.accounts.access import is_head, is_office, may
from projectoffice.documents.models import Document
from projectoffice.documents.route import deciding_for

from .models import Assignment, Meeting, Participant

_PAPERS = {
    "protocol": lambda document: document.protocol.meeting,
    "protocol_extract": lambda document: document.protocol_extract.protocol.meeting,
    "meeting_brief": lambda document: document.meeting_brief.meeting,
}


def meeting_of(obj):
    """The meeting a right is asked about: itself, or the one its paper tells of; None for the question in general."""
    if isinstance(obj, Document):
        return _PAPERS[obj.kind](obj) if obj.kind in _PAPERS else None
    return obj if isinstance(obj, Meeting) else None


def papers_changed_by(user, meeting):
    """The papers whose ``meeting`` (the way from a document) makes this person change them: the same right as a Q."""
    if may(user, "meetings.change_paper"):
        return Q()
    kept = Participant.objects.filter(role=Participant.Role.SECRETARY, person__in=deciding_for(user))
    return Q(**{f"{meeting}__in": kept.values("meeting")})


def leads_as(role):
    """A predicate: the user holds this role at the meeting, oneself or acting for who does."""

    @rules.predicate(name=f"leads_as({role})")
    def check(user, obj):
        meeting = meeting_of(obj)
        return meeting is not None and meeting.participants.filter(role=role, person__in=deciding_for(user)).exists()

    return check


is_secretary_of = leads_as(Participant.Role.SECRETARY)
is_chair_of = leads_as(Participant.Role.CHAIR)


@rules.predicate
def executes(user, assignment):
    """Answers for the assignment: executor, co-executor, or of an institution on its tick list."""
    if not isinstance(assignment, Assignment):
        return False
    own = deciding_for(user)
    return (
        assignment.executor_id in own
        or assignment.co_executors.filter(pk__in=own).exists()
        or assignment.ticks.filter(institution__posts__in=user.posts.current()).exists()
    )


@rules.predicate
def controls(user, assignment):
    return isinstance(assignment, Assignment) and assignment.controller_id in deciding_for(user)


rules.add_perm("meetings.change_plan", is_office)
rules.add_perm("meetings.change_calendar", is_office)
rules.add_perm("meetings.create_meeting", is_office)
rules.add_perm("meetings.change_meeting", is_office | is_secretary_of)
rules.add_perm("meetings.change_paper", is_office | is_secretary_of)
rules.add_perm("meetings.remark_protocol", is_chair_of)
rules.add_perm("meetings.mark_plan", is_office)
rules.add_perm("meetings.see_fulfilment", is_office | is_head)
rules.add_perm("meetings.give_assignment", is_office)
rules.add_perm("meetings.report_assignment", is_office | executes)
rules.add_perm("meetings.control_assignment", is_office | controls)
rules.add_perm("meetings.see_discipline", is_office | is_head)
