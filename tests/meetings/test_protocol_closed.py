"""A closed question leaves no trace for those who may not see it; its extract goes to whom it was sent."""
import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import AgendaItem
from meetings.services.extract import create_extract
from meetings.services.protocol import create_protocol
from projectoffice.accounts.models import Membership
from projectoffice.common.idempotency import new_key
from projectoffice.common.lines import line
from projectoffice.documents.distribution import Addressee
from projectoffice.documents.services.distribution import distribute
from projectoffice.documents.services.revision import revise
from tests.canary import Canaries
from tests.factories import BodyFactory, ParticipantFactory, UserFactory
from tests.meetings.held_meetings import considered, held, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def canaries():
    return Canaries()


@pytest.fixture
def people(cast):
    return {"office": cast.secretary, "chair": UserFactory(surname="Главная"), "secretary": UserFactory(surname="Писарева"),
            "participant": UserFactory(surname="Участников"), "member": UserFactory(surname="Членов"),
            "executor": UserFactory(surname="Исполнителев"), "stranger": cast.stranger}


def secret_question(meeting, canaries, **charge):
    return considered(
        meeting, canaries.plant("the title"), closed=True, formula=canaries.plant("the formula"), speakers=(canaries.plant("the speaker"),),
        heard=[line(canaries.plant("what was heard"))], discussed=[line(canaries.plant("the debate"))], outcome_note=canaries.plant("the note"),
        decisions=({"text": canaries.plant("the decision"), **charge},),
    )


@pytest.fixture
def protocol(people, canaries, cast):
    """Two editions in force one after another, the second still with the closed question."""
    body = BodyFactory()
    Membership.objects.create(body=body, person=people["member"])
    meeting = held(body=body, chair=people["chair"], secretary=people["secretary"])
    ParticipantFactory(meeting=meeting, person=people["participant"])
    considered(meeting, "Открытый вопрос")
    secret_question(meeting, canaries, is_charge=True, executor=people["executor"], executor_text="Исполнителеву А.И.")
    protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
    protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа")
    AgendaItem.objects.filter(meeting=meeting, closed=False).update(outcome_note="")
    return issued(protocol, cast.secretary)


def pages_of(protocol):
    document = protocol.document_id
    word = "Открытый"
    return [
        protocol.get_absolute_url(), reverse("documents:document", args=[document]), reverse("documents:pdf", args=[document]),
        reverse("documents:edition_pdf", args=[document, 1]), reverse("documents:docx", args=[document]), reverse("documents:history", args=[document]),
        reverse("documents:compare", args=[document]), reverse("documents:register"), f"{reverse('documents:register')}?q={word}",
        reverse("documents:register_export"), reverse("documents:inbox"), reverse("home"), reverse("meetings:meeting", args=[protocol.meeting_id]),
        reverse("meetings:extract_new", args=[protocol.pk]), reverse("meetings:protocol_form", args=[protocol.pk]),
    ]


def answers(person, pages):
    client = Client()
    client.force_login(person)
    return [client.get(page, follow=True) for page in pages]


@pytest.mark.parametrize("who", ["participant", "member", "stranger", "executor"])
def test_it_leaks_nowhere(who, protocol, people, canaries):
    for word in canaries.places:
        found = answers(people[who], [f"{reverse('documents:register')}?q={word}"])
        assert "Протокол заседания" not in found[0].content.decode(), "found by a hidden word"
    assert canaries.scan(*answers(people[who], pages_of(protocol))) == set()


@pytest.mark.parametrize("who", ["office", "chair", "secretary"])
def test_its_lawful_readers_read_all_of_it(who, protocol, people, canaries):
    everything = set(canaries.places.values()) - {"the title", "the note"}  # the formula is printed instead, a considered question has no note
    assert canaries.scan(*answers(people[who], pages_of(protocol)[:5])) >= everything


def extract_of(protocol, place, by):
    source = protocol.document.in_force.snapshot["source"]
    return create_extract(protocol, [source["items"][place]["resolutions"][0]["uid"]], by=by)


def readers(extract, people):
    return {name for name, person in people.items()
            if type(extract).objects.visible_to(type(person).objects.get(pk=person.pk)).filter(pk=extract.pk)}


def send_to(extract, person, by):
    distribute(extract.document, [Addressee(person.email, str(person), "адрес", person)], by=by, formats=["pdf"], key=new_key())


def test_an_extract_of_a_closed_question_is_read_by_whom_it_was_sent_to(protocol, people, cast):
    extract = extract_of(protocol, 1, cast.secretary)
    always = {"office", "chair", "secretary"}
    assert readers(extract, people) == always
    extract = issued(extract, cast.secretary)
    assert extract.closed and readers(extract, people) == always, "even whom it charges reads it when it comes"
    send_to(extract, people["executor"], cast.secretary)
    assert readers(extract, people) == always | {"executor"}


def test_an_extract_of_an_open_question_of_such_a_protocol_tells_nothing_of_the_closed_one(protocol, people, canaries, cast):
    extract = issued(extract_of(protocol, 0, cast.secretary), cast.secretary)
    assert readers(extract, people) == {"office", "chair", "secretary"}, "the protocol is closed, so only whom it was sent to"
    send_to(extract, people["member"], cast.secretary)
    document = extract.document_id
    pages = [extract.get_absolute_url(), *(reverse(f"documents:{name}", args=[document]) for name in ("pdf", "docx", "history"))]
    found = answers(people["member"], pages)
    assert [answer.status_code for answer in found] == [200] * 4
    assert "открытом вопросе" in found[0].content.decode()
    assert canaries.scan(*found) == set()


def test_whom_an_open_decision_charges_reads_its_extract_in_force(people, cast):
    meeting = held(secretary=people["secretary"], chair=people["chair"])
    considered(meeting, decisions=({"text": "Сделать.", "is_charge": True, "executor": people["executor"], "executor_text": "Исполнителеву А.И."},))
    protocol = issued(create_protocol(meeting, by=cast.secretary), cast.secretary)
    extract = extract_of(protocol, 0, cast.secretary)
    assert readers(extract, people) == {"office", "chair", "secretary"}
    assert readers(issued(extract, cast.secretary), people) == {"office", "chair", "secretary", "executor"}
