"""Two people at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import pytest

from projectoffice.common.errors import TransitionNotAllowed
from projectoffice.documents.models import Document, Edition
from projectoffice.documents.services import route as verbs
from tests.documents.paper import make_paper
from tests.factories import PASSWORD, StampFactory
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has looked at what is left to sign, found the other's stamp, and is about to ask for it."""
    return MeetingPlace(monkeypatch).before(verbs.letters, "ask_to_decide")


def on_route(cast):
    document = make_paper(cast.secretary)
    stamps = [StampFactory(document=document, signer=person) for person in (cast.office_head, cast.department_head)]
    document = verbs.send(document, by=cast.secretary)
    return document, stamps, document.current_sheet.content_hash


def signing(stamp, person, shown):
    return lambda: verbs.sign(stamp, by=person, shown_hash=shown, password=PASSWORD)


def test_two_last_approvals_at_once_issue_the_document_once(cast, meet):
    document, (first, second), shown = on_route(cast)
    assert together(signing(first, cast.office_head, shown), signing(second, cast.department_head, shown)) == [None, None]
    assert Document.objects.get(pk=document.pk).state == "issued"
    assert Edition.objects.count() == 1


def test_without_the_lock_two_last_approvals_leave_the_document_stuck(cast, meet):
    document, (first, second), shown = on_route(cast)
    meet.without_lock(verbs)
    assert together(signing(first, cast.office_head, shown), signing(second, cast.department_head, shown)) == [None, None]
    assert Document.objects.get(pk=document.pk).state == "in_approval"
    assert document.decisions.count() == 2


def test_one_signature_sent_twice_at_once_is_one_decision(cast):
    document, (first, _), shown = on_route(cast)
    act = signing(first, cast.office_head, shown)
    assert together(act, act, act) == [None, None, None]
    assert document.decisions.count() == 1


def test_signing_and_withdrawing_at_once_have_an_order(cast):
    for _ in range(5):
        document = make_paper(cast.secretary)
        stamp = StampFactory(document=document, signer=cast.office_head)
        document = verbs.send(document, by=cast.secretary)
        shown = document.current_sheet.content_hash
        signed, withdrawn = together(
            signing(stamp, cast.office_head, shown), lambda paper=document: verbs.withdraw(paper, by=cast.secretary)
        )
        state = Document.objects.get(pk=document.pk).state
        refused = [error for error in (signed, withdrawn) if error]
        assert len(refused) == 1 and isinstance(refused[0], TransitionNotAllowed)
        assert state == ("issued" if withdrawn else "draft")


def test_numbers_taken_at_once_have_no_gap_and_no_twin(cast):
    papers = [make_paper(cast.secretary, kind="numbered_paper") for _ in range(4)]
    errors = together(*[lambda paper=paper: verbs.send(paper, by=cast.secretary) for paper in papers])
    assert errors == [None] * 4
    assert sorted(Document.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
