"""A JSON answer as the XML that Intuit would send (shapes from captures of 2013-2016)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

NAMESPACE = "http://schema.intuit.com/finance/v3"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
RECORD_ATTRIBUTES = ("domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId")
# elements whose attributes are others than a record's
ATTRIBUTES = {
    "Fault": ("type",),
    "Error": ("code", "element"),
    "Row": ("type", "group"),
    "ColData": ("value", "id", "href"),
}
FIRST = ("Id", "SyncToken", "MetaData")
NAME = re.compile(r"[A-Za-z_][\w.-]*")
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def response(body: Mapping[str, Any], time: str) -> bytes:
    """`<IntuitResponse time=…>` around the members of a JSON answer."""
    return document("IntuitResponse", body, {"time": time})


def document(root: str, body: Mapping[str, Any], attributes: Mapping[str, str] | None = None) -> bytes:
    """A document of Intuit's namespace.  body: its members, as JSON has them."""
    top = etree.Element(qualified(root), nsmap={None: NAMESPACE})
    top.attrib.update(attributes or {})
    for name, value in body.items():
        add(top, name, value)
    return DECLARATION + etree.tostring(top, encoding="UTF-8", xml_declaration=False)


def qualified(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def add(parent: etree._Element, name: str, value: Any) -> None:
    """One member: lists repeat their element, objects nest, and what has no name in XML is left out."""
    if isinstance(value, list):
        for each in value:
            add(parent, name, each)
    elif isinstance(value, Mapping) and "declaredType" in value:  # a Java object that names its own element
        add(parent, str(value["name"]).rpartition("}")[2], value["value"])
    elif name == "any":
        add(parent, "NameValue", value)
    elif NAME.fullmatch(name):
        fill(etree.SubElement(parent, qualified(name)), name, value)


def fill(element: etree._Element, name: str, value: Any) -> None:
    if not isinstance(value, Mapping):
        element.text = text(value)
    elif name not in ATTRIBUTES and "value" in value and set(value) <= {"value", "name", "type"}:
        set_attributes(element, value, ("name", "type"))
        element.text = text(value["value"])
    else:
        attributes = ATTRIBUTES.get(name, RECORD_ATTRIBUTES)
        set_attributes(element, value, attributes)
        for part, content in in_order(value):
            if part not in attributes:
                add(element, part, content)


def set_attributes(element: etree._Element, value: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if value.get(name) is not None:
            element.set(name, text(value[name]))


def in_order(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The members of an object; a record begins with what every record has."""
    yield from ((name, value[name]) for name in FIRST if name in value)
    yield from ((name, part) for name, part in value.items() if name not in FIRST)


def text(value: Any) -> str:
    """A value as XML writes it, without characters that XML cannot carry."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else NOT_XML.sub("", str(value))
