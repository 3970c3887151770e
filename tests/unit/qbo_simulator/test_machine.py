"""Random creates, updates, deletes, voids, payments and batches: the books stay balanced, ids and tokens right.

`SIMULATOR_STEPS=2000` walks that many steps, on other ways each time, instead of a few that are always the same.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from werkzeug.test import Client

from qbo_simulator import create_app
from tests.simulator import connect
from tests.unit.qbo_simulator.company import Company
from tests.unit.qbo_simulator.test_documents import expense, sale

STEPS, EACH = int(os.environ.get("SIMULATOR_STEPS", "0")), 40
AMOUNTS = st.decimals("0.01", "999.99", places=2).map(float)
CUSTOMERS = st.sampled_from(["1", "2", "7", "8"])
VENDORS = st.sampled_from(["30", "33"])
LISTS = ("Account", "Customer", "Vendor", "Item")


def cents(value: Any) -> int:
    return int(Decimal(str(value)) * 100)


class Bookkeeping(RuleBasedStateMachine):
    """A company, whatever happens to it.  tokens: the SyncToken each document must have at least."""

    documents = Bundle("documents")

    def __init__(self) -> None:
        super().__init__()
        self.app = create_app(":memory:")
        client = Client(self.app)
        given = connect(client)
        headers = {"Authorization": f"Bearer {given['access_token']}", "Accept": "application/json"}
        self.company = Company(client, given["realm_id"], headers)
        self.highest = 144
        self.tokens: dict[tuple[str, str], int] = {}

    def teardown(self) -> None:
        self.the_books_hold()
        self.app.database.close()

    # what is done

    def keep(self, entity: str, answer: dict[str, Any]) -> Any:
        """Note what a create or update answered; a refusal is allowed, and changes nothing."""
        if "Fault" in answer:
            assert answer["Fault"]["type"] == "ValidationFault"
            return multiple()
        record = answer[entity]
        key = (entity, record["Id"])
        if key not in self.tokens:
            assert int(record["Id"]) > self.highest
            self.highest = int(record["Id"])
        assert int(record["SyncToken"]) >= self.tokens.get(key, 0)
        self.tokens[key] = int(record["SyncToken"])
        return key

    @rule(target=documents, kind=st.sampled_from(["Invoice", "CreditMemo", "SalesReceipt"]), who=CUSTOMERS,
          amounts=st.lists(AMOUNTS, min_size=1, max_size=3), item=st.sampled_from(["2", "11"]))  # fmt: skip
    def sell(self, kind: str, who: str, amounts: list[float], item: str) -> Any:
        lines = [sale(amount, ItemRef={"value": item}, Qty=1, UnitPrice=amount) for amount in amounts]
        return self.keep(kind, self.company.post(kind, {"CustomerRef": {"value": who}, "Line": lines}))

    @rule(target=documents, kind=st.sampled_from(["Bill", "VendorCredit"]), who=VENDORS, amount=AMOUNTS)
    def buy(self, kind: str, who: str, amount: float) -> Any:
        return self.keep(kind, self.company.post(kind, {"VendorRef": {"value": who}, "Line": [expense(amount)]}))

    @rule(target=documents, amount=AMOUNTS, billable=st.booleans())
    def spend(self, amount: float, billable: bool) -> Any:
        more = {"BillableStatus": "Billable", "CustomerRef": {"value": "1"}} if billable else {}
        body = {"PaymentType": "Cash", "AccountRef": {"value": "35"}, "Line": [expense(amount, **more)]}
        return self.keep("Purchase", self.company.post("Purchase", body))

    @rule(target=documents, document=documents, part=st.sampled_from([1, 2]), extra=st.sampled_from([0, 5]))
    def pay(self, document: tuple[str, str], part: int, extra: int) -> Any:
        """Settle a document, or a half of it; what is not there to be paid is refused."""
        entity, id = document
        if entity not in ("Invoice", "Bill") or not (record := self.look(entity, id)):
            return multiple()
        amount = cents(record["Balance"]) // part / 100
        line = {"Amount": amount, "LinkedTxn": [{"TxnId": id, "TxnType": entity}]}
        body = {"TotalAmt": amount + extra, "Line": [line]}
        if entity == "Invoice":
            return self.keep("Payment", self.company.post("Payment", {**body, "CustomerRef": record["CustomerRef"]}))
        check = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}
        vendor = {"VendorRef": record["VendorRef"]}
        return self.keep("BillPayment", self.company.post("BillPayment", {**body, **check, **vendor}))

    @rule(document=documents, amount=AMOUNTS)
    def change(self, document: tuple[str, str], amount: float) -> None:
        entity, id = document
        record = self.look(entity, id)
        if record and entity in ("Invoice", "CreditMemo", "SalesReceipt", "Bill", "Purchase"):
            line = expense(amount) if entity in ("Bill", "Purchase") else sale(amount)
            self.keep(entity, self.company.post(entity, {**record, "Line": [line]}))

    @rule(document=consumes(documents), way=st.sampled_from(["delete", "void"]))
    def take_back(self, document: tuple[str, str], way: str) -> None:
        entity, id = document
        record = self.look(entity, id)
        if record:
            head = {"Id": id, "SyncToken": record["SyncToken"]}
            self.company.post(entity, head, operation=way)

    @rule(target=documents, amounts=st.lists(AMOUNTS, min_size=2, max_size=4), wrong=st.booleans())
    def batch(self, amounts: list[float], wrong: bool) -> Any:
        bodies = [{"CustomerRef": {"value": "1"}, "Line": [sale(amount)]} for amount in amounts]
        if wrong:
            bodies[0]["CustomerRef"] = {"value": "999"}
        items = [{"bId": str(place), "operation": "create", "Invoice": body} for place, body in enumerate(bodies)]
        answers = self.company.batch(*items)
        assert ["Fault" in answer for answer in answers] == [wrong] + [False] * (len(bodies) - 1)
        return multiple(*(self.keep("Invoice", answer) for answer in answers if "Invoice" in answer))

    @rule(document=documents)
    def write_with_an_old_token(self, document: tuple[str, str]) -> None:
        entity, id = document
        record = self.look(entity, id)
        if record and int(record["SyncToken"]):
            body = {**record, "SyncToken": str(int(record["SyncToken"]) - 1)}
            assert "Fault" in self.company.post(entity, body)

    def look(self, entity: str, id: str) -> dict[str, Any] | None:
        with suppress(KeyError):
            return self.company.read(entity, id)
        return None

    # what must hold

    @invariant()
    def debits_are_credits(self) -> None:
        uneven = self.app.database.all(
            "SELECT entity, id FROM posting GROUP BY realm, entity, id HAVING sum(cents) <> 0"
        )
        assert uneven == []

    def the_books_hold(self) -> None:
        """Every balance that is shown is what is posted, and every open amount what is not settled."""
        posted: Counter[tuple[str, str]] = Counter()
        for account, entity, party, amount in self.app.database.all(
            "SELECT account, party_entity, party, cents FROM posting"
        ):
            posted["Account", str(account)] += amount
            posted[entity, str(party)] += -amount if entity == "Vendor" else amount
        for entity, name in (("Account", "CurrentBalance"), ("Customer", "Balance"), ("Vendor", "Balance")):
            for record in self.everything(entity):
                carried = record.get("Classification") not in ("Revenue", "Expense")
                wanted = posted[entity, record["Id"]] if carried else 0
                assert cents(record[name]) == wanted, (entity, record["Id"])
        self.open_amounts_are_what_is_not_settled()

    def open_amounts_are_what_is_not_settled(self) -> None:
        settled: Counter[tuple[str, str]] = Counter()
        for kind in ("Payment", "BillPayment"):
            for payment in self.everything(kind):
                for line in payment["Line"]:
                    for link in line["LinkedTxn"]:
                        settled[link["TxnType"], link["TxnId"]] += cents(line["Amount"])
        for kind in ("Invoice", "Bill", "CreditMemo", "VendorCredit"):
            for record in self.everything(kind):
                wanted = cents(record["TotalAmt"]) - settled[kind, record["Id"]]
                assert cents(record["Balance"]) == wanted, (kind, record["Id"])

    def everything(self, entity: str) -> Iterator[dict[str, Any]]:
        where = " where Active in (true, false)" if entity in LISTS else ""
        yield from self.company.rows(f"select * from {entity}{where} maxresults 1000", entity)


TestBookkeeping = Bookkeeping.TestCase
TestBookkeeping.settings = settings(
    max_examples=STEPS // 30 + 1 if STEPS else 4,  # a way is about 36 steps long
    stateful_step_count=EACH,
    deadline=None,
    derandomize=not STEPS,
    database=None,
    phases=(Phase.generate,) if STEPS else (Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)
