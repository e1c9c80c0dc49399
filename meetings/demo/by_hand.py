"""Demonstration assignments given by hand, one for each thing that may become of them."""
from datetime import timedelta

from projectoffice.accounts.models import Institution, User

from ..assignment.words import today
from ..services.assignment_work import (
    accept_report,
    ask_extension,
    decide_extension,
    report_done,
    return_report,
    tick_institutions,
)
from ..services.assignments import give_assignment

GROUND = "поручение руководителя Проектного офиса"


def create():
    """Made by the real verbs; expects the people and schools of accounts.demo."""
    secretary, head, school, member = (User.objects.get(username=name) for name in ("sekretar", "ofis", "shkola12", "chlen"))
    soon(secretary, head, member, school)
    on_check(secretary, head, school)
    come_back(secretary, head, school)
    moved(secretary, head, member)
    for_all_schools(secretary, head, school)
    finished(secretary, head, member)
    give_assignment(by=secretary, text="Вести реестр наставников.", executor=secretary, controller=head, due="постоянно", ground=GROUND)


def given(secretary, head, text, days, **whom):
    due = today() + timedelta(days=days)
    return give_assignment(by=secretary, text=text, controller=head, due=f"до {due:%d.%m.%Y}", ground=GROUND, **whom)


def soon(secretary, head, member, school):
    given(secretary, head, "Согласовать программу секции руководителей на августовском совещании.", 3, executor=member,
          co_executors=[school])


def on_check(secretary, head, school):
    assignment = given(secretary, head, "Представить паспорта проектов школы на следующий год.", 12, executor=school)
    report_done(assignment, by=school, text="Паспорта трёх проектов готовы и подписаны директором.", done_on=today())


def come_back(secretary, head, school):
    assignment = given(secretary, head, "Обновить страницы проектов на сайте школы.", 12, executor=school)
    report = report_done(assignment, by=school, text="Страницы обновлены.", done_on=today())
    return_report(assignment, by=head, report=report, reason="Нет ссылок. Пришлите адреса страниц.")


def moved(secretary, head, member):
    """Moved once, and a second request waits."""
    assignment = given(secretary, head, "Провести встречу с родителями будущих проектных классов.", 10, executor=member)
    for days, reason in ((25, "Карантин в двух классах."), (35, "Карантин продлили.")):
        asked = ask_extension(assignment, by=member, due_after=today() + timedelta(days=days), reason=reason)
        if days == 25:
            decide_extension(assignment, by=head, extension=asked, granted=True)


def for_all_schools(secretary, head, school):
    places = list(Institution.objects.filter(kind="Школа"))
    assignment = given(secretary, head, "Заполнить форму мониторинга проектов за полугодие.", 6, executor_text="Всем школам",
                       institutions=places)
    tick_institutions(assignment, places[:4], by=secretary, note="письмо школы")
    tick_institutions(assignment, [school.current_post.institution], by=school)


def finished(secretary, head, member):
    """Told by phone, entered by the office."""
    assignment = given(secretary, head, "Проверить готовность площадок смотра.", 2, executor=member)
    report = report_done(assignment, by=secretary, text="Площадки готовы, акты подписаны.", done_on=today(), source="звонок",
                         source_date=today())
    accept_report(assignment, by=head, report=report, answer="Спасибо!")
