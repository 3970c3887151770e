"""What a declaration says of a document: its ledger, its links, its number.  `qbo_simulator.effects` acts on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qbo_simulator.faults import Fault

if TYPE_CHECKING:
    from qbo_simulator.engine.books import Books, Record
    from qbo_simulator.engine.write import Write


@dataclass(frozen=True)
class Side:
    """The accounts of one side, debit or credit, of a document's postings.

    lines: every line names its own.  paths: else, the properties (dotted) that may name the one account, and
    role: the subtype of the account it is where none of them does.  party: the property with whom the amount is
    open; the balance of that customer or vendor follows.
    """

    lines: bool = False
    paths: tuple[str, ...] = ()
    role: str = ""
    party: str = ""


LINES = Side(lines=True)
RECEIVABLE = Side(paths=("ARAccountRef",), role="AccountsReceivable", party="CustomerRef")
PAYABLE = Side(paths=("APAccountRef",), role="AccountsPayable", party="VendorRef")
TILL = Side(paths=("DepositToAccountRef",), role="UndepositedFunds")


@dataclass(frozen=True)
class Ledger:
    """What a document posts.  Debits are credits, whatever it is.

    amount: the property with the amount where no side is made of lines.  turned: a flag that turns the sides round.
    """

    debit: Side
    credit: Side
    amount: str = "TotalAmt"
    turned: str = ""


@dataclass(frozen=True)
class Link:
    """What linking a document to one of another kind does, and what the other must be for it.

    settles: +1 where the line's amount pays the other, -1 where it uses up the other's credit, 0 where neither.
    party: the property in which both must agree.  needs: what the other must be.
    taken, freed: what the other becomes, and becomes again.  shown: whether the other shows the link, too.
    holds: operation → the fault it meets on the other, while it is linked.  switch: the control that allows the link.
    one_line_each: several on the document's head alone, and on no line, are refused (§9).
    follow: called with the other as it then is, and whether it is linked now.
    """

    to: str
    settles: int = 0
    party: str = ""
    needs: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, Any] = field(default_factory=dict)
    freed: Mapping[str, Any] = field(default_factory=dict)
    shown: bool = True
    holds: Mapping[str, Fault] = field(default_factory=dict)
    switch: str = ""
    one_line_each: bool = False
    follow: "Callable[[Books, Record, bool], None] | None" = None


@dataclass(frozen=True)
class Numbers:
    """How documents of a kind are numbered (§8.8, §8.9).

    series: numbers are counted on in it, "" for never.  custom: the preference (group and name, or a name of
    `OtherPrefs`) that leaves numbering to people.  unique: whether a number may be there once only.
    """

    series: str = ""
    custom: tuple[str, ...] = ("SalesFormsPrefs", "CustomTxnNumbers")
    unique: "Callable[[Write], bool]" = lambda write: True


@dataclass(frozen=True)
class Document:
    """What an entity has that is a document.

    party: the property that says whose it is.  ledger: None for one that posts nothing.  links: to what it can be
    linked.  numbers: None for one whose number nobody looks at.
    open: the properties that show how much of it is not settled yet.  unapplied: the one that shows how much of it
    settles nothing yet.  subtotal: whether a line with the sum is written behind the others.
    line_numbers: whether lines show LineNum; first_line: the Id of the first line.
    strict: whether a line is there for its links, so that one of another kind is refused.
    """

    party: str = ""
    ledger: Ledger | None = None
    links: tuple[Link, ...] = ()
    numbers: Numbers | None = None
    open: tuple[str, ...] = ()
    unapplied: str = ""
    subtotal: bool = False
    line_numbers: bool = True
    first_line: int = 1
    strict: bool = False

    def link_to(self, entity: str) -> Link | None:
        """What is declared of links to a kind of document, if there may be any."""
        return next((link for link in self.links if link.to == entity), None)
