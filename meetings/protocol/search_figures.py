"""Figures of the search for ``make bench``: 20 000 entries, asked by the office and by a member who reads half of them.

Only the time inside the database is told: what the page costs around it is the frame's.
"""
import random
import uuid
from datetime import date, timedelta
from hashlib import sha256
from itertools import accumulate

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from projectoffice.accounts.models import Body, User
from projectoffice.common.benchmark import Figure, settle
from projectoffice.documents.models import Document, Edition, EditionFile

from ..models import Meeting, Participant, Protocol, ProtocolEntry
from . import search
from .search import Asked

ENTRIES, PROTOCOLS = 20_000, 500
MOST_MS = 50
TOPICS = ("смотр проектов", "мониторинг показателей", "наставники школ", "семинар площадок", "отчёты команд", "заявки участников")
RARE = "стажировка"


def search_figures(stand):
    member = User.objects.create_user("bench-member", None, surname="Членов", given_name="Пётр")
    fill(member)
    for reader, words in ((stand.person, "офис"), (member, "член органа")):
        for asked, what in ((Asked(RARE), "редкое слово"), (Asked("смотр"), "слово каждого шестого"), (Asked("заседание"), "слово половины"),
                            (Asked(year=2020), "год")):
            assert search.results(reader, asked).total, asked  # noqa: S101
            yield Figure(f"Поиск по {ENTRIES} записям, {words}, {what}: в базе", in_the_database(reader, asked, stand.rounds), "мс", MOST_MS)


def in_the_database(reader, asked, rounds):
    """Milliseconds of all queries of one search together, the best of many: neighbours of the machine only add to it."""
    search.results(reader, asked)
    return min(one_search(reader, asked) for _ in range(max(5, rounds // 2)))


def one_search(reader, asked):
    with CaptureQueriesContext(connection) as captured:
        search.results(reader, asked)
    return 1000 * sum(float(query["time"]) for query in captured)


def fill(member):
    """Protocols in force of many years, written past the verbs: only the search looks at them."""
    chance = random.Random(7)  # noqa: S311
    body = Body.objects.main()
    days = [date(2027, 1, 20) - timedelta(days=9 * number) for number in range(PROTOCOLS)]
    meetings = Meeting.objects.bulk_create(Meeting(body=body, date=day, state=Meeting.State.HELD) for day in days)
    Participant.objects.bulk_create(Participant(meeting=meeting, person=member, name="П. Членов") for meeting in meetings[::2])
    documents = Document.objects.bulk_create(
        Document(kind=Protocol.KIND, title=f"Протокол {number}", body=body, year=day.year, date=day, number_text=str(number))
        for number, day in enumerate(days))
    put_in_force(documents)
    Protocol.objects.bulk_create(
        Protocol(document=document, meeting=meeting, heading="заседания") for document, meeting in zip(documents, meetings, strict=True))
    entries = (entry for document in documents for entry in entries_of(document, member, chance))
    ProtocolEntry.objects.bulk_create(entries, batch_size=2000)
    settle()


@transaction.atomic
def put_in_force(documents):
    """Each gets an edition; its file is made in the same transaction, as the database wants it."""
    paper = b"%PDF-1.7"
    digest = sha256(paper).hexdigest()
    editions = Edition.objects.bulk_create(
        Edition(document=document, number=1, title=document.title, date=document.date, snapshot={}, content_hash=digest, sha256=digest,
                public_code=uuid.uuid4().hex) for document in documents)
    EditionFile.objects.bulk_create(EditionFile(edition=edition, pdf=paper, sha256=digest) for edition in editions)
    for document, edition in zip(documents, editions, strict=True):
        document.in_force, document.state = edition, Document.State.ISSUED
    Document.objects.bulk_update(documents, ["in_force", "state"], batch_size=500)


def entries_of(document, member, chance):
    """Questions with long texts, decisions and assignments with short ones; every hundredth names a rare word."""
    for place in range(ENTRIES // PROTOCOLS):
        kind = (ProtocolEntry.Kind.ITEM, ProtocolEntry.Kind.DECISION, ProtocolEntry.Kind.ASSIGNMENT)[place % 3]
        rare = f" {RARE}" if chance.random() < 0.01 else ""
        yield ProtocolEntry(
            document=document, body_id=document.body_id, kind=kind, uid=uuid.uuid4(), position=place, number=f"{place // 3 + 1}.{place % 3}",
            date=document.date, title=f"Об итогах: {chance.choice(TOPICS)}", people=[member.pk] if place % 10 == 0 else [],
            text=words(chance, 200 if kind == ProtocolEntry.Kind.ITEM else 20) + rare)


COMMON = [f"слово{number}" for number in range(3000)]
WEIGHTS = list(accumulate(1 / (number + 3) for number in range(3000)))


def words(chance, count):
    """Text in which few words are frequent and most are rare, as in any language; half of the texts name the meeting."""
    text = " ".join(chance.choices(COMMON, cum_weights=WEIGHTS, k=count))
    return f"{text} заседание" if chance.random() < 0.5 else text
