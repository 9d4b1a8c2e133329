"""What the site stores about subscriptions. No rules here; see `records` for the conventions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from billbridge_sandbox.chargebee.store.coupons import AppliedCoupon
from billbridge_sandbox.chargebee.store.records import PRIVATE, Record
from billbridge_sandbox.kernel.clock import Job


@dataclass(kw_only=True, repr=False, slots=True)
class SubscriptionItem:
    """One line of a subscription; it has no id of its own, its item price is its key. A flat fee has no quantity."""

    OBJECT: ClassVar[str] = "subscription_item"

    item_price_id: str
    item_type: str
    quantity: int | None = None
    unit_price: int | None = None
    unit_price_in_decimal: str | None = None
    amount: int
    free_quantity: int = 0
    charge_once: bool | None = None
    charge_on_event: str | None = None
    price_override: int | None = field(default=None, metadata=PRIVATE)
    metered: bool = field(default=False, metadata=PRIVATE)


@dataclass(kw_only=True, repr=False, slots=True)
class Usage(Record):
    """Usage: the quantity of a metered item at a moment. `quantity` is a text in the API."""

    OBJECT: ClassVar[str] = "usage"

    usage_date: int
    subscription_id: str
    item_price_id: str
    invoice_id: str | None = None
    line_item_id: str | None = None
    quantity: str
    source: str = "api"
    note: str | None = None
    created_at: int


@dataclass(frozen=True, slots=True)
class Ending:
    """What a cancellation does with the bill: credits for the current term, unbilled charges, unpaid invoices."""

    credit: str = "none"
    unbilled: str = "invoice"
    receivables: str = "no_action"


@dataclass(kw_only=True, repr=False, slots=True)
class Subscription(Record):
    """A subscription. `anchor_day` is the day of the month on which its terms end; `job` is its next event.

    `metered_from` is the moment until which usages have been billed. `usage_count` is how many there ever were.
    `ending` is what its scheduled cancellation will do.
    """

    OBJECT: ClassVar[str] = "subscription"

    customer_id: str
    currency_code: str
    status: str
    subscription_items: list[SubscriptionItem]
    billing_period: int
    billing_period_unit: str
    created_at: int
    start_date: int | None = None
    started_at: int | None = None
    activated_at: int | None = None
    trial_start: int | None = None
    trial_end: int | None = None
    trial_end_action: str | None = None
    current_term_start: int | None = None
    current_term_end: int | None = None
    next_billing_at: int | None = None
    remaining_billing_cycles: int | None = None
    pause_date: int | None = None
    resume_date: int | None = None
    cancelled_at: int | None = None
    cancel_reason: str | None = None
    cancel_reason_code: str | None = None
    cancel_schedule_created_at: int | None = None
    auto_collection: str | None = None
    payment_source_id: str | None = None
    net_term_days: int | None = None
    po_number: str | None = None
    invoice_notes: str | None = None
    has_scheduled_changes: bool = False
    has_scheduled_advance_invoices: bool = False
    changes_scheduled_at: int | None = None
    override_relationship: bool = False
    channel: str = "web"
    mrr: int | None = None
    coupons: list[AppliedCoupon] | None = None
    meta_data: dict[str, Any] | None = None
    deleted: bool = False
    metered_from: int | None = field(default=None, metadata=PRIVATE)
    usage_count: int = field(default=0, metadata=PRIVATE)
    ending: Ending | None = field(default=None, metadata=PRIVATE)
    anchor_day: int = field(default=1, metadata=PRIVATE)
    next_items: list[SubscriptionItem] | None = field(default=None, metadata=PRIVATE)
    job: Job | None = field(default=None, metadata=PRIVATE)
