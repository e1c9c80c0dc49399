"""A letter's link and a second click after the decision: the person once asked is told that it is over, and no more."""
import pytest
from django.urls import reverse

from projectoffice.documents.services.route import withdraw
from tests.documents.states import fresh, paper_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer():
    """A signer who holds no role and reads the paper only while being asked."""
    return UserFactory(username="plain")


def asked_of(signer, cast, state="sent"):
    paper = paper_in(state, cast)
    stamp = paper.stamps.get(kind="agree")
    stamp.signer = signer
    stamp.save()
    return fresh(paper), stamp


def test_a_second_click_on_return_says_that_nothing_waits(cast, client, signer):
    paper, stamp = asked_of(signer, cast)
    client.force_login(signer)
    data = {"stamp": stamp.pk, "shown_hash": paper.current_sheet.content_hash, "reason": "Срок"}
    address = reverse("documents:return", args=[paper.pk])
    assert client.post(address, data).status_code == 302
    again = client.post(address, data)
    assert again.status_code == 200 and "Решать больше нечего" in again.content.decode()
    assert paper.decisions.count() == 1


@pytest.mark.parametrize("verb", ["sign", "return"])
def test_an_answer_to_a_withdrawn_paper_changes_nothing(cast, client, signer, verb):
    paper, stamp = asked_of(signer, cast)
    withdraw(paper, by=cast.secretary)
    client.force_login(signer)
    assert client.post(reverse(f"documents:{verb}", args=[paper.pk]), {"stamp": stamp.pk}).status_code == 200
    assert not paper.decisions.exists()


def test_the_letters_link_after_a_withdrawal_tells_no_word_of_the_content(cast, client, signer):
    paper, _ = asked_of(signer, cast)
    withdraw(paper, by=cast.secretary)
    client.force_login(signer)
    page = client.get(reverse("documents:decide", args=[paper.pk])).content.decode()
    assert "Решать больше нечего" in page and paper.title not in page and cast.office_head.short_name not in page


def test_who_was_never_asked_learns_nothing(cast, client, signer):
    sent, _ = asked_of(signer, cast)
    withdraw(sent, by=cast.secretary)
    client.force_login(cast.stranger)
    assert client.get(reverse("documents:decide", args=[sent.pk])).status_code == 404
    draft, _ = asked_of(signer, cast, "draft")
    client.force_login(signer)
    assert client.get(reverse("documents:decide", args=[draft.pk])).status_code == 404
