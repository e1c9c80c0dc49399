"""Extracts of protocols in force, and the command that prints a protocol."""
import io
from datetime import date

import pypdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from meetings.services.extract import choosable, create_extract, save_extract
from meetings.services.protocol import create_protocol, switch_form
from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.documents.models import Document
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send
from tests.documents.test_sheet_pdf import assert_archival, squeeze
from tests.factories import BodyFactory
from tests.meetings.held_meetings import considered, full_meeting, held, in_ink, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def protocol(cast):
    meeting = full_meeting(secretary=cast.secretary, chair=cast.office_head, body=BodyFactory(name="Проектный офис", genitive="Проектного офиса", is_main=True))
    return issued(create_protocol(meeting, by=cast.secretary), cast.secretary)


def uid_of(protocol, number):
    def search(items):
        for item in items:
            yield item
            yield from search(item["children"])

    source = protocol.document.in_force.snapshot["source"]
    return next(each["uid"] for item in search(source["items"]) for each in [item, *item["resolutions"]] if each["number"] == number)


def text_of(pdf):
    return squeeze(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bytes(pdf))).pages)).replace("\xa0", " ")


class TestExtract:
    def test_it_is_certified_by_the_secretary_and_prints_what_was_chosen(self, protocol, cast):
        extract = create_extract(protocol, [uid_of(protocol, "6.2.1"), uid_of(protocol, "1.2")], by=cast.secretary,
                                 original="Подлинник протокола находится в деле № 7.")
        assert extract.document.title == "Выписка из протокола №\xa01 от 04.06.2027: 1.2, 6.2.1"
        [stamp] = extract.document.stamps.active()
        assert (stamp.kind, stamp.post, stamp.signer) == ("certify", "Секретарь", cast.secretary)
        pdf = issued(extract, cast.secretary).document.in_force.file.pdf
        text = text_of(pdf)
        for words in ("ВЫПИСКА ИЗ ПРОТОКОЛА заседания Проектного офиса 04.06.2027 № 1", "1. СЛУШАЛИ:", "1.2. Белову С.И. представить", "6.2.1. Обновить",
                      "Верно Секретарь", "Подлинник протокола находится в деле № 7."):
            assert words in text
        for words in ("ВЫСТУПИЛИ", "Утвердить график", "1.1.", "Рассмотрение вопроса"):
            assert words not in text
        assert_archival(type("Rendered", (), {"pdf": bytes(pdf)}))

    def test_a_question_without_a_decision_may_be_chosen(self, protocol, cast):
        extract = create_extract(protocol, [uid_of(protocol, "3")], by=cast.secretary)
        assert "Рассмотрение вопроса перенесено" in str(send(in_ink(extract).document, by=cast.secretary).current_sheet.snapshot)

    def test_only_what_can_be_chosen_is(self, protocol, cast):
        source = protocol.document.in_force.snapshot["source"]
        assert uid_of(protocol, "1") not in choosable(source)
        for chosen in ([], ["чужое"], [uid_of(protocol, "1")]):
            with pytest.raises(ValidationError):
                create_extract(protocol, chosen, by=cast.secretary)

    def test_only_from_what_is_in_force_and_by_those_who_may(self, protocol, cast):
        with pytest.raises(PermissionDenied):
            create_extract(protocol, [uid_of(protocol, "1.1")], by=cast.department_head)
        other = held(secretary=cast.secretary, body=protocol.meeting.body, day=date(2027, 8, 1))
        considered(other)
        with pytest.raises(TransitionNotAllowed):
            create_extract(create_protocol(other, by=cast.secretary), ["x"], by=cast.secretary)

    def test_the_choice_may_be_another_while_it_is_a_draft(self, protocol, cast):
        extract = create_extract(protocol, [uid_of(protocol, "1.1")], by=cast.secretary)
        save_extract(extract, [uid_of(protocol, "2.1")], by=cast.secretary, version=1)
        extract.refresh_from_db()
        assert extract.document.title.endswith(": 2.1")
        with pytest.raises(StaleVersion):
            save_extract(extract, [uid_of(protocol, "5.1")], by=cast.secretary, version=1)

    def test_a_new_edition_of_the_protocol_makes_a_draft_outdated(self, protocol, cast):
        extract = create_extract(protocol, [uid_of(protocol, "1.1")], by=cast.secretary)
        protocol.document = revise(protocol.document, by=cast.secretary, basis="приказа")
        protocol.meeting.items.update(outcome_note="иначе")
        issued(protocol, cast.secretary)
        with pytest.raises(ValidationError, match="Действует уже редакция 2"):
            send(in_ink(extract).document, by=cast.secretary)

    def test_an_annulled_protocol_gives_none(self, protocol, cast):
        extract = create_extract(protocol, [uid_of(protocol, "1.1")], by=cast.secretary)
        propose_annulment(protocol.document, by=cast.office_head, reason="Ошибка")
        confirm_annulment(protocol.document, by=cast.department_head)
        with pytest.raises(ValidationError, match="отменён"):
            send(in_ink(extract).document, by=cast.secretary)

    def test_its_own_revision_given_up_returns(self, protocol, cast):
        extract = issued(create_extract(protocol, [uid_of(protocol, "1.1")], by=cast.secretary, original="Дело № 7."), cast.secretary)
        document = revise(extract.document, by=cast.secretary, basis="приказа")
        extract.document = document
        save_extract(extract, [uid_of(protocol, "2.1")], by=cast.secretary, version=extract.version)
        abandon_revision(document, by=cast.secretary)
        extract.refresh_from_db()
        assert (extract.chosen, extract.original) == ([uid_of(protocol, "1.1")], "Дело № 7.")

    def test_the_form_keeps_the_ticks_and_says_what_is_missing(self, protocol, cast, client):
        client.force_login(cast.secretary)
        url = reverse("meetings:extract_new", args=[protocol.pk])
        answer = client.post(url, {"addressee": "школа № 12", "form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b11"})
        assert answer.status_code == 422 and "Отметьте хотя бы одно решение" in answer.content.decode()
        assert "школа № 12" in answer.content.decode()
        data = {"chosen": [uid_of(protocol, "1.2")], "form_key": "6f1c1c9e-97a7-4a53-9a58-1a1a0d6f9b12"}
        addresses = {client.post(url, data).url for _ in range(2)}
        assert len(addresses) == 1 and Document.objects.filter(kind="protocol_extract").count() == 1
        assert "1.2." in client.get(addresses.pop()).content.decode()


class TestCommand:
    def test_the_issued_bytes_are_written(self, protocol, tmp_path, capsys):
        out = tmp_path / "protocol.pdf"
        call_command("print_protocol", "1", year=2027, out=str(out))
        assert out.read_bytes() == bytes(protocol.document.in_force.file.pdf)
        assert capsys.readouterr().out == f"Записано: {out}\n"

    def test_the_short_form_is_made_of_the_same_edition(self, protocol, tmp_path):
        out = tmp_path / "short.pdf"
        call_command("print_protocol", "№ 1", "--short", year=2027, out=str(out), body="Проектный офис")
        text = text_of(out.read_bytes())
        assert "1. О подведении итогов работы за полугодие (Белов С.И.)" in text and "СЛУШАЛИ" not in text

    def test_a_short_protocol_is_its_own_short_form(self, cast, tmp_path):
        meeting = held(secretary=cast.secretary, body=BodyFactory(is_main=True))
        considered(meeting)
        protocol = create_protocol(meeting, by=cast.secretary)
        switch_form(protocol, by=cast.secretary, is_short=True)
        protocol = issued(protocol, cast.secretary)
        call_command("print_protocol", "1", "--short", year=2027, out=str(tmp_path / "a.pdf"))
        assert (tmp_path / "a.pdf").read_bytes() == bytes(protocol.document.in_force.file.pdf)

    @pytest.mark.parametrize(("number", "options", "sentence"), [
        ("9", {}, "Подписанного протокола № 9 за 2027 год нет."), ("1", {"year": 1}, "Укажите год"), ("1", {"body": "Нет такого"}, "нет"),
        ("1", {"year": 2028}, "Подписанного протокола № 1 за 2028 год нет."),
    ])
    def test_a_refusal_is_one_sentence_and_code_two(self, protocol, tmp_path, capsys, number, options, sentence):
        with pytest.raises(SystemExit) as ending:
            call_command("print_protocol", number, **{"year": 2027, "out": str(tmp_path / "x.pdf")} | options)
        assert ending.value.code == 2 and sentence in capsys.readouterr().err
        assert not (tmp_path / "x.pdf").exists()
