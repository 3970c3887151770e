from django.apps import AppConfig


class HoursConfig(AppConfig):
    name = "hours"
    verbose_name = "Hours, mileage and expenses"

    def ready(self) -> None:
        from hours import extensions

        extensions.register()
