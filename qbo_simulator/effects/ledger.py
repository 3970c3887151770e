"""The ledger: every document posts as much to the debit as to the credit, and balances follow the postings."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from qbo_simulator.effects import lines
from qbo_simulator.engine.books import Account, Books, Record, as_id
from qbo_simulator.engine.document import Ledger, Side
from qbo_simulator.engine.money import decimal, to_cents
from qbo_simulator.engine.write import Write, create

# accounts that every company has; one that is missing is made: subtype → (name, type)
SYSTEM_ACCOUNTS = {
    "AccountsReceivable": ("Accounts Receivable (A/R)", "Accounts Receivable"),
    "AccountsPayable": ("Accounts Payable (A/P)", "Accounts Payable"),
    "UndepositedFunds": ("Undeposited Funds", "Other Current Asset"),
    "SalesTaxPayable": ("Sales Tax Payable", "Other Current Liability"),
    "OpeningBalanceEquity": ("Opening Balance Equity", "Equity"),
}
# only these carry a balance from year to year
CARRIED = ("Asset", "Liability", "Equity")
PARTIES = {"CustomerRef": "Customer", "VendorRef": "Vendor"}
Postings = dict[Account, int]


def post(write: Write) -> None:
    """Post what the document says now in place of what it said before; balances and the stock follow."""
    ledger = write.entity.document.ledger if write.entity.document else None
    if ledger is None:
        return
    books, gone = write.books, write.operation == "delete"
    before = books.postings(write.entity.name, write.id) if write.old else {}
    now: Postings = {} if gone else compiled(books, ledger, write.new)
    if now != before:
        books.post(write.entity.name, write.id, now)
        carry(books, before, now)
    stock(books, ledger, write.before, {} if gone else write.new)


def carry(books: Books, before: Postings, now: Postings) -> None:
    """Move the balances of accounts and of those with whom amounts are open."""
    for key in before.keys() | now.keys():
        change = Decimal(now.get(key, 0) - before.get(key, 0)) / 100
        if change:
            move_account(books, str(key[0]), change)
            move_party(books, key[1], str(key[2]), change)


def move_account(books: Books, id: str, change: Decimal) -> None:
    """An account's balance, debits positive, and that of all above it."""
    account = books.peek("Account", id)
    if account.get("Classification") not in CARRIED:
        return
    own = {"CurrentBalance": change} if account["Active"] else {}
    books.shift("Account", id, CurrentBalanceWithSubAccounts=change, **own)
    for above in ancestors(books, "Account", account):
        books.shift("Account", above, CurrentBalanceWithSubAccounts=change)


def move_party(books: Books, entity: str, id: str, change: Decimal) -> None:
    """What a customer owes, sub-customers included above it (§8.1), or what is owed to a vendor."""
    if entity == "Vendor":
        books.shift("Vendor", id, Balance=-change)
    elif entity == "Customer":
        books.shift("Customer", id, Balance=change, BalanceWithJobs=change)
        for above in ancestors(books, "Customer", books.peek("Customer", id)):
            books.shift("Customer", above, BalanceWithJobs=change)


def ancestors(books: Books, entity: str, record: Record) -> Iterator[str]:
    while "ParentRef" in record:
        yield record["ParentRef"]["value"]
        record = books.peek(entity, record["ParentRef"]["value"])


def compiled(books: Books, ledger: Ledger, record: Record) -> Postings:
    """The postings of a record: (account, party) → cents, debits positive; their sum is 0."""
    debit, credit = ledger.debit, ledger.credit
    if ledger.turned and record.get(ledger.turned):
        debit, credit = credit, debit
    found: Postings = {}
    if debit.lines or credit.lines:
        sign = 1 if debit.lines else -1
        for account, amount, whom in (*lines.postings(books, record), *taxed(books, record)):
            add(found, (as_id(account), *whom), sign * cents(amount))
        if not (debit.lines and credit.lines):
            other = credit if debit.lines else debit
            add(found, account_of(books, other, record), -sum(found.values()))
    else:
        whole = cents(decimal(value_at(record, ledger.amount)))
        add(found, account_of(books, debit, record), whole)
        add(found, account_of(books, credit, record), -whole)
    return {key: amount for key, amount in found.items() if amount}


def add(postings: Postings, key: Account, amount: int) -> None:
    postings[key] = postings.get(key, 0) + amount


def cents(amount: Decimal) -> int:
    return int(to_cents(amount) * 100)


def taxed(books: Books, record: Record) -> Iterator[lines.Posting]:
    """Sales tax is owed to the state."""
    tax = decimal(record.get("TxnTaxDetail", {}).get("TotalTax"))
    if tax:
        yield system_account(books, "SalesTaxPayable"), tax, lines.NOBODY


def account_of(books: Books, side: Side, record: Record) -> Account:
    """The one account of a side, and with whom the amount is open."""
    named = next((found for path in side.paths if (found := value_at(record, path))), None)
    account = named["value"] if named else system_account(books, side.role)
    person = record.get(side.party)
    return (as_id(account), PARTIES[side.party], as_id(person["value"])) if person else (as_id(account), *lines.NOBODY)


def value_at(record: Record, path: str) -> Any:
    """What stands at a dotted path of a record, or None."""
    found: Any = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def system_account(books: Books, subtype: str) -> str:
    """The account of a subtype that every company has; made where it is missing."""
    found = books.ids_where("Account", AccountSubType=subtype, active=1)
    if found:
        return str(found[0])
    name, sort = SYSTEM_ACCOUNTS[subtype]
    body = {"Name": name, "AccountType": sort, "AccountSubType": subtype}
    return str(create(books, books.registry["Account"], body)["Id"])


def stock(books: Books, ledger: Ledger, before: Record, now: Record) -> None:
    """Goods that are sold leave the stock, goods that are bought enter it."""
    sign = 1 if ledger.debit.lines else -1
    for direction, record in ((-1, before), (1, now)):
        turned = -1 if ledger.turned and record.get(ledger.turned) else 1
        for item, quantity in lines.quantities(books, record):
            books.shift("Item", item, QtyOnHand=sign * direction * turned * quantity)


def open_balance(write: Write) -> None:
    """An opening balance of a customer or vendor is posted against equity."""
    amount = cents(decimal(write.new.get("Balance")))
    if write.operation != "create" or not amount:
        return
    customer = write.entity.name == "Customer"
    control = system_account(write.books, "AccountsReceivable" if customer else "AccountsPayable")
    equity = system_account(write.books, "OpeningBalanceEquity")
    signed = amount if customer else -amount
    now = {(as_id(control), write.entity.name, as_id(write.id)): signed, (as_id(equity), *lines.NOBODY): -signed}
    write.books.post(write.entity.name, write.id, now)
    for account, *_ in now:
        move_account(write.books, str(account), Decimal(now[account, *_]) / 100)


def open_stock(write: Write) -> None:
    """Goods that are there when an inventory item is made are posted against equity."""
    new = write.new
    amount = cents(decimal(new.get("QtyOnHand")) * decimal(new.get("PurchaseCost")))
    if write.operation != "create" or new.get("Type") != "Inventory" or not amount:
        return
    equity = system_account(write.books, "OpeningBalanceEquity")
    now = {(as_id(new["AssetAccountRef"]["value"]), *lines.NOBODY): amount, (as_id(equity), *lines.NOBODY): -amount}
    write.books.post(write.entity.name, write.id, now)
    carry(write.books, {}, now)


def count_above(write: Write) -> None:
    """What is open with a record below another counts above it, too, wherever it is put (§8.1)."""
    before, now = write.before.get("ParentRef"), write.new.get("ParentRef")
    name = "BalanceWithJobs" if write.entity.name == "Customer" else "CurrentBalanceWithSubAccounts"
    amount = decimal(write.new.get(name))
    if before == now or not amount:
        return
    for sign, record in ((-1, write.before), (1, write.new)):
        for above in ancestors(write.books, write.entity.name, record):
            write.books.shift(write.entity.name, above, **{name: sign * amount})


def show_balance(write: Write) -> None:
    """An inactive account shows a balance of 0, an active one what is posted to it (§2.3)."""
    was, now = write.before.get("Active", True), write.new["Active"]
    if not now:
        write.new["CurrentBalance"] = 0
    elif not was and write.new["Classification"] in CARRIED:
        write.new["CurrentBalance"] = float(Decimal(write.books.posted_to(write.before["Id"])) / 100)
