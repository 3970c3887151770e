"""The entities, one small declaration each; `REGISTRY` is all that the engine and the API know of them."""

from qbo_simulator.engine.schema import Entity
from qbo_simulator.entities.account import ACCOUNT
from qbo_simulator.entities.attachable import ATTACHABLE
from qbo_simulator.entities.bill import BILL, PURCHASE_ORDER, VENDOR_CREDIT
from qbo_simulator.entities.billpayment import BILL_PAYMENT
from qbo_simulator.entities.budget import BUDGET
from qbo_simulator.entities.company import COMPANY_INFO, PREFERENCES
from qbo_simulator.entities.companycurrency import COMPANY_CURRENCY
from qbo_simulator.entities.creditmemo import CREDIT_MEMO
from qbo_simulator.entities.customer import CUSTOMER
from qbo_simulator.entities.customertype import CUSTOMER_TYPE
from qbo_simulator.entities.employee import EMPLOYEE
from qbo_simulator.entities.estimate import ESTIMATE
from qbo_simulator.entities.exchangerate import EXCHANGE_RATE
from qbo_simulator.entities.invoice import INVOICE
from qbo_simulator.entities.item import ITEM
from qbo_simulator.entities.moves import (
    CREDIT_CARD_PAYMENT,
    DEPOSIT,
    INVENTORY_ADJUSTMENT,
    JOURNAL_ENTRY,
    TRANSFER,
)
from qbo_simulator.entities.payment import PAYMENT
from qbo_simulator.entities.paymentmethod import PAYMENT_METHOD
from qbo_simulator.entities.purchase import PURCHASE
from qbo_simulator.entities.recurring import RECURRING_TRANSACTION
from qbo_simulator.entities.refundreceipt import REFUND_RECEIPT
from qbo_simulator.entities.reimbursecharge import REIMBURSE_CHARGE
from qbo_simulator.entities.salesreceipt import SALES_RECEIPT
from qbo_simulator.entities.taxagency import TAX_AGENCY
from qbo_simulator.entities.taxcode import TAX_CODE
from qbo_simulator.entities.taxrate import TAX_RATE
from qbo_simulator.entities.term import TERM
from qbo_simulator.entities.timeactivity import TIME_ACTIVITY
from qbo_simulator.entities.tracking import CLASS, DEPARTMENT
from qbo_simulator.entities.vendor import VENDOR

ENTITIES: tuple[Entity, ...] = (
    COMPANY_INFO,
    PREFERENCES,
    ACCOUNT,
    ITEM,
    TAX_AGENCY,
    TAX_RATE,
    TAX_CODE,
    COMPANY_CURRENCY,
    EXCHANGE_RATE,
    CUSTOMER_TYPE,
    BUDGET,
    PAYMENT_METHOD,
    TERM,
    CLASS,
    DEPARTMENT,
    CUSTOMER,
    VENDOR,
    EMPLOYEE,
    TIME_ACTIVITY,
    REIMBURSE_CHARGE,
    ESTIMATE,
    PURCHASE_ORDER,
    PURCHASE,
    INVOICE,
    CREDIT_MEMO,
    SALES_RECEIPT,
    REFUND_RECEIPT,
    PAYMENT,
    BILL,
    VENDOR_CREDIT,
    BILL_PAYMENT,
    DEPOSIT,
    TRANSFER,
    CREDIT_CARD_PAYMENT,
    JOURNAL_ENTRY,
    INVENTORY_ADJUSTMENT,
    RECURRING_TRANSACTION,
    ATTACHABLE,
)
REGISTRY = {entity.name: entity for entity in ENTITIES}
BY_SEGMENT = {entity.segment: entity for entity in ENTITIES}
# a query may say the name or the segment: select * from CreditCardPayment answers CreditCardPaymentTxn
BY_LOWER_NAME = {word: entity for entity in ENTITIES for word in (entity.segment, entity.name.lower())}
