"""Demonstration contests of Кленовск: last year's over, this year's being scored, a small one that takes entries, next year's set up."""
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.common.history import record, told_at

from ..models import Contest, ContestStage, Criterion
from ..services import award as awards
from ..services import nomination as nominations
from ..services.contest import announce, create_contest
from ..services.copying import copy_contest

ONSITE = Criterion.Round.ONSITE
ABOUT = (
    "Смотр-конкурс отбирает проекты, которые в следующем году войдут в портфели города. Участвуют команды школ, детских садов и центров "
    "дополнительного образования.\n\nПобедители и лауреаты получают поддержку Проектного офиса: наставника, место в плане семинаров и "
    "площадку для показа результатов."
)
# Title, for which works.
NOMINATIONS = [
    ("Управленческий проект", "Проекты команд, которые меняют работу всего учреждения: расписание, методическую службу, связи с семьёй."),
    ("Сетевой проект", "Проекты, которые ведут вместе не меньше трёх учреждений."),
    ("Авторский проект", "Проекты одного педагога или малой группы: новая практика, курс, событие."),
]
# Question, its help, limit, whether it names authors.
FIELDS = [
    ("Какую проблему решает проект?", "На чём основано: замеры, наблюдения, обращения.", 2000, False),
    ("Цель и измеримые результаты", "Что станет другим и как вы это увидите.", 1500, False),
    ("План на год", "Этапы и контрольные точки.", 3000, False),
    ("Что сможет взять другая школа?", "", 1000, False),
    ("Опыт команды", "Чем команда уже занималась.", 1000, True),
]
# Title, weight, highest mark, words of the levels from 0, round, whether it counts, whether a comment is asked for.
CRITERIA = [
    ("Обоснованность проблемы", "1", ["проблема не названа", "названа, но ничем не подтверждена", "подтверждена частью данных",
                                      "подтверждена данными и понятна каждому"], "remote", True, False),
    ("Измеримость результатов", "2", ["результаты не названы", "названы общими словами", "часть можно измерить",
                                      "у каждого результата есть мера и срок"], "remote", True, False),
    ("Реалистичность плана", "1", ["плана нет", "сроки и силы не сходятся", "план выполним с оговорками", "план выполним"],
     "remote", True, False),
    ("Польза для других", "1", ["перенять нечего", "перенять трудно", "часть можно взять сразу", "можно взять целиком"], "remote", True, True),
    ("Качество оформления", "1", ["читать трудно", "читается с усилием", "читается легко", "образец"], "remote", False, False),
    ("Защита и ответы на вопросы", "1", ["на вопросы не ответили", "ответили на часть", "ответили на все", "ответили и убедили"],
     ONSITE, True, False),
]
AWARDS = [("Победитель", "1", "diploma", True), ("Лауреат", "2–3", "diploma", True), ("Участник", "", "certificate", False)]
TIES = [("criterion", "Измеримость результатов"), ("highest", ""), ("chair", "")]
# Kind, how many days from today it begins and ends.
SCORED = [("acceptance", -50, -20), ("check", -40, -13), ("remote", -10, 14), ("onsite", 20, 22), ("jury", 18, 22), ("results", 23, 30)]
TAKING = [("acceptance", -9, 12), ("check", -5, 19), ("remote", 20, 34), ("results", 36, 40)]


def create():
    """Four contests with their structure. Returns nothing; the caller's transaction."""
    office = User.objects.get(username="sekretar")
    year = timezone.localdate().year
    with told_at(days_ago(425)):
        past = create_contest(by=office, title=f"Городской смотр-конкурс проектов на {year} год", year=year - 1, about=ABOUT,
                              divergence=Decimal(6), pass_mark=Decimal(8), is_blind=True)
        build(past, office)
    put_dates(past, [(kind, begins - 365, ends - 365) for kind, begins, ends in SCORED])
    with told_at(days_ago(60)):
        now = copy_contest(past, by=office, title=f"Городской смотр-конкурс проектов на {year + 1} год", year=year)
    put_dates(now, SCORED)
    Contest.objects.filter(pk=past.pk).update(state=Contest.State.FINISHED, announced_at=days_ago(420))
    # Announced before its acceptance began, long ago: the verb of today would find that acceptance is over.
    Contest.objects.filter(pk=now.pk).update(state=Contest.State.ANNOUNCED, announced_at=days_ago(55))
    for contest, days in ((past, 420), (now, 55)):
        with told_at(days_ago(days)):
            record("announce", contest, "Конкурс объявлен", by=office)
    with told_at(days_ago(10)):
        announce(small(office, year), by=office)
    copy_contest(now, by=office, title=f"Городской смотр-конкурс проектов на {year + 2} год", year=year + 1)


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def build(contest, office):
    for title, about in NOMINATIONS:
        fill(nominations.add_nomination(contest, by=office, title=title, about=about, most_authors=5), office)
    for title, places, paper, becomes_project in AWARDS:
        awards.add_award_level(contest, by=office, title=title, places=places, paper=paper, becomes_project=becomes_project)
    for rule, title in TIES:
        awards.add_tie_rule(contest, by=office, rule=rule, criterion_title=title)


def fill(nomination, office, criteria=CRITERIA, fields=FIELDS):
    for label, words, limit, names_authors in fields:
        nominations.add_field(nomination, by=office, label=label, help=words, limit=limit, is_required=True, names_authors=names_authors)
    for title, weight, words, code, counts, needs_comment in criteria:
        nominations.add_criterion(
            nomination, by=office, title=title, weight=Decimal(weight), maximum=len(words) - 1, round=code, counts=counts,
            needs_comment=needs_comment, has_halves=False, levels=dict(enumerate(words)))


def put_dates(contest, dates):
    """These stages and no others: from 9:00 of one day to 18:00 of another."""
    ContestStage.objects.filter(contest=contest).delete()
    today = timezone.localdate()
    ContestStage.objects.bulk_create(
        ContestStage(contest=contest, kind=kind, starts_at=at(today + timedelta(days=begins), time(9)),
                     ends_at=at(today + timedelta(days=ends), time(18)))
        for kind, begins, ends in dates)


def at(day, hour):
    return timezone.make_aware(datetime.combine(day, hour))


def small(office, year):
    contest = create_contest(
        by=office, title="Конкурс методических разработок «Открытый урок»", year=year, needs_signed_scan=True,
        about="Присылайте занятие, которое уже провели и хотите отдать другим: конспект, материалы, советы тому, кто возьмёт его первым.")
    nomination = nominations.add_nomination(contest, by=office, title="Занятие для начальной школы", about="1–4 классы, любой предмет.",
                                            most_authors=3)
    fill(nomination, office, criteria=[each for each in CRITERIA if each[3] == "remote"][1:4], fields=FIELDS[1:4])
    for title, places, paper, _ in AWARDS:
        awards.add_award_level(contest, by=office, title=title, places=places, paper=paper, becomes_project=False)
    awards.add_tie_rule(contest, by=office, rule="earlier")
    put_dates(contest, TAKING)
    return contest
