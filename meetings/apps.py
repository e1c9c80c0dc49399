from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Планы и заседания"

    def ready(self):
        from projectoffice.accounts.access import may
        from projectoffice.common.menu import adds_to_menu

        from . import duties, handover, invariants, kinds, rules, table, waiting  # noqa: F401

        adds_to_menu("Поручения", "meetings:assignments")
        adds_to_menu("Исполнительская дисциплина", "meetings:discipline", allowed=lambda user: may(user, "meetings.see_discipline"))
        adds_to_menu("Производственный календарь", "meetings:calendar", allowed=lambda user: may(user, "meetings.change_calendar"))
