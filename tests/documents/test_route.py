import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from projectoffice.common.errors import StaleVersion, TransitionNotAllowed
from projectoffice.common.models import Event, OutgoingMail
from projectoffice.documents import route
from projectoffice.documents.models import Document, Edition, EditionFile
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import return_document, send, sign, withdraw
from tests.documents.paper import TEXTS, make_paper
from tests.factories import PASSWORD, StampFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(cast):
    """A draft to be agreed by the department head and approved by the office head."""
    document = make_paper(cast.secretary)
    document.agree = StampFactory(document=document, kind="agree", side="left", signer=cast.department_head)
    document.approve = StampFactory(document=document, kind="approve", signer=cast.office_head)
    return document


def sent(document, by):
    document = send(document, by=by)
    return document, document.current_sheet.content_hash


def test_agreed_then_approved_is_issued_with_its_pdf_and_hash(cast, paper):
    document, shown = sent(paper, cast.secretary)
    sign(paper.agree, by=cast.department_head, shown_hash=shown, password=PASSWORD)
    assert Document.objects.get(pk=paper.pk).state == "in_approval"
    sign(paper.approve, by=cast.office_head, shown_hash=shown, password=PASSWORD)
    document = Document.objects.get(pk=paper.pk)
    assert document.state == "issued"
    assert document.in_force.number == 1
    assert document.in_force.sha256 == document.in_force.file.sha256
    assert document.date == timezone.localdate()
    assert not document.in_force.all_ink


def test_approval_waits_for_agreement(cast, paper):
    document, shown = sent(paper, cast.secretary)
    assert route.open_stamps(document) == [paper.agree]
    with pytest.raises(TransitionNotAllowed):
        sign(paper.approve, by=cast.office_head, shown_hash=shown, password=PASSWORD)


def test_a_stranger_and_a_wrong_password_sign_nothing(cast, paper):
    document, shown = sent(paper, cast.secretary)
    with pytest.raises(PermissionDenied):
        sign(paper.agree, by=cast.stranger, shown_hash=shown, password=PASSWORD)
    with pytest.raises(ValidationError):
        sign(paper.agree, by=cast.department_head, shown_hash=shown, password="не тот")
    assert not document.decisions.exists()


def test_a_decision_on_other_content_than_shown_is_refused(cast, paper):
    document, shown = sent(paper, cast.secretary)
    withdraw(document, by=cast.secretary)
    TEXTS[paper.pk] = "Другой текст"
    sent(paper, cast.secretary)
    with pytest.raises(StaleVersion):
        sign(paper.agree, by=cast.department_head, shown_hash=shown, password=PASSWORD)


def test_signing_twice_is_one_decision(cast, paper):
    document, shown = sent(paper, cast.secretary)
    for _ in range(2):
        sign(paper.agree, by=cast.department_head, shown_hash=shown, password=PASSWORD)
    assert document.decisions.count() == 1


def test_signing_twice_after_issue_is_still_one_decision(cast, paper):
    document, shown = sent(paper, cast.secretary)
    sign(paper.agree, by=cast.department_head, shown_hash=shown, password=PASSWORD)
    for _ in range(2):
        sign(paper.approve, by=cast.office_head, shown_hash=shown, password=PASSWORD)
    assert Edition.objects.count() == 1


def test_a_change_asks_everybody_again_and_no_change_does_not(cast, paper):
    document, shown = sent(paper, cast.secretary)
    sign(paper.agree, by=cast.department_head, shown_hash=shown, password=PASSWORD)
    withdraw(document, by=cast.secretary)
    document, _ = sent(paper, cast.secretary)
    assert route.open_stamps(document) == [paper.approve]
    withdraw(document, by=cast.secretary)
    TEXTS[paper.pk] = "Другой текст"
    document, _ = sent(paper, cast.secretary)
    assert route.open_stamps(document) == [paper.agree]


def test_a_return_needs_a_reason_and_keeps_edition_and_code(cast, paper):
    document, shown = sent(paper, cast.secretary)
    code = document.coming_code
    with pytest.raises(ValidationError):
        return_document(paper.agree, by=cast.department_head, shown_hash=shown, reason=" ")
    document = return_document(paper.agree, by=cast.department_head, shown_hash=shown, reason="Исправьте срок")
    assert (document.state, document.edition_number, document.coming_code) == ("draft", 1, code)
    assert OutgoingMail.objects.filter(person=cast.secretary, body__contains="Исправьте срок").exists()


def test_signed_in_ink_the_issued_pdf_is_the_very_sheet(cast, paper):
    document, _ = sent(paper, cast.secretary)
    sheet = bytes(document.current_sheet.pdf)
    today = timezone.localdate()
    record_ink(paper.agree, by=cast.secretary, signed_on=today)
    document = record_ink(paper.approve, by=cast.secretary, signed_on=today)
    document = Document.objects.get(pk=document.pk)
    assert bytes(document.in_force.file.pdf) == sheet
    assert document.in_force.all_ink


def test_a_document_without_stamps_is_issued_by_sending(cast):
    document = send(make_paper(cast.secretary), by=cast.secretary)
    assert document.state == "issued"


def test_problems_bar_sending(cast, paper):
    TEXTS[paper.pk] = ""
    with pytest.raises(ValidationError, match="Впишите тему"):
        send(paper, by=cast.secretary)


def test_an_electronic_signer_without_login_bars_sending(cast, paper):
    cast.office_head.username = None
    cast.office_head.save()
    with pytest.raises(ValidationError, match="не входит на портал"):
        send(paper, by=cast.secretary)


def test_numbers_run_without_gaps_and_survive_a_return(cast):
    first = make_paper(cast.secretary, kind="numbered_paper")
    stamp = StampFactory(document=first, signer=cast.office_head)
    first, shown = sent(first, cast.secretary)
    first = return_document(stamp, by=cast.office_head, shown_hash=shown, reason="Уточните")
    second = send(make_paper(cast.secretary, kind="numbered_paper"), by=cast.secretary)
    first = send(first, by=cast.secretary)
    assert (first.number, second.number) == (1, 2)


def test_a_revision_leaves_what_is_in_force_and_may_be_abandoned(cast):
    document = send(make_paper(cast.secretary), by=cast.secretary)
    document = revise(document, by=cast.secretary, basis="приказа департамента", basis_number="84")
    TEXTS[document.pk] = "Изменённый текст"
    assert document.in_force.number == 1
    document = abandon_revision(document, by=cast.secretary)
    assert (document.state, document.edition_number) == ("issued", 1)
    assert TEXTS[document.pk] == "Текст"


@pytest.mark.parametrize("rows", [Edition, EditionFile, Event])
def test_the_database_refuses_to_change_what_was_issued(cast, rows):
    send(make_paper(cast.secretary), by=cast.secretary)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.objects.update(id=10_000)


def test_an_edition_without_its_file_cannot_be(cast):
    document = send(make_paper(cast.secretary), by=cast.secretary)
    edition = document.in_force
    with pytest.raises(DatabaseError), transaction.atomic():
        edition.pk, edition.number, edition.public_code = None, 2, "другой"
        edition._state.adding = True
        edition.save()
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
