"""Figures of a large meeting for ``make bench``: its page, the secretary's page, the protocol and its PDF."""
import time
from datetime import date
from datetime import time as hour
from functools import partial
from statistics import median

from django.urls import reverse

from projectoffice.accounts.models import Body, User
from projectoffice.common.benchmark import Figure, settle
from projectoffice.common.lines import from_text
from projectoffice.documents.sheet import render_pdf
from projectoffice.documents.snapshot import take_snapshot

from ..models import AgendaItem, AgendaSpeaker, Meeting, Participant, Resolution
from ..services.protocol import create_protocol

ITEMS, PEOPLE, DECISIONS = 30, 60, 2
PAGES, MOST_SECONDS, ROUNDS = 5, 0.6, 9
HEARD = "Команды начали работу в срок, шести нужна помощь с показателями: собрать вопросы и ответить на них письмом."


def meeting_figures(stand):
    meeting = large_meeting()
    settle()
    day = reverse("meetings:meeting_day", args=[meeting.pk])
    yield from stand.page(f"Заседание, {ITEMS} вопросов и {PEOPLE} участников", partial(stand.get, meeting.get_absolute_url()),
                          times_floor=5, queries=20)
    yield from stand.page(f"Ход заседания, {ITEMS} вопросов", partial(stand.get, day), times_floor=8, queries=20)
    protocol = create_protocol(meeting, by=stand.person)
    yield from stand.page(f"Черновик протокола, {ITEMS} вопросов", partial(stand.get, protocol.get_absolute_url()),
                          times_floor=5, queries=20)
    yield from printing(protocol)


def printing(protocol):
    """Seconds of one PDF in the warm child, of the protocol cut to as many questions as fill five pages."""
    snapshot = take_snapshot(protocol.document)
    while (drawn := render_pdf(snapshot, mode="ink", code="bench", check_url="https://bench.example/v/bench/")).pages > PAGES:
        snapshot = snapshot | {"sections": snapshot["sections"][:-4]}
    times = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        render_pdf(snapshot, mode="ink", code="bench", check_url=f"https://bench.example/v/{number}/")
        times.append(time.perf_counter() - started)
    yield Figure(f"Протокол на {drawn.pages} страниц, PDF", median(times), "с", MOST_SECONDS)


def large_meeting():
    """A meeting written past the verbs: only its pages look at it."""
    meeting = Meeting.objects.create(body=Body.objects.main(), date=date(2027, 6, 4), start=hour(10), end=hour(16),
                                     place="Зал заседаний", state=Meeting.State.ANNOUNCED)
    people = User.objects.bulk_create(User(surname=f"Участников{n}", given_name="Иван", email=f"person{n}@bench.example") for n in range(PEOPLE))
    roles = ["chair", "secretary"] + ["member"] * (PEOPLE - 2)
    Participant.objects.bulk_create(
        Participant(meeting=meeting, person=person, name=person.short_name, post="директор школы", role=role, position=place)
        for place, (person, role) in enumerate(zip(people, roles, strict=True)))
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, position=place, title=f"О ходе работы команд, часть {place}", minutes=10, outcome="considered",
                   heard=from_text(HEARD), discussed=from_text("Иванов И.И. – поддержал."), vote={"unanimous": True})
        for place in range(1, ITEMS + 1))
    AgendaSpeaker.objects.bulk_create(AgendaSpeaker(item=item, person=people[0], text=people[0].short_name) for item in items)
    Resolution.objects.bulk_create(
        Resolution(item=item, position=place, text="Собрать вопросы команд и ответить на них.", is_charge=place == 1,
                   executor=people[1] if place == 1 else None, executor_text=people[1].short_name if place == 1 else "")
        for item in items for place in range(1, DECISIONS + 1))
    return meeting
