"""Steps of a journey done without a browser, inside a running office's own settings.

Usage: python -m tests.seeding; takes ["STEP", "ARGUMENT"…] per line of standard input and answers a line of JSON.
"""

import datetime as dt
import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmware.settings")


def connect(tokens: str) -> dict[str, Any]:
    """Switch the integration on, make the owner a QBO Admin, and connect with these tokens."""
    from django.utils import timezone

    from associates.models import Associate
    from qbo_sync.models import Connection
    from smmware.core.models import Company

    given, now = json.loads(tokens), timezone.now()
    Company.objects.update(integration=Company.Integration.QBO)
    owner = Associate.objects.get(username="owner")
    owner.qbo_admin = True
    owner.save()
    connection = Connection.objects.create(
        environment="simulator", realm_id=given["realm_id"], company_name="Sandbox Company",
        state=Connection.State.CONNECTED, is_active=True, access_token=given["access_token"],
        refresh_token=given["refresh_token"], access_expires_at=now + dt.timedelta(minutes=55),
        refresh_expires_at=now + dt.timedelta(days=100), connected_by=owner, connected_at=now,
    )  # fmt: skip
    return {"connection": connection.pk}


def import_all() -> dict[str, Any]:
    """Press the button of every import; the worker's sweep finds them. Plans wait for `next_of`."""
    from django.utils import timezone

    from associates.models import Associate
    from qbo_sync.models import Connection, ImportList
    from qbo_sync.pull.begin import begin_import

    connection, owner = Connection.objects.get(is_active=True), Associate.objects.get(username="owner")
    runs = [begin_import(connection, which, actor=owner, now=timezone.now()) for which in ImportList]
    return {"runs": [run.pk for run in runs]}


def next_of(run_id: str) -> dict[str, Any]:
    """“Next”, where the plan of an import waits for it."""
    from qbo_sync.models import Run
    from qbo_sync.models.states import RunState
    from qbo_sync.runs import moves

    run = Run.objects.get(pk=run_id)
    return {"state": run.state, "queued": run.state == RunState.PLANNED and moves.queue(run)}


def payments_here() -> dict[str, Any]:
    """Record payments here, not elsewhere; the one that somebody recorded can be mended."""
    from invoices.models import InvoiceSettings

    InvoiceSettings.objects.update_or_create(defaults={"payments_at": InvoiceSettings.PaymentsAt.HERE})
    return {}


def map_all() -> dict[str, Any]:
    """Choose an item or account for every purpose out of the imported lists."""
    from hours.models import ExpenseCategory
    from qbo_sync.models import Account, Connection, Item, Mapping, Purpose

    connection = Connection.objects.get(is_active=True)
    item = Item.objects.get(connection=connection, name="Hours")
    kinds = {
        Purpose.MILEAGE_ACCOUNT: "Expense",
        Purpose.PAID_FROM_BANK: "Bank",
        Purpose.PAID_FROM_CARD: "Credit Card",
        Purpose.PAID_FROM_CASH: "Bank",
        Purpose.PAID_FROM_ASSOCIATE: "Other Current Asset",
    }
    for purpose in Purpose:
        if purpose.takes_item and not purpose.owner:
            Mapping.objects.create(connection=connection, purpose=purpose, item=item)
    for purpose, kind in kinds.items():
        account = Account.objects.filter(connection=connection, type=kind, is_active=True)[0]
        Mapping.objects.create(connection=connection, purpose=purpose, account=account)
    expense = Account.objects.filter(connection=connection, type="Expense", is_active=True)[0]
    for category in ExpenseCategory.objects.all():
        Mapping.objects.create(
            connection=connection, purpose=Purpose.CATEGORY_ACCOUNT, category=category, account=expense
        )
    return {"mappings": Mapping.objects.count()}


def add_all_invoices() -> dict[str, Any]:
    """“QBO Add All” in Invoice Manager, and “Next”."""
    from associates.models import Associate
    from invoices.models import Invoice
    from qbo_sync.models import Connection, Kind
    from qbo_sync.push import plan
    from qbo_sync.runs import moves

    connection, owner = Connection.objects.get(is_active=True), Associate.objects.get(username="owner")
    asked = {Kind.INVOICE: set(Invoice.objects.values_list("pk", flat=True))}
    run = plan.build(connection=connection, asked=asked, title="QBO Add All: Invoice Manager", actor=owner)
    return {"run": run.pk, "queued": moves.queue(run), "size": run.size}


def choose_all(run_id: str) -> dict[str, Any]:
    """Answer every choice of a run: the first candidate that can be linked, or a new one."""
    from associates.models import Associate
    from qbo_sync.models import Step
    from qbo_sync.models.states import StepState
    from qbo_sync.push import choices
    from qbo_sync.push.candidates import candidates

    owner, answered = Associate.objects.get(username="owner"), []
    waiting = Step.objects.filter(run=run_id, state=StepState.NEEDS_CHOICE).select_related("run__connection")
    for step in waiting:
        offered = choices.documents(step) or [
            choice.candidate for choice in candidates(step) if choice.candidate.linkable
        ]
        if offered:
            problem = choices.link(step, entity=offered[0].entity, qbo_id=offered[0].qbo_id, actor=owner)
        else:
            problem = choices.create_new(step)
        answered.append([step.label, problem])
    return {"answered": answered}


def look(run_id: str) -> dict[str, Any]:
    """How a run stands."""
    from django.db.models import Count

    from qbo_sync.models import Run

    run = Run.objects.get(pk=run_id)
    counts = run.steps.order_by().values_list("kind", "state").annotate(Count("pk"))
    return {
        "state": run.state,
        "message": run.message,
        "steps": {f"{kind} {state}": count for kind, state, count in counts},
        "attempts": list(run.attempts.values_list("state", flat=True)),
    }


def links() -> dict[str, Any]:
    """The QBO IDs of everything linked, by entity; null for a reservation."""
    from qbo_sync.models import Link

    found: dict[str, Any] = {}
    for entity, qbo_id in Link.objects.values_list("entity", "qbo_id"):
        found.setdefault(entity, []).append(qbo_id)
    return found


def invoices(run_id: str) -> dict[str, Any]:
    """For each invoice that a run copied: QBO ID, number, total, and the line amounts in order."""
    from invoices.models import Invoice
    from qbo_sync.models import Link, Step

    done = Step.objects.filter(run=run_id, kind="invoice", state="done").values_list("record_id", flat=True)
    qbo_ids = dict(Link.objects.filter(invoice__in=list(done)).values_list("invoice_id", "qbo_id"))
    found = Invoice.objects.filter(pk__in=list(done)).select_related("job__client").prefetch_related("lines")
    return {
        qbo_ids[invoice.pk]: {
            "number": invoice.number,
            "client": invoice.job.client.name,
            "kind": invoice.kind,
            "total": str(invoice.total),
            "lines": [str(line.amount) for line in invoice.lines.all() if not line.covered]
            + ([str(invoice.adjustment)] if invoice.adjustment else []),
            "hours": sum(bool(line.hour_entry_id and not line.covered) for line in invoice.lines.all()),
        }
        for invoice in found
    }


def people_here(people: str) -> dict[str, int]:
    """Make clients, organizations and associates; answers how many there are, as `how_many` does."""
    from associates.models import Associate
    from clients.models import Client
    from organizations.models import Organization

    made: dict[str, list[Any]] = {"client": [], "organization": [], "associate": []}
    for each in json.loads(people):
        contacts = {"email": each["email"], "phone": each["phone"]}
        if each["kind"] == "client":
            names = {"name": each["name"], "first_name": each["given"], "last_name": each["family"]}
            made["client"].append(Client(**names, **contacts, stage=Client.Stage.CLIENT))
        elif each["kind"] == "organization":
            made["organization"].append(Organization(name=each["name"], **contacts))
        else:
            made["associate"].append(Associate(first_name=each["given"], last_name=each["family"], **contacts))
    Client.objects.bulk_create(made["client"])
    Organization.objects.bulk_create(made["organization"])
    Associate.objects.bulk_create(made["associate"])
    return how_many()


def how_many() -> dict[str, int]:
    """How many records there are that are copied, by the list that they go to."""
    from associates.models import Associate
    from clients.models import Client
    from organizations.models import Organization

    contractors = Associate.objects.filter(kind=Associate.Kind.CONTRACTOR).count()
    return {
        "Customer": Client.objects.clients().filter(is_own_company=False).count(),
        "Vendor": Organization.objects.count() + contractors,
        "Employee": Associate.objects.filter(kind=Associate.Kind.EMPLOYEE).count(),
    }


def who_is_whom() -> list[list[str]]:
    """Entity, QBO ID and our name of everybody linked."""
    from qbo_sync.models import Link
    from qbo_sync.models.kinds import NAME_ENTITIES

    links = Link.objects.filter(entity__in=NAME_ENTITIES).select_related("client", "organization", "associate")
    return [[link.entity, str(link.qbo_id), str(getattr(link, link.kind))] for link in links]


STEPS = {
    step.__name__: step
    for step in (
        people_here,
        how_many,
        who_is_whom,
        connect,
        import_all,
        next_of,
        payments_here,
        map_all,
        add_all_invoices,
        choose_all,
        look,
        links,
        invoices,
    )
}


def main() -> None:
    """Answer steps line by line, so that a journey that asks often starts Django once."""
    django.setup()
    for line in sys.stdin:
        step, *arguments = json.loads(line)
        sys.stdout.write(json.dumps(STEPS[step](*arguments)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
