"""Demonstration implementation plans: last year's in force with marks, this year's a draft with remarks."""
from datetime import date, timedelta

from django.utils import timezone

from projectoffice.accounts.models import User
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.route import send
from projectoffice.documents.table.content import take_rows
from projectoffice.documents.table.rows import insert_many

from ..models import ActivityMark
from ..services.activities import mark_activity
from ..services.implementation_plan import create_plan

NAME = "Наставник рядом: сопровождение молодых педагогов городских школ"
RYABININA, KALININ, TOPOLEV = ("Рябинина О.С., методист, т. 00-11-02", "Калинин О.А., руководитель, т. 00-11-05",
                               "Тополев И.Л., директор, т. 00-12-40")
# Section, then: number, activity, term, participants, count, responsibles, result. {0} and {1} are the two years.
ROWS = [
    ("Организационная деятельность", [
        ("1", "Установочная встреча координаторов проекта", "Сентябрь {0} г.", "Координаторы школ", "24", [KALININ],
         "График работы площадок"),
        ("2", "Заседания координационной группы", "По плану (не реже, чем 1 раз в квартал)", "Координационная группа", "9",
         [KALININ, RYABININA], "Протоколы заседаний"),
    ]),
    ("Методическая деятельность", [
        ("1", "Мастерская наставника:\n1 встреча «Первый урок вдвоём»\n2 встреча «Разговор после урока»\n3 встреча «Год вместе»",
         "Октябрь {0} г.\nЯнварь {1} г.\nАпрель {1} г.", "Наставники; молодые педагоги", "60", [RYABININA, TOPOLEV],
         "Сборник приёмов наставника"),
        ("2", "Взаимное посещение уроков", "Ноябрь {0} г. – март {1} г.", "Молодые педагоги", "36", [TOPOLEV], "Карты наблюдения"),
    ]),
    ("Информационная деятельность", [
        ("1", "Страница проекта на сайте центра", "В течение года", "Школы города", "24", [RYABININA],
         "Открытые материалы проекта"),
        ("2", "Итоговая встреча и выставка продуктов", "Май {1} г.", "Наставники; молодые педагоги; руководители школ", "80",
         [KALININ], "Выставка методических продуктов"),
    ]),
]


def create():
    """Two city plans made by the real verbs; expects the people of accounts.demo."""
    secretary = User.objects.get(username="sekretar")
    today = timezone.localdate()
    first = (today if today.month >= 9 else today - timedelta(days=365)).year
    last = filled_plan(secretary, first - 1)
    issue(last, secretary)
    publish(last.document, by=secretary)
    mark_all(last, secretary)
    draft = create_plan(by=secretary, year=first, name=NAME)
    take_rows(draft, last, by=secretary)


def filled_plan(secretary, year):
    plan = create_plan(by=secretary, year=year, name=NAME)
    place, placed = 0, []
    for section, rows in ROWS:
        for label, activity, term, participants, count, responsible, result in rows:
            place += 1
            placed.append((place, {"section": section, "label": label, "activity": activity, "term": term.format(year, year + 1),
                                   "participants": participants, "count": count, "responsible": responsible, "result": result}))
    insert_many(plan, placed, by=secretary)
    return plan


def issue(plan, secretary):
    """Without stamps the sending issues it at once."""
    plan.document = send(plan.document, by=secretary)


def mark_all(plan, secretary):
    """All but the two last are done; one was moved."""
    done, moved = ActivityMark.State.DONE, ActivityMark.State.MOVED
    days = [date(plan.year, 9, 18), date(plan.year + 1, 6, 2), date(plan.year + 1, 4, 22), date(plan.year + 1, 3, 30)]
    rows = list(plan.activities.present().order_by("position"))
    for row, day in zip(rows, days, strict=False):
        mark_activity(plan, row.uid, by=secretary, version=0, state=done, date=day)
    mark_activity(plan, rows[5].uid, by=secretary, version=0, state=moved, date=date(plan.year + 1, 9, 24),
                  note="Выставка перенесена на сентябрь: ремонт зала.")
