"""“First steps with QuickBooks”: each step of the manual, how far it is, and what its button does."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associates.models import Associate
from invoices.models import Invoice
from qbo_sync.guide import LISTS, PEOPLE, Guide
from qbo_sync.models import (
    Account,
    Connection,
    Entity,
    ImportList,
    ImportRow,
    Item,
    Link,
    Mapping,
    Outcome,
    Purpose,
    Run,
)
from qbo_sync.models.states import RunState
from smmware.core.permissions import Level
from tests.factories import (
    ExpenseCategoryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    MileageEntryFactory,
)

URL = "/quickbooks/guide/"
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def connection(qbo_admin: Associate) -> Connection:
    return Connection.objects.create(
        environment="simulator", realm_id="1", is_active=True, state=Connection.State.CONNECTED,
        company_name="Gentle Books", connected_by=qbo_admin, connected_at=timezone.now(),
    )  # fmt: skip


def imported(connection: Connection, *lists: ImportList, state: RunState = RunState.DONE) -> list[Run]:
    return [
        Run.objects.create(
            connection=connection, type=Run.Type.IMPORT, title=f"Import {which.label}", import_list=which, state=state,
            asked_by=connection.connected_by, created_at=timezone.now(),
        )
        for which in lists
    ]  # fmt: skip


@pytest.fixture
def books(connection: Connection) -> dict[str, Any]:
    """Items and accounts by whose names something can be proposed, and one by which nothing can."""
    hours = Item.objects.create(connection=connection, qbo_id="1", name="Hours", full_name="Hours", type="Service")
    accounts = {
        name: Account.objects.create(connection=connection, qbo_id=str(at), name=name, full_name=name, type=type_)
        for at, (name, type_) in enumerate(
            (
                ("Checking", "Bank"), ("Company Card", "Credit Card"), ("Mileage", "Expense"),
                ("Due", "Other Current Asset"),
            )
        )
    }  # fmt: skip
    return {"Hours": hours, **accounts}


ACCOUNTS = {
    Purpose.MILEAGE_ACCOUNT: "Mileage",
    Purpose.PAID_FROM_BANK: "Checking",
    Purpose.PAID_FROM_CARD: "Company Card",
    Purpose.PAID_FROM_CASH: "Due",
    Purpose.PAID_FROM_ASSOCIATE: "Due",
}


def map_all(connection: Connection, books: dict[str, Any]) -> None:
    for purpose in Purpose:
        if purpose.takes_item and not purpose.owner:
            Mapping.objects.create(connection=connection, purpose=purpose, item=books["Hours"])
    for purpose, name in ACCOUNTS.items():
        Mapping.objects.create(connection=connection, purpose=purpose, account=books[name])


def standings(connection: Connection | None) -> dict[str, str]:
    return {step.stage.key: step.standing.value for step in Guide(connection).steps}


def words(connection: Connection | None, stage: str) -> str:
    return next(step.words for step in Guide(connection).steps if step.stage.key == stage)


NOTHING = dict.fromkeys(("lists", "mappings", "people", "go_live", "test"), "waiting")
BEGUN = {
    "connect": "done",
    "lists": "to_do",
    "mappings": "waiting",
    "people": "to_do",
    "go_live": "to_do",
    "test": "waiting",
}


@pytest.mark.django_db
def test_not_connected_all_waits_for_that() -> None:
    assert standings(None) == {"connect": "to_do", **NOTHING}


def test_to_be_reconnected(connection: Connection) -> None:
    connection.state = Connection.State.RECONNECT
    assert standings(connection) == {"connect": "to_do", **NOTHING}
    assert (
        words(connection, "connect")
        == "QuickBooks no longer accepts our authorization for Gentle Books. Connect again."
    )


def test_connected(connection: Connection) -> None:
    assert standings(connection) == BEGUN
    assert words(connection, "lists") == "Still to be imported: Chart of Accounts, Items, Payment Methods, Terms."


def test_an_import_under_way_is_waited_for_and_a_failed_one_is_to_do(connection: Connection) -> None:
    imported(connection, *LISTS[:3])
    imported(connection, LISTS[3], state=RunState.FAILED)
    imported(connection, PEOPLE[0], state=RunState.CANCELLED)
    assert words(connection, "lists") == "Still to be imported: Terms."
    imported(connection, LISTS[3], state=RunState.RUNNING)
    assert (standings(connection)["lists"], words(connection, "lists")) == ("waiting", "Not finished yet: Terms.")
    assert words(connection, "people") == "Still to be imported: Clients, Vendors, Associates."


def test_what_was_imported_once_stays_done(connection: Connection) -> None:
    imported(connection, *LISTS, *PEOPLE)
    imported(connection, *PEOPLE, state=RunState.RUNNING)
    imported(connection, *PEOPLE, state=RunState.FAILED)
    assert standings(connection) == {**BEGUN, "lists": "done", "people": "done"}


def test_the_mappings(connection: Connection, books: dict[str, Any]) -> None:
    assert standings(connection)["mappings"] == "to_do"
    map_all(connection, books)
    assert standings(connection) == {**BEGUN, "mappings": "done", "test": "to_do"}
    books["Hours"].is_active = False
    books["Hours"].save()
    assert "“Item for hours” is inactive at QuickBooks now" in words(connection, "mappings")


def test_the_test_copy(connection: Connection, books: dict[str, Any], qbo_admin: Associate) -> None:
    map_all(connection, books)
    invoice = InvoiceFactory(status="finalized")
    run = Run.objects.create(
        connection=connection, type=Run.Type.PUSH, title="Test copy", state=RunState.RUNNING, asked_by=qbo_admin,
        created_at=timezone.now(),
    )  # fmt: skip
    run.steps.create(position=0, kind="invoice", record_id=invoice.pk, label="Invoice", version_seen=1, state="ready")
    assert words(connection, "test") == "Test copy: running."
    Run.objects.update(state=RunState.CANCELLED)
    assert standings(connection)["test"] == "to_do"
    Link.objects.create(
        connection=connection, invoice=invoice, entity=Entity.INVOICE, qbo_id="7", origin=Link.Origin.PUSHED,
        linked_by=qbo_admin, linked_at=timezone.now(),
    )  # fmt: skip
    assert standings(connection)["test"] == "done"
    Link.objects.update(origin=Link.Origin.MATCHED)  # an old invoice, linked without being sent
    assert standings(connection)["test"] == "to_do"


def test_all_done(office: Client, connection: Connection, books: dict[str, Any], qbo_admin: Associate) -> None:
    imported(connection, *LISTS, *PEOPLE)
    map_all(connection, books)
    Connection.objects.update(copies_everything=True)
    Link.objects.create(
        connection=connection, invoice=InvoiceFactory(), entity=Entity.INVOICE, qbo_id="7", origin=Link.Origin.PUSHED,
        linked_by=qbo_admin, linked_at=timezone.now(),
    )  # fmt: skip
    page = office.get(URL)
    assert page.context["guide"].is_finished
    assert "You have completed the one-time effort." in page.content.decode()
    assert page.context["test_copy"].endswith("/company/1/invoices")
    assert "Look at it in QuickBooks" in page.content.decode()
    assert "First steps" not in office.get("/quickbooks/standing/").content.decode()


class TestThePage:
    def test_not_connected(self, office: Client) -> None:
        page = office.get(URL).content.decode()
        assert "0 of 6 done." in page
        assert "Connect to QuickBooks</button>" in page
        assert "Import Items" not in page

    def test_each_list_has_its_button(self, office: Client, connection: Connection) -> None:
        imported(connection, ImportList.ITEMS)
        [run] = imported(connection, ImportList.TERMS, state=RunState.RUNNING)
        page = office.get(URL).content.decode()
        assert [f"Import {which.label}</button>" in page for which in ImportList] == [
            True, False, True, False, True, True, True, True, True,
        ]  # fmt: skip
        assert "Import Items again</button>" in page
        assert f'href="{run.get_absolute_url()}">See how far it is' in page

    def test_it_is_reached_from_where_one_looks_for_it(self, office: Client, connection: Connection) -> None:
        pages = ("/quickbooks/connect/", "/quickbooks/settings/", "/quickbooks/standing/")
        assert [f'href="{URL}' in office.get(page).content.decode() for page in pages] == [True] * 3
        Connection.objects.all().delete()
        assert [f'href="{URL}' in office.get(page).content.decode() for page in ("/quickbooks/connect/", "/")] == [
            True
        ] * 2

    def test_as_many_queries_for_thirty_as_for_one(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        counts = []
        for more in (1, 29):
            imported(connection, *[ImportList.TERMS, ImportList.CLIENTS] * more)
            ExpenseCategoryFactory.create_batch(more)
            map_all(connection, books) if more == 1 else None
            InvoiceFactory.create_batch(more, status="sent")
            with CaptureQueriesContext(database) as captured:
                office.get(URL)
            counts.append(len(captured))
        assert counts[0] == counts[1]


class TestProposals:
    def test_what_is_ticked_is_chosen_and_nothing_else(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        page = office.get(URL)
        offered = {slot.name: name for slot, name, _ in page.context["guide"].proposals}
        assert offered == {
            "hours_item": "Hours", "mileage_account": "Mileage", "paid_from_bank": "Checking",
            "paid_from_card": "Company Card",
        }  # fmt: skip
        assert Mapping.objects.count() == 0
        ticked = [f"hours_item:{books['Hours'].pk}", f"paid_from_bank:{books['Checking'].pk}"]
        assert office.post(f"{URL}accept/", {"accept": ticked}).status_code == 302
        assert set(Mapping.objects.values_list("purpose", "item__name", "account__name")) == {
            ("hours_item", "Hours", None), ("paid_from_bank", None, "Checking"),
        }  # fmt: skip

    def test_what_somebody_chose_meanwhile_stays(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        other = Item.objects.create(connection=connection, qbo_id="2", name="Time", full_name="Time", type="Service")
        Mapping.objects.create(connection=connection, purpose=Purpose.HOURS_ITEM, item=other)
        answer = office.post(f"{URL}accept/", {"accept": [f"hours_item:{books['Hours'].pk}"]}, follow=True)
        assert "Nothing was accepted" in answer.content.decode()
        assert Mapping.objects.values_list("item__name").get() == ("Time",)

    @pytest.mark.parametrize(
        "ticked", ["paid_from_bank:{Due}", "adjustment_item:{Hours}", "nonsense", "hours_item:x", ""]
    )
    def test_only_what_is_proposed_is_accepted(
        self, office: Client, connection: Connection, books: dict[str, Any], ticked: str
    ) -> None:
        keys = {name: each.pk for name, each in books.items()}
        assert office.post(f"{URL}accept/", {"accept": ticked.format(**keys)}).status_code == 302
        assert not Mapping.objects.exists()


class TestGoLive:
    def test_a_day(self, office: Client, connection: Connection) -> None:
        Connection.objects.update(copies_everything=True)
        InvoiceFactory(date=DAY - dt.timedelta(days=1), status="sent")
        office.post(f"{URL}go-live/", {"go_live_date": "2026-03-01"})
        connection.refresh_from_db()
        assert (connection.go_live_date, connection.copies_everything) == (DAY, False)
        assert words(connection, "go_live") == "Nothing dated before Mar 1, 2026 is copied."
        InvoiceFactory(date=DAY - dt.timedelta(days=1), status=Invoice.Status.PRELIMINARY)  # none that could be linked
        assert "1 invoice from before stays here." in office.get(URL).content.decode()

    def test_everything(self, office: Client, connection: Connection) -> None:
        Connection.objects.update(go_live_date=DAY)
        office.post(f"{URL}go-live/", {"go_live_date": "", "everything": "yes"})
        connection.refresh_from_db()
        assert (connection.go_live_date, connection.copies_everything) == (None, True)
        assert standings(connection)["go_live"] == "done"

    @pytest.mark.parametrize("typed", ["", "soon", "2026-02-30"])
    def test_what_is_no_day_is_said_beside_the_field(self, office: Client, connection: Connection, typed: str) -> None:
        answer = office.post(f"{URL}go-live/", {"go_live_date": typed})
        assert answer.status_code == 200
        assert answer.context["go_live_form"].errors["go_live_date"]
        assert answer.context["go_live_form"]["go_live_date"].value() == typed
        connection.refresh_from_db()
        assert standings(connection)["go_live"] == "to_do"

    def test_in_the_settings_a_day_takes_the_place_of_everything(self, office: Client, connection: Connection) -> None:
        Connection.objects.update(copies_everything=True)
        form = office.get("/quickbooks/settings/mappings/").context["form"]
        typed = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
        office.post("/quickbooks/settings/mappings/", {**typed, "go_live_date": "2026-03-01"})
        connection.refresh_from_db()
        assert (connection.go_live_date, connection.copies_everything) == (DAY, False)


@pytest.mark.django_db(transaction=True)
class TestTheTestCopy:
    def invoice(self, **values: Any) -> Invoice:
        line = InvoiceLineFactory(
            invoice=InvoiceFactory(**{"status": "sent", "date": DAY} | values), amount=Decimal("97.50")
        )
        return line.invoice

    def test_what_may_go_is_offered_the_newest_first(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        map_all(connection, books)
        Connection.objects.update(go_live_date=DAY, copied_from_status="tl_approved")
        good, newer = self.invoice(), self.invoice(date=DAY + dt.timedelta(days=1))
        self.invoice(status="finalized")
        self.invoice(date=DAY - dt.timedelta(days=1))
        form = office.get(URL).context["test_form"]
        assert form.fields["invoice"].choices == [
            ("", "— choose —"),
            (newer.pk, f"{newer} · {newer.job.client} · $97.50"),
            (good.pk, f"{good} · {good.job.client} · $97.50"),
        ]

    def test_its_plan_opens_and_nothing_is_sent(
        self, office: Client, connection: Connection, books: dict[str, Any]
    ) -> None:
        map_all(connection, books)
        invoice = self.invoice()
        answer = office.post(f"{URL}test-copy/", {"invoice": invoice.pk})
        run = Run.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, run.get_absolute_url())
        assert (run.title, run.state, run.back_url) == (f"Test copy: {invoice}", RunState.PLANNED, URL)
        assert run.steps.filter(kind="invoice").values_list("record_id", flat=True).get() == invoice.pk
        assert standings(connection)["test"] == "waiting"

    @pytest.mark.parametrize("typed", ["", "x", "0", "before"])
    def test_another_one_is_refused_beside_the_field(
        self, office: Client, connection: Connection, books: dict[str, Any], typed: str
    ) -> None:
        map_all(connection, books)
        Connection.objects.update(go_live_date=DAY)
        self.invoice()
        before = self.invoice(date=DAY - dt.timedelta(days=1))
        answer = office.post(f"{URL}test-copy/", {"invoice": before.pk if typed == "before" else typed})
        assert answer.status_code == 200
        assert answer.context["test_form"].errors["invoice"]
        assert not Run.objects.exists()

    def test_who_sees_no_invoices_is_offered_none(
        self, office: Client, connection: Connection, books: dict[str, Any], qbo_admin: Associate
    ) -> None:
        map_all(connection, books)
        invoice = self.invoice()
        Associate.objects.filter(pk=qbo_admin.pk).update(level=Level.BASIC_USER)
        assert "No invoice that you may see is ready to be copied" in office.get(URL).content.decode()
        assert office.post(f"{URL}test-copy/", {"invoice": invoice.pk}).status_code == 302
        assert not Run.objects.exists()


def test_people_are_matched_when_no_choice_is_open(connection: Connection, office: Client) -> None:
    first, *_ = imported(connection, *PEOPLE)
    for at, outcome in enumerate((Outcome.CHOICE, Outcome.CHOICE, Outcome.NEW)):
        ImportRow.objects.create(run=first, qbo_id=str(at), name=f"Mary {at}", outcome=outcome)
    assert (standings(connection)["people"], words(connection, "people")) == (
        "to_do", "Your choice is still needed for 2 records. Import again: Clients.",
    )  # fmt: skip
    assert "2 open choices" in office.get(URL).content.decode()
    imported(connection, ImportList.CLIENTS, state=RunState.PLANNED)
    assert standings(connection)["people"] == "waiting"
    imported(connection, ImportList.CLIENTS)
    Run.objects.filter(state=RunState.PLANNED).delete()
    assert standings(connection)["people"] == "done"


def test_what_no_record_needs_does_not_hold_anybody_up(connection: Connection, books: dict[str, Any]) -> None:
    Mapping.objects.create(connection=connection, purpose=Purpose.HOURS_ITEM, item=books["Hours"])
    assert (standings(connection)["mappings"], words(connection, "mappings")) == (
        "done", "10 choices are still open, and no record needs one.",
    )  # fmt: skip
    MileageEntryFactory()
    assert (standings(connection)["mappings"], words(connection, "mappings")) == (
        "to_do", "10 choices are still open; records wait for 2 of them.",
    )  # fmt: skip


def test_the_lists_are_imported_by_one_button(office: Client, connection: Connection) -> None:
    imported(connection, LISTS[0])
    page = office.get(URL).content.decode()
    assert "Import these lists" in page
    assert "/quickbooks/guide/imports/" not in page

    answer = office.post("/quickbooks/guide/import-lists/")

    assert answer["Location"] == f"{URL}#lists"
    queued = Run.objects.filter(state=RunState.QUEUED).order_by("pk")
    assert list(queued.values_list("import_list", flat=True)) == list(LISTS[1:])
    page = office.get(URL).content.decode()
    assert 'hx-get="/quickbooks/guide/imports/"' in page
    assert "Import these lists" not in page
    office.post("/quickbooks/guide/import-lists/")
    assert Run.objects.count() == len(LISTS)


def test_the_page_is_loaded_anew_when_the_imports_have_ended(office: Client, connection: Connection) -> None:
    [run] = imported(connection, LISTS[0], state=RunState.RUNNING)
    assert office.get("/quickbooks/guide/imports/").status_code == 204

    run.state = RunState.DONE
    run.save()

    assert office.get("/quickbooks/guide/imports/")["HX-Refresh"] == "true"


def test_how_many_are_not_proposed(office: Client, connection: Connection, books: dict[str, Any]) -> None:
    imported(connection, *LISTS)
    proposed, open_ones = len(Guide(connection).proposals), Guide(connection).unproposed
    assert (proposed > 0, open_ones > 0) == (True, True)
    assert f"Nothing is proposed for {open_ones} more" in office.get(URL).content.decode()
