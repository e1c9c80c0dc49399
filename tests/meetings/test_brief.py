"""«Оргпроект встречи»: begun from the meeting, typed as paper, printed word for word like the office's own."""
import io
import os
from datetime import time
from pathlib import Path

import docx
import page as validator
import pypdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings.meeting.brief_fields import FIELDS, LEADS, typed
from meetings.models import AgendaSpeaker, MeetingBrief
from meetings.services import brief as verbs
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.documents.models import Document
from projectoffice.documents.printing import draft_sheet, word_copy
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send
from projectoffice.documents.snapshot import take_snapshot
from tests.factories import AgendaItemFactory, MeetingFactory, ParticipantFactory, UserFactory

pytestmark = pytest.mark.django_db
REAL = Path(os.environ.get("SHARED_DOCUMENTS", "")) / "orgproekt-vstrechi-2020-09-25.docx"


@pytest.fixture
def office():
    return UserFactory(roles=["office_staff"])


@pytest.fixture
def meeting():
    made = MeetingFactory(start=time(10), end=time(12))
    first = AgendaItemFactory(meeting=made, position=1, title="Презентация проекта")
    for place, name in enumerate(("Белов С.И.", "Орлова Н.П.")):
        AgendaSpeaker.objects.create(item=first, text=name, position=place)
    AgendaItemFactory(meeting=made, position=1, parent=first, title="Что сделано")
    AgendaItemFactory(meeting=made, position=2, title="О доплатах", closed=True)
    AgendaItemFactory(meeting=made, position=3, title="Разное.")
    return made


@pytest.fixture
def brief(meeting, office):
    return verbs.create_brief(meeting, by=office)


def filled(brief, office, **texts):
    texts = {"goal": "согласовать сроки.", "tasks": "– обсудить план;\n– утвердить."} | texts
    return verbs.save_brief(brief, texts, version=brief.version, by=office)


def issued(brief, office):
    filled(brief, office)
    return send(brief.document, by=office)


def words_of(pdf):
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return [word for word in text.split() if word != "•"]


class TestBeginning:
    def test_takes_the_plan_the_time_and_the_place_from_the_meeting_as_the_office_writes_them(self, brief, meeting):
        assert [item["text"] for item in brief.plan] == ["Презентация проекта. Белов С.И., Орлова Н.П.", "Что сделано.", "Разное."]
        assert [item["level"] for item in brief.plan] == [0, 1, 0]
        assert brief.when == "04.06.2027, 10.00. – 12.00."
        assert brief.place == meeting.place
        assert brief.title == f"Примерный оргпроект встречи\n{meeting.body.genitive}"

    def test_closed_questions_stay_out(self, brief):
        assert "доплат" not in str(brief.plan)

    def test_twice_is_once(self, brief, meeting, office):
        assert verbs.create_brief(meeting, by=office) == brief
        assert MeetingBrief.objects.count() == 1

    def test_without_an_end_only_the_beginning_is_told(self, meeting):
        meeting.end = None
        assert verbs.when_of(meeting) == "04.06.2027, 10.00."
        meeting.start = None
        assert verbs.when_of(meeting) == "04.06.2027"

    def test_is_for_the_office_and_the_secretary_of_the_meeting(self, meeting):
        guest, secretary = ParticipantFactory(meeting=meeting), ParticipantFactory(meeting=meeting, role="secretary")
        with pytest.raises(PermissionDenied):
            verbs.create_brief(meeting, by=guest.person)
        assert verbs.create_brief(meeting, by=secretary.person)

    def test_a_cancelled_meeting_needs_none(self, meeting, office):
        meeting.state = "cancelled"
        meeting.save()
        with pytest.raises(TransitionNotAllowed):
            verbs.create_brief(meeting, by=office)


class TestTyping:
    def test_lines_without_signs_are_points_of_a_list(self, brief, office):
        kept = verbs.save_brief(brief, {"tasks": "обсудить\nутвердить"}, version=1, by=office)
        assert [item["marker"] for item in kept.tasks] == ["bullet", "bullet"]

    def test_lines_with_signs_stay_as_typed(self, brief, office):
        kept = verbs.save_brief(brief, {"tasks": "Всего две:\n– обсудить\n  – сроки"}, version=1, by=office)
        assert [(item["marker"], item["level"]) for item in kept.tasks] == [("paragraph", 0), ("dash", 0), ("dash", 1)]

    def test_the_same_text_twice_changes_nothing_more(self, brief, office):
        first = verbs.save_brief(brief, {"goal": "цель"}, version=1, by=office)
        assert verbs.save_brief(brief, {"goal": "цель"}, version=1, by=office).version == first.version == 2

    def test_over_the_text_of_another_is_refused(self, brief, office):
        verbs.save_brief(brief, {"goal": "одна"}, version=1, by=office)
        with pytest.raises(StaleVersion) as stale:
            verbs.save_brief(brief, {"goal": "другая"}, version=1, by=office)
        assert stale.value.current.goal == "одна"

    @pytest.mark.parametrize(("field", "text"), [("title", " "), ("goal", "а\x01б"), ("tasks", "а\x01б"), ("goal", "я" * 9999),
                                                 ("plan", "я" * 99999), ("when", "я" * 201), ("place", "я" * 301),
                                                 ("title", "1\n2\n3\n4\n5\n6\n7")])
    def test_what_cannot_be_kept_is_told_beside_its_field(self, brief, office, field, text):
        with pytest.raises(ValidationError) as refusal:
            verbs.save_brief(brief, {field: text}, version=1, by=office)
        assert list(refusal.value.message_dict) == [field]

    def test_is_closed_once_it_is_issued(self, brief, office):
        issued(brief, office)
        with pytest.raises(TransitionNotAllowed):
            verbs.save_brief(brief, {"goal": "другая"}, version=9, by=office)

    def test_the_plan_is_taken_from_the_agenda_anew_and_what_was_typed_comes_back(self, brief, meeting, office):
        verbs.save_brief(brief, {"plan": "Регистрация участников."}, version=1, by=office)
        event = verbs.take_from_meeting(brief, "plan", by=office)
        brief.refresh_from_db()
        assert brief.plan[0]["text"].startswith("Презентация")
        assert verbs.return_text(brief, event.pk, by=office).plan[0]["text"] == "Регистрация участников."

    def test_what_was_typed_since_is_not_overwritten_by_the_text_that_comes_back(self, brief, office):
        verbs.save_brief(brief, {"plan": "Регистрация участников."}, version=1, by=office)
        event = verbs.take_from_meeting(brief, "plan", by=office)
        brief.refresh_from_db()
        verbs.save_brief(brief, {"plan": "Третий текст."}, version=brief.version, by=office)
        with pytest.raises(StaleVersion):
            verbs.return_text(brief, event.pk, by=office)

    def test_a_moved_meeting_gives_its_new_time(self, brief, meeting, office):
        assert verbs.take_from_meeting(brief, "when", by=office) is None
        meeting.start, meeting.end = time(15, 30), None
        meeting.save()
        verbs.take_from_meeting(brief, "when", by=office)
        brief.refresh_from_db()
        assert brief.when == "04.06.2027, 15.30."


class TestTheRoute:
    def test_without_stamps_it_is_issued_at_once(self, brief, office):
        document = issued(brief, office)
        assert document.state == Document.State.ISSUED
        assert document.spec.issued_word == "Готов"

    @pytest.mark.parametrize("field", ["goal", "plan", "when", "place"])
    def test_what_is_needed_bars_sending(self, brief, office, field):
        filled(brief, office, **{field: ""})
        with pytest.raises(ValidationError):
            send(brief.document, by=office)

    def test_an_abandoned_change_puts_every_field_back(self, brief, office):
        document = issued(brief, office)
        before = MeetingBrief.objects.values().get()
        revise(document, by=office, basis="приказа")
        brief.refresh_from_db()
        texts = dict.fromkeys(("title", "goal", "tasks", "results", "products", "plan", "when", "place"), "Другое")
        verbs.save_brief(brief, texts, version=brief.version, by=office)
        document.refresh_from_db()
        abandon_revision(document, by=office)
        after = MeetingBrief.objects.values().get()
        assert before | {"version": 0} == after | {"version": 0}


class TestReading:
    def test_the_draft_is_for_the_office_and_who_leads_and_what_is_in_force_for_those_expected(self, brief, meeting, office):
        people = {role: ParticipantFactory(meeting=meeting, role=role).person for role in ("chair", "secretary", "guest")}
        people |= {"head": UserFactory(roles=["department_head"]), "stranger": UserFactory()}

        def readers():
            return {name for name, person in people.items() if MeetingBrief.objects.visible_to(person).exists()}

        assert readers() == {"chair", "secretary", "head"}
        issued(brief, office)
        assert readers() == {"chair", "secretary", "head", "guest"}

    def test_a_change_being_prepared_is_not_shown_to_those_expected(self, client, brief, meeting, office):
        guest = ParticipantFactory(meeting=meeting).person
        document = issued(brief, office)
        revise(document, by=office, basis="приказа")
        brief.refresh_from_db()
        verbs.save_brief(brief, {"goal": "совсем другая цель"}, version=brief.version, by=office)
        pages = {}
        for person in (guest, office):
            client.force_login(person)
            pages[person] = client.get(brief.get_absolute_url()).content.decode()
        assert "согласовать сроки." in pages[guest]
        assert "совсем другая цель" not in pages[guest]
        assert "совсем другая цель" in pages[office]


class TestThePage:
    @pytest.fixture
    def page(self, client, office):
        client.force_login(office)
        return client

    def save(self, page, brief, accept="application/json", **texts):
        brief.refresh_from_db()
        data = {field: typed(brief, field) for field in FIELDS} | {"version": brief.version} | texts
        return page.post(reverse("meetings:brief_save", args=[brief.pk]), data, headers={"accept": accept})

    def test_a_text_is_saved_as_it_is_typed(self, page, brief):
        answer = self.save(page, brief, goal="цель")
        assert answer.json()["version"] == 2
        brief.refresh_from_db()
        assert brief.goal == "цель"

    def test_another_text_saved_in_between_is_sent_along(self, page, brief, office):
        verbs.save_brief(brief, {"goal": "одна"}, version=1, by=office)
        answer = self.save(page, brief, goal="другая", version=1)
        assert answer.status_code == 409
        assert answer.json()["values"]["goal"] == ["одна"]

    def test_what_cannot_be_kept_is_told_beside_the_field_with_the_text_still_there(self, page, brief):
        answer = self.save(page, brief, title="", goal="новая цель")
        assert answer.status_code == 422
        assert list(answer.json()["errors"]) == ["title"]
        answer = self.save(page, brief, accept="text/html", title="", goal="новая цель")
        assert answer.status_code == 422
        assert "без него оргпроект не напечатать" in answer.content.decode()
        assert "новая цель" in answer.content.decode()

    def test_without_the_script_the_other_text_stands_beside_ones_own(self, page, brief, office):
        verbs.save_brief(brief, {"goal": "одна", "tasks": "обсудить"}, version=1, by=office)
        answer = self.save(page, brief, accept="text/html", goal="другая", tasks="обсудить", version=1)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Сейчас записано: «одна»" in text
        assert "другая" in text
        assert text.count("Сейчас записано") == 2  # in the list above the form and beside the one field

    @pytest.mark.parametrize("data", [{}, {"version": "x"}, {"version": 10**30, "title": "Т"}, {"version": 1, "title": "\0"}])
    def test_odd_posts_are_no_error(self, page, brief, data):
        for accept in ("application/json", "text/html"):
            answer = page.post(reverse("meetings:brief_save", args=[brief.pk]), data, headers={"accept": accept})
            assert answer.status_code in (409, 422)

    @pytest.mark.parametrize(("name", "data"), [("brief_take", {"what": "x"}), ("brief_return", {"event": "x"}),
                                                ("brief_return", {"event": 10**9}), ("brief_return", {})])
    def test_odd_buttons_are_no_error(self, page, brief, name, data):
        assert page.post(reverse(f"meetings:{name}", args=[brief.pk]), data).status_code == 302

    def test_costs_the_same_for_any_number_of_points_and_people(self, page, brief, meeting, office):
        def cost():
            with CaptureQueriesContext(connection) as asked:
                assert page.get(brief.get_absolute_url()).status_code == 200
            return len(asked)

        few = cost()
        for number in range(5):
            AgendaItemFactory(meeting=meeting, position=10 + number)
            ParticipantFactory(meeting=meeting)
        verbs.take_from_meeting(brief, "plan", by=office)
        assert cost() == few <= 20
        brief.refresh_from_db()
        issued(brief, office)
        assert cost() <= 20


class TestPrinting:
    def test_is_archival_and_accessible(self, brief, office):
        filled(brief, office)
        rendered = draft_sheet(brief.document)
        for profile in ("3a", "ua1"):
            report = validator.validate_pdf_bytes(rendered.pdf, profile=profile)
            assert report.is_compliant, [(failure.rule_id, failure.message) for failure in report.failures]

    def test_what_was_left_empty_is_not_printed(self, brief, office):
        filled(brief, office)
        text = " ".join(words_of(draft_sheet(brief.document).pdf))
        assert "Задачи: - обсудить план; - утвердить." in text
        assert "Планируемый результат" not in text

    def test_the_command_writes_what_is_in_force_and_a_draft_before(self, brief, office, tmp_path, capsys):
        filled(brief, office)
        out = tmp_path / "brief.pdf"
        call_command("print_brief", str(brief.meeting_id), out=str(out))
        assert "Записан проект" in capsys.readouterr().out
        document = send(brief.document, by=office)
        call_command("print_brief", str(brief.meeting_id), out=str(out))
        assert out.read_bytes() == bytes(document.in_force.file.pdf)

    @pytest.mark.parametrize(("number", "sentence"), [
        ("0", "Заседания 0 нет."), (str(10**30), f"Заседания {10**30} нет."),
        ("x", "Номер заседания укажите числом: print_brief 7 (подробнее: print_brief --help)."),
    ])
    def test_the_command_refuses_in_one_sentence(self, number, sentence, tmp_path, capsys):
        with pytest.raises(SystemExit) as refusal:
            call_command("print_brief", number, "--out", str(tmp_path / "x.pdf"))
        assert refusal.value.code == 2
        assert capsys.readouterr().err.strip() == sentence

    def test_the_command_names_the_folder_that_is_not_there(self, brief, tmp_path, capsys):
        for out, sentence in ((tmp_path / "no" / "x.pdf", f"Папки {tmp_path / 'no'} нет; создайте её или укажите другую."),
                              (tmp_path, f"{tmp_path} – это папка; допишите имя файла.")):
            with pytest.raises(SystemExit):
                call_command("print_brief", str(brief.meeting_id), out=str(out))
            assert capsys.readouterr().err.strip() == sentence


@pytest.mark.skipif(not REAL.is_file(), reason=f"the real document is not here: {REAL}")
class TestTheRealOne:
    @pytest.fixture
    def paragraphs(self):
        return [paragraph.text.strip() for paragraph in docx.Document(str(REAL)).paragraphs if paragraph.text.strip()]

    def texts(self, paragraphs):
        """The file cut at its own headings, as a person would type it into the fields."""
        texts, field = {"title": []}, "title"
        for text in paragraphs:
            begun = next((name for name, lead in LEADS.items() if text.startswith(lead)), None)
            if begun:
                field, text = begun, text.removeprefix(LEADS[begun]).strip()
                texts[field] = []
            if text:
                texts[field].append(text)
        return {field: "\n".join(rows) for field, rows in texts.items()}

    def test_is_typed_in_and_printed_word_for_word(self, client, brief, office, paragraphs):
        texts = self.texts(paragraphs)
        assert set(texts) == {"title", "goal", "tasks", "results", "products", "plan", "when", "place"}
        client.force_login(office)
        answer = client.post(reverse("meetings:brief_save", args=[brief.pk]), texts | {"version": 1})
        assert answer.status_code == 302
        document = send(Document.objects.get(pk=brief.document_id), by=office)
        printed = words_of(bytes(document.in_force.file.pdf))
        expected = " ".join(paragraphs).split()
        at = printed.index(expected[0])
        assert printed[at:at + len(expected)] == expected

    def test_its_word_copy_says_the_same(self, brief, office, paragraphs):
        verbs.save_brief(brief, self.texts(paragraphs), version=1, by=office)
        copy = docx.Document(io.BytesIO(word_copy(take_snapshot(brief.document))))
        words = " ".join(paragraph.text for paragraph in copy.paragraphs).split()
        expected = " ".join(paragraphs).split()
        numbers = {f"{number}." for number in range(1, 8)}  # numbers of a list are Word's own
        assert words == [word for word in expected if word not in numbers]
