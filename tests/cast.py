"""The named people of every test: what they are is in the name, so a test reads as prose."""
from dataclasses import dataclass

from projectoffice.accounts.models import User

from .factories import InstitutionFactory, PostFactory, UserFactory


@dataclass(frozen=True)
class Cast:
    """Each person has a login and the password ``factories.PASSWORD``."""

    secretary: User  # office staff
    office_head: User
    department_head: User
    administrator: User
    member_of_school_a: User
    member_of_school_b: User
    stranger: User  # a login without any role or relation

    def everybody(self):
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def make_cast():
    def person(surname, username, roles=(), post=None, institution=None):
        user = UserFactory(surname=surname, username=username, roles=list(roles))
        if post:
            PostFactory(person=user, title=post, institution=institution)
        return user

    return Cast(
        secretary=person("Сорокина", "secretary", ["office_staff"], "специалист Проектного офиса"),
        office_head=person("Орлова", "office-head", ["office_head"], "руководитель Проектного офиса"),
        department_head=person("Зимин", "department-head", ["department_head"], "руководитель департамента"),
        administrator=person("Белов", "administrator", ["administrator"]),
        member_of_school_a=person("Громова", "school-a", (), "заместитель директора", InstitutionFactory()),
        member_of_school_b=person("Лисина", "school-b", (), "методист", InstitutionFactory()),
        stranger=person("Чужов", "stranger"),
    )
