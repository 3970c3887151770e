"""The request log: what came in lately, by filters, and each request with what it carried."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from qbo_simulator.control.log import Detail
from qbo_simulator.pages import redaction
from qbo_simulator.pages.desk import Desk, MissingError

ROWS = 100
KINDS = {"write": "Writing", "read": "Reading", "oauth": "Sign-in and tokens", "page": "Other pages"}
OUTCOMES = {
    "ok": "Answered",
    "refused": "Refused (4xx)",
    "failed": "Failed (5xx)",
    "dropped": "Connection dropped",
    "waiting": "Not answered yet",
}


@dataclass(frozen=True)
class Filter:
    """What the log is filtered by; "" for everything."""

    kind: str = ""
    entity: str = ""
    outcome: str = ""
    injected: str = ""
    q: str = ""

    def meets(self, entry: dict[str, Any]) -> bool:
        return (
            (not self.kind or entry["kind"] == self.kind)
            and (not self.entity or self.entity in {each["entity"] for each in entry["operations"]})
            and (not self.outcome or outcome(entry) == self.outcome)
            and (not self.injected or bool(entry["injected"]))
            and (not self.q or self.q in entry["path"] or self.q in (entry["requestid"] or ""))
        )

    def query(self, **more: Any) -> str:
        """The query string that leads to this filter."""
        return "?" + urlencode({name: value for name, value in {**self.__dict__, **more}.items() if value})


def outcome(entry: dict[str, Any]) -> str:
    """How a request ended, as one of the words of OUTCOMES."""
    if entry["dropped"]:
        return "dropped"
    if entry["status"] is None:
        return "waiting"
    return "failed" if entry["status"] >= 500 else "refused" if entry["status"] >= 400 else "ok"


class Requests:
    """The pages below /requests."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def listing(self, request: Request) -> Response:
        """The newest requests that meet the filter; `before` a number, for older ones."""
        asked = Filter(**{name: request.args.get(name, "").strip() for name in Filter.__dataclass_fields__})
        newest = self.desk.log.newest()
        before = request.args.get("before", 0, type=int)
        found = [each for each in newest if asked.meets(each) and (not before or each["number"] < before)]
        names = {each["entity"] for entry in newest for each in entry["operations"]}
        return self.desk.page(
            request, "requests.html", entries=found[:ROWS], more=len(found) > ROWS, asked=asked, before=before,
            kinds=KINDS, outcomes=OUTCOMES, entities=sorted(names - {""}), total=len(found),
        )  # fmt: skip

    def one(self, request: Request, number: int) -> Response:
        """One request with its bodies, tokens and secrets taken out, and what became of each of its operations."""
        entry = next((each for each in self.desk.log.newest() if each["number"] == number), None)
        if entry is None:
            raise MissingError
        detail = self.desk.log.details.get(number)
        return self.desk.page(
            request, "request.html", entry=entry, query=redaction.query_without_secrets(entry["query"]), detail=detail,
            sent=redaction.shown(detail.request) if detail and detail.request else "",
            answer=redaction.shown(detail.answer) if detail and detail.answer else "",
            results=results(entry, detail), outcome=OUTCOMES[outcome(entry)],
        )  # fmt: skip


def results(entry: dict[str, Any], detail: Detail | None) -> list[dict[str, Any]]:
    """Each operation with what it gave: an id, rows, or a fault."""
    answers = redaction.parsed(detail.answer) if detail else None
    items = answers.get("BatchItemResponse") if isinstance(answers, dict) else None
    given = items if isinstance(items, list) and entry["path"].lower().endswith("/batch") else [answers]
    return [
        {**operation, "place": place + 1, **result(operation["entity"], given[place] if place < len(given) else None)}
        for place, operation in enumerate(entry["operations"])
    ]


def result(entity: str, answer: Any) -> dict[str, Any]:
    """What one operation gave: {"id"} or {"fault", "detail"} or {"rows"}; {} where nothing is known."""
    if not isinstance(answer, dict):
        return {}
    fault = answer.get("Fault") or answer.get("fault")
    if fault:
        error = (fault.get("Error") or fault.get("error"))[0]
        return {
            "fault": error["code"],
            "detail": error.get("Detail") or error.get("detail") or error.get("message", ""),
        }
    if "QueryResponse" in answer:
        rows = next((len(each) for each in answer["QueryResponse"].values() if isinstance(each, list)), None)
        return {"rows": rows if rows is not None else answer["QueryResponse"].get("totalCount", 0)}
    record = answer.get(entity)
    return {"id": record["Id"]} if isinstance(record, dict) and "Id" in record else {}
