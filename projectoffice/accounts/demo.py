"""Demonstration people of Кленовск, a city that does not exist."""
from datetime import date

from django.utils import timezone

from .models import (
    Body,
    Consent,
    Institution,
    Membership,
    OfficeProfile,
    Post,
    Role,
    RoleAssignment,
    Substitution,
    User,
)

PASSWORD = "klenovsk-2027"
CONSENT = (
    "Я согласен (согласна), чтобы мои фамилия, имя, отчество и должность были показаны на открытых страницах "
    "портала Проектного офиса. Согласие действует до отзыва; отозвать его можно в любой день."
)

# Login, surname, given name, patronymic, office-wide role, post, what the login is good for.
PEOPLE = [
    ("rukovoditel", "Зимина", "Вера", "Павловна", Role.DEPARTMENT_HEAD,
     "Руководитель департамента образования", "руководитель департамента: согласует и утверждает"),
    ("ofis", "Калинин", "Олег", "Андреевич", Role.OFFICE_HEAD,
     "Руководитель Проектного офиса", "руководитель Проектного офиса: согласует и утверждает"),
    ("sekretar", "Рябинина", "Ольга", "Сергеевна", Role.OFFICE_STAFF,
     "Специалист Проектного офиса", "сотрудник офиса: планы, документы, люди"),
    ("metodist", "Ясенева", "Дарья", "Викторовна", Role.OFFICE_STAFF,
     "Методист Проектного офиса", "второй сотрудник офиса: правит план рядом с первым"),
    ("admin", "Дубов", "Кирилл", "Петрович", Role.ADMINISTRATOR,
     "Администратор портала", "администратор: роли и доступ"),
    ("shkola12", "Липатова", "Елена", "Игоревна", None,
     "Заместитель директора", "команда школы № 12"),
    ("chlen", "Вязов", "Андрей", "Николаевич", None,
     "Директор", "член Проектного офиса, директор лицея"),
]

# Surname, given name, patronymic: people without a login, who are responsible, present, or sign on paper.
WITHOUT_LOGIN = [
    ("Ольхина", "Марина", "Юрьевна"), ("Тополев", "Игорь", "Львович"), ("Берёзкина", "Анна", "Фёдоровна"),
    ("Сосновский", "Павел", "Ильич"), ("Ивушкина", "Татьяна", "Романовна"), ("Орешников", "Глеб", "Максимович"),
    ("Вербина", "Нина", "Алексеевна"), ("Каштанов", "Роман", "Денисович"), ("Осинина", "Софья", "Егоровна"),
    ("Ракитин", "Виктор", "Степанович"), ("Черёмухина", "Алла", "Борисовна"), ("Пихтов", "Антон", "Олегович"),
]

SCHOOLS = [1, 2, 3, 5, 6, 7, 9, 10, 11, 12, 14, 15, 18, 20, 21, 23, 25, 27]
KINDERGARTENS = [(4, "Росинка"), (8, "Светлячок"), (16, "Ладушки"), (22, ""), (30, "Кораблик"), (34, ""),
                 (41, "Солнышко"), (45, "Журавлик"), (52, ""), (57, "Лесная сказка"), (60, "Одуванчик"), (63, "")]
OTHERS = [
    ("МАОУ", "Лицей", 4, ""), ("МАОУ", "Лицей", 8, ""), ("МБОУ", "Гимназия", 13, ""), ("МАОУ", "Гимназия", 17, ""),
    ("МБОУ ДО", "Центр творчества", None, "Вертикаль"), ("МБОУ ДО", "Детско-юношеский центр", None, "Планета"),
    ("МАОУ ДО", "Технопарк", None, "Кулибин"), ("МБОУ ДО", "Станция юных натуралистов", None, "Росток"),
    ("МКОУ ДПО", "Ресурсный центр", None, "Опора"), ("МБОУ", "Вечерняя школа", 1, ""),
]


def create():
    """Office, institutions, people, the main body and a substitution. Returns nothing; the caller's transaction."""
    institutions = create_institutions()
    people = [create_person(*row) for row in PEOPLE]
    department_head, office_head, secretary, methodist = people[:4]
    silent = [create_silent_person(names, institutions[place]) for place, names in enumerate(WITHOUT_LOGIN)]
    OfficeProfile.objects.create(
        pk=1, city="Кленовск", department="Департамент образования администрации города Кленовска",
        name="Проектный офис", phone="8 (000) 00-12-34", hours="понедельник–пятница, 9:00–17:00",
        email="office@klenovsk.example", consent_text=CONSENT,
        default_stamps=default_stamps(department_head, office_head),
    )
    create_bodies(office_head, secretary, [methodist, people[6], *silent[:9]])
    join(people[5], next(i for i in institutions if i.number == 12 and i.kind == "Школа"), "Заместитель директора")
    join(people[6], next(i for i in institutions if i.kind == "Лицей"), "Директор")
    create_consents([office_head, secretary, silent[0], silent[1]])
    create_substitution(department_head, silent[0])


def create_institutions():
    schools = [Institution(legal_form="МБОУ", kind="Школа", number=number) for number in SCHOOLS]
    gardens = [
        Institution(legal_form="МБДОУ", kind="Детский сад", number=number, own_name=name) for number, name in KINDERGARTENS
    ]
    others = [
        Institution(legal_form=form, kind=kind, number=number, own_name=name) for form, kind, number, name in OTHERS
    ]
    rows = [*schools, *gardens, *others]
    for place, institution in enumerate(rows, start=1):
        institution.email = f"org{place}@klenovsk.example"
        institution.phone = f"8 (000) 00-2{place // 10}-{place % 10}0"
    return Institution.objects.bulk_create(rows)


def create_person(login, surname, given_name, patronymic, role, post, about):
    person = User.objects.create_user(
        login, PASSWORD, surname=surname, given_name=given_name, patronymic=patronymic,
        email=f"{login}@klenovsk.example",
    )
    if role:
        RoleAssignment.objects.create(person=person, role=role, since=date(2020, 1, 1))
        Post.objects.create(person=person, title=post, since=date(2020, 1, 1))
    return person


def create_silent_person(names, institution):
    person = User.objects.create_user(surname=names[0], given_name=names[1], patronymic=names[2])
    join(person, institution, "Директор")
    return person


def join(person, institution, title):
    Post.objects.create(person=person, institution=institution, title=title, since=date(2022, 9, 1))


def default_stamps(department_head, office_head):
    """Agreement by the department's head at the left, approval by the office's head at the right."""
    common = {"place": "head", "style": "office", "method": "ink"}
    return [
        {"kind": "agree", "side": "left", "step": 1, "post": "Руководитель\nдепартамента образования",
         "name": department_head.signature_name, "signer_id": department_head.pk, **common},
        {"kind": "approve", "side": "right", "step": 2, "post": "Руководитель\nПроектного офиса",
         "name": office_head.signature_name, "signer_id": office_head.pk, **common},
    ]


def create_bodies(chair, secretary, members):
    main = Body.objects.create(
        name="Проектный офис департамента образования",
        genitive="Проектного офиса департамента образования", is_main=True,
    )
    Body.objects.create(name="Рабочая группа по наставничеству", genitive="рабочей группы по наставничеству")
    roles = [(chair, Membership.Role.CHAIR), (secretary, Membership.Role.SECRETARY),
             *((person, Membership.Role.MEMBER) for person in members)]
    for position, (person, role) in enumerate(roles, start=1):
        Membership.objects.create(body=main, person=person, role=role, position=position, since=date(2024, 1, 9))


def create_consents(people):
    for person in people:
        Consent.objects.create(person=person, text=CONSENT, given_on=date(2026, 1, 12), on_paper=person.username is None)


def create_substitution(absent, acting):
    """A past leave, so that the page of substitutions has something to show."""
    year = timezone.localdate().year
    Substitution.objects.create(
        absent=absent, acting=acting, since=date(year - 1, 7, 1), until=date(year - 1, 7, 28),
        post="И.о. руководителя департамента образования", basis="приказ от 27.06 № 112-к",
    )


def logins():
    """``(login, what it is good for)`` of the demonstration people who exist, for the start of the server."""
    known = set(User.objects.filter(username__in=[row[0] for row in PEOPLE]).values_list("username", flat=True))
    return [(row[0], row[6]) for row in PEOPLE if row[0] in known]
