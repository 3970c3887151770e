"""Every registered listing: for whom it is, sorted, exported as filtered, with the same queries for any rows."""

import csv
import io
from collections.abc import Callable
from copy import copy
from itertools import count as numbers
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from factory.django import DjangoModelFactory

from associates.models import Associate
from clients.models import Client
from qbo_sync.models import Connection, Run
from qbo_sync.models.states import RunState
from smmware.core import listings
from smmware.core.listings import Listing
from smmware.core.models import Company
from tests import factories
from tests.factories import ClientFactory, CompanyFactory, ExpenseEntryFactory, OrganizationFactory

MOST_QUERIES = 12
LEVELS = ("basic", "lead", "admin", "senior_admin", "owner")
ALL, LEADS = [200] * 5, [403, 200, 200, 200, 200]
MANAGERS = [403, 403, 200, 200, 200]
ROWS: dict[str, Callable[[], Model]] = {
    "inquiries": lambda: ClientFactory(stage=Client.Stage.INQUIRY),
    "expenses": lambda: ExpenseEntryFactory(vendor=OrganizationFactory()),
    "runs": lambda: a_run(),
}
OPEN_TO = {
    "associates": ALL, "organizations": ALL, "contacts": ALL, "clients": ALL, "inquiries": ALL, "jobs": ALL,
    "hours": ALL, "mileage": ALL, "expenses": ALL, "flat_fees": LEADS, "invoices": LEADS, "runs": [404] * 5,
    "categories": MANAGERS, "job_codes": MANAGERS,
}  # fmt: skip
TOLD_APART_BY = ("username", "number", "name", "label", "text", "last_name")  # what no two copies may share
tell_apart = numbers(1)


def every_key() -> list[str]:
    return sorted(listings._listings)


def a_run() -> Run:
    """A finished copy at a connected company."""
    person = Associate.objects.order_by("pk").first()
    company, _ = Connection.objects.get_or_create(
        environment="simulator", realm_id="1",
        defaults={"is_active": True, "state": "connected", "connected_by": person, "connected_at": timezone.now()},
    )  # fmt: skip
    return Run.objects.create(
        connection=company,
        type=Run.Type.PUSH,
        state=RunState.DONE,
        title="QBO Add All",
        asked_by=person,
        created_at=timezone.now(),
    )


def first_row(key: str) -> Model:
    """A row of a listing: as ROWS has it, or by the factory of its model."""
    if key in ROWS:
        return ROWS[key]()
    made_by = {
        each._meta.model: each
        for each in vars(factories).values()
        if isinstance(each, type) and issubclass(each, DjangoModelFactory) and not each._meta.abstract
    }
    return made_by[listing_of(key).model]()


def made(key: str, count: int) -> None:
    """So many rows of a listing: the first by its factory, the others copies of it, past the history."""
    first = first_row(key)
    fields = {field.name for field in first._meta.concrete_fields}
    copies = [copy(first) for _ in range(count - 1)]
    for row in copies:
        row.pk = None
        for name in fields.intersection(TOLD_APART_BY):
            setattr(row, name, f"N{next(tell_apart)}")
    type(first)._base_manager.bulk_create(copies)


@pytest.fixture
def on_for_quickbooks(owner: Associate) -> Company:
    """The integration is on, and the owner a QBO Admin: the listings are as wide as they get."""
    Associate.objects.filter(pk=owner.pk).update(qbo_admin=True)
    return CompanyFactory(integration=Company.Integration.QBO)


def listing_of(key: str) -> Listing:
    return listings.listing_by_key(key)


def url_of(key: str) -> str:
    return reverse(listing_of(key).url_name)


@pytest.mark.either
@pytest.mark.parametrize("key", OPEN_TO)
def test_who_may_open_it_and_take_its_csv(cast: dict[str, Associate], client_for: Callable, key: str) -> None:
    browsers = [client_for(cast[level]) for level in LEVELS]
    assert [browser.get(url_of(key)).status_code for browser in browsers] == OPEN_TO[key]
    assert [browser.get(f"{url_of(key)}?export=csv").status_code for browser in browsers] == OPEN_TO[key]


@pytest.mark.either
@pytest.mark.parametrize("key", every_key())
def test_with_no_row_it_says_what_to_do_next(
    on_for_quickbooks: Company, owner: Associate, client_for: Callable, key: str
) -> None:
    answer = client_for(owner).get(url_of(key))
    assert answer.status_code == 200
    if answer.context["count"] == 0:
        assert str(listing_of(key).empty).split(".")[0] in answer.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("key", every_key())
def test_its_queries_do_not_grow(on_for_quickbooks: Company, owner: Associate, client_for: Callable, key: str) -> None:
    browser, url, counted = client_for(owner), url_of(key), []
    browser.get(url)
    present = 0
    for count in (1, 30, 1000):
        made(key, count - present)
        present = count
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).context["count"] >= count
        counted.append(len(queries))
    assert counted[1:] == counted[1:2] * 2, counted
    assert max(counted) <= MOST_QUERIES, counted


def csv_of(browser: Any, url: str) -> list[dict[str, str]]:
    """The rows of a listing's CSV, by their headings."""
    text = b"".join(browser.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("key", every_key())
def test_its_columns_sort_and_its_csv_has_the_rows(
    on_for_quickbooks: Company, owner: Associate, client_for: Callable, key: str
) -> None:
    made(key, 3)
    browser, url = client_for(owner), url_of(key)
    shown = browser.get(url).context
    sortable = [(column.name, column.header) for column in shown["table"].columns if column.orderable]
    assert sortable
    assert len(csv_of(browser, f"{url}?export=csv")) == shown["count"]
    for name, header in sortable:
        up, down = (csv_of(browser, f"{url}?sort={sign}{name}&export=csv") for sign in ("", "-"))
        assert sorted(map(str, up)) == sorted(map(str, down)), name
        if header in up[0] and len({row[header] for row in up}) > 1:
            assert [row[header] for row in up] != [row[header] for row in down], name


@pytest.mark.parametrize("key", [key for key in every_key() if key != "runs"])
def test_its_csv_has_what_is_filtered(
    on_for_quickbooks: Company, owner: Associate, client_for: Callable, key: str
) -> None:
    made(key, 3)
    lines = b"".join(client_for(owner).get(f"{url_of(key)}?q=nothing+has+this&export=csv").streaming_content)
    assert len(lines.decode().strip().splitlines()) == 1


@pytest.mark.parametrize("key", [key for key in every_key() if listing_of(key).totals])
def test_its_totals_are_loaded_apart(
    on_for_quickbooks: Company, owner: Associate, client_for: Callable, key: str
) -> None:
    made(key, 2)
    browser, url = client_for(owner), url_of(key)
    assert 'hx-get="?totals=all"' in browser.get(url).content.decode()
    totals: Any = browser.get(f"{url}?totals=all").context["totals"]
    assert len(totals) == len(listing_of(key).totals)
