"""The brief of a meeting («оргпроект встречи»): what it tells the route, the printer and the register."""
from django.db.models import Exists, OuterRef, Q

from projectoffice.accounts.access import may
from projectoffice.accounts.models import User
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.reading import READS_WORKING, asked_to_sign
from projectoffice.documents.route import deciding_for

from ..meeting.brief_fields import FIELDS, LEADS, printed, stored
from ..models import Meeting, MeetingBrief, Participant
from ..rules import papers_changed_by

NEEDED = {
    "goal": "Впишите цель встречи.",
    "plan": "Впишите план встречи.",
    "when": "Впишите дату и время встречи.",
    "place": "Впишите место встречи.",
}


def brief_of(document):
    return MeetingBrief.objects.select_related("document", "meeting").get(document=document)


def brief_content(document):
    """The fields one after another, each with its bold word; what was left empty is not printed."""
    brief = brief_of(document)
    sections = [
        {"uid": field, "kind": "text", "title": "", "lead": lead, "lines": printed(brief, field)}
        for field, lead in LEADS.items() if getattr(brief, field)
    ]
    return {"head": {"title": brief.title.split("\n")}, "columns": [], "sections": sections}


def brief_problems(document):
    brief = brief_of(document)
    return [Problem(sentence, f"id_{field}") for field, sentence in NEEDED.items() if not getattr(brief, field)]


def readable(user):
    """The office reads every brief, who leads the meeting its own; everybody who may know of the meeting what is in force."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if may(user, READS_WORKING):
        return Q()
    known = MeetingBrief.objects.filter(document=OuterRef("pk"), meeting__in=Meeting.objects.visible_to(user))
    return Exists(led_by(user)) | Q(in_force__isnull=False) & Exists(known) | asked_to_sign(user)


def led_by(user):
    """Leaders of the meeting a brief is about that are this user, or somebody the user acts for."""
    return Participant.objects.leading().filter(meeting__brief__document=OuterRef("pk"), person__in=deciding_for(user))


def reads_working(user, document):
    """The chair and the secretary read the draft of their own meeting."""
    return Participant.objects.leading().filter(
        meeting__brief__document=document, person__in=deciding_for(user)
    ).exists()


def restore(document, snapshot):
    """Put the fields back as they are in force."""
    brief = brief_of(document)
    in_force = {section["uid"]: section["lines"] for section in snapshot["sections"]}
    brief.title = "\n".join(snapshot["head"]["title"])
    for field in LEADS:
        setattr(brief, field, stored(field, in_force.get(field, [])))
    brief.version += 1
    brief.save(update_fields=[*FIELDS, "version"])


def people_expected(document):
    """Whom it is for: everybody expected at the meeting."""
    expected = Participant.objects.filter(meeting__brief__document=document, person__isnull=False)
    return list(User.objects.active().filter(pk__in=expected.values("person")).in_order())


MEETING_BRIEF = register(
    Kind(
        code=MeetingBrief.KIND,
        name="Оргпроект встречи",
        gender="m",
        issued_word="Готов",
        change_permission="meetings.change_paper",
        content=brief_content,
        check=brief_problems,
        readable=readable,
        reads_working=reads_working,
        url=lambda document: brief_of(document).get_absolute_url(),
        restore=restore,
        responsibles=people_expected,
        drafts=lambda user: papers_changed_by(user, "meeting_brief__meeting"),
    )
)
