"""What this app adds to the menu under the person's name."""
from projectoffice.common.menu import adds_to_menu

from .access import may


def who_may(permission):
    return lambda user: may(user, permission)


adds_to_menu("Люди", "accounts:people", who_may("accounts.view_people"))
adds_to_menu("Учреждения", "accounts:institutions", who_may("accounts.view_people"))
adds_to_menu("Органы", "accounts:bodies", who_may("accounts.view_people"))
adds_to_menu("Замещения", "accounts:substitutions", who_may("accounts.view_people"))
adds_to_menu("Об офисе", "accounts:office", who_may("accounts.manage_profile"))
