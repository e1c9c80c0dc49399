"""Entries and their technical check: a draft, a sent one, a returned one of school A; another school knows of none."""
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from contests.entry.submission import fingerprint, take
from contests.services import entry as verbs
from projectoffice.common.uploads import store_upload
from tests.contests.entry_things import check, draft_of, fresh, sent_by
from tests.contests.things import announced

from . import Row, only

PDF = b"%PDF-1.4\n%%EOF"
OUTSIDERS = ["department_head", "acting", "administrator", "member_of_school_b", "stranger", "downgraded", "ended"]
TEAM = ("office", "member_of_school_a")
READS = only(*TEAM, hidden_from=OUTSIDERS)


def furnish(world):
    author, office = world.cast.member_of_school_a, world.cast.secretary
    world.entry_nomination = nomination = announced("acceptance")
    world.entry_draft = draft_of(author, nomination, title="Черновик школы")
    world.entry_to_send = draft_of(author, nomination, title="К отправке")
    world.entry_partner = world.cast.member_of_school_b.current_post.institution
    world.entry_file = verbs.add_file(world.entry_draft, store_upload(SimpleUploadedFile("работа.pdf", PDF), by=author), by=author)
    verbs.put_scan(world.entry_draft, world.entry_file.file, by=author)
    world.entry_sent = sent_by(author, nomination, title="На проверке")
    world.entry_checked = sent_by(author, nomination, title="Проверена")
    check(world.entry_checked, office, "remarks", "Опечатка")
    world.entry_returned = sent_by(author, nomination, title="Возвращена")
    check(world.entry_returned, office, "returned", "Нет сметы")


def draft(world):
    return [world.entry_draft.pk]


def sent(world):
    return [world.entry_sent.pk]


def file(world):
    return [world.entry_file.pk]


def contest(world):
    return [world.entry_nomination.contest_id]


def writes(ok=302, data=None):
    return only(*TEAM, ok=ok, hidden_from=OUTSIDERS, data=data or (lambda world: {}))


def to_submit(world):
    return {"shown": fingerprint(take(fresh(world.entry_to_send)))}


def new_entry(world):
    school = world.cast.member_of_school_a.current_post.institution
    return {"nomination": world.entry_nomination.pk, "institution": school.pk, "title": "Новая", "form_key": str(uuid.uuid4())}


def pdf(name):
    return lambda world: {name: SimpleUploadedFile("скан.pdf", PDF)}


ROWS = [
    Row("contests:entries", contest, get=only("office")),
    Row("contests:entries_export", contest, get=only("office")),
    Row("contests:entries_check", contest, get=only("office", ok=302)),
    Row("contests:my_entries", get=only("known")),
    Row("contests:entry_new", contest, get=only("known"), post=only(
        "member_of_school_a", ok=302, refused=200, data=new_entry)),
    Row("contests:entry", draft, get=READS, case="a draft"),
    Row("contests:entry", sent, get=READS, case="sent"),
    Row("contests:entry_save", draft, post=writes(data=lambda world: {"do": "save"})),
    Row("contests:entry_history", draft, get=READS),
    Row("contests:entry_partner_add", draft, post=writes(data=lambda world: {"partner": str(world.entry_partner)})),
    Row("contests:entry_partner_remove", lambda world: [world.entry_draft.pk, world.entry_partner.pk], post=writes()),
    Row("contests:entry_nomination", draft, get=READS, post=writes(ok=200)),
    Row("contests:entry_file_add", draft, post=writes(data=pdf("files"))),
    Row("contests:entry_file", file, get=READS),
    Row("contests:entry_file_remove", file, post=writes()),
    Row("contests:entry_file_return", file, post=writes()),
    Row("contests:entry_print", draft, get=READS),
    Row("contests:entry_scan", draft, get=READS, post=writes(data=pdf("pages"))),
    Row("contests:entry_submit", lambda world: [world.entry_to_send.pk], get=READS, post=only(
        *TEAM, ok=302, hidden_from=OUTSIDERS, data=lambda world: to_submit(world) | {"source": "письмо № 84", "source_date": "2026-01-12"})),
    Row("contests:entry_take_back", sent, post=writes()),
    Row("contests:entry_withdraw", lambda world: [world.entry_returned.pk], get=READS, post=writes(data=lambda world: {"reason": "Передумали"})),
    Row("contests:entry_check", lambda world: [world.entry_checked.pk], get=only("office"),
        post=only("office", ok=302, data=lambda world: {"number": 1, "outcome": "remarks", "words": "Ещё одна опечатка"})),
]
