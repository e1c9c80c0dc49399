"""A signer who never logs in gives the sheet back by phone; the office enters it in the signer's name."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.common.models import OutgoingMail
from projectoffice.documents.models import Document
from projectoffice.documents.services.ink import record_return
from projectoffice.documents.services.route import send
from tests.documents.paper import make_paper
from tests.factories import StampFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast):
    document = make_paper(cast.secretary)
    document.agree = StampFactory(document=document, kind="agree", signer=cast.department_head, method="ink")
    document.approve = StampFactory(document=document, kind="approve", signer=cast.office_head, method="ink")
    send(document, by=cast.secretary)
    return document


def told(**changes):
    return {"reason": "Уточните срок", "source": "звонок", "source_date": timezone.localdate(), **changes}


def test_what_was_told_by_phone_is_kept_with_its_source_and_recorder(cast, sheet):
    document = record_return(sheet.agree, by=cast.secretary, **told())
    decision = document.decisions.get()
    assert (document.state, document.edition_number) == ("draft", 1)
    assert (decision.by, decision.recorded_by, decision.source) == (cast.department_head, cast.secretary, "звонок")
    assert OutgoingMail.objects.filter(person=cast.secretary, body__contains="Уточните срок").exists()


def test_only_the_office_enters_it_and_only_for_whom_is_asked_now(cast, sheet):
    with pytest.raises(PermissionDenied):
        record_return(sheet.agree, by=cast.member_of_school_a, **told())
    with pytest.raises(TransitionNotAllowed):
        record_return(sheet.approve, by=cast.secretary, **told())
    with pytest.raises(ValidationError):
        record_return(sheet.agree, by=cast.secretary, **told(source_date=timezone.localdate() + timedelta(days=1)))
    assert Document.objects.get(pk=sheet.pk).state == "in_approval"


def test_the_page_returns_the_sheet_and_the_document_says_how_it_is_known(cast, sheet, client):
    client.force_login(cast.secretary, backend="projectoffice.accounts.backends.LoginOrEmailBackend")
    url = reverse("documents:record_return", args=[sheet.pk])
    shown = {"shown_hash": Document.objects.get(pk=sheet.pk).current_sheet.content_hash}
    assert client.post(url, {**shown, "stamp": sheet.agree.pk}).status_code == 422
    answer = client.post(url, {**shown, **told(), "stamp": sheet.agree.pk, "source_date": f"{timezone.localdate():%d.%m.%Y}"})
    assert answer.status_code == 302
    assert client.post(url, {**shown, **told(), "stamp": sheet.agree.pk}).status_code == 422  # sent twice: nothing is out any more
    assert Document.objects.get(pk=sheet.pk).decisions.count() == 1
