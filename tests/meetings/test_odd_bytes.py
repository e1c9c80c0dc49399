"""Odd bytes sent to every address of meetings, protocols and assignments: words or a refusal, never an error of ours."""
import json
import uuid

import pytest
from django.urls import NoReverseMatch, reverse

from meetings import urls
from meetings.services.brief import create_brief
from meetings.services.extract import create_extract
from meetings.services.protocol import add_remark, create_protocol
from projectoffice.common.idempotency import new_key
from tests.factories import AssignmentFactory, BodyFactory

from .held_meetings import considered, held, issued

pytestmark = pytest.mark.django_db

ODD = {"nul": "\x00", "huge number": "9" * 40, "far day": "9999-12-31"}
FIELDS = ["title", "date", "start", "end", "place", "reason", "version", "body", "speaker", "speakers", "minutes", "is_misc", "closed", "formula", "under", "position", "step", "line", "item", "who", "name", "post", "role", "votes", "file", "uid", "parent", "do", "back", "value", "cell", "base", "guests", "on", "off", "was", "place", "heading", "organization", "decided_word", "attendance_limit", "attachments", "opinions", "number_text", "form", "text", "answer", "chosen", "addressee", "original", "goal", "tasks", "results", "products", "plan", "when", "what", "event", "executor", "co_executors", "controller", "due", "groups", "institutions", "ground", "done_on", "source", "source_date", "report", "due_after", "tick", "undo", "note", "verdict", "moved_to", "edition", "shown", "key", "since", "until", "q", "year", "person", "kind", "page", "after", "state", "scope", "group", "removed", "removed_file", "at", "taken"]
SKIPPED = ("plan_", "plans", "public_", "calendar")


ANSWERS = {200, 302, 400, 403, 404, 405, 409, 422}


def posts(world):
    """(name, address) of every address of issue 3 that this world can fill in."""
    for pattern in urls.urlpatterns:
        if pattern.name.startswith(SKIPPED) and not pattern.name.startswith(("plan_line", "plan_fulfilment")):
            continue
        for args in world(pattern.name):
            try:
                yield pattern.name, reverse(f"meetings:{pattern.name}", kwargs=args)
            except NoReverseMatch:  # an address of another shape
                continue


@pytest.fixture
def addresses(cast):
    body = BodyFactory()
    meeting = held(body=body, secretary=cast.secretary, chair=cast.office_head)
    item = considered(meeting, speakers=("Белов С.И.",))
    draft = create_protocol(meeting, by=cast.secretary)
    remark = add_remark(draft, "Уточните.", by=cast.office_head)
    other = held(body=body, secretary=cast.secretary, chair=cast.office_head)
    considered(other)
    ready = issued(create_protocol(other, by=cast.secretary), cast.secretary)
    source = ready.document.in_force.snapshot["source"]
    extract = create_extract(ready, [source["items"][0]["resolutions"][0]["uid"]], by=cast.secretary)
    free = held(body=body, secretary=cast.secretary, chair=cast.office_head)
    considered(free)
    assignment = AssignmentFactory(executor=cast.secretary)
    brief = create_brief(free, by=cast.secretary)
    resolution = item.resolutions.get()
    people = {"participant": meeting.participants.last().pk}

    def known(name):
        if name.startswith("protocol_remark_a") and name != "protocol_remark_add" or name == "protocol_remark_decline":
            return [{"pk": remark.pk}]
        if name.startswith("protocol") and name != "protocol_new":
            return [{"pk": draft.pk}, {"pk": ready.pk}, {"pk": draft.pk, "uid": item.uid}]
        if name == "extract_new":
            return [{"pk": ready.pk}]
        if name.startswith("extract"):
            return [{"pk": extract.pk}]
        if name.startswith("brief") and name != "brief_new":
            return [{"pk": brief.pk}]
        if name.startswith(("assignment", "discipline")):
            return [{}, {"pk": assignment.pk}]
        row = resolution.uid if name.startswith("resolution_") and name != "resolution_add" else item.uid
        each = [{"pk": meeting.pk}, {"pk": free.pk}, {"pk": meeting.pk, "uid": row}, {"pk": meeting.pk, "uid": uuid.uuid4()},
                {"pk": meeting.pk} | people, {"pk": 10**30}, {"pk": meeting.pk, "participant": 10**30}]
        return [{}, *each]

    return list(posts(known))


@pytest.mark.parametrize("odd", list(ODD))
def test_odd_bytes_are_answered_in_words(client, cast, addresses, odd):
    client.force_login(cast.secretary)
    assert len(addresses) > 100
    wrong = []
    for name, address in addresses:
        for way, ask in ways(client, address, ODD[odd]):
            try:
                status = ask().status_code
            except Exception as error:
                status = repr(error)[:200]
            if status not in ANSWERS:
                wrong.append((name, way, status))
    assert not wrong, wrong


def ways(client, address, text):
    """The same text in every field: of a form, of an address, of the script."""
    fields = dict.fromkeys(FIELDS, text)
    yield "form", lambda: client.post(address, fields | {"form_key": new_key()})
    yield "address", lambda: client.get(address, fields)
    yield "script", lambda: client.post(address, json.dumps(fields), content_type="application/json", headers={"Accept": "application/json"})
