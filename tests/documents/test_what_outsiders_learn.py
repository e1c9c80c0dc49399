"""A reader and a visitor learn nothing of what is being prepared, nor what somebody took back."""
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.services.consent import record_consent, revoke_consent
from projectoffice.documents.models import Document
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.publishing import publish, unpublish
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import return_document, send
from tests.documents.paper import TEXTS
from tests.documents.states import fresh, paper_in
from tests.documents.uploads import pdf_upload

pytestmark = pytest.mark.django_db
CANARY = "КАНАРЕЙКА"


def page(client, name, *args, **query):
    return client.get(reverse(f"documents:{name}", args=args), query).content.decode()


def sign_on_paper(document, cast):
    for kind in ("agree", "approve"):
        record_ink(document.stamps.get(kind=kind), by=cast.secretary, signed_on=timezone.localdate())
    return fresh(document)


def next_edition(document, cast, text):
    revise(document, by=cast.secretary, basis="приказа", basis_number="84")
    TEXTS[document.pk] = text
    send(fresh(document), by=cast.secretary)
    return sign_on_paper(document, cast)


def public_pdf(client, document):
    return client.get(reverse("documents:public_pdf", args=[document.in_force.public_code])).status_code


def test_the_card_tells_a_reader_neither_who_is_waited_for_nor_why_it_came_back(cast, client):
    document = paper_in("revised", cast)
    send(fresh(document), by=cast.secretary)
    client.force_login(cast.stranger)
    assert "Ждём решения" not in page(client, "history", document.pk)
    return_document(document.stamps.get(kind="agree"), by=cast.department_head, reason=CANARY,
                    shown_hash=fresh(document).current_sheet.content_hash)
    assert CANARY not in page(client, "history", document.pk)
    client.force_login(cast.secretary)
    assert CANARY in page(client, "history", document.pk)


def test_the_card_shows_a_reader_who_signed_what_is_in_force(cast, client):
    document = paper_in("issued", cast)
    client.force_login(cast.stranger)
    assert cast.office_head.short_name in page(client, "history", document.pk).replace("&nbsp;", "\xa0")


def test_the_check_page_of_a_sheet_says_the_title_printed_on_it(cast, client):
    document = paper_in("returned", cast)
    printed = document.title
    Document.objects.filter(pk=document.pk).update(title=f"{CANARY} нового черновика")
    seen = client.get(reverse("check", args=[fresh(document).coming_code])).content.decode()
    assert CANARY not in seen and printed in seen


@pytest.mark.parametrize("name", ["register", "register_export"])
def test_the_register_finds_for_a_reader_what_is_in_force_under_that_word_alone(cast, client, name):
    document = paper_in("revised", cast)
    client.force_login(cast.stranger)
    if name == "register":
        assert document.title in page(client, name, state="issued")
        assert document.title not in page(client, name, state="draft")
        send(fresh(document), by=cast.secretary)
        assert document.title not in page(client, name, state="in_approval")
        client.force_login(cast.department_head)
        assert document.title in page(client, name, state="in_approval")
    else:
        empty = len(client.get(reverse(f"documents:{name}"), {"state": "annulled"}).content)
        assert len(client.get(reverse(f"documents:{name}"), {"state": "issued"}).content) > empty


def test_files_of_an_abandoned_edition_do_not_surface_with_the_next_of_that_number(cast, client):
    document = paper_in("revised", cast)
    client.force_login(cast.secretary)
    client.post(reverse("documents:attachments", args=[document.pk]), {"title": "Замысел", "file": pdf_upload()})
    attachment = document.attachments.get()
    abandon_revision(fresh(document), by=cast.secretary)
    next_edition(fresh(document), cast, "Иначе")
    client.force_login(cast.stranger)
    assert client.get(reverse("documents:attachment", args=[attachment.pk])).status_code == 404
    assert "Замысел" not in page(client, "history", document.pk)
    client.force_login(cast.secretary)
    assert "Убран файл: Замысел" in page(client, "history", document.pk)


def test_a_new_edition_shows_its_pdf_to_the_town_only_after_somebody_says_so(cast, client):
    document = paper_in("issued", cast)
    publish(document, by=cast.secretary, with_pdf=True, ground="приказ 1")
    assert public_pdf(client, fresh(document)) == 200
    document = next_edition(fresh(document), cast, "С именем: Иванов И.И.")
    assert document.published_at and public_pdf(client, document) == 404


def test_a_consent_taken_back_hides_the_pdf_with_that_name_until_it_is_given_again(cast, client):
    document = paper_in("issued", cast)
    record_consent(cast.office_head, by=cast.secretary, given_on=timezone.localdate())
    publish(document, by=cast.secretary, with_pdf=True, ground="согласия подписавших")
    assert public_pdf(client, fresh(document)) == 200
    revoke_consent(cast.office_head, by=cast.secretary)
    assert public_pdf(client, fresh(document)) == 404
    client.logout()
    assert "Открыть PDF" not in page(client, "public", document.pk)
    unpublish(document, by=cast.secretary)
    with pytest.raises(ValidationError):
        publish(document, by=cast.secretary, with_pdf=True, ground="приказ 2")
    record_consent(cast.office_head, by=cast.secretary, given_on=timezone.localdate())
    publish(document, by=cast.secretary, with_pdf=True, ground="приказ 2")
    assert public_pdf(client, fresh(document)) == 200


def test_the_scan_of_a_past_year_is_saved_and_not_opened_in_place(cast, client):
    client.force_login(cast.secretary)
    key = client.get(reverse("documents:archive_new")).context["form"].initial["key"]
    client.post(reverse("documents:archive_new"), {"kind_text": "План", "title": "Старый", "date": "2020-01-01",
                                                   "pages": pdf_upload(), "key": key, "number": ""})
    answer = client.get(reverse("documents:pdf", args=[Document.objects.get().pk]))
    assert answer["Content-Disposition"].startswith("attachment")
