"""The truths about meetings, protocols and assignments hold on the whole way, and each of them sees what breaks it."""
from datetime import date

import pytest
from django.db import connection, transaction

from meetings.models import AgendaItem, Assignment, Meeting, Protocol, ProtocolEntry, ProtocolExtract, Resolution
from meetings.services.assignment_work import accept_report, ask_extension, decide_extension, report_done
from meetings.services.extract import create_extract
from meetings.services.protocol import create_protocol
from projectoffice.common.invariants import violations
from projectoffice.documents.models import Document
from projectoffice.documents.services.revision import revise
from tests.factories import UserFactory

from .held_meetings import considered, held, issued

pytestmark = pytest.mark.django_db


def broken():
    return {sentence for _, sentence in violations()}


@pytest.fixture
def protocol(cast):
    """In force in its second edition: an open question with two charges, one done, and a closed one with its extract."""
    executor = UserFactory()
    meeting = held(secretary=cast.secretary, chair=cast.office_head, day=date(2026, 6, 4))
    charge = {"is_charge": True, "executor": executor, "executor_text": executor.short_name, "due_end": date(2036, 7, 1)}
    considered(meeting, "Открытый", decisions=(charge | {"text": "Сделать."}, charge | {"text": "Узнать."}))
    considered(meeting, "Закрытый", decisions=(charge | {"text": "Тихо."},), closed=True)
    protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
    first = Assignment.objects.get(text="Сделать.")
    asked = ask_extension(first, by=executor, due_after=date(2036, 8, 1), reason="Нужны данные.")
    decide_extension(first, by=cast.secretary, extension=asked, granted=True)
    report = report_done(first, by=executor, text="Сделано.", done_on=date(2026, 6, 5))
    accept_report(first, by=cast.secretary, report=report)
    document = revise(protocol.document, by=cast.secretary, basis="приказа")
    Resolution.objects.filter(text="Узнать.").update(text="Узнать и сказать.")
    protocol = issued(Protocol.objects.get(document=document), cast.secretary)
    source = protocol.document.in_force.snapshot["source"]
    issued(create_extract(protocol, [source["items"][1]["resolutions"][0]["uid"]], by=cast.secretary), cast.secretary)
    return protocol


def around_the_walls(write):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        write()
        cursor.execute("SET session_replication_role = DEFAULT")


BREAKS = {
    "the meeting is not held": (lambda: Meeting.objects.update(state="draft"), "не отмечено проведённым"),
    "another body": (lambda: Document.objects.filter(kind="protocol").update(body=None), "орган документа"),
    "an entry is missing": (lambda: ProtocolEntry.objects.filter(closed=False).first().delete(), "записи для поиска"),
    "an entry is open": (lambda: ProtocolEntry.objects.update(closed=False), "записи для поиска"),
    "found though annulled": (lambda: Document.objects.filter(kind="protocol").update(state="annulled"), "в поиске остался"),
    "asked though annulled": (lambda: Document.objects.filter(kind="protocol").update(state="annulled"), "поручение на контроле"),
    "a charge was not given": (lambda: Assignment.objects.filter(text="Тихо.").update(resolution=None), "не дано"),
    "the assignment is open": (lambda: Assignment.objects.filter(text="Тихо.").update(closed=False), "закрыт ли его вопрос"),
    "the protocol forgot": (lambda: Protocol.objects.update(had_closed=False), "читать его разрешено"),
    "the extract forgot": (lambda: ProtocolExtract.objects.update(closed=False), "читать её разрешено"),
    "a gap in the agenda": (lambda: AgendaItem.objects.filter(title="Закрытый").update(position=7), "места от"),
    "a gap in decisions": (lambda: Resolution.objects.filter(text="Тихо.").update(position=2), "места от"),
    "a report is missing": (lambda: Assignment.objects.filter(text="Тихо.").update(state="reported"), "отчёты говорят другое"),
    "done by nobody's word": (lambda: Assignment.objects.filter(text="Тихо.").update(state="done", done_on=date(2026, 6, 5)),
                              "отчёты говорят другое"),
    "an extension is not counted": (lambda: Assignment.objects.filter(text="Сделать.").update(extension_count=0), "переносов 1"),
}


def test_they_hold_all_the_way_and_each_sees_what_breaks_it(protocol):
    assert broken() == set()
    for what, (write, words) in BREAKS.items():
        with pytest.raises(Undone):
            undone(write, words, what)
    assert broken() == set()


class Undone(Exception):
    """Takes the damage back."""


def undone(write, words, what):
    with transaction.atomic():
        around_the_walls(write)
        assert any(words in sentence for sentence in broken()), what
        raise Undone
