"""What every listing has in common: paging, order, the form of its page."""

from collections.abc import Callable
from typing import Any

import django_tables2 as tables
import pytest
from django.utils import timezone

from associates.models import Associate
from smmware.core import listings
from smmware.core.models import Company
from smmware.core.permissions import Level
from tests.factories import AssociateFactory, CompanyFactory

URL = "/associates/"


@pytest.fixture
def sixty(db: None) -> list[Associate]:
    """Sixty people of one first name: sorting by it says nothing about their order."""
    return AssociateFactory.create_batch(60, title="Organizer")


def shown(browser: object, query: str) -> list[int]:
    table = browser.get(URL + query).context["table"]  # type: ignore[attr-defined]
    return [row.record.pk for row in table.paginated_rows]


def test_pages_share_out_the_rows_even_where_the_order_has_ties(
    admin: Associate, sixty: list[Associate], client_for: Callable
) -> None:
    browser = client_for(admin)
    rows = [pk for page in (1, 2, 3) for pk in shown(browser, f"?sort=title&page={page}&kind=employee")]
    assert sorted(rows) == sorted([admin.pk, *(person.pk for person in sixty)])


def test_one_button_is_what_people_come_for(admin: Associate, basic: Associate, client_for: Callable) -> None:
    actions = client_for(admin).get("/invoices/").context["actions"]
    assert [(action.label, action.primary) for action in actions] == [("Add invoice", True), ("Sent per month", False)]
    assert client_for(basic).get(URL).context["actions"] == []


def test_where_all_may_be_copied_that_is_it(owner: Associate, client_for: Callable) -> None:
    CompanyFactory(integration=Company.Integration.QBO)
    Associate.objects.update(qbo_admin=True)
    actions = client_for(owner).get("/clients/").context["actions"]
    assert [(action.label, action.primary) for action in actions] == [("Add client", False), ("QBO Add All", True)]


@pytest.mark.parametrize(("page", "expected"), [("0", 3), ("99", 3), ("-1", 3), ("x", 1), ("2", 2)])
def test_a_page_that_there_is_not(
    admin: Associate, sixty: list[Associate], client_for: Callable, page: str, expected: int
) -> None:
    assert client_for(admin).get(f"{URL}?page={page}").context["table"].page.number == expected


@pytest.mark.parametrize("query", ["?per_page=1000", "?paging=on&per_page=1000"])
def test_nobody_asks_for_pages_of_another_size(
    admin: Associate, sixty: list[Associate], client_for: Callable, query: str
) -> None:
    assert len(shown(client_for(admin), query)) == listings.PAGE_SIZE


def test_paging_off_shows_all(admin: Associate, sixty: list[Associate], client_for: Callable) -> None:
    answer = client_for(admin).get(f"{URL}?paging=off")
    assert len(answer.context["table"].page.object_list) == 61
    assert "Paging On" in answer.content.decode()
    assert "Only the first" not in answer.content.decode()


def test_paging_off_says_where_it_is_capped(
    admin: Associate, sixty: list[Associate], client_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "PAGING_OFF_CAP", 40)
    answer = client_for(admin).get(f"{URL}?paging=off")
    assert len(answer.context["table"].page.object_list) == 40
    assert "Only the first 40 associates of 61 associates are shown" in answer.content.decode()


def test_it_counts_what_it_lists(admin: Associate, client_for: Callable) -> None:
    browser = client_for(admin)
    assert '<p class="summary">1 associate</p>' in browser.get(URL).content.decode().replace("\n", "")
    AssociateFactory()
    assert '<p class="summary">2 associates</p>' in browser.get(URL).content.decode().replace("\n", "")


def test_no_match_offers_to_clear_the_filters(admin: Associate, client_for: Callable) -> None:
    page = client_for(admin).get(f"{URL}?q=nobody").content.decode()
    assert 'No associates match these filters. <a href="?clear=1">Clear the filters</a>' in page


def test_sorting_keeps_the_filters_and_starts_at_the_first_page(
    admin: Associate, sixty: list[Associate], client_for: Callable
) -> None:
    page = client_for(admin).get(f"{URL}?kind=employee&page=2").content.decode()
    assert '<a href="?kind=employee&amp;sort=title">Title</a>' in page


def test_the_order_is_told_to_those_who_cannot_see_the_arrow(admin: Associate, client_for: Callable) -> None:
    browser = client_for(admin)
    assert 'aria-sort="ascending"' in browser.get(f"{URL}?sort=name").content.decode()
    assert 'aria-sort="descending"' in browser.get(f"{URL}?sort=-name").content.decode()


@pytest.mark.parametrize("role", ["table", "rowgroup", "row", "columnheader", "cell"])
def test_rows_that_become_cards_stay_a_table_to_a_screen_reader(
    admin: Associate, client_for: Callable, role: str
) -> None:
    assert f'role="{role}"' in client_for(admin).get(URL).content.decode()


def test_the_name_of_a_record_is_escaped(admin: Associate, client_for: Callable) -> None:
    AssociateFactory(last_name="<script>alert(1)</script>", level=Level.BASIC_USER)
    page = client_for(admin).get(URL).content.decode()
    assert "<script>alert" not in page


class Clock(listings.ListingAddOn):
    """A column that says in which time zone it is written."""

    def offered(self, request: Any) -> bool:
        return True

    def columns(self) -> list[tuple[str, tables.Column]]:
        return [("clock", tables.Column(accessor="pk", verbose_name="Clock"))]


def test_the_csv_has_the_company_s_times_although_it_is_sent_after_the_request(
    company: Company, admin: Associate, client_for: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    Company.objects.update(time_zone="America/New_York")
    monkeypatch.setattr(tables.Column, "value", lambda column, value: timezone.get_current_timezone_name())
    monkeypatch.setattr(listings, "listing_add_ons", lambda key, request: [Clock()])
    answer = client_for(admin).get(f"{URL}?export=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines] == ["Clock", "America/New_York"]


def test_the_csv_reads_its_rows_while_they_are_sent(
    admin: Associate,
    sixty: list[Associate],
    client_for: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[Associate] = []
    made = Associate.from_db

    def from_db(*args: Any) -> Associate:
        read.append(made(*args))
        return read[-1]

    monkeypatch.setattr(Associate, "from_db", from_db)
    lines = iter(client_for(admin).get(f"{URL}?export=csv").streaming_content)
    read.clear()
    for _ in range(3):
        next(lines)
    assert 0 < len(read) < 61
    assert len([*lines]) == 60
