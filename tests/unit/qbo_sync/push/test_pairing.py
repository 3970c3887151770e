"""Which records at QuickBooks are the ones that were sent: one to one, on all fields that were sent."""

from decimal import Decimal
from typing import Any

import pytest

from qbo_sync.models import Step
from qbo_sync.push.pairing import Pairs, fits, pair

HOURS: dict[str, Any] = {"TxnDate": "2026-03-02", "Hours": 1, "EmployeeRef": {"value": "55"}}
ROW: dict[str, Any] = {
    "TxnDate": "2026-03-02", "Hours": 1, "Minutes": 0, "EmployeeRef": {"value": "55", "name": "Dana Ortiz"},
    "SyncToken": "0", "BillableStatus": "NotBillable",
}  # fmt: skip


def steps(*labels: str) -> list[Step]:
    return [Step(label=label, pk=number) for number, label in enumerate(labels, 1)]


def row(qbo_id: str, **values: Any) -> dict[str, Any]:
    return {**ROW, "Id": qbo_id, **values}


def test_what_was_sent_is_found() -> None:
    [step] = steps("a")

    assert pair([(step, HOURS)], [row("1"), row("2", TxnDate="2026-03-03")]) == Pairs(found=[(step, row("1"))])


def test_what_is_not_there_is_missing() -> None:
    [step] = steps("a")

    assert pair([(step, HOURS)], []) == Pairs(missing=[step])


def test_twins_are_interchangeable() -> None:
    first, second, third = steps("a", "b", "c")

    assert pair([(first, HOURS), (second, HOURS), (third, HOURS)], [row("1"), row("2")]) == Pairs(
        found=[(first, row("1")), (second, row("2"))], missing=[third]
    )


def test_more_than_were_sent_is_nothing_that_we_can_tell() -> None:
    first, second = steps("a", "b")

    rows = [row("1"), row("2"), row("3")]
    assert pair([(first, HOURS), (second, HOURS)], rows) == Pairs(unclear=[(first, rows), (second, rows)])


@pytest.mark.parametrize("extra", [{"Description": "Packing"}, {"CustomerRef": {"value": "1"}}])
@pytest.mark.parametrize("order", [1, -1])
def test_a_record_that_says_more_is_not_taken_for_one_that_says_less(extra: dict[str, Any], order: int) -> None:
    less, more = steps("less", "more")
    sent = [(less, HOURS), (more, {**HOURS, **extra})][::order]

    both = pair(sent, [row("1", **extra), row("2")])
    assert (sorted(both.found, key=lambda found: found[0].pk), both.missing, both.unclear) == (
        [(less, row("2")), (more, row("1", **extra))],
        [],
        [],
    )
    assert pair(sent, [row("1", **extra)]) == Pairs(found=[(more, row("1", **extra))], missing=[less])
    assert pair(sent, [row("2")]) == Pairs(found=[(less, row("2"))], missing=[more])


def test_a_row_is_given_once_even_where_what_was_sent_less_is_no_text() -> None:
    less, more = steps("less", "more")
    sent: list[tuple[Step, dict[str, Any]]] = [
        (less, {"DisplayName": "Dana Ortiz"}),
        (more, {"DisplayName": "Dana Ortiz", "PrimaryPhone": {"FreeFormNumber": "5"}}),
    ]
    kept = {"Id": "7", "DisplayName": "Dana Ortiz", "PrimaryPhone": {"FreeFormNumber": "5"}}

    assert pair(sent, [kept]) == Pairs(found=[(more, kept)], missing=[less])


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (2, Decimal("2.0")),
        ("2", 2),
        (97.5, Decimal("97.50")),
        (True, True),
        (0, None),
        ({"Hours": 0, "Minutes": 45}, {"Minutes": 45}),
        ("two  words\r\nand more ", "two words\nand more"),
        ({"value": "5"}, {"value": "5", "name": "Dana"}),
        ({"value": "5", "type": "Vendor"}, {"value": "5"}),
        ([{"Amount": 1}], [{"Amount": 1, "Id": "1"}, {"DetailType": "SubTotalLineDetail"}]),
        ({"BillableStatus": "Billable"}, {"BillableStatus": "HasBeenBilled"}),
    ],
)
def test_what_fits(sent: Any, kept: Any) -> None:
    assert fits(sent, kept)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (2, 3),
        (2, None),
        (True, False),
        ("two words", "two Words"),
        ({"value": "5"}, "5"),
        ({"value": "5"}, {"value": "6"}),
        ([1, 2], [1]),
        ([1], 1),
        ({"BillableStatus": "NotBillable"}, {"BillableStatus": "HasBeenBilled"}),
    ],
)
def test_what_does_not_fit(sent: Any, kept: Any) -> None:
    assert not fits(sent, kept)
