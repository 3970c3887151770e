"""A company's API as a client with a good token sees it, and short words for what it answers."""

from dataclasses import dataclass
from typing import Any

from werkzeug.test import Client, TestResponse

REALM = "4620816365291273960"


@dataclass
class Company:
    """One company's API as a client with a good token sees it."""

    client: Client
    realm: str
    headers: dict[str, str]

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.client.open(f"/v3/company/{self.realm}/{path}", method=method, headers=headers, **more)

    def post(self, entity: str, body: Any, **params: str) -> dict[str, Any]:
        """The answer to a POST, without `time`."""
        return plain(self.ask("POST", entity.lower(), json=body, query_string=params))

    def made(self, entity: str, **body: Any) -> dict[str, Any]:
        """The record that a create answers."""
        return self.post(entity, body)[entity]

    def read(self, entity: str, id: str) -> dict[str, Any]:
        return plain(self.ask("GET", f"{entity.lower()}/{id}"))[entity]

    def query(self, statement: str) -> dict[str, Any]:
        """The QueryResponse, or the whole answer where it is a Fault."""
        answer = plain(self.ask("GET", "query", query_string={"query": statement}))
        return answer.get("QueryResponse", answer)

    def rows(self, statement: str, entity: str) -> list[dict[str, Any]]:
        return self.query(statement).get(entity, [])

    def batch(self, *items: dict[str, Any], **params: str) -> list[dict[str, Any]]:
        return self.post("batch", {"BatchItemRequest": list(items)}, **params)["BatchItemResponse"]

    def behave(self, **controls: Any) -> dict[str, Any]:
        return self.client.put("/_simulator/behaviour", json=controls).get_json()

    def log(self) -> list[dict[str, Any]]:
        return self.client.get("/_simulator/requests").get_json()["requests"]


def plain(response: TestResponse) -> dict[str, Any]:
    answer = response.get_json()
    assert set(answer) >= {"time"} or "fault" in answer
    return {name: value for name, value in answer.items() if name != "time"}


def fault(code: str, message: str, detail: str | None, element: str | None = "", kind: str = "ValidationFault") -> Any:
    """A whole answer that is a Fault."""
    error = {"Message": message, "Detail": detail, "code": code, "element": element}
    return {"Fault": {"Error": [{name: part for name, part in error.items() if part is not None}], "type": kind}}


def code(answer: dict[str, Any]) -> str:
    """The code of an answer's Fault."""
    return answer["Fault"]["Error"][0]["code"]


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}
