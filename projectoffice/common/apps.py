from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "projectoffice.common"
    verbose_name = "Общее"

    def ready(self):
        from . import uploads  # noqa: F401  registers its duties
        from .services import housekeeping  # noqa: F401
