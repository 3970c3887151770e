"""How figures and states are written."""

from decimal import Decimal

import pytest

from smmware.core.display import counted, dial, hours, money, pill, write_to, yes_no


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1435304.005"), "$1,435,304.01"),
        (Decimal("-5"), "-$5.00"),
        (Decimal("-0.001"), "$0.00"),
        (0, "$0.00"),
        (None, ""),
    ],
)
def test_money(amount: Decimal | int | None, written: str) -> None:
    assert money(amount) == written


@pytest.mark.parametrize(("minutes", "written"), [(465, "7.75"), (100, "1.67"), (0, "0.00"), (None, "")])
def test_hours(minutes: int | None, written: str) -> None:
    assert hours(minutes) == written


def test_a_count_names_what_it_counts() -> None:
    assert counted(1200, "invoices") == "1,200 invoices"


def test_a_pill_escapes_its_label() -> None:
    assert pill("<Sent>", "warn") == '<span class="pill pill-warn">&lt;Sent&gt;</span>'


def test_a_pill_of_no_known_tone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no tone"):
        pill("Sent", "purple")


@pytest.mark.parametrize(("value", "written"), [(True, "Yes"), (False, "No"), (None, "")])
def test_yes_no(value: bool | None, written: str) -> None:
    assert yes_no(value) == written


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("(847) 555-0142", '<a href="tel:8475550142">(847) 555-0142</a>'),
        ("+1 847 555 0142", '<a href="tel:+18475550142">+1 847 555 0142</a>'),
        ("at the <office>", "at the <office>"),
        ("", ""),
    ],
)
def test_a_number_is_dialled(number: str, written: str) -> None:
    assert dial(number) == written


def test_an_address_is_written_to() -> None:
    assert write_to('"<b>"@example.com') == (
        '<a href="mailto:&quot;&lt;b&gt;&quot;@example.com">&quot;&lt;b&gt;&quot;@example.com</a>'
    )
    assert write_to("") == ""
