"""A day of an office against QuickBooks in a bad mood: what is copied, and what must be there afterwards, each once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from associates.models import Associate
from qbo_sync.models import Connection, Link, Run
from qbo_sync.models.states import RunState
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from tests.factories import (
    AssociateFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceLineFactory,
    MileageEntryFactory,
    OrganizationFactory,
)
from tests.quickbooks import QuickBooks, connected, map_everything
from tests.simulator import connect
from tests.unit.qbo_sync.push.conftest import invoice_for_hours, planned

COPIED = ("Customer", "Employee", "Vendor", "TimeActivity", "Purchase", "Invoice")
WHOLE = {"Customer": 1, "Employee": 1, "Vendor": 2, "TimeActivity": 1, "Purchase": 2, "Invoice": 1}
RINGS = 8  # of the doorbell: more than any fault that passes needs


@dataclass
class Office:
    """An office, its connection, and the simulated company, which holds nothing but its own lists."""

    quickbooks: QuickBooks
    connection: Connection
    category: Any = field(default_factory=ExpenseCategoryFactory)
    fired: list[int] = field(default_factory=list)
    injected: dict[str, int] = field(default_factory=dict)

    def invoice(self) -> Any:
        """An invoice over hours, an expense at a vendor's, and a contractor's mileage."""
        invoice = invoice_for_hours(HourEntryFactory(job__client__name="Conor O'Brien"), number="2043")
        on: dict[str, Any] = {"job": invoice.job, "associate": AssociateFactory(kind=Associate.Kind.CONTRACTOR)}
        expense = ExpenseEntryFactory(vendor=OrganizationFactory(), category=self.category, **on)
        for position, values in ((2, {"expense_entry": expense}), (3, {"mileage_entry": MileageEntryFactory(**on)})):
            InvoiceLineFactory(invoice=invoice, position=position, **values)
        return invoice

    def copy(self, *records: Any, between: Mapping[str, Any] | None = None, awaited: str = "") -> Run:
        """“Add QBO” and “Next”, then the doorbell until nobody has anything to do.

        between: behaviour of QuickBooks as soon as it has done what it was told to do, however slow the machine is.
        awaited: which of the things that it counts that is; without one, any.
        """
        run = planned(self.connection, *records)
        assert moves.queue(run)
        if between:
            self._until_it_has_happened(awaited)
            self.quickbooks.behave(**between)
        return self.ring(run)

    def _until_it_has_happened(self, awaited: str) -> None:
        for _ in range(RINGS):
            serve(self.connection.pk)
            counted = self._counted()
            if awaited in counted or (counted and not awaited):
                return
        raise AssertionError("What QuickBooks was told to do never happened.")

    def _counted(self) -> dict[str, int]:
        """How often each fault and limit was met."""
        return dict(self.quickbooks.http.get("/_simulator/counts").get_json()["injected"])

    def ring(self, run: Run) -> Run:
        """Ring until the run is over, or needs a person."""
        run.refresh_from_db()
        for _ in range(RINGS):
            if run.state in (RunState.DONE, RunState.FAILED):
                break
            serve(self.connection.pk)
            run.refresh_from_db()
        return run

    def at_peace(self) -> None:
        """QuickBooks behaves again; what it had been told to do, and did, is remembered here."""
        http = self.quickbooks.http
        self.fired = [rule["fired"] for rule in http.get("/_simulator/behaviour").get_json()["rules"]]
        self.injected = self._counted()
        assert http.delete("/_simulator/behaviour").status_code == 200
        self.quickbooks.tokens = connect(http)

    def books(self) -> dict[str, int]:
        """How many records of each entity QuickBooks has."""
        counted = {entity: len(self.quickbooks.query(f"select * from {entity}")) for entity in COPIED}
        return {entity: number for entity, number in counted.items() if number}


def opened(quickbooks: QuickBooks, owner: Associate) -> Office:
    """A connected office with an item or account for every purpose."""
    office = Office(quickbooks, connected(quickbooks, owner))
    map_everything(office.connection, quickbooks)
    return office


def linked() -> dict[str, int]:
    """How many of our records are linked, by entity; none may be left reserved."""
    assert not Link.objects.filter(qbo_id__isnull=True).exists()
    return dict(Counter(Link.objects.values_list("entity", flat=True)))
