from django.apps import AppConfig


class AssociatesConfig(AppConfig):
    name = "associates"
    verbose_name = "Associates"

    def ready(self) -> None:
        from associates.listing import ASSOCIATES
        from smmware.core.listings import register_listing
        from smmware.core.navigation import MenuEntry, add_menu_entry

        register_listing(ASSOCIATES)
        add_menu_entry(MenuEntry("Associates", "Associate Manager", ASSOCIATES.url_name, 10, ASSOCIATES.offered))
