"""Signing on paper: the folder, several stamps in one form, another signer, the scan now or later."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projectoffice.accounts.models import Substitution
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.canary import Canaries
from tests.documents.paper import make_paper
from tests.documents.states import fresh
from tests.documents.uploads import pdf_upload
from tests.factories import StampFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast):
    """A sheet out for two signatures on paper; one signer has no login at all."""
    document = make_paper(cast.secretary)
    head = UserFactory(username=None, surname="Котова")
    document.agree = StampFactory(document=document, kind="agree", side="left", signer=cast.department_head, method="ink")
    document.approve = StampFactory(document=document, kind="approve", signer=head, method="ink")
    send(document, by=cast.secretary)
    return document


def form(document, *ticked, day=None, **more):
    data = {f"stamp-{stamp.pk}-signed": "on" for stamp in ticked}
    day = day or timezone.localdate()
    data |= {f"stamp-{stamp.pk}-signed_on": f"{day:%Y-%m-%d}" for stamp in ticked}
    return data | {"shown_hash": fresh(document).current_sheet.content_hash} | more


def test_both_signatures_with_the_scan_in_one_form_issue_the_very_sheet(cast, client, sheet):
    client.force_login(cast.secretary)
    bytes_signed = bytes(fresh(sheet).current_sheet.pdf)
    data = form(sheet, sheet.approve, sheet.agree, scan=pdf_upload())
    assert client.post(reverse("documents:ink", args=[sheet.pk]), data).status_code == 302
    document = fresh(sheet)
    assert document.state == "issued" and bytes(document.in_force.file.pdf) == bytes_signed
    assert document.attachments.get().kind == "scan"
    assert client.post(reverse("documents:ink", args=[sheet.pk]), data).status_code == 302
    assert document.decisions.count() == 2


def test_approval_alone_is_not_marked_before_agreement(cast, client, sheet):
    client.force_login(cast.secretary)
    response = client.post(reverse("documents:ink", args=[sheet.pk]), form(sheet, sheet.approve))
    assert response.status_code == 422
    assert "отмечают после тех" in response.content.decode()
    assert not fresh(sheet).decisions.exists()


def test_a_day_that_has_not_come_is_told_beside_the_field(cast, client, sheet):
    client.force_login(cast.secretary)
    tomorrow = timezone.localdate() + timedelta(days=1)
    response = client.post(reverse("documents:ink", args=[sheet.pk]), form(sheet, sheet.agree, day=tomorrow))
    assert "ещё не наступила" in response.content.decode()


def test_nothing_ticked_is_told(cast, client, sheet):
    client.force_login(cast.secretary)
    assert "Отметьте, кто подписал" in client.post(reverse("documents:ink", args=[sheet.pk]), form(sheet)).content.decode()


def test_a_file_that_is_no_scan_is_refused_and_nothing_is_marked(cast, client, sheet):
    client.force_login(cast.secretary)
    data = form(sheet, sheet.agree, scan=pdf_upload(content=b"MZ program"))
    assert client.post(reverse("documents:ink", args=[sheet.pk]), data).status_code == 422
    assert not fresh(sheet).decisions.exists()


def test_who_acted_that_day_is_kept_with_post_and_basis(cast, client, sheet):
    acting = UserFactory(surname="Белова")
    day = timezone.localdate()
    substitution = Substitution.objects.create(absent=cast.department_head, acting=acting, post="И.о. руководителя",
                                               basis="приказ № 84", since=day, until=day)
    client.force_login(cast.secretary)
    data = form(sheet, sheet.agree) | {f"stamp-{sheet.agree.pk}-signer": acting.full_name}
    client.post(reverse("documents:ink", args=[sheet.pk]), data)
    decision = fresh(sheet).decisions.get()
    assert (decision.by, decision.substitution, decision.recorded_by) == (acting, substitution, cast.secretary)
    assert (decision.name, decision.post, decision.basis) == (acting.signature_name, "И.о. руководителя", "приказ № 84")


def test_the_folder_of_a_signer_is_one_pdf_with_a_list_on_top(cast, client, sheet):
    canaries = Canaries()
    other = make_paper(cast.secretary, title=f"Положение {canaries.plant('second')}")
    StampFactory(document=other, kind="approve", signer=sheet.approve.signer, method="ink")
    send(other, by=cast.secretary)
    client.force_login(cast.secretary)
    page = client.get(reverse("documents:to_sign")).content.decode()
    assert "Котова" in page
    response = client.get(reverse("documents:folder", args=[f"p{sheet.approve.signer_id}"]))
    assert response["Content-Type"] == "application/pdf"
    assert canaries.scan(response) == {"second"}
    client.force_login(cast.stranger)
    assert client.get(reverse("documents:folder", args=[f"p{sheet.approve.signer_id}"])).status_code == 403


def test_no_scan_is_shown_until_it_is_there(cast, client, sheet):
    for stamp in (sheet.agree, sheet.approve):
        record_ink(stamp, by=cast.secretary, signed_on=timezone.localdate())
    client.force_login(cast.secretary)
    register = reverse("documents:register")
    assert "Скана нет" in client.get(register).content.decode()
    assert sheet.title in client.get(register + "?no_scan=on").content.decode()
    client.post(reverse("documents:scan", args=[sheet.pk]), {"file": pdf_upload(), "edition": 1})
    assert "Скана нет" not in client.get(register).content.decode()
    assert sheet.title not in client.get(register + "?no_scan=on").content.decode()
