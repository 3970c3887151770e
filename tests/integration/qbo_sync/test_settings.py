"""Admin → “QuickBooks Online Settings”: what is imported, what is chosen, and from when on."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from associates.models import Associate
from qbo_sync.mappings import Mappings, Slot
from qbo_sync.models import Account, Class, Connection, Department, Entity, Item, Link, Mapping, Purpose
from qbo_sync.models.mapping import FALLBACKS
from qbo_sync.views.settings import OF_THE_CONNECTION
from smmware.core.models import Company
from tests.factories import (
    ExpenseCategoryFactory,
    FlatFeePresetFactory,
    HourEntryFactory,
    JobCodeFactory,
    PaymentMethodFactory,
    TermFactory,
)
from tests.quickbooks import QuickBooks, connected, simulated

SETTINGS, MAPPINGS = reverse("qbo:settings"), reverse("qbo:mappings")
NAMES = {"name_rule": "town", "customer_suffix": "(Client)", "vendor_suffix": "(V)", "employee_suffix": "(E)"}


@pytest.fixture
def quickbooks() -> Iterator[QuickBooks]:
    with simulated() as running:
        yield running


@pytest.fixture
def qbo_admin(company: Company, lead: Associate) -> Associate:
    """A QBO Admin of a middling level, in a company that integrates with QuickBooks."""
    company.integration = Company.Integration.QBO
    company.save()
    lead.qbo_admin = True
    lead.save()
    return lead


@pytest.fixture
def connection(quickbooks: QuickBooks, qbo_admin: Associate) -> Connection:
    return connected(quickbooks, qbo_admin)


def account(connection: Connection, name: str, type_: str, **fields: Any) -> Account:
    number = str(Account.objects.count() + 1)
    return Account.objects.create(connection=connection, qbo_id=number, name=name, full_name=name, type=type_, **fields)


def item(connection: Connection, name: str, type_: str = "Service", **fields: Any) -> Item:
    number = str(Item.objects.count() + 1)
    return Item.objects.create(connection=connection, qbo_id=number, name=name, full_name=name, type=type_, **fields)


@pytest.fixture
def books(connection: Connection) -> dict[str, Any]:
    """A few accounts and items, one of each sort, a class and a location."""
    return {
        "hours": item(connection, "Hours"),
        "services": item(connection, "Services"),
        "category": item(connection, "Hours of all sorts", "Category"),
        "old": item(connection, "Old hours", is_active=False),
        "checking": account(connection, "Checking", "Bank"),
        "card": account(connection, "Business Visa", "Credit Card"),
        "fuel": account(connection, "Automobile Fuel", "Expense"),
        "boxes": account(connection, "Boxes and Supplies", "Cost of Goods Sold"),
        "due": account(connection, "Due to associates", "Other Current Asset"),
        "equity": account(connection, "Equity", "Equity"),
        "moves": Class.objects.create(connection=connection, qbo_id="1", name="Moves", full_name="Moves"),
        "madison": Department.objects.create(connection=connection, qbo_id="1", name="Madison", full_name="Madison"),
    }


def offered(office: Client, name: str) -> set[str]:
    """The names of what a field offers."""
    form = office.get(MAPPINGS).context["form"]
    return {label for _, group in form.fields[name].choices if isinstance(group, list) for _, label in group}


@pytest.mark.django_db
class TestThePage:
    def test_not_connected(self, office: Client) -> None:
        page = office.get(SETTINGS).content.decode()

        assert "SMMware is not connected to QuickBooks." in page
        assert reverse("qbo:connect") in page
        assert "Import Clients" not in page

    def test_the_lists_stand_in_the_manual_s_order(self, office: Client, connection: Connection) -> None:
        page = office.get(SETTINGS)

        assert [row["which"].label for row in page.context["lists"]] == [
            "Chart of Accounts", "Items", "Payment Methods", "Terms", "Classes", "Locations", "Clients", "Vendors",
            "Associates",
        ]  # fmt: skip
        assert page.content.decode().count("Never") == 9

    def test_to_be_reconnected(self, office: Client, connection: Connection) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        page = office.get(SETTINGS).content.decode()

        assert "Connect again" in page
        assert "Import Clients</button>" not in page

    def test_what_is_missing_is_said(self, office: Client, books: dict[str, Any]) -> None:
        ExpenseCategoryFactory(name="Fuel")
        page = office.get(SETTINGS).content.decode()

        assert "12 of 12 are not chosen yet; what needs them is not copied until they are." in page

    def test_what_became_unusable_is_said(self, office: Client, connection: Connection, books: dict[str, Any]) -> None:
        Mapping.objects.create(connection=connection, purpose=Purpose.HOURS_ITEM, item=books["old"])

        page = office.get(SETTINGS).content.decode()

        assert "“Item for hours” is inactive at QuickBooks now" in page
        assert "Complete</span>" not in page


@pytest.mark.django_db
class TestMappings:
    def test_not_connected(self, office: Client) -> None:
        for response in (office.get(MAPPINGS), office.post(MAPPINGS)):
            assert (response.status_code, response["Location"]) == (302, reverse("qbo:connect"))

    def test_nothing_to_choose_from(self, office: Client, connection: Connection) -> None:
        assert "import the Chart of Accounts and the Items first" in office.get(MAPPINGS).content.decode()

    def test_only_what_fits_is_offered(self, office: Client, books: dict[str, Any]) -> None:
        category = ExpenseCategoryFactory(name="Fuel")

        form = office.get(MAPPINGS).context["form"]
        assert {slot.name: offered(office, slot.name) for slot in form.mappings.slots} == {
            "hours_item": {"Hours", "Services"},
            "mileage_item": {"Hours", "Services"},
            "expenses_item": {"Hours", "Services"},
            "flat_fees_item": {"Hours", "Services"},
            "flat_invoices_item": {"Hours", "Services"},
            "adjustment_item": {"Hours", "Services"},
            "mileage_account": {"Automobile Fuel", "Boxes and Supplies"},
            "paid_from_bank": {"Checking"},
            "paid_from_card": {"Business Visa"},
            "paid_from_cash": {"Checking", "Due to associates"},
            "paid_from_associate": {"Due to associates"},
            "deposit_account": {"Checking", "Due to associates"},
            "default_class": {"Moves"},
            "default_location": {"Madison"},
            f"category_account-{category.pk}": {"Automobile Fuel", "Boxes and Supplies"},
            f"category_item-{category.pk}": {"Hours", "Services"},
        }  # fmt: skip

    def test_proposals_are_filled_in_but_not_saved(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        fuel, coffee = ExpenseCategoryFactory(name="Fuel"), ExpenseCategoryFactory(name="Coffee")

        form = office.get(MAPPINGS).context["form"]

        assert {slot.name: form.fields[slot.name].initial for slot in form.mappings.slots} == {
            "hours_item": books["hours"].pk,
            "mileage_item": None,
            "expenses_item": None,
            "flat_fees_item": books["services"].pk,
            "flat_invoices_item": books["services"].pk,
            "adjustment_item": None,
            "mileage_account": books["fuel"].pk,
            "paid_from_bank": books["checking"].pk,
            "paid_from_card": books["card"].pk,
            "paid_from_cash": None,
            "paid_from_associate": None,
            "deposit_account": None,
            "default_class": None,
            "default_location": None,
            f"category_account-{coffee.pk}": None,
            f"category_account-{fuel.pk}": books["fuel"].pk,
            f"category_item-{coffee.pk}": None,
            f"category_item-{fuel.pk}": None,
        }
        assert not Mapping.objects.exists()

    def test_a_plan_leads_to_the_place_of_each_purpose(self, office: Client, books: dict[str, Any]) -> None:
        ExpenseCategoryFactory()
        page = office.get(MAPPINGS).content.decode()

        mended = [purpose for purpose in Purpose if purpose not in FALLBACKS]  # nothing waits for those
        assert [purpose for purpose in mended if page.count(f'id="purpose-{purpose}"') != 1] == []

    def test_an_item_of_the_very_name_is_proposed_for_a_job_code(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        packing = item(connection, "Packing")
        codes = [JobCodeFactory(label=label) for label in ("packing", "Packing and hours", "Hauling")]
        form = office.get(MAPPINGS).context["form"]
        assert [form.fields[f"job_code_item-{code.pk}"].initial for code in codes] == [packing.pk, None, None]
        assert form.fields[f"job_code_item-{codes[2].pk}"].choices[0] == ("", "— item for hours —")

    def test_what_is_chosen_for_one_is_saved_and_what_is_not_asked_for_stays(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        code, preset, category = JobCodeFactory(), FlatFeePresetFactory(), ExpenseCategoryFactory()
        old = Mapping.objects.create(
            connection=connection, purpose=Purpose.JOB_CODE_ITEM, item=books["hours"],
            job_code=JobCodeFactory(is_active=False),
        )  # fmt: skip
        chosen = {
            f"job_code_item-{code.pk}": books["services"].pk,
            f"preset_item-{preset.pk}": books["hours"].pk,
            f"category_item-{category.pk}": books["hours"].pk,
        }
        answer = office.post(MAPPINGS, {"copied_from_status": "sent", "invoice_numbers": "ours", **NAMES, **chosen})
        assert answer.status_code == 302
        rows = Mapping.objects.values_list("purpose", "job_code", "preset", "category", "item")
        assert set(rows) == {
            ("job_code_item", old.job_code_id, None, None, books["hours"].pk),
            ("job_code_item", code.pk, None, None, books["services"].pk),
            ("preset_item", None, preset.pk, None, books["hours"].pk),
            ("category_item", None, None, category.pk, books["hours"].pk),
        }

    def test_what_a_change_affects_is_said_before_and_after(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        HourEntryFactory.create_batch(2)
        assert "Not copied yet: 2 hour entries." in office.get(MAPPINGS).context["form"].fields["hours_item"].help_text
        asked = {"copied_from_status": "sent", "invoice_numbers": "ours", **NAMES, "hours_item": books["hours"].pk}
        page = office.post(MAPPINGS, asked, follow=True).content.decode()
        assert "What is not copied yet goes by your change: Item for hours (2 hour entries)." in page
        assert "goes by your change" not in office.post(MAPPINGS, asked, follow=True).content.decode()

    def test_methods_terms_and_tax_are_told_of(
        self, office: Client, connection: Connection, books: dict[str, Any], qbo_admin: Associate
    ) -> None:
        check, net = PaymentMethodFactory(name="Check"), TermFactory(name="Net 30")
        Link.objects.create(
            connection=connection, term=net, entity=Entity.TERM, qbo_id="3", origin=Link.Origin.IMPORTED,
            linked_by=qbo_admin, linked_at=timezone.now(),
        )  # fmt: skip
        page = office.get(MAPPINGS)
        rows = [row for row in page.context["linked_lists"] if row["name"] in (check.name, net.name)]
        assert [(row["name"], row["what"], row["qbo_id"]) for row in rows] == [
            ("Check", "Payment method", ""), ("Net 30", "Term", "3"),
        ]  # fmt: skip
        assert "Which code QuickBooks uses is asked when a copy begins." in page.content.decode()
        said = []
        for now in ({"tax_code": "2"}, {"automated_tax": True}, {"uses_sales_tax": False}):
            Connection.objects.update(**now)
            said.append(office.get(MAPPINGS).context["tax"].split(" ")[0])
        assert said == ["Taxable", "QuickBooks", "Sales"]

    def test_what_a_person_chose_is_saved(self, office: Client, connection: Connection, books: dict[str, Any]) -> None:
        category = ExpenseCategoryFactory(name="Fuel")
        Mapping.objects.create(connection=connection, purpose=Purpose.ADJUSTMENT_ITEM, item=books["services"])

        response = office.post(
            MAPPINGS,
            {
                "go_live_date": "2026-03-01",
                "copied_from_status": "sent",
                "invoice_numbers": "quickbooks",
                "jobs_are_customers": "on",
                "long_run_minutes": "",
                **NAMES,
                "default_class": books["moves"].pk,
                "default_location": books["madison"].pk,
                "hours_item": books["hours"].pk,
                "paid_from_associate": books["due"].pk,
                f"category_account-{category.pk}": books["boxes"].pk,
                "adjustment_item": "",
            },
        )

        assert (response.status_code, response["Location"]) == (302, reverse("qbo:guide"))  # whose next step waits
        rows = Mapping.objects.values_list("purpose", "category", "item", "account", "klass", "department")
        assert set(rows) == {
            ("hours_item", None, books["hours"].pk, None, None, None),
            ("paid_from_associate", None, None, books["due"].pk, None, None),
            ("category_account", category.pk, None, books["boxes"].pk, None, None),
            ("default_class", None, None, None, books["moves"].pk, None),
            ("default_location", None, None, None, None, books["madison"].pk),
        }
        assert Connection.objects.values_list(*OF_THE_CONNECTION).get() == (
            dt.date(2026, 3, 1), "sent", "quickbooks", True, False, None, "town", "(Client)", "(V)", "(E)",
        )  # fmt: skip
        assert "9 still to be chosen." in office.get(SETTINGS).content.decode()

    def test_what_changes_by_itself_meanwhile_stays(
        self, office: Client, connection: Connection, books: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        save = Mappings.save

        def refreshed(mappings: Mappings, chosen: Any) -> None:
            Connection.objects.update(refresh_token="RT1-new", lease_number=7)
            save(mappings, chosen)

        monkeypatch.setattr(Mappings, "save", refreshed)
        office.post(MAPPINGS, {"copied_from_status": "sent", "invoice_numbers": "ours", **NAMES})

        connection.refresh_from_db()
        kept = (connection.copied_from_status, connection.refresh_token, connection.lease_number)
        assert kept == ("sent", "RT1-new", 7)

    @pytest.mark.parametrize(
        ("itself", "words"),
        [(True, "Your QuickBooks can number by itself:"), (False, "Your QuickBooks leaves numbers to people")],
    )
    def test_what_numbers_mean_in_this_company_is_said(
        self, office: Client, connection: Connection, itself: bool, words: str
    ) -> None:
        Connection.objects.update(numbers_itself=itself)
        Item.objects.create(connection=connection, qbo_id="2", name="Hours", full_name="Hours", type="Service")

        assert words in office.get(MAPPINGS).content.decode()

    @pytest.mark.parametrize(
        ("purpose", "wrong", "sentence"),
        [
            ("paid_from_bank", "card", "Choose an account of type Bank from the list."),
            ("paid_from_card", "checking", "Choose an account of type Credit Card from the list."),
            ("paid_from_associate", "checking", "Choose an account of type Other Current Asset from the list."),
            ("mileage_account", "equity", "Choose an account of type Cost of Goods Sold or Expense or Other Expense"),
            ("hours_item", "category", "Choose an item of type Inventory or NonInventory or Service from the list."),
            ("hours_item", "old", "Choose an item of type"),
        ],
    )
    def test_what_does_not_fit_is_refused_next_to_the_field(
        self, office: Client, books: dict[str, Any], purpose: str, wrong: str, sentence: str
    ) -> None:
        response = office.post(MAPPINGS, {purpose: books[wrong].pk})

        assert response.status_code == 200
        [error] = response.context["form"].errors[purpose]
        assert error.startswith(sentence)
        assert not Mapping.objects.exists()

    def test_another_company_s_account_is_refused(self, office: Client, books: dict[str, Any]) -> None:
        other = Connection.objects.create(environment="simulator", realm_id="2")
        foreign = account(other, "Checking", "Bank")

        assert "paid_from_bank" in office.post(MAPPINGS, {"paid_from_bank": foreign.pk}).context["form"].errors

    def test_a_choice_that_became_inactive_stays_visible_and_flagged(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        Mapping.objects.create(connection=connection, purpose=Purpose.HOURS_ITEM, item=books["old"])

        page = office.get(MAPPINGS).content.decode()

        assert "Old hours – inactive at QuickBooks" in page
        assert "inactive at QuickBooks, or of another type now" in page

    @pytest.mark.parametrize("url", [SETTINGS, MAPPINGS])
    def test_thirty_categories_take_as_many_queries_as_one(
        self, office: Client, connection: Connection, books: dict[str, Any], url: str
    ) -> None:
        counts = []
        for more in (1, 29):
            for category in ExpenseCategoryFactory.create_batch(more):
                Mappings(connection).save({Slot(Purpose.CATEGORY_ACCOUNT, category.pk): books["fuel"].pk})
            with CaptureQueriesContext(database) as captured:
                assert office.get(url).status_code == 200
            counts.append(len(captured))
        assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_menu_shows_both_pages_to_a_qbo_admin_alone(office: Client, admin: Associate) -> None:
    def menu(browser: Client) -> set[str]:
        page = browser.get(reverse("home")).content.decode()
        return {name for name in ("QuickBooks Online Connect", "QuickBooks Online Settings") if name in page}

    other = Client()
    other.force_login(admin)
    assert (menu(office), menu(other)) == ({"QuickBooks Online Connect", "QuickBooks Online Settings"}, set())


@pytest.mark.django_db
@pytest.mark.parametrize("url", [SETTINGS, MAPPINGS])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may(qbo_admin: Associate, owner: Associate, company: Company, url: str, method: str) -> None:
    signed_out, not_admin, off = Client(), Client(), Client()
    not_admin.force_login(owner)
    off.force_login(qbo_admin)

    assert getattr(signed_out, method)(url).status_code == 302
    assert getattr(not_admin, method)(url).status_code == 403
    Company.objects.update(integration=Company.Integration.NO)
    assert getattr(off, method)(url).status_code == 404
