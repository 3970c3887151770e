"""Every code that QuickBooks may answer with (qbo-api.md §7.2, and §6, §7.1), and whether a copy of ours can meet it.

A copy is creating, changing and deleting in batches, uploading, and the reads around them: queries, CompanyInfo and
Preferences. Whoever adds something that is sent looks here again.
"""

# Code → how it is met.
MET = {
    "100": "any request, once the authorization is over",
    "110": "any request, once the authorization is over",
    "3200": "any request, with a token that is over or unknown (§7.1)",
    "120": "any request, once the person who connected may not enter the company",
    "130": "any request, with keys of the other environment",
    "3100": "any request, with a token of another company (§7.1)",
    "140": "any request, while the company is locked",
    "150": "any request, while the company is being maintained",
    "10200": "any request, while the company is being reset",
    "6190": "any write, once the subscription is over",
    "3001": "any request, over the limits (§6)",
    "10000": "any request; what became of a write is looked for",
    "600": "the second sending of a request whose answer was lost, while the first is still under way (§5)",
    "4000": "a query that QuickBooks reads otherwise than we do",
    "4001": "a query over something that the company does not have",
    "4002": "a query that QuickBooks fails over",
    "500": "taking back what QuickBooks does not delete",
    "610": "a reference to what was deleted or made inactive there; a change of what was deleted there",
    "620": "an invoice over hours that are billed there; a payment of an invoice that is paid there",
    "630": "any create",
    "700": "a job below a client that cannot be a parent",
    "800": "taking back what something depends on",
    "1000": "any write",
    "1010": "any create",
    "1020": "any change",
    "1040": "any batch, should Intuit lower its limit of 30",
    "2010": "any write, should Intuit drop a field that we send",
    "2020": "any create, in a company that wants more than we know",
    "2030": "a reference to what was merged into another record there",
    "2040": "any text: descriptions, notes, addresses",
    "2050": "any text",
    "2070": "any date",
    "2090": "quantities and rates",
    "2110": "quantities and rates",
    "2140": "amounts",
    "2160": "quantities",
    "2240": "hours and minutes",
    "2170": "BillableStatus, NameOf, PaymentType, Category",
    "2180": "names",
    "2200": "an organization's web address",
    "2210": "e-mail addresses",
    "2290": "an adjustment or a line below zero on an invoice that is above zero",
    "2500": "every reference",
    "5010": "any change or deletion",
    "5020": "any write, by the rights of the person who connected",
    "5030": "classes, locations, time tracking, in a plan without them",
    "6000": "any write",
    "6070": "an invoice's lines, should QuickBooks round otherwise",
    "6080": "a name of nothing that QuickBooks counts",
    "6100": "an invoice's lines, in a company that is not taxed as in the US",
    "6130": "changing a job",
    "6140": "invoices and credit memos, and whatever else we number",
    "6180": "a job below a client that is matched with a customer five levels deep",
    "6200": "a document of a day whose books were closed after the run had begun",
    "6210": "a document of a day whose books were closed after the run had begun",
    "6220": "taking back a name with a balance",
    "6240": "names",
    "6250": "invoices, credit memos, payments of a customer who was made inactive",
    "6280": "taking back a customer with unbilled charges",
    "6290": "hours",
    "6300": "hours of somebody whose record changed its list",
    "6310": "hours",
    "6320": "hours that were billed there meanwhile",
    "6330": "billable hours",
    "6340": "hours",
    "6350": "hours",
    "6380": "hours",
    "6400": "taking back an expense that an invoice bills",
    "6420": "changing an invoice that is to be sent by e-mail there",
    "6430": "expenses, mileage, payments, by the accounts that are chosen for them",
    "6440": "invoices, expenses",
    "6480": "taking back an expense or a payment that is matched with a bank transaction",
    "6540": "taking back a payment that is deposited",
}

# Code → why a copy cannot meet it.
NOT_MET = {
    "900": "a job's parent is its client's customer, and two of ours are never linked with one record",
    "2000": "every entity's name is one of ours, which the contract suite holds to QuickBooks",
    "2060": "dates are written by Python, as ISO 8601",
    "2080": "numbers are written by Python",
    "2100": "decimals are written by Python",
    "2120": "types are constants, which the contract suite holds to QuickBooks",
    "2130": "request ids are UUIDs and items' ids at most 10 digits; anything longer is never sent",
    "2150": "no percentage is sent",
    "2220": "no currency is sent",
    "2230": "booleans are written by Python",
    "2250": "a document without a line has a total of zero, which is in the way here already",
    "2300": "no journal entry is sent",
    "6010": "no account is written",
    "6150": "a job is sent with its parent or not at all",
    "6360": "hours are sent as a duration, never with a start or an end",
    "6370": "hours are sent as a duration, never with a start or an end",
    "6390": "hours are sent as a duration, never with a start or an end",
    "6450": "nothing is voided: what is taken back is deleted",
}

# Numbers of the official list whose meaning nobody has told. Should one come, QuickBooks' own words are shown.
NUMBERS_ONLY = """
    1050 2190 2260 2270 2280 2600 3000 3202 5000 6020 6030 6040 6041 6050 6060 6090 6110 6120 6160 6170 6230
    6270 6460 6470 6490 6500 6510 6520 6530 10100
"""

# The official list, and the two of §6 and §7.1 that it leaves out: 3001 and 3100.
OFFICIAL = """
    100 110 120 130 140 150 500 600 610 620 630 700 800 900 1000 1010 1020 1040 1050 2000 2010 2020 2030 2040
    2050 2060 2070 2080 2090 2100 2110 2120 2130 2140 2150 2160 2170 2180 2190 2200 2210 2220 2230 2240 2250
    2260 2270 2280 2290 2300 2500 2600 3000 3001 3100 3200 3202 4000 4001 4002 5000 5010 5020 5030 6000 6010
    6020 6030 6040 6041 6050 6060 6070 6080 6090 6100 6110 6120 6130 6140 6150 6160 6170 6180 6190 6200 6210
    6220 6230 6240 6250 6270 6280 6290 6300 6310 6320 6330 6340 6350 6360 6370 6380 6390 6400 6420 6430 6440
    6450 6460 6470 6480 6490 6500 6510 6520 6530 6540 10000 10100 10200
"""
