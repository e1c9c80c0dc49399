"""Two at the same sheet at once, on real connections. Each race is also run without the lock, to see it happen."""
import pytest

from contests.models import Review, ScoreSheet
from contests.services import paper
from contests.services import sheet as verbs
from contests.sheet.reading import criteria_of, sheet_of, texts_of
from portfolios.services.typed import read_marks, shown_marks
from projectoffice.common.history import history_of
from tests.contests.test_sheets import fields, hand_in, print_of, stored
from tests.contests.things import admitted, announced, review
from tests.races import MeetingPlace, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def given(transactional_db):
    return review(admitted(announced("remote")))


@pytest.fixture
def meet(monkeypatch):
    """Each has read the sheet with its marks."""
    return MeetingPlace(monkeypatch).after(verbs, "sheet_of")


@pytest.fixture
def unlocked(meet, monkeypatch):
    plain = Review.objects.select_related("entry__contest", "expert")
    monkeypatch.setattr(verbs, "lock_review", lambda review: plain.get(pk=review.pk))
    meet.without_lock(verbs)


def marked(given):
    verbs.save_sheet(given, fields(given, 3, 2), {}, by=given.expert.person)
    return print_of(given)


def names(refused):
    return sorted(type(each).__name__ for each in refused if each)


class TestFirstMarks:
    def save_two(self, given):
        first, second = list(fields(given, 3, 2).items())
        return together(*[lambda each=each: verbs.save_sheet(given, dict([each]), {}, by=given.expert.person) for each in (first, second)])

    def test_from_two_windows_make_one_sheet_with_both(self, given, meet):
        assert names(self.save_two(given)) == [] and stored(given)[:2] == ["3", "2"]

    def test_without_the_lock_one_of_both_is_lost(self, given, unlocked):
        assert names(self.save_two(given)) == ["IntegrityError"]


class TestSavingWhileHandingIn:
    def race(self, given, shown):
        began = read_marks(shown_marks(texts_of(given, sheet_of(given), criteria_of(given))))
        return together(lambda: verbs.submit_sheet(given, by=given.expert.person, shown=shown),
                        lambda: verbs.save_sheet(given, fields(given, 0), began, by=given.expert.person))

    def test_what_was_shown_is_in_or_nothing(self, given, meet):
        shown = marked(given)
        refused = names(self.race(given, shown))
        sheet = given.sheets.get()
        assert (refused, sheet.state, stored(given)[0]) in [(["StaleVersion"], "draft", "0"), (["TransitionNotAllowed"], "submitted", "3")]

    def test_without_the_lock_another_mark_is_in_than_was_shown_or_the_database_stops_it(self, given, unlocked):
        shown = marked(given)
        refused = names(self.race(given, shown))
        assert (refused, given.sheets.get().state, stored(given)[0]) in [([], "submitted", "0"), (["IntegrityError"], "submitted", "3")]

    def test_handed_in_from_two_tabs_at_once_is_in_once(self, given, meet):
        shown = marked(given)
        assert names(together(*[lambda: verbs.submit_sheet(given, by=given.expert.person, shown=shown)] * 2)) == []
        assert history_of(given.sheets.get()).filter(verb="submit_sheet").count() == 1

    def test_without_the_lock_only_the_database_keeps_the_second_out(self, given, unlocked):
        shown = marked(given)
        assert names(together(*[lambda: verbs.submit_sheet(given, by=given.expert.person, shown=shown)] * 2)) == ["IntegrityError"]


class TestVoidingMeanwhile:
    def test_two_of_the_office_void_at_once_and_one_replacement_begins(self, cast, given):
        sheet = hand_in(given, 3, 2)
        assert names(together(*[lambda by=by: verbs.replace_sheet(sheet, by=by, reason="Ошибка") for by in (cast.secretary, cast.office_head)])) == []
        assert sorted(given.sheets.values_list("state", flat=True)) == ["draft", "voided"]

    def test_voided_while_the_expert_gives_the_work_up_nothing_counts_and_nothing_breaks(self, cast, given):
        sheet = hand_in(given, 3, 2)
        refused = together(lambda: verbs.replace_sheet(sheet, by=cast.secretary, reason="Ошибка"),
                           lambda: verbs.recuse(given, by=given.expert.person, ground="close"))
        assert set(names(refused)) <= {"TransitionNotAllowed"} and not ScoreSheet.objects.counted().exists()
        assert Review.objects.get().state == "recused"

    def test_void_and_hand_in_leave_one_sheet_in_force(self, cast, given, meet):
        sheet = hand_in(given, 3, 2)
        refused = together(lambda: verbs.replace_sheet(sheet, by=cast.secretary, reason="Ошибка"),
                           lambda: verbs.submit_sheet(given, by=given.expert.person, shown=print_of(given)))
        assert set(names(refused)) <= {"TransitionNotAllowed"} and given.sheets.exclude(state="voided").count() == 1


def test_keyed_by_two_at_once_is_keyed_once(cast, given):
    from tests.contests.test_sheet_office import keyed

    refused = together(*[lambda by=by: keyed(given, by, 3, 2) for by in (cast.secretary, cast.office_head)])
    sheet = given.sheets.get()
    others = {cast.secretary: cast.office_head, cast.office_head: cast.secretary}[sheet.recorded_by]
    assert names(refused) == [] and paper.check_sheet(sheet, by=others, shown=print_of(given)).checked_by == others
