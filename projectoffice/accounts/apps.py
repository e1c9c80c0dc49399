from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "projectoffice.accounts"
    verbose_name = "Люди и учреждения"

    def ready(self):
        from . import duties, menu, rules  # noqa: F401
        from .services import handover  # noqa: F401
