"""What the site stores about invoices and payments. No rules here; see `records` for the conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.records import PRIVATE, Address, Record
from billbridge_sandbox.kernel.clock import Job


@dataclass(kw_only=True, repr=False, slots=True)
class LineItem:
    """One line of an invoice. `amount` is before discounts; `discount_amount` includes the line's share of discounts on the whole."""

    OBJECT: ClassVar[str] = "line_item"

    id: str
    subscription_id: str
    customer_id: str
    date_from: int
    date_to: int
    unit_amount: int
    unit_amount_in_decimal: str | None = None
    quantity: int
    quantity_in_decimal: str | None = None
    amount: int
    pricing_model: str
    description: str
    entity_type: str
    entity_id: str
    is_taxed: bool = False
    tax_amount: int = 0
    discount_amount: int = 0
    item_level_discount_amount: int = 0
    metered: bool = False
    proration_mode: str | None = None
    tax_exempt_reason: str = "tax_not_configured"


@dataclass(kw_only=True, repr=False, slots=True)
class LineItemTier:
    """What one step of a tiered price billed of a line."""

    OBJECT: ClassVar[str] = "line_item_tier"

    line_item_id: str
    starting_unit: int
    ending_unit: int | None = None
    quantity_used: int
    unit_amount: int
    unit_amount_in_decimal: str | None = None
    pricing_type: str | None = None
    package_size: int | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class Discount:
    """What one coupon, or the promotional credits, took off an invoice or off one line of it."""

    OBJECT: ClassVar[str] = "discount"

    amount: int
    description: str
    line_item_id: str | None = None
    entity_type: str
    discount_type: str | None = None
    entity_id: str | None = None
    coupon_set_code: str | None = None


@dataclass(kw_only=True, repr=False, slots=True)
class LineItemDiscount:
    """What of a discount falls to one line."""

    OBJECT: ClassVar[str] = "line_item_discount"

    line_item_id: str
    discount_type: str
    entity_id: str | None = None
    discount_amount: int


@dataclass(kw_only=True, repr=False, slots=True)
class LinkedPayment:
    """A payment or an attempt at one, seen from the invoice."""

    txn_id: str
    applied_amount: int
    applied_at: int
    txn_status: str
    txn_date: int
    txn_amount: int


@dataclass(kw_only=True, repr=False, slots=True)
class DunningAttempt:
    """A failed or retried collection; the first has number 0."""

    attempt: int
    transaction_id: str
    dunning_type: str = "auto_collect"
    created_at: int
    txn_status: str
    txn_amount: int


def _nothing() -> list[Any]:
    return []


@dataclass(kw_only=True, repr=False, slots=True)
class Invoice(Record):
    """An invoice. Its id is its number, the site's running count. Amounts are in the currency's minor unit."""

    OBJECT: ClassVar[str] = "invoice"

    customer_id: str
    subscription_id: str
    currency_code: str
    date: int
    line_items: list[LineItem]
    line_item_tiers: list[LineItemTier] | None = None
    line_item_discounts: list[LineItemDiscount] | None = None
    discounts: list[Discount] | None = None
    sub_total: int
    total: int
    amount_due: int
    amount_to_collect: int
    new_sales_amount: int | None = None
    first_invoice: bool
    recurring: bool = True
    status: str = "payment_due"
    price_type: str = "tax_exclusive"
    due_date: int | None = None
    net_term_days: int = 0
    po_number: str | None = None
    vat_number: str | None = None
    exchange_rate: float = 1.0
    tax: int = 0
    amount_adjusted: int = 0
    amount_paid: int = 0
    paid_at: int | None = None
    write_off_amount: int = 0
    credits_applied: int = 0
    round_off_amount: int = 0
    dunning_status: str | None = None
    next_retry_at: int | None = None
    has_advance_charges: bool = False
    term_finalized: bool = True
    is_gifted: bool = False
    generated_at: int = 0
    channel: str = "web"
    deleted: bool = False
    linked_payments: list[LinkedPayment] = field(default_factory=_nothing)
    dunning_attempts: list[DunningAttempt] = field(default_factory=_nothing)
    applied_credits: list[Any] = field(default_factory=_nothing)
    adjustment_credit_notes: list[Any] = field(default_factory=_nothing)
    issued_credit_notes: list[Any] = field(default_factory=_nothing)
    linked_orders: list[Any] = field(default_factory=_nothing)
    billing_address: Address | None = None
    retries: int = field(default=0, metadata=PRIVATE)
    usages_until: int = field(default=0, metadata=PRIVATE)
    used_coupons: list[str] = field(default_factory=_nothing, metadata=PRIVATE)
    unbilled: tuple[str, ...] = field(default=(), metadata=PRIVATE)
    job: Job | None = field(default=None, metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class LinkedInvoice:
    """An invoice, seen from the payment."""

    invoice_id: str
    applied_amount: int
    applied_at: int
    invoice_date: int
    invoice_total: int
    invoice_status: str


@dataclass(kw_only=True, repr=False, slots=True)
class Transaction(Record):
    """One attempt to take money."""

    OBJECT: ClassVar[str] = "transaction"

    customer_id: str
    subscription_id: str
    payment_source_id: str
    gateway: str
    gateway_account_id: str
    date: int
    currency_code: str
    amount: int
    status: str
    id_at_gateway: str
    masked_card_number: str | None
    last4: str | None
    iin: str | None
    payment_method: str = "card"
    type: str = "payment"
    amount_unused: int = 0
    fraud_flag: str = "safe"
    initiator_type: str = "merchant"
    three_d_secure: bool = False
    error_code: str | None = None
    error_text: str | None = None
    linked_invoices: list[LinkedInvoice] = field(default_factory=_nothing)
    deleted: bool = False
