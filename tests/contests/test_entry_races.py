"""Two people at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import pytest

from contests.entry.submission import fingerprint, take
from contests.models import Contest, Entry
from contests.services import checking, entry_door, submitting
from contests.services import entry as verbs
from projectoffice.common.invariants import violations
from tests.contests.entry_things import draft_of, fresh, sent_by
from tests.contests.things import announced
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has counted the numbers and written none."""
    return MeetingPlace(monkeypatch).after(submitting, "next_number")


def two_schools_send(cast):
    nomination = announced("acceptance")
    drafts = [draft_of(person, nomination) for person in (cast.member_of_school_a, cast.member_of_school_b)]
    refused = together(*[lambda each=each: submitting.submit_entry(each, by=each.created_by, shown=fingerprint(take(each))) for each in drafts])
    return refused, sorted(Entry.objects.filter(number__isnull=False).values_list("number", flat=True))


class TestNumbers:
    def test_two_schools_that_send_at_once_get_one_number_each_without_a_gap(self, cast, meet):
        assert two_schools_send(cast) == ([None, None], [1, 2]) and list(violations()) == []

    def test_without_the_lock_both_count_the_same(self, cast, meet):
        meet.without_lock(entry_door)
        refused, numbers = two_schools_send(cast)
        assert [type(each).__name__ for each in refused if each] == ["IntegrityError"] and numbers == [1]

    def test_a_refused_sending_uses_up_no_number(self, cast):
        nomination = announced("acceptance")
        first, second = draft_of(cast.member_of_school_a, nomination), draft_of(cast.member_of_school_b, nomination)
        with pytest.raises(Exception, match="изменили"):
            submitting.submit_entry(first, by=first.created_by, shown="x" * 64)
        submitting.submit_entry(second, by=second.created_by, shown=fingerprint(take(second)))
        assert fresh(second).number == 1


def test_one_entry_sent_from_two_tabs_at_once_is_one_submission(cast):
    draft = draft_of(cast.member_of_school_a)
    shown = fingerprint(take(draft))
    assert together(*[lambda: submitting.submit_entry(draft, by=draft.created_by, shown=shown)] * 2) == [None, None]
    assert draft.submissions.count() == 1 and fresh(draft).number == 1


def test_taken_back_while_the_office_admits_it_one_of_both_holds(cast):
    entry = sent_by(cast.member_of_school_a)
    refused = together(lambda: submitting.take_back(entry, by=cast.member_of_school_a),
                       lambda: checking.check_entry(entry, by=cast.secretary, number=1, outcome="admitted"))
    assert [type(each).__name__ for each in refused if each] == ["TransitionNotAllowed"]
    assert (fresh(entry).state == "admitted") is (entry.submissions.get().checks.count() == 1) and list(violations()) == []


def test_two_of_the_office_who_decide_at_once_write_one_outcome_and_one_is_told(cast):
    entry = sent_by(cast.member_of_school_a)
    refused = together(
        lambda: checking.check_entry(entry, by=cast.secretary, number=1, outcome="admitted"),
        lambda: checking.check_entry(entry, by=cast.office_head, number=1, outcome="admitted"))
    assert refused == [None, None] and entry.submissions.get().checks.count() == 1


def test_the_last_free_place_of_an_author_goes_to_one(cast):
    draft = draft_of(cast.member_of_school_a)
    for _ in range(draft.nomination.most_authors - 2):
        verbs.add_author(draft, by=draft.created_by)
    refused = together(*[lambda: verbs.add_author(draft, by=draft.created_by)] * 2)
    assert [type(each).__name__ for each in refused if each] == ["ValidationError"] and draft.authors.count() == draft.nomination.most_authors


def test_the_same_text_typed_by_two_at_once_is_one_and_a_collision(cast):
    draft = draft_of(cast.member_of_school_a)
    refused = together(lambda: verbs.save_draft(draft, {"title": "Моё"}, {}, by=cast.member_of_school_a),
                       lambda: verbs.save_draft(draft, {"title": "Другое"}, {}, by=cast.secretary))
    assert {type(each).__name__ for each in refused if each} == {"Collision"} and Contest.objects.count() == 1
