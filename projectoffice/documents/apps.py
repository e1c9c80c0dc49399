from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "projectoffice.documents"
    verbose_name = "Документы"

    def ready(self):
        from . import rules, waiting  # noqa: F401
