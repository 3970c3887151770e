"""Where QuickBooks fills in the extension points of smmware.core."""

from django.apps import AppConfig


class QboSyncConfig(AppConfig):
    name = "qbo_sync"
    verbose_name = "QuickBooks Online"

    def ready(self) -> None:
        from invoices.models import InvoiceLine
        from qbo_sync.access import qbo_offered
        from qbo_sync.models import Kind
        from qbo_sync.views.home import home_cards
        from qbo_sync.views.names import NameChecks
        from qbo_sync.views.office import QboJobRecord, QboJobs, QboListing, QboRecord
        from qbo_sync.views.runs import RUNS
        from qbo_sync.views.vetoes import QboInvoice, QboLine, QboVeto
        from smmware.core.extensions import add_home_cards, add_to_listing, add_to_record
        from smmware.core.listings import register_listing
        from smmware.core.navigation import MenuEntry, add_menu_entry

        register_listing(RUNS)
        add_home_cards(home_cards, order=90)
        with_receipt = (Kind.EXPENSE_ENTRY, Kind.RECEIPT)  # one record of ours
        for key, kind in (
            ("invoices", Kind.INVOICE),
            ("hours", Kind.HOUR_ENTRY),
            ("expenses", Kind.EXPENSE_ENTRY),
            ("mileage", Kind.MILEAGE_ENTRY),
            ("associates", Kind.ASSOCIATE),
            ("clients", Kind.CLIENT),
            ("organizations", Kind.ORGANIZATION),
        ):
            add_to_listing(key, QboListing(key, kind))
            on_edit = kind in (Kind.ASSOCIATE, Kind.CLIENT, Kind.ORGANIZATION)
            add_to_record(kind.model, QboRecord(kind, on_edit=on_edit))
            if on_edit:
                add_to_record(kind.model, NameChecks(kind))
        for kinds in (*((kind,) for kind in Kind if kind not in with_receipt), with_receipt):
            add_to_record(kinds[0].model, QboVeto(*kinds))
        add_to_record(Kind.INVOICE.model, QboInvoice())
        add_to_record(InvoiceLine, QboLine())
        add_to_listing("jobs", QboJobs("jobs", Kind.JOB))
        add_to_record(Kind.JOB.model, QboJobRecord(Kind.JOB))
        add_menu_entry(MenuEntry("Admin", "QuickBooks Online Connect", "qbo:connect", 80, qbo_offered))
        add_menu_entry(MenuEntry("Admin", "QuickBooks Online Settings", "qbo:settings", 81, qbo_offered))
        add_menu_entry(MenuEntry("Admin", "QuickBooks Online Runs", "qbo:runs", 82, qbo_offered))
        add_menu_entry(MenuEntry("Admin", "QuickBooks Online Choices", "qbo:waiting", 83, qbo_offered))
