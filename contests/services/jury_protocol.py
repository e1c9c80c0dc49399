"""Verbs of the panel's protocol: begun with its signers, its own words saved; the route is that of every document."""
from django.db import transaction

from projectoffice.accounts.access import person_of, require
from projectoffice.accounts.services.changing import check_version
from projectoffice.common.db import locked
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.history import record
from projectoffice.documents.models import Document, Stamp
from projectoffice.documents.services.content import open_for_edit

from ..kinds.jury_protocol import RUNS, lines
from ..models import Contest, JuryProtocol

POSTS = (("chair", "Председатель экспертной комиссии"), ("secretary", "Секретарь экспертной комиссии"))
FIELDS = {"held_on": "дата", "place": "место", "present": "присутствовали", "notes": "что ещё решили"}


@transaction.atomic
def start_protocol(contest, *, by, chair, secretary, held_on):
    """The protocol of a contest, begun with the lines to sign of chair and secretary; the one that is there when there is one."""
    contest = locked(contest)
    require(by, RUNS, contest)
    if there := JuryProtocol.objects.filter(contest=contest).first():
        return there
    if contest.state not in (Contest.State.ANNOUNCED, Contest.State.FINISHED):
        raise TransitionNotAllowed("Протокол ведут по объявленному конкурсу.")
    document = Document.objects.create(kind=JuryProtocol.KIND, title=f"Протокол экспертной комиссии: {contest}"[:300], year=held_on.year, created_by=person_of(by))
    present = lines("\n".join(each.person.full_name for each in contest.experts.accepted().select_related("person")))
    protocol = JuryProtocol.objects.create(document=document, contest=contest, held_on=held_on, present=present)
    for place, (person, (_, post)) in enumerate(zip((chair, secretary), POSTS, strict=True)):
        Stamp.objects.create(
            document=document, position=place, kind=Stamp.Kind.SIGN, place=Stamp.Place.FOOT, side=Stamp.Side.LEFT, step=1, post=post,
            name=person.signature_name, signer=person, method=Stamp.Method.ELECTRONIC if person.can_log_in else Stamp.Method.INK)
    record("start_jury_protocol", document, "Начат протокол экспертной комиссии", by=by)
    return protocol


@transaction.atomic
def save_protocol(protocol, *, by, version, held_on, place, present, notes):
    """Its day, place, who was there, what else was decided; StaleVersion when somebody else just saved another text."""
    document = open_for_edit(protocol.document, by)
    protocol = JuryProtocol.objects.select_related("document", "contest").get(pk=protocol.pk)
    values = {"held_on": held_on, "place": place, "present": lines(present), "notes": lines(notes)}
    changed = [name for name in FIELDS if getattr(protocol, name) != values[name]]
    if not changed:
        return protocol
    check_version(protocol, version)
    for name in changed:
        setattr(protocol, name, values[name])
    protocol.version += 1
    protocol.save(update_fields=[*changed, "version"])
    record("save_jury_protocol", document, "Изменено: " + ", ".join(FIELDS[name] for name in changed), by=by)
    return protocol
