"""An XML body as the JSON of the same content, read by the declarations of the entities."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from qbo_simulator.engine.kinds import Kind
from qbo_simulator.engine.objects import Composite, Currency, ListOf, Loose, Reference
from qbo_simulator.engine.schema import Entity

BATCH = "IntuitBatchRequest"


def body(content: bytes, entities: Mapping[str, Entity]) -> Any:
    """The JSON that says the same; None where the body is no XML or its element is no entity.

    entities: by lower-case name.  Entities outside the document are not resolved.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if local(root) == BATCH:
        return {"BatchItemRequest": [item(each, entities) for each in root]}
    entity = entities.get(local(root).lower())
    return record(root, entity) if entity else None


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def item(element: etree._Element, entities: Mapping[str, Entity]) -> dict[str, Any]:
    """One item of a batch: its attributes, and a query or a record."""
    found: dict[str, Any] = dict(element.attrib)
    for child in element:
        name = local(child)
        entity = entities.get(name.lower())
        found[name] = record(child, entity) if entity else (child.text or "")
    return found


def record(element: etree._Element, entity: Entity) -> dict[str, Any]:
    return {**element.attrib, **members(element, {name: field.kind for name, field in entity.by_name.items()})}


def members(element: etree._Element, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The children of an element, those of one name together."""
    together: dict[str, list[etree._Element]] = {}
    for child in element:
        together.setdefault(local(child), []).append(child)
    return {name: value(children, kinds.get(name)) for name, children in together.items()}


def value(elements: list[etree._Element], kind: Kind | None) -> Any:
    """What elements of one name say, as their kind has it."""
    if isinstance(kind, ListOf):
        return [value([each], kind.each) for each in elements]
    if isinstance(kind, Reference | Currency):
        return {"value": elements[-1].text or "", **elements[-1].attrib}
    if isinstance(kind, Composite):
        return composite(elements[-1], kind)
    if kind is None or isinstance(kind, Loose):
        found = [loose(each) for each in elements]
        return found[0] if len(found) == 1 else found
    return elements[-1].text or ""


def composite(element: etree._Element, kind: Composite) -> Any:
    if set(kind.parts) == {"value"} and not len(element):
        return {"value": element.text or ""}
    return members(element, kind.parts)


def loose(element: etree._Element) -> Any:
    """What nothing is declared of: an object where it has children, else its text."""
    return members(element, {}) if len(element) else (element.text or "")
