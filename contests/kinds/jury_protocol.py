"""The protocol of the expert panel: what it tells the route, the printer and the register. Signed by chair and secretary."""
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from projectoffice.accounts.access import is_office, may
from projectoffice.common.db import now
from projectoffice.common.lines import from_text, to_text
from projectoffice.documents.kinds import Kind, Problem, register
from projectoffice.documents.models import Stamp
from projectoffice.documents.route import deciding_for

from ..models import ConflictRuling, Contest, Expert, JuryProtocol, Recusal, Result, ScoreSheet
from ..outcome.awarding import awards_of
from ..outcome.missing import problems_of
from ..outcome.protocol import sections_of
from ..outcome.snapshot import take
from ..tally.board import standings

RUNS = "contests.run_contests"


def protocol_of(document):
    return JuryProtocol.objects.select_related("document", "contest").get(document=document)


def results_of(contest):
    """``(results, day of publication)``: what is published, otherwise what would be, without a day."""
    published = Result.objects.latest_of(contest) if contest.state == Contest.State.FINISHED else None
    if published:
        return published.snapshot, timezone.localtime(published.published_at).date()
    boards = standings(contest)
    return take(contest, boards, awards_of(contest, boards)), None


def content(document):
    """Who was there, what was judged, totals and places, who is awarded, what else was decided."""
    protocol = protocol_of(document)
    recusals = Recusal.objects.in_force().filter(expert__contest=protocol.contest).select_related("expert__person", "entry", "institution")
    head = {"title": ["Протокол", "заседания экспертной комиссии", f"конкурса «{protocol.contest.title}»"],
            "date": protocol.held_on.isoformat() if protocol.held_on else "", "place": protocol.place}
    results, published_on = results_of(protocol.contest)
    kept = ConflictRuling.objects.in_force().filter(expert__contest=protocol.contest).exclude(conflict=ConflictRuling.Conflict.NAMESAKE)
    counted = ScoreSheet.objects.counted().filter(review__expert=OuterRef("expert"), review__entry=OuterRef("entry"))
    kept = kept.filter(Exists(counted)).select_related("expert__person", "entry").order_by("entry__number", "pk")
    return {"head": head, "columns": [], "sections": list(sections_of(results, protocol, recusals, published_on, kept)),
            "source": {"held_on": head["date"], "place": protocol.place, "present": protocol.present, "notes": protocol.notes}}


def problems(document):
    protocol = protocol_of(document)
    if protocol.held_on is None:
        yield Problem("Укажите дату заседания.", "id_held_on")
    if not to_text(protocol.present).strip():
        yield Problem("Впишите, кто присутствовал.", "id_present")
    if protocol.contest.state == Contest.State.ANNOUNCED:
        yield from (Problem(each.sentence) for each in problems_of(protocol.contest, standings(protocol.contest), now()) if each.stops)


def readable(user):
    """Organisers read it – but not while they score in that contest themselves – and those who are to sign it."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    asked = Q(pk__in=Stamp.objects.active().filter(signer__in=deciding_for(user), document__kind=JuryProtocol.KIND).exclude(
        document__state="draft", document__in_force__isnull=True).values("document"))
    if not may(user, "contests.see_scores"):
        return asked
    scored = Expert.objects.scorers().filter(person=user.pk, contest__state=Contest.State.ANNOUNCED).values("contest")
    return asked | ~Q(pk__in=JuryProtocol.objects.filter(contest__in=scored).values("document"))


def restore(document, snapshot):
    protocol, source = protocol_of(document), snapshot["source"]
    protocol.held_on = source["held_on"] or None
    protocol.place, protocol.present, protocol.notes = source["place"], source["present"], source["notes"]
    protocol.version += 1
    protocol.save(update_fields=["held_on", "place", "present", "notes", "version"])


def lines(text):
    return from_text(text.strip()) if text.strip() else []


JURY_PROTOCOL = register(
    Kind(
        code=JuryProtocol.KIND, name="Протокол экспертной комиссии", gender="m", issued_word="Подписан", change_permission=RUNS, content=content,
        check=lambda document: list(problems(document)), readable=readable, url=lambda document: protocol_of(document).get_absolute_url(),
        restore=restore, date=lambda document: protocol_of(document).held_on, prints_number=True,
        drafts=lambda user: Q() if is_office(user) else Q(pk__in=[]),
    )
)
