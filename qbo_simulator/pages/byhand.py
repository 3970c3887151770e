"""The forms of what is done by hand: asked, confirmed, carried out by the engine, and told."""

from typing import Any

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from qbo_simulator import entities
from qbo_simulator.accounting.operations import performed
from qbo_simulator.engine.books import Books
from qbo_simulator.faults import Fault
from qbo_simulator.pages import reading
from qbo_simulator.pages.desk import Desk, MissingError
from qbo_simulator.pages.kinds.declared import Record
from qbo_simulator.pages.mistakes import COMPANY_MISTAKES, MISTAKES, NEW
from qbo_simulator.pages.mistakes.declared import Mistake, Operation
from qbo_simulator.pages.records import kind_at


class ByHand:
    """Each form answers GET with the question and POST with the deed."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def record(self, request: Request, realm: str, listing: str, id: str, mistake: str) -> Response:
        """Something done to one record."""
        kind = kind_at(listing)
        with self.desk.reading(realm) as books:
            record = reading.one(books, kind, id)
            asked = find(mistake, [each for each in MISTAKES if each.is_for(kind.entity)])
            if record is None or not asked.offered(books, record):
                raise MissingError
        here = f"/company/{realm}/{listing}/{record['Id']}"
        back = f"/company/{realm}/{listing}" if mistake == "delete" else here
        return self.form(request, realm, asked, {**record, "entity": kind.entity}, kind.title(record), here, back)

    def new(self, request: Request, realm: str, listing: str) -> Response:
        """A new name."""
        kind = kind_at(listing)
        if kind.entity not in NEW:
            raise MissingError
        here = f"/company/{realm}/{listing}"
        return self.form(request, realm, NEW[kind.entity], {"entity": kind.entity}, kind.many, here, here)

    def company(self, request: Request, realm: str, mistake: str) -> Response:
        """Something done to a whole company."""
        asked = find(mistake, COMPANY_MISTAKES)
        with self.desk.reading(realm) as books:
            if not asked.offered(books, {}):
                raise MissingError
        here = f"/company/{realm}"
        return self.form(request, realm, asked, {"entity": ""}, dict(self.desk.companies())[realm], here, here)

    def revoke(self, request: Request, realm: str) -> Response:
        """Take the app's access to a company away, as its owner can at QuickBooks (qbo-api.md §1.6)."""
        asked = Mistake(
            "revoke", "Revoke the app's access",
            "The app's tokens end at once: its next request is refused, and so is its next refresh.",
            lambda books, record, given: [], lambda record, answers: "", severe=True,
        )  # fmt: skip
        here = f"/company/{realm}"
        if request.method != "POST":
            with self.desk.reading(realm):
                pass
            return self.asking(request, realm, asked, {"entity": ""}, dict(self.desk.companies())[realm], here)
        with self.desk.database.transaction():
            rows = self.desk.database.all("SELECT id FROM consent WHERE realm = ? AND revoked IS NULL", realm)
            for (consent,) in rows:
                self.desk.tokens.end(consent)
        words = "The app's access was revoked." if rows else "No app had access."
        return self.told(realm, words, here)

    def form(
        self, request: Request, realm: str, asked: Mistake, record: Record, title: str, here: str, back: str
    ) -> Response:
        """The question, or the deed; what is wrong with what was filled in stands next to its field."""
        if request.method != "POST":
            return self.asking(request, realm, asked, record, title, here)
        given, wrong = filled_in(asked, record, request)
        if wrong:
            return self.asking(request, realm, asked, record, title, here, wrong=wrong, status=400)
        try:
            answers = self.carry_out(realm, asked, record, given)
        except Fault as fault:
            return self.asking(request, realm, asked, record, title, here, fault=fault, status=400)
        if asked.slug == "new":
            back = f"{here}/{answers[0]['Id']}"
        id = answers[0]["Id"] if asked.slug == "new" else record.get("Id", "")
        return self.told(realm, asked.done(record, answers), back, record["entity"], id)

    def carry_out(self, realm: str, asked: Mistake, record: Record, given: dict[str, Any]) -> list[Record]:
        """All operations, or none.  Raises Fault where the engine refuses."""
        with self.desk.database.transaction():
            books = self.desk.books(realm)
            answers = [one(books, operation) for operation in asked.operations(books, record, given)]
            books.settle()
        return answers

    def told(self, realm: str, sentence: str, back: str, entity: str = "", id: str = "") -> Response:
        note = self.desk.journal.write(self.desk.clock.seconds(), realm, sentence, entity, id)
        return redirect(f"{back}?said={note.number}", 303)

    def asking(
        self, request: Request, realm: str, asked: Mistake, record: Record, title: str, here: str,
        wrong: dict[str, str] | None = None, fault: Fault | None = None, status: int = 200,
    ) -> Response:  # fmt: skip
        values = {
            each.name: request.form.get(each.name, "") if request.method == "POST" else str(each.value(record))
            for each in asked.inputs
        }
        return self.desk.page(
            request, "byhand.html", realm, status, asked=asked, record=record, title=title, back=here, values=values,
            wrong=wrong or {}, fault=fault,
        )  # fmt: skip


def find(slug: str, among: Any) -> Mistake:
    """The one of that name.  Raises MissingError where there is none."""
    found = next((each for each in among if each.slug == slug), None)
    if found is None:
        raise MissingError
    return found


def filled_in(asked: Mistake, record: Record, request: Request) -> tuple[dict[str, Any], dict[str, str]]:
    """(what was filled in, what is wrong with it), by field."""
    given: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for each in asked.inputs:
        try:
            given[each.name] = each.read(request.form.get(each.name, ""), record)
        except ValueError as error:
            wrong[each.name] = str(error)
    return given, wrong


def one(books: Books, operation: Operation) -> Record:
    """One operation, done by the API's own engine."""
    entity = entities.REGISTRY[operation.entity]
    return performed(books, entity, operation.operation, dict(operation.body), frozenset())
