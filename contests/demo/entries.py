"""Demonstration entries: those of last year and of this year admitted, those of the small contest in every state."""
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from projectoffice.accounts.models import Institution, Post, User
from projectoffice.common.history import record, told_at
from projectoffice.common.uploads import store_upload

from ..entry.printing import entry_pdf
from ..entry.submission import take
from ..models import Contest, ContestStage, Entry, EntryAnswer, EntryFile, EntrySubmission, TechnicalCheck

State, Outcome = Entry.State, TechnicalCheck.Outcome
TITLES = [
    "Наставник рядом", "Пары роста", "Теплица круглый год", "Читающая параллель", "Инженерная суббота", "Музей одного квартала",
    "Понятный урок", "Школа соседей", "Тьютор для каждого", "Юный метеоролог", "Родительский час", "Математика руками",
    "Школьный радиоузел", "Зелёный маршрут", "Тихий час для методиста", "Двор, который мы построили",
]
LESSONS = ["Почему дождь идёт косо", "Задача про забор", "Азбука двора", "Письмо бабушке", "Считаем шаги", "Слово дня", "Карта кабинета",
           "Вежливый спор"]
NAMES = ["Ряжская Вера Олеговна", "Клёнова Мария Игоревна", "Осокин Павел Андреевич", "Дубова Инна Сергеевна", "Ельников Глеб Петрович",
         "Берёзина Юлия Павловна"]
TEXTS = [
    "За два года на первые курсы ушли шесть педагогов из девяти. Опрос показал: не хватает не знаний, а человека рядом.",
    "К маю 80 % пар проводят общий урок раз в месяц; доля тех, кто думает об уходе, снижается с 54 до 30 %.",
    "Сентябрь – пары и договорённости. Октябрь–март – взаимные уроки. Апрель – замер. Май – открытая встреча для города.",
    "Описание ролей, расписание встреч, карта наблюдения урока – всё одной папкой, её можно взять завтра.",
    "Команда вела городскую площадку по наставничеству в 2024–2026 годах.",
]
# The state of each entry of the contest that takes them, with the words of the office where there are some.
STATES = [
    (State.DRAFT, ""), (State.SUBMITTED, ""), (State.SUBMITTED, ""),
    (State.RETURNED, "Приложите смету: в файле её нет.\nПодпишите последнюю страницу."), (State.ADMITTED, ""),
    (State.ADMITTED, "В названии опечатка: исправлять заявку не нужно."), (State.REJECTED, "Занятие рассчитано на 7 класс, а номинация – для начальной школы."),
    (State.WITHDRAWN, "Решили доработать и подать в следующем году."),
]
OUTCOMES = {State.RETURNED: Outcome.RETURNED, State.REJECTED: Outcome.REJECTED}
LAST_YEAR = 10


def create():
    """Entries of the demonstration contests, expected to be there; nothing where they are not."""
    taking = Contest.objects.filter(state=Contest.State.ANNOUNCED, needs_signed_scan=True).first()
    scored = Contest.objects.filter(state=Contest.State.ANNOUNCED, needs_signed_scan=False).first()
    past = Contest.objects.filter(state=Contest.State.FINISHED).first()
    for contest, titles in ((past, TITLES[:LAST_YEAR]), (scored, TITLES)):
        if contest:
            admitted_entries(contest, titles)
    if taking:
        entries_in_every_state(taking)


def admitted_entries(contest, titles):
    """What experts score: sent over the weeks of acceptance, admitted a few days later."""
    nominations = list(contest.nominations.prefetch_related("fields"))
    acceptance = ContestStage.objects.get(contest=contest, kind=ContestStage.Kind.ACCEPTANCE)
    step = (acceptance.ends_at - acceptance.starts_at) / (len(titles) + 1)
    for place, (title, school) in enumerate(zip(titles, schools(len(titles)), strict=False)):
        sent = acceptance.starts_at + step * (place + 1)
        entry = write(contest, nominations[place % len(nominations)], school, title, place, begun=sent - timedelta(days=1))
        hand_in(entry, place + 1, sent)
        decide(entry, Outcome.REMARKS if place % 7 == 3 else Outcome.ADMITTED, "Нумерация разделов сбита." if place % 7 == 3 else "")


def entries_in_every_state(contest):
    nomination = contest.nominations.get()
    number = 0
    for place, ((state, words), title, school) in enumerate(zip(STATES, LESSONS, schools(len(STATES), first=own_school()), strict=False)):
        sent = timezone.now() - timedelta(days=len(STATES) - place)
        entry = write(contest, nomination, school, title, place, filled=state != State.DRAFT, begun=sent - timedelta(hours=5))
        if state == State.DRAFT:
            continue
        number += 1
        entry.signed_scan = paper(entry, "Заявка с подписью.pdf")
        hand_in(entry, number, sent)
        if state == State.WITHDRAWN:
            Entry.objects.filter(pk=entry.pk).update(state=state, state_reason=words)
            record("withdraw_entry", entry, f"Заявка отозвана: {words}", by=entry.created_by)
        elif state != State.SUBMITTED:
            decide(entry, OUTCOMES.get(state, Outcome.REMARKS if words else Outcome.ADMITTED), words)


def own_school():
    """The school of the demonstration's login, so that a team sees its own rows."""
    person = User.objects.filter(username="shkola12").first()
    return person.current_post.institution if person and person.current_post else None


def schools(many, first=None):
    """Institutions in turn; ``first`` has the draft and the returned entry."""
    others = list(Institution.objects.open().exclude(pk=first.pk if first else None).order_by("pk")[:many])
    if first is None:
        return [others[place % len(others)] for place in range(many)]
    return [first if place in (0, 3) else others[place % len(others)] for place in range(many)]


def write(contest, nomination, school, title, place, *, begun, filled=True):
    """A draft with its authors, answers and a file, as its team would have left it."""
    post = Post.objects.current().filter(institution=school, person__isnull=False).select_related("person").order_by("pk").first()
    person = post.person if post else None
    entry = Entry.objects.create(contest=contest, nomination=nomination, institution=school, title=title,
                                 created_by=person if person and person.username else None)
    entry.authors.create(person=person, name=person.full_name if person else NAMES[place % len(NAMES)], post=str(post)[:300] if post else "методист",
                         phone="8 (000) 00-12-34", email=person.email if person else "", is_contact=True, position=1)
    entry.authors.create(name=NAMES[(place + 1) % len(NAMES)], post="учитель", position=2)
    fields = list(nomination.fields.all())
    EntryAnswer.objects.bulk_create(EntryAnswer(entry=entry, field=field, text=TEXTS[number % len(TEXTS)])
                                    for number, field in enumerate(fields if filled else fields[:1]))
    if contest.needs_signed_scan and filled:
        EntryFile.objects.create(entry=entry, file=paper(entry, "Описание.pdf"), added_by=entry.created_by)
    with told_at(begun):
        record("start_entry", entry, "Начата заявка", by=entry.created_by)
    return entry


def paper(entry, name):
    return store_upload(ContentFile(entry_pdf(entry), name=name), by=entry.created_by)


def hand_in(entry, number, moment):
    """Sent at that moment: the demonstration lays it into the past, where no verb goes."""
    entry.number, entry.submitted_at, entry.state = number, moment, State.SUBMITTED
    entry.save()
    EntrySubmission.objects.create(entry=entry, number=1, snapshot=take(entry), by=entry.created_by, at=moment)
    with told_at(moment):
        record("submit_entry", entry, f"Заявка № {number} отправлена", by=entry.created_by)


def decide(entry, outcome, words):
    """The outcome three days after the entry came, or now where that is still ahead."""
    office = User.objects.filter(username="metodist").first()
    until = timezone.now() + timedelta(days=5) if outcome == Outcome.RETURNED else None
    moment = min(entry.submitted_at + timedelta(days=3), timezone.now())
    TechnicalCheck.objects.create(submission=entry.submissions.get(), outcome=outcome, words=words, correct_until=until, by=office, at=moment)
    entry.state = {Outcome.RETURNED: State.RETURNED, Outcome.REJECTED: State.REJECTED}.get(outcome, State.ADMITTED)
    entry.state_reason, entry.correct_until = words, until
    entry.save()
    with told_at(moment):
        record("check_entry", entry, outcome.label, by=office)
