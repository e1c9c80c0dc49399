"""Demonstration portfolios of Кленовск: three of them, eight models, 120 projects of every kind over three years."""
from datetime import date, timedelta

from django.utils import timezone

from projectoffice.accounts.models import Institution, Post, User
from projectoffice.common.history import record_many
from projectoffice.common.lines import from_text
from projectoffice.common.russian import small_first
from projectoffice.documents.services.ink import record_ink
from projectoffice.documents.services.route import send

from ..models import (
    Indicator,
    ManagementModel,
    Milestone,
    Portfolio,
    PortfolioIndicator,
    Project,
    ProjectInstitution,
    Stage,
    TeamMember,
)
from ..services.passport import start_passport

Kind, Status, Course = Project.Kind, Project.Status, Project.Course

# Name, goal, models.
PORTFOLIOS = [
    ("Сильная команда", "В каждой школе и каждом саду есть команда, которая умеет вести изменения и учит этому других.",
     ["Наставничество и рост педагогов", "Управленческие команды школ", "Методическая поддержка садов"]),
    ("Ученик в центре", "Каждый ученик находит дело, в котором он силён, и взрослого, который это видит.",
     ["Инженерные и естественно-научные практики", "Чтение и речь", "Ученик с особыми потребностями"]),
    ("Школа и город", "Школы, семьи и город решают общие задачи вместе.",
     ["Школа, открытая для семьи", "Город как учебный класс"]),
]
# Title, kind, what for.
PROJECTS = [
    ("Наставник рядом", Kind.CITY), ("Первый год в школе: сопровождение молодого учителя", Kind.MANAGEMENT),
    ("Пары роста", Kind.NETWORK), ("Открытый урок – открытый разговор", Kind.MANAGEMENT), ("Завучи учатся вместе", Kind.NETWORK),
    ("Команда перемен", Kind.CROSS_CUTTING), ("Школа проектных решений", Kind.MANAGEMENT), ("Тихий час для методиста", Kind.AUTHOR),
    ("Воспитатель и логопед: один план", Kind.MANAGEMENT), ("Мастерская игровых практик", Kind.NETWORK),
    ("Сад без конфликтов", Kind.AUTHOR), ("Педагогический дневник", Kind.AUTHOR), ("Ступени мастерства", Kind.CROSS_CUTTING),
    ("Инженерная суббота", Kind.NETWORK), ("Лаборатория во дворе", Kind.MANAGEMENT), ("Чертёж на завтра", Kind.AUTHOR),
    ("Робот и я", Kind.MANAGEMENT), ("Теплица круглый год", Kind.MANAGEMENT), ("Юный метеоролог", Kind.AUTHOR),
    ("Математика руками", Kind.CROSS_CUTTING), ("Читающая параллель", Kind.CROSS_CUTTING), ("Книга выходит из класса", Kind.MANAGEMENT),
    ("Говорю и слышу", Kind.MANAGEMENT), ("Школьный радиоузел", Kind.AUTHOR), ("Письмо в библиотеку", Kind.NETWORK),
    ("Рядом и на равных", Kind.CITY), ("Тьютор для каждого", Kind.NETWORK), ("Понятный урок", Kind.MANAGEMENT),
    ("Маршрут, который подходит", Kind.AUTHOR), ("Родительский час", Kind.CITY), ("Семейная суббота в школе", Kind.MANAGEMENT),
    ("Совет отцов", Kind.AUTHOR), ("Двор, который мы построили", Kind.NETWORK), ("Школа соседей", Kind.CROSS_CUTTING),
    ("Музей одного квартала", Kind.MANAGEMENT), ("Река, мост, улица", Kind.CROSS_CUTTING), ("Экскурсовод из 5 «Б»", Kind.AUTHOR),
    ("Профессии нашего города", Kind.CITY), ("Зелёный маршрут", Kind.NETWORK), ("Город глазами учеников", Kind.MANAGEMENT),
]
# How this year's forty go, in turn.
COURSES = [Course.ON_TRACK, Course.ON_TRACK, Course.UNKNOWN, Course.LAGGING, Course.ON_TRACK, Course.ON_TRACK, Course.IN_TROUBLE,
           Course.ON_TRACK, Course.UNKNOWN, Course.ON_TRACK]
STAGES = [("Подготовка", "Команда собрана, начальные замеры сделаны"), ("Работа по плану", "Занятия и встречи идут по расписанию"),
          ("Итоги и распространение", "Описание опыта, открытая встреча для города")]
POINTS = ["Команда и план утверждены", "Первый открытый показ", "Промежуточный замер", "Итоговая встреча"]
INDICATORS = [("Участники проекта", "человек", 0, 120, True), ("Доля учеников, довольных занятиями", "%", 54, 75, False),
              ("Проведено открытых занятий", "занятий", 0, 12, True)]
TEXTS = {
    "problem": "Опыт остаётся у одного человека: коллеги узнают о нём случайно.\nНа первом замере только треть педагогов назвали, "
               "к кому пойдут за советом.",
    "goal": "К концу учебного года в каждой параллели работает команда, которая умеет учить друг друга.",
    "tasks": "1. Собрать команду и договориться о правилах.\n2. Провести цикл открытых занятий.\n3. Описать опыт так, чтобы им "
             "воспользовались другие.",
    "audience": "Педагоги начальной школы, их ученики и родители.",
    "results": "– вдвое больше открытых занятий;\n– у каждого молодого педагога есть наставник;\n– описан порядок работы пары.",
    "products": "– методичка «Как начать»;\n– набор карточек для разбора занятия.",
    "resources": "Два часа методической работы в неделю, кабинет для встреч.",
}


def create():
    """Portfolios, models, projects of three years; some passports in force, on the route and begun. Expects accounts.demo."""
    secretary = User.objects.get(username="sekretar")
    models = create_portfolios()
    schools = list(Institution.objects.open().order_by("pk"))
    people = heads_by_school(schools)
    year = school_year_now()
    past = create_year(year - 1, models, schools, people, secretary)
    now = create_year(year, models, schools, people, secretary, continues=past)
    coming = create_year(year + 1, models, schools, people, secretary, continues=now)
    settle_past(past)
    settle_now(now)
    fill_teams([*past, *now, *coming], people)
    own_project(now)
    create_passports(now, secretary)


def school_year_now():
    today = timezone.localdate()
    return today.year if today.month >= 8 else today.year - 1


def create_portfolios():
    heads = list(User.objects.filter(username__in=["ofis", "metodist", "chlen"]).order_by("username"))
    models = []
    for position, (name, goal, titles) in enumerate(PORTFOLIOS, start=1):
        portfolio = Portfolio.objects.create(name=name, goal=goal, head=heads[position % len(heads)], position=position,
                                             is_public=position != 3)
        PortfolioIndicator.objects.create(portfolio=portfolio, name="Учреждений, которые ведут проекты портфеля", unit="учреждений",
                                          baseline=12, target=30, actual=21 + position, position=1)
        PortfolioIndicator.objects.create(portfolio=portfolio, name="Доля проектов, которые завершены с продуктом", unit="%",
                                          baseline=40, target=70, actual=None if position == 3 else 62, position=2)
        models += [ManagementModel.objects.create(portfolio=portfolio, name=title, position=place)
                   for place, title in enumerate(titles, start=1)]
    return models


def heads_by_school(schools):
    """Whoever works in each school, or somebody of the town where nobody is known."""
    posts = Post.objects.current().filter(institution__isnull=False, person__is_active=True).select_related("person")
    known: dict = {}
    for post in posts:
        known.setdefault(post.institution_id, post.person)
    everybody = list(User.objects.filter(username__isnull=True).order_by("pk"))
    return {school.pk: known.get(school.pk) or everybody[place % len(everybody)] for place, school in enumerate(schools)}


def create_year(year, models, schools, people, secretary, continues=()):
    """Forty projects of a school year; most continue those of the year before."""
    rows = []
    for place, (title, kind) in enumerate(PROJECTS):
        model, school = models[place * len(models) // len(PROJECTS)], schools[place * 7 % len(schools)]
        before = continues[place] if continues and place % 4 else None
        rows.append(Project(
            portfolio=model.portfolio, model=model, kind=kind, title=title, head=people[school.pk], start=date(year, 9, 1),
            end=date(year + 1, 5, 31), copied_from=before, created_by=secretary, is_public=place % 3 == 0,
            status=Status.PREPARING, status_on=date(year, 9, 1),
        ))
    projects = Project.objects.bulk_create(rows)
    places = []
    for place, project in enumerate(projects):
        lead = place * 7 % len(schools)
        places.append(ProjectInstitution(project=project, institution=schools[lead], role=ProjectInstitution.Role.LEAD))
        if project.kind in (Kind.NETWORK, Kind.CROSS_CUTTING):
            places += [ProjectInstitution(project=project, institution=schools[(lead + step) % len(schools)], position=step)
                       for step in range(1, 3 + place % 3)]
    ProjectInstitution.objects.bulk_create(places)
    record_many("create_project", [(project, "Создан проект") for project in projects], by=secretary)
    return projects


def settle_past(projects):
    """Last year's are over: most finished with a result, a few stopped with a reason, the oldest in the archive."""
    for place, project in enumerate(projects):
        project.status_on = project.end
        if place % 9 == 4:
            project.status, project.status_reason = Status.STOPPED, "Команда перешла в другой проект."
        else:
            project.status = Status.FINISHED
            project.result = "" if place == 7 else "Проведены все занятия по плану, опыт описан и показан городу. Продолжить стоит встречи пар."
        if place % 10 == 9:
            project.archived_at = timezone.now()
    Project.objects.bulk_update(projects, ["status", "status_on", "status_reason", "result", "archived_at"])


def settle_now(projects):
    """This year's are being carried out; a few wait, a few have no head. How they go is told by their reports."""
    for place, project in enumerate(projects):
        project.status = Status.ACTIVE
        if place % 13 == 5:
            project.status, project.status_reason = Status.SUSPENDED, "Руководитель в отпуске по уходу за ребёнком."
        if place % 13 == 11:
            project.head = None
    Project.objects.bulk_update(projects, ["status", "status_reason", "head"])


def fill_teams(projects, people):
    everybody = list(people.values())
    posts = {person: small_first(title) for person, title in Post.objects.current().values_list("person", "title")}
    rows = []
    for place, project in enumerate(projects):
        if project.head:
            rows.append(TeamMember(project=project, person=project.head, name=project.head.short_name, role=TeamMember.Role.HEAD,
                                   post=posts.get(project.head.pk, "методист"), since=project.start, position=1))
        if place % 11 == 6:
            continue  # a team nobody has entered yet
        for step, (role, duty) in enumerate([(TeamMember.Role.MEMBER, "занятия и открытые показы"), (TeamMember.Role.MEMBER, "замеры и описание опыта")], start=2):
            person = everybody[(place + step * 5) % len(everybody)]
            if person != project.head:
                rows.append(TeamMember(project=project, person=person, name=person.short_name, role=role, duty=duty, position=step,
                                       post=posts.get(person.pk, "педагог")))
        rows.append(TeamMember(project=project, name="Соколова М.А.", post="библиотекарь", role=TeamMember.Role.MEMBER, position=5))
    TeamMember.objects.bulk_create(rows)


def own_project(projects):
    """The demonstration login of school № 12 heads one project and keeps another."""
    person = User.objects.get(username="shkola12")
    school = person.current_post.institution
    first, second = projects[20], projects[6]
    TeamMember.objects.filter(project=first, role=TeamMember.Role.HEAD).delete()
    Project.objects.filter(pk=first.pk).update(head=person)
    first.head = person
    ProjectInstitution.objects.filter(project=first, role=ProjectInstitution.Role.LEAD).update(institution=school)
    TeamMember.objects.create(project=first, person=person, name=person.short_name, role=TeamMember.Role.HEAD, since=first.start, position=1,
                              post=small_first(person.current_post.title))
    TeamMember.objects.create(project=second, person=person, name=person.short_name, role=TeamMember.Role.EDITOR, position=6,
                              post=small_first(person.current_post.title),
                              duty="паспорт и отчёты на портале")


def fill_rows(project, place):
    """Stages, points, indicators: points are reached where their day is over, but for a few that are late."""
    today, start = timezone.localdate(), project.start
    ends = [date(start.year, 10, 31), date(start.year + 1, 3, 31), project.end]
    begins = [start, date(start.year, 11, 1), date(start.year + 1, 4, 1)]
    stages = Stage.objects.bulk_create(
        Stage(project=project, position=number, name=name, result=result, start=begins[number - 1], end=ends[number - 1])
        for number, (name, result) in enumerate(STAGES, start=1))
    days = [date(start.year, 9, 25), date(start.year, 11, 10), date(start.year + 1, 2, 15), date(start.year + 1, 5, 20)]
    Milestone.objects.bulk_create(
        Milestone(project=project, position=number, name=name, due=due, stage=next(stage for stage in stages if due <= stage.end),
                  reached_on=due if due < today and not (place % 4 == 1 and number == 2) else None)
        for number, (name, due) in enumerate(zip(POINTS, days, strict=True), start=1))
    Indicator.objects.bulk_create(
        Indicator(project=project, position=number, name=name, unit=unit, baseline=base, target=target, is_cumulative=adds)
        for number, (name, unit, base, target, adds) in enumerate(INDICATORS, start=1))


IN_FORCE, ON_THE_ROUTE = 8, 1


def create_passports(projects, secretary):
    """Some in force, one on the route, one ready to be sent, one that the demonstration school is writing."""
    with_team = set(TeamMember.objects.filter(role=TeamMember.Role.MEMBER).values_list("project", flat=True))
    chosen = [project for project in projects if project.head and project.head.username != "shkola12"
              and project.status == Status.ACTIVE and project.pk in with_team]
    for place, project in enumerate(chosen[:IN_FORCE + ON_THE_ROUTE + 1]):
        passport = filled_passport(project, place, secretary)
        if place < IN_FORCE + ON_THE_ROUTE:
            document = send(passport.document, by=secretary)
            if place < IN_FORCE:
                for stamp in sorted(document.stamps.active(), key=lambda stamp: stamp.step):
                    record_ink(stamp, by=secretary, signed_on=project.start + timedelta(days=12))
    begun = next(project for project in projects if project.head and project.head.username == "shkola12")
    passport = start_passport(begun, by=begun.head)
    passport.goal, passport.problem = TEXTS["goal"], from_text(TEXTS["problem"])
    passport.save()


def filled_passport(project, place, secretary):
    passport = start_passport(project, by=secretary)
    for name, text in TEXTS.items():
        setattr(passport, name, from_text(text) if name in ("problem", "tasks", "results", "products") else text)
    passport.save()
    fill_rows(project, place)
    return passport
