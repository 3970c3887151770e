"""Every fault that a copy can meet, through the engine and the simulator: what a person reads, that nothing is doubled,
and that all of it is copied once what was wrong is mended.
"""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from werkzeug.wrappers import Response

from hours.models import PaidFrom
from invoices.models import Invoice, InvoiceSettings
from qbo_sync.api import answer
from qbo_sync.faults import LINKED_OTHERWISE, NO_FILE, TABLE
from qbo_sync.models import Attempt, Class, Connection, Entity, Link, Mapping, Purpose, Run
from qbo_sync.models.states import AttemptState, RunState
from qbo_sync.push.again import try_again
from qbo_sync.push.causes import LOST, causes, goes_again
from qbo_sync.push.reversing import plan_reversal
from qbo_sync.push.updating import plan_update
from qbo_sync.runs import moves
from qbo_sync.serve import serve
from tests.factories import (
    AssociateFactory,
    ClientFactory,
    ExpenseCategoryFactory,
    ExpenseEntryFactory,
    HourEntryFactory,
    InvoiceFactory,
    InvoiceLineFactory,
    JobFactory,
    OrganizationFactory,
    PaymentFactory,
    TermFactory,
)
from tests.quickbooks import QuickBooks, map_everything
from tests.unit.qbo_sync.push import fault_cases
from tests.unit.qbo_sync.push.conftest import copied, planned, qbo_id, queued, states, work
from tests.unit.qbo_sync.push.fault_cases import CHANGES, CREATED, TAKING_BACK, Case
from tests.unit.qbo_sync.push.fault_codes import MET, NOT_MET, NUMBERS_ONLY, OFFICIAL

OUR_OWN = {LINKED_OTHERWISE, NO_FILE}


def test_every_code_is_decided_on_and_every_one_that_can_be_met_is_tested() -> None:
    assert sorted([*MET, *NOT_MET, *NUMBERS_ONLY.split()]) == sorted(OFFICIAL.split())
    assert {row.code for row in TABLE} == MET.keys() | OUR_OWN
    assert MET.keys() | {"1234", "1050"} == fault_cases.COVERED


# The office


@pytest.fixture
def office(connection: Connection, quickbooks: QuickBooks) -> "Office":
    return Office(connection, quickbooks)


class Office:
    """A client with a job, an associate and an invoice, all at QuickBooks, and everything that records refer to."""

    def __init__(self, connection: Connection, quickbooks: QuickBooks) -> None:
        self.connection = connection
        self.quickbooks = quickbooks
        self.category = ExpenseCategoryFactory()
        self.job = JobFactory(name="Downsizing", client__name="Zoe Young")
        self.associate = AssociateFactory(first_name="Ann", last_name="Lee")
        self.term = TermFactory(name="Net 30")
        InvoiceSettings.objects.create(payments_at=InvoiceSettings.PaymentsAt.HERE)
        map_everything(connection, quickbooks)
        Link.objects.create(
            connection=connection, term=self.term, entity=Entity.TERM, qbo_id="3", origin=Link.Origin.IMPORTED,
            linked_by=connection.connected_by, linked_at=timezone.now(),
        )  # fmt: skip

    def classes(self) -> None:
        """The company sorts its costs under a class."""
        moved = self.quickbooks.create("Class", Name="Moves")
        self.quickbooks.prefer(AccountingInfoPrefs={"ClassTrackingPerTxnLine": True})
        klass = Class.objects.create(
            connection=self.connection, qbo_id=moved["Id"], name="Moves", full_name="Moves", type=""
        )
        Mapping.objects.create(connection=self.connection, purpose=Purpose.DEFAULT_CLASS, klass=klass)

    def invoice(self, number: int) -> Invoice:
        invoice = InvoiceFactory(
            job=self.job, number=str(number), term=self.term, status=Invoice.Status.FINALIZED, kind=Invoice.Kind.FLAT
        )
        InvoiceLineFactory(invoice=invoice, position=1)
        return invoice

    def records(self, kind: str, count: int) -> list[Any]:
        """So many records that refer to what is there already."""
        numbers = range(count)
        on = {"job": self.job, "associate": self.associate}
        if kind == "Client":
            return [ClientFactory(name=f"Client {number:02}") for number in numbers]
        if kind == "Job":
            return [JobFactory(client=self.job.client, name=f"Job {number}") for number in numbers]
        if kind == "Organization":
            return [OrganizationFactory(name=f"Organization {number}") for number in numbers]
        if kind == "HourEntry":
            return [HourEntryFactory(**on, description=f"Day {number}") for number in numbers]
        if kind == "ExpenseEntry":
            return [ExpenseEntryFactory(**on, category=self.category, paid_from=PaidFrom.CREDIT_CARD) for _ in numbers]
        if kind == "Payment":
            return [PaymentFactory(invoice=Invoice.objects.get(number="2000")) for _ in numbers]
        return [self.invoice(2001 + number) for number in numbers]

    def faults(self, cases: Sequence[Case], operation: str, entity: str) -> None:
        """The next records of an entity meet these faults, one each, in their order."""
        self.quickbooks.behave(
            rules=[
                {"match": {"entity": entity, "operation": operation}, "then": {"fault": self.given(case)}, "times": 1}
                for case in cases
            ]
        )

    def given(self, case: Case) -> dict[str, str]:
        """The fault with the ids that QuickBooks would name."""
        detail = case.detail
        for gap, found in GAPS.items():
            if gap in detail:
                detail = detail.replace(gap, str(found(self)))
        return {**case.fault, "detail": detail}


GAPS: dict[str, Callable[[Office], Any]] = {
    "<Amy>": lambda office: office.quickbooks.query(
        "select * from Customer where DisplayName = 'Amy\\'s Bird Sanctuary'"
    )[0]["Id"],
    "<Ann>": lambda office: qbo_id(office.associate),
    "<Hours>": lambda office: Mapping.objects.get(purpose=Purpose.HOURS_ITEM).item.qbo_id,  # type: ignore[union-attr]
    "<Mastercard>": lambda office: Mapping.objects.get(purpose=Purpose.PAID_FROM_CARD).account.qbo_id,  # type: ignore[union-attr]
    "<Moves>": lambda office: Class.objects.get().qbo_id,
    "<Net 30>": lambda office: "3",
    "<Invoice>": lambda office: qbo_id(Invoice.objects.get(number="2000")),
}
ENTITIES = {
    "Client": "Customer", "Job": "Customer", "Organization": "Vendor", "HourEntry": "TimeActivity",
    "ExpenseEntry": "Purchase", "Invoice": "Invoice", "FlatInvoice": "Invoice", "Payment": "Payment",
}  # fmt: skip


def told(run: Run) -> list[tuple[str, str, str, str, bool]]:
    """Code, state, message and button of each step that was asked for, and whether a person may try it again."""
    return [
        (step.fault_code, step.state, step.message, step.mend, goes_again(run, step))
        for step in run.steps.filter(brought_along=False).order_by("position")
    ]


def expected(cases: Sequence[Case], *, again: bool = True) -> list[tuple[str, str, str, str, bool]]:
    return [(case.code, "refused", case.says, case.mend, again) for case in cases]


def count(quickbooks: QuickBooks, entity: str) -> int:
    return len(quickbooks.query(f"select * from {entity} maxresults 1000"))


@pytest.mark.parametrize("kind", CREATED)
@pytest.mark.sandbox
def test_a_record_that_meets_it_says_so_and_is_copied_once_it_is_mended(office: Office, kind: str) -> None:
    cases, entity, quickbooks = CREATED[kind], ENTITIES[kind], office.quickbooks
    if kind == "ExpenseEntry":
        office.classes()
    office.connection.jobs_are_customers = kind == "Job"
    office.connection.save()
    copied(office.connection, office.invoice(2000), HourEntryFactory(job=office.job, associate=office.associate))
    Attempt.objects.update(answered_at=timezone.now() - timezone.timedelta(hours=1))
    there = count(quickbooks, entity)
    records = office.records(kind, len(cases))
    office.faults(cases, "create", entity)

    run = copied(office.connection, *records)

    assert (run.state, told(run)) == (RunState.DONE, expected(cases))
    assert (count(quickbooks, entity), Link.objects.filter(qbo_id=None).count()) == (there, 0)

    assert try_again(run).again == len(cases)
    work(office.connection)

    assert set(states(run).values()) <= {"done", "linked"}
    assert (count(quickbooks, entity), Link.objects.filter(qbo_id=None).count()) == (there + len(cases), 0)


def test_the_change_of_a_copied_record(office: Office) -> None:
    clients = office.records("Client", len(CHANGES))
    copied(office.connection, *clients)
    for client in clients:
        client.phone = "(608) 555-0199"
        client.save()
    office.faults(CHANGES, "update", "Customer")

    run = updated(office, clients)

    assert told(run) == expected(CHANGES, again=False)
    again = updated(office, clients)
    assert {step.state for step in again.steps.all()} == {"done"}
    changed = office.quickbooks.query("select * from Customer where DisplayName LIKE 'Client %'")
    assert [row["PrimaryPhone"]["FreeFormNumber"] for row in changed] == ["(608) 555-0199"] * len(CHANGES)


def updated(office: Office, clients: Sequence[Any]) -> Run:
    actor = office.connection.connected_by
    assert actor is not None
    run = plan_update(
        connection=office.connection, kind=clients[0].qbo_links.get().kind, ids={client.pk for client in clients},
        actor=actor, title="Update QBO", back_url="/",
    )  # fmt: skip
    return rung(run)


def rung(run: Run) -> Run:
    """“Next” or “Go on”, and one ring of the doorbell."""
    assert moves.queue(run)
    serve(run.connection_id)
    run.refresh_from_db()
    return run


def test_what_quickbooks_does_not_let_be_taken_back(office: Office) -> None:
    run = copied(office.connection, *office.records("Invoice", len(TAKING_BACK)))
    invoices = {(step.kind, step.record_id) for step in run.steps.filter(kind="invoice")}
    office.faults(TAKING_BACK, "delete", "Invoice")

    reversal = rung(plan_reversal(run=run, actor=run.asked_by, only=invoices))  # type: ignore[arg-type]

    assert told(reversal) == expected(TAKING_BACK, again=False)
    assert count(office.quickbooks, "Invoice") == len(TAKING_BACK)
    rung(plan_reversal(run=run, actor=run.asked_by, only=invoices))  # type: ignore[arg-type]
    assert (count(office.quickbooks, "Invoice"), Link.objects.filter(invoice__isnull=False).count()) == (0, 0)


@pytest.mark.parametrize("code", fault_cases.STOPS)
def test_what_is_wrong_with_the_company_stops_the_run_and_no_record_is_blamed(
    mapped: Connection, quickbooks: QuickBooks, code: str
) -> None:
    client = ClientFactory(name="Zoe Young")
    rule = {"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": {"code": code}}, "times": 1}
    quickbooks.behave(rules=[rule])
    state, words = fault_cases.STOPS[code]

    run = rung(planned(mapped, client))

    assert (run.state, run.message) == (state, words)
    assert (states(run), Link.objects.count()) == ({"Zoe Young": "ready"}, 0)
    assert run.state == RunState.QUEUED or moves.queue(run)
    serve(mapped.pk)
    assert states(run) == {"Zoe Young": "done"}
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")) == 1


@pytest.mark.parametrize("case", fault_cases.PASSING, ids=lambda case: case.code)
def test_what_passes_by_itself_is_given_up_in_the_end_and_may_be_tried_again(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, settings: Any, case: Case
) -> None:
    monkeypatch.setattr(answer, "PAUSE_AFTER_429", 0.01)
    settings.QBO_TRIES = 2
    rule = {"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": case.fault}, "times": 2}
    quickbooks.behave(rules=[rule])

    run = copied(mapped, ClientFactory(name="Zoe Young"))

    assert told(run) == [(case.code, "refused", f"{case.says} SMMware tried it 2 times.", case.mend, True)]
    assert try_again(run).again == 1
    work(mapped)
    assert states(run) == {"Zoe Young": "done"}
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")) == 1


@pytest.mark.parametrize("code", fault_cases.READS)
def test_where_quickbooks_cannot_be_asked_nothing_is_sent(
    mapped: Connection, quickbooks: QuickBooks, code: str
) -> None:
    fault = {"code": code, "message": "QueryParseError", "detail": "QueryParserError: Sorry."}
    quickbooks.behave(rules=[{"match": {"operation": "query"}, "then": {"fault": fault}, "times": 1}])

    run = rung(planned(mapped, ClientFactory(name="Zoe Young")))

    assert (run.state, run.message) == (RunState.QUEUED, fault_cases.READING)
    assert quickbooks.requests("write") == []
    serve(mapped.pk)
    assert states(run) == {"Zoe Young": "done"}


def test_a_request_that_is_refused_as_a_whole_says_so_on_each_of_its_records(
    mapped: Connection, quickbooks: QuickBooks
) -> None:
    quickbooks.behave(batch_items=1)

    run = copied(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Zack Old"))

    assert told(run) == [("1040", "refused", fault_cases.WHOLE["1040"], "", True)] * 2
    assert [attempt.state for attempt in Attempt.objects.all()] == [AttemptState.NOT_DONE]
    quickbooks.behave(batch_items=30)
    assert try_again(run).again == 2
    work(mapped)
    assert set(states(run).values()) == {"done"}
    assert len(quickbooks.query("select * from Customer where DisplayName IN ('Zoe Young', 'Zack Old')")) == 2


@pytest.mark.parametrize("code", fault_cases.LOST)
def test_what_may_have_been_carried_out_is_looked_for(mapped: Connection, quickbooks: QuickBooks, code: str) -> None:
    fault = {"code": code, "message": "", "detail": "", "type": "SystemFault" if code == "10000" else ""}
    quickbooks.behave(rules=[{"match": {"entity": "Customer", "operation": "create"}, "then": {"fault": fault}}])

    run = copied(mapped, ClientFactory(name="Zoe Young"), ClientFactory(name="Zack Old"))

    assert states(run) == {"Zoe Young": "unknown", "Zack Old": "done"}
    assert [(cause.sentence, cause.again) for cause in causes(run)] == [(LOST, False)]
    work(mapped)
    assert set(states(run).values()) == {"done"}
    assert len(quickbooks.query("select * from Customer where DisplayName IN ('Zoe Young', 'Zack Old')")) == 2


@pytest.mark.parametrize("carried_out", [True, False], ids=["carried out", "not carried out"])
def test_a_proxy_s_page_instead_of_an_answer_tells_nothing(
    mapped: Connection, quickbooks: QuickBooks, monkeypatch: pytest.MonkeyPatch, carried_out: bool
) -> None:
    carry_out, pages = quickbooks.app.carried_out, iter([Response("<html>Bad gateway</html>", status=502)])

    def behind_a_proxy(exchange: Any, *rest: Any) -> Any:
        page = next(pages, None) if exchange.kind == "write" else None
        answered = carry_out(exchange, *rest) if carried_out or not page else None
        return page or answered

    monkeypatch.setattr(quickbooks.app, "carried_out", behind_a_proxy)
    run = copied(mapped, ClientFactory(name="Zoe Young"))
    assert states(run) == {"Zoe Young": "unknown"}

    work(mapped)

    assert states(run) == {"Zoe Young": "done"}
    assert len(quickbooks.query("select * from Customer where DisplayName = 'Zoe Young'")) == 1


def test_naming_the_records_asks_no_more_for_more_of_them(office: Office) -> None:
    copied(office.connection, office.job.client, office.associate)
    case = next(case for case in fault_cases.TIME if case.code == "610")

    def queries(records: int) -> int:
        office.faults([case] * records, "create", "TimeActivity")
        run = queued(office.connection, *office.records("HourEntry", records))
        Attempt.objects.update(answered_at=timezone.now() - timezone.timedelta(hours=1))
        with CaptureQueriesContext(database) as captured:
            work(office.connection)
        assert {step.state for step in run.steps.filter(brought_along=False)} == {"refused"}
        return len(captured)

    assert queries(30) - queries(1) <= 4  # of the batch, not of its faults
