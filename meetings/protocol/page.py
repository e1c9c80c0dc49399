"""What the page of a protocol shows: the sheet in blocks with what may be edited beside each, remarks, the number. Reads only."""
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Subquery

from projectoffice.accounts.access import may
from projectoffice.documents.models import Counter, Document
from projectoffice.documents.snapshot import paper_parts

from ..forms.protocol import AnswerForm, RemarkForm, WordingForm
from ..kinds.protocol import POSTS, absent_speakers, every, unsigned_leaders
from ..minutes import addressees, day
from ..minutes.questions import flat, questions_of, questions_to_print
from ..models import AgendaItem, Protocol
from ..services.protocol import patronymic_of, wording_version
from .declension import about, accusative
from .printed import question

UID_LENGTH = 36
# A longer protocol carries the forms of one question at a time: all of them together would weigh half a megabyte.
MOST_OPEN = 8


@dataclass
class Block:
    """Neighbouring parts of the sheet; ``uid`` is that of the question they belong to, empty for the rest.

    A question with sub-questions comes twice: before them with its words, after them with its decisions.
    """

    uid: str
    number: str
    is_first: bool
    parts: list = field(default_factory=list)


def blocks_of(snapshot):
    """The parts above the signatures: each question's together, the rest as it comes."""
    items = snapshot["source"]["items"]
    owners, numbers = owners_of(items), {item["uid"]: item["number"] for item in every(items)}
    blocks, known = [], set()
    for part in paper_parts(snapshot)[0]:
        uid = part.get("uid", "")
        owner = "" if uid.endswith("-agenda") else owners.get(uid[:UID_LENGTH], "")
        if not blocks or blocks[-1].uid != owner:
            blocks.append(Block(owner, numbers.get(owner, ""), bool(owner) and owner not in known))
            known.add(owner)
        blocks[-1].parts.append(part)
    return blocks


def owners_of(items):
    """{uid of a question or a decision: uid of its question}."""
    found = {}
    for item in every(items):
        found[item["uid"]] = item["uid"]
        found |= {each["uid"]: item["uid"] for each in item["resolutions"]}
    return found


def last_number():
    """A subquery over protocols: the last number taken in the year and by the body of each."""
    counters = Counter.objects.filter(kind=Protocol.KIND, body=OuterRef("document__body"), year=OuterRef("meeting__date__year"))
    return Subquery(counters.values("last")[:1])


def question_count():
    """A subquery over protocols: how many questions stand on the agenda."""
    items = AgendaItem.objects.present().filter(meeting=OuterRef("meeting")).order_by().values("meeting").annotate(number=Count("pk"))
    return Subquery(items.values("number"))


def questions_for(protocol, edited):
    """The questions of the draft, with all that their forms ask for where one of them stands open."""
    is_short = (protocol.question_count or 0) <= MOST_OPEN
    return questions_of(protocol.meeting) if is_short or edited else questions_to_print(protocol.meeting)


def coming_number(protocol):
    """The number that sending will take; nothing when the paper has one or bears one of an outside journal."""
    document = protocol.document
    if document.number or document.number_text or not document.is_draft:
        return None
    return (protocol.last_number or 0) + 1


@dataclass(frozen=True)
class Wording:
    """The formula and the declined names of one question, with what we would suggest where it differs."""

    item: object
    form: WordingForm
    formula: str
    names: list


def wording_of(item, form=None):
    """``names`` are pairs (field of the form, suggestion or nothing)."""
    speakers = list(item.speakers.all())
    initial = {"formula": item.formula or item.title, "version": wording_version(item)}
    form = form or WordingForm(speakers=speakers, initial=initial, auto_id=f"{item.uid}-%s")
    formula = about(item.title)
    return Wording(
        item=item,
        form=form,
        formula=formula if formula != item.printed and formula != item.title else "",
        names=[(form[f"declined-{each.pk}"], suggested(each)) for each in speakers],
    )


def suggested(speaker):
    name = accusative(speaker.text, patronymic_of(speaker))
    return name if name not in (speaker.declined, speaker.text) else ""


def editor_of(protocol, snapshot, edited):
    """The draft as its editors see it: the sheet in blocks, the minutes of each question, its formula and names.

    ``edited`` is the uid of the question one asked to edit, or nothing.
    """
    meeting = protocol.meeting
    items = flat(protocol.questions)
    at_hand = [item for item in items if len(items) <= MOST_OPEN or str(item.uid) == edited]
    return {
        "blocks": blocks_of(snapshot),
        "after": paper_parts(snapshot)[1],
        "edited": edited,
        "wordings": {str(item.uid): wording_of(item) for item in at_hand},
        "questions": {str(item.uid): day.shown_question(meeting, item, {}) for item in at_hand},
        "base": day.day_base(meeting),
        "unsigned": [f"{POSTS[role].lower()} – {name}" for role, name in unsigned_leaders(snapshot["source"], protocol.document.stamps.all())],
        "absent_speakers": absent_speakers(snapshot["source"]),
    } | ({"blank": day.template_decision(meeting), "groups": addressees.groups()} if at_hand else {})


def question_choices(source):
    """(uid, words) of the questions a remark may be about."""
    return [("", "Обо всём протоколе"), *((item["uid"], f"{item['number']}. {question(item)}"[:120]) for item in every(source["items"]))]


def remarks_of(protocol, user, source, remark_form=None):
    """The chair's remarks with what this person may do about them now."""
    document = protocol.document
    is_draft = document.state == Document.State.DRAFT
    remarks = list(protocol.remarks.select_related("by", "answered_by", "item"))
    may_answer = is_draft and may(user, "meetings.change_paper", document)
    may_remark = is_draft and may(user, "meetings.remark_protocol", document)
    return {
        "remarks": remarks,
        "open_remarks": sum(remark.state == remark.State.OPEN for remark in remarks),
        "may_answer": may_answer,
        "may_remark": may_remark,
        "may_agree": may_remark and Protocol.objects.asked_of_the_chair().filter(pk=protocol.pk).exists(),
        "remark_form": (remark_form or RemarkForm(questions=question_choices(source))) if may_remark else None,
        "answer_form": AnswerForm() if may_answer else None,
    }
