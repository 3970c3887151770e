"""Admin→Settings, “1) Basic Settings”, and the first of the manual's two switches."""

from collections.abc import Callable

import pytest

from associates.models import Associate
from smmware.core.models import Company

URL = "/settings/basic/"
QUESTION = "Should SMMware integrate with QuickBooks?"
FILLED_IN = {"name": "Gentler Moves", "address": "1 Main Street", "time_zone": "America/Denver"}
BEFORE = ("Gentle Moves", "", "America/Chicago", "no")


def stored() -> tuple[str, str, str, str]:
    return Company.objects.values_list("name", "address", "time_zone", "integration").get()


def test_the_sections(admin: Associate, client_for: Callable) -> None:
    page = client_for(admin).get("/settings/").content.decode()
    assert '<a href="/settings/basic/">1) Basic Settings</a>' in page


@pytest.mark.parametrize(("who", "offered"), [("admin", False), ("senior_admin", False), ("owner", True)])
def test_the_question_is_offered_to_a_company_owner_only(
    cast: dict[str, Associate], company: Company, client_for: Callable, who: str, offered: bool
) -> None:
    assert (QUESTION in client_for(cast[who]).get(URL).content.decode()) is offered


def test_a_company_owner_switches_it_on_and_off(owner: Associate, company: Company, client_for: Callable) -> None:
    browser = client_for(owner)
    for answer in ("qbo", "no"):
        assert browser.post(URL, {**FILLED_IN, "integration": answer}).status_code == 302
        assert stored() == ("Gentler Moves", "1 Main Street", "America/Denver", answer)


def test_who_switches_it_on_is_told_where_its_commands_are(
    owner: Associate, company: Company, client_for: Callable
) -> None:
    """Nothing of QuickBooks is to be seen before somebody is a QBO Admin: the manual's next step, with its link."""
    browser, told = client_for(owner), "Its commands are shown to associates whose profile says “QBO Admin? Yes”."
    page = browser.post(URL, {**FILLED_IN, "integration": "qbo"}, follow=True).content.decode()
    assert told in page
    assert f'<a href="/associates/{owner.pk}/edit/">Set that in your own profile</a>' in page

    assert told not in browser.post(URL, {**FILLED_IN, "integration": "qbo"}, follow=True).content.decode()
    browser.post(URL, {**FILLED_IN, "integration": "no"}, follow=True)
    Associate.objects.update(qbo_admin=True)
    assert told not in browser.post(URL, {**FILLED_IN, "integration": "qbo"}, follow=True).content.decode()


@pytest.mark.parametrize("who", ["admin", "senior_admin"])
def test_others_who_may_change_settings_change_the_rest(
    cast: dict[str, Associate], company: Company, client_for: Callable, who: str
) -> None:
    Company.objects.update(integration="qbo")
    assert client_for(cast[who]).post(URL, FILLED_IN).status_code == 302
    assert stored() == ("Gentler Moves", "1 Main Street", "America/Denver", "qbo")


@pytest.mark.parametrize("who", ["basic", "lead", "admin", "senior_admin"])
@pytest.mark.parametrize("answer", ["qbo", "no"])
def test_a_forged_answer_is_refused_and_changes_nothing(
    cast: dict[str, Associate], company: Company, client_for: Callable, who: str, answer: str
) -> None:
    assert client_for(cast[who]).post(URL, {**FILLED_IN, "integration": answer}).status_code == 403
    assert stored() == BEFORE


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"time_zone": "Mars/Olympus"}, {"integration": "xero"}, {"integration": ""}]
)
def test_what_makes_no_sense_is_said_and_not_saved(
    owner: Associate, company: Company, client_for: Callable, wrong: dict[str, str]
) -> None:
    answer = client_for(owner).post(URL, {**FILLED_IN, "integration": "qbo", **wrong})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == list(wrong)
    assert stored() == BEFORE


def test_the_first_save_makes_the_company(owner: Associate, client_for: Callable) -> None:
    assert not Company.objects.exists()
    client_for(owner).get(URL)
    assert not Company.objects.exists()
    client_for(owner).post(URL, {**FILLED_IN, "integration": "no"})
    assert stored() == ("Gentler Moves", "1 Main Street", "America/Denver", "no")
