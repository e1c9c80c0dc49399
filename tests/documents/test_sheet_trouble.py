"""A sheet that cannot be drawn in time: its reader is led back with a sentence, whichever view draws it."""
import pytest
from django.urls import reverse

from projectoffice.documents.sheet import rendering
from tests.factories import MeetingFactory
from tests.portfolios.things import led_by, report_of, sent

pytestmark = pytest.mark.django_db
NOT_DRAWN = "Не удалось подготовить PDF"


@pytest.fixture
def page(client, cast, monkeypatch):
    """The page of a report that was sent; no sheet is ready within a thousandth of a second."""
    head = cast.member_of_school_a
    report = report_of(led_by(head.current_post.institution, head=head))
    sent(report, by=head)
    client.force_login(head)
    address = report.get_absolute_url()
    assert ask(client, address).status_code == 200  # the drawing process is warm: a cold one is given longer
    monkeypatch.setattr(rendering, "WALL_SECONDS", 0.001)
    return address


def ask(client, page, **headers):
    return client.get(f"{page}sent/1/report.pdf", headers=headers)


def test_the_reader_is_back_on_the_page_and_reads_why(client, page):
    answer = ask(client, page, referer=f"http://testserver{page}")
    assert answer.status_code == 302 and answer["Location"] == f"http://testserver{page}"
    assert NOT_DRAWN in client.get(page).content.decode()


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/", "http://testserver{page}sent/1/report.pdf"])
def test_who_came_from_nowhere_reads_it_on_a_page_of_its_own(client, page, referer):
    answer = ask(client, page, referer=referer.format(page=page))
    assert answer.status_code == 503 and NOT_DRAWN in answer.content.decode()


def test_a_script_reads_it_as_json(client, page):
    answer = ask(client, page, referer=f"http://testserver{page}", accept="application/json")
    assert answer.status_code == 503 and NOT_DRAWN in answer.json()["error"]


def test_the_sign_in_sheet_of_a_meeting_too(client, cast, page):
    client.force_login(cast.secretary)
    meeting = MeetingFactory()
    answer = client.get(reverse("meetings:sign_in_sheet", args=[meeting.pk]), headers={"referer": f"http://testserver{page}"})
    assert answer.status_code == 302 and NOT_DRAWN in client.get(page).content.decode()
