from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "projectoffice.documents"
    verbose_name = "Документы"

    def ready(self):
        from . import archive, handover, invariants, menu, rules, waiting  # noqa: F401
        from .services import reminders  # noqa: F401
