"""One table: state of a paper × person → what is possible. Buttons and verbs are held to it alike."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import resolve
from django.utils import timezone

from projectoffice.accounts.models import Substitution, User
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents import actions
from projectoffice.documents.services.route import send, sign
from projectoffice.documents.services.stamps import replace_signer
from projectoffice.documents.workflow import RULES, can, demand
from tests.documents.paper import make_paper
from tests.documents.states import STATES, paper_in
from tests.factories import PASSWORD, StampFactory, UserFactory

pytestmark = pytest.mark.django_db

OFFICE = {
    "draft": {"edit", "send", "attach"},
    "sent": {"withdraw", "replace_signer", "record_ink", "attach"},
    "returned": {"edit", "send", "attach"},
    "issued": {"revise", "attach", "distribute", "publish", "propose_annulment", "record_annulment"},
    "revised": {"edit", "send", "abandon", "attach", "distribute", "publish", "record_annulment"},
    "proposed": {"attach", "distribute", "publish", "record_annulment", "withdraw_annulment"},
    "annulled": set(),
}
NOTHING = {state: set() for state in STATES}
TABLE = {
    "secretary": OFFICE,
    "office_head": OFFICE | {"proposed": OFFICE["proposed"] | {"confirm_annulment"}},
    "department_head": NOTHING | {"issued": {"propose_annulment"}, "proposed": {"withdraw_annulment"}},
    "administrator": NOTHING,
    "member_of_school_a": NOTHING,
    "stranger": NOTHING,
}


@pytest.mark.parametrize("state", STATES)
def test_each_person_may_do_exactly_what_the_table_says(cast, state):
    document = paper_in(state, cast)
    for name, rows in TABLE.items():
        person = getattr(cast, name)
        assert {verb for verb in RULES if can(document, verb, person)} == rows[state], name
        for verb in set(RULES) - rows[state]:
            with pytest.raises((PermissionDenied, TransitionNotAllowed)):
                demand(document, verb, person)


@pytest.mark.parametrize("state", STATES)
def test_a_button_that_is_shown_leads_to_a_page_that_opens(cast, client, state):
    document = paper_in(state, cast)
    for name in TABLE:
        person = User.objects.get(pk=getattr(cast, name).pk)
        client.force_login(person)
        shown = actions.available(document, person)
        assert sum(action.primary for action in shown) <= 2
        for action in shown:
            if resolve(action.url).url_name not in ("docx", "draft_pdf"):
                assert client.get(action.url).status_code in (200, 302), (name, action.code)


def acting_for(absent, since=0, until=0):
    today = timezone.localdate()
    return Substitution.objects.create(
        absent=absent, acting=UserFactory(surname="Белова"), post="И.о. руководителя", basis="приказ № 84",
        since=today + timedelta(days=since), until=today + timedelta(days=until),
    )


def test_who_acts_for_the_signer_signs_with_the_post_of_the_acting(cast):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head)
    substitution = acting_for(cast.office_head)
    document = send(document, by=cast.secretary)
    sign(stamp, by=substitution.acting, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    decision = document.decisions.get()
    assert (decision.by, decision.substitution, decision.post) == (substitution.acting, substitution, "И.о. руководителя")


@pytest.mark.parametrize("days", [{"since": -9, "until": -1}, {"since": 1, "until": 9}])
def test_a_substitution_of_other_days_gives_nothing(cast, client, days):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head)
    acting = acting_for(cast.office_head, **days).acting
    document = send(document, by=cast.secretary)
    with pytest.raises(PermissionDenied):
        sign(stamp, by=acting, shown_hash=document.current_sheet.content_hash, password=PASSWORD)
    client.force_login(acting)
    assert client.get(f"/documents/{document.pk}/decide/").status_code == 404


def test_who_signs_on_paper_cannot_sign_here_by_mistake(cast):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head, method="ink")
    document = send(document, by=cast.secretary)
    with pytest.raises(TransitionNotAllowed, match="на бумаге"):
        sign(stamp, by=cast.office_head, shown_hash=document.current_sheet.content_hash, password=PASSWORD)


def test_a_replaced_signer_no_longer_decides_and_the_new_one_does(cast):
    document = make_paper(cast.secretary)
    stamp = StampFactory(document=document, signer=cast.office_head)
    document = send(document, by=cast.secretary)
    replace_signer(stamp, by=cast.secretary, signer=cast.department_head)
    shown = document.current_sheet.content_hash
    with pytest.raises(PermissionDenied):
        sign(stamp, by=cast.office_head, shown_hash=shown, password=PASSWORD)
    assert sign(stamp, by=cast.department_head, shown_hash=shown, password=PASSWORD).state == "issued"
