from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"
    verbose_name = "Портфели и проекты"

    def ready(self):
        from . import duties, handover, invariants, kinds, rules, table, waiting  # noqa: F401
