"""The Associate Manager: whole for those who manage associates, name, e-mail and phone for everybody else."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from associates.models import Associate
from smmware.core.listings import listing_by_key
from smmware.core.permissions import Level
from tests.factories import AssociateFactory

URL = "/associates/"
MANAGERS = ("admin", "senior_admin", "owner")
OTHERS = ("basic", "lead")


def headers(browser: Client, query: str = "") -> list[str]:
    return [column.header for column in browser.get(URL + query).context["table"].columns]


def csv_rows(browser: Client, query: str = "?export=csv") -> list[list[str]]:
    answer = browser.get(URL + query)
    text = b"".join(answer.streaming_content).decode().removeprefix("\ufeff")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def names(browser: Client, query: str) -> list[str]:
    return [row.get_cell_value("name") for row in browser.get(URL + query).context["table"].paginated_rows]


@pytest.mark.parametrize("who", MANAGERS)
def test_columns_of_those_who_manage(cast: dict[str, Associate], client_for: Callable, who: str) -> None:
    expected = ["Name", "Title", "Kind", "E-mail", "Phone", "Permission level", "Username", "Active"]
    browser = client_for(cast[who])
    assert headers(browser) == expected
    assert csv_rows(browser)[0] == expected


@pytest.mark.parametrize("who", OTHERS)
def test_everybody_else_sees_name_e_mail_and_phone_in_any_form(
    cast: dict[str, Associate], client_for: Callable, who: str
) -> None:
    secret = AssociateFactory(last_name="Zest", title="Secret title", username="secret-name", city="Secret city")
    browser = client_for(cast[who])
    assert headers(browser) == ["Name", "E-mail", "Phone"]
    rows = csv_rows(browser)
    assert (rows[0], rows[-1]) == (["Name", "E-mail", "Phone"], ["Ann Zest", secret.email, secret.phone])
    assert "ecret" not in browser.get(URL).content.decode()


@pytest.mark.parametrize("query", ["?level=50", "?kind=vehicle", "?is_active=false", "?sort=level", "?sort=-username"])
def test_what_is_not_shown_neither_filters_nor_sorts(basic: Associate, client_for: Callable, query: str) -> None:
    AssociateFactory(last_name="Aaron", level=Level.COMPANY_OWNER, username="zz", kind="vehicle")
    assert names(client_for(basic), query) == ["Ann Aaron", "Ben Basic"]


def test_inactive_people_are_shown_to_those_who_manage_only(
    admin: Associate, basic: Associate, client_for: Callable
) -> None:
    AssociateFactory(last_name="Zest", is_active=False)
    assert names(client_for(admin), "?q=Zest") == ["Ann Zest"]
    assert names(client_for(basic), "?q=Zest") == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=ann+zest", ["Ann Zest"]),
        ("?q=ZEST@example", ["Ann Zest"]),
        ("?q=8421", ["Ann Zest"]),
        ("?q=ann+ze%25", []),
        ("?kind=contractor", ["Ann Zest"]),
        ("?level=20", ["Ann Zest"]),
        ("?is_active=false", ["Ann Zest"]),
        ("?sort=-name", ["Ann Zest", "Ada Admin"]),
        ("?sort=email", ["Ada Admin", "Ann Zest"]),
    ],
)
def test_filters_and_sorting(db: None, client_for: Callable, query: str, expected: list[str]) -> None:
    zest: dict[str, Any] = {"kind": "contractor", "level": Level.TEAM_LEAD, "is_active": False}
    AssociateFactory(last_name="Zest", email="zest@example.com", phone="555-8421", **zest)
    admin = AssociateFactory(
        first_name="Ada", last_name="Admin", email="ada@example.com", phone="555-1111", level=Level.ADMIN
    )
    assert names(client_for(admin), query) == expected


def test_a_filter_that_makes_no_sense_shows_nothing_and_says_which(admin: Associate, client_for: Callable) -> None:
    answer = client_for(admin).get(f"{URL}?level=99")
    assert list(answer.context["filterset"].form.errors) == ["level"]
    assert answer.context["count"] == 0
    assert "Mend the filters above" in answer.content.decode()


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)"])
def test_the_csv_brings_no_formula(admin: Associate, client_for: Callable, formula: str) -> None:
    AssociateFactory(first_name="", last_name=formula, phone=formula)
    row = next(row for row in csv_rows(client_for(admin)) if formula in row[0])
    assert (row[0], row[4]) == (f"'{formula}", f"'{formula}")


def test_the_csv_has_all_pages_as_filtered(admin: Associate, client_for: Callable) -> None:
    AssociateFactory.create_batch(30, level=Level.TEAM_LEAD)
    assert len(csv_rows(client_for(admin), "?export=csv&level=20&page=2")) == 31


def test_queries_do_not_grow_with_rows(admin: Associate, client_for: Callable) -> None:
    browser = client_for(admin)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(f"{URL}?paging=off")
            csv_rows(browser)
        return len(captured)

    with_one = queries()
    AssociateFactory.create_batch(29)
    assert queries() == with_one


def test_qbo_add_all_gets_the_rows_as_filtered_and_refuses_nonsense(
    admin: Associate, client_for: Callable, rf: Any
) -> None:
    AssociateFactory.create_batch(30, level=Level.TEAM_LEAD)
    request = rf.get("/")
    request.user = admin
    request.company = None
    listing = listing_by_key("associates")
    assert listing.filtered(request, "level=20").count() == 30
    with pytest.raises(ValueError, match="Associate Manager"):
        listing.filtered(request, "level=99")


@pytest.mark.parametrize(("who", "offered"), [("basic", False), ("lead", False), ("admin", True)])
def test_adding_is_offered_to_those_who_may(
    cast: dict[str, Associate], client_for: Callable, who: str, offered: bool
) -> None:
    assert ("/associates/add/" in client_for(cast[who]).get(URL).content.decode()) is offered
