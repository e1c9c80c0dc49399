"""Verbs of a score sheet: saved as it is marked, handed in, given up, voided and replaced.

Marking locks the review alone, so experts never wait for each other. Whatever changes what counts locks the contest
first: handing in, giving up, voiding. The marks of a draft leave no trace in the history; what was handed in does.
"""
from django.core.exceptions import ValidationError
from django.db import transaction

from portfolios.services.typed import Saved, judge
from projectoffice.accounts.access import person_of, require
from projectoffice.common.db import locked, now
from projectoffice.common.errors import StaleVersion
from projectoffice.common.history import record

from ..models import Contest, Recusal, Review, Score, ScoreSheet
from ..sheet import letters
from ..sheet.marks import read_mark
from ..sheet.reading import COMMENTS, criteria_of, fingerprint, lacks_of, left_words, sheet_of, texts_of
from ..sheet.workflow import RULES, demand, refuse_scorers, term_of

State = ScoreSheet.State
OTHER_CONTENT = "Лист тем временем изменили. Прочитайте его ещё раз и сдайте."


def lock_review(review):
    """The review alone, locked and freshly read with its entry."""
    rows = Review.objects.select_related("entry__contest", "expert").select_for_update(of=("self",))
    return rows.get(pk=review.pk)


def open_review(review):
    """Contest, then review: both locked and freshly read."""
    contest = locked(Contest(pk=review.entry.contest_id))
    review = lock_review(review)
    review.entry.contest = contest
    return review


# ── saved as it is marked ─────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def save_sheet(review, typed, shown, *, by):
    """Write the changed ones of ``typed`` ({name: text}); ``shown`` are the marks of what the page began from.

    Names are those of ``texts_of``: others are nobody's. Raises Collision when the same mark was changed in another
    window meanwhile, ValidationError for a mark outside its scale.
    """
    criteria, review = criteria_of(review), lock_review(review)
    sheet = sheet_of(review)
    demand(review, "score", by, sheet)
    changed, shown = judge(review, texts_of(review, sheet, criteria), typed, shown)
    if changed:
        write(sheet or start(review, by), criteria, changed)
    return Saved(shown, sorted(changed))


def start(review, by):
    sheet = ScoreSheet.objects.create(review=review)
    record("start_sheet", sheet, "Лист начат", by=by)
    return sheet


def write(sheet, criteria, changed):
    known = {score.criterion_id: score for score in sheet.scores.all()}
    rows = []
    for each in criteria:
        mark, note = changed.get(f"mark-{each.pk}"), changed.get(f"note-{each.pk}")
        if mark is None and note is None:
            continue
        score = known.get(each.pk) or Score(sheet=sheet, criterion=each)
        if mark is not None:
            score.mark = read_mark(each, mark)
        if note is not None:
            score.comment = note
        rows.append(score)
    if rows:
        Score.objects.bulk_create([Score(sheet=sheet, criterion_id=row.criterion_id, mark=row.mark, comment=row.comment) for row in rows],
                                  update_conflicts=True, unique_fields=["sheet", "criterion"], update_fields=["mark", "comment"])
    comments = {name: changed[name] for name in COMMENTS if name in changed}
    if comments:
        ScoreSheet.objects.filter(pk=sheet.pk).update(**comments, version=sheet.version + 1)


# ── handed in ─────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def submit_sheet(review, *, by, shown):
    """Hand in the sheet as it was shown (``shown`` is its fingerprint); the sheet. Sent twice is handed in once.

    The database's clock is read once contest and review are locked: a moment after the end nothing is handed in, and
    what was marked stays.
    """
    review = open_review(review)
    require(by, RULES["submit"].permission, review)
    sheet, criteria = sheet_of(review), criteria_of(review)
    texts = texts_of(review, sheet, criteria)
    if sheet and sheet.state == State.SUBMITTED and fingerprint(texts) == shown:
        return sheet
    moment = demand(review, "submit", by, sheet)
    refuse_incomplete(texts, criteria)
    if fingerprint(texts) != shown:
        raise StaleVersion(sheet, OTHER_CONTENT)
    return hand_in(sheet, moment, by, "Лист сдан")


def refuse_incomplete(texts, criteria):
    if not criteria:
        raise ValidationError("В этом туре у номинации нет критериев: оценивать нечего, сдавать лист не нужно.")
    lacks = list(lacks_of(texts, criteria))
    if lacks:
        raise ValidationError([left_words(lacks)])


def hand_in(sheet, moment, by, words, *, changes=None, **fields):
    """From now on the sheet is only voided; part of a verb that went through the door."""
    values = {"state": State.SUBMITTED, "submitted_at": moment, "version": sheet.version + 1, **fields}
    for name, value in values.items():
        setattr(sheet, name, value)
    sheet.save(update_fields=list(values))
    record("submit_sheet", sheet, words, by=by, changes=changes)
    return sheet


# ── given up ──────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def recuse(review, *, by, ground, words=""):
    """The expert's own word that this work is not for this expert, in any round: nobody asks back.

    A sheet that is in stops to count.
    """
    review = open_review(review)
    require(by, RULES["recuse"].permission, review)
    if review.state == Review.State.RECUSED:
        return review
    words = words.strip()
    demand(review, "recuse", by, None)
    ground = Recusal.Ground(ground)
    if ground == Recusal.Ground.OTHER and not words:
        raise ValidationError({"words": "Напишите причину одной строкой."})
    Recusal.objects.create(expert=review.expert, entry=review.entry, ground=ground, words=words, by=person_of(by))
    reason = words or ground.label
    for each in Review.objects.select_for_update().filter(expert=review.expert, entry=review.entry, state=Review.State.GIVEN):
        for found in each.sheets.filter(state=State.SUBMITTED):
            void_sheet(found, f"Самоотвод: {reason}", by)
        give_up(each, Review.State.RECUSED, reason, "recuse", f"Самоотвод: {reason}", by)
    return review


@transaction.atomic
def abstain(review, *, by, reason):
    """The expert would rather not judge this work, without a conflict; while no sheet is in."""
    review = open_review(review)
    require(by, RULES["abstain"].permission, review)
    if review.state == Review.State.ABSTAINED:
        return review
    demand(review, "abstain", by, sheet_of(review))
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему не берётесь оценивать."})
    return give_up(review, Review.State.ABSTAINED, reason.strip(), "abstain", f"Эксперт воздержался: {reason.strip()}", by)


def give_up(review, state, reason, verb, sentence, by):
    review.state, review.reason, review.conflict = state, reason[:500], ""
    review.version += 1
    review.save(update_fields=["state", "reason", "conflict", "version"])
    record(verb, review, sentence, by=by)
    return review


# ── voided ────────────────────────────────────────────────────────────────────────────────────────────────

@transaction.atomic
def replace_sheet(sheet, *, by, reason):
    """Void a sheet with a reason; the expert finds a new one with the same marks and is told by letter. Done twice is done once.

    Nothing begins anew once the work was taken away or the expert is in conflict with it; a sheet from paper is keyed again,
    and so is what corrects published results.
    """
    review = open_review(sheet.review)
    require(by, RULES["replace"].permission, review)
    refuse_scorers(review.entry.contest, by)
    sheet = locked(sheet)
    if sheet.state == State.VOIDED:
        return sheet
    moment = demand(review, "replace", by, sheet)
    if not reason.strip():
        raise ValidationError({"reason": "Напишите, почему лист аннулируют."})
    void_sheet(sheet, reason, by)
    if asks_anew(sheet, review, moment):
        review.given_at = moment
        review.save(update_fields=["given_at"])
        copy_of(sheet)
        letters.voided(sheet, review)
    return locked(sheet)


def asks_anew(sheet, review, moment):
    """Whether the expert can fill in another sheet when this one is voided; otherwise what should stand there is keyed from paper."""
    contest = review.entry.contest
    if sheet.recorded_by_id or contest.state == Contest.State.FINISHED or term_of(review, contest.stages.all(), moment).refusal(moment):
        return False
    return Review.objects.to_score(review.expert.person).filter(pk=review.pk).exists()


def copy_of(sheet):
    """A draft that begins where the voided one ended."""
    draft = ScoreSheet.objects.create(review_id=sheet.review_id, comment=sheet.comment, panel_comment=sheet.panel_comment)
    Score.objects.bulk_create(Score(sheet=draft, criterion_id=each.criterion_id, mark=each.mark, comment=each.comment) for each in sheet.scores.all())
    return draft


def void_sheet(sheet, reason, by):
    """Take a sheet that is in out of the count, with the reason; the sheet.

    Part of a verb that locked the contest and asked for the right. A draft has nothing to void, and done twice is done once.
    """
    sheet = locked(sheet)
    if sheet.state == State.SUBMITTED:
        sheet.state, sheet.void_reason = State.VOIDED, reason.strip()[:500]
        sheet.voided_by, sheet.voided_at = person_of(by), now()
        sheet.version += 1
        sheet.save(update_fields=["state", "void_reason", "voided_by", "voided_at", "version"])
        record("void_sheet", sheet, f"Лист аннулирован: {sheet.void_reason}", by=by)
    return sheet
