from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "projectoffice.common"
    verbose_name = "Общее"

    def ready(self):
        from . import truths, uploads  # noqa: F401  they register invariants and duties
        from .menu import adds_to_menu
        from .policy import has_right
        from .services import housekeeping  # noqa: F401

        adds_to_menu("Письма", "common:mail", lambda user: has_right(user, "accounts.view_mail"))
