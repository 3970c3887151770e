from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = "Organizations and contacts"

    def ready(self) -> None:
        from organizations import extensions

        extensions.register()
