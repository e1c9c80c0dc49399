"""One meeting as a calendar file (RFC 5545, 5546). Facts in, bytes out: the same facts give the same bytes.

A meeting without a typed end lasts as long as its questions are meant to, or an hour when nobody said how long
they take; without an hour of beginning it takes the whole day.
"""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vUri

from projectoffice.common.text import scrub

PUBLISH, REQUEST, CANCEL = "PUBLISH", "REQUEST", "CANCEL"
PRODUCT = "-//Project Office//Meetings//RU"
AN_HOUR = 60


@dataclass(frozen=True)
class Mailbox:
    """A name and an address as calendars show them."""

    name: str
    address: str
    is_chair: bool = False


@dataclass(frozen=True)
class CalendarEvent:
    """What a calendar is told of a meeting; ``told_at`` is the stored moment of what is told, never «now»."""

    uid: str
    sequence: int
    told_at: datetime
    day: date | None
    start: time | None
    end: time | None
    minutes: int
    zone: ZoneInfo
    summary: str
    place: str
    description: str
    url: str
    organizer: Mailbox
    receiver: Mailbox | None = None
    is_cancelled: bool = False
    is_tentative: bool = False

    @property
    def bounds(self):
        """First and last moment in the zone, or the day and the next one; None when no day is known."""
        if self.day is None:
            return None
        if self.start is None:
            return self.day, self.day + timedelta(days=1)
        start = datetime.combine(self.day, self.start)
        lasts = timedelta(minutes=self.minutes or AN_HOUR)
        end = datetime.combine(self.day, self.end) if self.end else start + lasts
        return start.replace(tzinfo=self.zone), end.replace(tzinfo=self.zone)


def calendar_file(event, method):
    """The file: METHOD of ``REQUEST`` or ``CANCEL`` in a letter to one person, ``PUBLISH`` for a download."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if event.bounds and event.start:
        calendar.add_component(zone_of(event))
    calendar.add_component(component(event))
    return calendar.to_ical()


def zone_of(event):
    """The rules of the zone around the day, so that no calendar has to know it."""
    year = event.day.year
    zone = Timezone.from_tzid(event.zone.key, first_date=date(year - 1, 1, 1), last_date=date(year + 2, 1, 1))
    zone.pop("COMMENT", None)
    return zone


def component(event):
    told = Event()
    told.add("uid", event.uid)
    told.add("sequence", event.sequence)
    told.add("dtstamp", event.told_at)
    if event.bounds:
        told.add("dtstart", event.bounds[0])
        told.add("dtend", event.bounds[1])
    told.add("summary", scrub(event.summary))
    for name, text in (("location", event.place), ("description", event.description)):
        if text:
            told.add(name, scrub(text))
    if event.url:
        told.add("url", vUri(event.url))
    told.add("status", "CANCELLED" if event.is_cancelled else "TENTATIVE" if event.is_tentative else "CONFIRMED")
    told.add("transp", "OPAQUE" if event.start else "TRANSPARENT")
    if event.organizer.address:
        told.add("organizer", mailbox(event.organizer))
    if event.receiver:
        told.add("attendee", attendee(event.receiver))
    return told


def mailbox(who):
    address = vCalAddress(f"mailto:{parseaddr(who.address)[1]}")
    address.params["CN"] = scrub(who.name)
    return address


def attendee(who):
    """The receiver alone: addresses of the others are nobody else's business. Answers are not asked for."""
    address = mailbox(who)
    address.params["ROLE"] = "CHAIR" if who.is_chair else "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "FALSE"
    return address
