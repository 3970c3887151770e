"""A company's methods: paths, pages and what an answer becomes."""

import json
import threading
from collections.abc import Sequence
from itertools import islice

import pytest
import requests
import responses
from responses import matchers

from qbo_sync.api.company import CompanyClient, Rows
from qbo_sync.api.environment import Environment
from qbo_sync.api.errors import AnswerLost, ListChanged, Outcome, Refused
from qbo_sync.api.sessions import Timeouts
from tests.unit.qbo_sync.api.fakes import COMPANY, REALM, TID, RecordingThrottle, Tokens

NOT_FOUND = json.dumps(
    {"Fault": {"Error": [{"Message": "Object Not Found", "code": "610"}], "type": "ValidationFault"}}
)


class Books:
    """Answers a list's queries from `readings`: one set of ids per request, the last one for good."""

    def __init__(self, wire: responses.RequestsMock, *readings: Sequence[int]) -> None:
        self.readings = list(readings)
        self.statements: list[str] = []
        wire.add_callback("POST", f"{COMPANY}/query", self._answer)

    def _answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        assert isinstance(request.body, bytes)
        statement = request.body.decode()
        self.statements.append(statement)
        ids = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        if "COUNT(*)" in statement:
            return 200, {}, json.dumps({"QueryResponse": {"totalCount": len(ids)}})
        words = statement.split()
        start, limit = int(words[words.index("STARTPOSITION") + 1]), int(words[words.index("MAXRESULTS") + 1])
        rows = [{"Id": str(each)} for each in ids[start - 1 : start - 1 + limit]]
        return 200, {}, json.dumps({"QueryResponse": {"Customer": rows, "maxResults": len(rows)} if rows else {}})


def read_all(client: CompanyClient, page_size: int, expecting: int = 0) -> list[list[int]]:
    pages = client.pages("Customer", page_size=page_size, expecting=(lambda: expecting) if expecting else None)
    return [[int(row["Id"]) for row in page] for page in pages]


def test_query_gives_rows(client: CompanyClient, wire: responses.RequestsMock) -> None:
    body = '{"QueryResponse":{"Term":[{"Id":"3"}],"startPosition":1,"maxResults":1,"totalCount":1},"time":"x"}'
    wire.post(f"{COMPANY}/query", body=body, headers={"intuit_tid": TID})

    assert client.query("SELECT * FROM Term") == Rows(rows=[{"Id": "3"}], total=1, transaction_id=TID)


def test_count(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(
        f"{COMPANY}/query",
        body='{"QueryResponse":{"totalCount":50}}',
        match=[matchers.query_param_matcher({"minorversion": "75"})],
    )

    assert client.count("Customer", "Active = true") == 50
    assert wire.calls[0].request.body == b"SELECT COUNT(*) FROM Customer WHERE Active = true"


def test_a_count_that_is_not_said_is_no_count(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/query", body='{"QueryResponse":{}}')

    with pytest.raises(AnswerLost, match="no count"):
        client.count("Customer")


def test_pages_with_inactive_ones(client: CompanyClient, wire: responses.RequestsMock) -> None:
    books = Books(wire, range(1, 7))

    pages = list(client.pages("Customer", "Job = false", include_inactive=True, page_size=3))

    assert pages == [[{"Id": "1"}, {"Id": "2"}, {"Id": "3"}], [{"Id": "4"}, {"Id": "5"}], [{"Id": "6"}]]
    where = "FROM Customer WHERE Job = false AND Active IN (true, false)"
    assert books.statements == [
        f"SELECT * {where} ORDERBY Id STARTPOSITION 1 MAXRESULTS 3",
        f"SELECT * {where} ORDERBY Id STARTPOSITION 3 MAXRESULTS 3",
        f"SELECT * {where} ORDERBY Id STARTPOSITION 5 MAXRESULTS 3",
        f"SELECT COUNT(*) {where}",
    ]


@pytest.mark.parametrize("surplus", [None, -2, 0, 5])
@pytest.mark.parametrize(
    ("rows", "pages"),
    [
        ([], []),
        ([1, 2], [[1, 2]]),
        ([1, 2, 3], [[1, 2, 3]]),
        ([1, 2, 3, 4, 5], [[1, 2, 3], [4, 5]]),
        ([1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5], [6]]),
    ],
)
def test_pages_end_where_the_rows_end(
    rows: list[int], pages: list[list[int]], surplus: int | None, client: CompanyClient, wire: responses.RequestsMock
) -> None:
    """Whether nobody has counted them, or some came since, or none, or some were deleted."""
    Books(wire, rows)

    assert read_all(client, 3, 0 if surplus is None else len(rows) + surplus) == pages


def test_three_pages_that_are_expected_are_on_their_way_and_the_count_while_the_last_one_is_worked_on(
    client: CompanyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_asked, counted = threading.Barrier(3), threading.Event()

    def query(statement: str) -> Rows:
        start = int(statement.split()[statement.split().index("STARTPOSITION") + 1])
        if start > 1:
            all_asked.wait(timeout=10)
        return Rows([{"Id": str(each)} for each in range(start, min(start + 3, 9))], None, "")

    monkeypatch.setattr(client, "query", query)
    monkeypatch.setattr(client, "count", lambda *_: counted.set() or 8)
    pages = client.pages("Customer", page_size=3, expecting=lambda: 8)

    assert ["".join(row["Id"] for row in page) for page in islice(pages, 4)] == ["123", "45", "67", "8"]
    assert counted.wait(timeout=10)
    assert list(pages) == []


def test_of_a_row_what_is_wanted_is_kept(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(
        f"{COMPANY}/query", body='{"QueryResponse":{"Customer":[{"Id":"1","Notes":"x","Title":"Dr."},{"Id":"2"}]}}'
    )
    wire.post(f"{COMPANY}/query", body='{"QueryResponse":{"totalCount":2}}')

    assert list(client.pages("Customer", keep=("Id", "Title"))) == [[{"Id": "1", "Title": "Dr."}, {"Id": "2"}]]


def test_pages_asks_for_a_thousand_rows_at_a_time(client: CompanyClient, wire: responses.RequestsMock) -> None:
    books = Books(wire, range(1, 2_002))

    assert [len(page) for page in client.pages("Customer")] == [1000, 999, 2]
    assert len(books.statements) == 4


@pytest.mark.parametrize("page_size", [1, 1001])
def test_a_page_has_two_to_a_thousand_rows(page_size: int, client: CompanyClient) -> None:
    with pytest.raises(ValueError, match="2 to 1000"):
        next(client.pages("Customer", page_size=page_size))


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([2, 3, 4, 5, 6, 7, 8], id="a row read already is deleted: 4 moves to the third place"),
        pytest.param([2, 3, 4, 5, 6, 7, 8, 9], id="and another one is made, so that the number stays the same"),
        pytest.param([1, 2, 4, 5, 6, 7, 8], id="the last row read is deleted"),
        pytest.param([1, 2], id="hardly anything is left"),
    ],
)
def test_what_moved_past_the_reader_is_found_in_a_second_reading(
    after: list[int], client: CompanyClient, wire: responses.RequestsMock
) -> None:
    Books(wire, [1, 2, 3, 4, 5, 6, 7, 8], after)

    rows = [id for page in read_all(client, 3) for id in page]

    assert sorted(rows) == sorted({1, 2, 3} | set(after))


def test_a_row_that_came_meanwhile_is_found_in_a_second_reading(
    client: CompanyClient, wire: responses.RequestsMock
) -> None:
    Books(wire, [1, 2], [1, 2, 3, 4])

    assert read_all(client, 3) == [[1, 2], [3], [4]]


def test_a_list_that_keeps_changing_is_not_called_complete(client: CompanyClient, wire: responses.RequestsMock) -> None:
    Books(wire, [1], [1, 2], [1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3, 4])

    with pytest.raises(ListChanged, match="Customer") as caught:
        read_all(client, 10)

    assert (caught.value.can_retry, caught.value.outcome) == (True, Outcome.REFUSED)


def go_on(client: CompanyClient, read: list[int], expecting: int = 0) -> list[int]:
    """What is read in pages of three behind the last of these."""
    ids = [str(each) for each in read]
    pages = client.pages(
        "Customer", page_size=3, expecting=(lambda: expecting) if expecting else None, read=ids, last=ids[-1]
    )
    return [int(row["Id"]) for page in pages for row in page]


@pytest.mark.parametrize("expecting", [0, 8])
@pytest.mark.parametrize(("read", "starts"), [(1, [1, 3, 5, 7]), (3, [3, 5, 7]), (7, [7]), (8, [8])])
def test_what_was_read_before_is_not_asked_for_again(
    read: int, starts: list[int], expecting: int, client: CompanyClient, wire: responses.RequestsMock
) -> None:
    whole = [1, 2, 3, 4, 5, 6, 7, 8]
    books = Books(wire, whole)

    assert whole[:read] + go_on(client, whole[:read], expecting) == whole
    assert sorted(int(each.split()[7]) for each in books.statements[:-1]) == starts


@pytest.mark.parametrize(
    "now",
    [
        pytest.param([2, 3, 4, 5, 6, 7], id="a row that was read is gone: the last one is not in its place"),
        pytest.param([1, 2, 4, 5, 6, 7], id="the last one that was read is gone"),
        pytest.param([1, 2, 9, 3, 4, 5, 6, 7], id="one came in between"),
        pytest.param([9, 1, 3, 2, 4, 5, 6, 7], id="one came in between, and their order is another"),
        pytest.param([1, 2], id="hardly anything is left"),
        pytest.param([], id="nothing is left"),
    ],
)
def test_one_does_not_go_on_where_what_was_read_is_not_as_it_was(
    now: list[int], client: CompanyClient, wire: responses.RequestsMock
) -> None:
    Books(wire, now)

    with pytest.raises(ListChanged):
        go_on(client, [1, 2, 3])


def test_a_page_that_fails_ends_the_list_with_its_error(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/query", body='{"QueryResponse":{"Customer":[{"Id":"1"},{"Id":"2"}]}}')
    wire.post(f"{COMPANY}/query", status=502, body="<html>")
    pages = client.pages("Customer", page_size=2)

    assert next(pages) == [{"Id": "1"}, {"Id": "2"}]
    with pytest.raises(AnswerLost):
        next(pages)


def test_read(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/timeactivity/5%2F6", body='{"TimeActivity":{"Id":"5/6"}}', headers={"intuit_tid": TID})

    record = client.read("TimeActivity", "5/6")

    assert (record, record.transaction_id) == ({"Id": "5/6"}, TID)


def test_reading_what_is_not_there(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/customer/9", status=400, body=NOT_FOUND)

    with pytest.raises(Refused) as caught:
        client.read("Customer", "9")

    assert caught.value.code == "610"


def test_company_info_and_preferences(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.get(f"{COMPANY}/companyinfo/{REALM}", body='{"CompanyInfo":{"CompanyName":"Calm Moves","Id":"1"}}')
    wire.get(f"{COMPANY}/preferences", body='{"Preferences":{"Id":"1"}}')

    assert client.company_info()["CompanyName"] == "Calm Moves"
    assert client.preferences() == {"Id": "1"}


def test_update(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(
        f"{COMPANY}/vendor",
        body='{"Vendor":{"Id":"7","SyncToken":"3"}}',
        match=[matchers.query_param_matcher({"minorversion": "75", "requestid": "r-2"})],
    )

    body = '{"Id":"7","SyncToken":"2","sparse":true}'
    assert client.update("Vendor", body, request_id="r-2") == {"Id": "7", "SyncToken": "3"}
    assert wire.calls[0].request.body == body.encode()


def test_a_write_answered_without_its_record_is_in_doubt(client: CompanyClient, wire: responses.RequestsMock) -> None:
    wire.post(f"{COMPANY}/vendor", body='{"time":"x"}')

    with pytest.raises(AnswerLost) as caught:
        client.create("Vendor", "{}", request_id="r-3")

    assert caught.value.outcome == Outcome.UNKNOWN


@pytest.mark.parametrize("realm_id", ["", "12/../34", "abc", "١٢"])
def test_a_realm_is_digits(realm_id: str, tokens: Tokens, throttle: RecordingThrottle) -> None:
    with pytest.raises(ValueError, match="digits"):
        CompanyClient(Environment.sandbox(), realm_id, tokens, throttle)


def test_connections_and_time_outs(tokens: Tokens, throttle: RecordingThrottle) -> None:
    client = CompanyClient(Environment.production(), REALM, tokens, throttle, timeouts=Timeouts(1, 2), pool_maxsize=6)
    adapter = client._session.get_adapter("https://quickbooks.api.intuit.com")

    assert (vars(adapter)["_pool_maxsize"], vars(adapter)["_timeouts"]) == (6, (1, 2))
    assert client._wire.api_url == "https://quickbooks.api.intuit.com/v3"
