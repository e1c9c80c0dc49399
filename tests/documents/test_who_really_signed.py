"""A mark, the check page and the trail never lend somebody the post or the name of another."""
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from projectoffice.accounts.models import Substitution, User
from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents import checking
from projectoffice.documents.panel import panel_of
from projectoffice.documents.services.annulment import confirm_annulment, propose_annulment
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.revision import abandon_revision, revise
from projectoffice.documents.services.route import send, sign, withdraw
from projectoffice.documents.services.stamps import put_acting, replace_signer
from tests.documents.paper import TEXTS, make_paper
from tests.documents.states import fresh, paper_in
from tests.factories import PASSWORD, StampFactory

pytestmark = pytest.mark.django_db

POST = "Руководитель департамента образования"


@pytest.fixture
def sheet(cast):
    """A paper the department head alone approves."""
    document = make_paper(cast.secretary)
    document.approve = StampFactory(document=document, signer=cast.department_head, post=POST)
    return document


def shown(document):
    return fresh(document).current_sheet.content_hash


def approve(document, by):
    by = User.objects.get(pk=by.pk)  # rights are remembered by the object
    return sign(document.approve, by=by, shown_hash=shown(document), password=PASSWORD)


def acts_for_the_head(cast, **dates):
    today = timezone.localdate()
    dates = {"since": today - timedelta(days=9), "until": today, **dates}
    return Substitution.objects.create(absent=cast.department_head, acting=cast.member_of_school_a,
                                       post="И.о. руководителя", basis="приказ № 1", **dates)


def test_nobody_puts_oneself_in_the_place_of_an_absent_head(cast, sheet):
    send(sheet, by=cast.secretary)
    with pytest.raises(ValidationError, match="Себя вместо другого"):
        replace_signer(sheet.approve, by=cast.secretary, signer=cast.secretary, method="electronic")


def test_who_replaced_a_signer_signs_in_the_own_post_and_the_trail_says_so(cast, sheet):
    send(sheet, by=cast.secretary)
    replace_signer(sheet.approve, by=cast.secretary, signer=cast.member_of_school_a)
    approve(sheet, by=cast.member_of_school_a)
    decision = sheet.decisions.get()
    assert decision.post == str(cast.member_of_school_a.current_post) and decision.name == cast.member_of_school_a.signature_name
    document = fresh(sheet)
    assert POST not in str(checking.answer_to(document.in_force.public_code).approved_by)
    assert decision.name in panel_of(document, cast.secretary).places[0].remark


def test_the_ink_of_who_replaced_a_signer_is_recorded_in_the_own_name(cast, sheet):
    send(sheet, by=cast.secretary)
    replace_signer(sheet.approve, by=cast.secretary, signer=cast.member_of_school_a, method="ink")
    record_ink(sheet.approve, by=cast.secretary, signed_on=timezone.localdate())
    decision = sheet.decisions.get()
    assert (decision.by, decision.name) == (cast.member_of_school_a, cast.member_of_school_a.signature_name)
    assert decision.post == str(cast.member_of_school_a.current_post)


def test_who_acts_signs_under_the_substitution_and_both_names_are_kept(cast, sheet):
    substitution = acts_for_the_head(cast)
    put_acting(sheet.approve, by=cast.secretary)
    send(sheet, by=cast.secretary)
    approve(sheet, by=cast.member_of_school_a)
    decision = sheet.decisions.get()
    assert (decision.substitution, decision.post) == (substitution, "И.о. руководителя")
    place = panel_of(fresh(sheet), cast.secretary).places[0]
    assert cast.member_of_school_a.short_name in place.note and cast.department_head.short_name in place.note
    assert place.remark == ""


def test_who_acted_signs_nothing_after_the_substitution_ended_and_the_head_signs_as_the_head(cast, sheet):
    substitution = acts_for_the_head(cast)
    put_acting(sheet.approve, by=cast.secretary)
    send(sheet, by=cast.secretary)
    substitution.until = timezone.localdate() - timedelta(days=1)
    substitution.save()
    with pytest.raises(PermissionDenied):
        approve(sheet, by=cast.member_of_school_a)
    approve(sheet, by=cast.department_head)
    decision = sheet.decisions.get()
    assert (decision.by, decision.post) == (cast.department_head, str(cast.department_head.current_post))


def test_the_ink_under_an_acting_name_is_the_acting_persons(cast, sheet):
    substitution = acts_for_the_head(cast)
    put_acting(sheet.approve, by=cast.secretary)
    send(sheet, by=cast.secretary)
    record_ink(sheet.approve, by=cast.secretary, signed_on=timezone.localdate())
    decision = sheet.decisions.get()
    assert (decision.by, decision.substitution) == (cast.member_of_school_a, substitution)


def test_a_signature_on_a_sheet_of_an_abandoned_revision_does_not_count_in_the_next(cast):
    document = paper_in("issued", cast)
    agree, approval = document.stamps.get(kind="agree"), document.stamps.get(kind="approve")
    today = timezone.localdate()

    def revised():
        revise(fresh(document), by=cast.secretary, basis="приказа", basis_number="84")
        TEXTS[document.pk] = "Новое"
        send(fresh(document), by=cast.secretary)

    revised()
    record_ink(agree, by=cast.secretary, signed_on=today)
    withdraw(fresh(document), by=cast.secretary)
    abandon_revision(fresh(document), by=cast.secretary)
    revised()
    with pytest.raises(TransitionNotAllowed):
        record_ink(approval, by=cast.secretary, signed_on=today)
    for stamp in (agree, approval):
        record_ink(stamp, by=cast.secretary, signed_on=today)
    assert fresh(document).in_force.number == 2
    assert len(checking.answer_to(fresh(document).in_force.public_code).approved_by) == 2


def test_a_head_who_does_not_approve_confirms_no_annulment(cast, sheet):
    send(sheet, by=cast.secretary)
    approve(sheet, by=cast.department_head)
    propose_annulment(fresh(sheet), by=cast.secretary, reason="Ошибка")
    with pytest.raises(PermissionDenied):
        confirm_annulment(fresh(sheet), by=cast.office_head)
    confirm_annulment(fresh(sheet), by=cast.department_head)
    assert fresh(sheet).state == "annulled"


def test_the_only_approvers_own_proposal_is_confirmed_by_another_head(cast, sheet):
    send(sheet, by=cast.secretary)
    approve(sheet, by=cast.department_head)
    propose_annulment(fresh(sheet), by=cast.department_head, reason="Ошибка")
    confirm_annulment(fresh(sheet), by=cast.office_head)
    assert fresh(sheet).state == "annulled"
