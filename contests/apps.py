from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "contests"
    verbose_name = "Конкурсы"

    def ready(self):
        from . import duties, feed, handover, invariants, rules, waiting  # noqa: F401
        from .kinds import jury_protocol  # noqa: F401
        from .outcome import making, offer  # noqa: F401  jobs, what an empty portfolio offers
        from .services import assignment_job  # noqa: F401
        from .tally import waiting as tally_waiting  # noqa: F401
