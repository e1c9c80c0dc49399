from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Планы и заседания"

    def ready(self):
        from projectoffice.accounts.access import may
        from projectoffice.common.menu import adds_to_menu

        from . import duties, handover, invariants, kinds, rules  # noqa: F401

        adds_to_menu("Производственный календарь", "meetings:calendar", allowed=lambda user: may(user, "meetings.change_calendar"))
