"""Budget: read only; QuickBooks lets people alone make them."""

from qbo_simulator.engine.kinds import Choice, Day, Name
from qbo_simulator.engine.objects import Composite, ListOf
from qbo_simulator.engine.schema import Entity, Field
from qbo_simulator.entities.shapes import ACCOUNT_REF, ACTIVE, CLASS_REF, CUSTOMER_REF, DEPARTMENT_REF, MONEY

DETAIL = Composite(
    {
        "BudgetDate": Day(),
        "Amount": MONEY,
        "AccountRef": ACCOUNT_REF,
        "CustomerRef": CUSTOMER_REF,
        "ClassRef": CLASS_REF,
        "DepartmentRef": DEPARTMENT_REF,
    }
)
BUDGET = Entity(
    name="Budget",
    sequence="Budget",
    label="Name",
    kept_in="Budgets",
    unique="Name",
    operations=frozenset({"query"}),
    fields=(
        Field("Name", Name(100), required=True, query=True, index=True),
        Field("StartDate", Day(), query=True),
        Field("EndDate", Day(), query=True),
        Field("BudgetType", Choice(("ProfitAndLoss", "BalanceSheet")), default="ProfitAndLoss", query=True),
        Field("BudgetEntryType", Choice(("Monthly", "Quarterly", "Annually")), default="Monthly", query=True),
        ACTIVE,
        Field("BudgetDetail", ListOf(DETAIL)),
        None,
    ),
)
