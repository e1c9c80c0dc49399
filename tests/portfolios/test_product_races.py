"""Two people at one product at the same moment, on real connections. Each race is also run without the lock, to see it happen."""
import pytest

from portfolios.services import product as verbs
from projectoffice.common.history import history_of
from tests.races import MeetingPlace, together

from .things import fresh, ready_product, submitted_product

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def meet(monkeypatch):
    """Each has read the product and was let in."""
    return MeetingPlace(monkeypatch).after(verbs, "demand")


def decided(product):
    return [event.verb for event in history_of(product) if event.verb in ("publish_product", "return_product")]


class TestTwoDecisions:
    def decide(self, cast):
        product = submitted_product()
        refused = together(lambda: verbs.publish_product(product, by=cast.secretary, version=product.version),
                           lambda: verbs.return_product(product, by=cast.office_head, version=product.version, remark="Поправьте"))
        return product, [type(each).__name__ for each in refused if each]

    def test_one_holds_and_the_other_is_told(self, cast, meet):
        product, refused = self.decide(cast)
        assert refused == ["TransitionNotAllowed"] and len(decided(product)) == 1

    def test_without_the_lock_both_decide(self, cast, meet):
        meet.without_lock(verbs)
        product, refused = self.decide(cast)
        assert refused == [] and len(decided(product)) == 2


class TestTwoEditors:
    def edit(self, cast):
        product = ready_product(author=cast.member_of_school_a)
        refused = together(lambda: verbs.save_product(product, by=cast.member_of_school_a, version=product.version, title="Школа"),
                           lambda: verbs.save_product(product, by=cast.secretary, version=product.version, title="Офис"))
        return product, [type(each).__name__ for each in refused if each]

    def test_one_is_stored_and_the_other_sees_both(self, cast, meet):
        product, refused = self.edit(cast)
        assert refused == ["StaleVersion"] and fresh(product).title in ("Школа", "Офис")

    def test_without_the_lock_one_text_is_lost(self, cast, meet):
        meet.without_lock(verbs)
        _, refused = self.edit(cast)
        assert refused == []


def test_a_product_sent_twice_at_once_is_sent_once(cast, meet):
    product = ready_product(author=cast.member_of_school_a)
    assert together(*[lambda: verbs.submit_product(product, by=cast.member_of_school_a)] * 2) == [None, None]
    assert [event.verb for event in history_of(product)].count("submit_product") == 1


def test_authors_added_by_two_at_once_stand_one_after_the_other(cast, meet):
    product = ready_product(author=cast.member_of_school_a)
    assert together(lambda: verbs.add_author(product, by=cast.member_of_school_a, name="Ким А.В."),
                    lambda: verbs.add_author(product, by=cast.secretary, name="Лен О.П.")) == [None, None]
    assert sorted(product.authors.values_list("position", flat=True)) == [1, 2, 3]


def test_the_same_author_added_by_two_at_once_stands_there_once(cast, meet):
    product = ready_product(author=cast.secretary)
    refused = together(*[lambda: verbs.add_author(product, by=cast.secretary, person=cast.member_of_school_a)] * 2)
    assert [type(each).__name__ for each in refused if each] == ["ValidationError"] and product.authors.count() == 2
