"""The way into a portal without people."""
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from projectoffice.accounts.management.commands import create_administrator as command
from projectoffice.accounts.models import User
from projectoffice.accounts.services.first import create_administrator
from projectoffice.common.history import history_of

pytestmark = pytest.mark.django_db
PASSWORD = "длинный-и-тихий-пароль"


def test_the_first_administrator_can_log_in_and_is_an_administrator(monkeypatch):
    monkeypatch.setattr(command, "getpass", lambda prompt: PASSWORD)
    call_command("create_administrator", "belov", "Белов")
    person = User.objects.get(username="belov")
    assert person.check_password(PASSWORD)
    assert person.roles == {"administrator"}
    assert history_of(person).count() == 1


@pytest.mark.parametrize(("username", "password"), [("belov", "короткий"), ("BELOV", PASSWORD), ("", PASSWORD)])
def test_a_weak_password_or_a_taken_login_creates_nobody(username, password):
    User.objects.create_user("belov", PASSWORD, surname="Белов")
    with pytest.raises(ValidationError):
        create_administrator(username=username, surname="Второв", password=password)
    assert not User.objects.filter(surname="Второв").exists()
