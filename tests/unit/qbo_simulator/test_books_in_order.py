"""Random writes of every kind over HTTP, alone and in batches: the books stay in order after each of them.

SIMULATOR_STEPS says how many steps are taken in all (`make machine` takes 2,000); always the same ones.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from werkzeug.test import Client

from qbo_simulator import create_app
from qbo_simulator.clock import to_the_second
from tests.simulator import connect
from tests.unit.qbo_simulator.company import Company, code

STEPS = int(os.environ.get("SIMULATOR_STEPS", "120"))
AT_ONCE = 40  # steps in one company's books
NAMES = ("Customer", "Vendor", "Employee")
TRANSACTIONS = ("Invoice", "Payment", "Bill")
ALL = (*NAMES, *TRANSACTIONS, "TimeActivity")
EVERYBODY = {name: " where Active in (true, false)" if name in NAMES else "" for name in ALL}
# what a random write may be refused with: stale, taken name, missing or inactive, linked, billed, billed no longer (its
# invoice went a step earlier in the same batch), more than is open
REFUSALS = frozenset(
    {"5010", "6240", "610", "620", "800", "2500", "6000", "6010", "6090", "6220", "6280", "6320", "6450"}
)

Snapshot = dict[str, dict[str, dict[str, Any]]]
Operation = tuple[str, str, dict[str, Any]]
words = st.sampled_from(["Ada", "Ben", "Cy", "ada ", "BEN", "Dot", "Eve", "Fay", "Gus", "Hal"])
cents = st.integers(min_value=1, max_value=30_000).map(lambda amount: amount / 100)
picks = st.integers(min_value=0, max_value=10**6)


def sales_line(amount: float) -> dict[str, Any]:
    detail = {"ItemRef": {"value": "2"}}
    return {"DetailType": "SalesItemLineDetail", "Amount": amount, "SalesItemLineDetail": detail}


def money(value: Any) -> Decimal:
    return Decimal(str(value))


class BooksMachine(RuleBasedStateMachine):
    """One company.  Rules write; the invariants look at everything that can be read."""

    done: Counter[tuple[str, str]] = Counter()  # of all companies of a run

    @initialize()
    def open(self) -> None:
        self.app = create_app(":memory:", "empty")
        self.opened = to_the_second(self.app.clock.now() - timedelta(minutes=1))
        client = Client(self.app)
        tokens = connect(client)
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
        self.company = Company(client, tokens["realm_id"], headers)
        self.given: dict[str, set[tuple[str, str]]] = {"names": set(), "transactions": set()}
        self.gone: set[tuple[str, str]] = set()
        self.now: Snapshot = {entity: {} for entity in ALL}
        expense = "select * from Account where AccountType = 'Expense' maxresults 1"
        self.expense = self.company.rows(expense, "Account")[0]["Id"]
        for entity, name in zip(NAMES, ("First Customer", "First Vendor", "First Employee"), strict=True):
            self.write(("create", entity, {"DisplayName": name, "GivenName": name}))

    def teardown(self) -> None:
        if hasattr(self, "app"):
            self.every_change_is_told()
            self.app.database.close()

    # writing

    def write(self, *operations: Operation) -> None:
        """Send one operation alone, or several as a batch; what is refused changes nothing."""
        before = self.now
        answers = [self.single(*operations[0])] if len(operations) == 1 else self.batch(operations)
        self.now = self.read_all()
        outcomes = [self.outcome(operation, answer) for operation, answer in zip(operations, answers, strict=True)]
        if not any(outcomes):
            assert self.now == before
        if len(operations) == 1 and outcomes[0]:
            self.check_token(operations[0], answers[0], before)

    def single(self, operation: str, entity: str, body: dict[str, Any]) -> dict[str, Any]:
        params = {"operation": operation} if operation in ("delete", "void") else {}
        if (operation, entity) == ("void", "Payment"):
            params = {"operation": "update", "include": "void"}
        return self.company.post(entity, body, **params)

    def batch(self, operations: tuple[Operation, ...]) -> list[dict[str, Any]]:
        items = [
            {
                "bId": str(place),
                "operation": "update" if operation == "void" else operation,
                **({"optionsData": "void"} if operation == "void" else {}),
                entity: body,
            }
            for place, (operation, entity, body) in enumerate(operations)
        ]
        return self.company.batch(*items)

    def outcome(self, operation: Operation, answer: dict[str, Any]) -> bool:
        """Whether it was done; a refusal must be one that Intuit has for it."""
        what, entity, _ = operation
        if "Fault" in answer:
            assert code(answer) in REFUSALS, (operation, answer)
            return False
        self.done[what, entity] += 1
        if what == "delete":
            self.gone.add((entity, answer[entity]["Id"]))
        return True

    def check_token(self, operation: Operation, answer: dict[str, Any], before: Snapshot) -> None:
        what, entity, body = operation
        if what == "delete":
            assert body["Id"] not in self.now[entity]
            return
        id = answer[entity]["Id"]
        wanted = str(int(before[entity][id]["SyncToken"]) + 1) if what != "create" else "0"
        assert (answer[entity]["SyncToken"], self.now[entity][id]["SyncToken"]) == (wanted, wanted)
        assert answer[entity] == self.now[entity][id]

    def read_all(self) -> Snapshot:
        return {
            entity: {
                row["Id"]: row
                for row in self.company.rows(f"select * from {entity}{EVERYBODY[entity]} maxresults 1000", entity)
            }
            for entity in ALL
        }

    # the operations, each from a few random numbers

    def one_of(self, entity: str, pick: int) -> dict[str, Any] | None:
        rows = list(self.now[entity].values())
        return rows[pick % len(rows)] if rows else None

    def token_of(self, entity: str, pick: int) -> dict[str, Any] | None:
        row = self.one_of(entity, pick)
        return {"Id": row["Id"], "SyncToken": row["SyncToken"]} if row else None

    def create(self, entity: str, word: str, amount: float, pick: int) -> Operation | None:
        customer, employee = self.one_of("Customer", pick), self.one_of("Employee", pick // 3)
        party = {"CustomerRef": {"value": customer["Id"]}} if customer else {}
        if entity in NAMES:
            parent = (
                {"ParentRef": {"value": customer["Id"]}} if entity == "Customer" and customer and pick % 3 == 0 else {}
            )
            return "create", entity, {"DisplayName": f"{word} {pick % 4}", "GivenName": word, **parent}
        if entity == "Invoice":
            return "create", entity, {**party, "Line": [sales_line(amount)], **self.billing(customer, pick, amount)}
        if entity == "Payment":
            return "create", entity, {**party, "TotalAmt": amount, "Line": self.settled(customer, pick, amount)}
        if entity == "Bill":
            vendor = self.one_of("Vendor", pick)
            detail = {"AccountRef": {"value": self.expense}}
            line = {"DetailType": "AccountBasedExpenseLineDetail", "Amount": amount}
            lines = [{**line, "AccountBasedExpenseLineDetail": detail}]
            return "create", entity, {"VendorRef": {"value": vendor["Id"] if vendor else "0"}, "Line": lines}
        worked = {"Hours": 1 + pick % 8, "Minutes": 0, "HourlyRate": amount, "BillableStatus": "Billable"}
        person = {"NameOf": "Employee", "EmployeeRef": {"value": employee["Id"] if employee else "0"}}
        return "create", entity, {**party, **person, **worked}

    def billing(self, customer: dict[str, Any] | None, pick: int, amount: float) -> dict[str, Any]:
        """For every second invoice: the customer's open time, each on a line of its own."""
        mine = [
            row["Id"]
            for row in self.now["TimeActivity"].values()
            if customer and row["BillableStatus"] == "Billable" and row["CustomerRef"]["value"] == customer["Id"]
        ]
        if pick % 2 or not mine:
            return {}
        links = [{"TxnId": id, "TxnType": "TimeActivity"} for id in mine[:3]]
        return {"LinkedTxn": links, "Line": [{**sales_line(amount), "LinkedTxn": [link]} for link in links]}

    def settled(self, customer: dict[str, Any] | None, pick: int, amount: float) -> list[dict[str, Any]]:
        """A part of the payment for each of the customer's invoices, sometimes more than is open."""
        mine = [
            row for row in self.now["Invoice"].values() if customer and row["CustomerRef"]["value"] == customer["Id"]
        ]
        chosen = mine[pick % 3 :][: pick % 4]
        parts = int(amount * 100) // len(chosen) if chosen else 0
        return [
            {"Amount": parts / 100, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
            for row in chosen
            if parts
        ]

    def update(self, entity: str, word: str, amount: float, pick: int, sparse: bool) -> Operation | None:
        row = self.one_of(entity, pick)
        if row is None:
            return None
        if entity in NAMES:
            change: dict[str, Any] = {"DisplayName": f"{word} {pick % 5}"} if pick % 2 else {"GivenName": word}
        elif entity == "Payment":
            customer = self.now["Customer"].get(row["CustomerRef"]["value"])
            change = {"TotalAmt": amount, "Line": self.settled(customer, pick, amount)}
        elif entity == "TimeActivity":
            change = {"Description": word}
        else:
            lines = [line for line in row["Line"] if "Id" in line][: 1 + pick % 2]
            change = {"Line": [{**lines[0], "Amount": amount}, *lines[1:]]} if lines else {"PrivateNote": word}
        own = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": sparse}
        if entity == "Bill":
            own["VendorRef"] = row["VendorRef"]  # needed in a sparse update too (qbo-api.md §2.3)
        return "update", entity, {**own, **change} if sparse else {**row, **own, **change}

    def ending(self, entity: str, pick: int) -> Operation | None:
        """Delete, void or deactivate, whichever the kind knows."""
        body = self.token_of(entity, pick)
        if body is None:
            return None
        if entity in NAMES:
            return "update", entity, {**body, "sparse": True, "Active": pick % 3 == 0}
        if entity in ("Invoice", "Payment") and pick % 2:
            return "void", entity, {**body, "sparse": True}
        return "delete", entity, body

    def operation(self, kind: str, entity: str, word: str, amount: float, pick: int) -> Operation | None:
        if kind == "create":
            return self.create(entity, word, amount, pick)
        if kind == "end":
            return self.ending(entity, pick)
        return self.update(entity, word, amount, pick, sparse=kind == "sparse")

    choices = st.tuples(
        st.sampled_from(["create", "create", "create", "sparse", "full", "end"]),
        st.sampled_from([*ALL, "Invoice", "Payment"]),
        words,
        cents,
        picks,
    )

    @rule(chosen=choices)
    def write_one(self, chosen: tuple[str, str, str, float, int]) -> None:
        operation = self.operation(*chosen)
        if operation:
            self.write(operation)

    @rule(chosen=st.lists(choices, min_size=2, max_size=6))
    def write_a_batch(self, chosen: list[tuple[str, str, str, float, int]]) -> None:
        operations = [found for each in chosen if (found := self.operation(*each))]
        if len(operations) > 1:
            self.write(*operations)

    @precondition(lambda self: any(int(row["SyncToken"]) for entity in ALL for row in self.now[entity].values()))
    @rule(pick=picks)
    def write_what_is_stale(self, pick: int) -> None:
        moved = [(entity, row) for entity in ALL for row in self.now[entity].values() if int(row["SyncToken"])]
        entity, row = moved[pick % len(moved)]
        body = {**row, "SyncToken": str(int(row["SyncToken"]) - 1)}
        answer = self.company.post(entity, body)
        assert code(answer) in {"5010", "610"}  # 610: what it refers to is inactive
        assert self.read_all() == self.now

    # what holds after every step

    @invariant()
    def ids_are_given_once(self) -> None:
        for sequence, kinds in (("names", NAMES), ("transactions", TRANSACTIONS)):
            present = {(entity, id) for entity in kinds for id in self.now[entity]}
            assert len({id for _, id in present}) == len(present)
            known = self.given[sequence]
            assert not {id for _, id in present - known} & {id for _, id in known}
            known |= present
        assert not self.gone & {(entity, id) for entity in ALL for id in self.now[entity]}

    @invariant()
    def names_are_unique(self) -> None:
        names = [row["DisplayName"].strip().casefold() for entity in NAMES for row in self.now[entity].values()]
        assert len(set(names)) == len(names)

    @invariant()
    def links_stand_on_both_sides(self) -> None:
        invoices, payments = self.now["Invoice"], self.now["Payment"]
        from_payments = {(payment, invoice) for payment, row in payments.items() for invoice, _ in settled_by(row)}
        from_invoices = {(id, invoice) for invoice, row in invoices.items() for id in linked(row, "Payment")}
        assert from_payments == from_invoices

    @invariant()
    def time_is_billed_once_and_says_so(self) -> None:
        billed = [id for row in self.now["Invoice"].values() for id in linked(row, "TimeActivity")]
        says_so = {id for id, row in self.now["TimeActivity"].items() if row["BillableStatus"] == "HasBeenBilled"}
        assert len(set(billed)) == len(billed)
        assert set(billed) == says_so

    @invariant()
    def balances_are_the_sums_of_documents(self) -> None:
        paid: Counter[str] = Counter()
        for row in self.now["Payment"].values():
            assert money(row["UnappliedAmt"]) == money(row["TotalAmt"]) - sum(amount for _, amount in settled_by(row))
            for invoice, amount in settled_by(row):
                paid[invoice] += amount  # type: ignore[assignment]
        for id, row in self.now["Invoice"].items():
            assert money(row["Balance"]) == money(row["TotalAmt"]) - paid[id] >= 0
        for id, row in self.now["Customer"].items():
            assert money(row["Balance"]) == self.owed_by(id)
        for id, row in self.now["Vendor"].items():
            mine = [bill for bill in self.now["Bill"].values() if bill["VendorRef"]["value"] == id]
            assert money(row["Balance"]) == sum(money(bill["Balance"]) for bill in mine)

    def owed_by(self, customer: str) -> Decimal:
        invoices = [row for row in self.now["Invoice"].values() if row["CustomerRef"]["value"] == customer]
        payments = [row for row in self.now["Payment"].values() if row["CustomerRef"]["value"] == customer]
        owed = sum((money(row["Balance"]) for row in invoices), Decimal(0))
        return owed - sum(money(row["UnappliedAmt"]) for row in payments)

    @invariant()
    def debits_are_credits(self) -> None:
        """Of each document in the ledger, and of the balance sheet with what the year has earned."""
        one_sided = "SELECT entity, id FROM posting GROUP BY realm, entity, id HAVING sum(cents) <> 0"
        assert self.app.database.all(one_sided) == []
        for row in self.company.rows("select * from Account maxresults 1000", "Account"):
            if row["Classification"] in ("Asset", "Liability", "Equity"):
                found = self.app.database.one("SELECT sum(cents) FROM posting WHERE account = ?", int(row["Id"]))[0]
                side = 1 if row["Classification"] == "Asset" else -1
                assert abs(money(row["CurrentBalance"]) * 100) == abs(side * (found or 0)), row

    def every_change_is_told(self) -> None:
        """Change data capture names all that is there and all that is gone."""
        entities = [entity for entity in ALL if entity != "TimeActivity"]
        asked = {"entities": ",".join(entities), "changedSince": self.opened}
        told = self.company.ask("GET", "cdc", query_string=asked).get_json()["CDCResponse"][0]["QueryResponse"]
        rows = {(name, row["Id"]): row for block in told for name in entities for row in block.get(name, [])}
        gone = {key for key, row in rows.items() if row.get("status") == "Deleted"}
        assert gone == {key for key in self.gone if key[0] in entities}
        assert rows.keys() - gone == {(entity, id) for entity in entities for id in self.now[entity]}


def linked(row: dict[str, Any], kind: str) -> list[str]:
    return [link["TxnId"] for link in row.get("LinkedTxn", []) if link["TxnType"] == kind]


def settled_by(payment: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """(invoice, amount) of each line of a payment."""
    for line in payment.get("Line", []):
        for invoice in linked(line, "Invoice"):
            yield invoice, money(line["Amount"])


def test_random_writes_leave_the_books_in_order() -> None:
    BooksMachine.done.clear()
    how = settings(
        max_examples=max(1, STEPS // AT_ONCE),
        stateful_step_count=AT_ONCE,
        phases=[Phase.generate],  # making a failure smaller takes minutes; its steps are printed anyway
        derandomize="SIMULATOR_STEPS" not in os.environ,  # `make machine` walks somewhere else each time
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(BooksMachine, settings=how)
    done = {what for what, _ in BooksMachine.done}
    assert done >= {"create", "update", "delete"} | ({"void"} if STEPS >= 400 else set())
