"""By hand to names and lists: create, rename, change, deactivate, bring back."""

from typing import Any

from qbo_simulator import entities
from qbo_simulator.engine.books import Books
from qbo_simulator.pages.kinds import KINDS
from qbo_simulator.pages.kinds.declared import Record, found
from qbo_simulator.pages.mistakes.declared import Input, Mistake, Operation, changing

PEOPLE = ("Customer", "Vendor", "Employee")


def is_named(entity: str) -> bool:
    """Whether records of this kind bear a name that can be changed."""
    known = entities.REGISTRY[entity]
    return known.unique is not None and "update" in known.operations


def is_list(entity: str) -> bool:
    known = entities.REGISTRY[entity]
    return known.is_list and "update" in known.operations


def name_property(record: Record) -> str:
    return "DisplayName" if "DisplayName" in record else "Name"


def own_name(record: Record) -> str:
    return str(record.get(name_property(record), ""))


def is_active(books: Books, record: Record) -> bool:
    return bool(record.get("Active"))


def is_inactive(books: Books, record: Record) -> bool:
    return not record.get("Active")


def entity_of(record: Record) -> str:
    """Pages hand the kind over with the record."""
    return str(record["entity"])


def rename(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    return [Operation("update", entity_of(record), changing(record, **{name_property(record): given["name"]}))]


def set_active(active: bool) -> Any:
    def operations(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
        return [Operation("update", entity_of(record), changing(record, Active=active))]

    return operations


def change_contact(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
    """An empty field is sent as the empty object that empties it (qbo-api.md §2.3)."""
    phone = {"FreeFormNumber": given["phone"]} if given["phone"] else {}
    email = {"Address": given["email"]} if given["email"] else {}
    return [Operation("update", entity_of(record), changing(record, PrimaryPhone=phone, PrimaryEmailAddr=email))]


def create(entity: str) -> Any:
    def operations(books: Books, record: Record, given: dict[str, Any]) -> list[Operation]:
        body: dict[str, Any] = {
            name: given[name] for name in ("DisplayName", "GivenName", "FamilyName") if given.get(name)
        }
        if given.get("email"):
            body["PrimaryEmailAddr"] = {"Address": given["email"]}
        if given.get("parent"):
            body |= {"ParentRef": {"value": given["parent"]}, "Job": True}
        return [Operation("create", entity, body)]

    return operations


def created(record: Record, answers: list[Record]) -> str:
    kind = KINDS[entity_of(record)]
    return f"{kind.one} “{kind.title(answers[0])}” was created, with the id {answers[0]['Id']}."


def renamed(record: Record, answers: list[Record]) -> str:
    return f"“{own_name(record)}” is called “{own_name(answers[0])}” now."


def deactivated(record: Record, answers: list[Record]) -> str:
    return f"“{own_name(record)}” is inactive now, as “{own_name(answers[0])}”."


def at(path: str) -> Any:
    """What a record has at a path, "" where nothing."""
    return lambda record: found(record, path) or ""


RENAME = Mistake(
    "rename", "Rename", "Gives the record another name. Whatever refers to it shows the new one from then on.",
    rename, renamed, is_named, is_active,
    (Input("name", "New name", value=own_name),),
)  # fmt: skip
CONTACT = Mistake(
    "contact", "Change phone and e-mail", "Changes the record behind the app's back: its SyncToken moves on.",
    change_contact, lambda record, answers: f"Phone and e-mail of “{own_name(answers[0])}” were changed.",
    lambda entity: entity in PEOPLE, is_active,
    (
        Input("phone", "Phone", value=at("PrimaryPhone.FreeFormNumber"), required=False),
        Input("email", "E-mail", value=at("PrimaryEmailAddr.Address"), required=False),
    ),
)  # fmt: skip
DEACTIVATE = Mistake(
    "deactivate", "Make inactive",
    "Takes the record out of the lists. Its name gets “ (deleted)” behind it, and nothing new can refer to it.",
    set_active(False), deactivated, is_list, is_active, severe=True,
)  # fmt: skip
REACTIVATE = Mistake(
    "reactivate", "Make active again", "Brings the record back into the lists.", set_active(True),
    lambda record, answers: f"“{own_name(answers[0])}” is active again.", is_list, is_inactive,
)  # fmt: skip
EMAIL = Input("email", "E-mail", required=False, most=100)
NEW_PERSON = (Input("DisplayName", "Display name"), EMAIL)
NEW = {
    entity: Mistake(
        "new", f"New {KINDS[entity].one.lower()} by hand",
        "Creates a record that the app knows nothing of, as somebody at QuickBooks would.", create(entity), created,
        lambda entity: False, inputs=inputs,
    )
    for entity, inputs in (
        ("Customer", (
            *NEW_PERSON,
            Input("parent", "Id of the customer it stands under", required=False, help="Empty for one of its own."),
        )),
        ("Vendor", NEW_PERSON),
        ("Employee", (Input("GivenName", "First name"), Input("FamilyName", "Last name"), EMAIL)),
    )
}  # fmt: skip
MISTAKES = (RENAME, CONTACT, DEACTIVATE, REACTIVATE)
