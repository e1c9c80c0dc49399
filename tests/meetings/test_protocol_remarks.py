"""What is said of a protocol before it goes to be signed, and which day nobody can have signed it."""
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.services.extract import create_extract
from meetings.services.protocol import create_protocol
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import hash_shown, send
from tests.meetings.held_meetings import considered, held, in_ink

pytestmark = pytest.mark.django_db
NO_QUORUM = "Кворума нет: присутствуют 2 из 5, нужно не меньше 3."


@pytest.fixture
def met_on():
    return timezone.localdate() - timedelta(days=2)


@pytest.fixture
def meeting(cast, met_on):
    meeting = held(secretary=cast.secretary, chair=cast.office_head, day=met_on)
    considered(meeting)
    return meeting


@pytest.fixture
def office(client, cast):
    client.force_login(cast.secretary)
    return client


@pytest.mark.parametrize("is_there", [True, False])
def test_a_missing_quorum_is_said_beside_the_button_and_before_sending_and_bars_neither(office, cast, meeting, is_there):
    if not is_there:
        meeting.participants.filter(role="member").update(attendance="absent")
    day = office.get(reverse("meetings:meeting_day", args=[meeting.pk]))
    shown = day.text.partition("data-remaining")[2]
    assert (NO_QUORUM in shown) is not is_there
    assert shown.startswith(" hidden>") is is_there
    protocol = create_protocol(meeting, by=cast.secretary)
    page = office.get(reverse("documents:send", args=[protocol.document_id]))
    assert (NO_QUORUM in page.text) is not is_there
    office.post(reverse("documents:send", args=[protocol.document_id]), {"shown_hash": hash_shown(protocol.document)})
    protocol.document.refresh_from_db()
    assert protocol.document.state == "in_approval"


def test_nothing_is_signed_before_its_meeting(office, cast, meeting, met_on):
    """The protocol and the extract of it; on the day itself both are."""
    document = send(in_ink(create_protocol(meeting, by=cast.secretary)).document, by=cast.secretary)
    signed = document.stamps.active().first()
    form = {f"stamp-{signed.pk}-signed": "on", f"stamp-{signed.pk}-signed_on": f"{met_on - timedelta(days=10)}",
            "shown_hash": document.current_sheet.content_hash}
    refused = office.post(reverse("documents:ink", args=[document.pk]), form)
    why = f"Заседание было {met_on:%d.%m.%Y}: подписать раньше нельзя."
    assert refused.status_code == 422 and why in refused.text
    assert not document.decisions.exists()
    for stamp in document.stamps.active():
        record_ink(stamp, by=cast.secretary, signed_on=met_on)
    protocol = meeting.protocols.select_related("document__in_force").get()
    [resolution] = protocol.document.in_force.snapshot["source"]["items"][0]["resolutions"]
    extract = send(in_ink(create_extract(protocol, [resolution["uid"]], by=cast.secretary)).document, by=cast.secretary)
    with pytest.raises(ValidationError, match="подписать раньше нельзя"):
        record_ink(extract.stamps.get(), by=cast.secretary, signed_on=met_on - timedelta(days=1))
    assert record_ink(extract.stamps.get(), by=cast.secretary, signed_on=met_on).state == "issued"
