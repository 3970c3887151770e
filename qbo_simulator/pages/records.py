"""The lists of records and each record's own page."""

import json
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from qbo_simulator import entities
from qbo_simulator.engine.books import Books
from qbo_simulator.pages import history, reading
from qbo_simulator.pages.desk import Desk, MissingError
from qbo_simulator.pages.kinds import BY_SLUG, KINDS, lines, words
from qbo_simulator.pages.kinds.declared import Kind, Record
from qbo_simulator.pages.kinds.states import billing
from qbo_simulator.pages.mistakes import MISTAKES, NEW
from qbo_simulator.pages.redaction import without_secrets


class Records:
    """The pages below /company/<realm>/<listing>."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def listing(self, request: Request, realm: str, listing: str) -> Response:
        """One page of a list, filtered by a text, inactive records by choice."""
        kind = kind_at(listing)
        search, inactive = request.args.get("q", ""), request.args.get("inactive") == "1"
        with self.desk.reading(realm) as books:
            page = reading.listed(books, kind, search, inactive=inactive, number=request.args.get("page", 1, type=int))
        return self.desk.page(
            request, "listing.html", realm, kind=kind, page=page, search=search, inactive=inactive,
            is_list=entities.REGISTRY[kind.entity].is_list, new=NEW.get(kind.entity), to_page=to_page(search, inactive),
        )  # fmt: skip

    def record(self, request: Request, realm: str, listing: str, id: str) -> Response:
        """One record: a document as it is printed, anything else as its facts; links, history and JSON below."""
        kind = kind_at(listing)
        with self.desk.reading(realm) as books:
            record = reading.one(books, kind, id)
            if record is None:
                raise MissingError
            values = self.around(books, kind, record)
        return self.desk.page(
            request, "document.html" if kind.sheet else "record.html", realm, kind=kind, record=record,
            raw=json.dumps(without_secrets(record), indent=2, ensure_ascii=False),
            history=history.of(self.desk.log, realm, kind.entity, record["Id"]),
            notes=self.desk.journal.about(realm, kind.entity, record["Id"]), **values,
        )  # fmt: skip

    def around(self, books: Books, kind: Kind, record: Record) -> dict[str, Any]:
        """What stands around a record."""
        flat = [described(line, books.realm) for line in lines.flat(record)]
        is_list = entities.REGISTRY[kind.entity].is_list
        return {
            "letterhead": books.peek("CompanyInfo", 1),
            "lines": flat,
            "line_columns": lines.table(flat),
            "links": reading.using(books, kind.entity, record["Id"])
            if is_list
            else reading.linked(books, kind.entity, record),
            "register": reading.register(books, record["Id"]) if kind.register else None,
            "journal": reading.journal(books, kind.entity, record["Id"]) if kind.sheet else [],
            "mistakes": [each for each in MISTAKES if each.is_for(kind.entity) and each.offered(books, record)],
        }


def described(line: Record, realm: str) -> Record:
    """A line with what it pays or bills as (path, words) to show, and its billing as a state."""
    links = [(path_of(link, realm), f"{words(link['TxnType'])} {link['TxnId']}") for link in line.get("LinkedTxn", [])]
    billed = {"billing": billing(line)} if "BillableStatus" in line else {}
    return {**line, "links": links, **billed}


def path_of(link: Record, realm: str) -> str:
    """Where the linked record's page is, "" where it has none."""
    kind = KINDS.get(reading.entity_of(link))
    return f"/company/{realm}/{kind.slug}/{link['TxnId']}" if kind else ""


def kind_at(slug: str) -> Kind:
    """The kind of a listing.  Raises MissingError where there is none of that name."""
    kind = BY_SLUG.get(slug)
    if kind is None:
        raise MissingError
    return kind


def to_page(search: str, inactive: bool) -> Any:
    """A function from a page's number to the query that leads to it."""
    kept = {"q": search} if search else {}
    kept |= {"inactive": "1"} if inactive else {}
    return lambda number: "?" + urlencode({**kept, "page": number})
