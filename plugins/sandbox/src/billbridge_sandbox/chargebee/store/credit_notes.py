"""What the site stores about credit notes, and how an invoice refers to them. No rules here; see `records` for the conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.invoices import Discount, LineItem, LineItemDiscount
from billbridge_sandbox.chargebee.store.records import Address, Record


@dataclass(kw_only=True, repr=False, slots=True)
class CreditNoteLine(LineItem):
    """One line of a credit note. Amounts are positive; `reference_line_item_id` is the invoice's line that it takes back."""

    reference_line_item_id: str


@dataclass(kw_only=True, repr=False, slots=True)
class Allocation:
    """A use of a credit note for an invoice, seen from the credit note."""

    OBJECT: ClassVar[str] = "allocation"

    invoice_id: str
    allocated_amount: int
    allocated_at: int
    invoice_date: int
    invoice_status: str


@dataclass(kw_only=True, repr=False, slots=True)
class AppliedCredit:
    """A use of a refundable credit note for an invoice, seen from the invoice that it pays."""

    OBJECT: ClassVar[str] = "applied_credit"

    cn_id: str
    applied_amount: int
    applied_at: int
    cn_reason_code: str
    cn_date: int
    cn_status: str


@dataclass(kw_only=True, repr=False, slots=True)
class AdjustmentCreditNote:
    """An adjustment credit note, seen from the invoice whose due it lowers."""

    OBJECT: ClassVar[str] = "adjustment_credit_note"

    cn_id: str
    cn_reason_code: str
    cn_date: int
    cn_total: int
    cn_status: str


@dataclass(kw_only=True, repr=False, slots=True)
class IssuedCreditNote(AdjustmentCreditNote):
    """A refundable credit note, seen from the invoice that it takes back."""

    OBJECT: ClassVar[str] = "issued_credit_note"


def _nothing() -> list[Any]:
    return []


@dataclass(kw_only=True, repr=False, slots=True)
class CreditNote(Record):
    """A credit note. Its id is the site's running count behind `CN-`. `amount_available` is what of a refundable one is not used yet."""

    OBJECT: ClassVar[str] = "credit_note"

    customer_id: str
    subscription_id: str
    reference_invoice_id: str
    type: str
    reason_code: str
    status: str
    date: int
    price_type: str = "tax_exclusive"
    currency_code: str
    total: int
    amount_allocated: int = 0
    amount_refunded: int = 0
    amount_available: int = 0
    refunded_at: int | None = None
    voided_at: int | None = None
    generated_at: int
    channel: str = "web"
    sub_total: int
    round_off_amount: int = 0
    line_items: list[CreditNoteLine]
    line_item_discounts: list[LineItemDiscount] | None = None
    discounts: list[Discount] | None = None
    linked_refunds: list[Any] = field(default_factory=_nothing)
    allocations: list[Allocation] = field(default_factory=_nothing)
    deleted: bool = False
    billing_address: Address | None = None
