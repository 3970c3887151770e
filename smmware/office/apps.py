from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.http import HttpRequest

from smmware.core.navigation import MenuEntry, add_menu_entry
from smmware.core.permissions import Access, Area, may


class OfficeConfig(AppConfig):
    default = True
    name = "smmware.office"
    label = "office"
    verbose_name = "Office"

    def ready(self) -> None:
        from smmware.core.extensions import add_home_cards
        from smmware.core.reports import may_open_reports, report_urls
        from smmware.core.sections import may_change_settings
        from smmware.office import home

        add_menu_entry(MenuEntry("Admin", "Settings", "settings", 10, may_change_settings))
        add_menu_entry(MenuEntry("Admin", "Reports", "reports", 40, may_open_reports, report_urls))
        add_menu_entry(MenuEntry("Admin", "Site administration", "admin:index", 90, _may_administer))
        _add_settings_sections()
        _keep_history()
        add_home_cards(home.cards, order=10)


class OfficeAdminConfig(admin_apps.AdminConfig):
    """Django's admin, with the office's own signing in."""

    default = False
    default_site = "smmware.office.admin_site.OfficeAdminSite"


def _may_administer(request: HttpRequest) -> bool:
    return may(request.user, Area.ADMIN_SITE, Access.MANAGE)


def _add_settings_sections() -> None:
    from smmware.core.sections import SettingsSection, add_settings_section

    add_settings_section(
        SettingsSection(
            1, "Basic Settings", "settings_basic", "The company's name, address and time zone, and QuickBooks."
        )
    )
    add_settings_section(
        SettingsSection(
            4,
            "Invoices and Terms",
            "settings_invoices",
            "Where payments are recorded, the usual term, what is printed.",
        )
    )


def _keep_history() -> None:
    from smmware.core.extensions import add_to_record
    from smmware.core.models import Company
    from smmware.office import history
    from smmware.office.history_views import HistoryCard

    history.keep()
    for model in history.READERS:
        if model is not Company:
            add_to_record(model, HistoryCard(model))
