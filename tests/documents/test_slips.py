"""Slips of an office: a page left open, two recorders at once, a proposal made by mistake, an act that cannot wait."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Substitution
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.panel import panel_of
from projectoffice.documents.services.annulment import record_annulment, withdraw_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send, withdraw
from projectoffice.documents.services.stamps import replace_signer
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import fresh, paper_in
from tests.documents.uploads import pdf_upload, stored_pdf
from tests.factories import StampFactory

pytestmark = pytest.mark.django_db


def url(name, document):
    return reverse(f"documents:{name}", args=[document.pk])


def replaced_sheet(document, by):
    withdraw(fresh(document), by=by)
    TEXTS[document.pk] = "Совсем другой текст"
    send(fresh(document), by=by)


def letters_to(person):
    return OutgoingMail.objects.filter(person=person).count()


@pytest.mark.parametrize("page", ["ink", "record_return"])
def test_a_form_opened_on_an_old_sheet_marks_nothing_on_the_new_one(cast, client, page):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head, method="ink")
    send(document, by=cast.secretary)
    client.force_login(cast.secretary)
    shown = client.get(url(page, document)).context["shown_hash"]
    replaced_sheet(document, cast.secretary)
    today = f"{timezone.localdate():%Y-%m-%d}"
    data = {f"stamp-{stamp.pk}-signed": "on", f"stamp-{stamp.pk}-signed_on": today,
            "stamp": stamp.pk, "reason": "Срок", "source": "звонок", "source_date": today}
    for old in ({}, {"shown_hash": shown}):
        answer = client.post(url(page, document), data | old, follow=True)
        assert "уже другой лист" in answer.content.decode()
        assert fresh(document).state == "in_approval" and not document.decisions.exists()
    shown = client.get(url(page, document)).context["shown_hash"]
    client.post(url(page, document), data | {"shown_hash": shown})
    assert fresh(document).state != "in_approval"


def test_a_number_is_no_excuse_to_send_what_was_not_shown(cast, client):
    document = make_paper(cast.secretary, kind="numbered_paper")
    StampFactory(document=document, signer=cast.office_head)
    client.force_login(cast.secretary)
    shown = client.get(url("send", document)).context["shown_hash"]
    TEXTS[document.pk] = "Другой текст"
    client.post(url("send", document), {"shown_hash": shown})
    assert (fresh(document).state, fresh(document).number) == ("draft", None)
    client.post(url("send", document), {"shown_hash": client.get(url("send", document)).context["shown_hash"]})
    assert fresh(document).state == "in_approval"


def test_the_scan_of_a_second_recorder_is_kept_and_once(cast):
    document = paper_in("sent", cast)
    agree = document.stamps.get(kind="agree")
    today = timezone.localdate()
    record_ink(agree, by=cast.secretary, signed_on=today)
    for _ in range(2):
        record_ink(agree, by=cast.office_head, signed_on=today, scan=stored_pdf(cast.office_head))
    assert document.attachments.filter(kind="scan").count() == 1


def test_an_approval_dated_before_the_agreement_is_remarked(cast):
    document = paper_in("sent", cast)
    today = timezone.localdate()
    record_ink(document.stamps.get(kind="agree"), by=cast.secretary, signed_on=today)
    record_ink(document.stamps.get(kind="approve"), by=cast.secretary, signed_on=today - timedelta(days=30))
    agree, approve = panel_of(fresh(document), cast.secretary).places
    assert "раньше предыдущей подписи" in approve.remark and agree.remark == ""


def test_a_replaced_signer_and_who_acts_are_told_that_nothing_waits(cast):
    today = timezone.localdate()
    Substitution.objects.create(absent=cast.department_head, acting=cast.member_of_school_b, since=today, until=today,
                                post="И.о.", basis="приказ № 1")
    document = paper_in("sent", cast)
    agree = document.stamps.get(kind="agree")
    asked = [letters_to(person) for person in (cast.department_head, cast.member_of_school_b)]
    replace_signer(agree, by=cast.secretary, signer=cast.member_of_school_a)
    assert [letters_to(cast.department_head), letters_to(cast.member_of_school_b)] == [count + 1 for count in asked]
    replace_signer(agree, by=cast.secretary, signer=cast.department_head)
    withdraw(fresh(document), by=cast.secretary)
    last = OutgoingMail.objects.filter(person=cast.member_of_school_b).latest("pk")
    assert "Решение больше не нужно" in last.subject


def test_the_named_signer_learns_that_ink_was_recorded(cast):
    document = paper_in("sent", cast)
    before = letters_to(cast.department_head)
    record_ink(document.stamps.get(kind="agree"), by=cast.secretary, signed_on=timezone.localdate())
    assert letters_to(cast.department_head) == before + 1


@pytest.mark.parametrize("sent", [False, True])
def test_an_act_annuls_what_is_in_force_though_a_change_is_under_way(cast, client, sent):
    document = paper_in("revised", cast)
    title = document.title
    type(document).objects.filter(pk=document.pk).update(title="Новое имя")
    TEXTS[document.pk] = "Изменённый текст"
    if sent:
        send(fresh(document), by=cast.secretary)
    client.force_login(cast.secretary)
    assert client.post(url("annul_by_act", document), {"act": "приказ № 1", "scan": pdf_upload()}).status_code == 302
    document = fresh(document)
    assert (document.state, document.edition_number, document.title) == ("annulled", 1, title)
    assert (document.current_sheet, TEXTS[document.pk]) == (None, "Текст")
    assert all(place.family == "done" for place in panel_of(document, cast.secretary).places)


def test_a_draft_that_was_never_in_force_is_not_annulled(cast, client):
    document = paper_in("draft", cast)
    client.force_login(cast.secretary)
    client.post(url("annul_by_act", document), {"act": "приказ № 1", "scan": pdf_upload()})
    assert fresh(document).state == "draft"


def test_who_proposed_an_annulment_takes_it_back_and_nobody_else_does(cast, client):
    document = paper_in("proposed", cast)
    with pytest.raises(PermissionDenied):
        withdraw_annulment(document, by=cast.office_head)
    client.force_login(cast.secretary)
    assert "Отозвать предложение" in client.get(url("annul", document)).content.decode()
    assert client.post(url("annul_withdraw", document)).status_code == 302
    assert fresh(document).state == "issued" and not any(each.is_open for each in document.annulments.all())
    assert OutgoingMail.objects.filter(person=cast.office_head, subject__startswith="Отменять не нужно").exists()
    client.force_login(cast.office_head)
    assert "Отозвать предложение" not in client.get(url("annul", document)).content.decode()


def test_the_act_of_the_edition_in_force_outlives_an_abandoned_change(cast, client):
    document = paper_in("issued", cast)
    today = timezone.localdate()
    revise(document, by=cast.secretary, basis="приказа", basis_number="1", basis_date=today, basis_file=stored_pdf(cast.secretary))
    send(fresh(document), by=cast.secretary)
    for kind in ("agree", "approve"):
        record_ink(document.stamps.get(kind=kind), by=cast.secretary, signed_on=today)
    kept = fresh(document).basis_file
    revise(fresh(document), by=cast.secretary, basis="протокола", basis_number="2")
    client.force_login(cast.secretary)
    assert client.get(url("basis_file", document)).status_code == 404
    of_the_edition = url("basis_file", document) + "?edition=2"
    assert client.get(of_the_edition).status_code == 200
    assert of_the_edition in client.get(url("history", document)).content.decode()
    abandon_revision(fresh(document), by=cast.secretary)
    document = fresh(document)
    assert (document.basis, document.basis_number, document.basis_date, document.basis_file) == ("приказа", "1", today, kept)
    assert client.get(url("basis_file", document)).status_code == 200


def test_a_proposal_settled_by_an_act_is_closed(cast):
    document = paper_in("proposed", cast)
    record_annulment(document, by=cast.secretary, act="приказ № 1", scan=stored_pdf(cast.secretary))
    assert document.annulments.get().act == "приказ № 1"
