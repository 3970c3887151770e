"""The home page: a greeting and what the person may open."""

import re
from collections.abc import Callable

import pytest
import time_machine

from associates.models import Associate
from smmware.core import extensions
from smmware.core.extensions import Panel, add_home_cards
from smmware.core.models import Company
from smmware.office.views import greeting


@pytest.mark.parametrize(
    ("hour", "words"),
    [(0, "Good morning"), (11, "Good morning"), (12, "Good afternoon"), (17, "Good afternoon"), (18, "Good evening")],
)
def test_greeting(hour: int, words: str) -> None:
    assert greeting(hour) == words


@time_machine.travel("2026-03-02T17:30:00Z", tick=False)
def test_the_greeting_goes_by_the_companys_own_clock(company: Company, basic: Associate, client_for: Callable) -> None:
    browser = client_for(basic)
    assert "Good morning, Ben" in browser.get("/").content.decode()  # 11:30 in Chicago
    Company.objects.update(time_zone="America/New_York")
    assert "Good afternoon, Ben" in browser.get("/").content.decode()


@pytest.mark.parametrize(("who", "shown"), [("basic", False), ("lead", False), ("admin", True), ("owner", True)])
def test_settings_are_in_the_menu_of_those_who_may_open_them(
    cast: dict[str, Associate], client_for: Callable, who: str, shown: bool
) -> None:
    page = client_for(cast[who]).get("/").content.decode()
    assert ('href="/settings/"' in page) is shown
    assert ('href="/admin/"' in page) is (who == "owner")
    assert 'href="/associates/"' in page


def test_cards_of_other_apps(basic: Associate, client_for: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extensions, "_home_cards", [])
    add_home_cards(
        lambda request: [Panel(f"For {request.user}", "core/messages.html", {"messages": ["A <b>card</b>"]})]
    )
    page = re.sub(r"\s+", " ", client_for(basic).get("/").content.decode())
    assert "<h2>For Ben Basic</h2>" in page
    assert "A &lt;b&gt;card&lt;/b&gt;" in page
