"""The cast with open sessions, and four whose rights changed after they had logged in."""
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from projectoffice.accounts.models import RoleAssignment, Substitution, User
from tests.cast import make_cast
from tests.factories import UserFactory


def make_actors():
    cast = make_cast()
    people = cast.everybody() | {
        "disabled": UserFactory(username="disabled", surname="Закрытов", roles=["office_staff"]),
        "downgraded": UserFactory(username="downgraded", surname="Бывшева", roles=["office_head", "administrator"]),
        "ended": UserFactory(username="ended", surname="Заменов"),
        "acting": UserFactory(username="acting", surname="Ионов"),
    }
    clients = {"anonymous": Client()}
    for name, person in people.items():
        clients[name] = Client()
        clients[name].force_login(person)
    take_rights_away(people, cast)
    return cast, clients


def take_rights_away(people, cast):
    """After the sessions are open: rights are read at every request, not at login."""
    today, day = timezone.localdate(), timedelta(days=1)
    User.objects.filter(pk=people["disabled"].pk).update(is_active=False)
    RoleAssignment.objects.filter(person=people["downgraded"]).update(since=today - 9 * day, until=today - day)
    substitution(cast.office_head, people["ended"], today - 9 * day, today - day)
    substitution(cast.department_head, people["acting"], today - day, today + 9 * day)


def substitution(absent, acting, since, until):
    Substitution.objects.create(absent=absent, acting=acting, since=since, until=until, post="И.о.", basis="приказ № 1")
