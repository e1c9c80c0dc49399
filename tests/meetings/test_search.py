"""Search across the protocols in force: what is written, what is found, and what nobody learns."""
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.models import Meeting, Participant, ProtocolEntry
from meetings.protocol import search as looking
from meetings.protocol.search import Asked, pieces
from meetings.services.entries import drop_entries
from projectoffice.documents.models import Document
from tests.canary import Canaries
from tests.factories import BodyFactory, MeetingFactory, ParticipantFactory
from tests.meetings.protocols import decision, issue_edition, issued_protocol, lines, question, source_of

pytestmark = pytest.mark.django_db
SEARCH = "meetings:search"


def ask(client, reader, **query):
    client.force_login(reader)
    return client.get(reverse(SEARCH), query)


def plain(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode())).replace("\xa0", " ")


def found(user, **asked):
    return [hit.entry.number for hit in looking.results(user, Asked(**asked)).hits]


def body_with(member, **facts):
    """A body whose meeting this person takes part in; the meeting is held."""
    meeting = MeetingFactory(state=Meeting.State.HELD, **facts)
    ParticipantFactory(meeting=meeting, person=member)
    return meeting


FULL = question(
    "О смотре проектов", number="1", formula="О подготовке смотра проектов", heard=lines("Докладчик о площадках"),
    discussed=lines("Предложено перенести сроки"), outcome_note="замечаний нет", vote={"for": 12, "against": 0, "abstained": 1},
    speakers=[{"text": "Белову С.И.", "declined": "Белова С.И.", "person": 41}],
    resolutions=[
        decision("Принять информацию к сведению.", number="1.1"),
        decision("Представить отчёт о командах.", number="1.2", charge=True, executor=42, executor_text="Орловой Н.П.", controller=43,
                 co_executors=[44, 42], due="до 1 июля"),
    ],
    children=[question("О жюри", number="1.1.", resolutions=[decision("Утвердить состав.", number="1.3")])],
)


def entries(document):
    return list(ProtocolEntry.objects.filter(document=document).order_by("position"))


def test_every_question_decision_and_assignment_of_the_source_is_written_in_its_order(cast):
    document = issued_protocol(FULL)
    assert [(each.kind, each.number, each.title, each.people) for each in entries(document)] == [
        ("item", "1", "О подготовке смотра проектов", [41]), ("decision", "1.1", "О подготовке смотра проектов", []),
        ("assignment", "1.2", "О подготовке смотра проектов", [42, 43, 44]), ("item", "1.1.", "О жюри", []),
        ("decision", "1.3", "О жюри", [])]
    first, _, third, *_ = entries(document)
    assert first.text == "Белову С.И.\nДокладчик о площадках\nПредложено перенести сроки\nзамечаний нет"
    assert third.text == "Представить отчёт о командах.\nОрловой Н.П., до 1 июля"
    assert {(each.body_id, each.date, each.outcome) for each in entries(document)} == {
        (document.body_id, document.date, "considered"), (document.body_id, document.date, "")}


def test_the_short_form_is_found_by_what_it_prints_alone(cast):
    item, *_ = entries(issued_protocol(FULL, form="short"))
    assert item.text == "замечаний нет"


def test_a_new_edition_writes_the_entries_anew_and_they_can_be_dropped(cast):
    document = issued_protocol(FULL)
    meeting = Meeting.objects.get()
    issue_edition(document, source_of(meeting, question("О другом", number="1")))
    assert [each.title for each in entries(document)] == ["О другом"]
    drop_entries(document)
    assert entries(document) == []


def test_closed_questions_close_their_decisions_and_sub_questions(cast):
    document = issued_protocol({**FULL, "closed": True}, question("Открытый", number="2"))
    assert [each.closed for each in entries(document)] == [True] * 5 + [False]
    document = issued_protocol({**FULL, "children": [question("О жюри", closed=True, resolutions=[decision("Утвердить.")])]})
    assert [each.closed for each in entries(document)] == [False, False, False, True, True]


def test_a_very_long_text_is_written_and_found_by_its_beginning(cast):
    issued_protocol(question("О чтении", heard=lines("начало " + "слово " * 60_000 + "конец")))
    assert found(cast.secretary, words="начало") == ["1"]


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_found_in_any_form_and_filters_narrow(cast):
    first = issued_protocol(FULL, date=date(2027, 2, 3))
    other = body_with(cast.secretary, date=date(2026, 2, 3))
    issued_protocol(question("О чтении", number="7", resolutions=[decision("Провести смотр чтецов.", number="7.1")]), meeting=other)
    assert set(found(cast.secretary, words="смотры")) == {"1", "1.1", "1.2", "7.1"}
    assert found(cast.secretary, words="смотр", kind="assignment") == ["1.2"]
    assert found(cast.secretary, words="смотр", year=2026) == ["7.1"]
    assert found(cast.secretary, body=first.body, kind="decision") == ["1.1", "1.3"]
    assert set(found(cast.secretary, words='"смотр проектов" -отчёт')) == {"1", "1.1"}
    assert found(cast.secretary, words="нет такого") == []


def test_a_word_the_database_cuts_wrongly_is_found_in_its_other_forms(cast):
    issued_protocol(question("Материалы смотра", number="1"))
    assert found(cast.secretary, words="материал") == ["1"]


def test_a_person_is_found_among_speakers_executors_and_controllers(cast):
    speakers = [{"text": "x", "declined": "", "person": cast.office_head.pk}]
    issued_protocol(question("Доклад", number="1", speakers=speakers, resolutions=[
        decision("Поручить", number="1.1", charge=True, executor=cast.stranger.pk, controller=cast.office_head.pk)]))
    assert found(cast.secretary, person=cast.office_head) == ["1", "1.1"]
    assert found(cast.secretary, person=cast.stranger) == ["1.1"]
    assert found(cast.secretary, person=cast.department_head) == []


def test_with_words_the_best_come_first_otherwise_the_newest(cast):
    issued_protocol(question("Смотр смотру рознь: смотр", number="1"), date=date(2026, 1, 5))
    issued_protocol(question("О порядке, сроках, площадках, жюри, листах оценки и месте смотра проектов", number="2"), date=date(2027, 1, 5))
    assert found(cast.secretary, words="смотр") == ["1", "2"]
    assert found(cast.secretary, kind="item") == ["2", "1"]


def test_the_page_marks_what_was_asked_for_and_leads_to_its_place(cast, client):
    document = issued_protocol(FULL, number="5")
    page = ask(client, cast.secretary, q="смотр", kind="assignment").content.decode()
    uid = FULL["resolutions"][1]["uid"]
    assert f'href="{document.get_absolute_url()}#at-{uid}"' in page
    assert "По вопросу: О подготовке <mark>смотра</mark> проектов" in page
    assert "Поручение · Протокол №&nbsp;5 от 04.06.2027" in page


def test_typed_markup_stays_text_in_title_and_words(cast, client):
    issued_protocol(question("О <b>смотре</b>", heard=lines("смотр <script>alert(1)</script> & всё")))
    page = ask(client, cast.secretary, q="смотр").content.decode()
    assert "<script>alert" not in page and "<b>" not in page and "<mark>смотр</mark>" in page


@pytest.mark.parametrize(("text", "begins", "ends"), [
    ("Смотр пройдёт до 15 марта.", "Смотр", "марта."),
    (f"{'Слово за словом. ' * 20}Смотр проектов пройдёт до 15 марта, {'и снова слова, ' * 20}конец.", "… ", " …"),
    (f"{'Слово за словом. ' * 20}Начали смотр!", "… ", "смотр!"),
])
def test_an_excerpt_says_where_the_text_goes_on(cast, text, begins, ends):
    issued_protocol(question("О чтении", number="1", heard=lines(text)))
    words = "".join(part for part, _ in looking.results(cast.secretary, Asked(words="смотр")).hits[0].words)
    assert words.startswith(begins) and words.endswith(ends), words


def test_pieces_tell_marked_words_from_the_rest():
    assert pieces("о \x02смотре\x03 и \x02чтении\x03") == [("о ", False), ("смотре", True), (" и ", False), ("чтении", True)]
    assert pieces("") == []


def test_an_empty_question_explains_and_nothing_found_offers_a_way_back(cast, client):
    issued_protocol(FULL)
    assert "Что ищем?" in plain(ask(client, cast.secretary))
    assert "Что ищем?" in plain(ask(client, cast.secretary, q="  ", kind=""))
    nothing = ask(client, cast.secretary, q="абракадабра").content.decode()
    assert "По этим условиям ничего нет." in nothing and 'href="?">Снять фильтры' in nothing


def test_pages_of_fifty_go_on_to_the_end_and_know_their_number(cast, client):
    issued_protocol(*[question(f"Вопрос о смотре {number}", number=str(number)) for number in range(120)])
    first = plain(ask(client, cast.secretary, q="смотр"))
    assert "Показано 50 из 120" in first and "Показать ещё 50" in first
    third = plain(ask(client, cast.secretary, q="смотр", page=3))
    assert "Показано 120 из 120" in third and "Показать ещё" not in third
    numbers = {hit.entry.number for page in (1, 2, 3) for hit in looking.results(cast.secretary, Asked("смотр"), page).hits}
    assert len(numbers) == 120
    for beyond in ("9", "999999", "-1", "x"):
        assert ask(client, cast.secretary, q="смотр", page=beyond).status_code == 200


def test_leafing_ends_with_a_word_of_advice(cast, client, monkeypatch):
    monkeypatch.setattr(looking, "MOST", 100)
    issued_protocol(*[question(f"Вопрос о смотре {number}", number=str(number)) for number in range(120)])
    second = plain(ask(client, cast.secretary, q="смотр", page=2))
    assert "Показано 100 из 120" in second and "Добавьте слово или выберите год." in second and "Показать ещё" not in second


def test_many_hits_cost_as_many_queries_as_few(cast, client):
    def cost():
        ask(client, cast.secretary, q="смотр")
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(SEARCH), {"q": "смотр"})
        return len(captured)

    issued_protocol(question("О смотре"))
    few = cost()
    for _ in range(5):
        issued_protocol(*[question(f"О смотре {number}") for number in range(8)])
    assert cost() == few <= 20


# ── what nobody learns ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def closed(cast):
    """A protocol with a closed question; member A takes part in its meeting, school B in another body's."""
    canaries = Canaries()
    meeting = body_with(cast.member_of_school_a)
    hidden = question(f"О закрытом {canaries.plant('title')}", closed=True, number="2", heard=lines(canaries.plant("heard")),
                      resolutions=[decision(canaries.plant("decision"), charge=True, executor=cast.member_of_school_a.pk)])
    issued_protocol(question("Об открытом смотре", number="1"), hidden, meeting=meeting)
    body_with(cast.member_of_school_b)
    return canaries


def test_words_of_a_closed_question_are_found_by_the_office_and_by_nobody_else(closed, cast, client):
    for word in closed.places:
        assert closed.scan(ask(client, cast.secretary, q=word)), word
        for person in (cast.member_of_school_a, cast.member_of_school_b, cast.stranger):
            assert "По этим условиям ничего нет" in plain(ask(client, person, q=word))


def test_a_closed_question_is_neither_listed_nor_counted_by_filters(closed, cast, client):
    assert "Показано 3 из 3" in plain(ask(client, cast.secretary, year=2027))
    for person in (cast.member_of_school_a, cast.member_of_school_b, cast.stranger):
        for query in ({"year": 2027}, {"kind": "assignment"}, {"mine": "on"}, {"kind": "item"}):
            page = ask(client, person, **query)
            assert closed.scan(page) == set()
            assert "из 2" not in plain(page) and "из 3" not in plain(page)


def test_who_leads_the_meeting_finds_its_closed_questions(closed, cast):
    Document.objects.filter(kind="protocol").update(state=Document.State.DRAFT)  # the list is closed with its protocol
    Participant.objects.filter(person=cast.member_of_school_a).update(role=Participant.Role.CHAIR)
    word = next(iter(closed.places))
    if ProtocolEntry.objects.visible_to(cast.member_of_school_a).exists():
        assert found(cast.member_of_school_a, words=word)


def test_what_is_hidden_and_what_does_not_exist_are_the_same_page(cast, client):
    """The same question before and after the hidden words were written: nothing but chance differs."""
    canaries = Canaries()
    queries = [{"q": canaries.plant(place)} for place in ("another body's", "a closed question")] + [{"year": 2027}, {"kind": "decision"}]
    readers = {"of another body": cast.member_of_school_b, "of the same meeting": cast.member_of_school_a, "nobody": cast.stranger}
    meeting = body_with(cast.member_of_school_a, body=BodyFactory())
    foreign = MeetingFactory(state=Meeting.State.HELD)
    body_with(cast.member_of_school_b)

    def pages(*names):
        return {(name, place): masked(ask(client, readers[name], **query)) for name in names for place, query in enumerate(queries)}

    before = pages("of another body", "nobody"), pages("of the same meeting")
    other, closed = (query["q"] for query in queries[:2])
    issued_protocol(question(f"О смотре {other}", resolutions=[decision("Утвердить.")]), meeting=foreign)
    hidden = issued_protocol(question(f"О смотре {closed}", closed=True, resolutions=[decision("Утвердить.")]), meeting=meeting)
    assert canaries.scan(*(ask(client, cast.secretary, **query) for query in queries[:2])) == set(canaries.places.values())
    assert pages("of another body", "nobody") == before[0]
    assert pages("of the same meeting") == before[1]
    issue_edition(hidden, source_of(meeting, question(f"О смотре {closed}")))
    assert pages("of another body", "nobody") == before[0]


def masked(response):
    """The page without what differs from one answer to the next by chance: nonces and keys of forms."""
    return re.sub(r'(nonce|name="csrfmiddlewaretoken" value|hx-headers)=("[^"]*"|\'[^\']*\')', r"\1", response.content.decode())


def test_people_are_not_told_to_those_who_do_not_see_them(cast, client):
    issued_protocol(FULL)
    page = ask(client, cast.stranger, person="Орлова", q="смотр").content.decode()
    assert "Орлова" not in page and "Где есть я" in page
    unknown = plain(ask(client, cast.secretary, person="Нетаков"))
    assert "В списке такого человека нет" in unknown and "ничего нет" not in unknown


# ── any question is answered ─────────────────────────────────────────────────────────────────────────────

typed = st.text(max_size=300) | st.text(alphabet='"\'-&|!():*<>\\ orи смотр\x00\u202e', max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=typed, year=typed, kind=typed, person=typed, page=typed)
def test_no_question_is_too_odd(cast, client, words, year, kind, person, page):
    if not ProtocolEntry.objects.exists():
        issued_protocol(FULL)
    query = {"q": words, "year": year, "kind": kind, "person": person, "page": page, "body": year}
    query = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    assert ask(client, cast.secretary, **query).status_code == 200
    assert ask(client, cast.stranger, q=query["q"]).status_code == 200
