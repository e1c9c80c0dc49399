"""The calendar file, read back by a calendar library and, apart from it, line by line as RFC 5545 says."""
import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from meetings.meeting.calendar_file import CANCEL, PUBLISH, REQUEST, CalendarEvent, Mailbox, calendar_file
from projectoffice.common.text import scrub

SAMARA = ZoneInfo("Europe/Samara")
EVENT = CalendarEvent(
    uid="7d0a6f7e-5b1d-4d0e-9e5d-2d7f0c9a1b11@po.example.ru", sequence=3, told_at=datetime(2027, 5, 20, 6, 30, tzinfo=UTC),
    day=date(2027, 6, 4), start=time(14), end=time(16), minutes=45, zone=SAMARA, summary="Заседание рабочей группы",
    place="каб. 21", description="Повестка:\n1. Об итогах года", url="https://po.example.ru/meetings/7/",
    organizer=Mailbox("Проектный офис", "office@example.ru"), receiver=Mailbox("Белов С.И.", "belov@example.ru"),
)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=300)


def lines_of(file):
    """The content lines, unfolded, as the standard says; every physical line ends with CRLF and is short."""
    physical = file.split(b"\r\n")
    assert physical.pop() == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in physical)
    for line in physical:
        line.decode()  # no fold cuts a letter in two
    return b"\r\n".join(physical).replace(b"\r\n ", b"").decode().split("\r\n")


def value_of(file, name):
    """The raw value of a property inside the event, and its text with the escapes taken away."""
    lines = lines_of(file)
    inside = lines[lines.index("BEGIN:VEVENT"):lines.index("END:VEVENT")]
    [found] = [line for line in inside if re.match(rf"{name}[;:]", line)]
    raw = found.partition(":")[2]
    return raw, re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], raw)


def event_of(file):
    [event] = Calendar.from_ical(file).walk("VEVENT")
    return event


def test_same_facts_give_the_same_bytes():
    assert calendar_file(EVENT, REQUEST) == calendar_file(replace(EVENT), REQUEST)


def test_the_file_says_when_in_the_office_zone_and_brings_the_zone_along():
    lines = lines_of(calendar_file(EVENT, REQUEST))
    for line in ("METHOD:REQUEST", "DTSTART;TZID=Europe/Samara:20270604T140000", "DTEND;TZID=Europe/Samara:20270604T160000",
                 "DTSTAMP:20270520T063000Z", "SEQUENCE:3", "STATUS:CONFIRMED", "TZID:Europe/Samara", "TZOFFSETTO:+0400",
                 "BEGIN:VTIMEZONE"):
        assert line in lines
    assert event_of(calendar_file(EVENT, REQUEST))["DTSTART"].dt.astimezone(UTC).hour == 10


def test_a_zone_with_summer_time_brings_both_its_rules():
    lines = lines_of(calendar_file(replace(EVENT, zone=ZoneInfo("Europe/Berlin")), REQUEST))
    assert {"BEGIN:DAYLIGHT", "BEGIN:STANDARD"} <= set(lines)


@pytest.mark.parametrize(("minutes", "lasts"), [(0, 60), (45, 45), (600, 600), (11 * 60, 11 * 60)])
def test_without_an_end_it_lasts_as_long_as_its_questions_or_an_hour(minutes, lasts):
    event = event_of(calendar_file(replace(EVENT, end=None, minutes=minutes), REQUEST))
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=lasts)


def test_without_an_hour_it_takes_the_day():
    file = calendar_file(replace(EVENT, start=None, end=None), REQUEST)
    assert {"DTSTART;VALUE=DATE:20270604", "DTEND;VALUE=DATE:20270605"} <= set(lines_of(file))
    assert b"VTIMEZONE" not in file


def test_a_cancellation_needs_no_day():
    file = calendar_file(replace(EVENT, day=None, is_cancelled=True, description=""), CANCEL)
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3"} <= set(lines_of(file))
    assert event_of(file)["UID"] == EVENT.uid


def test_a_download_names_no_receiver():
    file = calendar_file(replace(EVENT, receiver=None), PUBLISH)
    assert "ATTENDEE" not in file.decode()
    assert "METHOD:PUBLISH" in lines_of(file)


def test_organizer_and_receiver_are_named_with_their_roles():
    file = calendar_file(replace(EVENT, receiver=Mailbox('Белов "С.И."; глава, совета', "belov@example.ru", True)), REQUEST)
    event = event_of(file)
    assert event["ORGANIZER"] == "mailto:office@example.ru"
    assert event["ATTENDEE"] == "mailto:belov@example.ru"
    assert event["ATTENDEE"].params["ROLE"] == "CHAIR"
    assert event["ATTENDEE"].params["CN"] == 'Белов "С.И."; глава, совета'


def test_signs_with_a_meaning_of_their_own_are_escaped():
    words = r"Итоги; планы, сроки \ прочее"
    raw, text = value_of(calendar_file(replace(EVENT, summary=words), REQUEST), "SUMMARY")
    assert raw == r"Итоги\; планы\, сроки \\ прочее"
    assert text == words


@given(title=TEXT, place=TEXT, agenda=TEXT)
def test_any_text_comes_back_as_it_was(title, place, agenda):
    file = calendar_file(replace(EVENT, summary=title, place=place, description=agenda), REQUEST)
    event = event_of(file)
    for name, typed in (("SUMMARY", title), ("LOCATION", place), ("DESCRIPTION", agenda)):
        meant = scrub(typed)
        if name == "SUMMARY" or typed:
            assert value_of(file, name)[1] == meant
            assert str(event[name]) == meant
