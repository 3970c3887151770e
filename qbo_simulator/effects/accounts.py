"""Rules of the chart of accounts (qbo-api.md §8.4)."""

from qbo_simulator import faults
from qbo_simulator.effects.people import own_id
from qbo_simulator.engine.write import Write
from qbo_simulator.faults import Fault

# account type → (classification, the subtypes it may have; the first is the default)
TYPES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Bank": ("Asset", ("Checking", "CashOnHand", "MoneyMarket", "RentsHeldInTrust", "Savings", "TrustAccounts")),
    "Accounts Receivable": ("Asset", ("AccountsReceivable",)),
    "Other Current Asset": (
        "Asset",
        (
            "OtherCurrentAssets", "AllowanceForBadDebts", "DevelopmentCosts", "EmployeeCashAdvances", "Inventory",
            "Investment_MortgageRealEstateLoans", "Investment_Other", "Investment_TaxExemptSecurities",
            "Investment_USGovernmentObligations", "LoansToOfficers", "LoansToOthers", "LoansToStockholders",
            "PrepaidExpenses", "Retainage", "UndepositedFunds",
        ),
    ),
    "Fixed Asset": (
        "Asset",
        (
            "FurnitureAndFixtures", "AccumulatedAmortization", "AccumulatedDepletion", "AccumulatedDepreciation",
            "Buildings", "DepletableAssets", "FixedAssetComputers", "FixedAssetCopiers", "FixedAssetFurniture",
            "FixedAssetOtherToolsEquipment", "FixedAssetPhone", "FixedAssetPhotoVideo", "FixedAssetSoftware",
            "IntangibleAssets", "Land", "LeaseholdImprovements", "MachineryAndEquipment", "OtherFixedAssets",
            "Vehicles",
        ),
    ),
    "Other Asset": (
        "Asset",
        (
            "OtherLongTermAssets", "AccumulatedAmortizationOfOtherAssets", "Goodwill", "LeaseBuyout", "Licenses",
            "OrganizationalCosts", "SecurityDeposits",
        ),
    ),
    "Accounts Payable": ("Liability", ("AccountsPayable",)),
    "Credit Card": ("Liability", ("CreditCard",)),
    "Other Current Liability": (
        "Liability",
        (
            "OtherCurrentLiabilities", "DirectDepositPayable", "FederalIncomeTaxPayable", "GlobalTaxPayable",
            "GlobalTaxSuspense", "InsurancePayable", "LineOfCredit", "LoanPayable", "PayrollClearing",
            "PayrollTaxPayable", "PrepaidExpensesPayable", "RentsInTrustLiability", "SalesTaxPayable",
            "StateLocalIncomeTaxPayable", "TrustAccountsLiabilities", "UndepositedFunds",
        ),
    ),
    "Long Term Liability": (
        "Liability", ("OtherLongTermLiabilities", "NotesPayable", "ShareholderNotesPayable"),
    ),
    "Equity": (
        "Equity",
        (
            "OwnersEquity", "AccumulatedAdjustment", "CommonStock", "EstimatedTaxes", "Healthcare",
            "OpeningBalanceEquity", "PaidInCapitalOrSurplus", "PartnerContributions", "PartnerDistributions",
            "PartnersEquity", "PersonalExpense", "PersonalIncome", "PreferredStock", "RetainedEarnings",
            "TreasuryStock",
        ),
    ),
    "Income": (
        "Revenue",
        (
            "ServiceFeeIncome", "DiscountsRefundsGiven", "NonProfitIncome", "OtherPrimaryIncome",
            "SalesOfProductIncome", "UnappliedCashPaymentIncome",
        ),
    ),
    "Other Income": (
        "Revenue",
        (
            "OtherMiscellaneousIncome", "DividendIncome", "InterestEarned", "OtherInvestmentIncome",
            "TaxExemptInterest",
        ),
    ),
    "Cost of Goods Sold": (
        "Expense",
        (
            "SuppliesMaterialsCogs", "CostOfLaborCos", "EquipmentRentalCos", "OtherCostsOfServiceCos",
            "ShippingFreightDeliveryCos",
        ),
    ),
    "Expense": (
        "Expense",
        (
            "Travel", "AdvertisingPromotional", "Auto", "BadDebts", "BankCharges", "CharitableContributions",
            "CommissionsAndFees", "CostOfLabor", "DuesSubscriptions", "Entertainment", "EntertainmentMeals",
            "EquipmentRental", "FinanceCosts", "GlobalTaxExpense", "Insurance", "InterestPaid", "LegalProfessionalFees",
            "OfficeExpenses", "OfficeGeneralAdministrativeExpenses", "OtherBusinessExpenses",
            "OtherMiscellaneousServiceCost", "PayrollExpenses", "PromotionalMeals", "RentOrLeaseOfBuildings",
            "RepairMaintenance", "ShippingFreightDelivery", "SuppliesMaterials", "TaxesPaid", "TravelMeals",
            "UnappliedCashBillPaymentExpense", "Utilities",
        ),
    ),
    "Other Expense": (
        "Expense",
        (
            "OtherMiscellaneousExpense", "Amortization", "Depreciation", "ExchangeGainOrLoss",
            "GasAndFuel", "HomeOffice", "PenaltiesSettlements", "PriorYearAdjustment", "VehicleLoanInterest",
        ),
    ),
}  # fmt: skip
TYPE_OF_SUBTYPE = {subtype: name for name, (_, subtypes) in reversed(TYPES.items()) for subtype in subtypes}


def settle_type(write: Write) -> None:
    """Type from subtype or subtype from type; the classification follows (6010 where neither fits)."""
    new = write.new
    subtype = new.get("AccountSubType")
    if "AccountType" not in new:
        if subtype is None:
            raise mismatch("AccountType or AccountSubType must be specified")
        new["AccountType"] = TYPE_OF_SUBTYPE[subtype]
    classification, subtypes = TYPES[new["AccountType"]]
    new.setdefault("AccountSubType", subtypes[0])
    if new["AccountSubType"] not in subtypes:
        raise mismatch(f"AccountSubType {new['AccountSubType']} does not belong to AccountType {new['AccountType']}")
    new["Classification"] = classification


def mismatch(words: str) -> Fault:
    return Fault("6010", "Account Type and Sub Type Mismatch", f"Account Type and Sub Type Mismatch : {words}", "")


def follow_parent(write: Write) -> None:
    """A subaccount has its parent's type."""
    if "ParentRef" not in write.new:
        return
    parent = write.books.get("Account", write.new["ParentRef"]["value"])
    if parent and parent["AccountType"] != write.new["AccountType"]:
        raise faults.business("For subaccounts, you must select the same account type as their parent.")


def number_is_free(write: Write) -> None:
    """An account number is unique among the active accounts."""
    if not write.new.get("AcctNum") or not write.new["Active"]:
        return
    for other in write.books.ids_where("Account", AcctNum=write.new["AcctNum"], active=1):
        if other != own_id(write):
            raise faults.business("Another account is already using this number.  Please use a different number.")
