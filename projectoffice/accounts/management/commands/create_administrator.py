"""manage.py create_administrator LOGIN FAMILY_NAME: the way into a portal without people."""
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from projectoffice.accounts.services.first import create_administrator


class Command(BaseCommand):
    help = "Создать администратора портала; пароль спрашивается дважды и нигде не печатается."

    def add_arguments(self, parser):
        parser.add_argument("username", help="логин")
        parser.add_argument("surname", help="фамилия")
        parser.add_argument("--given-name", default="", help="имя")
        parser.add_argument("--patronymic", default="", help="отчество")
        parser.add_argument("--email", default="", help="почта")

    def handle(self, *, username, surname, given_name, patronymic, email, **options):
        password = getpass("Пароль (не короче 10 знаков): ")
        if getpass("Ещё раз: ") != password:
            raise CommandError("Пароли не совпали.", returncode=2)
        try:
            create_administrator(username=username, surname=surname, given_name=given_name,
                                 patronymic=patronymic, email=email, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=2) from error
        self.stdout.write(f"Администратор {username} создан. Вход – на странице портала.")
