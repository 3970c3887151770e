"""Dates as the trade writes them: Nov 19, 2026."""

DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, g:i a"
SHORT_DATE_FORMAT = "m/d/Y"
