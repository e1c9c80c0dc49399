from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = "Планы и заседания"

    def ready(self):
        from . import duties, invariants, kinds, rules  # noqa: F401
