"""What people do on the pages of a document: send, read and decide, change, annul, publish, send out, reminders."""
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Consent, Membership
from projectoffice.common.invariants import violations
from projectoffice.common.models import OutgoingMail
from projectoffice.documents import invariants
from projectoffice.documents.models import Decision, Document, EditionFile, Stamp
from projectoffice.documents.public import HIDDEN, public_copy
from projectoffice.documents.services.annulment import confirm_annulment
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.reminders import remind_of_waiting_documents
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import return_document, send, sign
from projectoffice.documents.services.stamps import save_stamp
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import STATES, fresh, paper_in
from tests.documents.uploads import pdf_upload
from tests.factories import PASSWORD, BodyFactory, InstitutionFactory, StampFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_is_held_back():
    cache.clear()


def url(name, document, **query):
    return reverse(f"documents:{name}", args=[document.pk])


def sent(cast, signer=None, **facts):
    document = make_paper(cast.secretary, **facts)
    stamp = StampFactory(document=document, signer=signer or cast.office_head)
    return send(document, by=cast.secretary), stamp


def answer(document, stamp, **more):
    return {"stamp": stamp.pk, "shown_hash": document.current_sheet.content_hash, **more}


# ── deciding ──

def test_the_head_reads_signs_with_the_password_and_comes_back_to_the_list(cast, client):
    document, stamp = sent(cast)
    client.force_login(cast.office_head)
    assert "Прочитать и утвердить" in client.get(reverse("documents:inbox")).content.decode()
    page = client.get(url("decide", document)).content.decode()
    assert "Вы подписываете редакцию 1, 1" in page and "Текст" in page
    wrong = client.post(url("sign", document), answer(document, stamp, password="не тот"))
    assert "Пароль не подошёл" in wrong.content.decode() and not document.decisions.exists()
    done = client.post(url("sign", document), answer(document, stamp, password=PASSWORD), follow=True).content.decode()
    assert "Утверждено в " in done and "Ничего не ждёт вашего решения" in done
    again = client.post(url("sign", document), answer(document, stamp, password=PASSWORD))
    assert again.status_code == 302 and Decision.objects.count() == 1


def test_the_password_is_not_found_out_by_signing(cast, client):
    document, stamp = sent(cast)
    client.force_login(cast.office_head)
    statuses = [client.post(url("sign", document), answer(document, stamp, password=f"п{n}")).status_code for n in range(16)]
    assert statuses[0] == 422 and statuses[-1] == 429
    assert client.post(url("sign", document), answer(document, stamp, password=PASSWORD)).status_code == 429


def test_a_return_without_words_keeps_the_page_and_with_words_reaches_the_author(cast, client):
    document, stamp = sent(cast)
    client.force_login(cast.office_head)
    empty = client.post(url("return", document), answer(document, stamp, reason=" "))
    assert "Напишите, что исправить" in empty.content.decode()
    client.post(url("return", document), answer(document, stamp, reason="Строка 1: поправьте срок"))
    assert fresh(document).state == "draft"
    client.force_login(cast.secretary)
    assert "поправьте срок" in client.get(url("history", document)).content.decode()


def test_what_changed_since_ones_decision_is_marked_with_the_old_text(cast, client):
    document = make_paper(cast.secretary)
    StampFactory(document=document, kind="agree", signer=cast.department_head)
    stamp = StampFactory(document=document, signer=cast.office_head)
    TEXTS[document.pk] = "Читать вслух в мае"
    document = send(document, by=cast.secretary)
    sign(document.stamps.get(kind="agree"), by=cast.department_head,
         shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    return_document(stamp, by=cast.office_head, shown_hash=document.current_sheet.content_hash, reason="В июне")
    TEXTS[document.pk] = "Читать вслух в июне"
    document = send(document, by=cast.secretary)
    client.force_login(cast.department_head)
    assert "Изменено строк с вашего прошлого решения: 1 из 1" in client.get(reverse("documents:inbox")).content.decode()
    page = client.get(url("decide", document)).content.decode()
    assert "changed-row" in page and "<del>мае</del>" in page and "<ins>июне</ins>" in page


def test_content_changed_between_reading_and_signing_is_refused(cast, client):
    document, stamp = sent(cast)
    data = answer(document, stamp, password=PASSWORD)
    return_document(stamp, by=cast.office_head, shown_hash=data["shown_hash"], reason="Срок")
    TEXTS[document.pk] = "Другой"
    send(document, by=cast.secretary)
    client.force_login(cast.office_head)
    page = client.post(url("sign", document), data, follow=True).content.decode()
    assert "Документ изменился, пока вы его читали" in page and fresh(document).state == "in_approval"


@pytest.mark.parametrize("data", [
    {}, {"stamp": "abc"}, {"stamp": "9" * 30, "shown_hash": "x", "password": "y"}, {"stamp": 1, "shown_hash": "\x00", "password": "\x00"},
    {"stamp": "", "shown_hash": "x" * 5000, "password": "p" * 5000, "reason": "a" * 6000}, {"reason": "\x00\u202e"},
])
def test_hostile_answers_are_no_error_of_the_server(cast, client, data):
    document, stamp = sent(cast)
    client.force_login(cast.office_head)
    for name in ("sign", "return"):
        assert client.post(url(name, document), data).status_code in (302, 404, 422)
        assert client.post(url(name, document), {"stamp": stamp.pk, **data}).status_code in (302, 404, 422)
    assert fresh(document).state == "in_approval"


def test_somebody_elses_open_stamp_is_not_signed_through_the_page(cast, client):
    document, stamp = sent(cast)
    client.force_login(cast.department_head)
    assert client.post(url("sign", document), answer(document, stamp, password=PASSWORD)).status_code == 403


def test_sending_says_what_will_happen_and_what_bars_it(cast, client):
    document = make_paper(cast.secretary)
    StampFactory(document=document, signer=cast.office_head)
    client.force_login(cast.secretary)
    assert "Утверждаю – " in client.get(url("send", document)).content.decode()
    TEXTS[document.pk] = ""
    assert "Впишите тему" in client.get(url("send", document)).content.decode()
    assert "Впишите тему" in client.post(url("send", document), follow=True).content.decode()
    TEXTS[document.pk] = "Тема"
    client.post(url("send", document))
    assert fresh(document).state == "draft"  # nothing was shown, nothing is sent
    shown = client.get(url("send", document)).context["shown_hash"]
    for _ in range(2):
        assert client.post(url("send", document), {"shown_hash": shown}).status_code == 302
    assert fresh(document).state == "in_approval"
    client.post(url("withdraw", document))
    assert fresh(document).state == "draft"


# ── stamps in place ──

def stamp_form(**more):
    return {"kind": "approve", "side": "right", "post": "Руководитель", "name": "О.П. Котова", "method": "ink",
            "style": "office", "step": 1, "place": "head", **more}


def test_a_stamp_is_added_changed_swapped_removed_and_returned_in_place(cast, client):
    document = make_paper(cast.secretary)
    client.force_login(cast.secretary)
    htmx = {"HTTP_HX_REQUEST": "true"}
    added = client.post(url("stamp_add", document), stamp_form(signer=cast.office_head.full_name), **htmx).content.decode()
    stamp = document.stamps.get()
    assert stamp.signer == cast.office_head and "О.П. Котова" in added and "<html" not in added
    client.post(reverse("documents:stamp_edit", args=[stamp.pk]), stamp_form(name="И.И. Иная", version=1), **htmx)
    client.post(url("stamp_swap", document), **htmx)
    stamp.refresh_from_db()
    assert (stamp.name, stamp.side) == ("И.И. Иная", "left")
    removed = client.post(reverse("documents:stamp_remove", args=[stamp.pk]), **htmx).content.decode()
    assert "Вернуть" in removed and not document.stamps.active().exists()
    client.post(reverse("documents:stamp_return", args=[stamp.pk]), **htmx)
    assert document.stamps.active().count() == 1


def test_an_outdated_stamp_shows_both_texts_and_keeps_ones_own_when_saved_again(cast, client):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=None, name="О.П. Котова", method="ink")
    save_stamp(stamp, by=cast.secretary, version=1, name="Чужой Текст")
    client.force_login(cast.secretary)
    edit = reverse("documents:stamp_edit", args=[stamp.pk])
    page = client.post(edit, stamp_form(name="Мой Текст", version=1)).content.decode()
    assert "Чужой Текст" in page and "Мой Текст" in page and 'value="2"' in page
    client.post(edit, stamp_form(name="Мой Текст", version=2))
    assert Stamp.objects.get(pk=stamp.pk).name == "Мой Текст"


@pytest.mark.parametrize("wrong", [{"step": "0"}, {"step": "9" * 30}, {"kind": "x"}, {"signer": "Никто Никакой"}, {"name": "\x00"},
                                   {"basis_date": "0001-01-01"}, {"post": "a" * 20000, "name": "b" * 500}])
def test_a_wrong_stamp_is_explained_and_the_words_stay(cast, client, wrong):
    document = make_paper(cast.secretary)
    client.force_login(cast.secretary)
    response = client.post(url("stamp_add", document), stamp_form(**wrong))
    assert response.status_code == 200 and "field-error" in response.content.decode()
    assert not document.stamps.exists()


# ── changes and annulling ──

def test_an_abandoned_revision_puts_signers_and_acts_of_the_stamps_back(cast):
    document = make_paper(cast.secretary)
    agree = StampFactory(document=document, kind="agree", signer=None, name="", basis="протоколом", basis_number="3", method="ink")
    approve = StampFactory(document=document, signer=cast.office_head)
    document = send(document, by=cast.secretary)
    sign(approve, by=cast.office_head, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    document = revise(fresh(document), by=cast.secretary, basis="приказа")
    save_stamp(approve, by=cast.secretary, version=1, signer=cast.department_head, name="Другой")
    save_stamp(agree, by=cast.secretary, version=1, basis="", basis_number="", name="Некто")
    abandon_revision(document, by=cast.secretary)
    approve.refresh_from_db(), agree.refresh_from_db()
    assert approve.signer == cast.office_head and (agree.basis, agree.basis_number, agree.name) == ("протоколом", "3", "")


def test_a_change_asks_for_its_basis_and_the_draft_is_laid_beside_what_is_in_force(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.secretary)
    assert "Укажите приказ" in client.post(url("revise", document), {"basis": " "}).content.decode()
    client.post(url("revise", document), {"basis": "приказа департамента", "basis_number": "84", "basis_date": "12.05.2026",
                                          "basis_file": pdf_upload()})
    document = fresh(document)
    assert document.edition_number == 2 and document.basis_file
    TEXTS[document.pk] = "Новый текст"
    page = client.get(url("compare", document)).content.decode()
    assert "Строка 1" in page and "в редакции приказа департамента от 12.05.2026 № 84" in page.replace("\xa0", " ").replace("<ins>", "").replace("</ins>", "")
    assert client.get(url("compare", document) + "?old=7&new=1").status_code == 404
    assert client.get(url("compare", document) + "?old=abc").status_code == 404


def test_who_proposed_to_annul_does_not_confirm(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.office_head)
    client.post(url("annul_propose", document), {"reason": "Ошибка"})
    with pytest.raises(PermissionDenied):
        confirm_annulment(document, by=cast.office_head)
    assert client.post(url("annul_confirm", document)).status_code == 403
    assert OutgoingMail.objects.filter(subject__startswith="Предложено отменить").exists()
    client.force_login(cast.department_head)
    client.post(url("annul_confirm", document))
    assert fresh(document).state == "annulled"


def test_a_declined_annulment_leaves_the_paper_in_force_and_may_be_proposed_again(cast, client):
    document = paper_in("proposed", cast)
    client.force_login(cast.office_head)
    assert client.post(url("annul_decline", document), {"reason": ""}).status_code == 422
    client.post(url("annul_decline", document), {"reason": "Нужен"})
    assert fresh(document).state == "issued"
    assert client.post(url("annul_propose", document), {"reason": "Снова"}).status_code == 302


def test_an_act_with_its_scan_annuls_at_once(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.secretary)
    assert client.post(url("annul_by_act", document), {"act": "приказ № 85"}).status_code == 422
    client.post(url("annul_by_act", document), {"act": "приказ № 85", "scan": pdf_upload()})
    assert fresh(document).state == "annulled"
    assert client.get(url("annulment_scan", document)).status_code == 200


# ── the public copy ──

def test_visitors_read_collectives_and_consented_names_only(cast, client):
    Consent.objects.create(person=cast.office_head, text="Согласие", given_on=timezone.localdate())
    document = make_paper(cast.secretary)
    TEXTS[document.pk] = f"Готовят {cast.office_head.short_name}, Иванова А.Б. и школы города"
    document = fresh(send(document, by=cast.secretary))
    assert client.get(url("public", document)).status_code == 404
    publish(document, by=cast.secretary)
    page = client.get(url("public", document)).content.decode()
    assert cast.office_head.surname in page and "Иванова" not in page and "школы города" in page
    Consent.objects.update(revoked_on=timezone.localdate())
    assert cast.office_head.surname not in client.get(url("public", document)).content.decode()


@pytest.mark.parametrize("name", ["Иванова А.Б.", "А.Б. Иванова", "А.Б.Иванова", "Иванова\xa0А.\xa0Б.", "Анна Борисовна Иванова",
                                  "Иванова Анна Борисовна", "Ивановой Анне Борисовне", "Петрова-Водкина К.С."])
def test_a_name_in_any_usual_form_is_hidden(name):
    cell = [name, "Руководители школ"]
    snapshot = {"head": {"title": ["План"]}, "stamps": [], "sections": [{"rows": [{"uid": "1", "cells": {"who": cell, "t": f"Отчёт: {name}."}}]}]}
    row = public_copy(snapshot, set())["sections"][0]["rows"][0]["cells"]
    assert row["who"] == ["Руководители школ"] and row["t"] == f"Отчёт: {HIDDEN}."


def test_the_pdf_is_public_only_with_a_ground(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.secretary)
    assert "на каком основании" in client.post(url("publish", document), {"with_pdf": "on"}).content.decode()
    client.post(url("publish", document), {})
    public_pdf = reverse("documents:public_pdf", args=[document.in_force.public_code])
    client.logout()
    assert client.get(public_pdf).status_code == 404
    client.force_login(cast.secretary)
    client.post(url("publish", document), {"hide": "1"})
    client.post(url("publish", document), {"with_pdf": "on", "ground": "приказ № 84"})
    client.logout()
    assert client.get(public_pdf).content == bytes(document.in_force.file.pdf)


# ── sending out, reminders ──

def test_the_list_is_shown_before_anything_is_sent_and_each_address_gets_one_letter(cast, client):
    document = make_paper(cast.secretary)
    document.body = BodyFactory()
    document.save()
    document = fresh(send(document, by=cast.secretary))
    Membership.objects.create(body=document.body, person=cast.office_head)
    InstitutionFactory(email="school@example.test"), InstitutionFactory(email="")
    client.force_login(cast.secretary)
    data = {"formats": ["pdf", "docx"], "members": "on", "institutions": ["Школа"], "key": uuid.uuid4(),
            "addresses": f"SCHOOL@example.test, one@example.test\n{cast.office_head.email}"}
    page = client.post(url("distribute", document), data)
    letters = OutgoingMail.objects.filter(key__startswith="distribute")
    assert not letters.exists() and "Отправить писем: 3" in page.content.decode() and "Без адреса: 3" in page.content.decode()
    for _ in range(2):
        client.post(url("distribute", document), data | {"shown": page.context["digest"]})
    assert letters.count() == 3 and letters.first().attachments.count() == 2
    wrong = client.post(url("distribute", document), data | {"addresses": "нет-адреса"})
    assert "Проверьте адрес" in wrong.content.decode()
    InstitutionFactory(email="new@example.test")
    client.post(url("distribute", document), data | {"key": uuid.uuid4(), "shown": page.context["digest"]})
    assert letters.count() == 3


def test_who_keeps_a_paper_waiting_is_reminded_once_a_day_until_acting(cast):
    document, stamp = sent(cast)
    reminders = OutgoingMail.objects.filter(key__startswith="remind")
    remind_of_waiting_documents()
    assert not reminders.exists()
    Document.objects.filter(pk=document.pk).update(sent_at=timezone.now() - timedelta(days=4))
    for _ in range(2):
        remind_of_waiting_documents()
    assert [letter.person for letter in reminders] == [cast.office_head]
    sign(stamp, by=cast.office_head, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    reminders._raw_delete("default")
    remind_of_waiting_documents()
    assert not reminders.all().exists()


# ── files and truths ──

def test_the_pdf_in_force_is_sent_once_and_then_not_again(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.secretary)
    first = client.get(url("pdf", document))
    assert first["ETag"] == f'"{document.in_force.sha256}"' and first["Content-Security-Policy"] == "sandbox"
    assert "filename*=utf-8''" in first["Content-Disposition"] and first["Content-Disposition"].startswith("inline")
    assert client.get(url("pdf", document), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    with CaptureQueriesContext(connection) as seen:
        client.get(url("pdf", document))
    assert len([q for q in seen if "documents_" in q["sql"]]) == 3  # its kind, what tells of it, its bytes


@pytest.mark.parametrize("state", STATES)
def test_every_truth_holds_after_the_real_verbs(cast, state):
    paper_in(state, cast)
    send(make_paper(cast.secretary, kind="numbered_paper"), by=cast.secretary)
    assert list(violations()) == []


def test_a_broken_truth_is_named(cast):
    document = paper_in("sent", cast)
    Document.objects.filter(pk=document.pk).update(coming_code="другой")
    assert list(invariants.sheet_carries_the_code())


def test_verify_documents_finds_a_changed_byte(cast, capsys):
    document = paper_in("issued", cast)
    call_command("verify_documents")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE documents_editionfile DISABLE TRIGGER ALL")
        cursor.execute("ALTER TABLE documents_editionfile DROP CONSTRAINT pdf_has_its_hash")
        EditionFile.objects.filter(edition=document.in_force).update(pdf=b"%PDF other")
        cursor.execute("ALTER TABLE documents_editionfile ENABLE TRIGGER ALL")
    with pytest.raises(CommandError, match="не совпадает: 1"):
        call_command("verify_documents")
