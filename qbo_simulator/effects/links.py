"""Links between documents, as their declarations say: what may be linked, and what it does to both (§8.10, §9)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.books import Books, Record, as_id
from qbo_simulator.engine.document import Document, Link
from qbo_simulator.engine.money import decimal, number
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

Line = dict[str, Any]
Target = tuple[str, int]


def declared(write: Write) -> Document:
    return write.entity.document or Document()


def allowed(write: Write, entity: str) -> Link | None:
    """What is declared of links to this kind, where an app may make them."""
    link = declared(write).link_to(entity)
    return None if link and link.switch and not write.books.switches[link.switch] else link


def targets(document: Document, record: Record) -> dict[Target, Decimal]:
    """What a record is linked to → by what amount its lines settle that."""
    found: dict[Target, Decimal] = {}
    for holder in (record, *record.get("Line", [])):
        for link in holder.get("LinkedTxn", []):
            if document.link_to(link["TxnType"]):
                key = (link["TxnType"], as_id(link["TxnId"]))
                amount = decimal(holder.get("Amount")) if holder is not record else Decimal(0)
                found[key] = found.get(key, Decimal(0)) + amount
    return found


# before the write


def settle(write: Write) -> None:
    """The links that are sent stand on the lines and, where the document has them, on its head; the server's stay."""
    new, heads = write.new, has_own_heads(write)
    kept = [link for link in write.before.get("LinkedTxn", []) if not (heads and allowed(write, link["TxnType"]))]
    if write.operation == "void":
        show_heads(write, [])
        return
    own = [link for link in head_links(write) if allowed(write, link["TxnType"])] if heads else []
    alone = list(own)
    for line in new.get("Line", []):
        settle_line(write, line)
        own += line.get("LinkedTxn", [])
    refuse_aggregates(write, alone)
    new["LinkedTxn"] = once(own) if heads else []
    check(write)
    show_heads(write, kept + new.pop("LinkedTxn"))


def has_own_heads(write: Write) -> bool:
    field = write.entity.by_name.get("LinkedTxn")
    return field is not None and not field.server


def head_links(write: Write) -> list[Line]:
    """The document's own links; lines sent without them bring their own (§2.3: Line is replaced whole)."""
    if "Line" in write.sent and "LinkedTxn" not in write.sent:
        return []
    return write.new.get("LinkedTxn", [])


def show_heads(write: Write, links: list[Line]) -> None:
    write.new.pop("LinkedTxn", None)
    if links or declared(write).subtotal:
        write.new["LinkedTxn"] = links


def settle_line(write: Write, line: Line) -> None:
    """Links of a line that an app may make; a document of links alone refuses any other (620)."""
    kept = []
    for link in line.pop("LinkedTxn", []):
        if allowed(write, link["TxnType"]) and link["TxnId"].isdigit():
            kept.append(link)
        elif declared(write).strict:
            raise faults.cannot_link(link["TxnId"], f"of type {link['TxnType']} cannot be linked here.")
    if kept and not declared(write).strict:
        kept = [{**link, "TxnLineId": link.get("TxnLineId", "1")} for link in kept]
    if kept:
        line["LinkedTxn"] = kept


def once(links: list[Line]) -> list[Line]:
    """Each once, as a document's head shows it."""
    keys = dict.fromkeys((link["TxnId"], link["TxnType"]) for link in links)
    return [{"TxnId": id, "TxnType": kind} for id, kind in keys]


def refuse_aggregates(write: Write, heads: list[Line]) -> None:
    """One line for several documents that are linked on the head alone was refused (§9)."""
    on_lines = {link["TxnId"] for line in write.new.get("Line", []) for link in line.get("LinkedTxn", [])}
    for kind in {link.to for link in declared(write).links if link.one_line_each}:
        alone = [each["TxnId"] for each in heads if each["TxnType"] == kind and each["TxnId"] not in on_lines]
        if len(alone) > 1:
            raise faults.cannot_link(alone[0], "is linked on the document alone and on none of its lines.")


def check(write: Write) -> None:
    """Whatever is newly linked must be there, be fit for it, be of the same customer or vendor, and be open."""
    document = declared(write)
    before = targets(document, write.before)
    for key, amount in targets(document, write.new).items():
        link = document.link_to(key[0])
        if link:
            check_target(write, link, key, amount - before.get(key, Decimal(0)), known=key in before)


def check_target(write: Write, link: Link, key: Target, more: Decimal, *, known: bool) -> None:
    id = str(key[1])
    target = write.books.get(link.to, id)
    if target is None:
        raise (
            faults.invalid_reference(f"Txns element id {id} not found")
            if link.settles
            else fault_of(write, id, "was not found.")
        )
    if link.settles and more > open_amount(write.books, link.to, target, more):
        words = f"The amount applied is greater than the open balance of transaction {id}."
        raise faults.business(words, "Line.Amount")
    if known:
        return
    if any(target.get(name) != value for name, value in link.needs.items()):
        raise fault_of(write, id, "is not billable or has been billed already.")
    if link.party and not same_party(write, link, target):
        whose = link.party.removesuffix("Ref").lower()
        raise fault_of(write, id, f"belongs to another {whose}.")


def open_amount(books: Books, entity: str, target: Record, otherwise: Decimal) -> Decimal:
    document = books.registry[entity].document
    return decimal(target.get(document.open[0])) if document and document.open else otherwise


def fault_of(write: Write, id: str, why: str) -> Fault:
    """620, or 6000 where that switch says so (§9)."""
    if write.books.switches["time_link_fault"] == "6000" and not declared(write).strict:
        return faults.business(f"Transaction {id} {why}", "LinkedTxn")
    return faults.cannot_link(id, why)


def same_party(write: Write, link: Link, target: Record) -> bool:
    """Whether both are of one customer (or of customers below one parent), or of one vendor."""
    ours, theirs = write.new.get(link.party), target.get(link.party)
    way = write.books.switches["payment_customer"] if link.settles else "family"
    if link.party != "CustomerRef" or way == "same":
        return bool(ours and theirs and ours["value"] == theirs["value"])
    return way == "any" or same_family(write.books, theirs, ours)


def same_family(books: Books, one: Record | None, other: Record | None) -> bool:
    return bool(one and other) and topmost(books, one["value"]) == topmost(books, other["value"])  # type: ignore[index]


def topmost(books: Books, id: str) -> str:
    parent = books.peek("Customer", id).get("ParentRef")
    return topmost(books, parent["value"]) if parent else id


# after the write


def act(write: Write) -> None:
    """What is linked now becomes what it is to become; what is linked no longer becomes again what it was."""
    document, books, name = declared(write), write.books, write.entity.name
    if document.links:
        gone = write.operation in ("delete", "void")
        before = {row[:2]: Decimal(row[2]) for row in books.links_from(name, write.id)} if write.old else {}
        now = {} if gone else targets(document, write.new)
        books.link(name, write.id, {key: str(amount) for key, amount in now.items()})
        for key in sorted(before.keys() | now.keys()):
            link = document.link_to(key[0])
            changed = (key in now) != (key in before) or now.get(key) != before.get(key)
            if link and changed:
                touch(write, link, key, now.get(key, Decimal(0)) - before.get(key, Decimal(0)), stays=key in now)


def touch(write: Write, link: Link, key: Target, difference: Decimal, *, stays: bool) -> None:
    own = {"TxnId": write.id, "TxnType": write.entity.name}
    document = write.books.registry[link.to].document or Document()

    def change(target: Record) -> None:
        for name in document.open if link.settles else ():
            target[name] = number(decimal(target.get(name)) - difference)
        target.update(link.taken if stays else link.freed)
        if link.shown:
            others = [each for each in target.get("LinkedTxn", []) if each != own]
            target["LinkedTxn"] = [*others, own] if stays else others

    write.books.touch(link.to, key[1], change)
    if link.follow:
        link.follow(write.books, write.books.get(link.to, key[1]) or {}, stays)


def release(write: Write) -> None:
    """Deleting or voiding a document frees those that are linked to it; a payment keeps its money, unapplied (§8.9)."""
    if write.operation not in ("delete", "void"):
        return
    books, name = write.books, write.entity.name
    for entity, id, amount in books.links_to(name, write.id):
        document = books.registry[entity].document or Document()
        link = document.link_to(name)
        if link:
            free(books, document, link, (entity, id), write.id, Decimal(amount))
            books.unlink(entity, id, name, write.id)


def free(books: Books, document: Document, link: Link, holder: Target, id: str, amount: Decimal) -> None:
    def change(record: Record) -> None:
        gone = [line for line in record.get("Line", []) if link.settles and points_at(line, link.to, id)]
        record["Line"] = [line for line in record.get("Line", []) if line not in gone]
        for place in (record, *record["Line"]):
            strip(place, link.to, id)
        if document.unapplied:
            record[document.unapplied] = number(decimal(record.get(document.unapplied)) + link.settles * amount)

    books.touch(*holder, change)


def points_at(line: Line, entity: str, id: str) -> bool:
    return any(each["TxnType"] == entity and each["TxnId"] == id for each in line.get("LinkedTxn", []))


def strip(place: Line, entity: str, id: str) -> None:
    if "LinkedTxn" in place:
        place["LinkedTxn"] = [each for each in place["LinkedTxn"] if (each["TxnType"], each["TxnId"]) != (entity, id)]


def held(write: Write) -> None:
    """What another document is linked to cannot always be changed or deleted (800, 6540)."""
    if write.old is None:
        return
    for holder, _, _ in holders(write):
        document = write.books.registry[holder].document
        link = document.link_to(write.entity.name) if document else None
        if link and write.operation in link.holds:
            raise replace(link.holds[write.operation])


def holders(write: Write) -> Iterator[tuple[str, int, str]]:
    yield from write.books.links_to(write.entity.name, write.before["Id"])
