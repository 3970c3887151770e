"""Who and what is in the fictitious company: everything that is named rather than drawn by lot.

Some names are near those in the simulator's company, so that a rehearsal shows how matching works: exact, with other
spelling, and with the parts in another order. Mail goes to example.com and telephones are 555-01xx: they reach nobody.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from associates.models import Associate
from clients.models import Job
from smmware.core.permissions import Level

COMPANY_NAME = "Gentle Transitions of Evanston"
COMPANY_ADDRESS = "1604 Chicago Avenue, Suite 5\nEvanston, IL 60201"
TIME_ZONE = "America/Chicago"
PASSWORD = "demo"  # noqa: S105 – known on purpose; the demo listens on this machine alone

FIRST_DAY = dt.date(2025, 5, 26)
LAST_DAY = dt.date(2026, 11, 20)  # the company's “today”: fixed, so that every machine shows the same


@dataclass(frozen=True)
class Person:
    """An associate: `rates` are dollars an hour, each from a date on."""

    first_name: str
    last_name: str
    title: str
    level: Level
    rates: tuple[tuple[str, str], ...]
    username: str | None = None
    kind: Associate.Kind = Associate.Kind.EMPLOYEE


PEOPLE = (
    Person(
        "Caroline", "Hartley", "Founder", Level.COMPANY_OWNER,
        (("2016-03-01", "55.00"), ("2026-01-01", "60.00")), username="owner",
    ),
    Person(
        "Marcus", "Feldman", "Operations manager", Level.ADMIN,
        (("2019-09-03", "34.00"), ("2025-09-01", "36.50"), ("2026-07-01", "38.00")), username="manager",
    ),
    Person(
        "Denise", "Kowalczyk", "Team lead", Level.TEAM_LEAD,
        (("2020-02-10", "27.50"), ("2026-01-01", "29.00")), username="lead",
    ),
    Person(
        "Daniel", "Reyes", "Move manager", Level.BASIC_USER,
        (("2022-05-16", "22.00"), ("2025-11-01", "23.25"), ("2026-08-01", "24.00")), username="associate",
    ),
    Person("Ellen", "Vasquez", "Bookkeeper", Level.SENIOR_ADMIN, (("2018-01-08", "31.00"), ("2026-01-01", "32.50"))),
    Person("Priya", "Raman", "Move manager", Level.BASIC_USER, (("2023-04-03", "21.50"), ("2026-04-01", "22.75"))),
    Person(
        "Renée", "Lachance", "Professional organizer", Level.BASIC_USER, (("2024-06-01", "38.00"),),
        kind=Associate.Kind.CONTRACTOR,
    ),
    Person("", "Blue Transit Van", "15-foot cargo van", Level.BASIC_USER, (), kind=Associate.Kind.VEHICLE),
)  # fmt: skip
# By family name: who is with the clients, and who keeps the books and visits partners
FIELD_PEOPLE = ("Feldman", "Kowalczyk", "Reyes", "Raman", "Lachance")
OFFICE_PEOPLE = ("Hartley", "Feldman", "Vasquez")

# Label, charged per hour, paid per hour (None: the associate's own rate), lowest level that may use it
JOB_CODES: tuple[tuple[str, str, str | None, Level], ...] = (
    ("Move management", "85.00", None, Level.BASIC_USER),
    ("Move management", "110.00", None, Level.COMPANY_OWNER),
    ("Sorting and downsizing", "75.00", None, Level.BASIC_USER),
    ("Packing", "68.00", None, Level.BASIC_USER),
    ("Unpacking and settling in", "68.00", None, Level.BASIC_USER),
    ("Space planning", "95.00", None, Level.TEAM_LEAD),
    ("Travel time", "40.00", "18.00", Level.BASIC_USER),
    ("Office work", "0.00", None, Level.BASIC_USER),
)
OFFICE_WORK = "Office work"
# What is done on a job of each type: job code and what the associate writes
TASKS: dict[str, tuple[tuple[str, str], ...]] = {
    Job.Type.MOVE: (
        ("Move management", "Met with the movers and confirmed the inventory"),
        ("Move management", "Supervised loading and unloading"),
        ("Packing", "Packed kitchen and dining room"),
        ("Packing", "Packed books, pictures and lamps"),
        ("Unpacking and settling in", "Unpacked, made the beds and hung pictures"),
        ("Unpacking and settling in", "Set up kitchen, telephone and television"),
        ("Space planning", "Measured the new apartment and drew the floor plan"),
        ("Travel time", "Drove between the two homes"),
    ),
    Job.Type.ORGANIZING: (
        ("Sorting and downsizing", "Sorted closets with the client: keep, give, donate"),
        ("Sorting and downsizing", "Went through papers and photographs"),
        ("Sorting and downsizing", "Labeled what goes to the family"),
        ("Sorting and downsizing", "Sorted the kitchen and gave away doubles"),
        ("Sorting and downsizing", "Sorted the garage and the garden shed"),
        ("Packing", "Packed what goes to the children"),
        ("Move management", "Met the auction house about silver and china"),
        ("Move management", "Listed furniture with measurements"),
        ("Space planning", "Walked through the rooms and made a plan"),
    ),
    Job.Type.CLEAR_OUT: (
        ("Sorting and downsizing", "Emptied attic and basement"),
        ("Sorting and downsizing", "Set up tables for the estate sale"),
        ("Sorting and downsizing", "Priced household goods"),
        ("Sorting and downsizing", "Looked through books and records"),
        ("Packing", "Packed donations and met the truck"),
        ("Packing", "Packed keepsakes for the family"),
        ("Move management", "Met the junk hauler and swept out"),
        ("Move management", "Handed the keys to the realtor"),
    ),
}

OVERHEAD_JOBS: tuple[tuple[str, str], ...] = (
    ("Bookkeeping and payroll", Job.Type.ADMINISTRATIVE_OVERHEAD),
    ("Marketing and partner visits", Job.Type.ADMINISTRATIVE_OVERHEAD),
    ("Office supplies", Job.Type.MATERIALS_OVERHEAD),
    ("Packing stock", Job.Type.MATERIALS_OVERHEAD),
)
OVERHEAD_TASKS = {
    "Bookkeeping and payroll": "Reconciled accounts and ran payroll",
    "Marketing and partner visits": "Visited senior communities and sent the newsletter",
    "Office supplies": "Ordered and put away supplies",
    "Packing stock": "Counted and restocked boxes and paper",
}

# Name, category, first and last name of the contact
ORGANIZATIONS: tuple[tuple[str, str, str, str], ...] = (
    ("Sunrise Packing Supply, LLC", "Packing supplies", "Beth", "Sandoval"),
    ("ClearPath Junk Removal", "Hauling", "Tyrone", "Mabry"),
    ("North Shore Box & Tape", "Packing supplies", "Lou", "Petrakis"),
    ("Brothers Kim Movers", "Movers", "Andrew", "Kim"),
    ("Lakefront Moving & Storage", "Movers", "Gail", "Novotny"),
    ("Heirloom Auction House", "Auction house", "Philip", "Ostrander"),
    ("Second Story Consignment", "Consignment", "Wendy", "Albright"),
    ("Helping Hands Donation Center", "Charity", "Rosa", "Delgado"),
    ("Ridge Avenue Self Storage", "Storage", "Ken", "Tomczak"),
    ("Spotless Homes Cleaning", "Cleaning", "Irena", "Wojcik"),
    ("Birch Hill Senior Living", "Senior community", "Joyce", "Abernathy"),
    ("Lakeview Commons", "Senior community", "Simon", "Achebe"),
    ("The Wilmette Residence", "Senior community", "Laurel", "Fitch"),
    ("Prairie Court Memory Care", "Senior community", "Nadia", "Haddad"),
    ("Elm Street Elder Law", "Attorney", "Robert", "Lindqvist"),
    ("Hearth & Key Realty", "Real estate", "Monica", "Bell"),
    ("Greenleaf Paper Shredding", "Shredding", "Vic", "Moretti"),
    ("Main Street Printing", "Office", "Paula", "Stein"),
    ("Dempster Hardware", "Office", "Hal", "Brandt"),
    ("Compass Geriatric Care", "Care management", "Ruth", "Ellison"),
)
COMMUNITIES = ("Birch Hill", "Lakeview Commons", "The Wilmette Residence", "Prairie Court")

Purchase = tuple[str, int, int, str, str | None]
# Category of expense, lowest and highest amount in dollars, what is bought, and from whom (None: no vendor on record)
EXPENSES: tuple[Purchase, ...] = (
    ("Packing supplies", 18, 240, "Boxes, paper and tape", "Sunrise Packing Supply, LLC"),
    ("Packing supplies", 6, 58, "Picture hooks and light bulbs", "Dempster Hardware"),
    ("Hauling and shredding", 95, 420, "Half a truck to the transfer station", "ClearPath Junk Removal"),
    ("Hauling and shredding", 25, 90, "Four bins of old papers", "Greenleaf Paper Shredding"),
    ("Movers", 380, 1450, "Two men and a truck", "Brothers Kim Movers"),
    ("Storage", 65, 190, "One month of storage", "Ridge Avenue Self Storage"),
    ("Cleaning", 110, 320, "Move-out cleaning", "Spotless Homes Cleaning"),
    ("Parking and tolls", 4, 38, "Parking at the building", None),
    ("Meals for the crew", 14, 72, "Lunch on moving day", None),
)
OVERHEAD_EXPENSES: dict[str, Purchase] = {
    "Bookkeeping and payroll": ("Office supplies", 12, 85, "Envelopes and checks", None),
    "Marketing and partner visits": ("Printing", 45, 260, "Brochures", "Main Street Printing"),
    "Office supplies": ("Office supplies", 9, 120, "Coffee, toner and paper", "Dempster Hardware"),
    "Packing stock": ("Packing supplies", 60, 480, "Boxes for the stock room", "North Shore Box & Tape"),
}
FLAT_FEES = (
    ("Packing material kit", Decimal("85.00"), True),
    ("Scheduling charge, per day", Decimal("45.00"), False),
    ("Donation coordination", Decimal("120.00"), False),
    ("Photo inventory", Decimal("150.00"), False),
)  # label, dollars, taxable

DESCRIPTIONS = (
    "Packing the kitchen",
    "Sorting with the client",
    "Floor plan and furniture list",
    "Unpacking and setting up",
    "Meeting the movers",
    "Driving donations away",
)

TERMS = (("Due on receipt", 0), ("Net 15", 15), ("Net 30", 30))
USUAL_TERM = 1  # of TERMS: net 15
PAYMENT_METHODS = ("Check", "Credit Card", "Cash", "Bank transfer")
INVOICE_SETTINGS = {
    "phone": "(847) 555-0100",
    "email": "office@example.com",
    "closing_words": "Please make checks payable to Gentle Transitions of Evanston, or call us to pay by card.",
}
CUSTOM_FIELDS = ("Preferred name", "Mobility", "Pets")

# Near the names in the simulator's company: the same, wider spaced and mis-spelled, and with the parts turned round
NEAR_CLIENTS: tuple[tuple[str, str, str], ...] = (
    ("Margaret Whitfield", "Margaret", "Whitfield"),
    ("Castellano, Robert & Helen", "Robert & Helen", "Castellano"),
    ("Dorothy  O'Kafor", "Dorothy", "O'Kafor"),
    ("Harold Whitfield", "Harold", "Whitfield"),
)
WOMEN = (
    "Adele", "Agnes", "Arlene", "Barbara", "Beatrice", "Betty", "Carol", "Clara", "Doris", "Edith", "Eileen", "Eleanor",
    "Esther", "Evelyn", "Florence", "Frances", "Gladys", "Gloria", "Grace", "Harriet", "Irene", "Jean", "Joan",
    "Josephine", "Joyce", "Judith", "Lois", "Lorraine", "Louise", "Marian", "Martha", "Mildred", "Miriam", "Norma",
    "Patricia", "Phyllis", "Rosemary", "Ruth", "Shirley", "Sylvia", "Virginia", "Vivian", "Wilma",
)  # fmt: skip
MEN = (
    "Albert", "Arthur", "Bernard", "Carl", "Charles", "Donald", "Edward", "Ernest", "Eugene", "Frank", "George",
    "Henry", "Herbert", "Howard", "Kenneth", "Lawrence", "Leonard", "Norman", "Paul", "Ralph", "Raymond", "Theodore",
    "Thomas", "Walter", "Warren",
)  # fmt: skip
CHILDREN = (
    "Amy",
    "Brian",
    "Christine",
    "David",
    "Elizabeth",
    "Jennifer",
    "Karen",
    "Kevin",
    "Lisa",
    "Michael",
    "Steven",
    "Susan",
)
TOWNS = (
    ("Evanston", "60201"), ("Evanston", "60202"), ("Wilmette", "60091"), ("Skokie", "60076"), ("Glenview", "60025"),
    ("Winnetka", "60093"), ("Northbrook", "60062"), ("Chicago", "60626"), ("Chicago", "60645"),
)  # fmt: skip
REFERRERS = (
    "Birch Hill Senior Living",
    "Elm Street Elder Law",
    "Compass Geriatric Care",
    "A former client",
    "Our website",
)
