from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "smmware.core"
    label = "core"
    verbose_name = "Company"
