"""Verbs of the list of participants. Each goes through the meeting's door."""
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from projectoffice.accounts.forms.fields import labelled_people
from projectoffice.accounts.models import Membership, User
from projectoffice.accounts.services.changing import lay_over
from projectoffice.accounts.services.people import refuse_if_changed
from projectoffice.common.history import record
from projectoffice.common.text import clean_text

from ..models import AgendaSpeaker, Participant
from . import invitations
from .door import open_meeting

ROLE = Participant.Role
FIELDS = ("name", "post", "role", "votes")
LIMITS = {"name": 200, "post": 300}
MOST = 500
ALONE = {ROLE.CHAIR: "Председатель", ROLE.SECRETARY: "Секретарь"}


@transaction.atomic
def take_members(meeting, *, by):
    """Put the members the body has on the meeting's day on the list; who is there already stays as is."""
    meeting = open_meeting(meeting, by)
    added = put_members(meeting)
    if added:
        record("take_members", meeting, f"Из состава органа взято участников: {len(added)}", by=by)
    return added


def put_members(meeting):
    """The same for verbs that have opened the meeting: the chair presides, without a chair the first deputy."""
    known = set(meeting.participants.filter(person__isnull=False).values_list("person_id", flat=True))
    held = Membership.objects.on(meeting.date or timezone.localdate()).filter(body=meeting.body).order_by("position", "pk")
    members = {}
    for each in held:
        if each.person_id not in known:
            members.setdefault(each.person_id, each)
    people = {person.pk: person for person in labelled_people(User.objects.filter(pk__in=members))}
    roles = roles_of(members.values(), taken={each.role for each in meeting.participants.leading()})
    first = last_position(meeting) + 1
    return Participant.objects.bulk_create(
        Participant(meeting=meeting, person=people[pk], name=people[pk].short_name, post=post_of(people[pk]),
                    role=roles[pk], votes=True, position=position)
        for position, pk in enumerate(members, start=first)
    )


def roles_of(members, taken):
    """{person pk: role}: one chair (a deputy where there is none) and one secretary, the rest are members."""
    members, found, taken = list(members), {}, set(taken)
    wanted = [(Membership.Role.CHAIR, ROLE.CHAIR), (Membership.Role.DEPUTY, ROLE.CHAIR), (Membership.Role.SECRETARY, ROLE.SECRETARY)]
    for held, role in wanted:
        first = next((each for each in members if each.role == held and each.person_id not in found), None)
        if first and role not in taken:
            found[first.person_id] = role
            taken.add(role)
    return {each.person_id: found.get(each.person_id, ROLE.MEMBER) for each in members}


@transaction.atomic
def add_participant(meeting, *, by, person=None, name="", post="", role=ROLE.INVITED, votes=None):
    """A person of the portal, or a typed name with post and organisation, at the end of the list.

    Members, the chair and the secretary vote unless told otherwise; who is invited does not.
    """
    meeting = open_meeting(meeting, by)
    if meeting.participants.count() >= MOST:
        raise ValidationError(f"В списке помещается не больше {MOST} участников.")
    if person and meeting.participants.filter(person=person).exists():
        raise ValidationError({"who": "Этот человек уже в списке."})
    name = clean_text(name or (person.short_name if person else ""), limit=LIMITS["name"])
    if not name:
        raise ValidationError({"who": "Выберите человека или впишите фамилию и инициалы."})
    post = clean_text(post, limit=LIMITS["post"]) or (post_of(person) if person else "")
    refuse_second(meeting, role)
    votes = role in (ROLE.CHAIR, ROLE.SECRETARY, ROLE.MEMBER) if votes is None else votes
    added = Participant.objects.create(
        meeting=meeting, person=person, name=name, post=post[:LIMITS["post"]], role=role, votes=votes,
        position=last_position(meeting) + 1)
    record("add_participant", meeting, f"В списке участников: {name}", by=by, changes={"participant": added.pk, "role": role})
    return added


@transaction.atomic
def save_participant(participant, *, by, shown, **fields):
    """Change printed name, post, role or vote; ``shown`` are the fields and their fingerprint the form was opened with."""
    meeting, participant = opened(participant, by)
    fields = {name: clean_text(value, limit=LIMITS[name]) if name in LIMITS else value for name, value in fields.items()}
    changed = {name: value for name, value in fields.items() if getattr(participant, name) != value}
    if not changed:
        return participant
    if not fields.get("name", participant.name):
        raise ValidationError({"name": "Впишите фамилию и инициалы."})
    refuse_if_changed(participant, shown)
    if "role" in changed:
        refuse_second(meeting, changed["role"], but=participant)
    changes = lay_over(participant, changed)
    participant.save(update_fields=list(changed))
    record("save_participant", meeting, f"Изменён участник: {participant.name}", by=by,
           changes={"participant": participant.pk} | changes)
    return participant


@transaction.atomic
def remove_participant(participant, *, by):
    """Take somebody off the list; who was invited gets the invitation back. Returns what ``return_participant`` needs."""
    meeting, participant = opened(participant, by)
    was = {"person": participant.person_id, **{name: getattr(participant, name) for name in FIELDS}}
    participant.meeting = meeting
    invitations.uninvite(participant, by=by)
    participant.delete()
    record("remove_participant", meeting, f"Из списка убран участник: {was['name']}", by=by)
    return was


@transaction.atomic
def return_participant(meeting, was, *, by):
    """Undo ``remove_participant``, which returned ``was``; who was invited is invited anew with the next telling."""
    person = User.objects.filter(pk=was["person"]).first() if was["person"] else None
    return add_participant(meeting, by=by, person=person, **{name: was[name] for name in FIELDS})


@transaction.atomic
def replace_participant(participant, successor, *, by):
    """The successor comes instead, in the same role; who is on the list already takes over a leading role alone.

    The leaver's invitation is called off, and questions the leaver speaks to are the successor's.
    """
    meeting, participant = opened(participant, by)
    leaver, role = participant.person, participant.role
    was = remove_participant(participant, by=by)
    known = meeting.participants.filter(person=successor).first()
    if known is None:
        add_participant(meeting, by=by, person=successor, role=role, votes=was["votes"])
    elif role in ALONE and known.role not in ALONE:
        known.role = role
        known.save(update_fields=["role"])
        record("replace_participant", meeting, f"{ALONE[role]}: {successor} вместо: {leaver}", by=by)
    speakers = list(AgendaSpeaker.objects.filter(item__meeting=meeting, item__position__isnull=False, person=leaver))
    for speaker in speakers:
        speaker.person, speaker.text, speaker.declined = successor, successor.short_name, ""
    AgendaSpeaker.objects.bulk_update(speakers, ["person", "text", "declined"])
    return meeting


# What the verbs stand on

def opened(participant, by):
    meeting = open_meeting(participant.meeting, by)
    return meeting, Participant.objects.select_related("person").get(pk=participant.pk)


def refuse_second(meeting, role, but=None):
    """One chair and one secretary: the second is a sentence beside the field."""
    if role not in ALONE:
        return
    other = meeting.participants.filter(role=role).exclude(pk=but.pk if but else None).first()
    if other:
        raise ValidationError({"role": f"{ALONE[role]} уже есть ({other.name}). Сначала смените эту роль."})


def last_position(meeting):
    return meeting.participants.aggregate(last=Max("position"))["last"] or 0


def post_of(person):
    """«методист, МБОУ школа № 12», as printed in lists."""
    posts = getattr(person, "posts_today", None)
    post = posts[0] if posts else person.current_post if posts is None else None
    return str(post)[:LIMITS["post"]] if post else ""
