"""Intuit's official error numbers (qbo-api.md §7.2), each of which a rule can bring about by its number.

What the engine itself answers has its exact words in `qbo_simulator.faults`; here stand those that nothing in the books
leads to, under their official names.  Their details were never captured, so they have none.
"""

from qbo_simulator.faults import Fault

NAMES = {
    "100": "General Authentication Error",
    "110": "Authentication OAuth Error",
    "120": "Authorization Failure",
    "130": "Accessing Wrong Cluster",
    "140": "Company Locked",
    "150": "Company Under Maintenance",
    "630": "Duplicate Object: Unique Constraint",
    "700": "Invalid Parent Reference",
    "800": "Cannot Delete Because Of Dependencies",
    "900": "Parent Equals Child",
    "1000": "Operation Failed",
    "1010": "Create Failed",
    "1020": "Update Failed",
    "1040": "Batch size exceeds allowed limit",
    "2000": "Invalid or unsupported object name",
    "2030": "Invalid ID",
    "2040": "Invalid String",
    "2060": "Invalid Date format",
    "2070": "Invalid Date",
    "2080": "Invalid Number format",
    "2090": "Invalid Number",
    "2100": "Invalid Decimal format",
    "2110": "Invalid Decimal",
    "2120": "Invalid Type",
    "2130": "Invalid Request Id",
    "2140": "Invalid Amount",
    "2150": "Invalid Percent",
    "2160": "Invalid Quantity",
    "2180": "Invalid String Range",
    "2200": "Invalid Website format",
    "2210": "Invalid Email Address format",
    "2220": "Invalid Currency format",
    "2230": "Invalid Boolean format",
    "2240": "Invalid Number Range",
    "2250": "At Least One Line Required",
    "2290": "Negative Line Amount",
    "2300": "Debits Not Equal To Credits",
    "4000": "QueryParseError",
    "4001": "Invalid query",
    "4002": "Query Processing Error",
    "5020": "Permission Denied",
    "5030": "Feature Not Supported",
    "6010": "Account Type and Sub Type Mismatch",
    "6070": "Amount is not equal to UnitPrice * Qty",
    "6080": "No Name Provided",
    "6100": "Invalid Line TaxCode",
    "6130": "Cannot Change Bill With Parent",
    "6150": "ParentRef Required",
    "6180": "Subordinate Level Exceeded",
    "6200": "Account Period Closed",
    "6220": "Cannot Delete Because Of Balance",
    "6250": "Sales Customer Missing Or Inactive",
    "6280": "Customer Has Unbilled Charges",
    "6290": "Invalid Employee or Vendor",
    "6300": "Invalid NameOf",
    "6310": "Missing Customer",
    "6320": "Invalid Billable",
    "6330": "Missing Billing Rate",
    "6340": "Invalid Time",
    "6350": "Missing Time",
    "6360": "Invalid Start or End Time",
    "6370": "Start Time After End Time",
    "6380": "Invalid Duration",
    "6390": "Invalid Multiple Durations",
    "6400": "Cannot Delete Linked Purchase",
    "6420": "Email Address Required",
    "6430": "Invalid Account Type",
    "6440": "Product Or Account Required",
    "6450": "Settled Transaction Cannot Be Voided",
    "6480": "Matched Transaction Cannot Be Deleted",
    "6540": "Transaction Already Deposited",
    "10100": "Result Set Too Large",
    "10200": "Company Is Being Reset",
}
KINDS = {"100": "AuthenticationFault", "110": "AuthenticationFault"}
UNAUTHORISED = ("120", "130", "5020")  # Intuit's spelling of the type is its own
STATUSES = {"100": 401, "110": 401, "120": 403, "130": 403, "5020": 403}


def official(code: str) -> Fault:
    """The fault of an official number."""
    kind = "AuthorizatonFault" if code in UNAUTHORISED else KINDS.get(code, "ValidationFault")
    return Fault(code, NAMES[code], kind=kind, status=STATUSES.get(code, 400))


OFFICIAL_FAULTS = {code: official(code) for code in NAMES}
