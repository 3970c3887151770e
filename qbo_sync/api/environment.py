"""Where QuickBooks Online is: Intuit's two environments, or a simulator."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlencode

# The screen of a record in Intuit's web application, as users report it; the parameter that carries the id differs.
# Employees have no screen whose address holds their accounting id, so theirs is the list.
_PAGES = {
    "Account": "register?accountId={id}",
    "Customer": "customerdetail?nameId={id}",
    "Employee": "employees",
    "Invoice": "invoice?txnId={id}",
    "Item": "items",
    "Payment": "recvpayment?txnId={id}",
    "Purchase": "expense?txnId={id}",
    "TimeActivity": "timeactivity?id={id}",
    "Vendor": "vendordetail?nameId={id}",
}
# The simulator shows lists, newest first.
_SIMULATOR_PAGES = {
    "Account": "accounts",
    "Customer": "customers",
    "Employee": "employees",
    "Invoice": "invoices",
    "Item": "items",
    "Payment": "payments",
    "PaymentMethod": "payment-methods",
    "Purchase": "purchases",
    "Term": "terms",
    "TimeActivity": "time",
    "Vendor": "vendors",
}


@dataclass(frozen=True, slots=True)
class Environment:
    """One place where companies live; a token of one is refused by the others (code 3100).

    Arguments:
        name: "sandbox", "production" or "simulator".
        discovery_url: address of the OpenID discovery document (qbo-api.md §1.1).
        api_url: root of the Accounting API, without "/v3" and without a slash at the end.
        app_url: root of the web application, for links to records, without a slash at the end.
    """

    name: str
    discovery_url: str
    api_url: str
    app_url: str

    @classmethod
    def sandbox(cls) -> Self:
        """Intuit's sandbox companies."""
        return cls(
            name="sandbox",
            discovery_url="https://developer.api.intuit.com/.well-known/openid_sandbox_configuration",
            api_url="https://sandbox-quickbooks.api.intuit.com",
            app_url="https://sandbox.qbo.intuit.com/app",
        )

    @classmethod
    def production(cls) -> Self:
        """The companies people keep their books in."""
        return cls(
            name="production",
            discovery_url="https://developer.api.intuit.com/.well-known/openid_configuration",
            api_url="https://quickbooks.api.intuit.com",
            app_url="https://qbo.intuit.com/app",
        )

    @classmethod
    def simulator(cls, url: str) -> Self:
        """A simulator at `url` (scheme, host and port), for rehearsals and tests."""
        root = url.rstrip("/")
        return cls(
            name="simulator",
            discovery_url=f"{root}/.well-known/openid_sandbox_configuration",
            api_url=root,
            app_url=root,
        )

    def record_url(self, *, realm_id: str, entity: str, id: str) -> str:
        """Address of a record's screen in the web application, or of the home page for an entity without one.

        At Intuit it leads through the sign-in page with the company's id, because a person of several companies would
        otherwise land on the record of that id in whichever company they had open last.
        """
        if self.name == "simulator":
            listing = _SIMULATOR_PAGES.get(entity)
            return f"{self.app_url}/company/{quote(realm_id)}/{listing}" if listing else f"{self.app_url}/"
        page = _PAGES.get(entity, "homepage").format(id=quote(id, safe=""))
        return f"{self.app_url}/login?{urlencode({'pagereq': page, 'deeplinkcompanyid': realm_id})}"
