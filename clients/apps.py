from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"
    verbose_name = "Clients and jobs"

    def ready(self) -> None:
        from clients import extensions

        extensions.register()
