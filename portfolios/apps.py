from django.apps import AppConfig


class PortfoliosConfig(AppConfig):
    name = "portfolios"
    verbose_name = "Портфели и проекты"

    def ready(self):
        from projectoffice.common.menu import adds_to_menu

        from . import duties, handover, invariants, kinds, rules, table, waiting  # noqa: F401
        from .product import waiting as of_products  # noqa: F401
        from .report import waiting as reports_waiting  # noqa: F401
        from .services import reminding  # noqa: F401

        adds_to_menu("Методические продукты", "portfolios:products")
        from .report import asked  # noqa: F401
