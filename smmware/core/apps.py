from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "smmware.core"
    label = "core"
    verbose_name = "Company"

    def ready(self) -> None:
        from smmware.core.extensions import add_home_cards
        from smmware.core.navigation import MenuEntry, add_menu_entry
        from smmware.core.work_list_views import TITLE, cards, has_work_lists

        add_menu_entry(MenuEntry("Admin", TITLE, "work_lists", 85, has_work_lists))
        add_home_cards(cards)
