"""Scoring: school B's member is an expert of a contest; nobody else opens what was given to that expert."""
from django.core.files.uploadedfile import SimpleUploadedFile

from contests.entry.submission import take
from contests.models import EntryFile
from contests.sheet.reading import criteria_of, fingerprint, sheet_of, texts_of
from projectoffice.common.uploads import store_upload
from tests.contests.things import admitted, announced, expert, review, sheet_in

from . import Row, only

SCORER = "member_of_school_b"


def furnish(world):
    nomination = announced("remote")
    world.scorer = expert(nomination.contest, world.cast.member_of_school_b)
    world.review_to_score = review(admitted(nomination), world.scorer)
    world.work_file = work_file(world.review_to_score.entry, world.cast.secretary)
    world.review_to_hand_in = full(review(admitted(nomination), world.scorer))
    world.sheet_in = sheet_in(admitted(nomination), world.scorer)


def work_file(entry, by):
    row = EntryFile.objects.create(entry=entry, file=store_upload(SimpleUploadedFile("работа.pdf", b"%PDF-1.4\n%%EOF"), by=by))
    entry.submissions.create(number=2, snapshot=take(entry))
    return row


def full(given):
    """All marked, not handed in."""
    sheet = given.sheets.create()
    for criterion in given.entry.nomination.criteria.all():
        sheet.scores.create(criterion=criterion, mark=1)
    return given


def to_score(world):
    return [world.review_to_score.pk]


def mine(ok=200, data=None):
    return only(SCORER, ok=ok, hidden_from=["known"], data=data or (lambda world: {}))


def shown(world):
    given = world.review_to_hand_in
    return {"shown": fingerprint(texts_of(given, sheet_of(given), criteria_of(given)))}


ROWS = [
    Row("contests:scoring", get=only(SCORER)),
    Row("contests:scoring_next", get=only(SCORER, ok=302)),
    Row("contests:review", to_score, get=mine()),
    Row("contests:review_save", to_score, post=mine(302)),
    Row("contests:review_submit", lambda world: [world.review_to_hand_in.pk], get=mine(), post=mine(302, shown)),
    Row("contests:review_recuse", to_score, get=mine(), post=mine(302, lambda world: {"ground": "works"})),
    Row("contests:review_abstain", to_score, get=mine(), post=mine(302, lambda world: {"reason": "Тема не моя"})),
    Row("contests:review_print", to_score, get=mine()),
    Row("contests:review_file", lambda world: [world.review_to_score.pk, world.work_file.pk], get=mine()),
    Row("contests:sheet", lambda world: [world.sheet_in.pk], get=only(
        SCORER, "office", "department_head", "acting", hidden_from=["administrator", "member_of_school_a", "stranger", "downgraded", "ended"])),
]
