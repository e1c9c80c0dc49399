"""Demonstration plans: two in force, next year's a draft with remarks, a working group's on its way to approval."""
from datetime import date

from django.utils import timezone

from projectoffice.accounts.models import Body, User
from projectoffice.common.lines import from_text
from projectoffice.common.terms import parse_term
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.publishing import publish
from projectoffice.documents.services.revision import revise
from projectoffice.documents.services.route import send

from ..models import MeetingPlan, PlanItem, PlanResponsible
from ..services.plan import create_plan
from ..services.rows import save_cell

# Number as printed, topic lines as one would type them, term, responsibles.
LAST_YEAR = [
    ("1.", "Как школы начали год: первые шаги команд по проектам развития.\n"
           "Единая форма короткого отчёта о ходе проекта.", "февраль", ["Рябинина О.С.", "Ольхина М.Ю."]),
    ("2.", "Городской проект «Наставник рядом»: что получилось за полгода.\n"
           "Заявки на летнюю проектную школу.", "апрель", ["Калинин О.А.", "Тополев И.Л."]),
    ("3.", "Подготовка секции руководителей на августовском совещании:\n– темы докладов;\n– ведущие площадок;\n"
           "– раздаточные материалы.", "июнь", ["Рябинина О.С."]),
    ("4.", "Документы смотра проектов:\n– приказ о проведении;\n– положение о смотре;\n"
           "– состав экспертов и общественного жюри.", "сентябрь", ["Калинин О.А.", "Ясенева Д.В."]),
    ("5.", "Итоги смотра проектов и новые участники портфелей.", "ноябрь",
     ["Руководители управленческих портфелей", "Калинин О.А."]),
    ("6.", "Итоги работы Проектного офиса за год.\nПлан заседаний на следующий год.", "декабрь", ["Калинин О.А."]),
]
THIS_YEAR = [
    ("1.", "Что показал мониторинг проектов за прошлый год.\n• портфель «Сильная команда»;\n  • школы;\n"
           "  • детские сады;\n• портфель «Ученик в центре».", "февраль", ["Рябинина О.С.", "Ольхина М.Ю."]),
    ("2.", "Сетевой проект «Инженерная суббота»: договорённости площадок.\nРазное.", "апрель", ["Тополев И.Л."]),
    ("3.", "Промежуточные итоги школьных проектов.\nПрограмма августовского совещания.", "июнь",
     ["Калинин О.А.", "Ясенева Д.В."]),
    ("4.", "Порядок смотра проектов и критерии оценки.", "сентябрь", ["Калинин О.А."]),
    ("5.", "Итоги смотра проектов.\nБанк методических продуктов: чем пользуются школы.", "ноябрь",
     ["Руководители управленческих портфелей", "Берёзкина А.Ф."]),
    ("6.", "Итоги года и план заседаний на следующий год.", "декабрь", ["Калинин О.А."]),
]
NEXT_YEAR = [
    ("1.", "Новые проекты в портфелях: паспорта и показатели.", "февраль", ["Рябинина О.С."]),
    ("2.", "Проект «Инженерная суббота»: отчёт площадок.\nРазное.", "апрель", ["Тополев И.Л.", "Вербина Н.А."]),
    ("2.", "Подготовка августовского совещания:\n– секция руководителей;\n– выставка продуктов.", "июнь", []),
    ("3.", "Порядок смотра проектов на {year} год.", "в начале осени", ["Калинин О.А."]),
    ("4.", "", "ноябрь", ["Калинин О.А."]),
]


WORKING_GROUP = [
    ("1.", "Кто становится наставником: первые правила.\nКарта наставника.", "февраль", ["Вербина Н.А."]),
    ("2.", "Наставничество в детских садах: что нужно добавить.", "май", ["Ивушкина Т.Р.", "Вербина Н.А."]),
    ("3.", "Что получилось за год и чему учить дальше.", "ноябрь", ["Вербина Н.А."]),
]


def create():
    """Plans made by the real verbs; expects the people of accounts.demo. Returns last year's and this year's."""
    today = timezone.localdate()
    body, secretary = Body.objects.main(), User.objects.get(username="sekretar")
    last = filled_plan(body, secretary, today.year - 1, LAST_YEAR)
    issue_in_ink(last, secretary, date(today.year - 1, 1, 14))
    change_in_mid_year(last, secretary, today.year - 1)
    publish(last.document, by=secretary)
    this = filled_plan(body, secretary, today.year, THIS_YEAR)
    issue_in_ink(this, secretary, date(today.year, 1, 12))
    filled_plan(body, secretary, today.year + 1, NEXT_YEAR)
    group = Body.objects.get(name="Рабочая группа по наставничеству")
    in_approval = filled_plan(group, secretary, today.year + 1, WORKING_GROUP)
    make_electronic(in_approval)
    send(in_approval.document, by=secretary)
    return [MeetingPlan.objects.get(pk=plan.pk) for plan in (last, this)]


def filled_plan(body, secretary, year, rows):
    plan = create_plan(body, by=secretary, year=year)
    people = {f"{person.surname} {person.initials}": person for person in User.objects.all()}
    for position, (label, typed, words, responsibles) in enumerate(rows, start=1):
        term = parse_term(words, (plan.period_start, plan.period_end))
        item = PlanItem.objects.create(
            plan=plan, position=position, label=label, topics=from_text(typed.replace("{year}", str(year))), term=words,
            term_start=term.start, term_end=term.end,
        )
        PlanResponsible.objects.bulk_create(
            PlanResponsible(item=item, text=text, person=people.get(text), position=place)
            for place, text in enumerate(responsibles)
        )
    return plan


def issue_in_ink(plan, secretary, day):
    """Both heads signed on paper; the office recorded it."""
    document = send(plan.document, by=secretary)
    for stamp in sorted(document.stamps.active(), key=lambda stamp: stamp.step):
        record_ink(stamp, by=secretary, signed_on=day)


def change_in_mid_year(plan, secretary, year):
    """The summer meeting moved to July: the second edition, by an order."""
    document = revise(plan.document, by=secretary, basis="приказа департамента образования", basis_number="97",
                      basis_date=date(year, 5, 19))
    item = plan.items.get(position=3)
    save_cell(item, "term", "июль", version=item.version, by=secretary)
    plan.document = document
    issue_in_ink(plan, secretary, date(year, 5, 22))


def make_electronic(plan):
    """The heads decide on the portal."""
    plan.document.stamps.update(method="electronic")
