"""“Make a mistake on purpose”: what people do at QuickBooks behind an app's back, each declared once."""

from qbo_simulator.pages.mistakes import documents, names
from qbo_simulator.pages.mistakes.company import COMPANY_MISTAKES
from qbo_simulator.pages.mistakes.names import NEW

MISTAKES = (*documents.MISTAKES, *names.MISTAKES)
__all__ = ["COMPANY_MISTAKES", "MISTAKES", "NEW"]
