"""What one row of «Мои дела» says: its term, its badge, its remark; and the order of rows."""
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from projectoffice.common import waiting
from projectoffice.common.waiting import Coming, Sent, Sources, Waiting

NOW = datetime(2027, 5, 14, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def samara(monkeypatch):
    """The fourteenth of May at one in the afternoon."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with timezone.override("Europe/Samara"):
        yield


def row(**fields):
    return Waiting(**{"what": "Отчёт", "whose": "Проект", "url": "/", "action": "Начать", "gender": "m", **fields})


@pytest.mark.parametrize(("due", "gender", "state", "term"), [
    (date(2027, 5, 24), "f", None, "до\xa024\xa0мая · 10\xa0дней"),
    (date(2027, 5, 14), "f", None, "до\xa014\xa0мая · сегодня"),
    (date(2027, 5, 12), "f", ("alert", "Просрочена на 2\xa0дня"), "была до\xa012\xa0мая"),
    (NOW + timedelta(days=7, hours=4), "m", None, "до\xa021\xa0мая, 17:00 · 7\xa0дней"),
    (NOW, "m", None, "до\xa014\xa0мая, 13:00 · сегодня"),
    (NOW - timedelta(seconds=1), "m", ("alert", "Просрочен"), "был до\xa014\xa0мая, 12:59"),
    (NOW - timedelta(days=1), "n", ("alert", "Просрочено на 1\xa0день"), "было до\xa013\xa0мая, 13:00"),
    (None, "n", None, ""),
])
def test_a_term_is_a_day_or_a_moment_and_past_it_the_word_agrees(due, gender, state, term):
    each = row(due=due, gender=gender)
    assert (each.state, each.term) == (state, term)


def test_a_passed_term_outweighs_the_badge_and_a_closed_one_outweighs_both():
    assert row(badge=("neutral", "Черновик"), due=date(2027, 5, 20)).state == ("neutral", "Черновик")
    assert row(badge=("neutral", "Черновик"), due=date(2027, 5, 1)).state[0] == "alert"
    assert row(due=date(2027, 5, 1), closed="Приём закончился.").state == ("closed", "Приём закрыт")


def test_of_a_remark_the_first_two_lines_are_told():
    assert row(remark="Один.\n\nДва.").remark_lines == "Один. Два."
    assert row(remark="Один.\nДва.\nТри.").remark_lines == "Один. Два. …"
    assert len(row(remark="я" * 1000).remark_lines) == waiting.REMARK_LENGTH + 1


def test_the_nearest_comes_first_what_has_no_term_later_what_is_closed_last(monkeypatch):
    source = Sources()
    monkeypatch.setattr(waiting, "contributes", source)
    source(lambda user: [
        row(what="закрыт", due=date(2027, 5, 1), closed="Приём закончился."), row(what="без срока", since=NOW),
        row(what="день", due=date(2027, 5, 20)), row(what="час того же дня", due=datetime(2027, 5, 20, 13, tzinfo=UTC)),
        row(what="просрочен", due=NOW - timedelta(days=3)),
    ])
    assert [each.what for each in waiting.waiting_for(None)] == ["просрочен", "час того же дня", "день", "без срока", "закрыт"]


def test_the_nearest_date_is_one_that_is_still_to_come(monkeypatch):
    source = Sources()
    monkeypatch.setattr(waiting, "contributes", source)
    assert waiting.board_of(None).coming is None
    source(lambda user: [Coming(date(2027, 5, 13), "прошло"), Coming(date(2027, 5, 20), "потом"), Coming(date(2027, 5, 14), "сегодня")])
    assert waiting.board_of(None).coming.what == "сегодня"


def test_of_what_was_sent_the_newest_five_are_told(monkeypatch):
    source = Sources()
    monkeypatch.setattr(waiting, "contributes", source)
    source(lambda user: [Sent(str(day), "", "/", NOW - timedelta(days=day), ("done", "Принят")) for day in (6, 1, 4, 2, 5, 3)])
    board = waiting.board_of(None)
    assert [row.what for row in board.sent] == ["1", "2", "3", "4", "5"] and board.waiting == []
