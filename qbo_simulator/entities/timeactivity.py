"""TimeActivity (qbo-api.md §8.7, §9)."""

from qbo_simulator.effects.links import held, release
from qbo_simulator.effects.time import (
    default_item,
    settle_billing,
    settle_charge,
    settle_duration,
    settle_person,
)
from qbo_simulator.engine.kinds import Choice, Flag, Moment, Text, Whole
from qbo_simulator.engine.objects import Reference
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import (
    BILLABLE_STATUS,
    CLASS_REF,
    CUSTOMER_REF,
    DEPARTMENT_REF,
    ITEM_REF,
    MONEY,
    TXN_DATE,
)

# an id of another list is taken here, and makes the activity one of NameOf "Other" (§2.4)
EMPLOYEE_REF = Reference(("Employee", "Vendor", "Customer"), "Names")
VENDOR_REF = Reference(("Vendor", "Employee", "Customer"), "Names")
OTHER_REF = Reference(("Customer", "Vendor", "Employee"), "Names")

TIME_ACTIVITY = Entity(
    name="TimeActivity",
    sequence="TimeActivity",
    label="NameOf",
    operations=frozenset({"create", "update", "delete", "query"}),
    fields=(
        TXN_DATE,
        Field("NameOf", Choice(("Employee", "Vendor", "Other")), query=True),
        Field("EmployeeRef", EMPLOYEE_REF, query=True, index=True),
        Field("VendorRef", VENDOR_REF, query=True, index=True),
        Field("OtherNameRef", OTHER_REF),
        Field("CustomerRef", CUSTOMER_REF, query=True, index=True),
        Field("DepartmentRef", DEPARTMENT_REF),
        Field("ItemRef", ITEM_REF),
        Field("ClassRef", CLASS_REF),
        Field("TimeChargeId", Whole(), server=True),
        Field("BillableStatus", BILLABLE_STATUS, default="NotBillable", query=True),
        Field("Taxable", Flag(), default=False),
        Field("HourlyRate", MONEY, default=0),
        Field("CostRate", MONEY, default=0),
        Field("Hours", Whole()),
        Field("Minutes", Whole()),
        Field("Seconds", Whole()),
        Field("StartTime", Moment(), query=True),
        Field("EndTime", Moment(), query=True),
        Field("BreakHours", Whole()),
        Field("BreakMinutes", Whole()),
        Field("Description", Text(4000)),
        None,
    ),
    ignored=frozenset({
        "HoursInEmployeeTimeZone", "PayrollItemRef", "PayTypeRef", "ProjectRef", "TransactionLocationType",
        "AttachableRef", "BreakSeconds", "LinkedTxn", "DocNumber", "PrivateNote", "TxnStatus", "TxnTaxDetail",
        "CurrencyRef", "ExchangeRate",
    }),
    prepare=(settle_person, settle_duration, settle_billing, default_item, settle_charge),
    guards=(held,),
    effects=(release,),
)  # fmt: skip
