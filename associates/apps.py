from django.apps import AppConfig


class AssociatesConfig(AppConfig):
    name = "associates"
    verbose_name = "Associates"

    def ready(self) -> None:
        from associates.listing import ASSOCIATES
        from associates.work_list import COMPLETE_ASSOCIATES
        from smmware.core.listings import register_listing
        from smmware.core.navigation import MenuEntry, add_menu_entry
        from smmware.core.work_lists import add_work_list

        register_listing(ASSOCIATES)
        add_work_list(COMPLETE_ASSOCIATES)
        add_menu_entry(MenuEntry("Associates", "Associate Manager", ASSOCIATES.url_name, 10, ASSOCIATES.offered))
