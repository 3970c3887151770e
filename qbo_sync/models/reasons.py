"""Why a record is not copied although nobody refused it: what the plan groups by."""

from django.db import models


class Reason(models.TextChoices):
    """What is in the way."""

    MAPPING = "mapping", "No item or account is chosen"
    NAME = "name", "No name that QuickBooks takes"
    ADDRESS = "address", "No address, which QuickBooks Payroll wants"
    TWO_ALIKE = "two_alike", "Two of ours bear one name"
    TAKEN = "taken", "The name is taken in another list at QuickBooks"
    CLOSED_BOOKS = "closed_books", "The books are closed for its date"
    BEFORE_GO_LIVE = "before_go_live", "Dated before the go-live date"
    NOT_APPROVED = "not_approved", "Its status is not far enough"
    NO_FILE = "no_file", "The file is missing"
    NO_TOTAL = "no_total", "A total of zero"
    VOIDED = "voided", "Voided"
    INQUIRY = "inquiry", "Still an inquiry"
    NOT_COPIED = "not_copied", "Of a kind that is not copied"
