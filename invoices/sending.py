"""“Send”: an invoice goes to the client by e-mail, as a PDF, and is Sent (domain.md §7)."""

import logging
from smtplib import SMTPException
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.utils import timezone

from invoices.models import Delivery, Invoice, InvoiceSettings
from invoices.moves import move
from invoices.paper import PdfUnavailable, file_name, pdf
from smmware.core.extensions import move_vetoes
from smmware.core.models import Company

log = logging.getLogger(__name__)
Status = Invoice.Status
# TL approved becomes Sent; what the client has already may be sent once more.
MAY_BE_SENT = (Status.TL_APPROVED, Status.SENT, Status.OVERDUE, Status.PAID)
NOT_GONE = "The e-mail to %(to)s could not be sent: the mail server refused it or did not answer. Nothing has changed."


def send(*, invoice: Invoice, to: str, subject: str, letter: str, by: Any) -> Invoice:
    """Mail an invoice as a PDF, note the delivery, and move it to Sent where it was only approved.

    The mail goes first, outside any transaction: should this process die before the status is written, the office sees
    an invoice that is not sent yet, and at worst the client gets it twice; the other way round, nobody would.

    Args:
        to: the client's or the representative's address.
        by: the associate who sends it.

    Raises ValidationError, in words for that person, where its status does not allow it, no PDF can be made, or the
    mail does not leave; the invoice is then as it was.
    """
    current = Invoice.objects.select_related("job__client", "term").get(pk=invoice.pk)
    if refusal := in_the_way(current):
        raise ValidationError(refusal)
    _mail(current, to, subject, letter)
    Delivery.objects.create(invoice=current, to=to, sent_at=timezone.now(), sent_by=by)
    if current.status == Status.TL_APPROVED:
        return move(invoice=current, to=Status.SENT, by=by)
    return current


def in_the_way(invoice: Invoice) -> str:
    """Why this invoice cannot be sent now, in a sentence, or ""."""
    if invoice.status in MAY_BE_SENT:
        return " ".join(move_vetoes(invoice, Status.SENT))
    return f"{invoice} is {invoice.get_status_display()}: it can be sent when it is TL approved."


def addresses(invoice: Invoice) -> list[str]:
    """Where an invoice can be sent: the client's address, then the representative's."""
    client = invoice.job.client
    found = [client.email, client.representative.email if client.representative else ""]
    return list(dict.fromkeys(address for address in found if address))


def usual_subject(invoice: Invoice) -> str:
    return f"Invoice {invoice.number} of {Company.current().name}"


def _mail(invoice: Invoice, to: str, subject: str, letter: str) -> None:
    settings = InvoiceSettings.current()
    message = EmailMessage(subject, letter, to=[to], reply_to=[settings.email] if settings.email else None)
    try:
        message.attach(file_name(invoice), pdf(invoice), "application/pdf")
        message.send()
    except PdfUnavailable as error:
        raise ValidationError(str(error)) from error
    except (OSError, SMTPException) as error:
        log.warning("%s could not be mailed: %s", invoice, error)
        raise ValidationError(NOT_GONE, params={"to": to}) from error
