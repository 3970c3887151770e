"""Employee (qbo-api.md §8.3)."""

from qbo_simulator.effects.people import compose_employee_name, mask, pseudonym
from qbo_simulator.engine.kinds import Choice, Day, Flag, Name, Text
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACTIVE, ADDRESS, EMAIL, MONEY, PERSON_NAMES, SHORT_PHONE, WEB

EMPLOYEE = Entity(
    name="Employee",
    sequence="Names",
    label="DisplayName",
    kept_in="Names",
    unique="DisplayName",
    space="Names",
    duplicate="names",
    operations=frozenset({"create", "update", "query"}),
    fields=(
        Field("SSN", Text(100)),
        Field("PrimaryAddr", ADDRESS),
        Field("BillableTime", Flag(), default=False),
        Field("BillRate", MONEY),
        Field("CostRate", MONEY),
        Field("EmployeeNumber", Text(100)),
        Field("HiredDate", Day()),
        Field("ReleasedDate", Day()),
        Field("BirthDate", Day()),
        Field("Gender", Choice(("Male", "Female"))),
        None,
        *PERSON_NAMES,
        Field("DisplayName", Name(500), query=True, index=True),
        Field("PrintOnCheckName", Name(110), query=True),
        ACTIVE,
        Field("V4IDPseudonym", Text(), server=True, default=pseudonym),
        Field("PrimaryPhone", SHORT_PHONE),
        Field("Mobile", SHORT_PHONE),
        Field("PrimaryEmailAddr", EMAIL),
        Field("WebAddr", WEB),
    ),
    ignored=frozenset({
        "EmailAddress",
        "Organization", "CompanyName", "FullyQualifiedName", "EmployeeType", "UseTimeEntry", "EmployeeEx", "UserId",
        "AlternatePhone", "Fax", "OtherContactInfo", "AttachableRef", "IntuitId", "HourlyCostRate", "OtherAddr",
    }),
    prepare=(compose_employee_name, mask),
)  # fmt: skip
