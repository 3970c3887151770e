"""What can be done with one document besides reading it: its PDF, and sending it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response

from qbo_simulator import faults
from qbo_simulator.clock import to_the_second
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.kinds import Reading
from qbo_simulator.engine.schema import Entity
from qbo_simulator.engine.write import rendered
from qbo_simulator.entities.shapes import EMAIL
from qbo_simulator.exchange import Exchange
from qbo_simulator.faults import Fault


@dataclass(frozen=True)
class Paper:
    """How a kind of document goes out.

    title: what stands on it.  email: the property with the address, "" for none.
    """

    title: str
    email: str = "BillEmail"


PAPERS: Mapping[str, Paper] = {
    "Invoice": Paper("Invoice"),
    "Estimate": Paper("Estimate"),
    "SalesReceipt": Paper("Sales Receipt"),
    "CreditMemo": Paper("Credit Memo"),
    "RefundReceipt": Paper("Refund Receipt"),
    "PurchaseOrder": Paper("Purchase Order", email="POEmail"),
    "Payment": Paper("Payment Receipt", email=""),
}


def pdf(books: Books, entity: Entity, exchange: Exchange) -> Response:
    """`GET /invoice/{id}/pdf`.  Raises 500 for what is not printed, 610 for an unknown id."""
    from qbo_simulator.paper.pdf import drawn  # the library takes a moment to load: the first PDF waits, not the start

    paper = printed(entity, exchange, "GET", "pdf")
    document = rendered(books, entity, found(books, entity, exchange))
    content = drawn(paper.title, books.peek("CompanyInfo", 1), document)
    return Response(content, content_type="application/pdf")


def send(books: Books, entity: Entity, exchange: Exchange) -> dict[str, Any]:
    """`POST /invoice/{id}/send?sendTo=…`: the document notes that it was sent, when and to whom.

    Without `sendTo` it goes to its own address.  The SyncToken stays.  Raises 500, 610, 2210 for what is no address,
    6420 where there is none.
    """
    paper = printed(entity, exchange, "POST", "send")
    document = found(books, entity, exchange)
    address = exchange.request.args.get("sendTo") or own_address(books, paper, document)
    if not address:
        words = "An email address is required to send the transaction."
        raise Fault("6420", "Email Address Required", f"Email Address Required : {words}", paper.email)
    reading = Reading()
    recipient = EMAIL.read({"Address": address}, paper.email, reading)
    reading.settle()
    sent = {"DeliveryType": "Email", "DeliveryTime": to_the_second(books.clock.now())}

    def note(record: Record) -> None:
        record.update({"EmailStatus": "EmailSent", "DeliveryInfo": sent})
        if paper.email:
            record[paper.email] = recipient

    books.touch(entity.name, document["Id"], note, token=False)
    books.tell(entity.name, document["Id"], "Emailed")
    return {entity.name: rendered(books, entity, books.get(entity.name, document["Id"]) or document)}


def printed(entity: Entity, exchange: Exchange, method: str, action: str) -> Paper:
    paper = PAPERS.get(entity.name)
    if paper is None or exchange.request.method != method:
        raise faults.unsupported_operation(action)
    return paper


def found(books: Books, entity: Entity, exchange: Exchange) -> Record:
    document = books.get(entity.name, exchange.parts["id"] or "")
    if document is None:
        raise faults.not_found()
    return document


def own_address(books: Books, paper: Paper, document: Record) -> str | None:
    """The document's address, or its customer's where documents of the kind carry none."""
    if paper.email:
        return document.get(paper.email, {}).get("Address")
    customer = books.peek("Customer", document["CustomerRef"]["value"])
    return customer.get("PrimaryEmailAddr", {}).get("Address")
