"""A meeting that was held, with everything a protocol can have: for the tests of papers."""
from datetime import date

from django.utils import timezone

from meetings.models import AgendaItem, AgendaSpeaker
from meetings.services.protocol import create_protocol
from projectoffice.common.lines import line
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send
from tests.factories import (
    AgendaItemFactory,
    BodyFactory,
    MeetingFactory,
    ParticipantFactory,
    ResolutionFactory,
    UserFactory,
)

ALL_VOTED = {"unanimous": True}


def person(surname, **fields):
    return UserFactory(surname=surname, given_name=fields.pop("given_name", "Наталья"), patronymic=fields.pop("patronymic", "Павловна"),
                       **fields)


def held(*, body=None, secretary=None, chair=None, members=("Белов С.И.", "Ёлкина А.А.", "Громова Е.В."), day=date(2027, 6, 4)):
    """A meeting with a chair, a secretary and typed members, all present; no questions yet."""
    meeting = MeetingFactory(body=body or BodyFactory(name="Проектный офис", genitive="Проектного офиса"), date=day)
    chair, secretary = chair or person("Орлова"), secretary or person("Сорокина")
    ParticipantFactory(meeting=meeting, person=chair, role="chair")
    ParticipantFactory(meeting=meeting, person=secretary, role="secretary")
    for name in members:
        ParticipantFactory(meeting=meeting, person=None, name=name, post="методист", role="member")
    return meeting


def considered(meeting, title="Итоги полугодия", *, decisions=("Принять информацию к сведению.",), speakers=("Белов С.И.",), **fields):
    """A considered question with its speakers and decisions (texts, or dictionaries of a charge)."""
    item = AgendaItemFactory(meeting=meeting, title=title, outcome=fields.pop("outcome", AgendaItem.Outcome.CONSIDERED), **fields)
    AgendaSpeaker.objects.bulk_create(
        AgendaSpeaker(item=item, text=each, position=place) for place, each in enumerate(speakers)
    )
    for place, each in enumerate(decisions, start=1):
        ResolutionFactory(item=item, position=place, **({"text": each} if isinstance(each, str) else each))
    return item


def full_meeting(**people):
    """Every kind of question: with all votes, with a charge, added, postponed, withdrawn, «Разное» with two parts."""
    meeting = held(**people)
    ParticipantFactory(meeting=meeting, person=None, name="Ким А.В.", role="member", attendance="excused")
    ParticipantFactory(meeting=meeting, person=None, name="Липатова Е.И.", post="заместитель директора МБОУ школы № 12",
                       role="invited", votes=False)
    ParticipantFactory(meeting=meeting, person=None, name="Неявкин О.О.", post="методист", role="invited", votes=False, attendance="absent")
    considered(meeting, "Подведение итогов работы за полугодие", heard=[line("Показатели первого полугодия достигнуты в 12 проектах из 14.")],
               discussed=[line("Громова Е.В. – предлагает закрепить наставников за командами.")],
               vote={"for": 4, "against": 0, "abstained": 1},
               decisions=("Принять информацию к сведению.", {
                   "text": "Представить сводный отчёт о работе команд.", "is_charge": True, "executor_text": "Белову С.И.",
                   "due": "до 1 июля 2027 г.", "due_end": date(2027, 7, 1)}))
    considered(meeting, "Отчёт о ходе проекта «Наставник рядом»", speakers=("Громова Е.В.", "Липатова Е.И."), vote=ALL_VOTED)
    considered(meeting, "Порядок смотра проектов", decisions=(), outcome="postponed", outcome_note="Докладчик в отъезде, на 10 сентября")
    considered(meeting, "Приём новых участников", decisions=(), speakers=(), outcome="withdrawn")
    considered(meeting, "О летней проектной школе", added=True, inclusion_vote=ALL_VOTED, speakers=("Ёлкина А.А.",))
    misc = AgendaItemFactory(meeting=meeting, title="Разное", is_misc=True)
    considered(meeting, "График отпусков", parent=misc, decisions=("Утвердить график.",), speakers=())
    considered(meeting, "О сайте", parent=misc, decisions=("Обновить раздел «Проекты».",))
    return meeting


def protocol_of(meeting, by):
    return create_protocol(meeting, by=by)


def in_ink(protocol):
    """The lines of chair and secretary are signed on paper."""
    protocol.document.stamps.update(method="ink")
    return protocol


def issued(protocol, by):
    """Signed on paper throughout; returns the protocol read anew."""
    document = send(in_ink(protocol).document, by=by)
    for stamp in document.stamps.active():
        record_ink(stamp, by=by, signed_on=timezone.localdate())
    return type(protocol).objects.select_related("document__in_force").get(pk=protocol.pk)
