"""The kinds of lines: how each is filled and checked, what it posts, and what it does to the stock."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from qbo_simulator import faults
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.engine.money import decimal, number, to_cents, total
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

Line = dict[str, Any]
Posting = tuple[str, Decimal, tuple[str, int]]  # account, amount, with whom it is open
NOBODY = ("", 0)
SALE, DISCOUNT, GROUP = "SalesItemLineDetail", "DiscountLineDetail", "GroupLineDetail"
ACCOUNT, ITEM = "AccountBasedExpenseLineDetail", "ItemBasedExpenseLineDetail"
DEPOSIT, JOURNAL, ADJUSTMENT = "DepositLineDetail", "JournalEntryLineDetail", "ItemAdjustmentLineDetail"
TAX_CODES = ("TAX", "NON")
IS_CATEGORY = "An item in this transaction is set up as a category instead of a product or service."


def detail_of(line: Line) -> Line:
    return line.get(line.get("DetailType", ""), {})


# filling


def fill(write: Write) -> None:
    """Fill and check every line by its kind; a void leaves them as they are."""
    for line in write.new["Line"] if write.operation != "void" else []:
        filler = FILLERS.get(line.get("DetailType", ""))
        if filler:
            filler(write, line, line.setdefault(line["DetailType"], {}))


def fill_sale(write: Write, line: Line, detail: Line) -> None:
    """Item, its account and the tax code; the amount against quantity and price."""
    check_product(line, detail)
    if "ItemRef" not in detail:
        detail["ItemRef"] = {"value": write.books.preference("SalesFormsPrefs.DefaultItem") or "1"}
    item = item_of(write.books, detail)
    if "IncomeAccountRef" in item:
        detail["ItemAccountRef"] = dict(item["IncomeAccountRef"])
    settle_tax_code(write, line, detail, "TAX" if is_taxable(write, item) else "NON")


def is_taxable(write: Write, item: Record) -> bool:
    customer = write.books.peek("Customer", write.new.get("CustomerRef", {}).get("value", ""))
    return bool(item.get("Taxable") and customer.get("Taxable"))


def fill_discount(write: Write, line: Line, detail: Line) -> None:
    """The account that discounts go to; one in percent is counted from the lines above it."""
    default = write.books.preferences().get("SalesFormsPrefs", {}).get("DefaultDiscountAccount")
    if "DiscountAccountRef" not in detail and default:
        detail["DiscountAccountRef"] = {"value": default}
    if detail.get("PercentBased"):
        base = total(each.get("Amount", 0) for each in write.new["Line"] if each.get("DetailType") in (SALE, GROUP))
        line["Amount"] = number(to_cents(base * decimal(detail.get("DiscountPercent")) / 100))


def fill_account(write: Write, line: Line, detail: Line) -> None:
    need(detail, ACCOUNT, "AccountRef")
    settle_billing(write, line, detail)


def fill_item(write: Write, line: Line, detail: Line) -> None:
    need(detail, ITEM, "ItemRef")
    check_product(line, detail)
    item_of(write.books, detail)
    settle_billing(write, line, detail)


def fill_deposit(write: Write, line: Line, detail: Line) -> None:
    need(detail, DEPOSIT, "AccountRef")


def fill_journal(write: Write, line: Line, detail: Line) -> None:
    """A line on receivables or payables needs the one it is open with."""
    need(detail, JOURNAL, "PostingType")
    need(detail, JOURNAL, "AccountRef")
    wanted = PARTY_OF_TYPE.get(account_type(write.books, detail["AccountRef"]["value"]))
    if wanted and detail.get("Entity", {}).get("Type") != wanted:
        sort = "Receivable" if wanted == "Customer" else "Payable"
        raise faults.business(f"When you use Accounts {sort}, you must choose a {wanted.lower()} in the Name field.")


def fill_adjustment(write: Write, line: Line, detail: Line) -> None:
    need(detail, ADJUSTMENT, "ItemRef")
    need(detail, ADJUSTMENT, "QtyDiff")
    if item_of(write.books, detail).get("Type") != "Inventory":
        raise faults.invalid_reference(f"Items element id {detail['ItemRef']['value']} is no inventory item")


FILLERS: dict[str, Callable[[Write, Line, Line], None]] = {
    SALE: fill_sale,
    DISCOUNT: fill_discount,
    ACCOUNT: fill_account,
    ITEM: fill_item,
    DEPOSIT: fill_deposit,
    JOURNAL: fill_journal,
    ADJUSTMENT: fill_adjustment,
}


def need(detail: Line, kind: str, name: str) -> None:
    if name not in detail:
        raise faults.missing(f"Line.{kind}.{name}")


def item_of(books: Books, detail: Line) -> Record:
    """The item of a line.  Raises 2500 for a category."""
    item = books.peek("Item", detail["ItemRef"]["value"])
    if item.get("Type") == "Category":
        raise faults.invalid_reference(IS_CATEGORY)
    return item


def check_product(line: Line, detail: Line) -> None:
    """Amount must be UnitPrice × Qty, compared in cents (6070); both sent as 0 count as not sent."""
    if not detail.get("Qty") and not detail.get("UnitPrice"):
        detail.pop("Qty", None)
        detail.pop("UnitPrice", None)
    if "Qty" not in detail or "UnitPrice" not in detail:
        return
    if to_cents(decimal(detail["Qty"]) * decimal(detail["UnitPrice"])) != to_cents(decimal(line["Amount"])):
        words = f"Amount is not equal to UnitPrice * Qty. Supplied value:{decimal(line['Amount']):,}"
        raise Fault("6070", "Amount is not equal to UnitPrice * Qty", words, "Line.Amount")


def settle_tax_code(write: Write, line: Line, detail: Line, default: str) -> None:
    """TAX or NON, as in a US company (6100)."""
    code = detail.setdefault("TaxCodeRef", {"value": default})["value"]
    if code not in TAX_CODES:
        raise Fault("6100", "Invalid Line TaxCode", f"Invalid Line TaxCode : Supplied value:{code}", "TaxCodeRef")


def settle_billing(write: Write, line: Line, detail: Line) -> None:
    """Billable and NotBillable can be written, HasBeenBilled is the server's (§8.8)."""
    settle_tax_code(write, line, detail, "NON")
    if not tracks_billable(write.books):
        untracked(write, detail)
    status = detail.setdefault("BillableStatus", "NotBillable")
    if line.get("Id") in billed_lines(write.before):
        detail["BillableStatus"] = "HasBeenBilled"
    elif status == "HasBeenBilled":
        raise faults.invalid_enumeration("HasBeenBilled", "BillableStatus")
    elif status == "Billable":
        settle_billable(write, detail)


def tracks_billable(books: Books) -> bool:
    return bool(books.preferences().get("VendorAndPurchasesPrefs", {}).get("BillableExpenseTracking", True))


def untracked(write: Write, detail: Line) -> None:
    """What an expense says of customers while the company does not track them (§9)."""
    told = {"BillableStatus", "CustomerRef"} & detail.keys()
    if told and write.books.switches["billable_tracking_off"] == "refused":
        raise faults.business("Billable expenses are turned off in the company's settings.", "BillableStatus")
    for name in told:
        del detail[name]


def settle_billable(write: Write, detail: Line) -> None:
    way = write.books.switches["purchase_billable"]
    if way == "refused":
        raise faults.invalid_enumeration("Billable", "BillableStatus")
    if way == "ignored":
        detail["BillableStatus"] = "NotBillable"
    elif "CustomerRef" not in detail:
        raise Fault("6310", "Missing Customer", "A customer is required on a billable line.", "CustomerRef")


def billed_lines(record: Record) -> set[str]:
    """Ids of the lines that an invoice bills."""
    lines = record.get("Line", [])
    return {line["Id"] for line in lines if detail_of(line).get("BillableStatus") == "HasBeenBilled"}


# posting

PARTY_OF_TYPE = {"Accounts Receivable": "Customer", "Accounts Payable": "Vendor"}


def account_type(books: Books, id: str) -> str:
    return str(books.peek("Account", id).get("AccountType", ""))


def sold(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    """Income; for goods, their cost too, out of the stock."""
    item = books.peek("Item", detail["ItemRef"]["value"])
    account = detail.get("ItemAccountRef") or item.get("IncomeAccountRef") or uncategorized(books, "Income")
    yield account["value"], decimal(line["Amount"]), NOBODY
    cost = decimal(item.get("PurchaseCost")) * decimal(detail.get("Qty"))
    if item.get("Type") == "Inventory" and cost:
        yield item["ExpenseAccountRef"]["value"], -cost, NOBODY
        yield item["AssetAccountRef"]["value"], cost, NOBODY


def discounted(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    account = detail.get("DiscountAccountRef") or uncategorized(books, "Income")
    yield account["value"], -decimal(line["Amount"]), NOBODY


def spent(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    yield detail["AccountRef"]["value"], decimal(line["Amount"]), NOBODY


def bought(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    """Goods go into the stock, anything else is an expense."""
    item = books.peek("Item", detail["ItemRef"]["value"])
    kept = ("AssetAccountRef",) if item.get("Type") == "Inventory" else ("ExpenseAccountRef", "IncomeAccountRef")
    account = next((item[name] for name in kept if name in item), None) or uncategorized(books, "Expense")
    yield account["value"], decimal(line["Amount"]), NOBODY


def uncategorized(books: Books, sort: str) -> Record:
    return {"value": books.preference(f"Uncategorized{sort}AccountId") or "1"}


def deposited(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    yield detail["AccountRef"]["value"], decimal(line["Amount"]), NOBODY


def journaled(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    account = detail["AccountRef"]["value"]
    party = PARTY_OF_TYPE.get(account_type(books, account))
    whom = (party, int(detail["Entity"]["EntityRef"]["value"])) if party else NOBODY
    sign = 1 if detail["PostingType"] == "Debit" else -1
    yield account, sign * decimal(line.get("Amount")), whom


def adjusted(books: Books, line: Line, detail: Line) -> Iterator[Posting]:
    item = books.peek("Item", detail["ItemRef"]["value"])
    worth = decimal(item.get("PurchaseCost")) * decimal(detail["QtyDiff"])
    yield item["AssetAccountRef"]["value"], worth, NOBODY


POSTERS: dict[str, Callable[[Books, Line, Line], Iterator[Posting]]] = {
    SALE: sold,
    DISCOUNT: discounted,
    ACCOUNT: spent,
    ITEM: bought,
    DEPOSIT: deposited,
    JOURNAL: journaled,
    ADJUSTMENT: adjusted,
}


def postings(books: Books, record: Record) -> Iterator[Posting]:
    """What the lines of a record post, each in the direction of its side."""
    for line in record.get("Line", []):
        kind = line.get("DetailType", "")
        if kind in POSTERS:
            yield from POSTERS[kind](books, line, line[kind])
    cash = record.get("CashBack")
    if cash:
        yield cash["AccountRef"]["value"], -decimal(cash.get("Amount")), NOBODY


def quantities(books: Books, record: Record) -> Iterator[tuple[str, Decimal]]:
    """(item, quantity) of the goods in a record's lines."""
    for line in record.get("Line", []):
        detail = detail_of(line)
        item = detail.get("ItemRef", {}).get("value", "") if isinstance(detail, dict) else ""
        moved = decimal(detail.get("QtyDiff", detail.get("Qty"))) if item else Decimal(0)
        if moved and books.peek("Item", item).get("Type") == "Inventory":
            yield item, moved
