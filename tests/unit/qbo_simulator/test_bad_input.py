"""Whatever is sent, the answer is a fault or a plain page, never an error of the simulator's own."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from werkzeug.test import Client, TestResponse

from qbo_simulator import create_app, entities
from tests.simulator import connect
from tests.unit.qbo_simulator.company import REALM

quickly = settings(
    max_examples=50,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["1", "0", "-1", "9" * 30, "2026-02-31", "\x00", "\ud800", "a" * 5000, "'", "%", "1e400"])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(["value", "name", "Id", "Amount"]), inner, max_size=4)
    ),
    max_leaves=8,
)
segments = st.sampled_from(sorted(entities.BY_SEGMENT))
headers = st.dictionaries(
    st.sampled_from(["Accept", "Content-Type", "Authorization", "Host", "Accept-Encoding", "Content-Length", "Range"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
    | st.sampled_from(["application/json", "application/xml", "text/plain", "Bearer", "multipart/form-data"]),
    max_size=3,
)


@pytest.fixture(scope="module")
def asked() -> Iterator[Any]:
    """Asks the API with a good token; answers what is wrong with the answer."""
    app = create_app(":memory:")
    client = Client(app)
    token = connect(client)["access_token"]

    def ask(method: str, path: str, **more: Any) -> str:
        given = {"Authorization": f"Bearer {token}", "Accept": "application/json", **more.pop("headers", {})}
        return wrong_with(client.open(path, method=method, headers=given, **more))

    yield ask
    app.database.close()


def wrong_with(answer: TestResponse) -> str:
    """Why Intuit could not have answered so, "" where it could."""
    text = answer.get_data(as_text=True)
    if answer.status_code >= 500 or "Traceback" in text:
        return text
    try:
        if answer.mimetype == "application/json":
            json.loads(text)
        elif answer.mimetype.endswith("xml"):
            etree.fromstring(answer.get_data())
    except (ValueError, etree.XMLSyntaxError) as error:
        return f"{error}: {text}"
    return ""


def fields_of(segment: str) -> list[str]:
    return [*entities.BY_SEGMENT[segment].by_name, "Id", "SyncToken", "sparse", "Colour"]


def dumped(body: Any) -> bytes:
    return json.dumps(body).encode("utf-8", "surrogatepass")


@quickly
@given(data=st.data(), segment=segments)
def test_bodies_of_any_shape(asked: Any, data: st.DataObject, segment: str) -> None:
    body = data.draw(st.dictionaries(st.sampled_from(fields_of(segment)), values, max_size=6))
    params = data.draw(st.sampled_from(["", "?operation=delete", "?operation=void", "?include=void", "?requestid=1"]))
    assert asked("POST", f"/v3/company/{REALM}/{segment}{params}", data=dumped(body)) == ""


def fitting(kind: Any) -> st.SearchStrategy[Any]:
    """Values that look right for a kind of property at first sight: its own parts, filled with anything."""
    if hasattr(kind, "parts"):
        return st.fixed_dictionaries({}, optional={name: fitting(part) for name, part in kind.parts.items()})
    if hasattr(kind, "each"):
        return st.lists(fitting(kind.each), max_size=3)
    if hasattr(kind, "words"):
        return st.sampled_from(kind.words) | scalars
    if hasattr(kind, "fixed"):
        return st.fixed_dictionaries({"value": st.sampled_from(["1", "2", "54", "999"]) | scalars})
    return scalars | st.sampled_from(["2026-03-01", 10, 0.125, "10.50"])


@settings(quickly, max_examples=120)
@given(data=st.data(), segment=segments)
def test_bodies_that_look_right(asked: Any, data: st.DataObject, segment: str) -> None:
    fields = entities.BY_SEGMENT[segment].by_name.values()
    required = {each.name: fitting(each.kind) for each in fields if each.required}
    others = {each.name: fitting(each.kind) for each in fields if not each.required}
    others |= {"Id": st.sampled_from(["1", "2", "x"]), "SyncToken": st.sampled_from(["0", "1"])}
    body = data.draw(st.fixed_dictionaries(required, optional=others))
    assert asked("POST", f"/v3/company/{REALM}/{segment}", data=dumped(body)) == ""


@quickly
@given(
    raw=st.binary(max_size=60),
    path=st.sampled_from(["customer", "batch", "query", "invoice", "upload", "taxservice/taxcode"]),
)
def test_raw_bytes(asked: Any, raw: bytes, path: str) -> None:
    assert asked("POST", f"/v3/company/{REALM}/{path}", data=raw) == ""


@quickly
@given(items=st.lists(values | st.dictionaries(st.sampled_from(["bId", "operation", "Customer", "Query"]), values)))
def test_batches_of_any_shape(asked: Any, items: list[Any]) -> None:
    assert asked("POST", f"/v3/company/{REALM}/batch", data=dumped({"BatchItemRequest": items})) == ""


words = st.sampled_from(
    [
        "select",
        "*",
        "from",
        "Customer",
        "invoice",
        "where",
        "Id",
        "=",
        "'1'",
        "in",
        "(",
        ")",
        ",",
        "like",
        "'%'",
        "orderby",
        "MetaData.LastUpdatedTime",
        ">",
        "'2026'",
        "and",
        "startposition",
        "maxresults",
        "-1",
        "1",
        "99999999999999999999",
        "count(*)",
        "Line",
        "Active",
        "true",
        "'\\'",
        "Balance",
        "1.5",
        "'0001-01-01T00:00:00+23:59'",
        "'9999-12-31'",
    ]
)


@settings(quickly, max_examples=150)
@given(statement=st.lists(words, max_size=12).map(" ".join) | st.text(max_size=40), post=st.booleans())
def test_statements_of_any_kind(asked: Any, statement: str, post: bool) -> None:
    path = f"/v3/company/{REALM}/query"
    text = statement.encode("utf-8", "replace")
    more: dict[str, Any] = {"data": text} if post else {"query_string": {"query": text.decode()}}
    assert asked("POST" if post else "GET", path, **more) == ""


@settings(quickly, max_examples=100)
@given(
    value=st.sampled_from(["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-03-08T02:30:00"]) | scalars,
    name=st.sampled_from(["MetaData.CreateTime", "MetaData.LastUpdatedTime", "TxnDate", "Id", "Balance", "DocNumber"]),
    operator=st.sampled_from(["=", ">", "<=", "like", "in"]),
)
def test_values_of_any_kind(asked: Any, value: Any, name: str, operator: str) -> None:
    text = str(value).encode("utf-8", "replace").decode().replace("\\", "\\\\").replace("'", "\\'")
    given_value = f"('{text}')" if operator == "in" else f"'{text}'"
    statement = f"select * from Invoice where {name} {operator} {given_value}"
    assert asked("GET", f"/v3/company/{REALM}/query", query_string={"query": statement}) == ""


@settings(quickly, max_examples=150)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]),
    path=st.lists(
        st.text(max_size=10)
        | st.sampled_from(
            ["v3", "company", REALM, "customer", "invoice", "1", "pdf", "send", "cdc", "reports", "batch"]
        )
        | st.sampled_from(["query", "oauth2", "v1", "tokens", "bearer", "connect", "op", "jwks", "..", "download"]),
        max_size=6,
    ),
    params=st.dictionaries(
        st.sampled_from(["requestid", "operation", "include", "query", "minorversion", "entities", "changedSince"]),
        st.text(max_size=20) | st.sampled_from(["void", "delete", "Customer", "2026-01-01"]),
        max_size=3,
    ),
    more=headers,
)
def test_paths_parameters_and_headers(
    asked: Any, method: str, path: list[str], params: dict[str, str], more: dict[str, str]
) -> None:
    url = "/" + "/".join(quote(part.encode("utf-8", "replace")) for part in path)
    plain = {name: text.encode("utf-8", "replace").decode() for name, text in params.items()}
    assert asked(method, url, query_string=plain, headers=more) == ""


@pytest.mark.parametrize(
    "path", ["_simulator/behaviour", "_simulator/reset", "_simulator/tokens", "_simulator/companies"]
)
@settings(quickly, max_examples=25)
@given(body=st.dictionaries(st.sampled_from(["rules", "latency", "limits", "clock", "realm_id", "company"]), values))
def test_the_control_plane(asked: Any, path: str, body: Any) -> None:
    if path != "_simulator/reset" or body.get("company") not in ("sandbox", "empty", None):
        assert asked("PUT" if path.endswith("behaviour") else "POST", f"/{path}", data=dumped(body)) == ""
    assert asked("DELETE", "/_simulator/behaviour") == ""
