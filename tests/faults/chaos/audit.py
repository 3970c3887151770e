"""Comparing the books at QuickBooks with what was planned: each record there, once, and the right one.

It looks at the records as a bookkeeper would, not with the engine's own comparison: by name, number, or date, minutes
and description.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, TypeAlias

from invoices.models import Invoice
from qbo_sync.entities import COPIED, Key
from qbo_sync.entities.names import job_name
from qbo_sync.models import Attempt, Connection, Entity, Kind, Link, Run, Step
from qbo_sync.models.kinds import NAME_ENTITIES
from qbo_sync.models.states import AttemptState, StepState
from qbo_sync.push.blocking import SATISFIED

Row: TypeAlias = Mapping[str, Any]
Known: TypeAlias = tuple[str, Any]  # entity, and what a bookkeeper knows a record by
OPEN_STEPS = (StepState.UNKNOWN, StepState.SENDING, StepState.NEEDS_CHOICE, StepState.READY)
OUR_NUMBERS = {
    Kind.MILEAGE_ENTRY: "SMM-M",
    Kind.EXPENSE_ENTRY: "SMM-E",
    Kind.RECEIPT: "SMM-E",
    Kind.PAYMENT: "SMM-P",
}
REFERENCES = ("CustomerRef", "EmployeeRef", "VendorRef", "EntityRef", "ParentRef")


@dataclass
class Findings:
    """What is wrong, a sentence each, under the heading that it is counted by."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Findings") -> "Findings":
        for each in fields(self):
            getattr(self, each.name).extend(getattr(other, each.name))
        return self

    def counts(self) -> dict[str, int]:
        return {each.name: len(getattr(self, each.name)) for each in fields(self)}

    def sentences(self) -> Iterator[str]:
        for each in fields(self):
            yield from (f"{each.name}: {sentence}" for sentence in getattr(self, each.name))


class Audit:
    """One look at everything that these runs should have made at QuickBooks, and at all that is there.

    rows: what was made since the books were opened, inactive names too, by entity and Id.
    """

    def __init__(self, connection: Connection, rows: Mapping[str, Mapping[str, Row]], runs: Sequence[Run]) -> None:
        self.found = Findings()
        self.runs = runs
        self.rows = rows
        self.steps = {(Kind(step.kind), step.record_id): step for step in Step.objects.filter(run__in=runs)}
        self.links = {(link.kind, link.record_id): link for link in Link.objects.filter(connection=connection)}
        self.records = dict(_records(self.steps))

    def findings(self) -> Findings:
        """Everything that is wrong where all was copied, and what was changed since was changed there."""
        self._each_is_there_once()
        self._each_link_is_right()
        self._parents_came_first()
        self._nothing_is_open()
        self._hours_are_billed_once()
        return self.found

    def findings_when_taken_back(self) -> Findings:
        """Everything that is wrong where all was taken back: documents deleted, names inactive, nothing linked."""
        self.found.unexpected += [
            f"{known_there(entity, row)} is still there"
            for entity, of_entity in self.rows.items()
            for row in of_entity.values()
            if row.get("Active", True)
        ]
        left = Step.objects.filter(run__in=self.runs, run__type=Run.Type.REVERSE).exclude(state__in=SATISFIED)
        self.found.wrong += [f"{step.label} is {step.state}: {step.message}" for step in left]
        self.found.wrong += [f"{key} is still linked" for key in self.links]
        self._nothing_is_open()
        return self.found

    def _each_is_there_once(self) -> None:
        planned = Counter(known_here(key, record, self.steps[key].entity) for key, record in self.records.items())
        there = Counter(
            known_there(entity, row) for entity, of_entity in self.rows.items() for row in of_entity.values()
        )
        self.found.lost += [f"{known} is missing {count}×" for known, count in (planned - there).items()]
        for known, count in (there - planned).items():
            (self.found.doubled if known in planned else self.found.unexpected).append(
                f"{known} is there {count}× more"
            )
        linked = {(link.entity, link.qbo_id) for link in self.links.values()}
        self.found.unexpected += [
            f"{entity} {qbo_id} is known to no link"
            for entity, of_entity in self.rows.items()
            for qbo_id in of_entity
            if (entity, qbo_id) not in linked
        ]

    def _each_link_is_right(self) -> None:
        for key, step in self.steps.items():
            link = self.links.get(key)
            row = self.rows[link.entity].get(str(link.qbo_id)) if link else None
            if link is None or row is None:
                self.found.wrong.append(f"{step.label} ({step.state}: {step.message}) has {link or 'no link'}")
            elif known_there(link.entity, row) != known_here(key, self.records[key], step.entity):
                self.found.wrong.append(f"{step.label} is linked with {known_there(link.entity, row)}")
            else:
                self._says_the_same(key, row)

    def _says_the_same(self, key: Key, row: Row) -> None:
        """What is changed in the course of a round, of what a record is not known by."""
        record = self.records[key]
        if "TotalAmt" in row and money(row) != abs(COPIED[key[0]].amount(record) or 0):
            self.found.wrong.append(f"{record} is ${money(row)} at QuickBooks")
        if key[0] == Kind.CLIENT and (phone := row.get("PrimaryPhone", {}).get("FreeFormNumber", "")) != record.phone:
            self.found.wrong.append(f"{record} has the phone number {phone} at QuickBooks")

    def _parents_came_first(self) -> None:
        names = {qbo_id: row for entity in NAME_ENTITIES for qbo_id, row in self.rows[entity].items()}
        for entity, of_entity in self.rows.items():
            for qbo_id, row in of_entity.items():
                parents = [names.get(row[name]["value"]) for name in REFERENCES if name in row]
                parents += [self.rows.get(kind, {}).get(parent) for kind, parent in _linked(row)]
                if any(parent is None or made_at(parent) > made_at(row) for parent in parents):
                    self.found.order.append(f"{entity} {qbo_id} was made before what it refers to")

    def _nothing_is_open(self) -> None:
        steps = Step.objects.filter(run__in=self.runs, state__in=OPEN_STEPS)
        self.found.unknown += [f"{step.label} is {step.state}: {step.message}" for step in steps]
        attempts = Attempt.objects.filter(run__in=self.runs, state__in=(AttemptState.SENT, AttemptState.UNKNOWN))
        self.found.unknown += [f"{attempt} is {attempt.state}" for attempt in attempts]
        self.found.unknown += [f"{key} is reserved" for key, link in self.links.items() if link.is_reserved]
        self.found.unknown += [f"{run} is {run.state}: {run.message}" for run in self.runs if run.state != "done"]

    def _hours_are_billed_once(self) -> None:
        """Hours of an invoice are linked with it, and no others; those that none of ours links are not billable."""
        times = self.rows[Entity.TIME_ACTIVITY]
        billed = Counter(
            parent for row in self.rows[Entity.INVOICE].values() for kind, parent in _linked(row)
            if kind == Entity.TIME_ACTIVITY
        )  # fmt: skip
        expected = dict(self._billing())
        for qbo_id, row in times.items():
            status = expected.get(qbo_id, "Billable")
            if row.get("BillableStatus") != status or billed[qbo_id] != (status == "HasBeenBilled"):
                self.found.wrong.append(
                    f"TimeActivity {qbo_id} is {row.get('BillableStatus')}, not {status}, on {billed[qbo_id]} invoices"
                )

    def _billing(self) -> Iterator[tuple[str, str]]:
        """The QBO ID of all hours that an invoice of ours has lines of, and how they should be marked."""
        for (kind, _), invoice in self.records.items():
            if kind != Kind.INVOICE:
                continue
            linked = invoice.kind == Invoice.Kind.ITEMIZED and invoice.total > 0
            for entry_id in invoice.lines.exclude(hour_entry=None).values_list("hour_entry_id", flat=True):
                if link := self.links.get((Kind.HOUR_ENTRY, entry_id)):
                    yield str(link.qbo_id), "HasBeenBilled" if linked else "NotBillable"


def _records(steps: Mapping[Key, Step]) -> Iterator[tuple[Key, Any]]:
    for kind in {kind for kind, _ in steps}:
        ids = {record_id for of_kind, record_id in steps if of_kind == kind}
        for record in COPIED[kind].records().filter(pk__in=ids):
            yield (kind, record.pk), record


def known_here(key: Key, record: Any, entity: str) -> Known:
    """What a bookkeeper would look for at QuickBooks to find this record of ours."""
    kind, pk = key
    if kind == Kind.HOUR_ENTRY:
        return entity, (record.associate.name, record.date.isoformat(), record.minutes, record.description)
    if kind == Kind.INVOICE:
        return entity, record.number
    if kind == Kind.JOB:
        return entity, job_name(record.client.name, record.name)
    return entity, f"{OUR_NUMBERS[kind]}{pk}" if kind in OUR_NUMBERS else record.name


def known_there(entity: str, row: Row) -> Known:
    """The same of a record at QuickBooks."""
    if entity in NAME_ENTITIES:
        return entity, row["DisplayName"]
    if entity == Entity.TIME_ACTIVITY:
        who = row.get("EmployeeRef") or row["VendorRef"]
        return entity, (who["name"], row["TxnDate"], row["Hours"] * 60 + row["Minutes"], row["Description"])
    if entity == Entity.ATTACHABLE:
        return entity, row["FileName"].partition(" ")[0]
    return entity, row.get("PaymentRefNum" if entity == Entity.PAYMENT else "DocNumber")


def _linked(row: Row) -> list[tuple[str, str]]:
    """Entity and Id of the documents that a document is about."""
    lines = [linked for line in row.get("Line", ()) for linked in line.get("LinkedTxn", ())]
    documents = lines if "PaymentRefNum" in row else row.get("LinkedTxn", ())
    attached = [each["EntityRef"] for each in row.get("AttachableRef", ())]
    return [
        *((linked["TxnType"], linked["TxnId"]) for linked in documents if linked["TxnType"] != Entity.PAYMENT),
        *((reference["type"], reference["value"]) for reference in attached),
    ]


def made_at(row: Row) -> str:
    return str(row["MetaData"]["CreateTime"])


def money(row: Row) -> Decimal:
    """What QuickBooks asks for, without the sales tax that it adds by itself."""
    tax = row.get("TxnTaxDetail", {}).get("TotalTax", 0)
    return (Decimal(str(row["TotalAmt"])) - Decimal(str(tax))).quantize(Decimal("0.01"))
