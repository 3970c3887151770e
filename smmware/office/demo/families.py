"""Clients and inquiries with their addresses and representatives, and the jobs done for them."""

from decimal import Decimal

from associates.models import Associate
from clients.models import Address, Client, CustomField, CustomFieldValue, Job, JobCode
from organizations.models import Contact
from smmware.core.permissions import Level
from smmware.office.demo import cast
from smmware.office.demo.lot import Lot

CLIENTS, INQUIRIES, CLIENT_JOBS = 60, 8, 116
CUSTOM_VALUES = {
    "Preferred name": ("Peg", "Bud", "Dot", "Mrs. B.", "Doc"),
    "Mobility": ("Walker", "Cane on bad days", "Climbs stairs well", "Wheelchair"),
    "Pets": ("Two cats", "A beagle", "None", "A parrot that talks"),
}


def set_prices() -> dict[str, list[JobCode]]:
    """The job codes, by label."""
    codes: dict[str, list[JobCode]] = {}
    for label, charge, pay, level in cast.JOB_CODES:
        pay_rate = None if pay is None else Decimal(pay)
        code = JobCode.objects.create(label=label, charge_rate=Decimal(charge), pay_rate=pay_rate, lowest_level=level)
        codes.setdefault(label, []).append(code)
    return codes


def welcome_clients(lot: Lot) -> list[Client]:
    """The clients whom jobs are done for; beside them come some inquiries."""
    fields = [CustomField.objects.create(label=label, position=i) for i, label in enumerate(cast.CUSTOM_FIELDS)]
    names = _names(lot, CLIENTS + INQUIRIES)
    stages = [Client.Stage.CLIENT] * CLIENTS + [Client.Stage.INQUIRY] * INQUIRIES
    people = [_welcome_one(lot, name, stage) for name, stage in zip(names, stages, strict=True)]
    for client in people[:CLIENTS]:
        _add_addresses(lot, client)
        _add_custom_values(lot, client, fields)
    return people[:CLIENTS]


def _names(lot: Lot, count: int) -> list[tuple[str, str, str]]:
    """`count` of display, first and family name. No family name comes twice: QuickBooks wants a display name once."""
    taken = {last for _, _, last in cast.NEAR_CLIENTS} | {last for *_, last in cast.ORGANIZATIONS}
    taken |= {person.last_name for person in cast.PEOPLE} | {"Okafor"}
    names = list(cast.NEAR_CLIENTS)
    while len(names) < count:
        last = lot.fake.last_name()
        if last not in taken and not last.startswith("Mc"):  # Faker writes Mccoy
            taken.add(last)
            names.append(_name(lot, last))
    return names


def _name(lot: Lot, last: str) -> tuple[str, str, str]:
    woman, man = lot.random.choice(cast.WOMEN), lot.random.choice(cast.MEN)
    first = man if lot.one_in(4) else woman
    match lot.random.randrange(10):
        case 0 | 1:
            return f"{last}, {man} & {woman}", f"{man} & {woman}", last
        case 2:
            return f"Estate of {first} {last}", first, last
        case _:
            return f"{first} {last}", first, last


def _welcome_one(lot: Lot, name: tuple[str, str, str], stage: str) -> Client:
    display, first, last = name
    mailbox = "".join(letter for letter in f"{first.split()[0]}.{last}".lower() if letter.isalpha() or letter == ".")
    return Client.objects.create(
        name=display,
        first_name=first,
        last_name=last,
        stage=stage,
        email="" if lot.one_in(5) else f"{mailbox}@example.com",
        phone=lot.phone(),
        referred_by=lot.random.choice(cast.REFERRERS),
        acts_as_reference=lot.random.choice((True, False, None)),
        representative=_child(lot, last) if lot.one_in(3) else None,
    )


def _child(lot: Lot, last: str) -> Contact:
    first = lot.random.choice(cast.CHILDREN)
    return Contact.objects.create(
        first_name=first, last_name=last, phone=lot.phone(), email=f"{first}.{last}@example.com".lower()
    )


def _add_addresses(lot: Lot, client: Client) -> None:
    kinds = [Address.Designation.CURRENT]
    kinds += [Address.Designation.MOVE_TO] if lot.one_in(2) else []
    kinds += [Address.Designation.ORIGINAL] if lot.one_in(4) else []
    for designation in kinds:
        city, postal_code = lot.random.choice(cast.TOWNS)
        Address.objects.create(
            client=client, designation=designation, line1=lot.street(), city=city, state="IL", postal_code=postal_code
        )


def _add_custom_values(lot: Lot, client: Client, fields: list[CustomField]) -> None:
    CustomFieldValue.objects.bulk_create(
        CustomFieldValue(client=client, field=field, value=lot.random.choice(CUSTOM_VALUES[field.label]))
        for field in fields
        if lot.one_in(3)
    )


def open_overhead() -> list[Job]:
    """The company as its own client, and its overhead jobs (domain.md §4)."""
    own = Client.objects.create(name=cast.COMPANY_NAME, stage=Client.Stage.CLIENT, is_own_company=True)
    return [Job.objects.create(client=own, name=name, type=kind) for name, kind in cast.OVERHEAD_JOBS]


def open_jobs(lot: Lot, clients: list[Client], associates: list[Associate]) -> list[Job]:
    """A first job for everybody, and a second one for most; who leads it is at least a Team Lead."""
    leads = [person for person in associates if person.level >= Level.TEAM_LEAD and person.last_name != "Vasquez"]
    second = lot.random.sample(clients, CLIENT_JOBS - len(clients))
    jobs = [_open_one(lot, client, first=True) for client in clients] + [
        _open_one(lot, client, False) for client in second
    ]
    for job in jobs:
        job.leads.add(lot.random.choice(leads))
    return jobs


def _open_one(lot: Lot, client: Client, first: bool) -> Job:
    kind = lot.random.choice((Job.Type.MOVE, Job.Type.MOVE, Job.Type.ORGANIZING) if first else (Job.Type.CLEAR_OUT,))
    one_rate = Decimal("80.00") if lot.one_in(8) else None
    return Job.objects.create(client=client, name=_job_name(lot, kind), type=kind, charge_rate=one_rate)


def _job_name(lot: Lot, kind: str) -> str:
    if kind == Job.Type.MOVE:
        return f"Move to {lot.random.choice(cast.COMMUNITIES)}"
    return "Sorting and downsizing" if kind == Job.Type.ORGANIZING else "House clear-out"
