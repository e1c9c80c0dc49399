"""The first administrator of a new portal, made by whoever has a shell on its server; the rest is done on pages."""
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from projectoffice.common.history import record

from ..models import Role, RoleAssignment, User


@transaction.atomic
def create_administrator(*, username, surname, given_name="", patronymic="", email="", password):
    """A person with a login and the role of administrator. ValidationError when login or password will not do."""
    username = username.strip()
    if not username:
        raise ValidationError("Укажите логин.")
    person = User(username=username, surname=surname, given_name=given_name, patronymic=patronymic, email=email)
    validate_password(password, person)
    person.set_password(password)
    person.full_clean()
    person.save()
    RoleAssignment.objects.create(person=person, role=Role.ADMINISTRATOR)
    record("create_administrator", person, "Создан администратор (в терминале сервера)", by=person)
    return person
