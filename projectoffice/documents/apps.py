from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "projectoffice.documents"
    verbose_name = "Документы"

    def ready(self):
        from projectoffice.accounts import access
        from projectoffice.common.menu import adds_to_menu

        from . import archive, handover, invariants, menu, rules, waiting  # noqa: F401
        from .services import reminders  # noqa: F401

        adds_to_menu("Ждут моего решения", "documents:inbox")
        adds_to_menu("Реестр документов", "documents:register")
        adds_to_menu("На подпись", "documents:to_sign", allowed=lambda user: access.may(user, "documents.print_folder"))
