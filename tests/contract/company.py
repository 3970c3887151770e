"""A company's books as the contract asks about them: requests, short words for answers, and records to begin with."""

import itertools
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from tests.contract.wire import Answer, Wire

Record = dict[str, Any]
SALE, EXPENSE = "SalesItemLineDetail", "AccountBasedExpenseLineDetail"


class Company:
    """One company, whose books may be in use elsewhere: tests make what they need under names of their own.

    wire: where it is.  realm: its id.  token: an access token.
    """

    def __init__(self, wire: Wire, realm: str, token: str) -> None:
        self.wire = wire
        self.realm = realm
        self.token = token
        self.mark = secrets.token_hex(3)
        self.numbers = itertools.count(1)
        self.found: dict[str, Record] = {}

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
        **params: str,
    ) -> Answer:
        """One request below /v3/company/{realm}/.

        body: bytes and text as they are, anything else as JSON.  headers: besides the usual ones; None takes one away.
        """
        usual = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if body is not None:
            usual["Content-Type"] = "application/json"
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        return self.wire.send(method, f"/v3/company/{self.realm}/{path}", params, sent, encoded(body))

    def post(self, entity: str, body: Any, **params: str) -> Record:
        """The answer to a POST, without its time."""
        return untimed(self.ask("POST", entity.lower(), body, **params).json)

    def made(self, entity: str, /, **body: Any) -> Record:
        """The record that a create or update answers."""
        answer = self.post(entity, body)
        assert entity in answer, answer
        return answer[entity]

    def changed(self, entity: str, record: Record, **body: Any) -> Record:
        """The record after a sparse update."""
        return self.made(entity, Id=record["Id"], SyncToken=record["SyncToken"], sparse=True, **body)

    def refused(self, entity: str, /, **body: Any) -> Record:
        """The one error of a refused POST."""
        return error(self.post(entity, body))

    def read(self, entity: str, id: str) -> Record:
        answer = self.ask("GET", f"{entity.lower()}/{id}").json
        assert entity in answer, answer
        return answer[entity]

    def query(self, statement: str) -> Record:
        """The QueryResponse."""
        answer = self.ask("GET", "query", query=statement).json
        assert "QueryResponse" in answer, answer
        return answer["QueryResponse"]

    def misquery(self, statement: str) -> Record:
        """The one error of a refused query."""
        return error(self.ask("GET", "query", query=statement).json)

    def rows(self, entity: str, where: str = "") -> list[Record]:
        """Records by a condition."""
        clause = f" where {where}" if where else ""
        return self.query(f"select * from {entity}{clause}").get(entity, [])

    def batch(self, *items: Record, **params: str) -> list[Record]:
        return self.post("batch", {"BatchItemRequest": list(items)}, **params)["BatchItemResponse"]

    def delete(self, entity: str, record: Record) -> Record:
        return self.post(entity, stub(record), operation="delete")

    # records to begin with

    def name(self, what: str = "Contract") -> str:
        """A name that nobody has."""
        return f"{what} {self.mark}-{next(self.numbers)}"

    def number(self) -> str:
        """A document number that nobody has."""
        return f"C{self.mark}{next(self.numbers)}"

    def some(self, entity: str, where: str = "") -> Record:
        """Any one record of a kind, looked for once."""
        key = f"{entity} {where}"
        if key not in self.found:
            rows = self.rows(entity, where)
            assert rows, f"The company has no {entity} {where}."
            self.found[key] = rows[0]
        return self.found[key]

    def account(self, type: str) -> Record:
        """A reference to any account of a type."""
        return ref(self.some("Account", f"AccountType = '{type}'"))

    def customer(self, **more: Any) -> Record:
        return self.made("Customer", **{"DisplayName": self.name(), **more})

    def vendor(self, **more: Any) -> Record:
        return self.made("Vendor", **{"DisplayName": self.name(), **more})

    def employee(self, **more: Any) -> Record:
        return self.made("Employee", **{"GivenName": "Contract", "FamilyName": self.name("E"), **more})

    def service(self, **more: Any) -> Record:
        body = {"Name": self.name(), "Type": "Service", "IncomeAccountRef": self.account("Income"), **more}
        return self.made("Item", **body)

    def invoice(self, *lines: Record, **more: Any) -> Record:
        """An invoice of 100, or of the lines given."""
        customer = more.pop("CustomerRef", None) or ref(self.customer())
        return self.made("Invoice", CustomerRef=customer, Line=list(lines) or [sale(100)], **more)

    def expense(self, amount: Any = 100, **detail: Any) -> Record:
        """A line of a purchase."""
        about = {"AccountRef": self.account("Expense"), **detail}
        return {"Amount": amount, "DetailType": EXPENSE, EXPENSE: about}

    def purchase_body(self, **more: Any) -> Record:
        body = {"PaymentType": "Cash", "AccountRef": self.account("Bank"), "Line": [self.expense()]}
        return {**body, **more}

    def purchase(self, **more: Any) -> Record:
        return self.made("Purchase", **self.purchase_body(**more))

    def time_body(self, **more: Any) -> Record:
        """Two hours of an employee, not billable."""
        who = {} if {"EmployeeRef", "VendorRef"} & set(more) else {"EmployeeRef": ref(self.worker)}
        return {"NameOf": "Employee", "Hours": 2, "Minutes": 0, **who, **more}

    @property
    def worker(self) -> Record:
        if "worker" not in self.found:
            self.found["worker"] = self.employee()
        return self.found["worker"]

    def time(self, **more: Any) -> Record:
        return self.made("TimeActivity", **self.time_body(**more))

    def billable(self, customer: Record, **more: Any) -> Record:
        """Two billable hours for a customer, at 50."""
        return self.time(CustomerRef=ref(customer), BillableStatus="Billable", HourlyRate=50, **more)

    def payment(self, invoice: Record, amount: Any, total: Any = None, **more: Any) -> Record:
        """A payment that settles an invoice by an amount."""
        return self.made("Payment", **payment_body(invoice, amount, total, **more))


def payment_body(invoice: Record, amount: Any, total: Any = None, **more: Any) -> Record:
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]}
    total = amount if total is None else total
    return {"CustomerRef": ref_of(invoice["CustomerRef"]), "TotalAmt": total, "Line": [line], **more}


def encoded(body: Any) -> bytes | None:
    if body is None or isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def untimed(answer: Record) -> Record:
    return {name: value for name, value in answer.items() if name != "time"}


def ref(record: Record) -> Record:
    """A reference to a record."""
    return {"value": record["Id"]}


def ref_of(reference: Record) -> Record:
    return {"value": reference["value"]}


def stub(record: Record) -> Record:
    """What deletes and voids are told by."""
    return {"Id": record["Id"], "SyncToken": record["SyncToken"]}


def sale(amount: Any, **detail: Any) -> Record:
    """A sales line."""
    return {"Amount": amount, "DetailType": SALE, SALE: detail}


def billing(activity: Record, amount: Any = 100) -> Record:
    """A sales line that bills a time activity."""
    link = {"TxnId": activity["Id"], "TxnType": "TimeActivity", "TxnLineId": "1"}
    return {**sale(amount), "LinkedTxn": [link]}


def link(activity: Record) -> Record:
    """The link of a document's header to a time activity."""
    return {"TxnId": activity["Id"], "TxnType": "TimeActivity"}


def error(answer: Record) -> Record:
    """The one error of an answer that is a Fault."""
    assert "Fault" in answer, answer
    (only,) = answer["Fault"]["Error"]
    return only


def pick(record: Record, *names: str) -> Record:
    return {name: record.get(name) for name in names}


Maker = Callable[[Company], Record]
