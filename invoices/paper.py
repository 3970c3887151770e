"""An invoice as a client gets it: one paper, as a page and as a PDF (domain.md §7)."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.text import get_valid_filename

from clients.models import Address, Client
from invoices.models import Invoice, InvoiceLine, InvoiceSettings
from smmware.core.display import day
from smmware.core.models import Company

Designation = Address.Designation
# The bill goes where the client lives now, or is moving to; an address they left comes last.
WHERE_TO = (Designation.CURRENT, Designation.MOVE_TO, Designation.OTHER, Designation.ORIGINAL)
MINUTES_IN_TWO_PLACES = 3  # so many minutes are 0.05 hours: what is no multiple has no end in decimals
NO_PDF = (
    "This machine cannot make PDFs: the Pango library is missing. Whoever keeps the machine installs it (on Debian: "
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0). Until then, open “Print” and let the browser "
    "make one."
)


class PdfUnavailable(Exception):
    """The machine lacks what a PDF is made with. Its text is a sentence for people."""


@dataclass(frozen=True)
class PaperLine:
    """A line as it is printed: whoever multiplies quantity and rate finds the amount, or neither stands there."""

    line: InvoiceLine

    @property
    def day(self) -> str:
        return day(self.line.source.date) if self.line.source else ""

    @property
    def description(self) -> str:
        return self.line.description

    @property
    def amount(self) -> Decimal:
        return self.line.amount

    @property
    def quantity(self) -> str:
        """Hours to two places, or in hours and minutes where two places would not multiply up; distances to a tenth."""
        line = self.line
        if not self._multiplies or line.quantity is None:
            return ""
        if line.mileage_entry:
            return f"{line.quantity:.1f} {line.mileage_entry.unit}"
        if line.hour_entry and line.hour_entry.minutes % MINUTES_IN_TWO_PLACES:
            whole, minutes = divmod(line.hour_entry.minutes, 60)
            return f"{whole} h {minutes:02} min"
        return f"{line.quantity} h" if line.hour_entry else str(line.quantity)

    @property
    def rate(self) -> Decimal | None:
        return self.line.rate if self._multiplies else None

    @property
    def _multiplies(self) -> bool:
        """Whether the amount is still the one that its entry comes to: somebody may have changed it on the invoice."""
        return self.line.source is None or self.line.source.charge_amount == self.line.amount


@dataclass(frozen=True)
class Paper:
    """What stands on the paper."""

    invoice: Invoice
    company: Company
    settings: InvoiceSettings
    recipient: list[str]
    lines: list[PaperLine]
    subtotal: Decimal
    total: Decimal
    paid: Decimal

    @property
    def balance(self) -> Decimal:
        return self.total - self.paid

    @property
    def shows_days(self) -> bool:
        """Whether a line has a day: that of a flat invoice has none."""
        return any(line.day for line in self.lines)

    @property
    def shows_quantities(self) -> bool:
        """Whether a line has a quantity: a flat invoice has none, and so no columns for it."""
        return any(line.quantity for line in self.lines)


def paper_of(invoice: Invoice) -> Paper:
    """The paper of an invoice, with what has been paid so far. The queries do not grow with its lines."""
    sources = ["hour_entry", "mileage_entry", "expense_entry", "flat_fee"]
    lines = [PaperLine(line) for line in invoice.lines.filter(covered=False).select_related(*sources)]
    subtotal = sum((line.amount for line in lines), Decimal(0))
    return Paper(
        invoice=invoice,
        company=Company.current(),
        settings=InvoiceSettings.current(),
        recipient=recipient(invoice.job.client),
        lines=lines,
        subtotal=subtotal,
        total=subtotal + invoice.adjustment,
        paid=sum((payment.amount for payment in invoice.payments.all()), Decimal(0)),
    )


def recipient(client: Client) -> list[str]:
    """Name and address of a client, line by line."""
    by_use = sorted(client.addresses.all(), key=lambda address: WHERE_TO.index(Designation(address.designation)))
    return [line for line in (client.name, client.company_name, *(_lines(by_use[0]) if by_use else [])) if line]


def _lines(address: Address) -> list[str]:
    place = f"{address.city}, {address.state}" if address.city and address.state else address.city or address.state
    return [address.line1, address.line2, f"{place} {address.postal_code}".strip()]


def file_name(invoice: Invoice) -> str:
    """What the PDF is called where it is saved: letters, digits, dots and hyphens."""
    return f"Invoice-{get_valid_filename(invoice.number)}.pdf"


def html(invoice: Invoice, *, as_page: bool = False) -> str:
    """The paper as HTML; `as_page` links the stylesheet, for a browser."""
    return render_to_string("invoices/paper.html", {"paper": paper_of(invoice), "as_page": as_page})


def pdf(invoice: Invoice) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1) in letter size. Raises PdfUnavailable where the machine cannot make one."""
    weasyprint = _weasyprint()
    sheet = weasyprint.CSS(string=_stylesheet(), url_fetcher=_fetch_nothing)
    page = weasyprint.HTML(string=html(invoice), url_fetcher=_fetch_nothing)
    return page.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1")


def _stylesheet() -> str:
    found = finders.find("paper.css")
    if not isinstance(found, str):
        raise FileNotFoundError("static/paper.css is missing")
    return Path(found).read_text()


def _weasyprint() -> Any:
    """Loaded when first needed: it brings system libraries along, and the office works without them."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise PdfUnavailable(NO_PDF) from error
    return weasyprint


def _fetch_nothing(url: str) -> Any:
    """A paper is complete in itself: whatever somebody typed into it, nothing is fetched from anywhere."""
    raise ValueError(f"An invoice refers to nothing outside itself: {url}")
