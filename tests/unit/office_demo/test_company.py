"""What is in the fictitious company: its size, its cents, and that it reaches nobody real."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import transaction
from django.db.models import Model, Sum

from associates.models import Associate
from clients.models import Address, Client, Job
from hours.models import ExpenseEntry, FlatFee, HourEntry, MileageEntry, PaidFrom, to_cents
from invoices.models import Invoice, InvoiceLine, Payment
from organizations.models import Contact, Organization
from smmware.core.models import Company
from smmware.core.permissions import Level
from smmware.office.demo import cast

pytestmark = pytest.mark.django_db
ENTRIES = (HourEntry, MileageEntry, ExpenseEntry, FlatFee)
SANDBOX_PEOPLE = Path(__file__).resolve().parents[3] / "qbo_simulator" / "books" / "people.csv"
Status = Invoice.Status


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """What the command says. Loaded once for this module, which only reads, and taken back at its end."""
    words = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", stdout=words)
        yield words.getvalue()
        transaction.set_rollback(True)


def count(model: type[Model], **conditions: Any) -> int:
    return model._default_manager.filter(**conditions).count()


def test_the_command_says_how_to_sign_in(told: str) -> None:
    assert told == (
        "Gentle Transitions of Evanston is open. Sign in as owner, manager, lead or associate; password: demo\n"
    )


def test_its_size() -> None:
    sizes = {model.__name__: count(model) for model in (Associate, Organization, Job, *ENTRIES, Invoice)}
    assert sizes == {
        "Associate": 8,
        "Organization": 20,
        "Job": 120,
        "HourEntry": 1500,
        "MileageEntry": 300,
        "ExpenseEntry": 150,
        "FlatFee": 48,
        "Invoice": 200,
    }
    assert count(Client, stage=Client.Stage.CLIENT, is_own_company=False) == 60
    assert count(Client, stage=Client.Stage.INQUIRY) == 8
    assert count(Client, is_own_company=True) == 1


def test_it_is_the_same_on_every_machine() -> None:
    """Drawn by lot, but always the same lot: these figures change only when the company is changed on purpose."""
    assert {
        "minutes": HourEntry.objects.aggregate(sum=Sum("minutes"))["sum"],
        "miles": to_cents(MileageEntry.objects.aggregate(sum=Sum("miles"))["sum"]),
        "spent": to_cents(ExpenseEntry.objects.aggregate(sum=Sum("amount"))["sum"]),
    } == {"minutes": 223900, "miles": Decimal("8543.20"), "spent": Decimal("30408.63")}
    assert list(Client.objects.inquiries().values_list("name", flat=True)[:2]) == ["Barbara Acevedo", "Carol White"]
    assert Counter(Invoice.objects.values_list("status", flat=True)) == {
        "paid": 147,
        "overdue": 22,
        "sent": 13,
        "tl_approved": 5,
        "finalized": 5,
        "preliminary": 8,
    }


def test_a_rehearsal_begins_where_the_manual_begins() -> None:
    company = Company.current()
    assert (company.name, company.time_zone) == (cast.COMPANY_NAME, "America/Chicago")
    assert not company.integrates_with_qbo
    assert count(Associate, qbo_admin=True) == 0


def test_its_accounts(settings: Any) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    accounts = Associate.objects.exclude(username=None)
    assert {person.username: Level(person.level) for person in accounts} == {
        "owner": Level.COMPANY_OWNER,
        "manager": Level.ADMIN,
        "lead": Level.TEAM_LEAD,
        "associate": Level.BASIC_USER,
    }
    assert all(check_password("demo", person.password) for person in accounts)
    assert not any(person.has_usable_password() for person in Associate.objects.filter(username=None))


def test_its_people_are_of_every_kind_and_their_rates_have_a_history() -> None:
    assert Counter(Associate.objects.values_list("kind", flat=True)) == {"employee": 6, "contractor": 1, "vehicle": 1}
    reyes = Associate.objects.get(last_name="Reyes")
    assert [str(rate.rate) for rate in reyes.hourly_rates.all()] == ["24.00", "23.25", "22.00"]


def test_every_entry_has_the_rates_of_its_day() -> None:
    for entry in HourEntry.objects.select_related("job", "job_code", "associate").order_by("pk")[::25]:
        code = entry.job_code
        assert code is not None
        assert entry.charge_rate == (code.charge_rate if entry.job.charge_rate is None else entry.job.charge_rate)
        assert entry.pay_rate == (entry.associate.rate_on(entry.date) if code.pay_rate is None else code.pay_rate)


def test_overhead_is_the_companys_own_and_billed_to_nobody() -> None:
    overhead = Job.objects.filter(client__is_own_company=True)
    assert Counter(overhead.values_list("type", flat=True)) == {"administrative": 2, "materials": 2}
    assert all(count(model, job__in=overhead, billable=True) == 0 for model in ENTRIES)
    assert count(HourEntry, job__in=overhead) == 120
    assert count(Invoice, job__in=overhead) == 0
    assert count(Job, type__in=Job.OVERHEAD) == overhead.count()


def test_expenses_are_of_all_kinds() -> None:
    assert set(ExpenseEntry.objects.values_list("paid_from", flat=True)) == set(PaidFrom.values)
    assert len(set(ExpenseEntry.objects.values_list("category", flat=True))) == 9
    assert 0 < count(ExpenseEntry, vendor=None) < 75


def test_invoices_stand_in_every_status_and_are_of_both_kinds() -> None:
    assert all(count(Invoice, status=status) >= 5 for status in Status if status != Status.VOIDED)
    assert all(count(Invoice, kind=kind) >= 15 for kind in Invoice.Kind.values)
    assert count(Invoice, adjustment__lt=0) > 0
    assert count(Invoice, adjustment__gt=0) > 0
    assert all(invoice.internal_note for invoice in Invoice.objects.exclude(adjustment=0))
    assert 0 < count(Invoice, public_note="") < 200
    assert count(Invoice, term=None) == 0


def test_invoices_are_right_to_the_cent() -> None:
    lines = InvoiceLine.objects.select_related("invoice", *("hour_entry", "mileage_entry", "expense_entry", "flat_fee"))
    wrong = [line for line in lines if line.amount != expected_amount(line)]
    assert wrong == []


def expected_amount(line: InvoiceLine) -> Decimal:
    if line.covered:
        return Decimal(0)
    if line.source is None:  # the one line of a flat invoice: a round price of at least what it covers
        covered = [other.source.charge_amount for other in line.invoice.lines.all() if other.source]
        return (sum(covered, Decimal(0)) // 50 + (1 if sum(covered, Decimal(0)) % 50 else 0)) * 50
    return line.source.charge_amount


def test_some_amounts_are_no_round_product_of_quantity_and_rate() -> None:
    """QuickBooks would refuse those with both (6070): a rehearsal has to meet them."""
    lines = InvoiceLine.objects.filter(covered=False, hour_entry__isnull=False)
    assert any(to_cents(line.quantity * line.rate) != line.amount for line in lines if line.quantity and line.rate)


def test_what_is_finalized_is_approved() -> None:
    lines = InvoiceLine.objects.exclude(invoice__status=Status.PRELIMINARY)
    for source in ("hour_entry", "mileage_entry", "expense_entry", "flat_fee"):
        assert not lines.filter(**{f"{source}__isnull": False, f"{source}__approved_at": None}).exists()
    assert all(count(model, approved_at=None) > 0 for model in ENTRIES)


def test_payments_fit_the_status() -> None:
    for invoice in Invoice.objects.with_total():
        total, paid = to_cents(invoice.total), to_cents(invoice.paid_amount)
        if invoice.status == Status.PAID:
            assert paid == total
        elif invoice.status == Status.OVERDUE:
            assert paid < total
        else:
            assert paid == 0
    assert count(Payment, invoice__status=Status.OVERDUE) > 0


def test_nothing_happens_after_its_today_or_before_its_work() -> None:
    for model in (*ENTRIES, Invoice, Payment):
        assert not model._default_manager.filter(date__gt=cast.LAST_DAY).exists()
        assert not model._default_manager.filter(date__lt=cast.FIRST_DAY).exists()
    for line in InvoiceLine.objects.filter(hour_entry__isnull=False).select_related("hour_entry", "invoice"):
        assert line.hour_entry.date < line.invoice.date


def names() -> list[str]:
    people = [person.name for person in Associate.objects.all()]
    clients = list(Client.objects.filter(is_own_company=False).values_list("name", flat=True))
    return people + clients + list(Organization.objects.values_list("name", flat=True))


def letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def test_no_name_comes_twice() -> None:
    """QuickBooks wants a display name once over customers, vendors and employees."""
    assert [name for name, times in Counter(map(letters, names())).items() if times > 1] == []


def test_only_the_names_that_are_meant_to_be_are_at_quickbooks_already() -> None:
    with SANDBOX_PEOPLE.open() as file:
        there = {letters(row["display_name"]) for row in csv.DictReader(file)}
    assert {name for name in names() if letters(name) in there} == {
        "Margaret Whitfield",
        "Dorothy  O'Kafor",
        "Daniel Reyes",
    }
    near = {"Castellano, Robert & Helen", "Harold Whitfield", "Sunrise Packing Supply, LLC", "ClearPath Junk Removal"}
    assert near <= set(names())


def test_it_reaches_nobody_real() -> None:
    people = (*Associate.objects.all(), *Client.objects.all(), *Organization.objects.all(), *Contact.objects.all())
    assert {person.email.rpartition("@")[2] for person in people if person.email} == {"example.com"}
    phones = [person.phone for person in people if person.phone]
    assert all(re.fullmatch(r"\(\d{3}\) 555-01\d\d", phone) for phone in phones)
    assert len(phones) == len(set(phones))
    assert set(Address.objects.values_list("state", flat=True)) == {"IL"}
