"""Two people mark one line at the same moment, on real connections; also without the lock, to see it happen."""
import pytest
from django.utils import timezone

from meetings.models import MeetingPlan, PlanLineMark
from meetings.services import fulfilment as verbs
from meetings.services.rows import add_row
from projectoffice.common.errors import StaleVersion
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.factories import MeetingPlanFactory, StampFactory
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def marked(cast):
    """A plan in force whose only line bears a mark of version 1."""
    plan = MeetingPlanFactory(by=cast.secretary)
    row = add_row(plan, by=cast.secretary, values={"topics": "Итоги года", "term": "декабрь"})
    StampFactory(document=plan.document, kind="approve", signer=cast.office_head, method="ink")
    document = send(plan.document, by=cast.secretary)
    record_ink(document.stamps.active().get(kind="approve"), by=cast.secretary, signed_on=timezone.localdate())
    plan = MeetingPlan.objects.select_related("document").get(pk=plan.pk)
    saying(plan, row, cast.secretary, "первое слово", version=0)()
    return plan, row


def saying(plan, row, person, reason, version=1):
    return lambda: verbs.mark_line(plan, row.uid, 0, by=person, verdict="cancelled", reason=reason, version=version, edition=1)


@pytest.fixture
def meet(monkeypatch):
    """Each has read the mark and compares it with what the page showed."""
    return MeetingPlace(monkeypatch).before(verbs, "check_shown")


def test_of_two_marks_at_once_the_later_is_shown_the_earlier(cast, marked, meet):
    plan, row = marked
    errors = together(saying(plan, row, cast.secretary, "слово офиса"), saying(plan, row, cast.office_head, "слово руководителя"))
    refused = [error for error in errors if error]
    assert len(refused) == 1 and isinstance(refused[0], StaleVersion)
    kept = PlanLineMark.objects.get()
    assert kept.version == 2 and refused[0].current.reason == kept.reason


def test_without_the_lock_one_mark_is_lost(cast, marked, meet):
    plan, row = marked
    meet.without_lock(verbs)
    assert together(saying(plan, row, cast.secretary, "слово офиса"), saying(plan, row, cast.office_head, "слово руководителя")) == [None, None]
    assert PlanLineMark.objects.get().version == 2


def test_two_first_marks_at_once_are_one_row(cast, marked, meet):
    plan, row = marked
    PlanLineMark.objects.all().delete()
    errors = together(*[saying(plan, row, person, person.surname, version=0) for person in (cast.secretary, cast.office_head)])
    assert sorted(type(error) for error in errors if error) == [StaleVersion] and PlanLineMark.objects.count() == 1
