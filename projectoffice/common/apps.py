from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "projectoffice.common"
    verbose_name = "Общее"
