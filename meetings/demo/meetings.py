"""Demonstration meetings: what two years of plans came to, told by the verbs people use."""
from dataclasses import dataclass, field
from datetime import date, time

from django.utils import timezone

from projectoffice.accounts.models import Body, User
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send

from ..models import Meeting, Participant
from ..services import agenda, outcomes, resolutions
from ..services.attendance import add_guests, mark_attendance
from ..services.brief import create_brief, save_brief
from ..services.extract import create_extract
from ..services.meeting import (
    announce_meeting,
    create_meeting,
    meeting_from_plan,
    move_meeting,
    save_meeting,
)
from ..services.participants import add_participant, take_members
from ..services.protocol import add_remark, create_protocol, switch_form

PLACE = "Ресурсный центр «Опора», зал заседаний"
ALL, TO_NOTE = "1|||", "Принять информацию к сведению."


@dataclass(frozen=True)
class Decision:
    """A decision; with ``who`` a charge."""

    text: str
    who: str = ""
    due: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of a question of the agenda, by the number it has there («2», «1.2»)."""

    heard: str = ""
    discussed: str = ""
    decisions: tuple = ()
    vote: str = ""
    postponed: str = ""


@dataclass(frozen=True)
class Story:
    """A meeting of a row of the plan: which row, the day, who was not there, what came of each question."""

    row: int
    day: tuple
    answers: dict
    away: tuple = ()
    guests: str = ""
    form: str = "full"
    added: tuple = field(default=())


LAST_YEAR = [
    Story(1, (2, 14), {
        "1": Answer("Команды 24 учреждений начали работу в срок, шести нужна помощь с показателями.",
                    "Ольхина М.Ю. – предложила собрать вопросы команд до конца февраля.",
                    (Decision(TO_NOTE), Decision("Собрать вопросы команд о показателях и ответить на них письмом.",
                                                 "Ясеневой Д.В.", "до 28 февраля")), ALL),
        "2": Answer("Форма короткого отчёта занимает одну страницу и заполняется за двадцать минут.",
                    decisions=(Decision("Утвердить единую форму короткого отчёта."),
                               Decision("Перейти на единую форму отчёта.", "всем школам", "до 1 апреля")), vote="|11|0|1"),
    }, away=("Сосновский",)),
    Story(2, (4, 17), {
        "1": Answer("В проекте «Наставник рядом» участвуют 86 пар, треть из них встречается реже раза в месяц.",
                    decisions=(Decision("Одобрить работу наставников."),
                               Decision("Представить график встреч пар на второе полугодие.", "Тополеву И.Л.", "до 15 мая"))),
        "2": Answer(postponed="на следующее заседание: заявки принимают до 1 июня"),
    }, away=("Вербина", "Орешников"), form="short"),
    Story(3, (7, 10), {
        "1": Answer("Секция пройдёт в два часа, заявлены девять докладов.",
                    decisions=(Decision("Утвердить программу секции."),), vote=ALL),
        "1.1": Answer("Темы распределены между портфелями.", decisions=(Decision(TO_NOTE),)),
        "1.2": Answer("Площадки ведут лицей № 4 и центр «Вертикаль».", decisions=(Decision(TO_NOTE),)),
        "1.3": Answer(postponed="на сентябрь: тексты ещё не собраны"),
    }),
    Story(4, (9, 18), {
        "1": Answer("Пакет документов смотра готов.", decisions=(
            Decision("Согласовать документы смотра."),
            Decision("Внести документы смотра на подпись руководителю департамента.", "Калинину О.А.", "до 25 сентября"))),
        "1.1": Answer("Приказ подготовлен.", decisions=(Decision("Согласовать проект приказа."),)),
        "1.2": Answer("В положении уточнены критерии.", decisions=(Decision("Согласовать положение о смотре."),)),
        "1.3": Answer("Предложены двенадцать экспертов.", decisions=(Decision("Рекомендовать состав экспертов."),)),
    }, away=("Сосновский",), guests="Лещинина Р.К., председатель городского родительского комитета"),
    Story(6, (12, 18), {
        "1": Answer("За год проведено пять заседаний, исполнено девять поручений из десяти.",
                    decisions=(Decision("Признать работу Проектного офиса удовлетворительной."),), vote=ALL),
        "2": Answer("План на следующий год обсудили с руководителями портфелей.",
                    decisions=(Decision("Представить план заседаний на утверждение.", "Рябининой О.С.", "до 20 января"),)),
    }),
]
THIS_YEAR = [
    Story(1, (2, 12), {
        "1": Answer("Мониторинг прислали все учреждения, кроме двух.", "Берёзкина А.Ф. – предложила упростить раздел о кадрах.",
                    (Decision(TO_NOTE), Decision("Представить отчёты, которых не хватает.", "всем детским садам", "до 1 марта"))),
        "1.1": Answer("В портфеле «Сильная команда» по плану идут 31 проект из 36.", decisions=(
            Decision("Назначить встречи с командами пяти проектов, которые отстают.", "Ольхиной М.Ю.", "до 15 марта"),)),
        "1.2": Answer("В портфеле «Ученик в центре» отставаний нет.", decisions=(Decision("Одобрить работу команд портфеля."),)),
    }, away=("Каштанов", "Осинина")),
    Story(2, (4, 16), {
        "1": Answer("Площадки договорились о расписании на субботы.", decisions=(
            Decision("Утвердить расписание площадок."),
            Decision("Обеспечивать доставку школьников на площадки.", "Вязову А.Н.", "постоянно"),
            Decision("Подготовить договор о сетевом взаимодействии.", "Тополеву И.Л.", "до 30 апреля"))),
        "2": Answer("Дата совещания директоров – 28 апреля.", decisions=(Decision(TO_NOTE),)),
    }, added=("О публикации опыта лицея № 4", "Вязов А.Н.")),
    Story(3, (6, 11), {
        "1": Answer("Промежуточные итоги подведены по 112 проектам из 120.", decisions=(
            Decision("Представить отчёты о восьми проектах.", "Липатовой Е.И.", "до 1 сентября"),), vote="|12|0|0"),
        "2": Answer("В программе совещания три площадки.", decisions=(Decision("Утвердить программу совещания."),)),
    }),
    Story(4, (9, 17), {
        "1": Answer("Критерии смотра сокращены с двенадцати до девяти.", "Вязов А.Н. – поддержал сокращение.", (
            Decision("Утвердить порядок смотра и критерии оценки."),
            Decision("Разместить порядок смотра на портале.", "Ясеневой Д.В.", "до 25 сентября"),
            Decision("Подготовить памятку для экспертов.", "Рябининой О.С.", "до 15 декабря")), "|10|1|1"),
    }),
    Story(5, (11, 19), {
        "1": Answer("На смотр поступили 34 работы, в портфели войдут девять проектов.", decisions=(
            Decision("Утвердить итоги смотра."),
            Decision("Подготовить паспорта новых проектов.", "руководителям управленческих портфелей", "до 1 февраля"))),
        "2": Answer("Чаще всего открывают сценарии и памятки.", decisions=(Decision(TO_NOTE),)),
    }),
    Story(6, (12, 17), {
        "1": Answer("Поручения года исполнены в срок на девять десятых.", decisions=(
            Decision("Признать работу Проектного офиса удовлетворительной."),)),
    }),
]


class Office:
    """The people of the demonstration, by login or surname, and the secretary's hand."""

    def __init__(self):
        self.body = Body.objects.main()
        self.secretary, self.chair = (User.objects.get(username=login) for login in ("sekretar", "ofis"))
        self.today = timezone.localdate()

    def person(self, surname):
        return User.objects.get(surname=surname)

    def prepared(self, plan, story):
        """The meeting of a row with its day, hours, people and suggested speakers."""
        row = plan.items.get(position=story.row)
        meeting = meeting_from_plan([row], by=self.secretary)
        meeting = save_meeting(meeting, by=self.secretary, version=meeting.version, date=date(plan.year, *story.day),
                               start=time(14, 0), end=time(16, 0), place=PLACE)
        take_members(meeting, by=self.secretary)
        for item in meeting.items.present().top():
            item = agenda.put_suggested_speakers(item, by=self.secretary)
            agenda.save_item(item, by=self.secretary, version=item.version, minutes=30)
        return meeting

    def written_down(self, meeting, story):
        """Attendance, outcomes and decisions, as the secretary noted them."""
        for surname in story.away:
            participant = meeting.participants.get(person__surname=surname)
            mark_attendance(participant, Participant.Attendance.EXCUSED, by=self.secretary)
        if story.guests:
            add_guests(meeting, story.guests, by=self.secretary)
        for number, item in numbered(meeting):
            if number in story.answers:
                self.answer(item, story.answers[number])
        if story.added:
            item = outcomes.add_question(meeting, story.added[0], speaker=story.added[1], by=self.secretary)
            item = outcomes.save_field(item, "inclusion_vote", ALL, version=item.version, by=self.secretary)
            self.answer(item, Answer("Лицей готов провести открытый день в октябре.", decisions=(Decision(TO_NOTE),)))
        return meeting

    def answer(self, item, answer):
        for name, text in (("heard", answer.heard), ("discussed", answer.discussed), ("vote", answer.vote)):
            if text:
                item = outcomes.save_field(item, name, text, version=item.version, by=self.secretary)
        for decision in answer.decisions:
            resolution = resolutions.add_resolution(item, by=self.secretary)
            controller = "Рябинина О.С." if decision.who.startswith("Калинин") else "Калинин О.А."
            for name, text in (("text", decision.text), ("executor", decision.who), ("due", decision.due),
                               ("controller", controller if decision.who else "")):
                if text:
                    resolution = resolutions.save_resolution(resolution, name, text, version=resolution.version,
                                                             by=self.secretary)
        if answer.postponed:
            outcomes.postpone(item, note=answer.postponed, by=self.secretary)

    def signed(self, meeting, story):
        """The protocol, signed on paper by the chair and the secretary and recorded."""
        protocol = self.protocol(meeting, story)
        document = send(protocol.document, by=self.secretary)
        for stamp in sorted(document.stamps.active(), key=lambda stamp: stamp.step):
            document.refresh_from_db()
            record_ink(stamp, by=self.secretary, signed_on=meeting.date)
        return protocol

    def protocol(self, meeting, story):
        protocol = create_protocol(meeting, by=self.secretary)
        return switch_form(protocol, by=self.secretary, is_short=True) if story.form == "short" else protocol


def numbered(meeting):
    """(number, question) of the agenda: «1», «1.1» …"""
    top = list(meeting.items.present().top().order_by("position"))
    for place, item in enumerate(top, start=1):
        yield f"{place}", item
        for part, child in enumerate(item.children.present().order_by("position"), start=1):
            yield f"{place}.{part}", child


def create(last, this):
    """Meetings of last year's and this year's plan, up to today's date; returns their protocols in force."""
    office = Office()
    protocols = [office.signed(office.written_down(office.prepared(last, story), story), story) for story in LAST_YEAR]
    carried_and_moved(office, last)
    past = [story for story in THIS_YEAR if date(this.year, *story.day) < office.today]
    coming = [story for story in THIS_YEAR if story not in past]
    protocols += [office.signed(office.written_down(office.prepared(this, story), story), story) for story in past[:-1]]
    for story in past[-1:]:
        drafted(office, this, story)
    for story in coming[:1]:
        announced(office, this, story)
    for story in coming[1:2]:
        office.prepared(this, story)
    extraordinary(office)
    extracted(office, protocols)
    return protocols


def carried_and_moved(office, last):
    """Row 5 of last year was put off and never got its day: the office says so in the plan's fulfilment."""
    story = Story(5, (11, 20), {})
    meeting = office.prepared(last, story)
    move_meeting(meeting, by=office.secretary, version=Meeting.objects.get(pk=meeting.pk).version,
                 reason="Эксперты не успели сдать оценочные листы.")


def drafted(office, plan, story):
    """The latest meeting: its protocol is a draft, and the chair has a remark."""
    protocol = office.protocol(office.written_down(office.prepared(plan, story), story), story)
    add_remark(protocol, "Добавьте, кто представит паспорта новых проектов на заседании.", by=office.chair,
               item=protocol.meeting.items.present().top().order_by("position").first())


def announced(office, plan, story):
    """The next meeting: everybody is invited, the brief is ready."""
    meeting = office.prepared(plan, story)
    item = agenda.add_item(meeting, by=office.secretary, title="Разное", is_misc=True, minutes=10)
    agenda.add_item(meeting, by=office.secretary, parent=item, title="О графике отпусков координаторов")
    agenda.add_item(meeting, by=office.secretary, title="О жалобе на работу команды проекта", closed=True, minutes=15)
    add_participant(meeting, by=office.secretary, name="Лещинина Р.К.", post="председатель городского родительского комитета",
                    role=Participant.Role.INVITED)
    announce_meeting(meeting, by=office.secretary)
    brief = create_brief(meeting, by=office.secretary)
    brief = save_brief(brief, {
        "goal": "подвести итоги года и договориться о плане на следующий.",
        "tasks": "• сравнить обещанное с сделанным;\n• назвать темы следующего года;\n• распределить ответственных.",
        "results": "• у участников общее представление об итогах года;\n• согласован план заседаний.",
        "products": "• план заседаний;\n• список поручений.",
    }, version=brief.version, by=office.secretary)
    send(brief.document, by=office.secretary)


def extraordinary(office):
    """A meeting outside the plan, still being prepared, of the working group."""
    group = Body.objects.get(name="Рабочая группа по наставничеству")
    meeting = create_meeting(group, by=office.secretary, title="Памятка наставника", place=PLACE)
    agenda.add_item(meeting, by=office.secretary, title="Памятка наставника: что убрать", minutes=40,
                    speakers=[("Вербина Н.А.", office.person("Вербина").pk)])


def extracted(office, protocols):
    """An extract for the schools, certified on paper."""
    source = protocols[0].document.__class__.objects.get(pk=protocols[0].document_id).in_force.snapshot["source"]
    chosen = [decision["uid"] for decision in source["items"][1]["resolutions"]]
    extract = create_extract(protocols[0], chosen, by=office.secretary, addressee="Руководителям школ")
    document = send(extract.document, by=office.secretary)
    for stamp in document.stamps.active():
        record_ink(stamp, by=office.secretary, signed_on=protocols[0].meeting.date)
