"""Scoring: school B's member is an expert of a contest; nobody else opens what was given to that expert."""
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

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
    world.review_on_paper = review(admitted(nomination), expert(nomination.contest))
    world.sheet_to_void = sheet_in(admitted(nomination), expert(nomination.contest))
    world.sheet_from_paper = keyed(review(admitted(nomination), world.scorer), world.cast.administrator)
    world.sheet_in = sheet_in(admitted(nomination), world.scorer)


def work_file(entry, by):
    row = EntryFile.objects.create(entry=entry, file=stored(by))
    entry.submissions.create(number=2, snapshot=take(entry))
    return row


def keyed(given, by):
    """On paper, entered by somebody who is no longer of the office: anybody of it may compare."""
    sheet = full(given).sheets.get()
    sheet.source, sheet.source_date, sheet.recorded_by, sheet.source_file = "бумажный лист", timezone.localdate(), by, stored(by)
    sheet.state, sheet.submitted_at = "submitted", timezone.now()
    sheet.save()
    return sheet


def stored(by):
    return store_upload(SimpleUploadedFile("лист.pdf", b"%PDF-1.4\n%%EOF"), by=by)


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


def to_print(world):
    return [world.scorer.pk]


def on_paper(world):
    criteria = criteria_of(world.review_on_paper)
    return {f"mark-{each.pk}": "1" for each in criteria} | {
        "source": "бумажный лист", "source_date": "2026-01-12", "source_file": SimpleUploadedFile("лист.pdf", b"%PDF-1.4\n%%EOF")}


def compared(world):
    given = world.sheet_from_paper.review
    return {"shown": fingerprint(texts_of(given, world.sheet_from_paper, criteria_of(given)))}


ROWS = [
    Row("contests:scoring", get=only(SCORER)),
    Row("contests:scoring_next", get=only(SCORER, ok=302)),
    Row("contests:review", to_score, get=mine()),
    Row("contests:review_save", to_score, post=mine(302)),
    Row("contests:review_submit", lambda world: [world.review_to_hand_in.pk], get=mine(), post=mine(302, shown)),
    Row("contests:review_recuse", to_score, get=mine(), post=mine(302, lambda world: {"ground": "works"})),
    Row("contests:review_abstain", to_score, get=mine(), post=mine(302, lambda world: {"reason": "Тема не моя"})),
    Row("contests:review_print", to_score, get=mine()),
    Row("contests:review_table", lambda world: [world.review_to_score.entry.contest_id], get=only(SCORER)),
    Row("contests:packet_sheets", to_print, get=only("office")),
    Row("contests:packet", to_print, get=only(SCORER, "office", hidden_from=["known"])),
    Row("contests:packet_key", lambda world: [world.review_on_paper.pk], get=only("office"), post=only("office", ok=302, data=on_paper)),
    Row("contests:sheet_check", lambda world: [world.sheet_from_paper.pk], get=only("office"), post=only("office", ok=302, data=compared)),
    Row("contests:sheet_scan", lambda world: [world.sheet_from_paper.pk], get=only(
        SCORER, "office", "department_head", "acting", hidden_from=["known"])),
    Row("contests:sheet_void", lambda world: [world.sheet_to_void.pk], get=only("office"),
        post=only("office", ok=302, data=lambda world: {"reason": "Ошибка"})),
    Row("contests:review_file", lambda world: [world.review_to_score.pk, world.work_file.pk], get=mine()),
    Row("contests:sheet", lambda world: [world.sheet_in.pk], get=only(
        SCORER, "office", "department_head", "acting", hidden_from=["administrator", "member_of_school_a", "stranger", "downgraded", "ended"])),
]
